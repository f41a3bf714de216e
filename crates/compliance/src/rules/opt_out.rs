//! 12 CFR 1006.14(h)(1): no contact through a medium, or one address or number of it, that the person
//! asked not to be used, about any debt. Opt-outs of 1006.6(e) bind through it, late ones too.
//!
//! 1006.14(h)(2): (i) one electronic message may confirm an electronic opt-out; (ii) a contact that the
//! person began in that medium is answered once in it; (iii) what the law demands goes by the medium that
//! the law demands, which is the post: of another one that is to be known first.

use duly_domain::{Effect, StopKind};

use super::{Case, Findings, Regime, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::Stop;
use crate::medium::Medium;
use crate::proposed::Purpose;

static LAW: Ground = Ground::law("opt_out", "12 CFR 1006.14(h)(1)");
static COMMERCIAL: Ground = Ground::policy("opt_out", "policy commercial.opt_out");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if case.any(Regime::Consumer) {
        opt_out(case, &LAW, out);
    }
}

/// Commercial debts: a wish is honoured whoever has it.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    if case.any(Regime::NaturalPerson) || case.any(Regime::Business) {
        opt_out(case, &COMMERCIAL, out);
    }
}

fn opt_out(case: &Case<'_>, ground: &'static Ground, out: &mut Findings) {
    if !case.has_stop(StopKind::OptOut) {
        return;
    }
    let proposed = case.proposed;
    // Counsel and creditor did not ask.
    if proposed.recipient.is_professional() {
        return;
    }
    for stop in case.facts.stops.iter().filter(|stop| stop.kind == StopKind::OptOut) {
        let medium = stop.medium.is_none_or(|medium| medium == proposed.medium);
        let address = stop.point.is_none() || stop.point == proposed.point;
        if !medium || !address || confirms(case, stop) {
            continue;
        }
        let refused = Evidence::OptOut {
            medium: stop.medium,
            one_point: stop.point.is_some(),
            since: case.agency_date(stop.from),
        };
        let (effect, evidence) = match (proposed.purpose, proposed.medium) {
            (Purpose::RequiredByLaw, Medium::Mail) => continue,
            (Purpose::RequiredByLaw, _) => {
                (Effect::Hold, Evidence::Missing("whether the law demands this medium"))
            }
            _ => (Effect::Deny, refused),
        };
        let blocked = Blocked { span: standing(stop.from, stop.until), effect, ground, evidence };
        out.block_outside(blocked, case.answering().as_slice());
    }
}

/// Whether it is the one electronic confirmation of this opt-out.
fn confirms(case: &Case<'_>, stop: &Stop) -> bool {
    let proposed = case.proposed;
    let confirmation = |purpose| purpose == Purpose::OptOutConfirmation;
    let sent = case.facts.attempts.iter().any(|attempt| {
        confirmation(attempt.purpose)
            && attempt.at >= stop.from
            && attempt.medium == proposed.medium
            && attempt.point == proposed.point
    });
    proposed.medium.is_electronic() && confirmation(proposed.purpose) && !sent
}

#[cfg(test)]
mod tests;
