//! Events in: facts are kept, cases are marked due, nothing is decided.

mod accounts;
mod answers;
mod obligations;
mod parties;

use std::collections::BTreeSet;

use anyhow::Context as _;
use duly_domain::{ClientId, TreatmentId, id};
use duly_platform::{Listener, Tx};
use duly_proto::{
    Event,
    common::v1::EventMeta,
    contact::v1::Event as Contact,
    convert::{self, Misfit},
    intake::v1::Event as Intake,
    letters::v1::Event as Letters,
    payments::v1::Event as Payments,
    skiptrace::v1::Event as Skiptrace,
};
use uuid::Uuid;

use crate::{store::case, tick_cases};

/// What workflow hears.
pub(crate) fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Intake>("client_changed", accounts::client_changed),
        Listener::new::<Intake>("account_placed", accounts::account_placed),
        Listener::new::<Intake>("account_adjusted", accounts::account_adjusted),
        Listener::new::<Intake>("account_recalled", accounts::account_recalled),
        Listener::new::<Intake>("account_closed", accounts::account_closed),
        Listener::new::<Intake>("hold_placed", accounts::hold_placed),
        Listener::new::<Intake>("hold_lifted", accounts::hold_lifted),
        Listener::new::<Payments>("payment_posted", accounts::payment_posted),
        Listener::new::<Payments>("payment_reversed", accounts::payment_reversed),
        Listener::new::<Payments>("balance_settled", accounts::balance_settled),
        Listener::new::<Payments>("promise_made", parties::promise_made),
        Listener::new::<Payments>("promise_kept", parties::promise_kept),
        Listener::new::<Payments>("promise_broken", parties::promise_broken),
        Listener::new::<Contact>("attempt_authorized", answers::attempt_authorized),
        Listener::new::<Contact>("attempt_concluded", answers::attempt_concluded),
        Listener::new::<Contact>("treatment_refused", answers::treatment_refused),
        Listener::new::<Contact>("stop_placed", parties::stop_placed),
        Listener::new::<Contact>("stop_lifted", parties::stop_lifted),
        Listener::new::<Contact>("dispute_opened", parties::dispute_opened),
        Listener::new::<Contact>("dispute_resolved", parties::dispute_resolved),
        Listener::new::<Contact>("obligation_opened", obligations::obligation_opened),
        Listener::new::<Contact>("obligation_met", obligations::obligation_met),
        Listener::new::<Contact>("obligation_missed", obligations::obligation_missed),
        Listener::new::<Letters>("letter_refused", answers::letter_refused),
        Listener::new::<Letters>("letter_mailed", answers::letter_mailed),
        Listener::new::<Letters>("letter_expired", answers::letter_expired),
        Listener::new::<Letters>("letter_returned", answers::letter_returned),
        Listener::new::<Skiptrace>("scrub_completed", answers::scrub_completed),
        Listener::new::<Skiptrace>("trace_completed", answers::trace_completed),
        Listener::new::<Skiptrace>("trace_refused", answers::trace_refused),
    ]
}

/// The facts of these events, each read; what does not fit is the data's fault.
fn read<E: Event, T>(
    events: &[E],
    read: impl Fn(&E) -> Result<T, Misfit>,
) -> anyhow::Result<Vec<T>> {
    let facts: Result<Vec<T>, Misfit> = events.iter().map(read).collect();
    facts.with_context(|| format!("reading an event of {}", E::SERVICE))
}

fn wrong_kind() -> Misfit {
    Misfit::new("fact", "is not of the kind of its frame")
}

fn account(text: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Account>("account_id", text)?.uuid())
}

fn party(text: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Party>("party_id", text)?.uuid())
}

fn treatment_opt(text: &str) -> Result<Option<Uuid>, Misfit> {
    Ok(convert::id_opt::<id::Treatment>("treatment_id", text)?.map(TreatmentId::uuid))
}

/// Whose account it is, where the teller says so.
fn client(meta: &EventMeta) -> Result<Option<Uuid>, Misfit> {
    Ok(convert::id_opt::<id::Client>("meta.client_id", &meta.client_id)?.map(ClientId::uuid))
}

/// Events of versions that did not tell the opening are about the first.
fn opening(told: i32) -> i32 {
    told.max(1)
}

/// Marks the cases of these accounts due. An account that is not known yet is looked at again on the
/// next tick: its placement may be on its way in another transaction.
async fn mark_accounts(tx: &mut Tx, accounts: &[Uuid]) -> anyhow::Result<()> {
    let known = case::of_accounts(tx.conn(), accounts).await?;
    let cases: Vec<Uuid> = known.iter().map(|(_, case)| *case).collect();
    let known: BTreeSet<Uuid> = known.into_iter().map(|(account, _)| account).collect();
    let early: Vec<Uuid> =
        accounts.iter().copied().filter(|account| !known.contains(account)).collect();
    let at = tx.next_tick();
    tx.mark_due(tick_cases::QUEUE, &cases, at).await?;
    tx.mark_due(tick_cases::EARLY, &early, at).await?;
    Ok(())
}

/// The same for every account on which these parties are liable.
async fn mark_parties(tx: &mut Tx, parties: &[Uuid]) -> anyhow::Result<()> {
    let liable = duly_standing::load_for_parties(tx.conn(), parties).await?;
    let known: BTreeSet<Uuid> = liable.iter().map(|(party, _)| *party).collect();
    let mut keys: Vec<Uuid> = liable.into_iter().map(|(_, account)| account).collect();
    keys.extend(parties.iter().filter(|party| !known.contains(*party)));
    mark_accounts(tx, &keys).await
}
