//! What payments tells: money posted, released, reversed, remitted.

use anyhow::Context as _;
use duly_domain::{Money, id};
use duly_platform::{Listener, Tx};
use duly_proto::{
    common::v1 as wire,
    convert,
    payments::v1::{Event, ReceivedBy, event::Fact},
};
use sqlx::types::Uuid;

use super::{about, account_id, client_id, facts};
use crate::{
    store::{
        money::{self, Collection, Held},
        summary::{self, Delta},
        timeline,
    },
    words,
};

/// A listener per kind.
pub fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Event>("payment_posted", |tx, e| Box::pin(payment_posted(tx, e))),
        Listener::new::<Event>("payment_released", |tx, e| Box::pin(payment_released(tx, e))),
        Listener::new::<Event>("payment_reversed", |tx, e| Box::pin(payment_reversed(tx, e))),
        Listener::new::<Event>("balance_settled", |tx, e| Box::pin(balance_settled(tx, e))),
        Listener::new::<Event>("remittance_issued", |tx, e| Box::pin(remittance_issued(tx, e))),
    ]
}

/// The one fact of a kind out of an event.
macro_rules! only {
    ($kind:ident) => {
        |event: &Event| match &event.fact {
            Some(Fact::$kind(fact)) => Some(fact),
            _ => None,
        }
    };
}

/// Who got the money; unspecified is the teller's mistake.
fn received_by_agency(by: ReceivedBy) -> anyhow::Result<bool> {
    match by {
        ReceivedBy::Agency => Ok(true),
        ReceivedBy::Client => Ok(false),
        ReceivedBy::Unspecified => anyhow::bail!("received_by is missing"),
    }
}

fn payment_id(id: &str) -> anyhow::Result<Uuid> {
    Ok(convert::id::<id::Payment>("payment_id", id)?.uuid())
}

/// An amount that is zero where the teller left it out.
fn or_zero(field: &str, amount: Option<&wire::Money>, like: Money) -> anyhow::Result<Money> {
    Ok(convert::money_opt(field, amount)?.unwrap_or_else(|| Money::zero(like.currency())))
}

async fn payment_posted(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut held, mut deltas, mut entries) = (vec![], vec![], vec![]);
    for told in facts(events, only!(PaymentPosted)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let amount = convert::money("amount", fact.amount.as_ref())?;
        let over = or_zero("overpayment", fact.overpayment.as_ref(), amount)?;
        let paid_on = convert::date("payment_on", fact.payment_on.as_ref())?;
        if received_by_agency(fact.received_by())? {
            held.push(Held {
                payment_id: payment_id(&fact.payment_id)?,
                client_id: about.client_id,
                currency: amount.currency().code(),
                amount_minor: amount.sub(over).context("amount less overpayment")?.minor(),
            });
        }
        // Adds nothing: the row is there from a client's first money on.
        deltas.push(Delta::of(about.client_id, amount));
        let words = words::posted(fact, amount, paid_on, over);
        entries.push(about.entry(account, "payments.payment_posted", words, Some(amount)));
    }
    money::hold(tx.conn(), &held).await?;
    summary::add(tx.conn(), &deltas).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn payment_released(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut ended, mut collected) = (vec![], vec![]);
    let (mut deltas, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(PaymentReleased)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let amount = convert::money("amount", fact.amount.as_ref())?;
        let commission = or_zero("commission", fact.commission.as_ref(), amount)?;
        let mut delta =
            Delta { commission: commission.minor(), ..Delta::of(about.client_id, amount) };
        if received_by_agency(fact.received_by())? {
            delta.collected = amount.minor();
            ended.push(end(&fact.payment_id, about.client_id, amount)?);
        } else {
            delta.direct = amount.minor();
        }
        deltas.push(delta);
        collected.push(Collection {
            event_id: about.event_id,
            account_id: account,
            client_id: about.client_id,
            currency: amount.currency().code(),
            amount_minor: amount.minor(),
            collected_on: convert::date("released_on", fact.released_on.as_ref())?,
        });
        let words = words::released(fact, amount, commission);
        entries.push(about.entry(account, "payments.payment_released", words, Some(amount)));
    }
    money::end_holding(tx.conn(), &ended).await?;
    money::keep_collections(tx.conn(), &collected).await?;
    summary::add(tx.conn(), &deltas).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn payment_reversed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut ended, mut collected) = (vec![], vec![]);
    let (mut deltas, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(PaymentReversed)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let amount = convert::money("amount", fact.amount.as_ref())?;
        let commission = or_zero("commission", fact.commission.as_ref(), amount)?;
        let by_agency = received_by_agency(fact.received_by())?;
        let mut delta =
            Delta { commission: commission.minor(), ..Delta::of(about.client_id, amount) };
        if by_agency {
            ended.push(end(&fact.payment_id, about.client_id, amount)?);
        }
        if fact.was_released {
            let back = or_zero("collected", fact.collected.as_ref(), amount)?.neg()?;
            if by_agency {
                delta.collected = back.minor();
            } else {
                delta.direct = back.minor();
            }
            collected.push(Collection {
                event_id: about.event_id,
                account_id: account,
                client_id: about.client_id,
                currency: amount.currency().code(),
                amount_minor: back.minor(),
                collected_on: convert::date("reversed_on", fact.reversed_on.as_ref())?,
            });
        }
        deltas.push(delta);
        let words = words::reversed(fact, amount);
        entries.push(about.entry(account, "payments.payment_reversed", words, Some(amount)));
    }
    money::end_holding(tx.conn(), &ended).await?;
    money::keep_collections(tx.conn(), &collected).await?;
    summary::add(tx.conn(), &deltas).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

fn end(payment: &str, client_id: Uuid, amount: Money) -> anyhow::Result<Held> {
    let payment_id = payment_id(payment)?;
    Ok(Held { payment_id, client_id, currency: amount.currency().code(), amount_minor: 0 })
}

async fn balance_settled(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(BalanceSettled)) {
        let (meta, fact) = told?;
        let (account, words) = (account_id(&fact.account_id)?, words::SETTLED.to_owned());
        entries.push(about(meta)?.entry(account, "payments.balance_settled", words, None));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn remittance_issued(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut deltas = Vec::with_capacity(events.len());
    for told in facts(events, only!(RemittanceIssued)) {
        let (_, fact) = told?;
        let client = client_id("client_id", &fact.client_id)?;
        let remitted = convert::money("remitted", fact.remitted.as_ref())?;
        deltas.push(Delta { remitted: remitted.minor(), ..Delta::of(client, remitted) });
    }
    summary::add(tx.conn(), &deltas).await?;
    Ok(())
}
