//! A set: the schemas of one database that share a prefix, with their own streams in NATS, their own
//! keys and their own simulated clock. Tests run side by side, each on a set of its own.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, bail};
use async_nats::jetstream;
use chrono::{DateTime, TimeZone as _, Utc};
use duly_domain::IdSource as _;
use duly_platform::{
    Config, Sealer, Service, SystemIds,
    auth::Signer,
    config::{ClockKind, Intervals, LogFormat, SecretText},
    db,
};
use futures::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::{Mutex, MutexGuard};

/// Longest wait for a set to settle, on machine time.
const SETTLE_MAX: Duration = Duration::from_secs(60);

/// One set of schemas and what reaches it.
#[derive(Clone)]
pub struct Set(Arc<Inner>);

struct Inner {
    config: Config,
    calls: AtomicU64,
    own: AtomicBool,
    kept: Mutex<Option<PgConnection>>,
}

/// Counts one call of the driver as outstanding until it is dropped: nothing settles meanwhile.
#[must_use = "the call counts as outstanding until this is dropped"]
pub struct CallGuard(Arc<Inner>);

/// The driver's connection while it is in use.
pub(crate) struct Kept<'a> {
    slot: MutexGuard<'a, Option<PgConnection>>,
    /// The connection.
    pub conn: PgConnection,
}

