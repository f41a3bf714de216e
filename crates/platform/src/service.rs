//! What a service is: a value that the composition root runs, alone or beside others.

use std::{any::Any, collections::BTreeSet, sync::Arc};

use anyhow::bail;
use sqlx::migrate::Migrator;
use tonic::service::Routes;

use crate::{auth::Access, due::DueWork, frames::Listener, host::Host, outside::OutsideWork};

/// One service: its tables, its methods, what it hears and what waits.
pub struct Service {
    /// Also its schema and its stream, `intake`.
    pub name: &'static str,
    /// Its own tables; platform's are brought in before them.
    pub migrator: &'static Migrator,
    /// Tables that several services keep alike, each in its own schema; brought in before its own.
    pub shared: &'static [&'static Migrator],
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
    /// Its queues of work that has effects outside.
    pub outside: Vec<OutsideWork>,
    /// What it was made with, for [`Host::state`]: settings, carriers.
    pub state: State,
    /// Its gRPC methods.
    pub routes: fn(Host) -> Routes,
    /// What it serves over HTTP, on `http_addr`, beside what others do. It answers for itself who may
    /// see what.
    pub http: Option<fn(Host) -> axum::Router>,
    /// Its business state for [`Digest`].
    pub digest: &'static [Digest],
}

/// What a service was made with, of a type that only the service knows.
#[derive(Clone, Default)]
pub struct State(pub(crate) Option<Arc<dyn Any + Send + Sync>>);

impl State {
    /// Keeps `state` for [`Host::state`].
    #[must_use]
    pub fn of<T: Any + Send + Sync>(state: T) -> Self {
        Self(Some(Arc::new(state)))
    }
}

impl Service {
    /// Two that hear one kind, or work off one queue, would each get what the other then lacks.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let heard = self.listeners.iter().map(|listener| listener.kind.as_str());
        if let Some(kind) = twice(heard) {
            bail!("two listeners of {} hear {kind}; let one handler do both", self.name);
        }
        if let Some(queue) = twice(self.queues().into_iter()) {
            bail!("two workers of {} work off the queue {queue}; give each its own", self.name);
        }
        Ok(())
    }

    /// Every queue of due work, with and without effects outside.
    #[must_use]
    pub fn queues(&self) -> Vec<&'static str> {
        let due = self.due.iter().map(|work| work.queue);
        due.chain(self.outside.iter().map(|work| work.queue)).collect()
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
