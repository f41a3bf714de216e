//! A private PostgreSQL: made, started, reused and stopped.
//!
//! `dir` holds `data` (the cluster), `postgres.log`, `lock` (held by the owner while it lives) and, where
//! the path is short enough, the socket.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::account::Account;
use crate::daemon::{Daemon, POLL};
use crate::find::{PostgresBinaries, find_postgres};
use crate::{explain, owner, ports};

/// The database superuser; trusted without password, on 127.0.0.1 and the socket alone.
const USER: &str = "duly";

/// Linux' limit for the path of a socket, its closing zero byte included.
const SOCKET_PATH_MAX: usize = 107;

/// Longer than any start but one that replays a large log after a crash.
const START_PATIENCE: Duration = Duration::from_secs(120);

/// Fast shutdown writes a checkpoint; past this the server is killed and recovers at its next start.
const STOP_PATIENCE: Duration = Duration::from_secs(60);

/// How often another free port is tried when a program takes the one just found.
const PORT_TRIES: u32 = 5;

/// How to start a private Postgres.
#[derive(Debug, Clone, Default)]
pub struct PostgresOptions {
    /// The folder for everything it keeps; made if missing, used again if not.
    pub dir: PathBuf,
    /// A fixed port; a free one when `None`.
    pub port: Option<u16>,
    /// The folder of its programs; see [`find_postgres`] when `None`.
    pub bin_dir: Option<PathBuf>,
    /// Whether a committed row survives a power cut.
    pub durable: bool,
}

/// A running Postgres that stops with this value.
#[derive(Debug)]
pub struct Postgres {
    dir: PathBuf,
    binaries: PostgresBinaries,
    account: Account,
    durable: bool,
    port: u16,
    daemon: Option<Daemon>,
    /// Kept open: the lock lives as long as we do, and no longer.
    _lock: File,
}

impl Postgres {
    /// Makes the cluster if there is none, ends a server that a killed owner left running on it, starts
    /// it and waits until it takes connections.
    pub fn start(options: &PostgresOptions) -> Result<Self> {
        let account = Account::for_postgres()?;
        fs::create_dir_all(&options.dir)
            .with_context(|| format!("making the data directory {}", options.dir.display()))?;
        let dir = fs::canonicalize(&options.dir)
            .with_context(|| format!("finding {}", options.dir.display()))?;
        let lock = owner::lock(&dir)?;
        account.own(&dir)?;
        account.ensure_reaches(&dir)?;

        let made_by = made_by(&dir)?;
        let binaries = find_postgres(options.bin_dir.as_deref(), made_by)?;
        let mut postgres = Self {
            dir,
            binaries,
            account,
            durable: options.durable,
            port: 0,
            daemon: None,
            _lock: lock,
        };
        if made_by.is_none() {
            postgres.init()?;
        }
        owner::end_leftover(
            &postgres.data().join("postmaster.pid"),
            &postgres.data(),
            Signal::INT,
        )?;
        match options.port {
            Some(port) => {
                ports::ensure_free(port, "Postgres")?;
                postgres.launch(port)?;
            }
            None => postgres.launch_on_free_port()?,
        }
        Ok(postgres)
    }

    /// `postgres://duly@127.0.0.1:PORT/DATABASE`.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The programs it was started with.
    pub fn binaries(&self) -> &PostgresBinaries {
        &self.binaries
    }

