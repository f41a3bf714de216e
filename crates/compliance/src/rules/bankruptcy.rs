//! 11 USC 362(a): from the filing of a petition, under any chapter, every act to collect from the debtor
//! who filed is stayed, on every channel, post included. Whoever learns of a filing from anyone stops at
//! once. Per liable party, so per person; consumer and commercial debts alike.
//!
//! A stop stands until somebody lifts it. A case whose dates are known stays from its filing until it ends
//! (362(c)(2)); whether it ended in a discharge is then asked before any contact (policy). A claim that
//! arose after the filing is not stayed by this paragraph, and is held for somebody to look at (policy).
//!
//! The others who owe the debt of a company, or of a debtor under chapter 7 or 11, are not stayed: see
//! [`super::codebtor_stay`] for the one who files under chapter 13.

use duly_domain::{Instant, StopKind};

use super::{Case, Findings, person_stops, standing};
use crate::blocked::{Evidence, Ground};
use crate::facts::{BankruptcyCase, EventKind, FiledBy};
use crate::span::Span;

static LAW: Ground = Ground::law("bankruptcy", "11 USC 362(a)");
static AFTER_FILING: Ground = Ground::policy("bankruptcy", "policy bankruptcy.after_filing");
static ENDED: Ground = Ground::policy("bankruptcy", "policy bankruptcy.discharge_unknown");

/// Every debt.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    person_stops(case, StopKind::Bankruptcy, |span, evidence| out.deny(span, &LAW, evidence));
    for filed in case.facts.bankruptcies.iter().filter(|filed| filed.filed_by == FiledBy::Person) {
        let span = stay(case, filed);
        let stopped = Evidence::Stop { kind: StopKind::Bankruptcy, since: filed.filed_on };
        let arose_after = |(_, row): &(_, &crate::facts::Account)| {
            row.claim.incurred_on.is_some_and(|incurred| incurred > filed.filed_on)
        };
        if !case.rows.is_empty() && case.rows.iter().all(arose_after) {
            out.hold(span, &AFTER_FILING, stopped);
        } else {
            out.deny(span, &LAW, stopped);
            if filed.discharged.is_none() {
                let evidence = Evidence::Missing("whether the bankruptcy ended in a discharge");
                out.hold(Span::since(span.until), &ENDED, evidence);
            }
        }
    }
}

/// From the day of the petition until the case ended.
pub(super) fn stay(case: &Case<'_>, filed: &BankruptcyCase) -> Span {
    let from = case.facts.agency.hours.zone.start_of_day(filed.filed_on);
    let ended = case.facts.events.iter().filter(|event| {
        event.kind == EventKind::BankruptcyEnded
            && event.at >= from
            // Of somebody else's case only its own end tells.
            && filed.filed_by == FiledBy::Person
    });
    let ended: Option<Instant> = ended.map(|event| event.at).chain(filed.ended_at).min();
    standing(from, ended)
}

#[cfg(test)]
mod tests;
