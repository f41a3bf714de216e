//! Events in: facts are kept, work is marked due, nothing is decided.

use std::str::FromStr as _;

use anyhow::Context as _;
use duly_domain::{ClaimItemKind, CloseCode, id};
use duly_platform::{BoxFuture, Listener, Tx};
use duly_proto::{
    Event as _,
    convert::{self, Misfit},
    intake::v1::{Event, event::Fact},
};
use uuid::Uuid;

use crate::{
    apply_payment,
    error::PaymentsError,
    judge_promises, release_payments,
    store::fact::{self, AccountFact, AdjustmentFact, EndFact, ItemFact, PolicyFact},
};

/// What payments hears.
pub(crate) fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Event>("client_changed", |tx, events| Box::pin(client_changed(tx, events))),
        Listener::new::<Event>("account_placed", |tx, events| Box::pin(account_placed(tx, events))),
        Listener::new::<Event>("claim_items_listed", claim_items_listed),
        Listener::new::<Event>("account_adjusted", |tx, events| {
            Box::pin(account_adjusted(tx, events))
        }),
        Listener::new::<Event>("account_recalled", account_recalled),
        Listener::new::<Event>("account_closed", account_closed),
    ]
}

/// The facts of these events, each parsed; the kind is the listener's.
fn parse<T>(
    events: &[Event],
    parse: fn(&Event, &Fact) -> Result<Vec<T>, Misfit>,
) -> anyhow::Result<Vec<T>> {
    let mut facts = Vec::with_capacity(events.len());
    for event in events {
        let fact = event.fact.as_ref().context("an event of a known kind carries its fact")?;
        facts.extend(parse(event, fact).context("reading an event of intake")?);
    }
    Ok(facts)
}

fn client_of(event: &Event) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Client>("meta.client_id", &event.meta().client_id)?.uuid())
}

fn account(id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Account>("account_id", id)?.uuid())
}

fn wrong_kind() -> Misfit {
    Misfit::new("fact", "is not of the kind of its frame")
}

async fn client_changed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let facts = parse(events, |event, fact| {
        let Fact::ClientChanged(fact) = fact else { return Err(wrong_kind()) };
        let version = event.meta().version;
        let number = u32::try_from(version)
            .map_err(|_| Misfit::new("meta.version", "is no version: it counts from 1"))?;
        let effective_on = convert::date("effective_on", fact.effective_on.as_ref())?;
        let policy = fact.policy.as_ref().ok_or_else(|| Misfit::new("policy", "is missing"))?;
        let policy = convert::policy_from_wire(policy, number, effective_on)?;
        Ok(vec![PolicyFact {
            client: convert::id::<id::Client>("client_id", &fact.client_id)?.uuid(),
            version,
            client_ref: fact.client_ref.clone(),
            client_name: fact.name.clone(),
            parent: convert::id_opt::<id::Client>("parent_client_id", &fact.parent_client_id)?
                .map(duly_domain::ClientId::uuid),
            effective_on,
            currency: policy.currency.code().to_owned(),
            policy: serde_json::to_value(&policy)
                .map_err(|_| Misfit::new("policy", "cannot be kept as JSON"))?,
        }])
    })?;
    fact::keep_policies(tx.conn(), &facts).await?;
    let clients: Vec<Uuid> = facts.iter().map(|fact| fact.client).collect();
    let named = fact::unapplied_naming_clients(tx.conn(), &clients).await?;
    apply_payment::mark(tx, &named).await?;
    Ok(())
}

async fn account_placed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let facts = parse(events, |_, fact| {
        let Fact::AccountPlaced(fact) = fact else { return Err(wrong_kind()) };
        let listed = convert::money("listed_amount", fact.listed_amount.as_ref())?;
        let debtor = fact.liable_parties.first().map(|party| party.name.clone());
        let parties = fact
            .liable_parties
            .iter()
            .map(|party| Ok(convert::id::<id::Party>("party_id", &party.party_id)?.uuid()))
            .collect::<Result<_, Misfit>>()?;
        Ok(vec![AccountFact {
            account: account(&fact.account_id)?,
            opening: fact.opening,
            client: convert::id::<id::Client>("client_id", &fact.client_id)?.uuid(),
            client_ref: fact.client_ref.clone(),
            client_account_ref: fact.client_account_ref.clone(),
            currency: listed.currency().code().to_owned(),
            listed_minor: listed.minor(),
            listing_date: convert::date("listing_date", fact.listing_date.as_ref())?,
            debtor_name: debtor.unwrap_or_default(),
            parties,
        }])
    })?;
    fact::keep_accounts(tx.conn(), &facts).await?;
    let named = fact::unapplied_naming_accounts(tx.conn(), &facts).await?;
    apply_payment::mark(tx, &named).await?;
    Ok(())
}

