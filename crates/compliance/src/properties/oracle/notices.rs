//! Validation and the disclosures of 12 CFR 1006.34, .38, .42; and what the agency asks of itself about their
//! order.

use chrono::Days;
use duly_domain::{AccountId, Instant, StopKind};

use super::{Now, Said, electronic};
use crate::*;

/// 42(a)(1), (b).
pub fn judge(now: &Now<'_>, said: &mut Said) {
    let proposed = now.proposed;
    let disclosure = matches!(
        proposed.purpose,
        Purpose::ValidationNotice | Purpose::Verification | Purpose::OriginalCreditor
    );
    if !disclosure || !now.consumer() {
        return;
    }
    // Comments 42(a)(1)-2, -3: known not to arrive; -4: an opted-out address.
    let bad = now.used().is_some_and(|point| point.state != PointState::Usable);
    let came_back = [EventKind::Undeliverable, EventKind::LearnedWrong]
        .into_iter()
        .any(|kind| now.events_here(kind).next().is_some());
    let opted_out = now.facts.stops.iter().any(|stop| {
        stop.kind == StopKind::OptOut
            && now.stands(stop.from, stop.until)
            && now.names(stop.medium, stop.point)
    });
    let known = now.used().is_some();
    if bad || (known && came_back) || (electronic(proposed.medium) && opted_out) {
        said.deny("disclosure_address");
    }
    if electronic(proposed.medium) && !now.consumers().all(|row| e_sign(now, row)) {
        said.deny("esign");
    }
}

/// 42(b): E-SIGN consent to the collector, but for a notice in the initial communication.
fn e_sign(now: &Now<'_>, row: &Account) -> bool {
    let initial = now.proposed.purpose == Purpose::ValidationNotice && first(now, row.id).is_none();
    let consented = now.facts.consents.iter().any(|consent| {
        consent.what == ConsentFor::Esign
            && consent.given_to == GivenTo::Agency
            && now.in_scope(consent, row.id)
            && now.holds(consent)
    });
    initial || consented
}

/// The initial communication about a debt.
fn first(now: &Now<'_>, account: AccountId) -> Option<Instant> {
    let rows = now.rows.iter().filter(|(_, row)| row.id == account);
    let told = rows.flat_map(|(_, row)| [row.first_spoken_at, row.first_written_at]);
    told.flatten().min()
}

/// 4.1a: first.validation, where it is asked for; first.hold. Both policy.
pub fn policies(now: &Now<'_>, said: &mut Said) {
    if now.owed() || !now.to_consumer() || now.answers() {
        return;
    }
    for row in now.consumers() {
        let asks = now.facts.limits.iter().any(|limits| {
            let bound = limits.accounts.is_empty() || limits.accounts.contains(&row.id);
            bound && limits.validation_first == Some(true)
        });
        if asks && provided(now, row.id).next().is_none() {
            said.deny("validation_first");
        }
        if never_sent(now, row.id) || came_back(now, row.id) {
            said.hold("validation_hold");
        }
    }
}

/// When the validation information was provided, by letter or by word of mouth.
fn provided<'a>(now: &'a Now<'_>, account: AccountId) -> impl Iterator<Item = Instant> + 'a {
    let sent = now.events(EventKind::ValidationSent);
    let events = sent.chain(now.events(EventKind::ValidationSpoken));
    events.filter(move |event| event.account == Some(account)).map(|event| event.at)
}

/// Whether five days have gone since, the day itself not counted.
fn five_days_gone(now: &Now<'_>, since: Instant) -> bool {
    now.home > now.home_date(since) + Days::new(5)
}

/// 34(a)(1)(i)(B): within five days; (a)(2): not where it was paid before.
fn never_sent(now: &Now<'_>, account: AccountId) -> bool {
    let Some(initial) = first(now, account) else { return false };
    let mut paid = now.events(EventKind::Paid).filter(|event| event.account == Some(account));
    let in_time = |event: &Event| now.home_date(event.at) <= now.home_date(initial) + Days::new(5);
    five_days_gone(now, initial) && provided(now, account).next().is_none() && !paid.any(in_time)
}

/// Comments 42(a)(1)-2, -3: one that is known not to have arrived is sent again; five days by policy.
fn came_back(now: &Now<'_>, account: AccountId) -> bool {
    let of = |event: &&Event| event.account == Some(account);
    if now.events(EventKind::ValidationSpoken).any(|event| of(&event)) {
        return false;
    }
    now.events(EventKind::ValidationSent).filter(of).any(|notice| {
        let mut failures = now.events_of(EventKind::Undeliverable, account).filter(|failure| {
            let elsewhere =
                failure.point.is_some() && notice.point.is_some() && failure.point != notice.point;
            notice.at <= failure.at && !elsewhere
        });
        failures.next().is_some_and(|failure| {
            five_days_gone(now, failure.at)
                && !provided(now, account).any(|again| failure.at < again)
        })
    })
}
