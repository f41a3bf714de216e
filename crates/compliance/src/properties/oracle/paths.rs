//! To whom and to which address: 12 CFR 1006.6(d), .22(f).

use chrono::{Days, Duration};
use duly_domain::{AccountId, Effect, Instant, StopKind};

use super::lifted::permitted;
use super::{Now, Said, day, tz};
use crate::*;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    if !now.consumer() {
        return;
    }
    // 22(f)(4): "a person".
    if now.proposed.medium == Medium::SocialPublic {
        said.deny("social_public");
    }
    third_party(now, said);
    if !now.to_consumer() || now.proposed.point.is_none() {
        return;
    }
    match now.proposed.medium {
        Medium::Email => email(now, said),
        Medium::Text => text(now, said),
        _ => {}
    }
}

/// 6(d)(1), (2): with nobody else, but for location, by consent, by a court, after judgment.
fn third_party(now: &Now<'_>, said: &mut Said) {
    let proposed = now.proposed;
    let someone_else = matches!(proposed.recipient, Recipient::ThirdParty | Recipient::Employer);
    if !someone_else || proposed.purpose == Purpose::Location {
        return;
    }
    for row in now.consumers() {
        let agreed = now.facts.consents.iter().any(|consent| {
            consent.what == ConsentFor::ThirdParty
                && consent.given_to == GivenTo::Agency
                && now.in_scope(consent, row.id)
                && now.holds(consent)
        });
        if agreed || permitted(now, EventKind::CourtPermitted, &[row.id]) {
            continue;
        }
        let remedy = proposed.purpose == Purpose::PostjudgmentRemedy;
        match row.claim.kind {
            DebtKind::Judgment if remedy => {}
            DebtKind::Unknown if remedy => said.hold("third_party"),
            _ => said.deny("third_party"),
        }
    }
}

/// 6(d)(4), used as a gate by policy; 22(f)(3).
fn email(now: &Now<'_>, said: &mut Said) {
    let disclosed = now.events_here(EventKind::DisclosureReported).next().is_some();
    let gate = now.proposed.purpose != Purpose::OptOutConfirmation;
    if disclosed && gate {
        said.deny("email_path");
    }
    if now.answers() {
        return;
    }
    let known = now.used();
    let employers = known.and_then(|point| point.of_employer) == Some(true);
    let public = known.and_then(|point| point.public_domain);
    for row in now.consumers() {
        let own = email_used(now, row.id) || email_agreed(now, row.id) || prior(now, row.id);
        let creditors = creditor(now, row.id) && !employers;
        let open = own || (creditors && public == Some(true));
        if gate && (!open || disclosed) {
            // Nothing but the kind of its domain is missing.
            let perhaps = creditors && known.is_some() && public.is_none() && !disclosed;
            said.say("email_path", if perhaps { Effect::Hold } else { Effect::Deny });
        }
        if employers && (!own || disclosed) {
            said.deny("employer_email");
        }
    }
}

/// 6(d)(5), used as a gate by policy.
fn text(now: &Now<'_>, said: &mut Said) {
    if now.proposed.purpose == Purpose::OptOutConfirmation {
        return;
    }
    let disclosed = now.events_here(EventKind::DisclosureReported).next().is_some();
    let opens = |row: &Account| text_used(now, row.id) || text_agreed(now, row.id);
    if disclosed || (!now.answers() && !now.consumers().all(opens)) {
        said.deny("text_path");
    }
}

/// Whether the consumer asked since an instant that the address not be used so. An opt-out that was lifted
/// has ended what came before it all the same.
fn opted_out_since(now: &Now<'_>, since: Option<Instant>) -> bool {
    now.facts.stops.iter().any(|stop| {
        stop.kind == StopKind::OptOut
            && now.names(stop.medium, stop.point)
            && since.is_none_or(|since| since <= stop.from)
            && stop.from <= now.at
    })
}

/// When the consumer used the address or number in this medium about the debt. A contact that tells no
/// debt was about none.
fn uses<'a>(now: &'a Now<'_>, debt: AccountId) -> impl Iterator<Item = Instant> + 'a {
    let proposed = now.proposed;
    let told = now
        .events_here(EventKind::ConsumerUsedAddress)
        .filter(move |event| event.medium == Some(proposed.medium))
        .filter(move |event| event.account.is_none_or(|account| account == debt))
        .map(|event| event.at);
    told.chain(wrote(now).filter(move |i| i.account == Some(debt)).map(|inbound| inbound.at))
}

