//! Frames in: a frame's number is recorded in the transaction of the receiver's own change, so that
//! any repetition of delivery is handled once. A floor says that everything up to it is in.

use std::collections::{BTreeMap, HashSet};

use duly_proto::common::v1::Frame;
use sqlx::PgConnection;

use crate::{
    fault,
    frames::Listener,
    halving::{ParkAs, halved},
    host::Host,
    tx::Tx,
};

/// Handles frames of one listener's kind in one transaction: records their numbers, hands the events
/// of the new ones to the listener, commits.
///
/// # Errors
/// Those of the surroundings: nothing was done, and the frames come again.
pub async fn apply(host: &Host, listener: &Listener, frames: &[Frame]) -> anyhow::Result<()> {
    let mut tx = Tx::begin(host, &format!("service:{}", host.service())).await?;
    let mut by_epoch: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
    for frame in frames {
        by_epoch.entry(frame.epoch).or_default().push(frame.no);
    }
    let mut fresh = HashSet::new();
    for (epoch, numbers) in by_epoch {
        for no in record(tx.conn(), &listener.kind, epoch, &numbers).await? {
            fresh.insert((epoch, no));
        }
    }
    if fresh.is_empty() && !fault::planted("no_inbox") {
        return Ok(());
    }
    let mut events: Vec<Vec<u8>> = Vec::new();
    for frame in frames {
        // Removed once taken: the same frame may stand twice in one delivery.
        if fresh.remove(&(frame.epoch, frame.no)) || fault::planted("no_inbox") {
            events.extend(frame.events.iter().cloned());
        }
    }
    let count = u64::try_from(events.len()).unwrap_or(u64::MAX);
    halved(
        &mut tx,
        &events,
        |tx, set| (listener.handle)(tx, set),
        &ParkAs { source: "frame", kind: &listener.kind, payload: Clone::clone },
    )
    .await?;
    tx.commit("frame.before_commit", "frame.committed").await?;
    metrics::counter!("duly_events_handled_total", "service" => host.service(), "kind" => listener.kind.clone())
        .increment(count);
    Ok(())
}

/// Records numbers above the floor; answers those that had not been recorded.
async fn record(
    conn: &mut PgConnection,
    kind: &str,
    epoch: i32,
    numbers: &[i64],
) -> sqlx::Result<Vec<i64>> {
    let floor = lock_floor(conn, kind, epoch).await?;
    // Sorted, so that two replicas with the same frames wait for one another instead of deadlocking.
    let mut above: Vec<i64> = numbers.iter().copied().filter(|no| *no > floor).collect();
    above.sort_unstable();
    above.dedup();
    sqlx::query_scalar!(
        "INSERT INTO inbox (kind, epoch, no) SELECT $1, $2, n FROM UNNEST($3::bigint[]) AS n
         ON CONFLICT DO NOTHING RETURNING no",
        kind,
        epoch,
        &above
    )
    .fetch_all(conn)
    .await
}

/// The floor, shared until the commit: compaction waits for us, other receivers do not.
async fn lock_floor(conn: &mut PgConnection, kind: &str, epoch: i32) -> sqlx::Result<i64> {
    loop {
        let floor = sqlx::query_scalar!(
            "SELECT floor FROM inbox_floor WHERE kind = $1 AND epoch = $2 FOR SHARE",
            kind,
            epoch
        )
        .fetch_optional(&mut *conn)
        .await?;
        if let Some(floor) = floor {
            return Ok(floor);
        }
        sqlx::query!(
            "INSERT INTO inbox_floor (kind, epoch, floor) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
            kind,
            epoch
        )
        .execute(&mut *conn)
        .await?;
    }
}

/// Raises the floor over every number that is in without a gap, and forgets those numbers.
///
/// # Errors
/// The database's.
pub(crate) async fn compact(host: &Host, kind: &str) -> sqlx::Result<()> {
    let mut tx = Tx::begin(host, &format!("service:{}", host.service())).await?;
    let floors = sqlx::query!(
        "SELECT epoch, floor FROM inbox_floor WHERE kind = $1 ORDER BY epoch FOR UPDATE",
        kind
    )
    .fetch_all(tx.conn())
    .await?;
    for row in floors {
        let raised = sqlx::query_scalar!(
            r#"SELECT max(no) AS "no" FROM (
                 SELECT no, no - row_number() OVER (ORDER BY no) AS start
                 FROM inbox WHERE kind = $1 AND epoch = $2 AND no > $3) AS run
               WHERE start = $3"#,
            kind,
            row.epoch,
            row.floor
        )
        .fetch_one(tx.conn())
        .await?;
        let Some(floor) = raised else { continue };
        sqlx::query!(
            "UPDATE inbox_floor SET floor = $3, head = GREATEST(head, $3)
             WHERE kind = $1 AND epoch = $2",
            kind,
            row.epoch,
            floor
        )
        .execute(tx.conn())
        .await?;
        sqlx::query!(
            "DELETE FROM inbox WHERE kind = $1 AND epoch = $2 AND no <= $3",
            kind,
            row.epoch,
            floor
        )
        .execute(tx.conn())
        .await?;
    }
    tx.commit("compact.before_commit", "compact.committed").await
}

/// The first run of numbers of one kind and epoch that are missing from `from` up to `head`.
///
/// # Errors
/// The database's.
pub(crate) async fn missing(
    conn: &mut PgConnection,
    kind: &str,
    epoch: i32,
    from: i64,
    head: i64,
) -> sqlx::Result<Option<(i64, i64)>> {
    let row = sqlx::query!(
        r#"WITH known AS (
             SELECT floor AS no FROM inbox_floor WHERE kind = $1 AND epoch = $2
             UNION ALL SELECT no FROM inbox WHERE kind = $1 AND epoch = $2 AND no <= $3
             UNION ALL SELECT $3 + 1),
           gaps AS (SELECT no + 1 AS first, lead(no) OVER (ORDER BY no) - 1 AS last FROM known)
           SELECT GREATEST(first, $4) AS "first!", last AS "last!" FROM gaps
           WHERE last >= first AND last >= $4 ORDER BY first LIMIT 1"#,
        kind,
        epoch,
        head,
        from
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.first, row.last)))
}

/// Notes the teller's head; makes the floor's row where it is new. Answers the floor. The head is as the
/// teller says it, even below the floor: so a teller that was restored to an earlier state is listed.
///
/// # Errors
/// The database's.
pub(crate) async fn note_head(
    conn: &mut PgConnection,
    kind: &str,
    epoch: i32,
    head: i64,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "INSERT INTO inbox_floor (kind, epoch, floor, head) VALUES ($1, $2, 0, $3)
         ON CONFLICT (kind, epoch) DO UPDATE SET head = excluded.head
         RETURNING floor",
        kind,
        epoch,
        head
    )
    .fetch_one(conn)
    .await
}
