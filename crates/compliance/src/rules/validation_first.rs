//! Policy: where the agency or the client asks for it, the validation notice goes out before any other
//! contact about a consumer debt.
//!
//! The law lets an oral or electronic first contact go before it (12 CFR 1006.34(a)(1)), so this refusal
//! cites nothing. The person's own contact is answered, and what is owed is sent.

use duly_domain::{AccountId, Instant};

use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground};
use crate::facts::{EventKind, Limits};
use crate::span::Span;

static GROUND: Ground = Ground::policy("validation_first", "policy first.validation");

/// Consumer debts.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    let binds = |limits: &Limits, account: AccountId| {
        limits.validation_first == Some(true)
            && (limits.accounts.is_empty() || limits.accounts.contains(&account))
    };
    let proposed = case.proposed;
    if proposed.purpose.is_owed() || !proposed.recipient.is_consumer() {
        return;
    }
    for account in case.debts(Regime::Consumer) {
        if case.facts.limits.iter().any(|limits| binds(limits, account)) {
            let provided = provided(case, account).min();
            let span = Span::new(Instant::MIN_UTC, provided.unwrap_or(Instant::MAX_UTC));
            let fact = "the validation notice goes first and was not sent yet";
            let evidence = Evidence::Known { fact, since: None };
            out.deny_except(span, case.answering(), &GROUND, evidence);
        }
    }
}

/// When the validation information about a debt was provided.
pub(crate) fn provided(case: &Case<'_>, account: AccountId) -> impl Iterator<Item = Instant> {
    let provides = |kind| matches!(kind, EventKind::ValidationSent | EventKind::ValidationSpoken);
    let events = case.facts.events.iter();
    // One that names no account tells of no debt.
    let of = move |named: Option<AccountId>| named == Some(account);
    events.filter(move |e| provides(e.kind) && of(e.account)).map(|event| event.at)
}

#[cfg(test)]
mod tests;
