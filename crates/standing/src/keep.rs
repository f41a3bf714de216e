//! Events in: one function per kind, called by each service's own listener, which then marks its own
//! work due. Each answers the accounts that it touched, once each.

use std::collections::BTreeSet;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use duly_domain::{DebtClass, DebtorKind, HoldId, PartyId, PartyRole, ServiceKind, id};
use duly_platform::Tx;
use duly_proto::{
    Event as _,
    common::v1::EventMeta,
    convert::{self, AddressField, Misfit},
    intake::v1::{self as intake, event::Fact as Intake},
    payments::v1::{self as payments, event::Fact as Payments},
};
use sqlx::types::Uuid;

use crate::store::{self, Account, Client, Ending, Hold, Lifted, Moved, PartyRow};

/// Keeps the latest version of each client.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_clients(tx: &mut Tx, events: &[intake::Event]) -> anyhow::Result<()> {
    let rows = events.iter().map(|event| {
        let Some(Intake::ClientChanged(fact)) = &event.fact else { return Err(wrong_kind()) };
        Ok(Client {
            client_id: client(&fact.client_id)?,
            version: event.meta().version,
            client_ref: fact.client_ref.clone(),
            name: fact.name.clone(),
        })
    });
    store::keep_clients(tx.conn(), &read(rows)?).await?;
    Ok(())
}

/// Keeps placements with their liable parties.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_placed(tx: &mut Tx, events: &[intake::Event]) -> anyhow::Result<Vec<Uuid>> {
    let rows = read(events.iter().map(|event| {
        let Some(Intake::AccountPlaced(fact)) = &event.fact else { return Err(wrong_kind()) };
        placed(fact)
    }))?;
    let (accounts, parties): (Vec<Account>, Vec<Vec<PartyRow>>) = rows.into_iter().unzip();
    let parties: Vec<PartyRow> = parties.into_iter().flatten().collect();
    store::keep_accounts(tx.conn(), &accounts).await?;
    store::keep_parties(tx.conn(), &parties).await?;
    Ok(once_each(accounts.iter().map(|account| account.account_id)))
}

fn placed(fact: &intake::AccountPlaced) -> Result<(Account, Vec<PartyRow>), Misfit> {
    let listed = convert::money("listed_amount", fact.listed_amount.as_ref())?;
    let account = Account {
        account_id: account(&fact.account_id)?,
        opening: opening(fact.opening),
        client_id: client(&fact.client_id)?,
        client_ref: fact.client_ref.clone(),
        client_account_ref: fact.client_account_ref.clone(),
        debt_class: DebtClass::try_from(fact.debt_class())?.as_str(),
        service_kind: ServiceKind::try_from(fact.service_kind())?.as_str(),
        currency: listed.currency().code(),
        listed_minor: listed.minor(),
        listed_on: convert::date("listing_date", fact.listing_date.as_ref())?,
    };
    let parties = (0i32..).zip(&fact.liable_parties).map(|(position, party)| {
        let sealed = convert::sealed_opt("sealed_national_id", party.sealed_national_id.as_ref())?;
        Ok(PartyRow {
            account_id: account.account_id,
            opening: account.opening,
            position,
            party_id: convert::id::<id::Party>("party_id", &party.party_id).map(PartyId::uuid)?,
            client_id: account.client_id,
            role: PartyRole::try_from(party.role())?.as_str(),
            debtor_kind: DebtorKind::try_from(party.debtor_kind())?.as_str(),
            name: party.name.clone(),
            address: party.address.as_ref().map(AddressField::parts),
            phones: party.phones.clone(),
            emails: party.emails.clone(),
            national_id_lookup: sealed.map(|sealed| sealed.lookup),
        })
    });
    let parties = parties.collect::<Result<_, Misfit>>()?;
    Ok((account, parties))
}

