//! California: covered commercial debt, Civ. Code 1788.2 as amended by SB 1286 (Stats. 2024 ch. 522).
//!
//! Whether the present Civ. Code 1788.17 carries the federal Act over to it was not read, so the consumer rule
//! set runs on it by policy until counsel narrows it. Time of day is left out here: the agency binds itself
//! to the same hours for every natural person on a commercial debt.

use duly_domain::Date;

use crate::blocked::{Blocked, Ground, Requirement};
use crate::facts::{Claim, CreditorKind};
use crate::rules::{Case, FEDERAL_1, Findings, Regime, Rows};

static COVERED: Ground =
    Ground::policy("covered_commercial_debt", "policy state.ca.covered_commercial");

/// Entered into, renewed, sold or assigned on or after this day.
pub const COVERED_FROM: Date = Date::from_ymd_opt(2025, 7, 1).expect("1 July 2025 is a day");
/// The most of one transaction, and of all commercial credit owed to the same creditor, that is covered: 500,000
/// dollars, in cents.
pub const COVERED_MAX_MINOR: i64 = 50_000_000;

/// Whether a debt is covered commercial debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// All five conditions hold.
    Covered,
    /// One of them does not: trade credit, the unpaid invoices of a seller, for example.
    Outside,
    /// None is known to fail, and not all are known to hold.
    Unknown,
}

/// Covered commercial debt, of a commercial claim on a party: a natural person who owes or guarantees it; owed
/// to a lender, a commercial financing provider or a debt buyer; of at most 500,000 dollars; with at most
/// 500,000 dollars owed to that creditor in all; entered into, renewed, sold or assigned since 2025-07-01.
pub fn covered_commercial(claim: &Claim, natural_person: bool) -> Coverage {
    let within = |minor: i64| minor <= COVERED_MAX_MINOR;
    let creditor = match claim.creditor {
        CreditorKind::Unknown => None,
        CreditorKind::Seller => Some(false),
        CreditorKind::Lender | CreditorKind::CommercialFinancer | CreditorKind::DebtBuyer => {
            Some(true)
        }
    };
    let conditions = [
        Some(natural_person),
        creditor,
        claim.credit_total_minor.map(within),
        claim.aggregate_to_creditor_minor.map(within),
        claim.assigned_on.map(|on| on >= COVERED_FROM),
    ];
    if conditions.contains(&Some(false)) {
        Coverage::Outside
    } else if conditions.contains(&None) {
        Coverage::Unknown
    } else {
        Coverage::Covered
    }
}

/// Whether an account of a natural person is, or may be, covered.
pub(super) fn may_be_covered(regime: Regime, claim: &Claim) -> bool {
    regime == Regime::NaturalPerson && covered_commercial(claim, true) != Coverage::Outside
}

/// Runs the consumer rule set on what is, or may be, covered.
pub fn covered_commercial_debt(case: &Case<'_>, out: &mut Findings) {
    let covered = case.rows.iter().filter(|(regime, row)| may_be_covered(*regime, &row.claim));
    let rows: Rows<'_> = covered.map(|(_, row)| (Regime::Consumer, *row)).collect();
    if rows.is_empty() {
        return;
    }
    let as_consumer = Case::of_rows(case.facts, case.proposed, case.asked, rows);
    let mut found = out.apart();
    for rule in FEDERAL_1 {
        rule(&as_consumer, &mut found);
    }
    for blocked in found.fixed {
        // What binds every debt was found by the federal pack, under its own authority.
        let stands = |kept: &Blocked| {
            (kept.span, kept.evidence, kept.effect)
                == (blocked.span, blocked.evidence, blocked.effect)
        };
        if !out.fixed.iter().any(stands) {
            out.fixed.push(Blocked { ground: &COVERED, ..blocked });
        }
    }
    for Requirement { what, .. } in found.requires {
        out.require(what, &COVERED);
    }
}

#[cfg(test)]
mod tests;
