//! Events in: disputes, about which the client is asked, and proposals to close. Facts are kept and work
//! is marked due; nothing is decided here.

use anyhow::Context as _;
use chrono::Days;
use duly_domain::{CloseCode, Date, DisputeOutcome, DisputeReason, id};
use duly_platform::{BoxFuture, Listener, Tx};
use duly_proto::{
    Event as _, contact,
    convert::{self, Misfit},
    workflow,
};
use sqlx::types::Uuid;

use crate::{
    close_proposed,
    store::{
        client_request::{self, Asked, DisputeEnd},
        close_proposal::{self, Proposal},
    },
};

/// A client has this long to answer, counted from the day of the dispute: the agency's own default.
const ANSWER_DAYS: Days = Days::new(10);

/// What intake hears.
pub fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<contact::v1::Event>("dispute_opened", dispute_opened),
        Listener::new::<contact::v1::Event>("dispute_resolved", dispute_resolved),
        Listener::new::<workflow::v1::Event>("close_proposed", close_proposed),
    ]
}

fn wrong_kind() -> Misfit {
    Misfit::new("fact", "is not of the kind of its frame")
}

fn client_of(client_id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Client>("meta.client_id", client_id)?.uuid())
}

/// Opens a question to the client. Its facts are the event's own, so that any order of delivery ends in
/// the same question; what is still to be answered follows from all facts when it is read.
fn dispute_opened<'a>(
    tx: &'a mut Tx,
    events: &'a [contact::v1::Event],
) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let asked = events
            .iter()
            .map(|event| asked(tx.uuid(), event))
            .collect::<Result<Vec<_>, _>>()
            .context("reading a dispute that was opened")?;
        Ok(client_request::keep_asked(tx.conn(), &asked).await?)
    })
}

fn asked(id: Uuid, event: &contact::v1::Event) -> Result<Asked, Misfit> {
    let Some(contact::v1::event::Fact::DisputeOpened(fact)) = &event.fact else {
        return Err(wrong_kind());
    };
    let asked_on = convert::date("opened_on", fact.opened_on.as_ref())?;
    let amount = convert::money_opt("amount", fact.amount.as_ref())?;
    Ok(Asked {
        id,
        dispute: convert::id::<id::Dispute>("dispute_id", &fact.dispute_id)?.uuid(),
        account: convert::id::<id::Account>("account_id", &fact.account_id)?.uuid(),
        client: client_of(&event.meta().client_id)?,
        opening: fact.opening,
        reason: DisputeReason::try_from(fact.reason())?,
        item_numbers: fact.item_numbers.clone(),
        disputed_minor: amount.map(duly_domain::Money::minor),
        asked_on,
        due_on: asked_on.checked_add_days(ANSWER_DAYS).unwrap_or(Date::MAX),
    })
}

fn dispute_resolved<'a>(
    tx: &'a mut Tx,
    events: &'a [contact::v1::Event],
) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let ends = events
            .iter()
            .map(dispute_end)
            .collect::<Result<Vec<_>, _>>()
            .context("reading a dispute that was resolved")?;
        Ok(client_request::keep_ends(tx.conn(), &ends).await?)
    })
}

fn dispute_end(event: &contact::v1::Event) -> Result<DisputeEnd, Misfit> {
    let Some(contact::v1::event::Fact::DisputeResolved(fact)) = &event.fact else {
        return Err(wrong_kind());
    };
    Ok(DisputeEnd {
        dispute: convert::id::<id::Dispute>("dispute_id", &fact.dispute_id)?.uuid(),
        client: client_of(&event.meta().client_id)?,
        outcome: DisputeOutcome::try_from(fact.outcome())?,
        resolved_on: convert::date("resolved_on", fact.resolved_on.as_ref())?,
    })
}

fn close_proposed<'a>(
    tx: &'a mut Tx,
    events: &'a [workflow::v1::Event],
) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let proposals = events
            .iter()
            .map(proposal)
            .collect::<Result<Vec<_>, _>>()
            .context("reading a proposal to close")?;
        close_proposal::keep(tx.conn(), &proposals).await?;
        let accounts: Vec<Uuid> = proposals.iter().map(|p| p.account).collect();
        let at = tx.next_tick();
        Ok(tx.mark_due(close_proposed::QUEUE, &accounts, at).await?)
    })
}

fn proposal(event: &workflow::v1::Event) -> Result<Proposal, Misfit> {
    let Some(workflow::v1::event::Fact::CloseProposed(fact)) = &event.fact else {
        return Err(wrong_kind());
    };
    let code: CloseCode =
        fact.close_code.parse().map_err(|_| Misfit::new("close_code", "is no close code"))?;
    if code == CloseCode::Rcl {
        return Err(Misfit::new("close_code", "is RCL, which only the client says"));
    }
    let meta = event.meta();
    Ok(Proposal {
        event: convert::id::<id::Event>("meta.event_id", &meta.event_id)?.uuid(),
        account: convert::id::<id::Account>("account_id", &fact.account_id)?.uuid(),
        client: client_of(&meta.client_id)?,
        opening: fact.opening,
        code,
        reason: convert::text("reason", &fact.reason)?,
        proposed_at: convert::instant("meta.occurred_at", meta.occurred_at.as_ref())?,
    })
}
