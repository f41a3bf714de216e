//! 47 USC 227(b)(1)(A) and 47 CFR 64.1200: automated calls and texts rest on consent; every debt, everybody
//! called.

use chrono::Duration;
use duly_domain::{AccountId, Instant, StopKind};

use super::{Now, Said};
use crate::*;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    confirmation(now, said);
    if !matches!(now.proposed.medium, Medium::Call | Medium::Text) {
        return;
    }
    match now.proposed.dial_mode {
        // By hand or not is to be known first.
        None => said.hold("tcpa"),
        Some(DialMode::Manual) => {}
        Some(mode) => automated(now, mode, said),
    }
}

fn automated(now: &Now<'_>, mode: DialMode, said: &mut Said) {
    let landline = now.used().is_some_and(|point| point.line == LineType::Landline);
    let voice = matches!(mode, DialMode::Prerecorded | DialMode::Ringless);
    let consented = now.proposed.accounts.iter().all(|account| consented(now, *account));
    // A message is sent to whatever the line is; a landline is no wireless number. Who wrote is answered by
    // whatever means, unless a voice that is no human's would answer.
    let reached = mode == DialMode::TextPlatform || !landline;
    if reached && !consented && (voice || !now.answers()) {
        said.deny("tcpa");
    }
    // (a)(3): three such calls to a landline in thirty days without consent; not verified.
    if voice && landline && !consented {
        let call = |call: &Attempt| {
            matches!(call.dial_mode, Some(DialMode::Prerecorded | DialMode::Ringless))
                && call.counted
                && call.point == now.proposed.point
        };
        if super::frequency::full_hours(now, 30, 3, call) {
            said.hold("tcpa_residential");
        }
    }
    if now.proposed.point.is_some() && (now.proposed.medium == Medium::Text || !landline) {
        reassigned(now, said);
    }
}

/// tcpa.called_party, tcpa.reassigned: whose number it is was asked, or told, within thirty days.
fn reassigned(now: &Now<'_>, said: &mut Said) {
    let given = || {
        now.facts.consents.iter().filter(|consent| {
            matches!(consent.what, ConsentFor::Automated | ConsentFor::Text)
                && consent.given_to == GivenTo::Agency
                && consent.point == now.proposed.point
                && consent.from <= now.at
        })
    };
    let checks = now.events_here(EventKind::NotReassigned).map(|event| event.at);
    let fresh = checks.chain(given().map(|c| c.from)).any(|then| now.within_days(then, 30));
    if !fresh && !now.answers() {
        said.hold("tcpa_reassigned");
    }
    let lost = |event: &Event| given().all(|consent| consent.from <= event.at);
    if now.events_here(EventKind::Reassigned).any(lost) {
        said.deny("tcpa_reassigned");
    }
}

/// Prior express consent of whoever has the number, for this debt, that nothing has ended.
fn consented(now: &Now<'_>, account: AccountId) -> bool {
    let proposed = now.proposed;
    let lost = |since: Instant| {
        [EventKind::Reassigned, EventKind::LearnedWrong]
            .into_iter()
            .any(|kind| now.events_here(kind).any(|event| since <= event.at))
    };
    now.facts.consents.iter().any(|consent| {
        let what = consent.what == ConsentFor::Automated
            || (consent.what == ConsentFor::Text && proposed.medium == Medium::Text);
        let to = match consent.given_to {
            GivenTo::Agency => consent.account.is_none_or(|named| named == account),
            // "In connection with an existing debt": that debt.
            GivenTo::Creditor => consent.account == Some(account),
            GivenTo::AgencyInBreach | GivenTo::PriorCollector => false,
        };
        what && to
            && proposed.point.is_some()
            && consent.point == proposed.point
            && consent.medium.is_none_or(|medium| medium == proposed.medium)
            && now.stands(consent.from, consent.until)
            && !lost(consent.from)
            && !revoked(now, consent)
    })
}

/// Any request, in answer to whatever kind of message, not to be called or texted ends every consent that
/// was given before; at once.
fn revoked(now: &Now<'_>, consent: &Consent) -> bool {
    let telephone =
        |medium: Option<Medium>| medium.is_none_or(|m| matches!(m, Medium::Call | Medium::Text));
    let asks = now.facts.stops.iter().filter(|stop| stop.kind == StopKind::OptOut);
    let asks = asks.filter(|stop| telephone(stop.medium)).map(|stop| stop.from);
    let automated = |c: &&Consent| matches!(c.what, ConsentFor::Automated | ConsentFor::Text);
    let backs = now.facts.consents.iter().filter(automated).filter_map(|c| c.withdrawn_at);
    let told = now.events(EventKind::AutomatedRevoked);
    let told = told.filter(|event| telephone(event.medium)).map(|event| event.at);
    // The one confirmation is presumed within the consent for five minutes.
    let minutes = match now.proposed.purpose {
        Purpose::OptOutConfirmation => 5,
        _ => 0,
    };
    let ends = |then: Instant| then + Duration::minutes(minutes) <= now.at;
    let back = consent.withdrawn_at.is_some_and(ends);
    back || asks.chain(backs).chain(told).any(|then| consent.from <= then && ends(then))
}

/// (a)(12): one confirming text; by policy within five minutes.
fn confirmation(now: &Now<'_>, said: &mut Said) {
    let proposed = now.proposed;
    if proposed.medium != Medium::Text || proposed.purpose != Purpose::OptOutConfirmation {
        return;
    }
    for stop in now.facts.stops.iter().filter(|stop| stop.kind == StopKind::OptOut) {
        if !now.stands(stop.from, stop.until) || !now.names(stop.medium, stop.point) {
            continue;
        }
        let sent = now.facts.attempts.iter().any(|attempt| {
            attempt.purpose == Purpose::OptOutConfirmation
                && attempt.medium == Medium::Text
                && attempt.counted
                && attempt.point == proposed.point
                && stop.from <= attempt.at
                && attempt.at <= now.at
        });
        let told = now
            .events(EventKind::OptOutConfirmed)
            .any(|event| stop.from <= event.at && now.names(event.medium, event.point));
        if sent || told || stop.from + Duration::minutes(5) <= now.at {
            said.deny("opt_out_confirmation");
        }
    }
}

/// tcpa.identify collides with 6(d) on a shared mailbox: no recorded voice leaves a message about a
/// consumer debt.
pub fn voicemail(now: &Now<'_>, said: &mut Said) {
    let telephone = matches!(now.proposed.medium, Medium::Call | Medium::Text);
    let left = match now.proposed.dial_mode {
        Some(DialMode::Ringless) => true,
        Some(DialMode::Prerecorded) => now.proposed.limited_content,
        _ => false,
    };
    if telephone && left && now.consumer() {
        said.deny("tcpa_voicemail");
    }
}
