//! Services of a set that run in this process.

use std::collections::BTreeMap;

use anyhow::Context as _;
use duly_domain::ClientId;
use duly_platform::{Host, Listener, Role, Running, Service};

use crate::{
    client::{Clients, Endpoints},
    deliver::{Delivery, deliver},
    digest::{Digests, digest},
    set::Set,
    settle::settle,
    shape::Shape,
    sim::Driver,
};

/// Running services of one set. Stop it before the set is dropped.
pub struct Run {
    set: Set,
    shapes: Vec<Shape>,
    listeners: BTreeMap<&'static str, Vec<Listener>>,
    running: Running,
}

impl Set {
    /// Starts these services in this process.
    ///
    /// # Errors
    /// What is missing: database, broker, migrations, keys.
    pub async fn start(&self, services: Vec<Service>) -> anyhow::Result<Run> {
        let shapes = Shape::of(&services);
        let listeners = services.iter().map(|s| (s.name, s.listeners.clone())).collect();
        let running = duly_platform::start(self.config(), services).await?;
        Ok(Run { set: self.clone(), shapes, listeners, running })
    }
}

impl Run {
    /// Where all of them listen.
    #[must_use]
    pub fn endpoints(&self) -> Endpoints {
        let all = Endpoints::all_at(self.running.grpc_addr);
        match self.running.http_addr {
            Some(http) => all.with_http(http),
            None => all,
        }
    }

    /// What platform runs.
    #[must_use]
    pub fn running(&self) -> &Running {
        &self.running
    }

    /// What to settle and digest.
    #[must_use]
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The surroundings of one of them.
    ///
    /// # Errors
    /// It does not run here.
    pub fn host(&self, service: &str) -> anyhow::Result<&Host> {
        self.running.hosts.get(service).with_context(|| format!("{service} does not run here"))
    }

    /// What one of them hears.
    ///
    /// # Errors
    /// It does not run here.
    pub fn listeners(&self, service: &str) -> anyhow::Result<&[Listener]> {
        let heard = self.listeners.get(service);
        Ok(heard.with_context(|| format!("{service} does not run here"))?)
    }

    /// Clients for anybody of this role in the agency.
    ///
    /// # Errors
    /// The client role: see [`Run::clients_of_tree`].
    pub fn clients(&self, role: Role) -> anyhow::Result<Clients> {
        self.set.clients(&self.endpoints(), role)
    }

    /// Clients for a client principal that sees these clients' rows.
    ///
    /// # Errors
    /// An empty tree.
    pub fn clients_of_tree(&self, tree: &[ClientId]) -> anyhow::Result<Clients> {
        self.set.clients_of_tree(&self.endpoints(), tree)
    }

    /// Waits until everything at this instant is done.
    ///
    /// # Errors
    /// It does not settle; the error names what is left.
    pub async fn settle(&self) -> anyhow::Result<()> {
        settle(&self.set, &self.shapes).await
    }

    /// The driver of the set's clock.
    #[must_use]
    pub fn driver(&self) -> Driver {
        let here = self.running.hosts.values().cloned();
        Driver::new(&self.set, self.shapes.clone()).of_hosts(here)
    }

    /// The business state of these services, as it is now: settle before.
    ///
    /// # Errors
    /// The database's, or a query that gives no text.
    pub async fn digest(&self) -> anyhow::Result<Digests> {
        digest(&self.set, &self.shapes).await
    }

    /// Hands every numbered frame to each of these services that hears its kind, in an order and in
    /// groups that follow from the delivery's seed.
    ///
    /// # Errors
    /// The database's.
    pub async fn deliver(&self, delivery: Delivery) -> anyhow::Result<()> {
        for (service, listeners) in &self.listeners {
            deliver(&self.set, self.host(service)?, listeners, delivery).await?;
        }
        Ok(())
    }

    /// Lets what runs finish, and stops.
    pub async fn stop(self) {
        self.running.stop().await;
    }

    /// Stops at once, as a killed process would.
    pub async fn abort(self) {
        self.running.abort().await;
    }
}
