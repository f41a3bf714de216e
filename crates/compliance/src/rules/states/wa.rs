//! Washington: RCW 19.16.250, for every claim (RCW 19.16.100(2), (4): "any obligation for the payment of money
//! or thing of value arising out of any agreement or contract"), commercial claims and bought debts too.
//!
//! The numbers are the regulator's; which media count, whether per claim, what a week is and in which zone a
//! number is, are not verified. By policy a week is any seven consecutive days, all claims count together,
//! and so do letters and calls that rang unanswered; what is a communication in every reading is law within
//! one calendar week. A contact of the debtor is answered as under Part 1006.

use crate::blocked::{Evidence, Ground};
use crate::facts::Attempt;
use crate::medium::Medium;
use crate::rules::place_hours::{Clock, Consent, shut_outside};
use crate::rules::{Case, Findings, Regime};
use crate::span::Span;

use super::{Cap, at_work, counted, is_owed_letter, once};

static WEEK: Ground = Ground::law("state_frequency", "RCW 19.16.250");
static WEEK_POLICY: Ground = Ground::policy("state_frequency", "policy state.wa.week");
static WORK: Ground = Ground::law("state_work", "RCW 19.16.250");
static WORK_POLICY: Ground = Ground::policy("state_work", "policy state.wa.week");
static HOURS: Ground = Ground::law("state_hours", "RCW 19.16.250");
static EDGE: Ground = Ground::policy("state_hours", "policy time.edge");
static NO_ZONE: Ground = Ground::policy("state_hours", "policy time.zone_unknown");

const WHAT: &str = "communications with this person, about whatever claim, in a week";
const AT_WORK: &str = "communications with this person at work in a week";
/// Not more than 3 communications with the debtor or the spouse in a single week.
const PER_WEEK: Cap = Cap { most: 3, days: 7, what: WHAT, ground: &WEEK };
const PER_7_DAYS: Cap = Cap { ground: &WEEK_POLICY, ..PER_WEEK };
/// Not more than 1 a week at work.
const WORK_PER_WEEK: Cap = Cap { most: 1, days: 7, what: AT_WORK, ground: &WORK };
const WORK_PER_7_DAYS: Cap = Cap { ground: &WORK_POLICY, ..WORK_PER_WEEK };

/// Not at home before 7:30 or after 21:00.
static CLOCK: Clock = Clock::not_before_or_after(
    (7, 30),
    (21, 0),
    &HOURS,
    &EDGE,
    "between 7:30 in the morning and 9:00 in the evening where the person may be",
);

/// Whether it is a communication in every reading: a conversation, or a message that is no letter.
pub(super) fn is_communication(attempt: &Attempt) -> bool {
    match attempt.medium {
        Medium::Call => attempt.conversation,
        Medium::Mail => false,
        Medium::Text
        | Medium::Email
        | Medium::Portal
        | Medium::Social
        | Medium::SocialPublic
        | Medium::Visit => true,
    }
}

/// Three communications in a week.
pub fn week(case: &Case<'_>, out: &mut Findings) {
    if case.rows.is_empty() || is_owed_letter(case.proposed) {
        return;
    }
    let certain = counted(case).filter(|attempt| is_communication(attempt));
    if case.proposed.medium != Medium::Mail {
        PER_WEEK.shut_week(case, &once(certain), out);
    }
    PER_7_DAYS.shut(case, &once(counted(case)), out);
}

/// One a week at work, of people.
pub fn work(case: &Case<'_>, out: &mut Findings) {
    if !people(case) || at_work(case, case.proposed.point) == Some(false) {
        return;
    }
    let at = |wanted: fn(Option<bool>) -> bool| {
        once(counted(case).filter(|attempt| wanted(at_work(case, attempt.point))))
    };
    if at_work(case, case.proposed.point) == Some(true) {
        let certain = at(|work| work == Some(true));
        let certain: Vec<_> = certain.into_iter().filter(|a| is_communication(a)).collect();
        WORK_PER_WEEK.shut_week(case, &certain, out);
    }
    WORK_PER_7_DAYS.shut(case, &at(|work| work != Some(false)), out);
}

/// The hours at home, of people, on any claim.
pub fn home_hours(case: &Case<'_>, out: &mut Findings) {
    let at_home = at_work(case, case.proposed.point) != Some(true);
    let professional = case.proposed.recipient.is_professional();
    if !people(case) || !at_home || professional || !case.proposed.medium.has_hours() {
        return;
    }
    if case.zone_unknown || case.zones.is_empty() {
        out.hold(Span::ALWAYS, &NO_ZONE, Evidence::NoZone);
    }
    shut_outside(case, &case.zones, &CLOCK, Consent::OpensNothing, out);
}

/// Whether a human owes one of the claims.
fn people(case: &Case<'_>) -> bool {
    case.any(Regime::Consumer) || case.any(Regime::NaturalPerson)
}

#[cfg(test)]
mod tests;
