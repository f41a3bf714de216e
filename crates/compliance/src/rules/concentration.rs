//! Warnings of how contacts follow one another. Inside both limits of 12 CFR 1006.14(b)(2) calls in rapid
//! succession, or concentrated on a day, may still rebut the presumption of compliance (comment
//! 14(b)(2)(i)-2), and messages that no number limits may harass by their number, alone or together with
//! calls (1006.14(a), comments 14(a)-1, -2).
//!
//! Policy: where the comments give a number it is taken, else one is chosen. A warning blocks nothing.

use duly_domain::Instant;
use smallvec::SmallVec;

use super::{Case, Findings, Regime};
use crate::blocked::Ground;
use crate::facts::Attempt;
use crate::medium::Medium;
use crate::proposed::Initiator;
use crate::span::Span;
use chrono::Duration;

/// Two unanswered calls in five minutes are the example of comment 14(b)(2)(i)-2.
const RAPID: Duration = Duration::minutes(5);
/// A day, from hour to hour.
const DAY: Duration = Duration::hours(24);
/// Seven calls in a day are the other example of comment 14(b)(2)(i)-2.
const CALLS_A_DAY: usize = 7;
/// Messages on a day from which on they are looked at. Comment 14(a)-1.i tells of eight on each of four days;
/// half of it is chosen.
const MESSAGES_A_DAY: usize = 4;
/// Calls and messages on a day from which on they are looked at together (comment 14(a)-2): chosen, as for
/// calls.
const CONTACTS_A_DAY: usize = 7;

static RAPID_CALLS: Ground = Ground::policy("rapid_calls", "policy calls.rapid");
static CALLS: Ground = Ground::policy("calls_in_a_day", "policy calls.concentrated");
static MESSAGES: Ground = Ground::policy("messages_in_a_day", "policy messages.concentrated");
static CONTACTS: Ground = Ground::policy("contacts_in_a_day", "policy contacts.concentrated");

/// Natural persons, whatever they owe.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    let natural = case.any(Regime::Consumer) || case.any(Regime::NaturalPerson);
    // Who asked is answered.
    let counts = case.proposed.medium != Medium::Mail && case.answers.is_none();
    if !natural || !counts || case.proposed.recipient.is_professional() {
        return;
    }
    if case.is_call() {
        let calls = made(case, |medium| medium == Medium::Call);
        for call in &calls {
            let said = "the person was called within the last five minutes";
            // "Within five minutes": the fifth is still within.
            let until = after(*call, RAPID + Duration::seconds(1));
            out.warn(Span::new(*call, until), &RAPID_CALLS, said);
        }
        let said = "six calls were placed to the person within a day; no limit is reached, and a \
                    seventh may still count as too many";
        crowded(&calls, CALLS_A_DAY, &CALLS, said, out);
    }
    if case.proposed.medium.is_electronic() {
        let messages = made(case, Medium::is_electronic);
        let said = "three messages were sent to the person within a day; no limit is reached, and a \
                    fourth may still count as too many";
        crowded(&messages, MESSAGES_A_DAY, &MESSAGES, said, out);
    }
    let contacts = made(case, |medium| medium != Medium::Mail);
    let said = "six calls and messages were made to the person within a day; no limit is reached, and \
                a seventh may still count as too many";
    crowded(&contacts, CONTACTS_A_DAY, &CONTACTS, said, out);
}

/// When the agency tried to reach the person by these media, each attempt once, oldest first.
fn made(case: &Case<'_>, by: impl Fn(Medium) -> bool) -> SmallVec<[Instant; 16]> {
    // What was made longer ago warns of nothing that is asked about.
    let attempts = case.attempts_since(1);
    let is_made = |(at, attempt): &(usize, &Attempt)| {
        // A call about two debts is two rows.
        let again = attempts[..*at].iter().rev().take_while(|other| other.at == attempt.at);
        by(attempt.medium)
            && attempt.initiator == Initiator::Agency
            && !case.is_wrong(attempt.point)
            && again.into_iter().all(|other| other.id != attempt.id)
    };
    attempts.iter().enumerate().filter(is_made).map(|(_, attempt)| attempt.at).collect()
}

/// Warns while one more would be so many within a day.
fn crowded(
    made: &[Instant],
    a_day: usize,
    ground: &'static Ground,
    said: &'static str,
    out: &mut Findings,
) {
    for few in made.windows(a_day - 1) {
        if let (Some(oldest), Some(newest)) = (few.first(), few.last()) {
            out.warn(Span::new(*newest, after(*oldest, DAY)), ground, said);
        }
    }
}

fn after(at: Instant, time: Duration) -> Instant {
    at.checked_add_signed(time).unwrap_or(Instant::MAX_UTC)
}

#[cfg(test)]
mod tests;
