//! What lifts the bars of 12 CFR 1006.6(b). 1006.6(b)(4): consent of the person, given directly to the
//! agency in a contact that broke none of these rules itself, or the express permission of a court. Consent
//! given to the creditor or to a collector before counts for nothing (comment 6(b)(4)(i)-2).
//!
//! A consent reaches as far as it says: one account, medium, number, time. One that names an account lifts
//! nothing from an attempt that is also about another.

use chrono::Days;
use chrono_tz::Tz;
use duly_domain::{AccountId, Instant};

use super::Case;
use super::local_time::start_of_day;
use super::weekly::Weekly;
use crate::facts::{Consent, ConsentFor, Event, EventKind, GivenTo};
use crate::span::{Span, Spans};

/// What is barred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bar {
    /// An unusual or inconvenient time. 1006.6(b)(1)(i).
    Time,
    /// An inconvenient place, or work where the employer forbids it. 1006.6(b)(1)(ii), (b)(3).
    Place,
    /// An attorney represents the person. 1006.6(b)(2).
    Attorney,
}

/// The time in which a bar is lifted from what the attempt says of these debts.
pub(crate) fn spans(case: &Case<'_>, bar: Bar, debts: &[AccountId]) -> Spans {
    let lifting = [ConsentFor::Contact, ConsentFor::AtPlace, ConsentFor::ThoughRepresented];
    if !case.has_event(EventKind::CourtPermitted)
        && !lifting.into_iter().any(|what| case.has_consent(what))
    {
        return Spans::new();
    }
    let consents = consents(case, debts).filter(|consent| match consent.what {
        ConsentFor::Contact => true,
        ConsentFor::AtPlace => bar == Bar::Place,
        ConsentFor::ThoughRepresented => bar == Bar::Attorney,
        ConsentFor::AtTimes(_)
        | ConsentFor::MoreCalls
        | ConsentFor::Email
        | ConsentFor::Text
        | ConsentFor::Automated
        | ConsentFor::ThirdParty
        | ConsentFor::Esign => false,
    });
    let courts = permissions(case, EventKind::CourtPermitted, debts);
    consents.map(lasts).chain(courts).collect()
}

/// The times of day to which the person agreed, in one zone.
pub(crate) fn times(case: &Case<'_>, debts: &[AccountId], tz: Tz) -> Vec<Weekly> {
    let agreed = |consent: &Consent| match consent.what {
        ConsentFor::AtTimes(times) => Some(Weekly::allowed(times, tz, lasts(consent))),
        _ => None,
    };
    consents(case, debts).filter_map(agreed).collect()
}

/// From an event that permits until the end of the day that it states.
pub(crate) fn permissions<'a>(
    case: &'a Case<'_>,
    kind: EventKind,
    debts: &'a [AccountId],
) -> impl Iterator<Item = Span> + 'a {
    let proposed = case.proposed;
    let permits = move |event: &&Event| {
        event.kind == kind
            && event.account.is_none_or(|named| debts.iter().all(|debt| *debt == named))
            && event.medium.is_none_or(|medium| medium == proposed.medium)
            && (event.point.is_none() || event.point == proposed.point)
    };
    let tz = case.facts.agency.hours.zone.tz();
    case.facts.events.iter().filter(permits).map(move |event| {
        let ends = event.on.and_then(|day| day.checked_add_days(Days::new(1)));
        Span::new(event.at, ends.map_or(Instant::MAX_UTC, |day| start_of_day(tz, day)))
    })
}

/// The consents to the agency whose scope holds the attempt.
fn consents<'a>(
    case: &'a Case<'_>,
    debts: &'a [AccountId],
) -> impl Iterator<Item = &'a Consent> + 'a {
    let proposed = case.proposed;
    case.facts.consents.iter().filter(move |consent| {
        consent.given_to == GivenTo::Agency
            && consent.account.is_none_or(|named| debts.iter().all(|debt| *debt == named))
            && consent.medium.is_none_or(|medium| medium == proposed.medium)
            && (consent.point.is_none() || consent.point == proposed.point)
    })
}

fn lasts(consent: &Consent) -> Span {
    super::standing(consent.from, consent.ends())
}
