//! 12 CFR 1006.6(b)(1)(i): no contact at a time that is known, or should be, to be inconvenient to the
//! person, whoever told it: the person, the creditor's file, a note of earlier days (comment 6(b)(1)-1). It
//! holds until the person lifts it.
//!
//! The times are local, in every place where the person may be (comment 6(b)(1)(i)-2). They bind every
//! medium but the post, as no text dates a letter to an hour. A contact that the person began at such a
//! time is answered once at the same time in the same medium (comment 6(b)(1)-2).

use duly_domain::{Date, Effect, Instant};

use super::daily::{Daily, DailyState, Pattern};
use super::lifted::{self, Bar};
use super::weekly::{Around, Weekly};
use super::{Case, Findings, Regime, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::DesignationKind;
use crate::span::Span;

const RULE: &str = "inconvenient_time";
static LAW: Ground = Ground::law(RULE, "12 CFR 1006.6(b)(1)(i)");
static COMMERCIAL: Ground = Ground::policy(RULE, "policy commercial.inconvenient_time");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if case.any(Regime::Consumer) {
        inconvenient(case, &LAW, out);
    }
}

/// Natural persons on commercial debts.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    if case.any(Regime::NaturalPerson) {
        inconvenient(case, &COMMERCIAL, out);
    }
}

fn inconvenient(case: &Case<'_>, ground: &'static Ground, out: &mut Findings) {
    let proposed = case.proposed;
    if !proposed.medium.has_hours() || proposed.recipient.is_professional() {
        return;
    }
    for designation in &case.facts.designations {
        let DesignationKind::NotAt(times) = designation.kind else { continue };
        if !designation.reaches(proposed) {
            continue;
        }
        let debts = &proposed.accounts;
        let within = Span::ALWAYS.outside(&lifted::spans(case, Bar::Time, debts));
        let since = case.agency_date(designation.from);
        let standing = standing(designation.from, designation.until);
        for (_, tz) in &case.zones {
            let weekly = Weekly::barred(times, *tz, standing);
            let except = case.answering_within(|at| match weekly.around(at) {
                Around::In(window) => Some(window),
                Around::Out(_) => None,
            });
            let pattern = Pattern::Inconvenient(Hours { weekly, ground, since });
            let agreed = lifted::times(case, debts, *tz);
            out.daily(&Daily { pattern, except, agreed }, &within);
        }
    }
}

/// The inconvenient times of one designation in one zone.
#[derive(Debug, Clone, Copy)]
pub struct Hours {
    weekly: Weekly,
    ground: &'static Ground,
    since: Date,
}

impl Hours {
    /// What is true at an instant.
    pub(crate) fn state(&self, at: Instant) -> DailyState {
        match self.weekly.around(at) {
            Around::Out(gap) => DailyState::Open { until: gap.until },
            Around::In(span) => DailyState::Shut(Blocked {
                span,
                effect: Effect::Deny,
                ground: self.ground,
                evidence: Evidence::Known {
                    fact: "this is a time that the person is known to find inconvenient",
                    since: Some(self.since),
                },
            }),
        }
    }
}

#[cfg(test)]
mod tests;
