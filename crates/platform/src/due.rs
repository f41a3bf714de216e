//! Work that waits: rows with a due time on business time, claimed in sets under a lease on machine
//! time. A worker that dies leaves its rows; when the lease ends another takes them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use sqlx::{AssertSqlSafe, postgres::types::PgInterval, types::Uuid};
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

/// Workers that nobody pokes look by themselves once in so many polls of the [`scout`].
const POLLS_UNPOKED: u32 = 20;

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
    pub(crate) fn payload(item: &Self) -> Vec<u8> {
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
    until_shutdown(&host.clone(), work.queue, poll, retry_max, &shutdown, move || {
        Box::pin(work_off_once(host.clone(), work.clone()))
    })
    .await;
}

/// One set. Answers how many rows it took.
async fn work_off_once(host: Host, work: DueWork) -> anyhow::Result<usize> {
    let Some((lease, taken)) = claim(&host, work.queue, SET_MAX).await? else { return Ok(0) };
    let done = handle(&host, &work, lease, taken).await;
    if done.is_err() {
        give_back(&host, lease).await;
    }
    done
}

/// Does sets of a queue, `once` each, for as long as there are any; then waits for a poke or a poll.
pub(crate) async fn until_shutdown(
    host: &Host,
    queue: &'static str,
    poll: Duration,
    retry_max: Duration,
    shutdown: &CancellationToken,
    once: impl Fn() -> BoxFuture<'static, anyhow::Result<usize>> + Send,
) {
    let mut failures = 0;
    while !shutdown.is_cancelled() {
        // Made before we look: a poke that comes while we do is not lost.
        let poked = host.due_poke().notified();
        let at_work = host.at_work();
        let done = once().await;
        drop(at_work);
        match done {
            Ok(0) => {
                failures = 0;
                tokio::select! {
                    () = poked => {}
                    () = pause(poll * POLLS_UNPOKED, shutdown) => {}
                }
            }
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                retried(host, "due");
                let wait = retry_after(failures, retry_max);
                tracing::warn!(
                    queue,
                    error = format!("{error:#}"),
                    "due work of {queue} failed; trying again"
                );
                pause(wait, shutdown).await;
            }
        }
    }
}

/// Leaves claimed rows to another try. Best effort: where this fails too, the lease ends by itself.
pub(crate) async fn give_back(host: &Host, lease: Uuid) {
    let _ = sqlx::query!(
        "UPDATE due SET lease = NULL, machine_lease_until = NULL WHERE lease = $1",
        lease
    )
    .execute(host.pool())
    .await;
}

/// Locks the claimed rows of these keys and answers their versions: marking a row again makes a new
/// one. None where another worker has any of the keys by now.
pub(crate) async fn hold_leased(
    tx: &mut Tx,
    lease: Uuid,
    items: &[DueItem],
) -> sqlx::Result<Option<Vec<String>>> {
    let keys: Vec<Uuid> = items.iter().map(|item| item.key).collect();
    let held = sqlx::query!(
        r#"SELECT key, ctid::text AS "version!" FROM due WHERE lease = $1 AND key = ANY ($2)
           ORDER BY key, due_at FOR UPDATE"#,
        lease,
        &keys
    )
    .fetch_all(tx.conn())
    .await?;
    let found: BTreeSet<Uuid> = held.iter().map(|row| row.key).collect();
    let whole = keys.iter().all(|key| found.contains(key));
    Ok(whole.then(|| held.into_iter().map(|row| row.version).collect()))
}

/// Removes these versions of the claimed rows of these keys. What was marked again since is given
/// back: a fact came in that nobody has looked at.
pub(crate) async fn remove_leased(
    tx: &mut Tx,
    lease: Uuid,
    items: &[DueItem],
    versions: &[String],
) -> sqlx::Result<()> {
    let keys: Vec<Uuid> = items.iter().map(|item| item.key).collect();
    sqlx::query!(
        "DELETE FROM due WHERE lease = $1 AND key = ANY ($2) AND ctid = ANY ($3::text[]::tid[])",
        lease,
        &keys,
        versions
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE due SET lease = NULL, machine_lease_until = NULL
         WHERE lease = $1 AND key = ANY ($2)",
        lease,
        &keys
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Begins the lease anew. False where nothing stands under it any more.
pub(crate) async fn renew(host: &Host, lease: Uuid) -> anyhow::Result<bool> {
    let until = PgInterval::try_from(host.lease()).map_err(|e| anyhow::anyhow!(e))?;
    let renewed = sqlx::query!(
        "UPDATE due SET machine_lease_until = clock_timestamp() + $2 WHERE lease = $1",
        lease,
        until
    )
    .execute(host.pool())
    .await?;
    Ok(renewed.rows_affected() > 0)
}

/// Each key once, with its earliest time, in their order.
pub(crate) fn each_key(rows: &[DueItem]) -> Vec<DueItem> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows.dedup_by_key(|row| row.key);
    rows
}

/// Looks for all workers of a service at once until the shutdown, and wakes them when something is due:
/// at rest one question per service and poll is all that is asked.
pub(crate) async fn scout(
    host: Host,
    queues: Vec<&'static str>,
    poll: Duration,
    shutdown: CancellationToken,
) {
    while !shutdown.is_cancelled() {
        match any_due(&host, &queues).await {
            Ok(true) => host.look_for_due(),
            Ok(false) => {}
            // The workers find out for themselves, and say so.
            Err(error) => tracing::debug!(%error, "looking for due work failed"),
        }
        pause(poll, &shutdown).await;
    }
}

/// Whether there is anything to claim: one question without a transaction, since most find nothing.
async fn any_due(host: &Host, queues: &[&'static str]) -> sqlx::Result<bool> {
    let clock = host.clock();
    let sql = format!(
        "SELECT EXISTS (SELECT FROM due WHERE queue = ANY ($1) AND due_at <= {}
           AND (machine_lease_until IS NULL OR machine_lease_until < clock_timestamp()))",
        clock.sql("$2")
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(queues)
        .bind(clock.known())
        .fetch_one(host.pool())
        .await
}

/// Takes a lease on what is due. The fault `lost_timer` takes the rows themselves.
pub(crate) async fn claim(
    host: &Host,
    queue: &'static str,
    set_max: i64,
) -> anyhow::Result<Option<(Uuid, Vec<DueItem>)>> {
    if !any_due(host, &[queue]).await? {
        return Ok(None);
    }
    let lease = SystemIds.uuid();
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
        set_max
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
    Ok(Some((lease, rows)))
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
    let items = each_key(&rows);
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
