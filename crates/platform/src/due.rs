//! Work that waits: rows with a due time on business time, claimed in sets under a lease on machine
//! time. A worker that dies leaves its rows; when the lease ends another takes them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use sqlx::{postgres::types::PgInterval, types::Uuid};
use tokio_util::sync::CancellationToken;

use crate::{
    fault,
    halving::{ParkAs, halved},
    host::Host,
    ids::SystemIds,
    run::{pause, retried, retry_after},
    tx::Tx,
};
use duly_domain::IdSource as _;

/// Rows that one worker claims at once.
const SET_MAX: i64 = 1_000;

type Handle = Arc<
    dyn for<'a> Fn(&'a mut Tx, &'a [DueItem]) -> BoxFuture<'a, anyhow::Result<()>> + Send + Sync,
>;

/// One key whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueItem {
    /// What is due: an account, a payment.
    pub key: Uuid,
    /// The earliest time for which it was marked.
    pub due_at: DateTime<Utc>,
}

impl DueItem {
    fn payload(item: &Self) -> Vec<u8> {
        let mut payload = item.key.as_bytes().to_vec();
        payload.extend(item.due_at.timestamp_micros().to_be_bytes());
        payload
    }
}

/// One queue and what is done with its keys.
#[derive(Clone)]
pub struct DueWork {
    /// Name of the queue, `payment_release`.
    pub queue: &'static str,
    handle: Handle,
}

impl DueWork {
    /// Handles sets of due keys, each key once a set. The handler reads all facts then known, decides
    /// with a pure crate, and writes sets. Another replica may hold the same key under another due
    /// time: the handler locks what it decides about before it reads it.
    #[must_use]
    pub fn new(
        queue: &'static str,
        handle: for<'a> fn(&'a mut Tx, &'a [DueItem]) -> BoxFuture<'a, anyhow::Result<()>>,
    ) -> Self {
        Self { queue, handle: Arc::new(handle) }
    }
}

/// Claims and works off until the shutdown.
pub(crate) async fn work_off(
    host: Host,
    work: DueWork,
    poll: Duration,
    retry_max: Duration,
    shutdown: CancellationToken,
) {
    let mut failures = 0;
    while !shutdown.is_cancelled() {
        match work_off_once(&host, &work).await {
            Ok(0) => {
                failures = 0;
                tokio::select! {
                    () = host.due_poke().notified() => {}
                    () = pause(poll, &shutdown) => {}
                }
            }
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                retried(&host, "due");
                let wait = retry_after(failures, retry_max);
                tracing::warn!(
                    queue = work.queue,
                    error = format!("{error:#}"),
                    "due work of {} failed; trying again",
                    work.queue
                );
                pause(wait, &shutdown).await;
            }
        }
    }
}

/// One set. Answers how many rows it took.
async fn work_off_once(host: &Host, work: &DueWork) -> anyhow::Result<usize> {
    let lease = SystemIds.uuid();
    let Some(taken) = claim(host, work.queue, lease).await? else { return Ok(0) };
    let done = handle(host, work, lease, taken).await;
    if done.is_err() {
        // Best effort: where this fails too, the lease ends by itself.
        let _ = sqlx::query!(
            "UPDATE due SET lease = NULL, machine_lease_until = NULL WHERE lease = $1",
            lease
        )
        .execute(host.pool())
        .await;
    }
    done
}

/// Takes a lease on what is due. The fault `lost_timer` takes the rows themselves.
async fn claim(host: &Host, queue: &str, lease: Uuid) -> anyhow::Result<Option<Vec<DueItem>>> {
    let mut tx = Tx::begin(host, "service").await?;
    let now = tx.now();
    let until = PgInterval::try_from(host.lease()).map_err(|e| anyhow::anyhow!(e))?;
    let rows = sqlx::query_as!(
        DueItem,
        "UPDATE due SET lease = $3, machine_lease_until = clock_timestamp() + $4
         FROM (SELECT queue, key, due_at FROM due
               WHERE queue = $1 AND due_at <= $2
                 AND (machine_lease_until IS NULL OR machine_lease_until < clock_timestamp())
               ORDER BY due_at, key LIMIT $5 FOR UPDATE SKIP LOCKED) AS next
         WHERE due.queue = next.queue AND due.key = next.key AND due.due_at = next.due_at
         RETURNING due.key, due.due_at",
        queue,
        now,
        lease,
        until,
        SET_MAX
    )
    .fetch_all(tx.conn())
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    if fault::planted("lost_timer") {
        sqlx::query!("DELETE FROM due WHERE lease = $1", lease).execute(tx.conn()).await?;
    }
    tx.commit("due.before_claimed", "due.claimed").await?;
    Ok(Some(rows))
}

async fn handle(
    host: &Host,
    work: &DueWork,
    lease: Uuid,
    taken: Vec<DueItem>,
) -> anyhow::Result<usize> {
    let mut tx = Tx::begin(host, &format!("service:{}", host.service())).await?;
    // Locked before facts are read: whoever marks one of these rows again waits, and marks it anew.
    let mut rows = sqlx::query_as!(
        DueItem,
        "SELECT key, due_at FROM due WHERE lease = $1 ORDER BY key, due_at FOR UPDATE",
        lease
    )
    .fetch_all(tx.conn())
    .await?;
    if fault::planted("lost_timer") {
        rows = taken;
        rows.sort_unstable();
    }
    // Before the handler: what it marks for this very instant is a new row, and stays.
    sqlx::query!("DELETE FROM due WHERE lease = $1", lease).execute(tx.conn()).await?;
    let mut seen = BTreeSet::new();
    let items: Vec<DueItem> = rows.iter().copied().filter(|row| seen.insert(row.key)).collect();
    halved(
        &mut tx,
        &items,
        |tx, set| (work.handle)(tx, set),
        &ParkAs { source: "due", kind: work.queue, payload: DueItem::payload },
    )
    .await?;
    tx.commit("due.before_commit", "due.committed").await?;
    metrics::counter!("duly_due_handled_total", "service" => host.service(), "queue" => work.queue)
        .increment(u64::try_from(items.len()).unwrap_or(u64::MAX));
    Ok(rows.len())
}
