//! 12 CFR 1006.10: whoever else is asked where the consumer may be reached is asked once, unless that person
//! asks to be contacted again, or the answer is believed wrong or incomplete and that person to know better
//! now (10(c)). That is about communicating: attempts that nobody answered are limited by 1006.14(b) alone.
//! Once counsel is known, counsel alone is asked, unless counsel does not respond (10(b)(5)).
//!
//! What is said (10(b)(1) to (4)) is required of the content. For a consumer who died, [`ESTATE_WORDING`]
//! states no debt.

use duly_domain::{Instant, StopKind};

use super::{Case, Findings, Regime, attorney, debt_stops, standing};
use crate::blocked::{Evidence, Ground, Required};
use crate::facts::EventKind;
use crate::medium::Medium;
use crate::proposed::{Purpose, Recipient};
use crate::span::Spans;

static ONCE: Ground = Ground::law("location_once", "12 CFR 1006.10(c)");
static COUNSEL: Ground = Ground::law("location_counsel", "12 CFR 1006.10(b)(5)");
static SELF: Ground = Ground::law("location", "12 CFR 1006.10(b)(1)");
static NO_DEBT: Ground = Ground::law("location", "12 CFR 1006.10(b)(2)");
static POSTCARD: Ground = Ground::law("location", "12 CFR 1006.10(b)(3)");
static COVER: Ground = Ground::law("location", "12 CFR 1006.10(b)(4)");

/// What may be said of a consumer who died without stating that the consumer owes a debt. Comment
/// 10(b)(2)-1.
pub const ESTATE_WORDING: [&str; 2] = [
    "seeking to identify and locate the person who is authorized to act on behalf of the estate",
    "seeking to identify and locate the person handling the financial affairs of the deceased consumer",
];

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    let asks = proposed.purpose == Purpose::Location && proposed.recipient != Recipient::Debtor;
    if !asks || !case.any(Regime::Consumer) {
        return;
    }
    if proposed.recipient == Recipient::DebtorsAttorney {
        return;
    }
    out.require(Required::IdentifyIndividual, &SELF);
    out.require(Required::EmployerOnlyIfAsked, &SELF);
    out.require(Required::NoDebtStatement, &NO_DEBT);
    if proposed.medium == Medium::Mail {
        out.require(Required::NoPostcard, &POSTCARD);
        out.require(Required::PlainEnvelope, &COVER);
    }
    once(case, out);
    counsel(case, out);
}

/// 10(c): from each time that this person was communicated with until it may be asked again.
fn once(case: &Case<'_>, out: &mut Findings) {
    let mut told: Vec<(Instant, bool)> = Vec::new();
    for event in case.facts.events.iter().filter(|event| case.same_holder(event.point)) {
        match event.kind {
            EventKind::LocationAsked => told.push((event.at, true)),
            EventKind::LocationInvited | EventKind::LocationDoubted => told.push((event.at, false)),
            _ => {}
        }
    }
    let talks = case.facts.attempts.iter().filter(|attempt| {
        attempt.purpose == Purpose::Location
            && attempt.conversation
            && case.same_holder(attempt.point)
    });
    told.extend(talks.map(|talk| (talk.at, true)));
    // Asked and invited at one instant: the invitation came in answer.
    told.sort_by_key(|(at, asked)| (*at, !asked));
    for (n, (at, _)) in told.iter().enumerate().filter(|(_, (_, asked))| *asked) {
        let again = told[n..].iter().find(|(_, asked)| !asked).map(|(at, _)| *at);
        let since = Some(case.agency_date(*at));
        let fact = "this person was asked once already where the debtor may be reached";
        out.deny(standing(*at, again), &ONCE, Evidence::Known { fact, since });
    }
}

/// 10(b)(5): counsel alone, from the knowledge of it, but for the time in which counsel does not respond.
fn counsel(case: &Case<'_>, out: &mut Findings) {
    let consumer = |regime| regime == Regime::Consumer;
    debt_stops(case, StopKind::Attorney, consumer, |stop, row, evidence| {
        let mut silent = Spans::new();
        attorney::silent(case, stop, row.id, &mut silent);
        for span in standing(stop.from, stop.until).outside(&silent) {
            out.deny(span, &COUNSEL, evidence);
        }
    });
}

#[cfg(test)]
mod tests;
