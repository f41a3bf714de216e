//! What a demo runs on: private servers in a temporary folder, all services in this process, and a
//! simulated clock.

use std::net::Ipv4Addr;

use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use duly_domain::{Date, Instant};
use duly_embedded::{Scratch, Servers};
use duly_platform::{
    Config, Role, Running,
    config::{ClockKind, Intervals},
};
use duly_testkit::{Driver, Set, Shape};

use crate::{
    door::{Door, Tokens},
    home::{self, Home, Serving},
    services,
};

/// Business hours begin.
const MORNING: TimeDelta = TimeDelta::hours(10);

/// A running sandbox. Dropped in any way, its servers stop and its folder goes.
pub struct Sandbox {
    /// Its settings.
    pub home: Home,
    /// The way to its services.
    pub door: Door,
    /// Moves its clock.
    pub driver: Driver,
    running: Running,
    servers: Servers,
    _scratch: Scratch,
}

/// Private servers in a folder of their own, with nothing in them.
pub struct Ground {
    home: Home,
    servers: Servers,
    scratch: Scratch,
}

/// Starts the servers.
///
/// # Errors
/// A program that is missing or too old, or a server that does not start.
pub async fn ground(config: Config) -> Result<Ground> {
    let scratch = Scratch::new("duly-demo")?;
    let any_port = (Ipv4Addr::LOCALHOST, 0).into();
    let config = Config {
        database_url: None,
        nats_url: None,
        schema_prefix: String::new(),
        agency: "Duly Demo Agency".to_owned(),
        grpc_addr: any_port,
        admin_addr: any_port,
        clock: ClockKind::Sim,
        token_public_key: None,
        token_private_key: None,
        seal_key: None,
        intervals: Intervals {
            relay_poll: millis(50),
            heads: millis(500),
            behind_grace: millis(500),
            due_poll: millis(20),
            retry_max: millis(1000),
            ..config.intervals
        },
        ..config
    };
    let mut home = Home { config, dir: scratch.path().to_owned() };
    // What is shown and thrown away need not survive a power cut.
    let servers = home.start_private_with(false).await?;
    Ok(Ground { home, servers, scratch })
}

fn millis(ms: u64) -> std::time::Duration {
    std::time::Duration::from_millis(ms)
}

impl Ground {
    /// Makes the tables and the clock, and starts every service.
    ///
    /// # Errors
    /// A migration or a service that fails.
    pub async fn start(self, today: Date) -> Result<Sandbox> {
        let Self { home, servers, scratch } = self;
        let services = services::<&str>(&[])?;
        let shapes = Shape::of(&services);
        let set = Set::adopt(home.config.clone());
        set.make_sandbox(morning(&home.config, today)).await?;
        set.migrate(&services).await?;
        let running = duly_platform::start(&home.config, services).await?;
        home.tell_serving(&Serving {
            database_url: servers.postgres.url(home::DATABASE),
            nats_url: servers.nats.url(),
            grpc_addr: running.grpc_addr,
            admin_addr: running.admin_addr,
            simulated: true,
        })?;
        let key = home.config.token_private_key.as_ref().context("a sandbox has keys")?;
        let door = Door::new(
            format!("http://{}", running.grpc_addr),
            Tokens::signing(key, Role::Manager)?,
        )?;
        let driver = Driver::new(&set, shapes);
        Ok(Sandbox { home, door, driver, running, servers, _scratch: scratch })
    }
}

/// Ten o'clock of a day in the agency's zone.
pub fn morning(config: &Config, day: Date) -> Instant {
    config.zone.start_of_day(day) + MORNING
}

impl Sandbox {
    /// Works off everything up to this day's morning.
    ///
    /// # Errors
    /// It does not come to rest.
    pub async fn advance_to(&self, day: Date) -> Result<()> {
        self.driver
            .advance_to(morning(&self.home.config, day))
            .await
            .with_context(|| format!("working through the time up to {day}"))
    }

    /// Where the services listen.
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// The private servers.
    pub fn servers(&self) -> &Servers {
        &self.servers
    }

    /// Stops the services and then the servers, and removes the folder.
    ///
    /// # Errors
    /// A server that does not stop.
    pub async fn stop(self) -> Result<()> {
        self.running.stop().await;
        home::stop_servers(self.servers).await
    }
}