/// Keeps the clients' corrections of balances.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_adjusted(tx: &mut Tx, events: &[intake::Event]) -> anyhow::Result<Vec<Uuid>> {
    let rows = events.iter().map(|event| {
        let Some(Intake::AccountAdjusted(fact)) = &event.fact else { return Err(wrong_kind()) };
        Ok(Moved {
            told_at: told_at(event.meta())?,
            fact_id: fact_id("adjustment_id", &fact.adjustment_id)?,
            kind: "adjusted",
            account_id: account(&fact.account_id)?,
            opening: opening(fact.opening),
            client_id: client(&event.meta().client_id)?,
            minor: convert::money("amount", fact.amount.as_ref())?.minor(),
        })
    });
    keep_moved(tx, read(rows)?).await
}

/// Keeps recalls.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_recalled(tx: &mut Tx, events: &[intake::Event]) -> anyhow::Result<Vec<Uuid>> {
    let rows = events.iter().map(|event| {
        let Some(Intake::AccountRecalled(fact)) = &event.fact else { return Err(wrong_kind()) };
        Ok(Ending {
            told_at: told_at(event.meta())?,
            account_id: account(&fact.account_id)?,
            opening: opening(fact.opening),
            kind: "recalled",
            client_id: client(&event.meta().client_id)?,
            ended_on: convert::date("recalled_on", fact.recalled_on.as_ref())?,
            close_code: "RCL".to_owned(),
        })
    });
    keep_ended(tx, read(rows)?).await
}

/// Keeps closes.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_closed(tx: &mut Tx, events: &[intake::Event]) -> anyhow::Result<Vec<Uuid>> {
    let rows = events.iter().map(|event| {
        let Some(Intake::AccountClosed(fact)) = &event.fact else { return Err(wrong_kind()) };
        Ok(Ending {
            told_at: told_at(event.meta())?,
            account_id: account(&fact.account_id)?,
            opening: opening(fact.opening),
            kind: "closed",
            client_id: client(&event.meta().client_id)?,
            ended_on: convert::date("closed_on", fact.closed_on.as_ref())?,
            close_code: fact.close_code.clone(),
        })
    });
    keep_ended(tx, read(rows)?).await
}

/// Keeps that released money has paid balances.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_settled(tx: &mut Tx, events: &[payments::Event]) -> anyhow::Result<Vec<Uuid>> {
    let rows = events.iter().map(|event| {
        let Some(Payments::BalanceSettled(fact)) = &event.fact else { return Err(wrong_kind()) };
        Ok(Ending {
            told_at: told_at(event.meta())?,
            account_id: account(&fact.account_id)?,
            opening: opening(fact.opening),
            kind: "settled",
            client_id: client(&event.meta().client_id)?,
            ended_on: convert::date("settled_on", fact.settled_on.as_ref())?,
            close_code: String::new(),
        })
    });
    keep_ended(tx, read(rows)?).await
}

/// Keeps clients' holds.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_holds_placed(tx: &mut Tx, events: &[intake::Event]) -> anyhow::Result<Vec<Uuid>> {
    let rows = read(events.iter().map(|event| {
        let Some(Intake::HoldPlaced(fact)) = &event.fact else { return Err(wrong_kind()) };
        Ok(Hold {
            told_at: told_at(event.meta())?,
            hold_id: hold(&fact.hold_id)?,
            account_id: account(&fact.account_id)?,
            opening: opening(fact.opening),
            client_id: client(&event.meta().client_id)?,
            reason: fact.reason.clone(),
            from_on: convert::date("from_on", fact.from_on.as_ref())?,
            until_on: convert::date_opt("until_on", fact.until_on.as_ref())?,
        })
    }))?;
    store::keep_holds(tx.conn(), &rows).await?;
    Ok(once_each(rows.iter().map(|row| row.account_id)))
}

/// Keeps that holds were lifted.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_holds_lifted(tx: &mut Tx, events: &[intake::Event]) -> anyhow::Result<Vec<Uuid>> {
    let rows = read(events.iter().map(|event| {
        let Some(Intake::HoldLifted(fact)) = &event.fact else { return Err(wrong_kind()) };
        let lifted = Lifted {
            hold_id: hold(&fact.hold_id)?,
            client_id: client(&event.meta().client_id)?,
            told_at: told_at(event.meta())?,
        };
        Ok((account(&fact.account_id)?, lifted))
    }))?;
    let (accounts, lifted): (Vec<Uuid>, Vec<Lifted>) = rows.into_iter().unzip();
    store::keep_holds_lifted(tx.conn(), &lifted).await?;
    Ok(once_each(accounts.into_iter()))
}

