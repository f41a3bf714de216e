//! Policy: nobody is contacted as a debtor who has died. No text forbids it in these words; contact goes to
//! a named person who acts for the estate, who is a consumer as the surviving spouse is (12 CFR 1006.6(a)),
//! and the estate may be a liable party of its own. Others may be asked who acts for it.

use duly_domain::{PartyRole, StopKind};

use super::{Case, Findings, person_stops};
use crate::blocked::Ground;
use crate::proposed::Recipient;

static GROUND: Ground = Ground::policy("deceased", "policy agency.deceased");

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    // A guardianship ends with the ward.
    if !matches!(case.proposed.recipient, Recipient::Debtor | Recipient::Guardian) {
        return;
    }
    let party = case.proposed.party;
    let estate = |role| role == PartyRole::Estate;
    if !case.rows.iter().any(|(_, row)| row.party == party && estate(row.role)) {
        person_stops(case, StopKind::Deceased, |span, evidence| out.deny(span, &GROUND, evidence));
    }
}

#[cfg(test)]
mod tests;
