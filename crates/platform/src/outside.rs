//! Work whose effect is outside: a file in a provider's folder, a message to a mail server. No
//! transaction stays open while it is done.
//!
//! A set of due keys is claimed under a lease as any due work; `begin` commits what is about to be
//! done, `perform` does it, `finish` records what came of it and removes the due rows. A worker that dies
//! in between leaves the rows to the next, whose `begin` finds what was begun: what the other side
//! deduplicates or a file names by its content is done again, what can be done at most once is recorded
//! as unknown and is never done again by itself.
//!
//! A set that fails for a reason in its data is not halved, since its effects do not roll back. What
//! could be recorded is recorded, then its keys are done one by one: each is begun anew, and one that
//! fails alone is parked, as due work is.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::{
    FutureExt as _,
    future::{BoxFuture, join_all},
};
use sqlx::types::Uuid;
use tokio_util::sync::CancellationToken;

use crate::{
    due::{self, DueItem},
    fault,
    halving::{Blame, blame, caught, kept_of, panic_text},
    host::Host,
    parked,
    tx::Tx,
};

/// Keys that one worker takes at once, unless the queue says otherwise.
const SET_MAX: i64 = 1_000;

type Begin<J> = for<'a> fn(&'a mut Tx, &'a [DueItem]) -> BoxFuture<'a, anyhow::Result<Vec<J>>>;
type Perform<J, O> = fn(Host, J) -> BoxFuture<'static, O>;
type Finish<O> = for<'a> fn(&'a mut Tx, &'a [O]) -> BoxFuture<'a, anyhow::Result<()>>;
type Run = Arc<dyn Fn(Taken) -> BoxFuture<'static, anyhow::Result<Done>> + Send + Sync>;

/// One queue whose keys stand for work outside.
#[derive(Clone)]
pub struct OutsideWork {
    /// Name of the queue, `hand_over`.
    pub queue: &'static str,
    set_max: i64,
    run: Run,
}

/// Keys under a lease.
struct Taken {
    host: Host,
    lease: Uuid,
    /// Each key once, in their order.
    items: Vec<DueItem>,
}

/// What became of a set.
enum Done {
    /// All of it is recorded, or another worker has it now.
    Finished,
    /// Something in its data failed; its due rows stand. The reason may be kept.
    Failed(String),
}

impl OutsideWork {
    /// `begin` reads what the keys stand for, writes that it is about to be done and answers the jobs;
    /// its transaction commits before the first job starts. A key whose work is done has no job. Jobs of
    /// one set are performed together. `perform` cannot fail: what went wrong is part of its outcome.
    /// `finish` records the outcomes; its transaction also removes the due rows, unless the lease was
    /// lost meanwhile: then nothing of it is kept. What shall be tried again is marked due again by
    /// `finish`.
    #[must_use]
    pub fn new<J, O>(
        queue: &'static str,
        begin: Begin<J>,
        perform: Perform<J, O>,
        finish: Finish<O>,
    ) -> Self
    where
        J: Send + 'static,
        O: Send + Sync + 'static,
    {
        let run: Run =
            Arc::new(move |taken| Box::pin(one_set(queue, taken, begin, perform, finish)));
        Self { queue, set_max: SET_MAX, run }
    }

    /// Takes at most so many keys at once: few where each is long work, so that a set is done within
    /// its lease.
    #[must_use]
    pub fn in_sets_of(mut self, count: u16) -> Self {
        self.set_max = i64::from(count.max(1));
        self
    }
}

async fn one_set<J, O>(
    queue: &'static str,
    taken: Taken,
    begin: Begin<J>,
    perform: Perform<J, O>,
    finish: Finish<O>,
) -> anyhow::Result<Done>
where
    J: Send + 'static,
    O: Send + Sync + 'static,
{
    let Taken { host, lease, items } = taken;
    let actor = format!("service:{}", host.service());
    let mut tx = Tx::begin(&host, &actor).await?;
    // Before facts are read: what is marked again from here on is looked at again.
    let Some(versions) = due::hold_leased(&mut tx, lease, &items).await? else {
        return Ok(lost(queue));
    };
    let jobs = match begun(&mut tx, &items, begin).await.map_err(blame) {
        Ok(jobs) => jobs,
        Err(Blame::Data(error)) => return Ok(Done::Failed(error)),
        Err(Blame::Surroundings(error)) => return Err(error),
    };
    tx.commit("outside.before_begun", "outside.begun").await?;
    let (outcomes, panicked) = performed(&host, jobs, perform).await;
    fault::point("outside.performed");

    let mut tx = Tx::begin(&host, &actor).await?;
    if due::hold_leased(&mut tx, lease, &items).await?.is_none() {
        return Ok(lost(queue));
    }
    let savepoint = tx.savepoint().await?;
    if panicked.is_none() {
        // Before `finish`: what it marks again is a new row, and stays.
        due::remove_leased(&mut tx, lease, &items, &versions).await?;
    }
    let failed = match kept(&mut tx, &outcomes, finish).await.map_err(blame) {
        Ok(()) => {
            tx.keep(savepoint).await?;
            panicked
        }
        Err(Blame::Surroundings(error)) => return Err(error),
        Err(Blame::Data(error)) => {
            tx.drop_since(savepoint).await?;
            // What can be recorded is: done anew, what is done at most once would stand as unknown.
            if items.len() > 1 {
                kept_of(&mut tx, &outcomes, |tx, set| finish(tx, set)).await?;
            }
            Some(error)
        }
    };
    tx.commit("outside.before_finished", "outside.finished").await?;
    Ok(failed.map_or(Done::Finished, Done::Failed))
}

