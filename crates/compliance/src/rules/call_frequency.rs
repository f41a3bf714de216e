//! 12 CFR 1006.14(b)(2)(i)(A), (ii)(A): calls to one person about one debt in seven consecutive days.
//!
//! Days are calendar days (comment 14(b)(2)(i)-1: seven calls from Wednesday 1 to Tuesday 7 April, and
//! the next on Wednesday 8 April complies), the local dates of the person; where the person may be in
//! several zones, a day is shut where it is shut by any of them (policy). Counted per person and debt,
//! not per number; the person is whoever is called, somebody asked for a location too. Not counted: calls
//! that did not connect (1006.14(b)(3)(ii)), calls with consent ([`super::more_calls`]), calls that the
//! person placed, calls to a number since learned to be wrong (comment 14(b)(2)(i)-3), and those to
//! counsel, creditor and reporting agencies (1006.14(b)(3)(iii)), which are not limited either.

use chrono_tz::Tz;
use duly_domain::AccountId;

use super::local_time::{date, plus, start_of_day};
use super::more_calls::MoreCalls;
use super::presumption::Presumed;
use super::states::once;
use super::window::{Attempts, full};
use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground};
use crate::facts::{Attempt, EventKind};
use crate::medium::Medium;
use crate::proposed::Initiator;
use crate::span::Span;

/// Calls to one person about one debt, in seven consecutive days, that are still presumed to comply;
/// an eighth is presumed not to. 12 CFR 1006.14(b)(2)(i)(A), (ii)(A).
const CALLS_PER_7_DAYS: usize = 7;
/// "Within seven consecutive days", the first and the last included.
const DAYS: u64 = 7;
/// Calls of longer ago shut no day that is asked about, by any calendar.
const LOOK_BACK: u64 = DAYS + 2;

static LAW: Ground = Ground::law("call_frequency", "12 CFR 1006.14(b)(2)(i)(A)");
static COMMERCIAL: Ground = Ground::policy("call_frequency", "policy commercial.call_frequency");
static FACTOR: Ground = Ground::policy("call_frequency", "policy calls.rebuttal_factor");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    call_frequency(case, Regime::Consumer, &LAW, out);
}

/// Natural persons on commercial debts.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    call_frequency(case, Regime::NaturalPerson, &COMMERCIAL, out);
}

fn call_frequency(case: &Case<'_>, regime: Regime, ground: &'static Ground, out: &mut Findings) {
    let enough = case.counted_attempts() >= CALLS_PER_7_DAYS;
    if !enough || !case.is_call() || case.proposed.recipient.is_professional() {
        return;
    }
    for account in case.debts(regime) {
        let consents = MoreCalls::about(case, account);
        let calls = counted_calls(case, account, &consents);
        if calls.len() >= CALLS_PER_7_DAYS {
            let presumed = Presumed { account, consents: &consents, ground, factor: &FACTOR };
            for tz in case.dating_zones() {
                full_days(case, &calls, tz, &presumed, out);
            }
        }
    }
}

/// The calls that count for a debt, oldest first.
fn counted_calls<'a>(case: &Case<'a>, account: AccountId, consents: &[MoreCalls]) -> Attempts<'a> {
    let counts = |attempt: &&Attempt| {
        attempt.medium == Medium::Call
            && attempt.counted
            && attempt.initiator == Initiator::Agency
            && case.same_person(attempt)
            && case.one_debt(attempt.account, account)
            && !case.is_wrong(attempt.point)
            && !learned_wrong(case, attempt)
            && !consents.iter().any(|consent| consent.covers(attempt))
    };
    // One call about two loans of one debt is two rows.
    once(case.attempts_since(LOOK_BACK).iter().filter(counts))
}

/// Whether the number that was called was learned since to be somebody else's.
fn learned_wrong(case: &Case<'_>, call: &Attempt) -> bool {
    case.has_event(EventKind::LearnedWrong)
        && case.facts.events.iter().any(|event| {
            event.kind == EventKind::LearnedWrong
                && event.point.is_some()
                && event.point == call.point
                && event.at >= call.at
        })
}

/// Shuts each day from the moment at which seven calls stand in the seven days that end with it.
fn full_days(
    case: &Case<'_>,
    calls: &[&Attempt],
    tz: Tz,
    presumed: &Presumed<'_>,
    out: &mut Findings,
) {
    for (oldest, newest) in full(calls, |call| call.at, CALLS_PER_7_DAYS, DAYS, case.asked) {
        let since = date(tz, oldest.at);
        // The last day whose seven days still hold the oldest of them is the sixth after its own.
        let until = start_of_day(tz, plus(since, DAYS));
        let evidence =
            Evidence::Calls { account: presumed.account, count: CALLS_PER_7_DAYS, since };
        presumed.block(case, Span::new(newest.at, until), evidence, out);
    }
}

#[cfg(test)]
mod tests;
