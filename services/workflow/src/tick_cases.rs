//! The tick: due cases are claimed in sets, decided in memory from all facts then known, and written back
//! in sets. Nothing else here decides.

use std::collections::{BTreeMap, BTreeSet};

use duly_domain::Instant;
use duly_platform::{DueItem, Tx};
use uuid::Uuid;

use crate::{
    documents::Documents,
    error::Result,
    evaluate::{Tick, Writes},
    model::CaseAccount,
    store::{
        case::{self, Summary},
        load, obligation, task, track, treatment,
    },
};

/// Queue of cases about which something is to be decided.
pub(crate) const QUEUE: &str = "case_tick";

/// Queue of accounts and parties of which something was heard before they were known.
pub(crate) const EARLY: &str = "heard_early";

/// Due work: what was heard of before it was known is looked for again. What is still unknown waits in its
/// table, and counts once its account is placed.
pub(crate) async fn tick_early(tx: &mut Tx, due: &[DueItem]) -> Result<()> {
    let mut keys: Vec<Uuid> = due.iter().map(|item| item.key).collect();
    let liable = duly_standing::load_for_parties(tx.conn(), &keys).await?;
    keys.extend(liable.into_iter().map(|(_, account)| account));
    let known = case::of_accounts(tx.conn(), &keys).await?;
    let cases: Vec<Uuid> = known.into_iter().map(|(_, case)| case).collect();
    let now = tx.now();
    tx.mark_due(QUEUE, &cases, now).await?;
    Ok(())
}

/// Due work: decides about each account of these cases.
pub(crate) async fn tick_due(tx: &mut Tx, due: &[DueItem]) -> Result<()> {
    let cases: Vec<Uuid> = due.iter().map(|item| item.key).collect();
    case::lock(tx.conn(), &cases).await?;
    let mut accounts = case::accounts(tx.conn(), &cases).await?;
    let ids: Vec<Uuid> =
        accounts.iter().map(|a| a.account).collect::<BTreeSet<_>>().into_iter().collect();
    let today = tx.today();
    // Facts told before this instant alone: what others tell in it is partly in by now, and marked the
    // case due at the next tick.
    let now = tx.now();
    let standings = duly_standing::load_before(tx.conn(), &ids, today, now).await?;
    let parties: Vec<Uuid> =
        standings.values().flat_map(|standing| &standing.parties).map(|party| party.id).collect();
    let facts = load::facts(tx.conn(), &ids, &parties, now).await?;
    let documents = Documents::load(tx, &accounts).await?;
    // By the client's own references: no decision depends on an id or on what came first.
    accounts.sort_by_cached_key(|account| {
        let standing = standings.get(&account.account);
        let refs = standing.map(|s| (s.client_ref.clone(), s.client_account_ref.clone()));
        (refs, account.opening)
    });
    let mut tick = Tick::new(tx, &documents, facts);
    let mut summaries: BTreeMap<Uuid, Summary> = cases
        .iter()
        .map(|case| (*case, Summary { case: *case, open_accounts: 0, next_at: None }))
        .collect();
    for account in accounts {
        let Some(standing) = standings.get(&account.account) else { continue };
        let case = account.case;
        let (account, next_at) = tick.account(tx, account, standing)?;
        if let Some(summary) = summaries.get_mut(&case) {
            note(summary, &account, next_at);
        }
    }
    write(tx, tick.writes).await?;
    mark_next(tx, &summaries).await?;
    let summaries: Vec<Summary> = summaries.into_values().collect();
    case::summarise(tx.conn(), &summaries).await?;
    Ok(())
}

fn note(summary: &mut Summary, account: &CaseAccount, next_at: Option<Instant>) {
    if account.ended.is_empty() {
        summary.open_accounts += 1;
    }
    if let Some(at) = next_at {
        summary.next_at = Some(summary.next_at.map_or(at, |before| before.min(at)));
    }
}

/// Marks each case due when something in it is.
async fn mark_next(tx: &mut Tx, summaries: &BTreeMap<Uuid, Summary>) -> Result<()> {
    let mut by_time: BTreeMap<Instant, Vec<Uuid>> = BTreeMap::new();
    for summary in summaries.values() {
        if let Some(at) = summary.next_at {
            by_time.entry(tx.tick_at_or_after(at)).or_default().push(summary.case);
        }
    }
    for (at, cases) in by_time {
        tx.mark_due(QUEUE, &cases, at).await?;
    }
    Ok(())
}

async fn write(tx: &mut Tx, writes: Writes) -> Result<()> {
    let now = tx.now();
    let conn = tx.conn();
    case::update(conn, &writes.accounts).await?;
    track::put(conn, &writes.tracks).await?;
    treatment::insert(conn, &writes.asked).await?;
    treatment::answer(conn, &writes.answered).await?;
    treatment::note_heard(conn, &writes.heard).await?;
    load::note_promises(conn, &writes.promises_used).await?;
    load::note_disputes(conn, &writes.disputes_tasked).await?;
    obligation::note_tasked(conn, &writes.obligations_tasked).await?;
    obligation::note_done(conn, &writes.obligations_done).await?;
    task::insert(conn, &writes.tasks_opened).await?;
    task::mark_missed(conn, &writes.tasks_missed).await?;
    task::close(conn, &writes.tasks_closed, now).await?;
    Ok(())
}
