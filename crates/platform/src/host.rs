//! The surroundings of one running service: its pool, schema, clock, keys and pokes.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use duly_domain::{Ticks, Zone};
use sqlx::PgPool;
use tokio::sync::Notify;

use crate::{clock::Clock, seal::Sealer, service::State};

/// Handed to a service's methods and, through [`crate::Tx::host`], to its handlers. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

pub(crate) struct Inner {
    pub service: &'static str,
    pub schema: String,
    pub pool: PgPool,
    pub clock: Clock,
    pub ticks: Ticks,
    pub agency: String,
    pub agency_licence: Option<String>,
    pub zone: Zone,
    pub sealer: Arc<Sealer>,
    pub relay: Notify,
    pub due: Notify,
    pub at_work: AtomicUsize,
    pub lease: Duration,
    pub message_bytes_max: usize,
    pub grpc_addr: SocketAddr,
    pub state: State,
}

/// Work in hand, until it is dropped.
#[must_use = "the work counts as in hand until this is dropped"]
pub(crate) struct AtWork(Host);

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.0.at_work.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Host {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The service's name, `intake`.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.0.service
    }

    /// The schema that it runs on: its name with the set's prefix.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.0.schema
    }

    /// Its pool, connected as the app role.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.0.pool
    }

    /// Business time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The agency's tick.
    #[must_use]
    pub fn ticks(&self) -> Ticks {
        self.0.ticks
    }

    /// The agency's name, as its documents show it.
    #[must_use]
    pub fn agency(&self) -> &str {
        &self.0.agency
    }

    /// The agency's licence number, where it has one.
    #[must_use]
    pub fn agency_licence(&self) -> Option<&str> {
        self.0.agency_licence.as_deref()
    }

    /// The agency's zone: legal dates of money and documents are in it.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.0.zone
    }

    /// Seals and opens what may not rest in plain.
    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.0.sealer
    }

    /// Largest gRPC message taken, in bytes: every service's routes set it as their decoding limit.
    #[must_use]
    pub fn message_bytes_max(&self) -> usize {
        self.0.message_bytes_max
    }

    /// Where this process answers gRPC.
    #[must_use]
    pub fn grpc_addr(&self) -> SocketAddr {
        self.0.grpc_addr
    }

    /// What the service was made with.
    ///
    /// # Panics
    /// The service was made with something else: a mistake of the programmer.
    #[must_use]
    pub fn state<T: std::any::Any + Send + Sync>(&self) -> &T {
        let state = self.0.state.0.as_deref().and_then(|state| state.downcast_ref());
        state.expect("a service asks for the state that it was made with")
    }

    /// Has the workers of this process look for due work at once. Who moves the simulated clock says so;
    /// others come to it by their polls.
    pub fn look_for_due(&self) {
        self.0.due.notify_waiters();
    }

    /// Whether this process has due work or frames of the service in hand. A hint: what is on its way
    /// between two of them is in nobody's hand.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        self.0.at_work.load(Ordering::SeqCst) > 0
    }

    pub(crate) fn at_work(&self) -> AtWork {
        self.0.at_work.fetch_add(1, Ordering::SeqCst);
        AtWork(self.clone())
    }

    pub(crate) fn relay_poke(&self) -> &Notify {
        &self.0.relay
    }

    pub(crate) fn due_poke(&self) -> &Notify {
        &self.0.due
    }

    pub(crate) fn lease(&self) -> Duration {
        self.0.lease
    }

    /// The app role of its schema.
    pub(crate) fn app_role(&self) -> String {
        format!("{}_app", self.0.schema)
    }

    /// The reader role of its schema, which sees only a client's own tree.
    pub(crate) fn reader_role(&self) -> String {
        format!("{}_reader", self.0.schema)
    }
}
