//! NATS: one connection, one stream per service, one durable consumer per listener. JetStream is only
//! the courier: streams and consumers are made again whenever they are missing.

use std::time::Duration;

use anyhow::{Context as _, bail};
use async_nats::{
    Client, ConnectOptions, HeaderMap,
    jetstream::{
        self, ErrorCode,
        consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
        context::{ContextBuilder, CreateStreamError, CreateStreamErrorKind},
        stream::{self, DiscardPolicy, RetentionPolicy, StorageType},
    },
};
use duly_proto::common::v1::Frame;
use prost::Message as _;

use crate::config::Config;

/// Older servers silently drop settings that they do not know and answer success.
const SERVER_VERSION_MIN: (u32, u32) = (2, 10);

/// How long a frame waits in its stream for a listener that is away; after that it is asked for.
const FRAME_AGE_MAX: Duration = Duration::from_secs(72 * 60 * 60);

/// Within this time the stream itself drops a repeated number.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(120);

/// How long a publisher waits for the stream's word.
const PUBLISH_TIMEOUT: Duration = Duration::from_secs(5);

/// The connection of one set of services.
#[derive(Clone)]
pub(crate) struct Broker {
    pub client: Client,
    js: jetstream::Context,
    root: String,
    stream_bytes_max: i64,
    ack_wait: Duration,
}

impl Broker {
    /// Connects and checks the server's version.
    pub async fn connect(url: &str, config: &Config) -> anyhow::Result<Self> {
        let prefix = &config.schema_prefix;
        let client = ConnectOptions::new()
            .name(format!("{prefix}duly"))
            .reconnect_delay_callback(|tries| {
                Duration::from_millis(50)
                    .saturating_mul(u32::try_from(tries).unwrap_or(40))
                    .min(Duration::from_secs(2))
            })
            .connect(url)
            .await
            .with_context(|| {
                let url = without_secret(url);
                format!("cannot reach NATS at {url}; start nats-server, or set DULY_NATS_URL")
            })?;
        let info = client.server_info();
        check_version(&info.version)?;
        if !info.jetstream {
            let url = without_secret(url);
            bail!("NATS at {url} runs without JetStream; start nats-server with -js");
        }
        let js = ContextBuilder::new().timeout(PUBLISH_TIMEOUT).build(client.clone());
        Ok(Self {
            client,
            js,
            root: format!("{prefix}duly"),
            stream_bytes_max: config.stream_bytes_max,
            ack_wait: config.intervals.lease,
        })
    }

    fn stream_name(&self, service: &str) -> String {
        format!("{}_{service}", self.root)
    }

    /// Subject of a frame of this kind, `duly.intake.v1.account_placed`.
    fn subject(&self, kind: &str) -> String {
        let (service, fact) = kind.split_once('.').unwrap_or((kind, ""));
        format!("{}.{service}.v1.{fact}", self.root)
    }

    /// Where a service announces its heads.
    pub fn heads_subject(&self, service: &str) -> String {
        format!("{}.heads.{service}", self.root)
    }

    /// Where a service is asked for frames.
    pub fn resend_subject(&self, service: &str) -> String {
        format!("{}.resend.{service}", self.root)
    }

    /// Makes the service's stream where it is missing.
    pub async fn ensure_stream(&self, service: &str) -> anyhow::Result<stream::Stream> {
        self.js
            .get_or_create_stream(stream::Config {
                name: self.stream_name(service),
                subjects: vec![format!("{}.{service}.v1.>", self.root)],
                storage: StorageType::File,
                // What every listener has acknowledged makes room; what none was there for is asked for.
                retention: RetentionPolicy::Interest,
                discard: DiscardPolicy::New,
                max_age: FRAME_AGE_MAX,
                max_bytes: self.stream_bytes_max,
                duplicate_window: DUPLICATE_WINDOW,
                ..stream::Config::default()
            })
            .await
            .map_err(|error| self.in_words(error, service))
    }

    /// A stream that could not be made. A server sets aside what each of its streams may hold, and takes
    /// no more of them than fit the part of its disk that it was given.
    fn in_words(&self, error: CreateStreamError, service: &str) -> anyhow::Error {
        let room = match error.kind() {
            CreateStreamErrorKind::JetStream(error) => {
                error.error_code() == ErrorCode::STORAGE_RESOURCES_EXCEEDED
            }
            _ => false,
        };
        let error = anyhow::Error::from(error);
        if !room {
            return error.context(format!("making the stream of {service}"));
        }
        error.context(format!(
            "NATS has no room for the stream of {service}, {} bytes; raise its max_file_store or free its \
             disk, or lower stream_bytes_max (DULY_STREAM_BYTES_MAX)",
            self.stream_bytes_max,
        ))
    }

    /// Makes `listener`'s consumer of `source`'s stream where it is missing.
    pub async fn ensure_consumer(
        &self,
        source: &str,
        listener: &str,
    ) -> anyhow::Result<PullConsumer> {
        self.ensure_stream(source)
            .await?
            .get_or_create_consumer(
                listener,
                pull::Config {
                    durable_name: Some(listener.to_owned()),
                    ack_policy: AckPolicy::Explicit,
                    deliver_policy: DeliverPolicy::All,
                    ack_wait: self.ack_wait,
                    max_deliver: -1,
                    max_ack_pending: 4_096,
                    ..pull::Config::default()
                },
            )
            .await
            .with_context(|| format!("making {listener}'s consumer of {source}"))
    }

    /// Publishes one numbered frame and waits for the stream's acknowledgement.
    pub async fn publish(&self, frame: &Frame) -> anyhow::Result<()> {
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Msg-Id", format!("{}/{}/{}", frame.kind, frame.epoch, frame.no));
        if !frame.traceparent.is_empty() {
            headers.insert("traceparent", frame.traceparent.as_str());
        }
        self.js
            .publish_with_headers(self.subject(&frame.kind), headers, frame.encode_to_vec().into())
            .await?
            .await?;
        Ok(())
    }
}

/// The address without the user, password or token before its host.
fn without_secret(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => url.to_owned(),
    }
}

fn check_version(version: &str) -> anyhow::Result<()> {
    let mut parts = version.split(['.', '-']).map(|p| p.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < SERVER_VERSION_MIN {
        bail!(
            "nats-server {version} is too old: it silently drops settings that Duly needs; \
             install {}.{} or newer",
            SERVER_VERSION_MIN.0,
            SERVER_VERSION_MIN.1
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_broker_that_is_not_there_is_named_without_its_password() {
        let url = "nats://ann:secret@127.0.0.1:1";
        let refusal =
            Broker::connect(url, &Config::default()).await.err().expect("nobody is there");
        let words = format!("{refusal:#}");
        assert!(words.contains("nats://127.0.0.1:1") && !words.contains("secret"), "{words}");
        assert_eq!(without_secret("nats://127.0.0.1:1"), "nats://127.0.0.1:1");
    }

    #[test]
    fn an_old_server_is_refused_with_the_reason() {
        let refusal = check_version("2.9.10").expect_err("2.9 is too old").to_string();
        assert!(refusal.contains("2.9.10") && refusal.contains("silently drops"), "{refusal}");
        check_version("2.10.0").expect("2.10 will do");
        check_version("2.15.1-beta").expect("newer will do");
        check_version("nonsense").expect_err("no version is no good version");
    }
}
