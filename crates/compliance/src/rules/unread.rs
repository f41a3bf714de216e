//! Policy: what came in on a consumer account and was not read yet holds further contact about it. It may be
//! a request to cease, an attorney's letter or a dispute, and all of these bind from receipt on. What names
//! no account holds every one.

use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground};
use crate::span::Span;

static GROUND: Ground = Ground::policy("unread", "policy inbound.unread");

/// Consumer debts.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    if case.proposed.recipient.is_professional() {
        return;
    }
    for inbound in case.facts.inbound.iter().filter(|inbound| !inbound.read) {
        let mut debts = case.debts(Regime::Consumer);
        if debts.any(|debt| inbound.account.is_none_or(|named| named == debt)) {
            let fact = "something that came in from the person was not read yet";
            let since = Some(case.agency_date(inbound.at));
            out.hold(Span::since(inbound.at), &GROUND, Evidence::Known { fact, since });
        }
    }
}

#[cfg(test)]
mod tests;
