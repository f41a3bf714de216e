//! Running services: one process takes any of them, alone or together, and nothing in flight outlives
//! the process without a row.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use anyhow::Context as _;
use duly_domain::Ticks;
use futures::future::join_all;
use tokio::{net::TcpListener, sync::Notify, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    admin,
    auth::{Access, Verifier},
    broker::Broker,
    clock::{Clock, SimClock},
    config::{ClockKind, Config},
    consume, db, due, heads,
    host::{Host, Inner},
    outside, relay, resend,
    seal::Sealer,
    server,
    service::Service,
};

/// How long readiness waits for each database.
const READY_TIME_MAX: Duration = Duration::from_millis(1_500);

/// Services that run, until they are stopped.
pub struct Running {
    /// Where the gRPC methods answer.
    pub grpc_addr: SocketAddr,
    /// Where health and metrics answer.
    pub admin_addr: SocketAddr,
    /// Where REST and pages answer, when a service that runs here has any.
    pub http_addr: Option<SocketAddr>,
    /// The surroundings of each service, by name.
    pub hosts: BTreeMap<&'static str, Host>,
    shutdown: CancellationToken,
    tasks: JoinSet<()>,
    lease: Duration,
}

/// Makes or upgrades the schemas of the services.
///
/// # Errors
/// No database, or a migration that fails.
pub async fn migrate(config: &Config, services: &[Service]) -> anyhow::Result<()> {
    let url = database_url(config)?;
    for service in services {
        db::migrate(url, &schema_of(config, service.name), service).await?;
    }
    Ok(())
}

fn database_url(config: &Config) -> anyhow::Result<&str> {
    let url = config.database_url.as_ref().context(
        "no database is configured; set DULY_DATABASE_URL to postgres://user@host:port/name",
    )?;
    Ok(url.expose())
}

fn nats_url(config: &Config) -> anyhow::Result<&str> {
    config
        .nats_url
        .as_deref()
        .context("no broker is configured; set DULY_NATS_URL to nats://host:port")
}

fn sealer(config: &Config) -> anyhow::Result<Sealer> {
    let key = config.seal_key.as_ref().context(
        "no sealing key is configured; set DULY_SEAL_KEY to 32 random bytes in hex or base64",
    )?;
    Ok(Sealer::new(config.seal_key_id.clone(), key)?)
}

fn verifier(config: &Config) -> anyhow::Result<Verifier> {
    let key = config.token_public_key.as_ref().context(
        "no token key is configured; set DULY_TOKEN_PUBLIC_KEY to an Ed25519 public key in PEM",
    )?;
    Ok(Verifier::from_pem(key)?)
}

fn schema_of(config: &Config, service: &str) -> String {
    format!("{}{service}", config.schema_prefix)
}

/// Starts services on migrated schemas. Everything is checked before anything runs.
///
/// # Errors
/// What is missing, named with its remedy: database, broker, migrations, keys, ports.
pub async fn start(config: &Config, services: Vec<Service>) -> anyhow::Result<Running> {
    let url = database_url(config)?;
    let sealer = Arc::new(sealer(config)?);
    let verifier = Arc::new(verifier(config)?);
    let clock = match config.clock {
        ClockKind::System => Clock::System,
        ClockKind::Sim => {
            let sim = SimClock::of_set(&config.schema_prefix);
            sim.assert_sandbox(&mut db::connect_one(url, "public").await?).await?;
            Clock::Sim(sim)
        }
    };
    let ticks = Ticks::new(chrono::Duration::from_std(config.tick)?)?;
    let grpc = server::bind(config.grpc_addr, "grpc_addr").await?;
    let admin = server::bind(config.admin_addr, "admin_addr").await?;
    let http = match services.iter().any(|service| service.http.is_some()) {
        true => Some(server::bind(config.http_addr, "http_addr").await?),
        false => None,
    };
    let broker = Broker::connect(nats_url(config)?, config).await?;

    let mut running = Running {
        grpc_addr: grpc.local_addr()?,
        admin_addr: admin.local_addr()?,
        http_addr: http.as_ref().map(TcpListener::local_addr).transpose()?,
        hosts: BTreeMap::new(),
        shutdown: CancellationToken::new(),
        tasks: JoinSet::new(),
        lease: config.intervals.lease,
    };
    let mut routes = tonic::service::Routes::default();
    let mut pages = axum::Router::new();
    let mut access: Vec<Access> = Vec::new();
    let mut checked = Vec::with_capacity(services.len());
    for service in services {
        service.check()?;
        let schema = schema_of(config, service.name);
        let pool = db::connect(url, &schema, &service, config.pool_connections_max).await?;
        let host = Host::new(Inner {
            service: service.name,
            schema,
            pool,
            clock: clock.clone(),
            ticks,
            agency: config.agency.clone(),
            agency_licence: config.agency_licence.clone(),
            zone: config.zone,
            sealer: sealer.clone(),
            relay: Notify::new(),
            due: Notify::new(),
            at_work: AtomicUsize::new(0),
            lease: config.intervals.lease,
            message_bytes_max: config.message_bytes_max,
            grpc_addr: running.grpc_addr,
            state: service.state.clone(),
        });
        broker.ensure_stream(service.name).await?;
        access.extend_from_slice(service.access);
        routes = merge(routes, (service.routes)(host.clone()));
        if let Some(http) = service.http {
            pages = pages.merge(http(host.clone()));
        }
        running.hosts.insert(service.name, host.clone());
        checked.push((host, service));
    }
    for (host, service) in checked {
        running.run_service(config, &broker, &host, service);
    }
    let descriptors = duly_proto::DESCRIPTORS;
    let ready = readiness(&running, &broker);
    let stop = running.shutdown.clone();
    running.spawn("gRPC server", async move {
        server::serve_grpc(grpc, routes, access, verifier, descriptors, stop).await
    });
    let stop = running.shutdown.clone();
    running.spawn(
        "admin server",
        async move { admin::serve(admin, admin::router(ready), stop).await },
    );
    if let Some(http) = http {
        let stop = running.shutdown.clone();
        running.spawn("HTTP server", async move { server::serve_http(http, pages, stop).await });
    }
    tracing::info!(
        grpc = %running.grpc_addr,
        admin = %running.admin_addr,
        "serving {} on {}",
        running.hosts.keys().copied().collect::<Vec<_>>().join(", "),
        running.grpc_addr
    );
    Ok(running)
}

