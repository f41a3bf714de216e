//! Location information: 12 CFR 1006.10.

use duly_domain::StopKind;

use super::stops::{about, silent};
use super::{Now, Said};
use crate::*;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    let proposed = now.proposed;
    let other = !matches!(proposed.recipient, Recipient::Debtor | Recipient::DebtorsAttorney);
    if proposed.purpose != Purpose::Location || !other || !now.consumer() {
        return;
    }
    if asked_already(now) {
        said.deny("location_once");
    }
    // 10(b)(5): only the attorney, unless the attorney does not answer.
    let counsel = now.facts.stops.iter().filter(|stop| stop.kind == StopKind::Attorney);
    for stop in counsel.filter(|stop| now.stands(stop.from, stop.until)) {
        let represented = |row: &Account| about(now, stop, row.id) && !silent(now, stop, row.id);
        if now.consumers().any(represented) {
            said.deny("location_counsel");
        }
    }
}

/// 10(c): "not more than once", unless that person asks for it, or answered wrongly and knows better now.
fn asked_already(now: &Now<'_>) -> bool {
    let here = |event: &&Event| same_holder(now, event.point);
    let asked = now.events(EventKind::LocationAsked).filter(here).map(|event| event.at);
    let talks = now.facts.attempts.iter().filter(|attempt| {
        attempt.purpose == Purpose::Location
            && attempt.conversation
            && attempt.at <= now.at
            && same_holder(now, attempt.point)
    });
    let mut asked = asked.chain(talks.map(|talk| talk.at));
    let again: Vec<_> = [EventKind::LocationInvited, EventKind::LocationDoubted]
        .into_iter()
        .flat_map(|kind| now.events(kind).filter(here))
        .map(|event| event.at)
        .collect();
    asked.any(|asked| again.iter().all(|again| *again < asked))
}

/// Whether a number or address reaches whoever is asked now; what is not known is taken to.
pub fn same_holder(now: &Now<'_>, point: Option<duly_domain::PointId>) -> bool {
    let holder = |id| now.point(Some(id)).and_then(|point| point.third_party);
    match (now.proposed.point, point) {
        (Some(here), Some(there)) => {
            here == there || (holder(here).is_some() && holder(here) == holder(there))
        }
        _ => true,
    }
}
