//! 12 CFR 1006.26(b): no legal action is brought or threatened against a consumer to collect a time-barred debt.
//! The text asks for no knowledge: where it is not known when the debt becomes time-barred, it is held.
//! The bar is law; the number of years behind it is where the statute was read, else the shortest that any
//! source states is enforced as policy.
//!
//! Before a suit: the venue of 12 CFR 1006.30(d), and whether the defendant serves (50 USC 3931(b)).

use duly_domain::{DebtorKind, Force};

use super::super::{Case, Findings, Regime};
use crate::acts::Act;
use crate::blocked::{Evidence, Ground, Required};
use crate::facts::{Account, Limitation};
use crate::limitation;
use crate::span::Span;

const RULE: &str = "time_barred";
static LAW: Ground = Ground::law(RULE, "12 CFR 1006.26(b)");
static SHORTEST: Ground = Ground::policy(RULE, "policy limitation.shortest_period");
static VENUE: Ground = Ground::law("venue", "12 CFR 1006.30(d)");
static MILITARY: Ground = Ground::law("military_status", "50 USC 3931(b)");

/// Consumer debts; the military status of every individual who is sued.
pub fn federal(case: &Case<'_>, act: Act, out: &mut Findings) {
    match act {
        Act::Sue | Act::ThreatenSuit => {}
        Act::Furnish | Act::Transfer | Act::Deposit { .. } => return,
    }
    for (_, row) in case.rows.iter().filter(|(regime, _)| *regime == Regime::Consumer) {
        let Some(limitation) = limitation(case, row) else {
            let evidence = Evidence::Missing("when the debt becomes time-barred");
            out.hold(Span::ALWAYS, &LAW, evidence);
            continue;
        };
        let ground = match limitation.force {
            Force::Law => &LAW,
            Force::Policy | Force::Unverified => &SHORTEST,
        };
        let from = case.facts.agency.hours.zone.start_of_day(limitation.barred_on);
        let since = Some(limitation.barred_on);
        let fact = "the debt is time-barred";
        out.deny(Span::since(from), ground, Evidence::Known { fact, since });
    }
    if act == Act::Sue {
        if case.any(Regime::Consumer) {
            out.require(Required::Venue, &VENUE);
        }
        if case.rows.iter().any(|(_, row)| row.kind == DebtorKind::Person) {
            out.require(Required::MilitaryStatus, &MILITARY);
        }
    }
}

/// When the debt becomes time-barred: as somebody worked it out for this claim, else by the earliest of the
/// laws of the places where the person may be. One place whose period is not known leaves it open.
pub(super) fn limitation(case: &Case<'_>, row: &Account) -> Option<Limitation> {
    if let Some(worked_out) = row.claim.limitation {
        return Some(worked_out);
    }
    let accrued_on = row.claim.accrued_on?;
    let mut earliest: Option<Limitation> = None;
    for region in &case.regions {
        let (barred_on, force) =
            limitation::barred_on(*region, row.class, row.claim.kind, accrued_on)?;
        let first = earliest.is_none_or(|known| {
            (barred_on, force != Force::Law) < (known.barred_on, known.force != Force::Law)
        });
        if first {
            earliest = Some(Limitation { barred_on, force });
        }
    }
    earliest
}

#[cfg(test)]
mod tests;
