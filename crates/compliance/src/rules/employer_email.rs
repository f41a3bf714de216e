//! 12 CFR 1006.22(f)(3): no e-mail to an address that the agency knows the employer provides, unless the
//! consumer used it or consented to it (1006.6(d)(4)(i)), or a prior collector so obtained it (iii). The
//! creditor's notice does not open it.

use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground};
use crate::medium::Medium;
use crate::path;
use crate::span::{Span, Spans};

static LAW: Ground = Ground::law("employer_email", "12 CFR 1006.22(f)(3)");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    let point = proposed.point.and_then(|id| case.facts.point(id));
    let Some(point) = point.filter(|point| point.of_employer == Some(true)) else { return };
    if proposed.medium != Medium::Email || !proposed.recipient.is_consumer() {
        return;
    }
    for account in case.debts(Regime::Consumer) {
        let open = path::open(case.facts, point.id, Medium::Email, account);
        let open = open.into_iter().filter(|(path, _)| path.opens_employers());
        // Who writes from it has used it.
        let open = open.map(|(_, span)| span).chain(case.answering());
        for shut in Span::ALWAYS.outside(&open.collect::<Spans>()) {
            let fact = "the employer provides this e-mail address";
            out.deny(shut, &LAW, Evidence::Known { fact, since: None });
        }
    }
}

#[cfg(test)]
mod tests;
