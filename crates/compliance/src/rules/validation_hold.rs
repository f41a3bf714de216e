//! Policy: five days after the initial communication about a consumer debt, contact is held until the
//! validation notice is sent; so it is five days after a notice is known not to have arrived, until a new
//! one is.
//!
//! 12 CFR 1006.34(a)(1)(i)(B) asks for the notice within five days, and 1006.42(a)(1) that it arrive
//! (comments 42(a)(1)-2, -3): what violates these is the notice that was not sent, not the contact after it,
//! so the hold cites nothing. Nothing is owed where the debt was paid before (1006.34(a)(2)).

use duly_domain::{AccountId, Effect, Instant};

use super::validation_first::provided;
use super::{Case, Findings, Regime};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{Event, EventKind};
use crate::span::Span;

/// Within five calendar days of the initial communication: 12 CFR 1006.34(a)(1)(i)(B). No text
/// says by when a notice that did not arrive is sent again: the same, by policy.
const DAYS: u64 = 5;

static GROUND: Ground = Ground::policy("validation_hold", "policy first.hold");

/// Consumer debts.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    if proposed.purpose.is_owed() || !proposed.recipient.is_consumer() {
        return;
    }
    for account in case.debts(Regime::Consumer) {
        never_sent(case, account, out);
        came_back(case, account, out);
    }
}

fn never_sent(case: &Case<'_>, account: AccountId, out: &mut Findings) {
    let rows = case.rows.iter().filter(|(_, row)| row.id == account);
    let first = rows.flat_map(|(_, row)| [row.first_spoken_at, row.first_written_at]);
    let Some(initial) = first.flatten().min() else { return };
    if provided(case, account).any(|at| at <= case.asked.from) {
        return;
    }
    let due = case.days_gone(initial, DAYS);
    let paid = case.events(EventKind::Paid, account).filter(|event| event.account == Some(account));
    let paid = paid.map(|event| event.at).filter(|at| *at < due);
    let done = provided(case, account).chain(paid).min();
    let fact = "the validation notice is owed since the first contact and was not sent";
    hold(case, Span::new(due, done.unwrap_or(Instant::MAX_UTC)), fact, initial, out);
}

fn came_back(case: &Case<'_>, account: AccountId, out: &mut Findings) {
    if !case.has_event(EventKind::Undeliverable) {
        return;
    }
    let sent =
        |event: &&Event| event.kind == EventKind::ValidationSent && event.account == Some(account);
    let spoken =
        |event: &Event| event.kind == EventKind::ValidationSpoken && event.account == Some(account);
    if case.facts.events.iter().any(spoken) {
        return;
    }
    for notice in case.facts.events.iter().filter(sent) {
        let failed = case.events(EventKind::Undeliverable, account).find(|event| {
            let elsewhere =
                event.point.is_some() && notice.point.is_some() && event.point != notice.point;
            event.at >= notice.at && !elsewhere
        });
        let Some(failed) = failed else { continue };
        let again = provided(case, account).filter(|at| *at > failed.at).min();
        let due = case.days_gone(failed.at, DAYS);
        let fact = "the validation notice did not arrive and was not sent again";
        hold(case, Span::new(due, again.unwrap_or(Instant::MAX_UTC)), fact, failed.at, out);
    }
}

fn hold(case: &Case<'_>, span: Span, fact: &'static str, since: Instant, out: &mut Findings) {
    if !out.wants(span) {
        return;
    }
    let evidence = Evidence::Known { fact, since: Some(case.agency_date(since)) };
    let blocked = Blocked { span, effect: Effect::Hold, ground: &GROUND, evidence };
    out.block_outside(blocked, case.answering().as_slice());
}

#[cfg(test)]
mod tests;
