//! Private servers: finds the PostgreSQL and nats-server programs of this machine, starts one of each
//! for one owner under a data directory on 127.0.0.1, and stops them again.
//!
//! For `duly serve` without settings, for the demo and for test runs. Blocking, on the standard
//! library alone: xtask compiles it before anything else. Deliberately absent: any download
//! or installation of a server, any network but the loopback, any knowledge of what is stored.
//!
//! A server never outlives its owner: it is stopped when its value is dropped, by a watcher process
//! when the owner is killed, and by the next start when even the watcher was.

mod account;
mod daemon;
mod explain;
mod find;
mod nats;
mod owner;
mod ports;
mod postgres;
mod scratch;

use std::path::PathBuf;

use anyhow::Result;

pub use find::{
    NATS_MIN, NatsServer, POSTGRES_MIN, PostgresBinaries, find_nats, find_postgres, nats_version,
};
pub use nats::{Nats, NatsOptions};
pub use postgres::{Postgres, PostgresOptions};
pub use scratch::Scratch;

/// How to start both servers: each gets its own folder below `dir`.
#[derive(Debug, Clone, Default)]
pub struct ServersOptions {
    /// The data directory; made if missing. Everything that the servers keep is below it.
    pub dir: PathBuf,
    /// A fixed port for Postgres; a free one when `None`.
    pub postgres_port: Option<u16>,
    /// A fixed port for nats-server; a free one when `None`.
    pub nats_port: Option<u16>,
    /// The folder of `postgres` and `initdb`; see [`find_postgres`] when `None`.
    pub postgres_bin: Option<PathBuf>,
    /// The nats-server program; see [`find_nats`] when `None`.
    pub nats_server: Option<PathBuf>,
    /// Whether a committed row survives a power cut. `false` is for tests: several times faster.
    pub durable: bool,
}

/// A private Postgres and a private nats-server over one data directory.
#[derive(Debug)]
pub struct Servers {
    /// The database server.
    pub postgres: Postgres,
    /// The message broker, with JetStream.
    pub nats: Nats,
}

impl Servers {
    /// Starts both and waits until both answer.
    pub fn start(options: &ServersOptions) -> Result<Self> {
        // The broker first: it is up in milliseconds, and a refused version is the likelier fault.
        let nats = Nats::start(&NatsOptions {
            dir: options.dir.join("nats"),
            port: options.nats_port,
            server: options.nats_server.clone(),
        })?;
        let postgres = Postgres::start(&PostgresOptions {
            dir: options.dir.join("postgres"),
            port: options.postgres_port,
            bin_dir: options.postgres_bin.clone(),
            durable: options.durable,
        })?;
        Ok(Self { postgres, nats })
    }

    /// How one of them ended by itself, with the last words of its log; `None` while both run.
    pub fn ended(&mut self) -> Result<Option<String>> {
        match self.postgres.ended()? {
            Some(words) => Ok(Some(words)),
            None => self.nats.ended(),
        }
    }

    /// Stops both cleanly; their data stays and can be started again.
    pub fn stop(mut self) -> Result<()> {
        let postgres = self.postgres.stop();
        self.nats.stop()?;
        postgres
    }
}
