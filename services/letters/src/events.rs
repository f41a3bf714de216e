//! Events in: facts are kept, work is marked due, nothing is decided.

mod claims;
mod contact;
mod standing;

use anyhow::Context as _;
use duly_domain::{Id, id::IdKind};
use duly_platform::{Listener, Tx};
use duly_proto::{
    Event,
    convert::{self, Misfit},
};
use uuid::Uuid;

use crate::{prepare_letters, store::treatment};

/// What letters hears.
pub(crate) fn listeners() -> Vec<Listener> {
    let mut all = standing::listeners();
    all.extend(claims::listeners());
    all.extend(contact::listeners());
    all
}

/// What these events say, each read; the kind is the listener's.
fn read<E: Event, T>(
    events: &[E],
    fact: fn(&E) -> Option<&E::Fact>,
    read: impl Fn(&E, &E::Fact) -> Result<Vec<T>, Misfit>,
) -> anyhow::Result<Vec<T>> {
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let fact = fact(event).context("an event of a known kind carries its fact")?;
        rows.extend(
            read(event, fact).with_context(|| format!("reading an event of {}", E::SERVICE))?,
        );
    }
    Ok(rows)
}

fn wrong_kind() -> Misfit {
    Misfit::new("fact", "is not of the kind of its frame")
}

/// An id's UUID.
fn uuid<T: IdKind>(field: &str, id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<T>(field, id)?.uuid())
}

/// The same where it may be empty.
fn uuid_opt<T: IdKind>(field: &str, id: &str) -> Result<Option<Uuid>, Misfit> {
    Ok(convert::id_opt::<T>(field, id)?.map(Id::uuid))
}

/// What was waited for may have come.
async fn look_again(tx: &mut Tx, accounts: &[Uuid], clients: &[Uuid]) -> anyhow::Result<()> {
    let waiting = treatment::waiting_on(tx.conn(), accounts, clients).await?;
    let at = tx.next_tick();
    Ok(tx.mark_due(prepare_letters::QUEUE, &waiting, at).await?)
}