fn claim_items_listed<'a>(
    tx: &'a mut Tx,
    events: &'a [Event],
) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let facts = parse(events, |event, fact| {
            let Fact::ClaimItemsListed(fact) = fact else { return Err(wrong_kind()) };
            let client = client_of(event)?;
            let account = account(&fact.account_id)?;
            (0i32..)
                .zip(&fact.items)
                .map(|(line, item)| {
                    let open = convert::money("items.open_amount", item.open_amount.as_ref())?;
                    let disputed =
                        convert::money_opt("items.disputed_amount", item.disputed_amount.as_ref())?;
                    let kind: ClaimItemKind = item.kind().try_into()?;
                    Ok(ItemFact {
                        account,
                        opening: fact.opening,
                        part: fact.part,
                        line,
                        client,
                        kind: kind.as_str(),
                        number: item.number.clone(),
                        item_date: convert::date_opt("items.item_date", item.item_date.as_ref())?,
                        due_date: convert::date_opt("items.due_date", item.due_date.as_ref())?,
                        currency: open.currency().code().to_owned(),
                        open_minor: open.minor(),
                        disputed_minor: disputed.map_or(0, duly_domain::Money::minor),
                    })
                })
                .collect()
        })?;
        Ok(fact::keep_items(tx.conn(), &facts).await?)
    })
}

async fn account_adjusted(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let facts = parse(events, |event, fact| {
        let Fact::AccountAdjusted(fact) = fact else { return Err(wrong_kind()) };
        let amount = convert::money("amount", fact.amount.as_ref())?;
        // Adjustments are named by ids of a kind that only intake has: its UUID is the key here.
        let (_, digits) = fact.adjustment_id.split_once('_').unwrap_or(("", &fact.adjustment_id));
        let id = Uuid::from_str(digits).map_err(|_| Misfit::new("adjustment_id", "is no id"))?;
        Ok(vec![AdjustmentFact {
            id,
            account: account(&fact.account_id)?,
            client: client_of(event)?,
            currency: amount.currency().code().to_owned(),
            amount_minor: amount.minor(),
            adjusted_on: convert::date("adjusted_on", fact.adjusted_on.as_ref())?,
            item_number: fact.item_number.clone(),
            opening: fact.opening,
        }])
    })?;
    fact::keep_adjustments(tx.conn(), &facts).await?;
    // What is already released may pay all of what is now owed.
    let accounts: Vec<Uuid> = facts.iter().map(|fact| fact.account).collect();
    let at = tx.next_tick();
    tx.mark_due(release_payments::QUEUE, &accounts, at).await?;
    // And what was promised may be more than that.
    judge_promises::mark(tx, &accounts).await?;
    Ok(())
}

fn account_recalled<'a>(tx: &'a mut Tx, events: &'a [Event]) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let facts = parse(events, |event, fact| {
            let Fact::AccountRecalled(fact) = fact else { return Err(wrong_kind()) };
            Ok(vec![EndFact {
                account: account(&fact.account_id)?,
                opening: fact.opening,
                client: client_of(event)?,
                ended_on: convert::date("recalled_on", fact.recalled_on.as_ref())?,
                close_code: None,
            }])
        })?;
        Ok(keep_ends(tx, &facts).await?)
    })
}

fn account_closed<'a>(tx: &'a mut Tx, events: &'a [Event]) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let facts = parse(events, |event, fact| {
            let Fact::AccountClosed(fact) = fact else { return Err(wrong_kind()) };
            let code = CloseCode::from_str(&fact.close_code)
                .map_err(|e| Misfit::new("close_code", e.to_string()))?;
            Ok(vec![EndFact {
                account: account(&fact.account_id)?,
                opening: fact.opening,
                client: client_of(event)?,
                ended_on: convert::date("closed_on", fact.closed_on.as_ref())?,
                close_code: Some(code.as_str()),
            }])
        })?;
        Ok(keep_ends(tx, &facts).await?)
    })
}

/// Keeps ends. An open promise of what ended no longer waits for money.
async fn keep_ends(tx: &mut Tx, facts: &[EndFact]) -> Result<(), PaymentsError> {
    fact::keep_ends(tx.conn(), facts).await?;
    let accounts: Vec<Uuid> = facts.iter().map(|fact| fact.account).collect();
    judge_promises::mark(tx, &accounts).await
}
