//! What intake and payments tell of accounts.

use std::collections::BTreeSet;

use anyhow::Context as _;
use duly_compliance::EventKind;
use duly_domain::{ClientAnswer, DisputeOutcome, EventId, id};
use duly_platform::Tx;
use duly_proto::{
    Event as _, convert,
    intake::v1::{Event as Intake, event::Fact},
    payments::v1::Event as Payments,
};
use uuid::Uuid;

use super::{account, client_of, parse, wrong_kind};
use crate::{
    affected,
    error::Result,
    known_facts, link, note_obligations, record_inbound, release, resolve_dispute,
    store::{
        attempt, claim,
        dated_fact::{self, DatedFact},
        dispute, person, point,
    },
};

/// Parties join the persons that they are, and what the client knows of them stands, before anything about
/// the account can be decided.
pub(super) async fn placed(tx: &mut Tx, events: &[Intake]) -> anyhow::Result<()> {
    let facts = parse(events, |event| {
        let Some(Fact::AccountPlaced(fact)) = &event.fact else { return Err(wrong_kind()) };
        known_facts::read(fact)
    })?;
    let schema = tx.host().schema().to_owned();
    let placed: Vec<Uuid> = facts.iter().map(|fact| fact.account).collect();
    person::lock_placing(tx.conn(), &schema, &placed).await?;
    let accounts = duly_standing::keep_placed(tx, events).await?;
    let owed: Vec<Uuid> = facts.iter().flat_map(known_facts::Placed::owed_something).collect();
    note_obligations::look_again(tx, &owed).await?;
    let heard: Vec<link::Heard> = facts.iter().flat_map(known_facts::Placed::heard).collect();
    link::join(tx, &heard).await?;
    let points: Vec<point::NewPoint> = facts.iter().flat_map(|fact| fact.points(tx)).collect();
    let now = tx.now();
    point::keep(tx.conn(), &points, now).await?;
    let claims: Vec<claim::Claim> = facts.iter().map(|fact| fact.claim).collect();
    claim::keep(tx.conn(), &claims).await?;
    known_facts::stand_up(tx, &facts).await?;
    record_inbound::catch_up(tx, &points).await?;
    // What was asked for, or told, before we heard of the account has waited for this.
    let waiting = attempt::review_accounts(tx.conn(), &accounts).await?;
    let at = tx.next_tick();
    tx.mark_due(release::QUEUE, &waiting, at).await?;
    Ok(())
}

/// The accounts that events name, for their locks.
fn named<'a>(ids: impl Iterator<Item = Option<&'a str>>) -> anyhow::Result<Vec<Uuid>> {
    let accounts: BTreeSet<Uuid> = ids
        .map(|id| account(id.unwrap_or_default()))
        .collect::<std::result::Result<_, _>>()
        .context("reading an event about an account")?;
    Ok(accounts.into_iter().collect())
}

macro_rules! account_facts {
    ($($(#[$doc:meta])* $name:ident($event:ty, $fact:path) by $keep:path;)+) => {$(
        $(#[$doc])*
        pub(super) async fn $name(tx: &mut Tx, events: &[$event]) -> anyhow::Result<()> {
            let accounts = named(events.iter().map(|event| match &event.fact {
                Some($fact(fact)) => Some(fact.account_id.as_str()),
                _ => None,
            }))?;
            affected::lock_accounts(tx, &accounts).await?;
            let touched = $keep(tx, events).await?;
            Ok(affected::accounts(tx, &touched).await?)
        }
    )+};
}

account_facts! {
    /// The balance changed.
    adjusted(Intake, Fact::AccountAdjusted) by duly_standing::keep_adjusted;
    /// The client took accounts back.
    recalled(Intake, Fact::AccountRecalled) by duly_standing::keep_recalled;
    /// Accounts were closed.
    closed(Intake, Fact::AccountClosed) by duly_standing::keep_closed;
    /// Clients ask that accounts not be worked for now.
    hold_placed(Intake, Fact::HoldPlaced) by duly_standing::keep_holds_placed;
    /// Holds are over.
    hold_lifted(Intake, Fact::HoldLifted) by duly_standing::keep_holds_lifted;
    /// Money was booked.
    posted(Payments, PaymentFact::PaymentPosted) by duly_standing::keep_posted;
    /// Money was taken back.
    reversed(Payments, PaymentFact::PaymentReversed) by duly_standing::keep_reversed;
    /// Balances are paid.
    settled(Payments, PaymentFact::BalanceSettled) by keep_settled;
}

/// Keeps that balances are paid, as where the accounts stand and as dated facts.
async fn keep_settled(tx: &mut Tx, events: &[Payments]) -> anyhow::Result<Vec<Uuid>> {
    let paid = parse(events, |event| {
        let Some(PaymentFact::BalanceSettled(fact)) = &event.fact else { return Err(wrong_kind()) };
        let told = convert::id_opt::<id::Event>("event_id", &event.meta().event_id)?;
        let on = convert::date_opt("settled_on", fact.settled_on.as_ref())?;
        Ok((client_of(event)?, account(&fact.account_id)?, told, on))
    })?;
    let now = tx.now();
    let facts: Vec<DatedFact> = paid
        .into_iter()
        .map(|(client, account, told, stated_on)| DatedFact {
            id: tx.uuid(),
            client,
            kind: EventKind::Paid,
            at: now,
            account: Some(account),
            party: None,
            medium: None,
            address: None,
            stated_on,
            source: "payments".to_owned(),
            source_id: told.map(EventId::uuid),
            evidence: String::new(),
            recorded_at: now,
        })
        .collect();
    dated_fact::insert(tx.conn(), &facts).await?;
    duly_standing::keep_settled(tx, events).await
}

use duly_proto::payments::v1::event::Fact as PaymentFact;

/// What a client answers about a dispute ends it.
pub(super) async fn client_answered(tx: &mut Tx, events: &[Intake]) -> anyhow::Result<()> {
    let answers: Vec<(Uuid, DisputeOutcome)> = parse(events, |event| {
        let Some(Fact::ClientAnswered(fact)) = &event.fact else { return Err(wrong_kind()) };
        // Empty for questions that are not about a dispute.
        let Some(dispute) = convert::id_opt::<id::Dispute>("dispute_id", &fact.dispute_id)? else {
            return Ok(None);
        };
        let outcome = match ClientAnswer::try_from(fact.answer())? {
            ClientAnswer::Credit => DisputeOutcome::Valid,
            ClientAnswer::Stands => DisputeOutcome::Invalid,
            ClientAnswer::Part => DisputeOutcome::Split,
        };
        Ok(Some((dispute.uuid(), outcome)))
    })?
    .into_iter()
    .flatten()
    .collect();
    let ids: Vec<Uuid> = answers.iter().map(|(id, _)| *id).collect();
    let disputes = dispute::get(tx.conn(), &ids).await?;
    let known: BTreeSet<Uuid> = disputes.iter().map(|dispute| dispute.id).collect();
    if let Some(unknown) = ids.iter().find(|id| !known.contains(id)) {
        anyhow::bail!("no dispute {unknown} is known: disputes are opened here");
    }
    let accounts: Vec<Uuid> = disputes.iter().map(|dispute| dispute.account).collect();
    affected::lock_accounts(tx, &accounts).await?;
    let resolved: Result<_> = resolve_dispute::resolve(tx, &answers, "the client answered").await;
    resolved?;
    Ok(())
}
