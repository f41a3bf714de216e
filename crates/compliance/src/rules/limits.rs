//! Policy: what the agency, or a client for its own accounts, allows itself beyond the law
//! ([`crate::Limits`]).
//!
//! The budget of touches is the person's: attempts for every client count, whichever limit sets it, and
//! its sentence is the same whoever's they were. A touch is an attempt of the agency that counts, in any
//! medium but the post; one call about two debts is one. A letter is never refused by it, an answer to
//! the person neither.

use duly_domain::{AccountId, Instant};

use super::local_time::{date, plus, start_of_day};
use super::{Case, Findings, window};
use crate::blocked::{Evidence, Ground};
use crate::facts::{Attempt, Limits};
use crate::medium::Medium;
use crate::proposed::{Initiator, Purpose};
use crate::span::Span;

static PERSON: Ground = Ground::policy("count_person", "policy count.person");
static DEBT: Ground = Ground::policy("limit_calls", "policy limits.calls_per_debt");
static NOT_BY: Ground = Ground::policy("limit_medium", "policy limits.not_by");

/// "Seven consecutive days", the first and the last included.
const DAYS: u64 = 7;

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    if case.facts.limits.is_empty() {
        return;
    }
    let proposed = &case.proposed.accounts;
    for limits in &case.facts.limits {
        if !proposed.iter().any(|account| limits.bind(*account)) {
            continue;
        }
        if limits.not_by.contains(&case.proposed.medium) {
            let fact = "this medium is not used for this account";
            out.deny(Span::ALWAYS, &NOT_BY, Evidence::Known { fact, since: None });
        }
        touches(case, limits, out);
        calls(case, limits, out);
    }
}

/// One budget per person.
fn touches(case: &Case<'_>, limits: &Limits, out: &mut Findings) {
    let proposed = case.proposed;
    if proposed.medium == Medium::Mail
        || proposed.purpose == Purpose::OptOutConfirmation
        || !proposed.recipient.is_consumer()
    {
        return;
    }
    let caps = [
        (limits.touches_per_person_day, 1, "on one day"),
        (limits.touches_per_person_7_days, DAYS, "in seven days"),
    ];
    if caps.iter().all(|(cap, _, _)| cap.is_none()) {
        return;
    }
    let touched = distinct(case.facts.attempts.iter().filter(|attempt| is_touch(case, attempt)));
    for (cap, days, within) in caps {
        let Some(cap) = cap else { continue };
        full(
            case,
            &touched,
            usize::from(cap),
            days,
            |span, out| {
                out.deny_except(span, case.answering(), &PERSON, Evidence::Budget { within });
            },
            out,
        );
    }
}

fn is_touch(case: &Case<'_>, attempt: &Attempt) -> bool {
    attempt.medium != Medium::Mail
        && attempt.counted
        && attempt.initiator == Initiator::Agency
        && attempt.recipient.is_consumer()
        && attempt.purpose != Purpose::OptOutConfirmation
        && !case.is_wrong(attempt.point)
}

/// A client's own count of calls about one debt.
fn calls(case: &Case<'_>, limits: &Limits, out: &mut Findings) {
    let Some(cap) = limits.calls_per_debt_7_days.filter(|_| case.is_call()) else { return };
    let bound: Vec<AccountId> =
        case.proposed.accounts.iter().copied().filter(|account| limits.bind(*account)).collect();
    for account in bound {
        let called = distinct(case.facts.attempts.iter().filter(|attempt| {
            attempt.medium == Medium::Call
                && attempt.counted
                && attempt.initiator == Initiator::Agency
                && attempt.recipient == case.proposed.recipient
                && case.one_debt(attempt.account, account)
                && !case.is_wrong(attempt.point)
        }));
        let evidence = Evidence::TooMany {
            what: "calls about this debt in seven days",
            count: usize::from(cap),
        };
        full(
            case,
            &called,
            usize::from(cap),
            DAYS,
            |span, out| {
                out.deny_except(span, case.answering(), &DEBT, evidence);
            },
            out,
        );
    }
}

/// When each attempt was made: one about several debts is one.
fn distinct<'a>(attempts: impl Iterator<Item = &'a Attempt>) -> Vec<Instant> {
    let mut seen: Vec<(Instant, _)> = Vec::new();
    for attempt in attempts {
        if !seen.contains(&(attempt.at, attempt.id)) {
            seen.push((attempt.at, attempt.id));
        }
    }
    seen.into_iter().map(|(at, _)| at).collect()
}

/// Shuts each day from the moment at which so many stand in the days that end with it, by every calendar
/// of the person.
fn full(
    case: &Case<'_>,
    made: &[Instant],
    cap: usize,
    days: u64,
    shut: impl Fn(Span, &mut Findings),
    out: &mut Findings,
) {
    if cap == 0 {
        shut(Span::ALWAYS, out);
        return;
    }
    for tz in case.dating_zones() {
        for (oldest, newest) in window::full(made, |at| at, cap, days, case.asked) {
            let until = start_of_day(tz, plus(date(tz, oldest), days));
            let span = Span::new(newest, until);
            if !span.is_empty() {
                shut(span, out);
            }
        }
    }
}

#[cfg(test)]
mod tests;
