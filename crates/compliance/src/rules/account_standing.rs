//! The client's contract: an account is contacted only while it is placed, not ended, not held and not
//! without balance, and only a party that is liable on it. While a regulator's complaint about it is open,
//! the agency waits.

use super::{Case, Findings};
use crate::blocked::{Evidence, Ground};
use crate::facts::AccountState;
use crate::span::Span;

static GROUND: Ground = Ground::policy("account_standing", "policy contract.placed_accounts");

static COMPLAINT: Ground = Ground::policy("complaint", "policy agency.complaint");

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    let liable =
        |id| case.rows.iter().any(|(_, row)| row.id == id && row.party == case.proposed.party);
    let accounts = &case.proposed.accounts;
    if accounts.is_empty() || !accounts.iter().all(|id| liable(*id)) {
        out.hold(Span::ALWAYS, &GROUND, Evidence::UnknownAccount);
    }
    for (_, row) in case.rows.iter().filter(|(_, row)| row.party == case.proposed.party) {
        let evidence = Evidence::Account(row.state);
        match row.state {
            AccountState::Workable => {}
            AccountState::Held => out.hold(Span::ALWAYS, &GROUND, evidence),
            AccountState::Complained => out.hold(Span::ALWAYS, &COMPLAINT, evidence),
            AccountState::Recalled
            | AccountState::Closed
            | AccountState::Settled
            | AccountState::NoBalance => out.deny(Span::ALWAYS, &GROUND, evidence),
        }
    }
}

#[cfg(test)]
mod tests;
