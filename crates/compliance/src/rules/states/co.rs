//! Colorado: C.R.S. 5-16-104 and 5-16-105.

use duly_domain::StopKind;

use crate::blocked::Ground;
use crate::facts::EventKind;
use crate::proposed::{Purpose, Recipient};
use crate::rules::place_hours::{Clock, Consent, shut_outside};
use crate::rules::{Case, Findings, Regime, debt_stops, standing};
use crate::span::Span;

use super::consumer;

static HOURS: Ground = Ground::law("state_hours", "C.R.S. 5-16-105(1)(a)");
static ATTORNEY: Ground = Ground::law("state_attorney", "C.R.S. 5-16-104(1)(f)");

/// "After 8 ... and before 9", local time. 5-16-105(1)(a).
static CLOCK: Clock = Clock::after_and_before(
    (8, 0),
    (21, 0),
    &HOURS,
    "after 8:00 in the morning and before 9:00 in the evening where the person may be",
);

/// An attorney who has not answered for "not less than thirty days" has failed to respond. 5-16-104(1)(f).
const ATTORNEY_SILENT_DAYS: u16 = 30;

/// Local hours, their edges shut by the text itself.
pub fn hours(case: &Case<'_>, out: &mut Findings) {
    if consumer(case) && case.proposed.medium.has_hours() {
        shut_outside(case, &case.zones, &CLOCK, Consent::OpensNothing, out);
    }
}

/// To find a person whom an attorney represents nobody but the attorney is asked, until it has been silent
/// for thirty days.
pub fn attorney(case: &Case<'_>, out: &mut Findings) {
    let recipient = case.proposed.recipient;
    if case.proposed.purpose != Purpose::Location || recipient == Recipient::DebtorsAttorney {
        return;
    }
    let consumer = |regime| regime == Regime::Consumer;
    debt_stops(case, StopKind::Attorney, consumer, |stop, row, evidence| {
        let events = |kind| {
            let about = case.events(kind, row.id).map(|event| event.at);
            about.filter(|at| *at >= stop.from)
        };
        let silent_from = events(EventKind::AttorneyWritten)
            .filter(|written| !events(EventKind::AttorneyAnswered).any(|at| at >= *written))
            .map(|written| Span::days(written, ATTORNEY_SILENT_DAYS).until)
            .min();
        let ends = [stop.until, silent_from].into_iter().flatten().min();
        out.deny(standing(stop.from, ends), &ATTORNEY, evidence);
    });
}

#[cfg(test)]
mod tests;
