//! New York City: 6 RCNY 5-77(b)(1), before and under the SHIELD Rule.
//!
//! The sources disagree about its date: the city's release of 2026-02-26 and every alert of that spring say
//! 2026-09-01, a later file cites a notice of 2026-07-22 for 2027-01-01. Between the two both rules are
//! enforced, each by policy; after the later one SHIELD is law, and the old number stays by policy until a
//! compliance user has resolved the conflict and a new version of the pack says so.

use duly_domain::Date;

use crate::blocked::{Evidence, Ground};
use crate::facts::Attempt;
use crate::medium::Medium;
use crate::rules::{Case, Findings, Regime};
use crate::span::Span;

use super::{
    Cap, begun, consented, consumer, counted, is_about, is_owed_letter, once, outside, shut,
};

/// The earliest date that any source gives for the SHIELD Rule.
pub const SHIELD_EARLIEST: Option<Date> = Date::from_ymd_opt(2026, 9, 1);
/// The latest.
pub const SHIELD_LATEST: Option<Date> = Date::from_ymd_opt(2027, 1, 1);

static TWO: Ground = Ground::law("state_frequency", "6 RCNY 5-77(b)(1)(iv)");
/// Whether a letter is such a contact is not said.
static POST: Ground = Ground::policy("state_frequency", "policy city.nyc.post");
static TWO_STILL: Ground = Ground::policy("state_frequency", "policy city.nyc.two_contacts");
static THREE: Ground = Ground::law("state_frequency", "6 RCNY 5-77(b)(1)(iii)");
static THREE_ALREADY: Ground = Ground::policy("state_frequency", "policy city.nyc.shield_date");
static ELECTRONIC: Ground = Ground::unverified("state_consent", "unverified city.nyc.electronic");

const CONTACTS: &str = "contacts with this person in seven days";
/// More than 2 contacts in 7 days are presumed excessive. 6 RCNY 5-77(b)(1)(iv), before SHIELD.
const TWO_PER_7_DAYS: usize = 2;
/// Attempts about one account in seven days. 6 RCNY 5-77(b)(1)(iii) as amended 2026-02-26.
const THREE_PER_7_DAYS: usize = 3;
const DAYS: u64 = 7;
/// An address with which the consumer reached the collector in the past 60 days. 6 RCNY 5-77(b)(5).
const REACHED_US_DAYS: u16 = 60;

/// Before SHIELD: two contacts with a person in seven days, about whatever debts.
pub fn two_contacts(case: &Case<'_>, out: &mut Findings) {
    let letter = case.proposed.medium == Medium::Mail;
    contacts(case, if letter { &POST } else { &TWO }, &POST, out);
}

/// The same by policy while the date is not resolved.
pub fn two_contacts_still(case: &Case<'_>, out: &mut Findings) {
    contacts(case, &TWO_STILL, &TWO_STILL, out);
}

/// By one ground what letters do not count for, by the other with letters counted.
fn contacts(
    case: &Case<'_>,
    plain: &'static Ground,
    with_post: &'static Ground,
    out: &mut Findings,
) {
    if !consumer(case) || is_owed_letter(case.proposed) {
        return;
    }
    let cap = |ground| Cap { most: TWO_PER_7_DAYS, days: DAYS, what: CONTACTS, ground };
    let no_letters = once(counted(case).filter(|attempt| attempt.medium != Medium::Mail));
    cap(plain).shut(case, &no_letters, out);
    let all = once(counted(case));
    if all.len() > no_letters.len() {
        cap(with_post).shut(case, &all, out);
    }
}

/// SHIELD: three attempts about an account in seven days, by call, text, e-mail or message; one that did
/// not connect is an attempt too. Letters have no number.
pub fn three_attempts(case: &Case<'_>, out: &mut Findings) {
    attempts(case, &THREE, out);
}

/// The same by policy before its date is certain.
pub fn three_attempts_already(case: &Case<'_>, out: &mut Findings) {
    attempts(case, &THREE_ALREADY, out);
}

fn attempts(case: &Case<'_>, ground: &'static Ground, out: &mut Findings) {
    if case.proposed.medium == Medium::Mail {
        return;
    }
    let what = "attempts about this account in seven days";
    let cap = Cap { most: THREE_PER_7_DAYS, days: DAYS, what, ground };
    for account in case.debts(Regime::Consumer) {
        let about =
            |attempt: &&Attempt| attempt.medium != Medium::Mail && is_about(case, attempt, account);
        cap.shut(case, &once(begun(case).filter(about)), out);
    }
}

/// SHIELD, in detail not read: electronic contact needs consent, or an address or number with which the
/// person reached the collector in the past sixty days.
pub fn electronic(case: &Case<'_>, out: &mut Findings) {
    if !consumer(case) || !case.proposed.medium.is_electronic() {
        return;
    }
    let used = case.facts.inbound.iter().filter(|inbound| {
        inbound.medium == case.proposed.medium
            && inbound.point.is_some()
            && inbound.point == case.proposed.point
    });
    let used: Vec<Span> = used.map(|inbound| Span::days(inbound.at, REACHED_US_DAYS)).collect();
    for account in case.debts(Regime::Consumer) {
        for gap in outside(consented(case, account).chain(used.iter().copied())) {
            let evidence = Evidence::Missing(
                "that the person consented to this medium, or used this address with us in sixty days",
            );
            shut(case, gap, &ELECTRONIC, evidence, out);
        }
    }
}

#[cfg(test)]
mod tests;
