//! Policy: a consumer is written to by e-mail only at an address that one of the procedures of
//! 12 CFR 1006.6(d)(4) opens, and at none of which somebody told that a message was seen by a third party
//! (1006.6(d)(3)). The procedures are a defence and no permission, so the citation is background.
//!
//! Where nothing but the kind of its domain is missing for the creditor's notice, it is held.

use duly_domain::{Effect, PointId};

use super::{Case, Findings, Regime};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::medium::Medium;
use crate::path;
use crate::proposed::Purpose;
use crate::span::{Span, Spans};

static GROUND: Ground = Ground::policy("email_path", "policy email_path");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    let Some(point) = address_of(case, Medium::Email, &GROUND, out) else { return };
    let address = case.facts.point(point);
    let domain_unknown =
        address.is_some_and(|at| at.public_domain.is_none() && at.of_employer != Some(true));
    for account in case.debts(Regime::Consumer) {
        let mut open: Spans = path::open(case.facts, point, proposed.medium, account)
            .into_iter()
            .map(|(_, span)| span)
            .collect();
        // Who writes is answered, whatever the procedures say of the address.
        open.extend(case.answering());
        if out.all_in(&open) {
            continue;
        }
        let creditor = path::email::creditor(case.facts, point, account);
        let perhaps = creditor.filter(|_| domain_unknown);
        for shut in Span::ALWAYS.outside(&open) {
            if let Some(perhaps) = perhaps {
                let evidence =
                    Evidence::Missing("whether anybody may have an address of this domain");
                out.hold(shut.intersect(perhaps), &GROUND, evidence);
            }
            let evidence = Evidence::Known { fact: NO_PATH, since: None };
            let blocked = Blocked { span: shut, effect: Effect::Deny, ground: &GROUND, evidence };
            for span in shut.outside(perhaps.as_slice()) {
                out.block(Blocked { span, ..blocked });
            }
        }
    }
}

const NO_PATH: &str = "neither the person's own use or consent nor a notice of the creditor opens this e-mail \
                       address";

/// The address or number that a message of this medium to a consumer uses, where a procedure must open it.
/// One at which somebody else saw a message is denied at once.
pub(super) fn address_of(
    case: &Case<'_>,
    medium: Medium,
    ground: &'static Ground,
    out: &mut Findings,
) -> Option<PointId> {
    let proposed = case.proposed;
    if proposed.medium != medium
        || !proposed.recipient.is_consumer()
        || proposed.purpose == Purpose::OptOutConfirmation
    {
        return None;
    }
    // Without an address nothing can be sent: another rule says so.
    let point = proposed.point?;
    if let Some(reported) = path::disclosed_at(case.facts, point)
        && case.any(Regime::Consumer)
    {
        let fact = "a message to this address was seen by somebody else";
        let evidence = Evidence::Known { fact, since: Some(case.agency_date(reported)) };
        out.deny(Span::since(reported), ground, evidence);
    }
    Some(point)
}

#[cfg(test)]
mod tests;
