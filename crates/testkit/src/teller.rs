//! Stand-ins for services that a test does not run: each tells what the test says, and nothing else.

use std::borrow::Cow;

use duly_platform::{Digest, Host, Refusal, Service, State, Tx};
use duly_proto::{
    Event,
    common::v1::{EventMeta, Frame},
};
use sqlx::migrate::Migrator;
use tonic::service::Routes;

use crate::{deliver::numbered_frames, run::Run, set::Set};

static NO_TABLES: Migrator = Migrator { migrations: Cow::Borrowed(&[]), ..Migrator::DEFAULT };

const NO_DIGEST: &[Digest] = &[];

/// A service of this name without tables, methods and work, for [`Run::tell`].
#[must_use]
pub fn teller(name: &'static str) -> Service {
    Service {
        name,
        migrator: &NO_TABLES,
        shared: &[],
        append_only: &[],
        access: &[],
        tells: &[],
        listeners: Vec::new(),
        due: Vec::new(),
        outside: Vec::new(),
        state: State::default(),
        routes: |_| Routes::default(),
        http: None,
        digest: NO_DIGEST,
    }
}

impl Run {
    /// Tells facts, in one transaction, as the service that their kind belongs to: it runs here, as
    /// itself or as a [`teller`].
    ///
    /// # Errors
    /// It does not run here, or the database's.
    pub async fn tell<E: Event>(&self, facts: Vec<(EventMeta, E::Fact)>) -> anyhow::Result<()>
    where
        E::Fact: Send + Sync,
    {
        let host: &Host = self.host(E::SERVICE)?;
        host.write("test", &facts, |tx, facts| Box::pin(tell_all::<E>(tx, facts))).await?;
        Ok(())
    }
}

async fn tell_all<E: Event>(tx: &mut Tx, facts: &[(EventMeta, E::Fact)]) -> Result<(), Refusal>
where
    E::Fact: Send + Sync,
{
    for (meta, fact) in facts {
        tx.tell::<E>(meta.clone(), fact.clone());
    }
    Ok(())
}

/// Every event that a service of the set has told and numbered, in the order of their kinds and
/// numbers.
///
/// # Errors
/// The database's, or bytes that are no event of this service.
pub async fn told<E: Event>(set: &Set) -> anyhow::Result<Vec<E>> {
    let mut told = Vec::new();
    for Frame { events, .. } in numbered_frames(set, E::SERVICE).await? {
        for event in events {
            told.push(E::decode(event.as_slice())?);
        }
    }
    Ok(told)
}
