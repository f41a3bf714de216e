//! What contact tells: attempts, refusals, stops, disputes, duties.

use duly_domain::id;
use duly_platform::{Listener, Tx};
use duly_proto::{
    common::v1::{Channel, EventMeta},
    contact::v1::{Disposition, Event, StopKind, event::Fact},
    convert,
};
use sqlx::types::Uuid;

use super::{about, account_id, facts};
use crate::{
    store::{
        standing::{self, Dispute, Scope, Stop, WorkDelta},
        timeline,
    },
    words::contact as words,
};

/// A listener per kind.
pub fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Event>("attempt_authorized", |tx, e| Box::pin(attempt_authorized(tx, e))),
        Listener::new::<Event>("attempt_concluded", |tx, e| Box::pin(attempt_concluded(tx, e))),
        Listener::new::<Event>("treatment_refused", |tx, e| Box::pin(treatment_refused(tx, e))),
        Listener::new::<Event>("stop_placed", |tx, e| Box::pin(stop_placed(tx, e))),
        Listener::new::<Event>("stop_lifted", |tx, e| Box::pin(stop_lifted(tx, e))),
        Listener::new::<Event>("dispute_opened", |tx, e| Box::pin(dispute_opened(tx, e))),
        Listener::new::<Event>("dispute_resolved", |tx, e| Box::pin(dispute_resolved(tx, e))),
        Listener::new::<Event>("obligation_opened", |tx, e| Box::pin(obligation_opened(tx, e))),
        Listener::new::<Event>("obligation_met", |tx, e| Box::pin(obligation_met(tx, e))),
        Listener::new::<Event>("obligation_missed", |tx, e| Box::pin(obligation_missed(tx, e))),
    ]
}

async fn attempt_authorized(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(AttemptAuthorized)) {
        let (meta, fact) = told?;
        let words = words::authorized(fact);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "contact.attempt_authorized",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

/// Whether this was a call that somebody made.
fn is_call(channel: Channel, disposition: Disposition) -> bool {
    channel == Channel::Call
        && !matches!(disposition, Disposition::NotMade | Disposition::Unspecified)
}

async fn attempt_concluded(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut work, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(AttemptConcluded)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        if is_call(fact.channel(), fact.disposition()) {
            let whose = about.whose(account, fact.opening);
            work.push(WorkDelta { calls: 1, ..WorkDelta::of(whose) });
        }
        let words = words::concluded(fact);
        entries.push(about.entry(account, "contact.attempt_concluded", words, None));
    }
    standing::add_work(tx.conn(), &work).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn treatment_refused(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(TreatmentRefused)) {
        let (meta, fact) = told?;
        let words = words::refused(fact);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "contact.treatment_refused",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

/// The account that a stop is shown on: its own, else the party's as the teller names it.
fn account_of(meta: &EventMeta, account: &str) -> anyhow::Result<Option<Uuid>> {
    let account = if account.is_empty() { &meta.account_id } else { account };
    Ok(convert::id_opt::<id::Account>("account_id", account)?.map(duly_domain::Id::uuid))
}

fn party_id(id: &str) -> anyhow::Result<Uuid> {
    Ok(convert::id::<id::Party>("party_id", id)?.uuid())
}

fn stop_id(id: &str) -> anyhow::Result<Uuid> {
    Ok(convert::id::<id::Stop>("stop_id", id)?.uuid())
}

async fn stop_placed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut stops, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(StopPlaced)) {
        let (meta, fact) = told?;
        let about = about(meta)?;
        let kind = match fact.kind() {
            StopKind::Unspecified => anyhow::bail!("kind is missing"),
            kind => duly_domain::StopKind::try_from(kind)?,
        };
        let only = convert::id_opt::<id::Account>("account_id", &fact.account_id)?;
        stops.push(Stop {
            stop_id: stop_id(&fact.stop_id)?,
            client_id: about.client_id,
            party_id: party_id(&fact.party_id)?,
            account_id: only.map(duly_domain::Id::uuid),
            kind: Some(kind.as_str()),
        });
        if let Some(account) = account_of(meta, &fact.account_id)? {
            let words = words::stop_placed(fact);
            entries.push(about.entry(account, "contact.stop_placed", words, None));
        }
    }
    standing::keep_stops(tx.conn(), &stops).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn stop_lifted(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut stops, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(StopLifted)) {
        let (meta, fact) = told?;
        let about = about(meta)?;
        let only = convert::id_opt::<id::Account>("account_id", &fact.account_id)?;
        stops.push(Stop {
            stop_id: stop_id(&fact.stop_id)?,
            client_id: about.client_id,
            party_id: party_id(&fact.party_id)?,
            account_id: only.map(duly_domain::Id::uuid),
            kind: None,
        });
        if let Some(account) = account_of(meta, &fact.account_id)? {
            let words = words::stop_lifted(fact);
            entries.push(about.entry(account, "contact.stop_lifted", words, None));
        }
    }
    standing::keep_stops(tx.conn(), &stops).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

fn dispute_id(id: &str) -> anyhow::Result<Uuid> {
    Ok(convert::id::<id::Dispute>("dispute_id", id)?.uuid())
}

async fn dispute_opened(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut disputes, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(DisputeOpened)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let amount = convert::money_opt("amount", fact.amount.as_ref())?;
        let whole = amount.is_none() && fact.item_numbers.is_empty();
        disputes.push(Dispute {
            dispute_id: dispute_id(&fact.dispute_id)?,
            whose: about.whose(account, fact.opening),
            scope: Some(Scope { whole, pauses: fact.pauses_account }),
            amount,
        });
        let words = words::dispute_opened(fact, amount);
        entries.push(about.entry(account, "contact.dispute_opened", words, amount));
    }
    standing::keep_disputes(tx.conn(), &disputes).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn dispute_resolved(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut disputes, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(DisputeResolved)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        disputes.push(Dispute {
            dispute_id: dispute_id(&fact.dispute_id)?,
            whose: about.whose(account, fact.opening),
            scope: None,
            amount: None,
        });
        let words = words::dispute_resolved(fact);
        entries.push(about.entry(account, "contact.dispute_resolved", words, None));
    }
    standing::keep_disputes(tx.conn(), &disputes).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn obligation_opened(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(ObligationOpened)) {
        let (meta, fact) = told?;
        let due_on = convert::date_opt("due_on", fact.due_on.as_ref())?;
        let words = words::obligation_opened(fact, due_on);
        let account = account_id(&fact.account_id)?;
        entries.push(about(meta)?.entry(account, "contact.obligation_opened", words, None));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn obligation_met(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(ObligationMet)) {
        let (meta, fact) = told?;
        let words = words::obligation_met(fact);
        let account = account_id(&fact.account_id)?;
        entries.push(about(meta)?.entry(account, "contact.obligation_met", words, None));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn obligation_missed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(ObligationMissed)) {
        let (meta, fact) = told?;
        let words = words::obligation_missed(fact);
        let account = account_id(&fact.account_id)?;
        entries.push(about(meta)?.entry(account, "contact.obligation_missed", words, None));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}
