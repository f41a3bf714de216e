//! Where this installation is: its settings, its data directory and, without servers of its own, the
//! private ones in it.

use std::{
    env,
    fs::{self, File, TryLockError},
    io::{ErrorKind, Write as _},
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use duly_embedded::{Servers, ServersOptions};
use duly_platform::{
    Config,
    config::{ClockKind, SecretText},
};
use serde::{Deserialize, Serialize};

use crate::{
    Surroundings, files,
    keys::{self, Keys},
};

/// The database in a private Postgres.
pub const DATABASE: &str = "duly";

const INSTALLATION: &str = "Which installation";

/// Options that every verb takes.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Common {
    /// Settings file (TOML); else the one that DULY_CONFIG names. DULY_* variables come before it
    #[arg(long, global = true, value_name = "FILE", help_heading = INSTALLATION)]
    pub config: Option<PathBuf>,
    /// Folder of the keys and the private servers; else DULY_DATA_DIR, else /var/lib/duly as root and
    /// ~/.local/share/duly otherwise
    #[arg(long, global = true, value_name = "DIR", help_heading = INSTALLATION)]
    pub data_dir: Option<PathBuf>,
}

/// One installation as this process sees it.
pub struct Home {
    /// Its settings, completed by the keys of the data directory where there are any.
    pub config: Config,
    /// Its data directory; it need not exist.
    pub dir: PathBuf,
}

/// What a serving process with private servers tells the other verbs, for as long as it lives.
#[derive(Debug, Serialize, Deserialize)]
pub struct Serving {
    /// The private database.
    pub database_url: String,
    /// The private broker.
    pub nats_url: String,
    /// Where its methods answer.
    pub grpc_addr: SocketAddr,
    /// Where health and metrics answer.
    pub admin_addr: SocketAddr,
    /// Whether its business time is a sandbox's simulated clock.
    #[serde(default)]
    pub simulated: bool,
}

impl Home {
    /// Settings from file and environment, keys from the data directory.
    ///
    /// # Errors
    /// What is wrong with the settings, or keys that cannot be read.
    pub fn load(common: &Common) -> Result<Self> {
        let mut config = Config::load(common.config.as_deref())?;
        let dir = match &common.data_dir {
            Some(dir) => dir.clone(),
            None => default_dir()?,
        };
        let dir = std::path::absolute(&dir)
            .with_context(|| format!("finding the data directory {}", dir.display()))?;
        if let Some(keys) = Keys::read(&keys_dir(&dir))? {
            keys.fill(&mut config);
        }
        Ok(Self { config, dir })
    }

    /// Whether it runs on private servers.
    ///
    /// # Errors
    /// Only one of the two servers is named.
    pub fn is_private(&self) -> Result<bool> {
        match (&self.config.database_url, &self.config.nats_url) {
            (None, None) => Ok(true),
            (Some(_), Some(_)) => Ok(false),
            (Some(_), None) => bail!(
                "DULY_DATABASE_URL is set and DULY_NATS_URL is not: set both to use servers of your \
                 own, or neither to have private ones"
            ),
            (None, Some(_)) => bail!(
                "DULY_NATS_URL is set and DULY_DATABASE_URL is not: set both to use servers of your \
                 own, or neither to have private ones"
            ),
        }
    }

    /// Private servers bring folders for letters and searches along, in the data directory.
    ///
    /// # Errors
    /// Only one of the two servers is named.
    pub fn surroundings(&self) -> Result<Surroundings> {
        if !self.is_private()? {
            return Ok(Surroundings::default());
        }
        Ok(Surroundings {
            print_dir: Some(self.dir.join("letters")),
            provider_dir: Some(self.dir.join("provider")),
            policy: None,
        })
    }

    /// Starts the private servers and points the settings at them; at the first start it makes the
    /// data directory and the keys.
    ///
    /// # Errors
    /// What keeps a server from starting, named with its remedy.
    pub async fn start_private(&mut self) -> Result<Servers> {
        self.start_private_with(true).await
    }

    /// The same; without `durable` a power cut may take what was committed.
    ///
    /// # Errors
    /// As [`Home::start_private`].
    pub async fn start_private_with(&mut self, durable: bool) -> Result<Servers> {
        make_dir(&self.dir)?;
        if let Some(serving) = self.serving() {
            bail!(
                "{} is in use by a running `duly serve`, whose gRPC address is {}: stop that one \
                 first or choose another --data-dir. To run services as several processes on its \
                 servers, set DULY_DATABASE_URL={} and DULY_NATS_URL={}",
                self.dir.display(),
                serving.grpc_addr,
                serving.database_url,
                serving.nats_url
            );
        }
        let servers = start_servers(self.dir.clone(), durable).await?;
        self.ensure_keys()?;
        point_at(&mut self.config, &servers);
        Ok(servers)
    }

