//! Policy: nobody is contacted as a debtor who has died. No text forbids it in these words; contact goes
//! to a named person who acts for the estate, and the estate is a liable party of its own.

use duly_domain::{PartyRole, StopKind};

use super::{Case, Findings, person_stops};
use crate::blocked::Ground;

static GROUND: Ground = Ground::policy("deceased", "policy agency.deceased");

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    let party = case.proposed.party;
    let estate = |role| role == PartyRole::Estate;
    if !case.rows.iter().any(|(_, row)| row.party == party && estate(row.role)) {
        person_stops(case, StopKind::Deceased, |span, evidence| out.deny(span, &GROUND, evidence));
    }
}

#[cfg(test)]
mod tests;
