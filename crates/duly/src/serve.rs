//! `duly serve`: runs services until the process is asked to stop.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use duly_embedded::Servers;
use duly_platform::{Running, config::TelemetryConfig, telemetry};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    home::{self, Common, Home, Serving},
    out, services_in, unchecked,
};

/// Run the services: all of them, or those that are named
///
/// Runs until SIGTERM or Ctrl-C, then lets what runs finish.
///
/// Without DULY_DATABASE_URL and DULY_NATS_URL it starts a private Postgres and nats-server in the data
/// directory, makes keys there at the first start, and migrates. With them it uses those servers, which
/// `duly migrate` must have prepared, and takes its keys from the settings.
#[derive(clap::Args)]
pub struct Args {
    /// Services to run: intake, skiptrace, contact, letters, payments, workflow, reporting, gateway;
    /// all where none is named
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

/// How often the private servers are looked at.
const LOOK: Duration = Duration::from_secs(1);

pub async fn run(common: &Common, args: Args) -> Result<()> {
    let mut home = Home::load(common)?;
    let is_private = home.is_private()?;
    let around = home.surroundings()?;
    let services = services_in(&home.config, &around, &args.services)?;
    let warnings = unchecked(&home.config, &services)?;
    let names = services.iter().map(|service| service.name).collect::<Vec<_>>().join(", ");
    if home.config.telemetry.log == TelemetryConfig::default().log {
        // Each migration has Postgres remark on what is not there yet.
        "info,sqlx=warn".clone_into(&mut home.config.telemetry.log);
    }
    let _telemetry = telemetry::init(&home.config.telemetry)?;
    let private = if is_private {
        let servers = home.start_private().await?;
        // All tables and not only those of the services asked for: the next start may ask for others.
        let all = services_in::<&str>(&home.config, &around, &[])?;
        duly_platform::migrate(&home.config, &all)
            .await
            .context("migrating the private database")?;
        Some(servers)
    } else {
        None
    };
    let running = duly_platform::start(&home.config, services).await?;
    let http = running.http_addr.map(|at| format!(", HTTP on http://{at}")).unwrap_or_default();
    for warning in warnings {
        out::note(format!("warning: {warning}"));
    }
    out::note(format!(
        "duly serves {names}: gRPC on {}{http}, health and metrics on {}",
        running.grpc_addr, running.admin_addr
    ));
    match private {
        None => until_stopped(running).await,
        Some(servers) => serve_private(&home, running, servers).await,
    }
}

async fn serve_private(home: &Home, running: Running, mut servers: Servers) -> Result<()> {
    let serving = Serving {
        database_url: servers.postgres.url(home::DATABASE),
        nats_url: servers.nats.url(),
        grpc_addr: running.grpc_addr,
        admin_addr: running.admin_addr,
        simulated: false,
    };
    home.tell_serving(&serving)?;
    out::note(format!(
        "private servers in {}: {} and {}",
        home.dir.display(),
        serving.database_url,
        serving.nats_url
    ));
    let done = tokio::select! {
        done = until_stopped(running) => done,
        // What runs cannot finish without them: it is cut off, as by a kill.
        ended = until_ended(&mut servers) => ended,
    };
    home.stopped_serving();
    home::stop_servers(servers).await?;
    done
}

/// Waits until one of the private servers has ended by itself.
async fn until_ended(servers: &mut Servers) -> Result<()> {
    let mut every = tokio::time::interval(LOOK);
    loop {
        every.tick().await;
        if let Some(words) = servers.ended()? {
            bail!(
                "the private {words}\nnothing that was answered is lost: run `duly serve` again once \
                 its cause is gone"
            );
        }
    }
}

/// Serves until a signal or the failure of a part.
///
/// # Errors
/// A part ended by itself.
pub async fn until_stopped(mut running: Running) -> Result<()> {
    let stopped_by = tokio::select! {
        name = stop_signal() => Some(name?),
        () = running.failed() => None,
    };
    match stopped_by {
        Some(name) => {
            out::note(format!("{name}: stopping; what runs is finished first"));
            tokio::select! {
                () = running.stop() => out::note("stopped"),
                name = stop_signal() => bail!("{} again: stopped at once", name?),
            }
            Ok(())
        }
        None => {
            running.stop().await;
            bail!("a part of it ended by itself: the log above says why; it was all stopped")
        }
    }
}

/// Waits until somebody asks this process to stop; gives the signal's name.
///
/// # Errors
/// The system does not let us listen for signals.
pub async fn stop_signal() -> Result<&'static str> {
    let listen = |kind, name| signal(kind).with_context(|| format!("listening for {name}"));
    let mut term = listen(SignalKind::terminate(), "SIGTERM")?;
    let mut interrupt = listen(SignalKind::interrupt(), "SIGINT")?;
    let mut hangup = listen(SignalKind::hangup(), "SIGHUP")?;
    Ok(tokio::select! {
        _ = term.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
        _ = hangup.recv() => "SIGHUP",
    })
}
