//! Settings: typed, complete, and checked before anything starts.
//!
//! Defaults, then one TOML file (`--config` or `DULY_CONFIG`), then the environment: `DULY_` and the
//! key in capitals, two underscores where a table is entered (`DULY_TELEMETRY__FORMAT=json`). An empty
//! variable is an unset one. Unknown keys are errors, in the file and in the environment; variables of
//! our tools and tests ([`NOT_SETTINGS`]) are none of them. Durations carry units (`"250ms"`, `"15m"`).

mod check;
mod load;
mod section;

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use duly_domain::Zone;
use serde::Deserialize;

pub use load::{ConfigError, NOT_SETTINGS, Problem};
pub use section::Sections;

/// Text that does not print: passwords, keys, URLs with passwords in them.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Marks the text as secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, to be used and not to be logged.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What business time is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// The machine's clock.
    System,
    /// The row `sim_clock` of a sandbox database.
    Sim,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// For machines: one JSON object a line.
    Json,
}

/// All settings of one process.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Postgres, `postgres://user:password@host:5432/database`. Unset: a private one is started.
    pub database_url: Option<SecretText>,
    /// NATS, `nats://host:4222`. Unset: a private one is started.
    pub nats_url: Option<String>,
    /// Schemas of one set begin with it: with `t7f_`, intake's schema is `t7f_intake`.
    pub schema_prefix: String,
    /// Bytes that one service's stream keeps for listeners that are away. A full stream delays, it
    /// never loses: what it does not take is asked for.
    pub stream_bytes_max: i64,
    /// Where gRPC listens. Port 0 takes a free one.
    pub grpc_addr: SocketAddr,
    /// Where health, readiness and metrics listen. Port 0 takes a free one.
    pub admin_addr: SocketAddr,
    /// Where REST and pages are served, by a process with a service that has any. Port 0 takes a free
    /// one.
    pub http_addr: SocketAddr,
    /// Largest gRPC message taken, in bytes.
    pub message_bytes_max: usize,
    /// The agency's name, as its statements show it.
    pub agency: String,
    /// The agency's licence number, as its statements show it; unset where it has none.
    pub agency_licence: Option<String>,
    /// The agency's zone: legal dates of money and documents are in it.
    pub zone: Zone,
    /// The agency's tick.
    #[serde(with = "humantime_serde")]
    pub tick: Duration,
    /// What business time is read from.
    pub clock: ClockKind,
    /// Database connections per service, at most.
    pub pool_connections_max: u32,
    /// Master key of sealed values: 32 bytes in hex or base64.
    pub seal_key: Option<SecretText>,
    /// Names the master key, so that it can be rotated.
    pub seal_key_id: String,
    /// Verifies tokens: Ed25519 public key in PEM.
    pub token_public_key: Option<String>,
    /// Signs tokens: Ed25519 private key in PEM. Only issuers have it.
    pub token_private_key: Option<SecretText>,
    /// Settings of single services, each read by [`Config::section`].
    pub services: Sections,
    /// Logs and traces.
    pub telemetry: TelemetryConfig,
    /// How often and how long, all on machine time.
    pub intervals: Intervals,
}

/// Logs and traces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Filter directives, `info,duly_intake=debug`.
    pub log: String,
    /// How log lines look.
    pub format: LogFormat,
    /// Where spans go by OTLP over gRPC, `http://127.0.0.1:4317`. Unset: nowhere.
    pub otlp_endpoint: Option<String>,
}

/// How often and how long, all on machine time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intervals {
    /// The relay looks for frames that nobody poked it for.
    #[serde(with = "humantime_serde")]
    pub relay_poll: Duration,
    /// Relays announce their heads.
    #[serde(with = "humantime_serde")]
    pub heads: Duration,
    /// A receiver behind an announced head for this long asks for a resend.
    #[serde(with = "humantime_serde")]
    pub behind_grace: Duration,
    /// Workers look for due rows that nobody poked them for.
    #[serde(with = "humantime_serde")]
    pub due_poll: Duration,
    /// Claimed work and delivered frames belong to their worker for this long; then another may
    /// have them.
    #[serde(with = "humantime_serde")]
    pub lease: Duration,
    /// Longest pause between tries.
    #[serde(with = "humantime_serde")]
    pub retry_max: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: None,
            nats_url: None,
            schema_prefix: String::new(),
            stream_bytes_max: 128 * 1024 * 1024,
            grpc_addr: (Ipv4Addr::LOCALHOST, 7070).into(),
            admin_addr: (Ipv4Addr::LOCALHOST, 7071).into(),
            http_addr: (Ipv4Addr::LOCALHOST, 7072).into(),
            message_bytes_max: 8 * 1024 * 1024,
            agency: "the agency".to_owned(),
            agency_licence: None,
            zone: "America/New_York".parse().expect("a zone of the IANA database"),
            tick: Duration::from_secs(15 * 60),
            clock: ClockKind::System,
            pool_connections_max: 16,
            seal_key: None,
            seal_key_id: "k1".to_owned(),
            token_public_key: None,
            token_private_key: None,
            services: Sections::default(),
            telemetry: TelemetryConfig::default(),
            intervals: Intervals::default(),
        }
    }
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self { log: "info".to_owned(), format: LogFormat::Pretty, otlp_endpoint: None }
    }
}

impl Default for Intervals {
    fn default() -> Self {
        Self {
            relay_poll: Duration::from_millis(250),
            heads: Duration::from_secs(3),
            behind_grace: Duration::from_secs(2),
            due_poll: Duration::from_millis(500),
            lease: Duration::from_secs(30),
            retry_max: Duration::from_secs(10),
        }
    }
}

#[cfg(test)]
mod tests;
