//! `duly frames`: what travels between services and what does not.

use std::str::FromStr as _;

use anyhow::{Context as _, Result, bail};
use duly_platform::{Config, Host, Running, Service, db, heads, parked};
use sqlx::{
    ConnectOptions as _, Connection as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    Surroundings,
    home::{Common, Home, Opened},
    out, services_in,
};

/// Look at what travels between services: what lags, what is parked
///
/// Looks at an installation's own database: DULY_DATABASE_URL, else the private one.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// How far each service is behind what it has heard of, per kind of event
    Lag(Named),
    /// Events and due work that failed for a reason in their data, with the error
    Parked(Named),
    /// Handle what is parked again, once the reason is gone
    Replay(Named),
}

#[derive(clap::Args)]
struct Named {
    /// Services to look at: intake, skiptrace, contact, letters, payments, workflow, reporting, gateway;
    /// all where none is named
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

pub async fn run(common: &Common, args: Args) -> Result<()> {
    let (Verb::Lag(named) | Verb::Parked(named) | Verb::Replay(named)) = &args.verb;
    let home = Home::load(common)?;
    let around = home.surroundings()?;
    let services = services_in(&home.config, &around, &named.services)?;
    let opened = home.open().await?;
    let done = match args.verb {
        Verb::Lag(_) => lag(&opened, &services).await,
        Verb::Parked(_) => {
            with_hosts(&opened, services, async |hosts| list_parked(hosts).await).await
        }
        Verb::Replay(_) => replay(&opened, &around, services).await,
    };
    opened.close().await?;
    done
}

async fn lag(opened: &Opened, services: &[Service]) -> Result<()> {
    let mut table = out::table(["service", "hears", "epoch", "handled", "head", "behind"]);
    let mut behind = 0;
    for service in services {
        let schema = format!("{}{}", opened.config.schema_prefix, service.name);
        let pool = pool(opened.database_url(), &schema).await?;
        let kinds = heads::lag(&pool).await.with_context(|| {
            format!("reading the floors of {schema}: if it is missing, run `duly migrate`")
        })?;
        pool.close().await;
        for kind in kinds {
            let missing = (kind.head - kind.floor).max(0);
            behind += missing;
            table.add_row([
                service.name.to_owned(),
                kind.kind,
                kind.epoch.to_string(),
                out::count(kind.floor),
                out::count(kind.head),
                out::count(missing),
            ]);
        }
    }
    out::right(&mut table, 2..=5);
    if table.row_count() == 0 {
        return out::say("no service has heard of anything yet");
    }
    out::say(table)?;
    if behind > 0 {
        out::note("a service that runs asks for what it misses after a few seconds");
    }
    Ok(())
}

/// A pool of one connection on one schema, as the login role.
async fn pool(url: &str, schema: &str) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)
        .context(
            "DULY_DATABASE_URL is no Postgres address; it reads postgres://user@host:port/name",
        )?
        .options([("search_path", schema)])
        .disable_statement_logging();
    // A pool would wait for a database that is not there; one connection says so at once.
    db::connect_one(url, schema).await?.close().await?;
    PgPoolOptions::new().max_connections(1).connect_with(options).await.with_context(|| {
        "cannot reach the database: start it, or set DULY_DATABASE_URL to another".to_owned()
    })
}

async fn list_parked(hosts: Vec<&Host>) -> Result<()> {
    let mut table = out::table(["service", "id", "what", "kind", "parked at", "error"]);
    for host in hosts {
        for one in parked::list(host).await.context("reading what is parked")? {
            table.add_row([
                host.service().to_owned(),
                one.id.to_string(),
                one.source,
                one.kind,
                one.parked_at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
                one.error,
            ]);
        }
    }
    if table.row_count() == 0 {
        return out::say("nothing is parked");
    }
    out::say(table)
}

async fn replay(opened: &Opened, around: &Surroundings, services: Vec<Service>) -> Result<()> {
    let names: Vec<&str> = services.iter().map(|service| service.name).collect();
    // The listeners of those that run are moved into them.
    let heard = services_in(&opened.config, around, &names)?;
    let still = with_hosts(opened, services, async |hosts| {
        let mut still = 0;
        for host in hosts {
            let service = heard.iter().find(|service| service.name == host.service());
            let listeners = service.map(|service| service.listeners.as_slice()).unwrap_or_default();
            let (handled, left) = parked::replay(host, listeners)
                .await
                .with_context(|| format!("replaying what {} parked", host.service()))?;
            out::say(format!("{}: {handled} handled, {left} parked still", host.service()))?;
            still += left;
        }
        Ok(still)
    })
    .await?;
    if still > 0 {
        bail!("{still} fail for the same reason still: `duly frames parked` shows the errors");
    }
    Ok(())
}

/// Runs the services on free ports for as long as `work` takes: one more replica of each, which is
/// always allowed.
async fn with_hosts<A>(
    opened: &Opened,
    services: Vec<Service>,
    work: impl AsyncFnOnce(Vec<&Host>) -> Result<A>,
) -> Result<A> {
    let any_port = ([127, 0, 0, 1], 0).into();
    let config = Config {
        grpc_addr: any_port,
        admin_addr: any_port,
        http_addr: any_port,
        ..opened.config.clone()
    };
    let running: Running = duly_platform::start(&config, services).await?;
    let done = work(running.hosts.values().collect()).await;
    running.stop().await;
    done
}
