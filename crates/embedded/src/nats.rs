//! A private nats-server with JetStream: started, killed, wiped and started again.
//!
//! `dir` holds `store` (JetStream's files), `nats.log`, `nats.pid` and `lock` (held by the owner).

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::daemon::{Daemon, POLL};
use crate::find::{NatsServer, find_nats, nats_version};
use crate::{explain, owner, ports};

/// A store of many streams takes seconds to read back.
const START_PATIENCE: Duration = Duration::from_secs(60);
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// How often another free port is tried when a program takes the one just found.
const PORT_TRIES: u32 = 5;

/// How to start a private nats-server.
#[derive(Debug, Clone, Default)]
pub struct NatsOptions {
    /// The folder for everything it keeps; made if missing, used again if not.
    pub dir: PathBuf,
    /// A fixed port; a free one when `None`.
    pub port: Option<u16>,
    /// The program; see [`find_nats`] when `None`.
    pub server: Option<PathBuf>,
}

/// A running nats-server that stops with this value.
#[derive(Debug)]
pub struct Nats {
    dir: PathBuf,
    server: NatsServer,
    port: u16,
    daemon: Option<Daemon>,
    /// Kept open: two servers on one store would spoil it.
    _lock: File,
}

impl Nats {
    /// Starts it and waits until it takes clients with JetStream on.
    pub fn start(options: &NatsOptions) -> Result<Self> {
        let server = match &options.server {
            Some(path) => nats_version(path)?,
            None => find_nats(None, None)?,
        };
        fs::create_dir_all(&options.dir)
            .with_context(|| format!("making the data directory {}", options.dir.display()))?;
        let dir = fs::canonicalize(&options.dir)
            .with_context(|| format!("finding {}", options.dir.display()))?;
        let lock = owner::lock(&dir)?;
        let mut nats = Self { dir, server, port: 0, daemon: None, _lock: lock };
        owner::end_leftover(&nats.pid_file(), &nats.store(), Signal::TERM)?;
        match options.port {
            Some(port) => {
                ports::ensure_free(port, "nats-server")?;
                nats.launch(port)?;
            }
            None => nats.launch_on_free_port()?,
        }
        Ok(nats)
    }

    /// `nats://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The program it was started with.
    pub fn server(&self) -> &NatsServer {
        &self.server
    }

    /// How it ended by itself, with the last words of its log; `None` while it runs or once it was
    /// stopped.
    pub fn ended(&mut self) -> Result<Option<String>> {
        let Some(daemon) = &mut self.daemon else { return Ok(None) };
        let Some(status) = daemon.ended()? else { return Ok(None) };
        let words = explain::from_log(&self.log(), &self.dir);
        Ok(Some(format!("nats-server ended by itself ({status}): {words}")))
    }

    /// Stops it cleanly. Nothing happens when it is stopped already.
    pub fn stop(&mut self) -> Result<()> {
        self.end(Signal::TERM)
    }

    /// Ends it as a crash would.
    pub fn kill(&mut self) -> Result<()> {
        self.end(Signal::KILL)
    }

    /// Starts it again after [`stop`](Self::stop) or [`kill`](Self::kill), on the same port.
    pub fn start_again(&mut self) -> Result<()> {
        self.stop()?;
        ports::ensure_free(self.port, "nats-server")?;
        self.launch(self.port)
    }

    /// Deletes every stream and consumer from the disk of a server that is stopped.
    pub fn wipe_store(&mut self) -> Result<()> {
        if self.daemon.is_some() {
            bail!("stop the nats-server before its store is wiped");
        }
        let store = self.store();
        if store.exists() {
            fs::remove_dir_all(&store).with_context(|| format!("deleting {}", store.display()))?;
        }
        Ok(())
    }

    fn end(&mut self, signal: Signal) -> Result<()> {
        match self.daemon.take() {
            Some(mut daemon) => daemon.end(signal, STOP_PATIENCE),
            None => Ok(()),
        }
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
        let mut command = Command::new(&self.server.path);
        command.args(["--addr", "127.0.0.1", "--port", &port.to_string(), "--jetstream"]);
        command.arg("--store_dir").arg(self.store()).arg("--pid").arg(self.pid_file());
        command.args(["--name", &name(port)]).current_dir(&self.dir);
        let log = self.log();
        self.daemon = Some(Daemon::spawn("nats-server", &mut command, &log, "TERM")?);
        self.port = port;
        let started = Instant::now();
        while !self.answers()? {
            let status = match &mut self.daemon {
                Some(daemon) => daemon.ended()?,
                None => None,
            };
            if let Some(status) = status {
                self.stop()?;
                bail!(
                    "nats-server did not start ({status}): {}",
                    explain::from_log(&log, &self.dir)
                );
            }
            if started.elapsed() > START_PATIENCE {
                self.stop()?;
                bail!(
                    "nats-server was not ready after {} s: {}",
                    START_PATIENCE.as_secs(),
                    explain::from_log(&log, &self.dir)
                );
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// Whether it greets a client, by its name: on a port just found free another program may answer. The
    /// greeting says too whether JetStream is on: without, it would take messages and keep none.
    fn answers(&mut self) -> Result<bool> {
        let Some(stream) = ports::connect(self.port) else { return Ok(false) };
        stream.set_read_timeout(Some(Duration::from_secs(5))).context("setting a read timeout")?;
        let mut greeting = String::new();
        let read = BufReader::new(stream).read_line(&mut greeting);
        if read.is_err() || !greeting.contains(&format!("\"{}\"", name(self.port))) {
            return Ok(false);
        }
        if !greeting.contains("\"jetstream\":true") {
            let log = self.log();
            self.stop()?;
            bail!("nats-server runs without JetStream: {}", explain::from_log(&log, &self.dir));
        }
        Ok(true)
    }

    fn store(&self) -> PathBuf {
        self.dir.join("store")
    }

    fn log(&self) -> PathBuf {
        self.dir.join("nats.log")
    }

    fn pid_file(&self) -> PathBuf {
        self.dir.join("nats.pid")
    }
}

/// A name that no other server has at the same time.
fn name(port: u16) -> String {
    format!("duly-{}-{port}", std::process::id())
}

impl Drop for Nats {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = self.stop();
    }
}
