//! What the parties say and do: promises, disputes, stops. Each is told by two or three events that may
//! come in any order.

use duly_domain::{Channel, DisputeOutcome, DisputeReason, StopKind, id};
use duly_platform::{BoxFuture, Tx};
use duly_proto::{
    Event as _,
    contact::v1::{self as contact, event::Fact as Contact},
    convert::{self, Misfit},
    payments::v1::{self as payments, event::Fact as Payments},
};
use uuid::Uuid;

use super::answers::occurred_at;
use super::{account, client, mark_accounts, mark_parties, opening, party, read, wrong_kind};
use crate::store::fact::{self, DisputeFact, PromiseFact, StopFact};

type Handled<'a> = BoxFuture<'a, anyhow::Result<()>>;

/// A promise of which nothing is known yet.
fn promise(
    event: &payments::Event,
    promise_id: &str,
    account_id: &str,
    told_opening: i32,
) -> Result<PromiseFact, Misfit> {
    Ok(PromiseFact {
        promise: convert::id::<id::Promise>("promise_id", promise_id)?.uuid(),
        account: account(account_id)?,
        opening: opening(told_opening),
        client: client(event.meta())?,
        made: false,
        party: None,
        due_on: None,
        kept_on: None,
        broken_on: None,
        cancelled: false,
        ended_at: None,
    })
}

async fn keep_promises(tx: &mut Tx, facts: Vec<PromiseFact>) -> anyhow::Result<()> {
    fact::keep_promises(tx.conn(), &facts).await?;
    let accounts: Vec<Uuid> = facts.iter().map(|fact| fact.account).collect();
    mark_accounts(tx, &accounts).await
}

pub(super) fn promise_made<'a>(tx: &'a mut Tx, events: &'a [payments::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Payments::PromiseMade(fact)) = &event.fact else { return Err(wrong_kind()) };
            let party = convert::id_opt::<id::Party>("party_id", &fact.party_id)?;
            Ok(PromiseFact {
                made: true,
                party: party.map(duly_domain::PartyId::uuid),
                due_on: Some(convert::date("due_on", fact.due_on.as_ref())?),
                ..promise(event, &fact.promise_id, &fact.account_id, fact.opening)?
            })
        })?;
        keep_promises(tx, facts).await
    })
}

pub(super) fn promise_kept<'a>(tx: &'a mut Tx, events: &'a [payments::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Payments::PromiseKept(fact)) = &event.fact else { return Err(wrong_kind()) };
            Ok(PromiseFact {
                kept_on: Some(convert::date("kept_on", fact.kept_on.as_ref())?),
                ended_at: Some(occurred_at(event.meta())?),
                ..promise(event, &fact.promise_id, &fact.account_id, fact.opening)?
            })
        })?;
        keep_promises(tx, facts).await
    })
}

pub(super) fn promise_broken<'a>(tx: &'a mut Tx, events: &'a [payments::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Payments::PromiseBroken(fact)) = &event.fact else { return Err(wrong_kind()) };
            Ok(PromiseFact {
                broken_on: Some(convert::date("broken_on", fact.broken_on.as_ref())?),
                cancelled: fact.cancelled,
                ended_at: Some(occurred_at(event.meta())?),
                ..promise(event, &fact.promise_id, &fact.account_id, fact.opening)?
            })
        })?;
        keep_promises(tx, facts).await
    })
}

async fn keep_disputes(tx: &mut Tx, facts: Vec<DisputeFact>) -> anyhow::Result<()> {
    fact::keep_disputes(tx.conn(), &facts).await?;
    let accounts: Vec<Uuid> = facts.iter().map(|fact| fact.account).collect();
    mark_accounts(tx, &accounts).await
}

pub(super) fn dispute_opened<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Contact::DisputeOpened(fact)) = &event.fact else { return Err(wrong_kind()) };
            Ok(DisputeFact {
                dispute: convert::id::<id::Dispute>("dispute_id", &fact.dispute_id)?.uuid(),
                account: account(&fact.account_id)?,
                opening: opening(fact.opening),
                client: client(event.meta())?,
                opened: true,
                reason: DisputeReason::try_from(fact.reason())?.as_str().to_owned(),
                pauses: fact.pauses_account,
                resolved_on: None,
                outcome: String::new(),
            })
        })?;
        keep_disputes(tx, facts).await
    })
}

pub(super) fn dispute_resolved<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Contact::DisputeResolved(fact)) = &event.fact else {
                return Err(wrong_kind());
            };
            Ok(DisputeFact {
                dispute: convert::id::<id::Dispute>("dispute_id", &fact.dispute_id)?.uuid(),
                account: account(&fact.account_id)?,
                opening: opening(fact.opening),
                client: client(event.meta())?,
                opened: false,
                reason: String::new(),
                pauses: false,
                resolved_on: Some(convert::date("resolved_on", fact.resolved_on.as_ref())?),
                outcome: DisputeOutcome::try_from(fact.outcome())?.as_str().to_owned(),
            })
        })?;
        keep_disputes(tx, facts).await
    })
}

async fn keep_stops(tx: &mut Tx, facts: Vec<StopFact>) -> anyhow::Result<()> {
    fact::keep_stops(tx.conn(), &facts).await?;
    let parties: Vec<Uuid> = facts.iter().map(|fact| fact.party).collect();
    mark_parties(tx, &parties).await
}

fn stop(
    event: &contact::Event,
    stop_id: &str,
    party_id: &str,
    account_id: &str,
) -> Result<StopFact, Misfit> {
    let account = convert::id_opt::<id::Account>("account_id", account_id)?;
    Ok(StopFact {
        stop: convert::id::<id::Stop>("stop_id", stop_id)?.uuid(),
        client: client(event.meta())?,
        party: party(party_id)?,
        account: account.map(duly_domain::AccountId::uuid),
        kind: "",
        whole: false,
        placed: false,
        lifted: false,
    })
}

pub(super) fn stop_placed<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Contact::StopPlaced(fact)) = &event.fact else { return Err(wrong_kind()) };
            let channel: Option<Channel> = match fact.channel() {
                duly_proto::common::v1::Channel::Unspecified => None,
                channel => Some(channel.try_into()?),
            };
            Ok(StopFact {
                kind: StopKind::try_from(fact.kind())?.as_str(),
                whole: channel.is_none() && fact.address.is_empty(),
                placed: true,
                ..stop(event, &fact.stop_id, &fact.party_id, &fact.account_id)?
            })
        })?;
        keep_stops(tx, facts).await
    })
}

pub(super) fn stop_lifted<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Contact::StopLifted(fact)) = &event.fact else { return Err(wrong_kind()) };
            Ok(StopFact {
                lifted: true,
                ..stop(event, &fact.stop_id, &fact.party_id, &fact.account_id)?
            })
        })?;
        keep_stops(tx, facts).await
    })
}
