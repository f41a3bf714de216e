//! Mechanism without policy: configuration, telemetry, database, frames, inbox, due work, requests,
//! authentication, clocks, and running it all. It knows no word of debt collection.
//!
//! The way through: a command runs in a [`Tx`] that stores state and tells events; the relay numbers
//! and publishes them as frames; a receiver records a frame's number in the transaction of its own
//! change; what must wait is a row of due work on business time.

pub mod admin;
mod answer;
pub mod auth;
mod broker;
pub mod clock;
pub mod config;
mod consume;
pub mod db;
mod due;
pub mod epoch;
pub mod error;
pub mod fault;
pub mod files;
mod frames;
mod halving;
pub mod heads;
mod host;
mod ids;
mod inbox;
mod outside;
pub mod page;
pub mod parked;
mod relay;
mod request;
mod resend;
mod run;
pub mod seal;
pub mod server;
mod service;
pub mod telemetry;
mod tx;

pub use answer::{Key, parsed};
pub use auth::{Access, Principal, Role};
pub use clock::Clock;
pub use config::Config;
pub use due::{DueItem, DueWork};
pub use error::{Failure, Kind, Refusal, Violation};
pub use frames::Listener;
pub use futures::future::BoxFuture;
pub use host::Host;
pub use ids::{SystemIds, is_young};
pub use inbox::apply as apply_frames;
pub use outside::OutsideWork;
pub use page::{Page, PageError};
pub use request::Mutation;
pub use run::{Running, migrate, start};
pub use seal::Sealer;
pub use service::{Digest, Service, State};
pub use tx::Tx;

/// Tables of the mechanisms, brought into each service's schema before the service's own.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
