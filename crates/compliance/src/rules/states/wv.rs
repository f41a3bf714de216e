//! West Virginia: W. Va. Code 46A-2-125.
//!
//! The numbers are presumptions of an intent to annoy; what they presume is not done. A week is any seven
//! consecutive days by policy, and by law within one calendar week. The 72 hours that 46A-2-128(e) gives after
//! an attorney's written notice are not used: Part 1006 stops at knowledge.

use crate::blocked::Ground;
use crate::medium::Medium;
use crate::rules::place_hours::{Clock, Consent, shut_outside};
use crate::rules::{Case, Findings};

use super::{Cap, consumer, counted, once};

static LAW: Ground = Ground::law("state_frequency", "W. Va. Code 46A-2-125(d)");
static POLICY: Ground = Ground::policy("state_frequency", "policy state.wv.week");
static TALKS: Ground = Ground::law("state_conversation", "W. Va. Code 46A-2-125(d)");
static TALKS_POLICY: Ground = Ground::policy("state_conversation", "policy state.wv.week");
static HOURS: Ground = Ground::law("state_hours", "W. Va. Code 46A-2-125(d)");
static EDGE: Ground = Ground::policy("state_hours", "policy time.edge");

/// More than 30 calls a week are presumed to annoy. 46A-2-125(d).
const CALLS: Cap = Cap { most: 30, days: 7, what: "calls to this person in a week", ground: &LAW };
/// More than 10 conversations a week are presumed to annoy. 46A-2-125(d).
const CONVERSATIONS: Cap =
    Cap { most: 10, days: 7, what: "conversations with this person in a week", ground: &TALKS };

/// 8:00 to 21:00 local time is assumed to be convenient. 46A-2-125(d).
static CLOCK: Clock = Clock::not_before_or_after(
    (8, 0),
    (21, 0),
    &HOURS,
    &EDGE,
    "between 8:00 in the morning and 9:00 in the evening where the person may be",
);

/// Thirty calls in a week, about whatever debts.
pub fn calls(case: &Case<'_>, out: &mut Findings) {
    if consumer(case) && case.is_call() {
        let calls = once(counted(case).filter(|attempt| attempt.medium == Medium::Call));
        CALLS.shut_week(case, &calls, out);
        Cap { ground: &POLICY, ..CALLS }.shut(case, &calls, out);
    }
}

/// Ten conversations in a week, about whatever debts, whoever began them.
pub fn conversations(case: &Case<'_>, out: &mut Findings) {
    if consumer(case) && case.is_call() {
        let attempts = case.facts.attempts.iter();
        let talks = once(attempts.filter(|a| a.medium == Medium::Call && a.conversation));
        CONVERSATIONS.shut_week(case, &talks, out);
        Cap { ground: &TALKS_POLICY, ..CONVERSATIONS }.shut(case, &talks, out);
    }
}

/// Local hours.
pub fn hours(case: &Case<'_>, out: &mut Findings) {
    if consumer(case) && case.proposed.medium.has_hours() {
        shut_outside(case, &case.zones, &CLOCK, Consent::OpensNothing, out);
    }
}

#[cfg(test)]
mod tests;