/// Keeps payments: each lowers the balance from the moment it is posted.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_posted(tx: &mut Tx, events: &[payments::Event]) -> anyhow::Result<Vec<Uuid>> {
    let rows = events.iter().map(|event| {
        let Some(Payments::PaymentPosted(fact)) = &event.fact else { return Err(wrong_kind()) };
        let amount = convert::money("amount", fact.amount.as_ref())?;
        Ok(Moved {
            told_at: told_at(event.meta())?,
            fact_id: fact_id("payment_id", &fact.payment_id)?,
            kind: "posted",
            account_id: account(&fact.account_id)?,
            opening: opening(fact.opening),
            client_id: client(&event.meta().client_id)?,
            minor: negative("amount", amount.minor())?,
        })
    });
    keep_moved(tx, read(rows)?).await
}

/// Keeps that payments were taken back.
///
/// # Errors
/// An event that does not fit, or the database's.
pub async fn keep_reversed(tx: &mut Tx, events: &[payments::Event]) -> anyhow::Result<Vec<Uuid>> {
    let rows = events.iter().map(|event| {
        let Some(Payments::PaymentReversed(fact)) = &event.fact else { return Err(wrong_kind()) };
        Ok(Moved {
            told_at: told_at(event.meta())?,
            fact_id: fact_id("payment_id", &fact.payment_id)?,
            kind: "reversed",
            account_id: account(&fact.account_id)?,
            opening: opening(fact.opening),
            client_id: client(&event.meta().client_id)?,
            minor: convert::money("amount", fact.amount.as_ref())?.minor(),
        })
    });
    keep_moved(tx, read(rows)?).await
}

async fn keep_moved(tx: &mut Tx, rows: Vec<Moved>) -> anyhow::Result<Vec<Uuid>> {
    store::keep_moved(tx.conn(), &rows).await?;
    Ok(once_each(rows.iter().map(|row| row.account_id)))
}

async fn keep_ended(tx: &mut Tx, rows: Vec<Ending>) -> anyhow::Result<Vec<Uuid>> {
    store::keep_ended(tx.conn(), &rows).await?;
    Ok(once_each(rows.iter().map(|row| row.account_id)))
}

fn read<T>(rows: impl Iterator<Item = Result<T, Misfit>>) -> anyhow::Result<Vec<T>> {
    rows.collect::<Result<_, _>>().context("reading an event about an account")
}

fn once_each(accounts: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    accounts.collect::<BTreeSet<_>>().into_iter().collect()
}

fn wrong_kind() -> Misfit {
    Misfit::new("fact", "is not of the kind of its frame")
}

/// Events of versions that did not tell the opening are about the first.
fn opening(told: i32) -> i32 {
    told.max(1)
}

fn negative(field: &str, minor: i64) -> Result<i64, Misfit> {
    minor.checked_neg().ok_or_else(|| Misfit::new(field, "is out of range"))
}

fn told_at(meta: &EventMeta) -> Result<DateTime<Utc>, Misfit> {
    convert::instant("meta.occurred_at", meta.occurred_at.as_ref())
}

fn account(id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Account>("account_id", id)?.uuid())
}

fn client(id: &str) -> Result<Uuid, Misfit> {
    Ok(convert::id::<id::Client>("client_id", id)?.uuid())
}

fn hold(id: &str) -> Result<Uuid, Misfit> {
    convert::id::<id::Hold>("hold_id", id).map(HoldId::uuid)
}

/// The id of an adjustment or of a payment: only that it is one and the same matters here.
fn fact_id(field: &str, id: &str) -> Result<Uuid, Misfit> {
    let hex = id.rsplit_once('_').map_or(id, |(_, hex)| hex);
    Uuid::try_parse(hex).map_err(|_| Misfit::new(field, "is no id"))
}
