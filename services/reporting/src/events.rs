//! Events in: each kind's facts stored as sets, in shapes that no order changes.

/// The one fact of a kind out of an event: of the `Event` and `Fact` that the caller imported.
macro_rules! only {
    ($kind:ident) => {
        |event: &Event| match &event.fact {
            Some(Fact::$kind(fact)) => Some(fact),
            _ => None,
        }
    };
}

mod contact;
mod intake;
mod letters;
mod payments;
mod skiptrace;
mod workflow;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use duly_domain::Money;
use duly_platform::Listener;
use duly_proto::{Event, common::v1::EventMeta, convert};
use sqlx::types::Uuid;

use crate::store::{standing::Whose, timeline::Entry};

/// Everything that any service tells.
pub fn listeners() -> Vec<Listener> {
    let mut all = intake::listeners();
    all.extend(skiptrace::listeners());
    all.extend(contact::listeners());
    all.extend(letters::listeners());
    all.extend(payments::listeners());
    all.extend(workflow::listeners());
    all
}

/// What an event says about itself, checked.
struct About {
    event_id: Uuid,
    client_id: Uuid,
    occurred_at: DateTime<Utc>,
    actor: String,
}

fn about(meta: &EventMeta) -> anyhow::Result<About> {
    Ok(About {
        event_id: convert::id::<duly_domain::id::Event>("meta.event_id", &meta.event_id)?.uuid(),
        client_id: client_id("meta.client_id", &meta.client_id)?,
        occurred_at: convert::instant("meta.occurred_at", meta.occurred_at.as_ref())?,
        actor: meta.actor.clone(),
    })
}

impl About {
    fn whose(&self, account_id: Uuid, opening: i32) -> Whose {
        Whose { account_id, opening, client_id: self.client_id }
    }

    fn entry(
        self,
        account_id: Uuid,
        kind: &'static str,
        summary: String,
        amount: Option<Money>,
    ) -> Entry {
        Entry {
            event_id: self.event_id,
            account_id,
            client_id: self.client_id,
            occurred_at: self.occurred_at,
            kind,
            actor: self.actor,
            summary,
            amount,
        }
    }
}

/// Each event's meta and fact; an event of another kind under this one's name is an error.
fn facts<'e, E: Event, F: 'e>(
    events: &'e [E],
    fact: impl Fn(&'e E) -> Option<&'e F>,
) -> impl Iterator<Item = anyhow::Result<(&'e EventMeta, &'e F)>> {
    events.iter().map(move |event| {
        let fact = fact(event).context("an event carries a fact of another kind than its frame")?;
        Ok((event.meta(), fact))
    })
}

fn client_id(field: &str, id: &str) -> anyhow::Result<Uuid> {
    Ok(convert::id::<duly_domain::id::Client>(field, id)?.uuid())
}

fn account_id(id: &str) -> anyhow::Result<Uuid> {
    Ok(convert::id::<duly_domain::id::Account>("account_id", id)?.uuid())
}
