//! 12 CFR 1006.6(b)(3): no contact at the place of employment where the employer is known, or should be, to
//! forbid it. The comments let nobody be answered there: a contact from work is answered with consent only.

use super::inconvenient_place::PlaceBar;
use super::{Case, Findings, Regime};
use crate::blocked::Ground;
use crate::facts::{DesignationKind, Place};

const RULE: &str = "employer_forbids";
static LAW: Ground = Ground::law(RULE, "12 CFR 1006.6(b)(3)");
static COMMERCIAL: Ground = Ground::policy(RULE, "policy commercial.employer_forbids");
static UNKNOWN: Ground = Ground::policy(RULE, "policy place.unknown");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    employer(case, Regime::Consumer, &LAW, out);
}

/// Natural persons on commercial debts.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    employer(case, Regime::NaturalPerson, &COMMERCIAL, out);
}

fn employer(case: &Case<'_>, regime: Regime, law: &'static Ground, out: &mut Findings) {
    let forbids = |kind| kind == DesignationKind::EmployerForbids;
    for designation in case.facts.designations.iter().filter(|d| forbids(d.kind)) {
        let fact = "the employer forbids contact at work";
        let bar = PlaceBar { designation, place: Place::Work, fact, law, unknown: &UNKNOWN };
        bar.judge(case, regime, None, out);
    }
}

#[cfg(test)]
mod tests;
