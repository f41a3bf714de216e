//! What payments tells: money posted, released, reversed, remitted.

use anyhow::Context as _;
use duly_domain::{Money, id};
use duly_platform::{Listener, Tx};
use duly_proto::{
    common::v1 as wire,
    convert,
    payments::v1::{Event, ReceivedBy, ReversalReason, event::Fact},
};
use sqlx::types::Uuid;

use super::{about, account_id, client_id, facts};
use crate::{
    store::{
        money::{self, Collection, Held},
        standing::{self, MoneyDelta, Promise, WorkDelta},
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
        Listener::new::<Event>("promise_made", |tx, e| Box::pin(promise_made(tx, e))),
        Listener::new::<Event>("promise_kept", |tx, e| Box::pin(promise_kept(tx, e))),
        Listener::new::<Event>("promise_broken", |tx, e| Box::pin(promise_broken(tx, e))),
    ]
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
    let (mut held, mut sums) = (vec![], vec![]);
    let (mut deltas, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(PaymentPosted)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let amount = convert::money("amount", fact.amount.as_ref())?;
        let over = or_zero("overpayment", fact.overpayment.as_ref(), amount)?;
        let paid_on = convert::date("payment_on", fact.payment_on.as_ref())?;
        let pays = amount.sub(over).context("amount less overpayment")?.minor();
        let whose = about.whose(account, fact.opening);
        sums.push(MoneyDelta { posted: pays, ..MoneyDelta::of(whose, amount) });
        if received_by_agency(fact.received_by())? {
            held.push(Held {
                payment_id: payment_id(&fact.payment_id)?,
                client_id: about.client_id,
                currency: amount.currency().code(),
                amount_minor: pays,
            });
        }
        // Adds nothing: the row is there from a client's first money on.
        deltas.push(Delta::of(about.client_id, amount));
        let words = words::posted(fact, amount, paid_on, over);
        entries.push(about.entry(account, "payments.payment_posted", words, Some(amount)));
    }
    money::hold(tx.conn(), &held).await?;
    standing::add_money(tx.conn(), &sums).await?;
    summary::add(tx.conn(), &deltas).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn payment_released(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut ended, mut collected, mut sums) = (vec![], vec![], vec![]);
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
        let whose = about.whose(account, fact.opening);
        sums.push(MoneyDelta { collected: amount.minor(), ..MoneyDelta::of(whose, amount) });
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
    standing::add_money(tx.conn(), &sums).await?;
    summary::add(tx.conn(), &deltas).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn payment_reversed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut ended, mut collected, mut sums, mut work) = (vec![], vec![], vec![], vec![]);
    let (mut deltas, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(PaymentReversed)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let amount = convert::money("amount", fact.amount.as_ref())?;
        let commission = or_zero("commission", fact.commission.as_ref(), amount)?;
        let by_agency = received_by_agency(fact.received_by())?;
        let mut delta =
            Delta { commission: commission.minor(), ..Delta::of(about.client_id, amount) };
        let whose = about.whose(account, fact.opening);
        let mut sum = MoneyDelta::of(whose, amount);
        // What it was posted with: a receipt whole, a direct payment without what was above the balance.
        if by_agency {
            ended.push(end(&fact.payment_id, about.client_id, amount)?);
            sum.posted = amount.neg()?.minor();
        } else {
            sum.posted = or_zero("collected", fact.collected.as_ref(), amount)?.neg()?.minor();
        }
        if fact.reason() == ReversalReason::Nsf {
            let nsf_on = convert::date("reversed_on", fact.reversed_on.as_ref())?;
            work.push(WorkDelta { nsf_on: Some(nsf_on), ..WorkDelta::of(whose) });
        }
        if fact.was_released {
            let back = or_zero("collected", fact.collected.as_ref(), amount)?.neg()?;
            sum.collected = back.minor();
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
        sums.push(sum);
        let words = words::reversed(fact, amount);
        entries.push(about.entry(account, "payments.payment_reversed", words, Some(amount)));
    }
    money::end_holding(tx.conn(), &ended).await?;
    money::keep_collections(tx.conn(), &collected).await?;
    standing::add_money(tx.conn(), &sums).await?;
    standing::add_work(tx.conn(), &work).await?;
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

fn promise_id(id: &str) -> anyhow::Result<Uuid> {
    Ok(convert::id::<id::Promise>("promise_id", id)?.uuid())
}

async fn promise_made(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut promises, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(PromiseMade)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let amount = convert::money("amount", fact.amount.as_ref())?;
        let due_on = convert::date("due_on", fact.due_on.as_ref())?;
        promises.push(Promise {
            promise_id: promise_id(&fact.promise_id)?,
            whose: about.whose(account, fact.opening),
            due_on: Some(due_on),
            end: None,
        });
        let words = words::promised(fact, amount, due_on);
        entries.push(about.entry(account, "payments.promise_made", words, Some(amount)));
    }
    standing::keep_promises(tx.conn(), &promises).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn promise_kept(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut promises, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(PromiseKept)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        promises.push(Promise {
            promise_id: promise_id(&fact.promise_id)?,
            whose: about.whose(account, fact.opening),
            due_on: None,
            end: Some(("kept", convert::date("kept_on", fact.kept_on.as_ref())?)),
        });
        let words = words::PROMISE_KEPT.to_owned();
        entries.push(about.entry(account, "payments.promise_kept", words, None));
    }
    standing::keep_promises(tx.conn(), &promises).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn promise_broken(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut promises, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(PromiseBroken)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let paid = convert::money_opt("paid", fact.paid.as_ref())?;
        let outcome = if fact.cancelled { "cancelled" } else { "broken" };
        promises.push(Promise {
            promise_id: promise_id(&fact.promise_id)?,
            whose: about.whose(account, fact.opening),
            due_on: None,
            end: Some((outcome, convert::date("broken_on", fact.broken_on.as_ref())?)),
        });
        let words = words::promise_broken(fact, paid);
        entries.push(about.entry(account, "payments.promise_broken", words, paid));
    }
    standing::keep_promises(tx.conn(), &promises).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}
