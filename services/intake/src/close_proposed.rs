//! Closes what the workflow is through with. Only intake closes, and only at a tick: what became of the
//! account meanwhile is known by then.

use std::collections::BTreeMap;

use chrono::Days;
use duly_domain::{AccountId, CloseCode, CloseGroup, Date};
use duly_platform::{DueItem, Tx};
use sqlx::types::Uuid;

use crate::{
    close_account::tell_closed,
    store::{
        account::{self, Account, End},
        close_proposal::{self, Standing},
        hold,
    },
};

/// Accounts with a proposal to close; the key is the account.
pub const QUEUE: &str = "close_proposed";

/// Closes those whose proposal still holds. Nothing comes of a proposal for an account that ended or was
/// placed again, nor of one to close as paid what the client has charged more on since. What the client
/// has on hold is not given up meanwhile: it is looked at again the day after the hold, or once it is
/// lifted.
pub async fn close_due(tx: &mut Tx, due: &[DueItem]) -> sqlx::Result<()> {
    let keys: Vec<Uuid> = due.iter().map(|item| item.key).collect();
    let accounts = account::lock_all(tx.conn(), &keys).await?;
    let mut proposals: BTreeMap<AccountId, Vec<Standing>> = BTreeMap::new();
    for proposal in close_proposal::standing(tx.conn(), &keys).await? {
        proposals.entry(proposal.account).or_default().push(proposal);
    }
    let today = tx.today();
    let holding = hold::holding(tx.conn(), &keys, today).await?;
    let held: BTreeMap<AccountId, Option<Date>> = holding.into_iter().collect();
    let mut closing: Vec<(Account, &Standing)> = Vec::new();
    let mut waiting: BTreeMap<Date, Vec<Uuid>> = BTreeMap::new();
    for account in accounts {
        let Some(proposal) = proposals.get(&account.id).and_then(|all| chosen(all)) else {
            continue;
        };
        match held.get(&account.id) {
            Some(until) if !is_paid(proposal.code) => {
                if let Some(next) = until.and_then(|day| day.checked_add_days(Days::new(1))) {
                    waiting.entry(next).or_default().push(account.id.uuid());
                }
            }
            _ => closing.push((account, proposal)),
        }
    }
    for (day, keys) in waiting {
        let at = tx.tick_at_or_after(tx.host().zone().start_of_day(day));
        tx.mark_due(QUEUE, &keys, at).await?;
    }
    let ends: Vec<End<'_>> = closing
        .iter()
        .map(|(account, proposal)| End {
            id: account.id,
            close_code: proposal.code,
            reason: &proposal.reason,
            version: account.version + 1,
        })
        .collect();
    account::close(tx.conn(), &ends, today).await?;
    for (mut account, proposal) in closing {
        tell_closed(tx, &mut account, proposal.code);
    }
    Ok(())
}

/// The proposal to follow: a payment goes before giving up, the earlier before the later.
fn chosen(all: &[Standing]) -> Option<&Standing> {
    let holds = |p: &&Standing| !(p.is_outdated && is_paid(p.code));
    let mut holding: Vec<&Standing> = all.iter().filter(holds).collect();
    holding.sort_by_key(|proposal| !is_paid(proposal.code));
    holding.into_iter().next()
}

fn is_paid(code: CloseCode) -> bool {
    code.terms().group == CloseGroup::Paid
}
