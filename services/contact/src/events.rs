//! Events in: facts are kept under the locks on the persons, work is marked due, nothing is decided. What
//! forbids contact stands at the commit, and marks what was permitted before as crossing.

mod accounts;
mod letters;
mod searches;
mod treatments;

use anyhow::Context as _;
use duly_domain::id;
use duly_platform::Listener;
use duly_proto::{
    Event,
    convert::{self, Misfit},
    intake::v1::Event as Intake,
    letters::v1::Event as Letters,
    payments::v1::Event as Payments,
    skiptrace::v1::Event as Skiptrace,
    workflow::v1::Event as Workflow,
};
use uuid::Uuid;

/// What contact hears.
pub(crate) fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Intake>("client_changed", |tx, events| {
            Box::pin(duly_standing::keep_clients(tx, events))
        }),
        Listener::new::<Intake>("account_placed", |tx, events| {
            Box::pin(accounts::placed(tx, events))
        }),
        Listener::new::<Intake>("account_adjusted", |tx, events| {
            Box::pin(accounts::adjusted(tx, events))
        }),
        Listener::new::<Intake>("account_recalled", |tx, events| {
            Box::pin(accounts::recalled(tx, events))
        }),
        Listener::new::<Intake>("account_closed", |tx, events| {
            Box::pin(accounts::closed(tx, events))
        }),
        Listener::new::<Intake>("hold_placed", |tx, events| {
            Box::pin(accounts::hold_placed(tx, events))
        }),
        Listener::new::<Intake>("hold_lifted", |tx, events| {
            Box::pin(accounts::hold_lifted(tx, events))
        }),
        Listener::new::<Intake>("client_answered", |tx, events| {
            Box::pin(accounts::client_answered(tx, events))
        }),
        Listener::new::<Payments>("payment_posted", |tx, events| {
            Box::pin(accounts::posted(tx, events))
        }),
        Listener::new::<Payments>("payment_reversed", |tx, events| {
            Box::pin(accounts::reversed(tx, events))
        }),
        Listener::new::<Payments>("balance_settled", |tx, events| {
            Box::pin(accounts::settled(tx, events))
        }),
        Listener::new::<Workflow>("treatment_due", |tx, events| {
            Box::pin(treatments::treatment_due(tx, events))
        }),
        Listener::new::<Skiptrace>("scrub_completed", |tx, events| {
            Box::pin(searches::scrub_completed(tx, events))
        }),
        Listener::new::<Skiptrace>("trace_completed", |tx, events| {
            Box::pin(searches::trace_completed(tx, events))
        }),
        Listener::new::<Letters>("letter_prepared", |tx, events| {
            Box::pin(letters::letter_prepared(tx, events))
        }),
        Listener::new::<Letters>("letter_mailed", |tx, events| {
            Box::pin(letters::letter_mailed(tx, events))
        }),
        Listener::new::<Letters>("letter_expired", |tx, events| {
            Box::pin(letters::letter_expired(tx, events))
        }),
        Listener::new::<Letters>("letter_returned", |tx, events| {
            Box::pin(letters::letter_returned(tx, events))
        }),
    ]
}

/// What these events state, each parsed.
fn parse<'a, E, T>(events: &'a [E], fact: fn(&'a E) -> Result<T, Misfit>) -> anyhow::Result<Vec<T>>
where
    E: Event,
{
    let facts: Result<Vec<T>, Misfit> = events.iter().map(fact).collect();
    facts.with_context(|| format!("reading an event of {}", E::SERVICE))
}

fn wrong_kind() -> Misfit {
    Misfit::new("fact", "is not of the kind of its frame")
}

fn client_of(event: &impl Event) -> Result<Uuid, Misfit> {
    client(&event.meta().client_id)
}

fn client(id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Client>("client_id", id)?.uuid())
}

fn account(id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Account>("account_id", id)?.uuid())
}

fn party(id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Party>("party_id", id)?.uuid())
}

fn treatment(id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Treatment>("treatment_id", id)?.uuid())
}

fn letter(id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Letter>("letter_id", id)?.uuid())
}
