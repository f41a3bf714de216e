//! What a service is: a value that the composition root runs, alone or beside others.

use std::collections::BTreeSet;

use anyhow::bail;
use sqlx::migrate::Migrator;
use tonic::service::Routes;

use crate::{auth::Access, due::DueWork, frames::Listener, host::Host};

/// One service: its tables, its methods, what it hears and what waits.
pub struct Service {
    /// Also its schema and its stream, `intake`.
    pub name: &'static str,
    /// Its own tables; platform's are brought in before them.
    pub migrator: &'static Migrator,
    /// Tables whose rows are only inserted: the app role may neither update nor delete them.
    pub append_only: &'static [&'static str],
    /// Method x role; a method that is missing here is denied to all.
    pub access: &'static [Access],
    /// The kinds of event it tells, without its own name: `account_placed`.
    pub tells: &'static [&'static str],
    /// The events that it hears.
    pub listeners: Vec<Listener>,
    /// Its queues of due work.
    pub due: Vec<DueWork>,
    /// Its gRPC methods.
    pub routes: fn(Host) -> Routes,
    /// Its business state for [`Digest`].
    pub digest: &'static [Digest],
}

impl Service {
    /// Two that hear one kind, or work off one queue, would each get what the other then lacks.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let heard = self.listeners.iter().map(|listener| listener.kind.as_str());
        if let Some(kind) = twice(heard) {
            bail!("two listeners of {} hear {kind}; let one handler do both", self.name);
        }
        if let Some(queue) = twice(self.due.iter().map(|work| work.queue)) {
            bail!("two workers of {} work off the queue {queue}; give each its own", self.name);
        }
        Ok(())
    }
}

fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}

/// One table's business columns as text, keyed by the client's own references: no ids, no machine
/// times, so that equal states have equal digests in every database.
pub struct Digest {
    /// Name of the table, or of the view of it that the query gives.
    pub table: &'static str,
    /// A query over the service's own schema with one text column; order does not matter.
    pub sql: &'static str,
}