impl Kept<'_> {
    /// Keeps it for the next.
    pub fn done(mut self) {
        *self.slot = Some(self.conn);
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Set {
    /// A new set for one test, migrated for these services, at 2026-01-05 15:00 UTC: a Monday, ten
    /// o'clock in New York.
    ///
    /// # Errors
    /// No test database or broker, or a migration that fails.
    pub async fn create(services: &[Service]) -> anyhow::Result<Self> {
        let at = Utc.with_ymd_and_hms(2026, 1, 5, 15, 0, 0).single();
        Self::create_at(services, at.context("the first instant of every set")?).await
    }

    /// A new set whose clock stands at this instant.
    ///
    /// # Errors
    /// No test database or broker, or a migration that fails.
    pub async fn create_at(services: &[Service], now: DateTime<Utc>) -> anyhow::Result<Self> {
        let config =
            config_of_tests(&variable("DULY_TEST_DATABASE_URL")?, variable("DULY_TEST_NATS_URL")?);
        let set = Self::with(config, true);
        set.make_sandbox(now).await?;
        set.migrate(services).await?;
        Ok(set)
    }

    /// The set that this configuration names: the demo's, on servers of its own. Nothing is made;
    /// see [`Set::make_sandbox`] and [`Set::migrate`].
    #[must_use]
    pub fn adopt(config: Config) -> Self {
        Self::with(config, false)
    }

    fn with(config: Config, own: bool) -> Self {
        let (calls, own, kept) = (AtomicU64::new(0), AtomicBool::new(own), Mutex::default());
        Self(Arc::new(Inner { config, calls, own, kept }))
    }

    /// Makes the schema that marks this database as a sandbox, with the clock at `now`. Where it
    /// stands already, the clock keeps its time.
    ///
    /// # Errors
    /// The database's.
    pub async fn make_sandbox(&self, now: DateTime<Utc>) -> anyhow::Result<()> {
        let mut conn = self.connect().await?;
        let schema = self.schema("sandbox");
        let make = format!(
            r#"CREATE SCHEMA IF NOT EXISTS "{schema}";
               CREATE TABLE IF NOT EXISTS "{schema}".sim_clock (
                   one boolean PRIMARY KEY DEFAULT true CHECK (one),
                   now timestamptz NOT NULL
               );
               GRANT USAGE ON SCHEMA "{schema}" TO PUBLIC;
               GRANT SELECT ON "{schema}".sim_clock TO PUBLIC;"#
        );
        sqlx::raw_sql(AssertSqlSafe(make))
            .execute(&mut conn)
            .await
            .with_context(|| format!("making the sandbox schema {schema}"))?;
        let begin =
            format!(r#"INSERT INTO "{schema}".sim_clock (now) VALUES ($1) ON CONFLICT DO NOTHING"#);
        sqlx::query(AssertSqlSafe(begin)).bind(now).execute(&mut conn).await?;
        conn.close().await?;
        Ok(())
    }

    /// Makes or upgrades these services' schemas.
    ///
    /// # Errors
    /// No database, or a migration that fails.
    pub async fn migrate(&self, services: &[Service]) -> anyhow::Result<()> {
        duly_platform::migrate(self.config(), services).await
    }

    /// Settings for services of this set, in this process or in others.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The schema of one of its services.
    #[must_use]
    pub fn schema(&self, service: &str) -> String {
        format!("{}{service}", self.config().schema_prefix)
    }

    /// The settings as environment variables, for processes on the same set.
    #[must_use]
    pub fn env(&self) -> Vec<(String, String)> {
        let config = self.config();
        let secret = |text: &Option<SecretText>| {
            text.as_ref().map(|t| t.expose().to_owned()).unwrap_or_default()
        };
        let clock = match config.clock {
            ClockKind::System => "system",
            ClockKind::Sim => "sim",
        };
        let format = match config.telemetry.format {
            LogFormat::Pretty => "pretty",
            LogFormat::Json => "json",
        };
        let every = &config.intervals;
        let ms = |time: Duration| format!("{}ms", time.as_millis());
        [
            ("DATABASE_URL", secret(&config.database_url)),
            ("NATS_URL", config.nats_url.clone().unwrap_or_default()),
            ("SCHEMA_PREFIX", config.schema_prefix.clone()),
            ("STREAM_BYTES_MAX", config.stream_bytes_max.to_string()),
            ("GRPC_ADDR", config.grpc_addr.to_string()),
            ("ADMIN_ADDR", config.admin_addr.to_string()),
            ("HTTP_ADDR", config.http_addr.to_string()),
            ("MESSAGE_BYTES_MAX", config.message_bytes_max.to_string()),
            ("AGENCY", config.agency.clone()),
            ("ZONE", config.zone.to_string()),
            ("TICK", format!("{}s", config.tick.as_secs())),
            ("CLOCK", clock.to_owned()),
            ("POOL_CONNECTIONS_MAX", config.pool_connections_max.to_string()),
            ("SEAL_KEY", secret(&config.seal_key)),
            ("SEAL_KEY_ID", config.seal_key_id.clone()),
            ("TOKEN_PUBLIC_KEY", config.token_public_key.clone().unwrap_or_default()),
            ("TOKEN_PRIVATE_KEY", secret(&config.token_private_key)),
            ("TELEMETRY__LOG", config.telemetry.log.clone()),
            ("TELEMETRY__FORMAT", format.to_owned()),
            ("INTERVALS__RELAY_POLL", ms(every.relay_poll)),
            ("INTERVALS__HEADS", ms(every.heads)),
            ("INTERVALS__BEHIND_GRACE", ms(every.behind_grace)),
            ("INTERVALS__DUE_POLL", ms(every.due_poll)),
            ("INTERVALS__LEASE", ms(every.lease)),
            ("INTERVALS__RETRY_MAX", ms(every.retry_max)),
        ]
        .into_iter()
        .map(|(key, value)| (format!("DULY_{key}"), value))
        .collect()
    }

    /// Counts one call as outstanding. The clients of this crate do so by themselves; others, such as
    /// a process that posts on its own, hold one.
    pub fn call(&self) -> CallGuard {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        CallGuard(self.0.clone())
    }

    pub(crate) fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn settle_max(&self) -> Duration {
        SETTLE_MAX
    }

    /// A connection of the driver's own, as the login role, on no service's schema.
    ///
    /// # Errors
    /// The database is not there.
    pub async fn connect(&self) -> anyhow::Result<PgConnection> {
        self.connect_to("public").await
    }

    /// The same with one schema's tables in reach by their bare names.
    ///
    /// # Errors
    /// The database is not there.
    pub async fn connect_to(&self, schema: &str) -> anyhow::Result<PgConnection> {
        let url = self.config().database_url.as_ref();
        let url = url.context("a set needs the database_url of its servers")?;
        db::connect_one(url.expose(), schema).await
    }

    /// The driver's own connection, which is kept: settling and moving the clock ask often. Put back
    /// by [`Kept::done`]; one that is dropped with an answer outstanding is not used again.
    pub(crate) async fn kept(&self) -> anyhow::Result<Kept<'_>> {
        let mut slot = self.0.kept.lock().await;
        let conn = match slot.take() {
            Some(conn) => conn,
            None => self.connect().await?,
        };
        Ok(Kept { slot, conn })
    }

    /// The names of the set's schemas: its services' and the sandbox.
    ///
    /// # Errors
    /// The database's.
    pub async fn schemas(&self) -> anyhow::Result<Vec<String>> {
        let mut conn = self.connect().await?;
        let found = self.schemas_over(&mut conn).await?;
        conn.close().await?;
        Ok(found)
    }

    pub(crate) async fn schemas_over(
        &self,
        conn: &mut PgConnection,
    ) -> anyhow::Result<Vec<String>> {
        let all: Vec<String> = sqlx::query_scalar(
            "SELECT nspname::text FROM pg_namespace
             WHERE starts_with(nspname::text, $1) AND nspname::text !~ '^pg_'
               AND nspname::text NOT IN ('public', 'information_schema')
             ORDER BY nspname",
        )
        .bind(&self.config().schema_prefix)
        .fetch_all(conn)
        .await?;
        Ok(all)
    }

    /// Deletes the set's streams in NATS, with every frame in flight.
    ///
    /// # Errors
    /// NATS is not there.
    pub async fn drop_streams(&self) -> anyhow::Result<()> {
        let url = self.config().nats_url.as_deref();
        let url = url.context("a set needs the nats_url of its servers")?;
        let client = async_nats::connect(url).await.context("reaching the set's NATS")?;
        let js = jetstream::new(client);
        let own = format!("{}duly_", self.config().schema_prefix);
        let names: Vec<String> = js.stream_names().try_collect().await?;
        for name in names.iter().filter(|name| name.starts_with(&own)) {
            js.delete_stream(name).await.with_context(|| format!("deleting the stream {name}"))?;
        }
        Ok(())
    }

    /// Deletes everything of a test's set: schemas, roles, streams. Services that run on it are
    /// stopped before.
    ///
    /// # Errors
    /// The database's, NATS's, or a set that was adopted and belongs to somebody else.
    pub async fn drop(self) -> anyhow::Result<()> {
        if !self.0.own.swap(false, Ordering::SeqCst) {
            bail!("only a set that a test made is dropped, and only once");
        }
        self.drop_streams().await?;
        let mut conn = self.connect().await?;
        for schema in self.schemas_over(&mut conn).await? {
            // One by one: each table takes locks, and a transaction holds only so many.
            let mut sql = format!(r#"DROP SCHEMA "{schema}" CASCADE;"#);
            for role in ["owner", "app", "reader"] {
                sql += &format!(r#"DROP ROLE IF EXISTS "{schema}_{role}";"#);
            }
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&mut conn)
                .await
                .with_context(|| format!("dropping the schema {schema}"))?;
        }
        conn.close().await?;
        Ok(())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.own.load(Ordering::SeqCst) {
            let prefix = &self.config.schema_prefix;
            eprintln!(
                "the set {prefix} was not dropped; its schemas and streams are left for a look"
            );
        }
    }
}

fn variable(name: &str) -> anyhow::Result<String> {
    let value = std::env::var(name).unwrap_or_default();
    if value.is_empty() {
        bail!("{name} is not set: this test needs Postgres and NATS; run cargo xtask test");
    }
    Ok(value)
}

/// Short intervals, free ports, new keys, a prefix of its own.
fn config_of_tests(database_url: &str, nats_url: String) -> Config {
    let keys = Signer::generate();
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (_, random) = SystemIds.uuid().as_u64_pair();
    Config {
        database_url: Some(SecretText::new(database_url)),
        nats_url: Some(nats_url),
        schema_prefix: format!("t{:08x}_", random & 0xffff_ffff),
        grpc_addr: any_port,
        admin_addr: any_port,
        http_addr: any_port,
        clock: ClockKind::Sim,
        // The server reserves it for each stream, and many sets live side by side.
        stream_bytes_max: 16 * 1024 * 1024,
        pool_connections_max: 6,
        seal_key: Some(Sealer::generate()),
        token_public_key: Some(keys.public),
        token_private_key: Some(keys.private),
        intervals: Intervals {
            relay_poll: Duration::from_millis(50),
            heads: Duration::from_millis(200),
            behind_grace: Duration::from_millis(200),
            due_poll: Duration::from_millis(20),
            lease: Duration::from_secs(2),
            retry_max: Duration::from_millis(500),
        },
        ..Config::default()
    }
}