/// What came from the address or number in this medium.
fn wrote<'a>(now: &'a Now<'_>) -> impl Iterator<Item = &'a Inbound> + 'a {
    let proposed = now.proposed;
    now.facts.inbound.iter().filter(move |contact| {
        contact.medium == proposed.medium
            && contact.point.is_some()
            && contact.point == proposed.point
            && contact.at <= now.at
    })
}

/// (4)(i)(A): the consumer used the address to communicate with this collector about the debt and has not
/// opted out of it.
fn email_used(now: &Now<'_>, debt: AccountId) -> bool {
    uses(now, debt).any(|used| !opted_out_since(now, Some(used)))
}

/// Prior consent given directly to this collector, not withdrawn.
fn consents<'a>(
    now: &'a Now<'_>,
    what: ConsentFor,
    debt: AccountId,
) -> impl Iterator<Item = &'a Consent> + 'a {
    now.facts.consents.iter().filter(move |consent| {
        consent.what == what
            && consent.given_to == GivenTo::Agency
            && now.in_scope(consent, debt)
            && now.holds(consent)
    })
}

/// (4)(i)(B).
fn email_agreed(now: &Now<'_>, debt: AccountId) -> bool {
    consents(now, ConsentFor::Email, debt).any(|consent| !opted_out_since(now, Some(consent.from)))
}

/// What took place with the address towards a creditor or prior collector, about the debt.
fn took_place(now: &Now<'_>, kind: EventKind, debt: AccountId) -> bool {
    now.events_here(kind).any(|event| event.account.is_none_or(|named| named == debt))
}

/// (4)(ii)(A) to (D): all, and no opt-out ever. The 35 days, and the last of them everywhere.
fn creditor(now: &Now<'_>, debt: AccountId) -> bool {
    let notices = now.events_here(EventKind::CreditorNoticeSent);
    let mut notices = notices.filter(|notice| notice.account.is_none_or(|named| named == debt));
    let home = tz(now.facts.agency.hours.zone);
    let mut places = vec![home];
    for point in &now.facts.points {
        if let Zones::In(all) = &point.zones {
            places.extend(all.iter().copied().map(tz));
        }
    }
    let waited = notices.any(|notice| {
        let long = |deadline: &duly_domain::Date| *deadline >= day(home, notice.at) + Days::new(35);
        let gone = |deadline| places.iter().all(|place| day(*place, now.at) > deadline);
        notice.on.filter(long).is_some_and(gone)
    });
    took_place(now, EventKind::CreditorGotAddress, debt)
        && took_place(now, EventKind::CreditorUsedAddress, debt)
        && waited
        && !took_place(now, EventKind::CreditorAskedToStop, debt)
        && !took_place(now, EventKind::CreditorNoticeOptOut, debt)
        && !opted_out_since(now, None)
}

/// (4)(iii): all.
fn prior(now: &Now<'_>, debt: AccountId) -> bool {
    took_place(now, EventKind::PriorCollectorGotAddress, debt)
        && took_place(now, EventKind::PriorCollectorUsedAddress, debt)
        && !took_place(now, EventKind::PriorCollectorOptOut, debt)
        && !opted_out_since(now, None)
}

/// (5)(i): the consumer texted from the number about the debt and has not opted out; within 60 days a text
/// from it, or a database said that it has not been reassigned since.
fn text_used(now: &Now<'_>, debt: AccountId) -> bool {
    let any_text = |since| {
        let told = now.events_here(EventKind::ConsumerUsedAddress);
        let told = told.filter(|event| event.medium == Some(Medium::Text)).map(|event| event.at);
        let texts = wrote(now).map(|inbound| inbound.at);
        told.chain(texts).any(|at| since <= at && now.within_days(at, 60))
    };
    uses(now, debt).any(|used| {
        (any_text(used) || checked(now, used))
            && !opted_out_since(now, Some(used))
            && !gone(now, used)
    })
}

/// (5)(ii): direct consent to texts, not withdrawn; within 60 days given or renewed, or a database said so
/// since.
fn text_agreed(now: &Now<'_>, debt: AccountId) -> bool {
    consents(now, ConsentFor::Text, debt).any(|consent| {
        (now.within_days(consent.from, 60) || checked(now, consent.from))
            && !opted_out_since(now, Some(consent.from))
            && !gone(now, consent.from)
    })
}

fn checked(now: &Now<'_>, since: Instant) -> bool {
    let mut checks = now.events_here(EventKind::NotReassigned);
    checks.any(|check| since < check.at && check.at + Duration::days(60) > now.at)
}

/// Whether the number is somebody else's by now.
fn gone(now: &Now<'_>, since: Instant) -> bool {
    [EventKind::Reassigned, EventKind::LearnedWrong]
        .into_iter()
        .any(|kind| now.events_here(kind).any(|event| since <= event.at))
}