    /// Makes `database` unless it is there already.
    pub fn create_database(&self, database: &str) -> Result<()> {
        let name = database.replace('\'', "''");
        let there =
            self.query("postgres", &format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"))?;
        if there.is_empty() {
            let quoted = database.replace('"', "\"\"");
            self.query("postgres", &format!("CREATE DATABASE \"{quoted}\""))?;
        }
        Ok(())
    }

    /// Runs SQL through `psql` and gives its bare output, comma separated, trimmed.
    pub fn query(&self, database: &str, sql: &str) -> Result<String> {
        let output = self
            .psql(database)
            .args(["-c", sql])
            .output()
            .with_context(|| format!("running {}", self.binaries.psql().display()))?;
        if !output.status.success() {
            bail!("psql failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// A `psql` command on `database` that prints bare rows and stops at the first error; the caller
    /// adds `-c` or `-f`.
    pub fn psql(&self, database: &str) -> Command {
        let mut command = bare(&self.binaries.psql());
        command.args(["-X", "-q", "-A", "-t", "-F,", "-v", "ON_ERROR_STOP=1"]);
        command.arg(self.url(database)).stdin(Stdio::null());
        command
    }

    /// How it ended by itself, with the last words of its log; `None` while it runs or once it was
    /// stopped.
    pub fn ended(&mut self) -> Result<Option<String>> {
        let Some(daemon) = &mut self.daemon else { return Ok(None) };
        let Some(status) = daemon.ended()? else { return Ok(None) };
        let words = explain::from_log(&self.log(), &self.dir);
        Ok(Some(format!("Postgres ended by itself ({status}): {words}")))
    }

    /// Stops it cleanly: open transactions are rolled back. Nothing happens when it is stopped already.
    pub fn stop(&mut self) -> Result<()> {
        match self.daemon.take() {
            Some(mut daemon) => daemon.end(Signal::INT, STOP_PATIENCE),
            None => Ok(()),
        }
    }

    /// Ends it as a crash would, without a checkpoint, for tests of what survives.
    pub fn kill(&mut self) -> Result<()> {
        match self.daemon.take() {
            // Its own "immediate" stop: a killed postmaster would leave its children to notice.
            Some(mut daemon) => daemon.end(Signal::QUIT, STOP_PATIENCE),
            None => Ok(()),
        }
    }

    /// Starts it again after [`stop`](Self::stop) or [`kill`](Self::kill), on the same port.
    pub fn start_again(&mut self) -> Result<()> {
        self.stop()?;
        ports::ensure_free(self.port, "Postgres")?;
        self.launch(self.port)
    }

    /// Into a folder beside, renamed when done: an `initdb` killed half-way leaves no half cluster.
    fn init(&self) -> Result<()> {
        let making = self.dir.join("data.new");
        if making.exists() {
            fs::remove_dir_all(&making)
                .with_context(|| format!("clearing {}", making.display()))?;
        }
        let mut command = bare(&self.binaries.dir.join("initdb"));
        command.arg("-D").arg(&making);
        command.args(["-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        if !self.durable {
            command.arg("--no-sync");
        }
        command.current_dir(&self.dir).stdin(Stdio::null());
        let output = self.account.lend(&mut command).output().context("starting initdb")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("making a database cluster failed: {}", explain::from_text(&said, &self.dir));
        }
        fs::rename(&making, self.data())
            .with_context(|| format!("putting {} in place", self.data().display()))
    }

    fn launch_on_free_port(&mut self) -> Result<()> {
        for _ in 1..PORT_TRIES {
            let launched = self.launch(ports::free()?);
            if launched.is_ok() || !explain::port_taken(&self.log()) {
                return launched;
            }
        }
        self.launch(ports::free()?)
    }

    fn launch(&mut self, port: u16) -> Result<()> {
        let mut command = bare(&self.binaries.dir.join("postgres"));
        command.arg("-D").arg(self.data()).current_dir(&self.dir);
        for setting in self.settings(port) {
            command.arg("-c").arg(setting);
        }
        let log = self.log();
        let daemon = Daemon::spawn("Postgres", self.account.lend(&mut command), &log, "INT")?;
        self.port = port;
        let daemon = self.daemon.insert(daemon);
        let started = Instant::now();
        while !ready(&self.dir.join("data"), daemon.id()) {
            if let Some(status) = daemon.ended()? {
                // Dismisses the watcher too.
                self.stop()?;
                bail!("Postgres did not start ({status}): {}", explain::from_log(&log, &self.dir));
            }
            if started.elapsed() > START_PATIENCE {
                self.stop()?;
                bail!(
                    "Postgres was not ready after {} s: {}",
                    START_PATIENCE.as_secs(),
                    explain::from_log(&log, &self.dir)
                );
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// Given on the command line, so that an older data directory gets today's settings.
    fn settings(&self, port: u16) -> Vec<String> {
        let mut settings: Vec<String> = [
            "listen_addresses=127.0.0.1",
            "max_connections=300",
            "shared_buffers=256MB",
            "max_wal_size=2GB",
            // Dropping a set of schemas takes a lock on each of its tables and indices.
            "max_locks_per_transaction=256",
            "jit=off",
            "timezone=UTC",
            // A failed statement's text and row may hold personal data: the log gets neither.
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
        ]
        .map(str::to_owned)
        .into();
        settings.push(format!("port={port}"));
        settings.push(format!("unix_socket_directories={}", self.socket_dir(port)));
        if !self.durable {
            let off = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
            settings.extend(off.map(str::to_owned));
        }
        settings
    }

    /// The folder of the socket; empty, which is no socket, where its path would be too long or would
    /// need quoting.
    fn socket_dir(&self, port: u16) -> String {
        let dir = self.dir.to_string_lossy();
        let len = dir.len() + format!("/.s.PGSQL.{port}").len();
        let plain = !dir.contains(|c: char| c == ',' || c == '"' || c.is_whitespace());
        if len < SOCKET_PATH_MAX && plain { dir.into_owned() } else { String::new() }
    }

    fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    fn log(&self) -> PathBuf {
        self.dir.join("postgres.log")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Nobody is left to tell; a server that was killed recovers at its next start.
        let _ = self.stop();
    }
}

/// The major version that made the cluster in `dir`, or `None` where there is none.
fn made_by(dir: &Path) -> Result<Option<u32>> {
    let path = dir.join("data/PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => {
            let major = text.trim().parse();
            Ok(Some(major.with_context(|| format!("reading the version in {}", path.display()))?))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// Postgres writes its state into the eighth line of its pid file.
fn ready(data: &Path, pid: u32) -> bool {
    let Ok(text) = fs::read_to_string(data.join("postmaster.pid")) else { return false };
    let mut lines = text.lines().map(str::trim);
    lines.next() == Some(&pid.to_string()) && lines.nth(6) == Some("ready")
}

/// A command that no `PG*` variable of the user's shell can turn to another server.
fn bare(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command
}
