//! Frames out: committed frames get the next numbers of their kind, without gaps; the numbers commit;
//! only then are the frames published. There is no published mark: what a dead relay did not publish
//! is found by the announced heads.

use std::time::Duration;

use duly_proto::common::v1::Frame;
use futures::{StreamExt as _, stream};
use prost::Message as _;
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;

use crate::{
    broker::Broker,
    epoch, fault,
    host::Host,
    run::{pause, retry_after},
    tx::Tx,
};

/// Frames numbered at once, and publishes in flight.
const SET_MAX: i64 = 500;

/// Bytes numbered at once: bounds what a relay holds in memory.
const SET_BYTES_MAX: i64 = 8 * 1024 * 1024;

/// Relays until the shutdown: at once when poked, and every `poll`.
pub(crate) async fn relay(
    host: Host,
    broker: Broker,
    poll: Duration,
    retry_max: Duration,
    shutdown: CancellationToken,
) {
    let mut failures = 0;
    while !shutdown.is_cancelled() {
        let at_work = host.at_work();
        let done = relay_once(&host, &broker).await;
        drop(at_work);
        match done {
            Ok(0) => {
                failures = 0;
                tokio::select! {
                    () = host.relay_poke().notified() => {}
                    () = pause(poll, &shutdown) => {}
                }
            }
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                tracing::warn!(
                    error = format!("{error:#}"),
                    "numbering frames failed; trying again"
                );
                pause(retry_after(failures, retry_max), &shutdown).await;
            }
        }
    }
}

/// Numbers and publishes one set of each kind. Answers how many frames it numbered.
async fn relay_once(host: &Host, broker: &Broker) -> anyhow::Result<usize> {
    let kinds = sqlx::query_scalar!("SELECT DISTINCT kind FROM outbox WHERE no IS NULL")
        .fetch_all(host.pool())
        .await?;
    let mut numbered = 0;
    let mut failed = None;
    for kind in kinds {
        match relay_kind(host, broker, &kind).await {
            Ok(frames) => numbered += frames,
            // The other kinds have nothing to do with it.
            Err(error) => failed = Some(error.context(format!("numbering {kind}"))),
        }
    }
    failed.map_or(Ok(numbered), Err)
}

/// Numbers and publishes one set of one kind. Answers how many frames it numbered.
async fn relay_kind(host: &Host, broker: &Broker, kind: &str) -> anyhow::Result<usize> {
    let mut tx = Tx::begin(host, "service").await?;
    let frames = number(tx.conn(), kind).await?;
    if fault::planted("publish_before_commit") {
        publish(host, broker, &frames).await;
    }
    tx.commit("relay.before_numbered", "relay.numbered").await?;
    if !fault::planted("publish_before_commit") {
        publish(host, broker, &frames).await;
    }
    fault::point("relay.published");
    Ok(frames.len())
}

/// Gives the next numbers under the lock of the kind's head.
async fn number(conn: &mut PgConnection, kind: &str) -> sqlx::Result<Vec<Frame>> {
    let epoch = epoch::hold(conn).await?;
    sqlx::query!(
        "INSERT INTO outbox_head (kind, epoch, no) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
        kind,
        epoch
    )
    .execute(&mut *conn)
    .await?;
    let head = sqlx::query_scalar!(
        "SELECT no FROM outbox_head WHERE kind = $1 AND epoch = $2 FOR UPDATE",
        kind,
        epoch
    )
    .fetch_one(&mut *conn)
    .await?;
    let rows = sqlx::query!(
        r#"UPDATE outbox SET epoch = $2, no = $3 + next.place
           FROM (SELECT id, row_number() OVER (ORDER BY id) AS place,
                        sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS before
                 FROM (SELECT id, body FROM outbox WHERE kind = $1 AND no IS NULL
                       ORDER BY id LIMIT $4) AS waiting) AS next
           WHERE outbox.id = next.id AND next.before < $5
           RETURNING outbox.no AS "no!", outbox.schema, outbox.told_at, outbox.traceparent,
                     outbox.body"#,
        kind,
        epoch,
        head,
        SET_MAX,
        SET_BYTES_MAX
    )
    .fetch_all(&mut *conn)
    .await?;
    let given = i64::try_from(rows.len()).unwrap_or(SET_MAX);
    sqlx::query!(
        "UPDATE outbox_head SET no = $3 WHERE kind = $1 AND epoch = $2",
        kind,
        epoch,
        head + given
    )
    .execute(&mut *conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            stored_frame(kind, epoch, row.no, row.schema, row.told_at, row.traceparent, &row.body)
        })
        .collect()
}

/// A frame as it goes over the wire, from its outbox row.
pub(crate) fn stored_frame(
    kind: &str,
    epoch: i32,
    no: i64,
    schema: String,
    told_at: chrono::DateTime<chrono::Utc>,
    traceparent: String,
    body: &[u8],
) -> sqlx::Result<Frame> {
    let events = Frame::decode(body).map_err(|e| sqlx::Error::Decode(Box::new(e)))?.events;
    Ok(Frame {
        kind: kind.to_owned(),
        no,
        epoch,
        schema,
        told_at: Some(duly_proto::convert::timestamp(told_at)),
        traceparent,
        events,
    })
}

/// Publishes; what fails is left to the announced heads.
async fn publish(host: &Host, broker: &Broker, frames: &[Frame]) {
    let in_flight = usize::try_from(SET_MAX).unwrap_or(1);
    let mut failed = 0_u64;
    let publishes: Vec<_> = frames.iter().map(|frame| broker.publish(frame)).collect();
    let mut results = stream::iter(publishes).buffer_unordered(in_flight);
    let mut first = None;
    while let Some(result) = results.next().await {
        if let Err(error) = result {
            failed += 1;
            first.get_or_insert(error);
        }
    }
    if let Some(error) = first {
        tracing::warn!(
            failed,
            error = format!("{error:#}"),
            "{failed} frames were not published; listeners will ask for them"
        );
        metrics::counter!("duly_frames_unpublished_total", "service" => host.service())
            .increment(failed);
        if let Err(error) = broker.ensure_stream(host.service()).await {
            tracing::warn!(error = format!("{error:#}"), "the stream is missing still");
        }
    }
}
