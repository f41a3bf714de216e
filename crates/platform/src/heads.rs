//! Heads: each service announces the last number that it gave, per kind and epoch. A listener that
//! stays behind asks for what it misses.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use duly_proto::common::v1::{Head, Heads};
use futures::StreamExt as _;
use prost::Message as _;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::{broker::Broker, frames::Listener, host::Host, inbox, resend, run::pause};

/// One kind as a listener stands to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lag {
    /// `<service>.<kind>`.
    pub kind: String,
    /// The teller's epoch.
    pub epoch: i32,
    /// Everything up to it was handled.
    pub floor: i64,
    /// The last number heard of. Below the floor where the teller was restored to an earlier state.
    pub head: i64,
}

/// How far a service is behind what it has heard of, per kind.
///
/// # Errors
/// The database's.
pub async fn lag(pool: &PgPool) -> sqlx::Result<Vec<Lag>> {
    sqlx::query_as!(Lag, "SELECT kind, epoch, floor, head FROM inbox_floor ORDER BY kind, epoch")
        .fetch_all(pool)
        .await
}

/// Announces until the shutdown.
pub(crate) async fn announce(
    host: Host,
    broker: Broker,
    every: Duration,
    shutdown: CancellationToken,
) {
    while !shutdown.is_cancelled() {
        match own_heads(&host).await {
            Ok(heads) => {
                // Without a connection this waits for room among what is still to be sent.
                let announced = tokio::select! {
                    announced = broker
                        .client
                        .publish(broker.heads_subject(host.service()), heads.encode_to_vec().into())
                        => announced,
                    () = shutdown.cancelled() => return,
                };
                if let Err(error) = announced {
                    tracing::warn!(%error, "announcing heads failed");
                }
            }
            Err(error) => tracing::warn!(%error, "reading heads failed"),
        }
        pause(every, &shutdown).await;
    }
}

async fn own_heads(host: &Host) -> sqlx::Result<Heads> {
    let heads = sqlx::query_as!(Head, "SELECT kind, epoch, no FROM outbox_head")
        .fetch_all(host.pool())
        .await?;
    Ok(Heads { service: host.service().to_owned(), heads })
}

/// Follows one source's heads until the shutdown.
pub(crate) async fn follow(
    host: Host,
    broker: Broker,
    source: &'static str,
    listeners: Vec<Listener>,
    grace: Duration,
    shutdown: CancellationToken,
) {
    let mut behind: HashMap<(String, i32), (i64, Instant)> = HashMap::new();
    while !shutdown.is_cancelled() {
        let mut heads = match broker.client.subscribe(broker.heads_subject(source)).await {
            Ok(heads) => heads,
            Err(error) => {
                tracing::warn!(%error, "subscribing to the heads of {source} failed");
                pause(grace, &shutdown).await;
                continue;
            }
        };
        loop {
            let message = tokio::select! {
                message = heads.next() => message,
                () = shutdown.cancelled() => return,
            };
            let Some(message) = message else { break };
            let Ok(heads) = Heads::decode(message.payload) else {
                tracing::error!("an announcement of {source} does not decode");
                continue;
            };
            for head in heads.heads {
                let Some(listener) = listeners.iter().find(|l| l.kind == head.kind) else {
                    continue;
                };
                // A backlog takes its time; what was begun and not committed comes again.
                let caught_up = tokio::select! {
                    caught_up = catch_up(&host, &broker, listener, &head, &mut behind, grace) => caught_up,
                    () = shutdown.cancelled() => return,
                };
                if let Err(error) = caught_up {
                    tracing::warn!(
                        kind = head.kind,
                        error = format!("{error:#}"),
                        "catching up with {} failed; trying again",
                        head.kind
                    );
                }
            }
        }
    }
}

/// Asks for what is missing once the floor has not moved for the grace period.
async fn catch_up(
    host: &Host,
    broker: &Broker,
    listener: &Listener,
    head: &Head,
    behind: &mut HashMap<(String, i32), (i64, Instant)>,
    grace: Duration,
) -> anyhow::Result<()> {
    let mut conn = host.pool().acquire().await?;
    let floor = inbox::note_head(&mut conn, &head.kind, head.epoch, head.no).await?;
    drop(conn);
    metrics::gauge!("duly_frames_behind", "service" => host.service(), "kind" => head.kind.clone())
        .set(gauge(head.no - floor));
    let key = (head.kind.clone(), head.epoch);
    if floor >= head.no {
        // A floor above an old epoch's head: the teller was restored to an earlier state.
        if floor > head.no {
            tracing::debug!(kind = head.kind, epoch = head.epoch, floor, head = head.no, "ahead");
        }
        behind.remove(&key);
        return Ok(());
    }
    let (since_floor, since) = *behind.entry(key.clone()).or_insert((floor, Instant::now()));
    if floor != since_floor {
        behind.insert(key, (floor, Instant::now()));
        return Ok(());
    }
    if since.elapsed() < grace {
        return Ok(());
    }
    // Another replica may have raised it meanwhile, or compaction may be what is missing.
    inbox::compact(host, &head.kind).await?;
    resend::ask_for_missing(host, broker, listener, head).await?;
    behind.remove(&key);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; counts stay far below 2^52")]
fn gauge(count: i64) -> f64 {
    count as f64
}
