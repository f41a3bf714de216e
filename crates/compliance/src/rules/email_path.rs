//! Policy: a consumer is written to by e-mail only at an address that one of the procedures of
//! 12 CFR 1006.6(d)(4) opens, and at none of which somebody told that a message was seen by a third party
//! (1006.6(d)(3)). The procedures are a defence and no permission, so the citation is background.
//!
//! Where nothing but the kind of its domain is missing for the creditor's notice, it is held.

use super::{Case, Findings, Regime};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::medium::Medium;
use crate::path;
use crate::proposed::Purpose;
use crate::span::Span;
use duly_domain::Effect;

static GROUND: Ground = Ground::policy("email_path", "policy email_path");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    if proposed.medium != Medium::Email
        || !proposed.recipient.is_consumer()
        || proposed.purpose == Purpose::OptOutConfirmation
    {
        return;
    }
    // Without an address nothing can be sent: another rule says so.
    let Some(point) = proposed.point else { return };
    if let Some(reported) = path::disclosed_at(case.facts, point)
        && case.any(Regime::Consumer)
    {
        out.deny(Span::since(reported), &GROUND, disclosed(case.agency_date(reported)));
    }
    let address = case.facts.point(point);
    let domain_unknown =
        address.is_some_and(|at| at.public_domain.is_none() && at.of_employer != Some(true));
    for account in case.debts(Regime::Consumer) {
        let mut open: Vec<Span> = path::open(case.facts, point, proposed.medium, account)
            .into_iter()
            .map(|(_, span)| span)
            .collect();
        // Who writes is answered, whatever the procedures say of the address.
        open.extend(case.answering());
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

/// The evidence of a report that somebody else saw a message.
pub(super) fn disclosed(since: duly_domain::Date) -> Evidence {
    let fact = "a message to this address was seen by somebody else";
    Evidence::Known { fact, since: Some(since) }
}

#[cfg(test)]
mod tests;
