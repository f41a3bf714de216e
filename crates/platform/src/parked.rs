//! Events and due keys that failed for a reason in their data, kept with the error until somebody
//! replays them.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::types::Uuid;

use crate::{
    frames::Listener,
    halving::{Blame, blame, caught},
    host::Host,
    tx::Tx,
};

/// One parked event or due key.
#[derive(Debug)]
pub struct Parked {
    /// Its own id.
    pub id: Uuid,
    /// `frame` or `due`.
    pub source: String,
    /// Kind of the event, or queue of the due work.
    pub kind: String,
    /// Why it could not be handled.
    pub error: String,
    /// When, on machine time.
    pub parked_at: DateTime<Utc>,
}

pub(crate) async fn park(
    tx: &mut Tx,
    source: &str,
    kind: &str,
    payload: &[u8],
    error: &str,
) -> sqlx::Result<()> {
    let id = tx.uuid();
    // Postgres keeps no NUL in a text: an error that quotes one would itself be refused, for ever.
    let error: &str = &error.replace('\0', "");
    sqlx::query!(
        "INSERT INTO parked (id, source, kind, payload, error) VALUES ($1, $2, $3, $4, $5)",
        id,
        source,
        kind,
        payload,
        error
    )
    .execute(tx.conn())
    .await?;
    metrics::counter!("duly_parked_total", "service" => tx.host().service(), "kind" => kind.to_owned())
        .increment(1);
    tracing::error!(parked.id = %id, source, kind, error, "parked one {source} of {kind}: {error}");
    Ok(())
}

/// What is parked, oldest first.
///
/// # Errors
/// The database's.
pub async fn list(host: &Host) -> sqlx::Result<Vec<Parked>> {
    let rows = sqlx::query!(
        "SELECT id, source, kind, error, machine_parked_at FROM parked
         WHERE machine_replayed_at IS NULL ORDER BY machine_parked_at, id"
    )
    .fetch_all(host.pool())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Parked {
            id: r.id,
            source: r.source,
            kind: r.kind,
            error: r.error,
            parked_at: r.machine_parked_at,
        })
        .collect())
}

/// Handles every parked event again, each in a transaction of its own, and marks parked due keys due
/// at once. Answers how many went through and how many are parked still.
///
/// # Errors
/// Those of the surroundings.
pub async fn replay(host: &Host, listeners: &[Listener]) -> anyhow::Result<(u64, u64)> {
    let by_kind: BTreeMap<&str, &Listener> =
        listeners.iter().map(|l| (l.kind.as_str(), l)).collect();
    let waiting = sqlx::query!(
        "SELECT id, source, kind, payload FROM parked
         WHERE machine_replayed_at IS NULL ORDER BY machine_parked_at, id"
    )
    .fetch_all(host.pool())
    .await?;
    let (mut handled, mut still) = (0, 0);
    for row in waiting {
        let mut tx = Tx::begin(host, &format!("service:{}", host.service())).await?;
        let held = sqlx::query_scalar!(
            "SELECT id FROM parked WHERE id = $1 AND machine_replayed_at IS NULL FOR UPDATE",
            row.id
        )
        .fetch_optional(tx.conn())
        .await?;
        if held.is_none() {
            continue;
        }
        let payload = std::slice::from_ref(&row.payload);
        let outcome = match by_kind.get(row.kind.as_str()) {
            _ if row.source == "due" => replay_due(&mut tx, &row.kind, &row.payload).await,
            Some(listener) => caught((listener.handle)(&mut tx, payload)).await,
            None => Err(anyhow::anyhow!("{} hears no {}", host.service(), row.kind)),
        };
        match outcome.and_then(|()| Ok(tx.told_fits()?)).map_err(blame) {
            Ok(()) => {
                sqlx::query!(
                    "UPDATE parked SET machine_replayed_at = clock_timestamp() WHERE id = $1",
                    row.id
                )
                .execute(tx.conn())
                .await?;
                tx.commit("frame.before_commit", "frame.committed").await?;
                handled += 1;
            }
            Err(Blame::Surroundings(error)) => return Err(error),
            Err(Blame::Data(error)) => {
                tracing::warn!(parked.id = %row.id, error, "still fails");
                still += 1;
            }
        }
    }
    Ok((handled, still))
}

async fn replay_due(tx: &mut Tx, queue: &str, payload: &[u8]) -> anyhow::Result<()> {
    let key = payload.get(..16).context("a parked due key has 16 bytes")?;
    let key = Uuid::from_slice(key)?;
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO due (queue, key, due_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        queue,
        key,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
