//! Deciding which searches are made: the one place that spends. All that are due at a tick are decided
//! together and in an order that follows from the clients' references, so that a cap which does not
//! suffice falls on the same searches in every run.

use std::collections::BTreeMap;

use duly_domain::{Date, Instant, Money};
use duly_platform::{DueItem, Tx};
use sqlx::types::Uuid;

use crate::{
    Config, ask_provider,
    error::Result,
    judge::{Judged, judge},
    model::{Named, Refusal, Search, reference},
    store::{
        file,
        search::{self, Allowed, Cost},
        spend, stop,
    },
    tell,
};

/// The queue of decisions.
pub(crate) const QUEUE: &str = "decide_search";

/// The one key of the queue: deciding is one piece of work for all searches.
const ALL: Uuid = Uuid::nil();

/// Searches decided in one transaction.
const SET_MAX: usize = 10_000;

/// Searches in one file.
const FILE_SEARCHES_MAX: usize = 1_000;

/// Marks the decision due.
pub(crate) async fn mark(tx: &mut Tx, at: Instant) -> sqlx::Result<()> {
    tx.mark_due(QUEUE, &[ALL], at).await
}

/// The first day of the month, in the agency's zone: caps are per month.
fn month(today: Date) -> Date {
    use chrono::Datelike as _;
    today.with_day(1).unwrap_or(today)
}

/// Decides what is due, plans the files that ask, and marks them to be handed over at once.
pub(crate) async fn decide_searches(tx: &mut Tx) -> Result<()> {
    let config = tx.host().state::<Config>().clone();
    let (now, month) = (tx.now(), month(tx.today()));
    let cap = config.monthly_cap.0;
    // The lock: one at a time decides, on what the one before spent.
    let before = spend::lock(tx.conn(), &config.provider, month, cap.currency().code()).await?;
    let limit = i64::try_from(SET_MAX).unwrap_or(i64::MAX);
    let searches = search::undecided(tx.conn(), now, limit).await?;
    let (mut spent, mut allowed, mut refused) = (before, Vec::new(), Vec::new());
    let facts = Facts::load(tx, &searches).await?;
    for search in &searches {
        match facts.judge(search, now) {
            Judged::Waits => {}
            Judged::Refused(why) => refused.push((search, why)),
            Judged::Allowed(party) => {
                let price = config.price(search.kind);
                let after = spent.add(price)?;
                if cap.sub(after)?.is_negative() {
                    refused.push((search, Refusal::SpendCap));
                } else {
                    spent = after;
                    let standing = &facts.standings[&search.account];
                    let named = Named {
                        client_ref: &standing.client_ref,
                        client_account_ref: &standing.client_account_ref,
                        position: party.position,
                    };
                    allowed.push((search.id, reference(search, &named), price));
                }
            }
        }
    }
    plan(tx, &config.provider, allowed, month).await?;
    spend::add(tx.conn(), &config.provider, month, spent.sub(before)?).await?;
    refuse(tx, &refused, Cost::GivenBack).await?;
    if searches.len() == SET_MAX {
        mark(tx, now).await?;
    }
    Ok(())
}

/// Records what is made, and plans its files.
async fn plan(
    tx: &mut Tx,
    provider: &str,
    allowed: Vec<(Uuid, String, Money)>,
    month: Date,
) -> Result<()> {
    let (now, mut files, mut made) = (tx.now(), Vec::new(), Vec::with_capacity(allowed.len()));
    for of_file in allowed.chunks(FILE_SEARCHES_MAX) {
        let file = tx.uuid();
        files.push(file);
        made.extend(of_file.iter().map(|(id, reference, cost)| Allowed {
            id: *id,
            reference: reference.clone(),
            file,
            cost: *cost,
        }));
    }
    search::allow(tx.conn(), &made, month, now).await?;
    file::plan(tx.conn(), &files, provider, now).await?;
    if tx.host().state::<Config>().provider_dir.is_some() {
        // Those that waited for a folder to be set go with them.
        files = file::planned(tx.conn()).await?;
    }
    tx.mark_due(ask_provider::QUEUE, &files, now).await?;
    Ok(())
}

/// Records and tells refusals.
pub(crate) async fn refuse(
    tx: &mut Tx,
    refused: &[(&Search, Refusal)],
    cost: Cost,
) -> sqlx::Result<()> {
    let now = tx.now();
    let rows: Vec<(Uuid, Refusal)> = refused.iter().map(|(s, why)| (s.id, *why)).collect();
    search::refuse(tx.conn(), &rows, cost, now).await?;
    for (search, why) in refused {
        tell::refused(tx, search, *why);
    }
    Ok(())
}

/// Gives back what searches were to cost, to the months that they were counted in.
pub(crate) async fn give_back<'a>(
    tx: &mut Tx,
    searches: impl Iterator<Item = &'a Search>,
) -> Result<()> {
    let mut months: BTreeMap<(&str, Date), Money> = BTreeMap::new();
    for search in searches {
        if let Some(month) = search.spent_month {
            let back = months
                .entry((&search.provider, month))
                .or_insert_with(|| Money::zero(search.cost.currency()));
            *back = back.sub(search.cost)?;
        }
    }
    for ((provider, month), back) in months {
        spend::add(tx.conn(), provider, month, back).await?;
    }
    Ok(())
}

/// What is known of the accounts and parties of some searches.
pub(crate) struct Facts {
    pub standings: BTreeMap<Uuid, duly_standing::Standing>,
    stopped: std::collections::BTreeSet<(Uuid, Uuid)>,
}

impl Facts {
    /// Reads them.
    pub(crate) async fn load(tx: &mut Tx, searches: &[Search]) -> sqlx::Result<Self> {
        let (now, today) = (tx.now(), tx.today());
        let accounts: Vec<Uuid> = searches.iter().map(|s| s.account).collect();
        let parties: Vec<Uuid> = searches.iter().map(|s| s.party).collect();
        let standings = duly_standing::load(tx.conn(), &accounts, today).await?;
        let stopped = stop::stopped(tx.conn(), &accounts, &parties, now).await?;
        Ok(Self { standings, stopped })
    }

    /// Judges one of them.
    pub(crate) fn judge(&self, search: &Search, now: Instant) -> Judged<'_> {
        let is_stopped = self.stopped.contains(&(search.account, search.party));
        judge(search, self.standings.get(&search.account), is_stopped, now)
    }
}

/// Keys of due items.
pub(crate) fn keys(items: &[DueItem]) -> Vec<Uuid> {
    items.iter().map(|item| item.key).collect()
}
