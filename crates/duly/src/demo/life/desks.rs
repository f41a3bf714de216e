//! Who calls the services: people of the agency in their roles, and each client as itself.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use duly_domain::ClientId;
use duly_platform::{Principal, Role};

use crate::{demo::sandbox::Sandbox, door::Door};

/// Their doors.
pub struct Desks {
    /// At the telephones.
    pub collector: Door,
    /// With the receipts.
    pub accounting: Door,
    /// In the mail room, and for all that the others may not.
    pub manager: Door,
    /// Each client, by reference.
    pub clients: BTreeMap<String, Door>,
}

impl Desks {
    /// Doors of all of them.
    ///
    /// # Errors
    /// A key that signs nothing.
    pub fn new(sandbox: &Sandbox, clients: &BTreeMap<String, String>) -> Result<Self> {
        let key = sandbox.home.config.token_private_key.as_ref().context("a sandbox has keys")?;
        let desk = |role: Role| {
            let who = Principal { subject: format!("demo-{role}"), role, tree: Vec::new() };
            sandbox.door.for_another(key, who)
        };
        let mut of_clients = BTreeMap::new();
        for (client_ref, client_id) in clients {
            let id: ClientId = client_id.parse().context("reading the id of a client")?;
            let who = Principal {
                subject: client_ref.clone(),
                role: Role::Client,
                tree: vec![id.uuid()],
            };
            of_clients.insert(client_ref.clone(), sandbox.door.for_another(key, who)?);
        }
        Ok(Self {
            collector: desk(Role::Collector)?,
            accounting: desk(Role::Accounting)?,
            manager: desk(Role::Manager)?,
            clients: of_clients,
        })
    }

    /// The client of an account.
    ///
    /// # Errors
    /// It has no accounts.
    pub fn client(&self, client_ref: &str) -> Result<&Door> {
        self.clients.get(client_ref).with_context(|| format!("{client_ref} has no accounts"))
    }
}