fn lost(queue: &'static str) -> Done {
    tracing::warn!(queue, "the lease ended before {queue} was done; left to the next");
    Done::Finished
}

/// Does the jobs together. Answers the outcomes, and what a job panicked with.
async fn performed<J, O>(
    host: &Host,
    jobs: Vec<J>,
    perform: Perform<J, O>,
) -> (Vec<O>, Option<String>) {
    let running = jobs
        .into_iter()
        .map(|job| AssertUnwindSafe(async { perform(host.clone(), job).await }).catch_unwind());
    let (mut outcomes, mut panicked) = (Vec::new(), None);
    for outcome in join_all(running).await {
        match outcome {
            Ok(outcome) => outcomes.push(outcome),
            Err(panic) => panicked = Some(format!("panicked: {}", panic_text(panic.as_ref()))),
        }
    }
    (outcomes, panicked)
}

async fn begun<J>(tx: &mut Tx, items: &[DueItem], begin: Begin<J>) -> anyhow::Result<Vec<J>> {
    let mut jobs = Vec::new();
    caught(async {
        jobs = begin(tx, items).await?;
        Ok(tx.told_fits()?)
    })
    .await?;
    Ok(jobs)
}

async fn kept<O>(tx: &mut Tx, outcomes: &[O], finish: Finish<O>) -> anyhow::Result<()> {
    caught(async {
        finish(tx, outcomes).await?;
        Ok(tx.told_fits()?)
    })
    .await
}

/// Claims and works off until the shutdown.
pub(crate) async fn work_off(
    host: Host,
    work: OutsideWork,
    poll: Duration,
    retry_max: Duration,
    shutdown: CancellationToken,
) {
    due::until_shutdown(&host.clone(), work.queue, poll, retry_max, &shutdown, move || {
        Box::pin(work_off_once(host.clone(), work.clone()))
    })
    .await;
}

/// One set. Answers how many rows it took.
async fn work_off_once(host: Host, work: OutsideWork) -> anyhow::Result<usize> {
    let Some((lease, rows)) = due::claim(&host, work.queue, work.set_max).await? else {
        return Ok(0);
    };
    let done = set_of(&host, &work, lease, due::each_key(&rows));
    let done = fault::within(work.queue, done).await;
    if done.is_err() {
        due::give_back(&host, lease).await;
    }
    done.map(|()| rows.len())
}

async fn set_of(
    host: &Host,
    work: &OutsideWork,
    lease: Uuid,
    items: Vec<DueItem>,
) -> anyhow::Result<()> {
    let taken = |items: &[DueItem]| Taken { host: host.clone(), lease, items: items.to_vec() };
    let Done::Failed(mut error) = (work.run)(taken(&items)).await? else { return Ok(()) };
    let several = items.len() > 1;
    if several {
        tracing::warn!(queue = work.queue, error, "one by one after a failure of its data");
    }
    for item in items {
        let one = std::slice::from_ref(&item);
        if several {
            if !due::renew(host, lease).await? {
                return Ok(());
            }
            match (work.run)(taken(one)).await? {
                Done::Finished => continue,
                Done::Failed(again) => error = again,
            }
        }
        let mut tx = Tx::begin(host, &format!("service:{}", host.service())).await?;
        if let Some(versions) = due::hold_leased(&mut tx, lease, one).await? {
            due::remove_leased(&mut tx, lease, one, &versions).await?;
            parked::park(&mut tx, "due", work.queue, &DueItem::payload(&item), &error).await?;
            tx.commit("due.before_commit", "due.committed").await?;
        }
    }
    Ok(())
}
