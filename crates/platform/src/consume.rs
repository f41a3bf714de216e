//! Hearing one source: pull what is there, group it by kind, handle each group in one transaction,
//! acknowledge after the commit.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use async_nats::jetstream::Message;
use duly_proto::common::v1::Frame;
use futures::StreamExt as _;
use prost::Message as _;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    broker::Broker,
    fault,
    frames::Listener,
    host::Host,
    inbox,
    run::{pause, retried, retry_after},
    telemetry,
};

/// Messages handled together.
const SET_MAX: usize = 200;

/// Bytes pulled ahead: bounds what a listener holds in memory.
const PULL_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The server's sign of life; twice this without one and the consumer is made again.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// How long one pull request stands.
const PULL_EXPIRES: Duration = Duration::from_secs(10);

/// Hears until the shutdown.
pub(crate) async fn hear(
    host: Host,
    broker: Broker,
    source: &'static str,
    listeners: Vec<Listener>,
    retry_max: Duration,
    shutdown: CancellationToken,
) {
    let mut failures = 0;
    while !shutdown.is_cancelled() {
        let began = Instant::now();
        match hear_while_it_lasts(&host, &broker, source, &listeners, retry_max, &shutdown).await {
            Ok(()) => failures = 0,
            Err(error) => {
                // What had lasted is a new interruption, not a worse one.
                failures = if began.elapsed() > retry_max { 1 } else { failures + 1 };
                tracing::warn!(
                    source,
                    error = format!("{error:#}"),
                    "hearing {source} was interrupted; trying again"
                );
            }
        }
        pause(retry_after(failures, retry_max), &shutdown).await;
    }
}

async fn hear_while_it_lasts(
    host: &Host,
    broker: &Broker,
    source: &'static str,
    listeners: &[Listener],
    retry_max: Duration,
    shutdown: &CancellationToken,
) -> anyhow::Result<()> {
    let consumer = broker.ensure_consumer(source, host.service()).await?;
    let mut sets = consumer
        .stream()
        .max_messages_per_batch(SET_MAX)
        .max_bytes_per_batch(PULL_BYTES_MAX)
        .heartbeat(HEARTBEAT)
        .expires(PULL_EXPIRES)
        .messages()
        .await?
        .ready_chunks(SET_MAX);
    loop {
        let set = tokio::select! {
            set = sets.next() => set,
            () = shutdown.cancelled() => return Ok(()),
        };
        let Some(set) = set else { return Ok(()) };
        let mut broken = None;
        let mut messages = Vec::with_capacity(set.len());
        for message in set {
            match message {
                Ok(message) => messages.push(message),
                Err(error) => broken = Some(error),
            }
        }
        handle(host, listeners, messages, retry_max, shutdown).await;
        if let Some(error) = broken {
            return Err(error.into());
        }
    }
}

async fn handle(
    host: &Host,
    listeners: &[Listener],
    messages: Vec<Message>,
    retry_max: Duration,
    shutdown: &CancellationToken,
) {
    let _at_work = host.at_work();
    let mut by_kind: BTreeMap<String, (Vec<Frame>, Vec<Message>)> = BTreeMap::new();
    for message in messages {
        match Frame::decode(message.payload.clone()) {
            Ok(frame) => {
                let (frames, held) = by_kind.entry(frame.kind.clone()).or_default();
                frames.push(frame);
                held.push(message);
            }
            // Its number is unknown, so the announced head brings it again from the outbox.
            Err(error) => {
                tracing::error!(subject = %message.subject, %error, "a message is no frame");
                acknowledge(&[message]).await;
            }
        }
    }
    for (kind, (frames, held)) in by_kind {
        if fault::planted("ack_first") {
            acknowledge(&held).await;
        }
        // A kind that this version does not handle is acknowledged and not recorded: its floor stays,
        // and the upgraded version asks.
        if let Some(listener) = listeners.iter().find(|l| l.kind == kind) {
            let span = tracing::info_span!("frames", otel.name = %kind, frames = frames.len());
            telemetry::set_parent(&span, &frames[0].traceparent);
            if !apply_until_done(host, listener, &frames, retry_max, shutdown)
                .instrument(span)
                .await
            {
                return;
            }
        }
        if !fault::planted("ack_first") {
            acknowledge(&held).await;
        }
        fault::point("frame.acknowledged");
        if let Err(error) = inbox::compact(host, &kind).await {
            tracing::debug!(kind, %error, "compaction failed; a later one will do");
        }
    }
}

/// Tries until it is done; false where the shutdown came first.
async fn apply_until_done(
    host: &Host,
    listener: &Listener,
    frames: &[Frame],
    retry_max: Duration,
    shutdown: &CancellationToken,
) -> bool {
    let mut failures = 0;
    loop {
        match inbox::apply(host, listener, frames).await {
            Ok(()) => return true,
            Err(error) => {
                failures += 1;
                retried(host, "frames");
                tracing::warn!(
                    kind = listener.kind,
                    error = format!("{error:#}"),
                    "handling {} failed; trying again",
                    listener.kind
                );
            }
        }
        pause(retry_after(failures, retry_max), shutdown).await;
        if shutdown.is_cancelled() {
            return false;
        }
    }
}

/// Acknowledges; one that is lost only brings the frame again.
async fn acknowledge(messages: &[Message]) {
    for message in messages {
        if let Err(error) = message.ack().await {
            tracing::debug!(%error, "an acknowledgement was lost");
        }
    }
}