    fn ensure_keys(&mut self) -> Result<()> {
        let config = &self.config;
        if config.seal_key.is_some() && config.token_public_key.is_some() {
            return Ok(());
        }
        let dir = keys_dir(&self.dir);
        if self.dir.join("served").exists() {
            bail!(
                "the keys in {} are missing though this data directory was served before: put them \
                 back from your backup, for values sealed with the lost key can never be read",
                dir.display()
            );
        }
        keys::clear_half_made(&dir)?;
        let keys = Keys::generate();
        keys.write(&dir)?;
        keys.fill(&mut self.config);
        Ok(())
    }

    /// Tells the other verbs where the private servers and the methods are.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn tell_serving(&self, serving: &Serving) -> Result<()> {
        for (name, text) in [("served", String::new()), (SERVING, serde_json::to_string(serving)?)]
        {
            let path = self.dir.join(name);
            let written = fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&path)
                .and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|error| files::trouble("writing", &path, error))?;
        }
        Ok(())
    }

    /// Takes that back.
    pub fn stopped_serving(&self) {
        // A file left behind says nothing as long as nobody holds the lock.
        let _ = fs::remove_file(self.dir.join(SERVING));
    }

    /// The process that serves this data directory now, if one does.
    pub fn serving(&self) -> Option<Serving> {
        if !is_locked(&self.dir.join("postgres/lock")) {
            return None;
        }
        serde_json::from_slice(&fs::read(self.dir.join(SERVING)).ok()?).ok()
    }

    /// Settings that name a database and a broker that run: those that are set, else those of the
    /// process that serves this data directory, else the private ones, started for as long as the
    /// answer lives.
    ///
    /// # Errors
    /// There is no such installation yet, or its servers do not start.
    pub async fn open(mut self) -> Result<Opened> {
        if self.config.database_url.is_some() {
            return Ok(Opened { config: self.config, servers: None });
        }
        if let Some(serving) = self.serving() {
            self.config.database_url = Some(SecretText::new(serving.database_url));
            self.config.nats_url.get_or_insert(serving.nats_url);
            if serving.simulated {
                self.config.clock = ClockKind::Sim;
            }
            return Ok(Opened { config: self.config, servers: None });
        }
        if !self.dir.join("postgres/data").exists() {
            bail!(
                "there is no installation in {}: make one with `duly serve`, name another with \
                 --data-dir, or set DULY_DATABASE_URL to your own database",
                self.dir.display()
            );
        }
        let servers = self.start_private().await?;
        Ok(Opened { config: self.config, servers: Some(servers) })
    }
}

/// An installation whose servers run.
pub struct Opened {
    /// Its settings, both servers named.
    pub config: Config,
    servers: Option<Servers>,
}

impl Opened {
    /// The address of its database.
    ///
    /// # Panics
    /// Never: [`Home::open`] names it.
    pub fn database_url(&self) -> &str {
        self.config.database_url.as_ref().expect("an opened installation has a database").expose()
    }

    /// Stops what was started for it.
    ///
    /// # Errors
    /// A server that does not stop.
    pub async fn close(self) -> Result<()> {
        match self.servers {
            Some(servers) => stop_servers(servers).await,
            None => Ok(()),
        }
    }
}

const SERVING: &str = "serving.json";

fn keys_dir(dir: &Path) -> PathBuf {
    dir.join("keys")
}

async fn start_servers(dir: PathBuf, durable: bool) -> Result<Servers> {
    let started = tokio::task::spawn_blocking(move || {
        let servers =
            Servers::start(&ServersOptions { dir, durable, ..ServersOptions::default() })?;
        servers.postgres.create_database(DATABASE)?;
        Ok(servers)
    });
    started.await.context("starting the private servers")?
}

/// Stops both.
///
/// # Errors
/// One that does not stop.
pub async fn stop_servers(servers: Servers) -> Result<()> {
    tokio::task::spawn_blocking(move || servers.stop())
        .await
        .context("stopping the private servers")?
}

fn point_at(config: &mut Config, servers: &Servers) {
    config.database_url = Some(SecretText::new(servers.postgres.url(DATABASE)));
    config.nats_url = Some(servers.nats.url());
}

/// Whether a living process holds the lock. Trying it takes it for a moment, which no owner minds: a
/// server that starts then says who has it.
fn is_locked(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// As root the servers run as another account, which must be able to pass through.
fn make_dir(dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o711).create(dir).map_err(|error| {
        let remedy = match error.kind() {
            ErrorKind::PermissionDenied => {
                "; choose a folder that you may write with --data-dir or DULY_DATA_DIR"
            }
            ErrorKind::StorageFull => "; free some space there or choose another --data-dir",
            _ => "",
        };
        anyhow::Error::new(error)
            .context(format!("making the data directory {}{remedy}", dir.display()))
    })
}

fn default_dir() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(dir) = set("DULY_DATA_DIR") {
        return Ok(dir);
    }
    if rustix::process::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/duly"));
    }
    // The XDG specification has relative paths ignored.
    if let Some(dir) = set("XDG_DATA_HOME").filter(|dir| dir.is_absolute()) {
        return Ok(dir.join("duly"));
    }
    let home = set("HOME").context(
        "neither HOME nor XDG_DATA_HOME is set: name a data directory with --data-dir or DULY_DATA_DIR",
    )?;
    Ok(home.join(".local/share/duly"))
}
