//! What a demo runs on: private servers in a temporary folder, all services in this process, and a
//! simulated clock.

use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use duly_contact::Policy;
use duly_domain::{Date, Instant};
use duly_embedded::{Scratch, Servers};
use duly_platform::{
    Config, Role, Running,
    config::{ClockKind, Intervals},
};
use duly_testkit::{Driver, Set, Shape};

use super::mailbox::Mailbox;
use crate::{
    Surroundings,
    door::{Door, Tokens},
    home::{self, Home, Serving},
    services_in,
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
    /// Takes its e-mail.
    pub mailbox: Mailbox,
    running: Running,
    servers: Servers,
    scratch: Scratch,
}

/// The agency's tick in a demo: people of an agency look at their work by the hour.
const TICK: std::time::Duration = std::time::Duration::from_secs(60 * 60);

/// What the demo's agency asks of itself, and its licences.
const POLICY: &str = include_str!("../../../../demo/agency.yaml");

/// Folders of a demo's files.
pub const LETTERS: &str = "letters";
/// See [`LETTERS`].
pub const MAIL: &str = "mail";

/// Private servers in a folder of their own, with nothing in them.
pub struct Ground {
    home: Home,
    servers: Servers,
    mailbox: Mailbox,
    scratch: Scratch,
}

/// Starts the servers. Letters are printed and e-mail is kept in folders of `out`.
///
/// # Errors
/// A program that is missing or too old, or a server that does not start.
pub async fn ground(config: Config, out: &Path) -> Result<Ground> {
    let scratch = Scratch::new("duly-demo")?;
    let mailbox = Mailbox::open(&out.join(MAIL))?;
    let letters =
        std::path::absolute(out.join(LETTERS)).context("finding the folder of letters")?;
    // Nothing of the user's own settings of services: nothing of a demo leaves the machine.
    let settings = settings(&letters, &provider_dir(&scratch), &mailbox.url())?;
    let any_port = (Ipv4Addr::LOCALHOST, 0).into();
    let config = Config {
        database_url: None,
        nats_url: None,
        schema_prefix: String::new(),
        agency: "Duly Demo Agency".to_owned(),
        grpc_addr: any_port,
        admin_addr: any_port,
        http_addr: any_port,
        tick: TICK,
        clock: ClockKind::Sim,
        services: settings.services,
        token_public_key: None,
        token_private_key: None,
        seal_key: None,
        // In one process whoever makes work wakes whoever does it: what polls do is only the second net.
        intervals: Intervals {
            retry_max: std::time::Duration::from_secs(1),
            ..Intervals::default()
        },
        ..config
    };
    let mut home = Home { config, dir: scratch.path().to_owned() };
    // What is shown and thrown away need not survive a power cut.
    let servers = home.start_private_with(false).await?;
    Ok(Ground { home, servers, mailbox, scratch })
}

fn provider_dir(scratch: &Scratch) -> PathBuf {
    scratch.path().join("provider")
}

/// How the demo's agency appears on paper, and where its letters and questions go.
fn settings(letters: &Path, provider: &Path, smtp_url: &str) -> Result<Config> {
    // JSON's strings are TOML's.
    let text = |path: &Path| serde_json::to_string(&path.to_string_lossy());
    let toml = format!(
        r#"[services.letters]
agency_address = ["Duly Demo Agency", "PO Box 5550", "Atlanta, GA 30303"]
agency_phone = "+1 404 555 0100"
agency_hours = "Monday to Friday, 9 a.m. to 6 p.m. Eastern time"
agency_email = "service@agency.example"
website = "https://agency.example"
mail_from = "service@agency.example"
smtp_url = "{smtp_url}"
print_dir = {}

[services.skiptrace]
provider_dir = {}
"#,
        text(letters)?,
        text(provider)?
    );
    Ok(Config::assemble(Some(("the demo's settings".to_owned(), toml)), [])?)
}

impl Ground {
    /// Makes the tables and the clock, and starts every service.
    ///
    /// # Errors
    /// A migration or a service that fails.
    pub async fn start(self, today: Date) -> Result<Sandbox> {
        let Self { home, servers, mailbox, scratch } = self;
        let policy = Policy::parse(POLICY).context("reading demo/agency.yaml")?;
        let around = Surroundings { policy: Some(policy), ..Surroundings::default() };
        let services = services_in::<&str>(&home.config, &around, &[])?;
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
        let driver = Driver::new(&set, shapes).of_hosts(running.hosts.values().cloned());
        Ok(Sandbox { home, door, driver, mailbox, running, servers, scratch })
    }
}

/// Ten o'clock of a day in the agency's zone.
pub fn morning(config: &Config, day: Date) -> Instant {
    config.zone.start_of_day(day) + MORNING
}

impl Sandbox {
    /// Where the provider of searches finds its questions.
    pub fn provider_dir(&self) -> PathBuf {
        provider_dir(&self.scratch)
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
