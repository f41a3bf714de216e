//! 12 CFR 1006.14(h)(1): no contact through a medium, or one address or number of it, that the person
//! asked not to be used, about any debt. Opt-outs of 1006.6(e) bind through it. A contact that the
//! person began in that medium may be answered once (1006.14(h)(2)(ii)), and one message may confirm an
//! electronic opt-out (1006.14(h)(2)(i)).

use duly_domain::StopKind;

use super::{Case, Findings, Regime, standing};
use crate::blocked::{Evidence, Ground};
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
    let proposed = case.proposed;
    if proposed.medium.is_electronic() && proposed.purpose == Purpose::OptOutConfirmation {
        return;
    }
    for stop in case.facts.stops.iter().filter(|stop| stop.kind == StopKind::OptOut) {
        let medium = stop.medium.is_none_or(|medium| medium == proposed.medium);
        let address = stop.point.is_none() || stop.point == proposed.point;
        if medium && address {
            let evidence = Evidence::OptOut {
                medium: stop.medium,
                one_point: stop.point.is_some(),
                since: case.agency_date(stop.from),
            };
            let span = standing(stop.from, stop.until);
            out.deny_except(span, case.answering(), ground, evidence);
        }
    }
}

#[cfg(test)]
mod tests;
