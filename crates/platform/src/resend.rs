//! Resends: a listener asks a service for numbers that did not arrive; one replica answers from its
//! outbox, in pages, over core NATS, to the asker alone. Never into the stream.

use std::time::Duration;

use anyhow::{Context as _, bail};
use async_nats::{Message, StatusCode};
use duly_proto::common::v1::{Frame, Head, ResendRequest, ResendResponse};
use futures::StreamExt as _;
use prost::Message as _;
use tokio_util::sync::CancellationToken;

use crate::{
    broker::Broker, fault, frames::Listener, host::Host, inbox, relay::stored_frame, run::pause,
};

/// Bytes of frames in one page; NATS takes messages of 1 MiB by default.
const PAGE_BYTES_MAX: usize = 384 * 1024;

/// Frames asked for at once.
const ASK_MAX: i64 = 2_000;

/// Bytes of frames in one answer: nothing holds it back on its way, so the asker must have room for all
/// of it. The asker asks again for the rest.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How long an asker waits for the next page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(5);

/// Answers askers until the shutdown.
pub(crate) async fn answer(
    host: Host,
    broker: Broker,
    retry: Duration,
    shutdown: CancellationToken,
) {
    while !shutdown.is_cancelled() {
        let subject = broker.resend_subject(host.service());
        let subscribed = broker.client.queue_subscribe(subject, host.service().to_owned()).await;
        let mut asked = match subscribed {
            Ok(asked) => asked,
            Err(error) => {
                tracing::warn!(%error, "subscribing to resend requests failed");
                pause(retry, &shutdown).await;
                continue;
            }
        };
        loop {
            let message = tokio::select! {
                message = asked.next() => message,
                () = shutdown.cancelled() => return,
            };
            let Some(message) = message else { break };
            let answered = tokio::select! {
                answered = answer_one(&host, &broker, message) => answered,
                () = shutdown.cancelled() => return,
            };
            if let Err(error) = answered {
                tracing::warn!(error = format!("{error:#}"), "a resend request was not answered");
            }
        }
    }
}

async fn answer_one(host: &Host, broker: &Broker, message: Message) -> anyhow::Result<()> {
    let reply = message.reply.context("a resend request names no reply subject")?;
    let ask = ResendRequest::decode(message.payload)?;
    fault::point("resend.asked");
    let mut rows = sqlx::query!(
        r#"SELECT no AS "no!", schema, told_at, traceparent, body FROM outbox
           WHERE kind = $1 AND epoch = $2 AND no BETWEEN $3 AND $4 ORDER BY no"#,
        ask.kind,
        ask.epoch,
        ask.from,
        ask.to.min(ask.from.saturating_add(ASK_MAX - 1))
    )
    .fetch(host.pool());
    let mut page = ResendResponse::default();
    let (mut bytes, mut answered) = (0, 0);
    while let Some(row) = rows.next().await {
        let row = row?;
        answered += row.body.len();
        if answered > ANSWER_BYTES_MAX && answered > row.body.len() {
            break;
        }
        if bytes + row.body.len() > PAGE_BYTES_MAX && !page.frames.is_empty() {
            let full = std::mem::take(&mut page);
            broker.client.publish(reply.clone(), full.encode_to_vec().into()).await?;
            bytes = 0;
        }
        bytes += row.body.len();
        page.frames.push(stored_frame(
            &ask.kind,
            ask.epoch,
            row.no,
            row.schema,
            row.told_at,
            row.traceparent,
            &row.body,
        )?);
    }
    page.last = true;
    broker.client.publish(reply, page.encode_to_vec().into()).await?;
    metrics::counter!("duly_resends_answered_total", "service" => host.service()).increment(1);
    Ok(())
}

/// Asks for every gap up to the head, and handles what comes page by page. What another replica or
/// the stream brought meanwhile is not asked for.
pub(crate) async fn ask_for_missing(
    host: &Host,
    broker: &Broker,
    listener: &Listener,
    head: &Head,
) -> anyhow::Result<()> {
    let mut from = 1;
    loop {
        let mut conn = host.pool().acquire().await?;
        let gap = inbox::missing(&mut conn, &head.kind, head.epoch, from, head.no).await?;
        drop(conn);
        let Some((first, last)) = gap else { return Ok(()) };
        let until = last.min(first.saturating_add(ASK_MAX - 1));
        tracing::info!(
            kind = head.kind,
            from = first,
            to = until,
            "asking for frames that are missing"
        );
        let came = ask(host, broker, listener, head, first, until).await?;
        inbox::compact(host, &head.kind).await?;
        // What did not come at all is left to the next announcement.
        from = came.unwrap_or(until).max(first).saturating_add(1);
    }
}

/// Asks for one run of numbers. Answers the highest that came.
async fn ask(
    host: &Host,
    broker: &Broker,
    listener: &Listener,
    head: &Head,
    from: i64,
    to: i64,
) -> anyhow::Result<Option<i64>> {
    let inbox_subject = broker.client.new_inbox();
    let mut pages = broker.client.subscribe(inbox_subject.clone()).await?;
    let ask = ResendRequest { kind: head.kind.clone(), epoch: head.epoch, from, to };
    broker
        .client
        .publish_with_reply(
            broker.resend_subject(listener.source),
            inbox_subject,
            ask.encode_to_vec().into(),
        )
        .await?;
    let mut came = None;
    loop {
        let message = tokio::time::timeout(PAGE_TIMEOUT, pages.next())
            .await
            .with_context(|| format!("{} did not answer a resend request", listener.source))?
            .context("the connection ended during a resend")?;
        let page = page(message).with_context(|| format!("asking {}", listener.source))?;
        let frames: Vec<Frame> = page.frames;
        if !frames.is_empty() {
            inbox::apply(host, listener, &frames).await?;
        }
        came = came.max(frames.iter().map(|frame| frame.no).max());
        if page.last {
            return Ok(came);
        }
    }
}

/// One page of an answer. Where nobody listens, the server itself answers, with an empty message: as a
/// page it would read as one with more to follow.
fn page(message: Message) -> anyhow::Result<ResendResponse> {
    if message.status == Some(StatusCode::NO_RESPONDERS) {
        bail!("no replica runs that could send the frames again");
    }
    Ok(ResendResponse::decode(message.payload)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_nobody_is_there_to_answer_is_no_page() {
        let answer = |status| Message {
            subject: "_INBOX.x".into(),
            reply: None,
            payload: Default::default(),
            headers: None,
            status,
            description: None,
            length: 0,
        };
        let refusal = page(answer(Some(StatusCode::NO_RESPONDERS))).expect_err("nobody is there");
        assert!(refusal.to_string().contains("no replica runs"), "{refusal}");
        page(answer(None)).expect("an empty page is one");
    }
}