/// One set of routes out of two. Both bring tonic's answer to unknown methods; one is enough.
fn merge(all: tonic::service::Routes, one: tonic::service::Routes) -> tonic::service::Routes {
    all.into_axum_router().merge(one.into_axum_router().reset_fallback()).into()
}

fn readiness(running: &Running, broker: &Broker) -> admin::Check {
    let hosts: Vec<Host> = running.hosts.values().cloned().collect();
    let client = broker.client.clone();
    Arc::new(move || {
        let (hosts, client) = (hosts.clone(), client.clone());
        Box::pin(async move {
            // Each for itself: one that is silent must not hide which one it is.
            let asked = hosts.iter().map(async |host| {
                let ask = sqlx::query("SELECT 1").execute(host.pool());
                let answered = match timeout(READY_TIME_MAX, ask).await {
                    Ok(answered) => answered.map(drop).map_err(|e| e.to_string()),
                    Err(_) => Err(format!("does not answer in {READY_TIME_MAX:?}")),
                };
                (format!("postgres:{}", host.schema()), answered)
            });
            let mut checks = join_all(asked).await;
            let connected = client.connection_state() == async_nats::connection::State::Connected;
            checks.push((
                "nats".to_owned(),
                connected.then_some(()).ok_or_else(|| "not connected".to_owned()),
            ));
            checks
        })
    })
}

impl Running {
    /// Stops taking work, lets what runs finish, and closes the pools. What has not finished after a
    /// lease, when another replica may have it anyway, is cut off as by a kill.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(self.lease.max(server::GRACE), finished).await.is_err() {
            tracing::warn!("{} parts did not finish in time and were cut off", self.tasks.len());
        }
        self.abort().await;
    }

    /// Stops at once, as a killed process would: nothing finishes. For tests.
    pub async fn abort(mut self) {
        self.tasks.shutdown().await;
        let closed = futures::future::join_all(self.hosts.values().map(|host| host.pool().close()));
        // A call whose connection was cut off may hold a session still: its end is the process's.
        if tokio::time::timeout(server::GRACE, closed).await.is_err() {
            tracing::warn!("sessions of calls that were cut off are left to the process's end");
        }
    }

    /// Waits until a task ends by itself, which none should.
    pub async fn failed(&mut self) {
        self.tasks.join_next().await;
    }

    fn spawn<T>(
        &mut self,
        name: &'static str,
        task: impl Future<Output = anyhow::Result<T>> + Send + 'static,
    ) {
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            if let Err(error) = task.await {
                tracing::error!(error = format!("{error:#}"), "the {name} ended");
                shutdown.cancel();
            }
        });
    }

    fn run_service(&mut self, config: &Config, broker: &Broker, host: &Host, service: Service) {
        let (stop, every) = (self.shutdown.clone(), &config.intervals);
        self.tasks.spawn(relay::relay(
            host.clone(),
            broker.clone(),
            every.relay_poll,
            every.retry_max,
            stop.clone(),
        ));
        self.tasks.spawn(heads::announce(host.clone(), broker.clone(), every.heads, stop.clone()));
        self.tasks.spawn(resend::answer(
            host.clone(),
            broker.clone(),
            every.behind_grace,
            stop.clone(),
        ));
        let queues = service.queues();
        if !queues.is_empty() {
            self.tasks.spawn(due::scout(host.clone(), queues, every.due_poll, stop.clone()));
        }
        let mut by_source: BTreeMap<&'static str, Vec<crate::Listener>> = BTreeMap::new();
        for listener in service.listeners {
            by_source.entry(listener.source).or_default().push(listener);
        }
        for (source, listeners) in by_source {
            self.tasks.spawn(heads::follow(
                host.clone(),
                broker.clone(),
                source,
                listeners.clone(),
                every.behind_grace,
                stop.clone(),
            ));
            self.tasks.spawn(consume::hear(
                host.clone(),
                broker.clone(),
                source,
                listeners,
                every.retry_max,
                stop.clone(),
            ));
        }
        for work in service.due {
            self.tasks.spawn(due::work_off(
                host.clone(),
                work,
                every.due_poll,
                every.retry_max,
                stop.clone(),
            ));
        }
        for work in service.outside {
            self.tasks.spawn(outside::work_off(
                host.clone(),
                work,
                every.due_poll,
                every.retry_max,
                stop.clone(),
            ));
        }
    }
}

/// Waits on machine time, or until the shutdown.
#[expect(clippy::disallowed_methods, reason = "machine time between polls and retries")]
pub(crate) async fn pause(time: Duration, shutdown: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = shutdown.cancelled() => {}
    }
}

/// How long to wait after so many failures in a row: doubling from 20 ms, up to a limit.
pub(crate) fn retry_after(failures: u32, max: Duration) -> Duration {
    Duration::from_millis(20).saturating_mul(1 << failures.min(16)).min(max)
}

/// Counts one more try of a unit of work that its surroundings failed.
pub(crate) fn retried(host: &Host, what: &'static str) {
    metrics::counter!("duly_retries_total", "service" => host.service(), "what" => what)
        .increment(1);
}
