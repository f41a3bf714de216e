//! Values that have the right type and still cannot be: found before anything starts.

use std::{ops::RangeInclusive, time::Duration};

use tracing_subscriber::EnvFilter;

use super::{Config, ConfigError, Problem};
use crate::{
    auth::{Signer, Verifier},
    seal::Sealer,
};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Config {
    /// Checks every value, and tells all that are wrong at once. [`Config::load`] does this; a
    /// `Config` made by hand may ask for it.
    ///
    /// # Errors
    /// Each value that its key does not take.
    pub fn check(&self) -> Result<(), ConfigError> {
        let mut problems = Vec::new();
        let mut wrong = |key: &str, problem: String| {
            problems.push(Problem::with_value(key, problem));
        };
        let url = self.database_url.as_ref().map(super::SecretText::expose);
        if url.is_some_and(|u| !u.starts_with("postgres://") && !u.starts_with("postgresql://")) {
            wrong("database_url", "not a postgres:// URL".to_owned());
        }
        if let Some(url) = &self.nats_url
            && !url.starts_with("nats://")
            && !url.starts_with("tls://")
        {
            wrong("nats_url", "neither a nats:// nor a tls:// URL".to_owned());
        }
        if !prefix_fits(&self.schema_prefix) {
            wrong("schema_prefix", format!("found `{}`", self.schema_prefix));
        }
        if self.grpc_addr == self.admin_addr && self.grpc_addr.port() != 0 {
            wrong("admin_addr", format!("{} is grpc_addr too", self.admin_addr));
        }
        for (other, addr) in [("grpc_addr", self.grpc_addr), ("admin_addr", self.admin_addr)] {
            if self.http_addr == addr && addr.port() != 0 {
                wrong("http_addr", format!("{addr} is {other} too"));
            }
        }
        if !(64 * 1024..=64 * 1024 * 1024).contains(&self.message_bytes_max) {
            wrong("message_bytes_max", format!("found {}", self.message_bytes_max));
        }
        if self.stream_bytes_max < 1024 * 1024 {
            wrong("stream_bytes_max", format!("found {}", self.stream_bytes_max));
        }
        let seconds = Duration::from_secs(1);
        if self.tick.subsec_nanos() != 0 || !(seconds..=DAY).contains(&self.tick) {
            wrong("tick", format!("found {:?}", self.tick));
        }
        if !(2..=500).contains(&self.pool_connections_max) {
            wrong("pool_connections_max", format!("found {}", self.pool_connections_max));
        }
        self.check_keys(&mut wrong);
        self.check_telemetry(&mut wrong);
        self.check_intervals(&mut wrong);
        if problems.is_empty() { Ok(()) } else { Err(ConfigError(problems)) }
    }

    fn check_keys(&self, wrong: &mut impl FnMut(&str, String)) {
        if let Some(key) = &self.seal_key
            && Sealer::new(&*self.seal_key_id, key).is_err()
        {
            wrong("seal_key", "not a key of 32 bytes".to_owned());
        }
        let id = self.seal_key_id.as_bytes();
        if !(1..=32).contains(&id.len())
            || !id.iter().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b))
        {
            wrong("seal_key_id", format!("found `{}`", self.seal_key_id));
        }
        if self.token_public_key.as_deref().is_some_and(|pem| Verifier::from_pem(pem).is_err()) {
            wrong("token_public_key", "not such a key".to_owned());
        }
        if self.token_private_key.as_ref().is_some_and(|pem| Signer::from_pem(pem).is_err()) {
            wrong("token_private_key", "not such a key".to_owned());
        }
    }

    fn check_telemetry(&self, wrong: &mut impl FnMut(&str, String)) {
        if let Err(error) = EnvFilter::builder().parse(&self.telemetry.log) {
            wrong("telemetry.log", format!("found `{}`: {error}", self.telemetry.log));
        }
        if let Some(endpoint) = &self.telemetry.otlp_endpoint {
            let plain = endpoint
                .parse::<http::Uri>()
                .is_ok_and(|uri| uri.scheme_str() == Some("http") && uri.authority().is_some());
            if !plain {
                wrong("telemetry.otlp_endpoint", format!("found `{endpoint}`"));
            }
        }
    }

    fn check_intervals(&self, wrong: &mut impl FnMut(&str, String)) {
        let short: RangeInclusive<Duration> = Duration::from_millis(1)..=HOUR;
        let long: RangeInclusive<Duration> = Duration::from_secs(1)..=HOUR;
        let intervals = &self.intervals;
        for (key, value, range) in [
            ("intervals.relay_poll", intervals.relay_poll, &short),
            ("intervals.heads", intervals.heads, &short),
            ("intervals.behind_grace", intervals.behind_grace, &short),
            ("intervals.due_poll", intervals.due_poll, &short),
            ("intervals.lease", intervals.lease, &long),
            ("intervals.retry_max", intervals.retry_max, &short),
        ] {
            if !range.contains(&value) {
                wrong(key, format!("found {value:?}"));
            }
        }
    }
}

/// Schemas, and the roles named after them, must stay under Postgres's 63 bytes.
fn prefix_fits(prefix: &str) -> bool {
    prefix.is_empty()
        || (prefix.len() <= 20
            && prefix.starts_with(|c: char| c.is_ascii_lowercase())
            && prefix.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'))
}
