//! E-mail: 12 CFR 1006.6(d)(4).

use duly_domain::{AccountId, Instant, PointId};

use super::{Open, Path, notice, until_opt_out, uses};
use crate::facts::{ConsentFor, Event, EventKind, Facts, GivenTo};
use crate::medium::Medium;
use crate::span::Span;

/// The procedures for an address with the time in which each permits.
pub(super) fn open(facts: &Facts, point: PointId, account: AccountId) -> Open {
    let mut open = own(facts, point, account);
    let address = facts.point(point);
    let public = address.and_then(|address| address.public_domain) == Some(true);
    let employers = address.and_then(|address| address.of_employer) == Some(true);
    if public && !employers {
        open.extend(creditor(facts, point, account).map(|span| (Path::CreditorNotice, span)));
    }
    open.extend(prior(facts, point, account).map(|span| (Path::PriorCollector, span)));
    open
}

/// (i): the consumer used the address, or consented to it, and has not since opted out of it.
fn own(facts: &Facts, point: PointId, account: AccountId) -> Open {
    let since = |from| until_opt_out(facts, point, Medium::Email, from);
    let used = uses(facts, point, Medium::Email, account).map(|at| (Path::EmailUsed, since(at)));
    let consents = facts.consents.iter().filter(|consent| {
        consent.what == ConsentFor::Email
            && consent.given_to == GivenTo::Agency
            && consent.account.is_none_or(|named| named == account)
            && consent.medium.is_none_or(|medium| medium == Medium::Email)
            && consent.point.is_none_or(|named| named == point)
    });
    let consents = consents.map(|consent| {
        let span = since(consent.from);
        let ends = consent.ends().unwrap_or(Instant::MAX_UTC);
        (Path::EmailConsent, Span::new(span.from, span.until.min(ends)))
    });
    used.chain(consents).collect()
}

/// (ii)(A) to (D): the creditor got the address from the consumer, used it about the account and was not
/// asked to stop, gave notice, and the time to opt out has gone without an opt-out. (E), that the domain
/// is open to the public, is asked apart, as it may not be known.
pub(crate) fn creditor(facts: &Facts, point: PointId, account: AccountId) -> Option<Span> {
    let first = |kind| events(facts, kind, point, account).map(|event| event.at).min();
    let got = first(EventKind::CreditorGotAddress)?;
    let used = first(EventKind::CreditorUsedAddress)?;
    let waited = events(facts, EventKind::CreditorNoticeSent, point, account);
    let waited = waited.filter_map(|sent| notice::open_from(facts, sent)).min()?;
    let from = got.max(used).max(waited);
    // An opt-out or a request to stop ends it whenever it came: nothing says that a later notice revives it.
    let refused = [EventKind::CreditorAskedToStop, EventKind::CreditorNoticeOptOut];
    let refused = refused.into_iter().filter_map(first).min();
    let opted_out = super::opted_out_after(facts, point, Medium::Email, Instant::MIN_UTC);
    let until = refused.into_iter().chain(opted_out).min().unwrap_or(Instant::MAX_UTC);
    Some(Span::new(from, until)).filter(|span| !span.is_empty())
}

/// (iii): a prior collector obtained the address under (i) or (ii), the last one used it about the debt,
/// and the consumer did not opt out.
fn prior(facts: &Facts, point: PointId, account: AccountId) -> Option<Span> {
    let first = |kind| events(facts, kind, point, account).map(|event| event.at).min();
    let got = first(EventKind::PriorCollectorGotAddress)?;
    let used = first(EventKind::PriorCollectorUsedAddress)?;
    let refused = first(EventKind::PriorCollectorOptOut);
    let opted_out = super::opted_out_after(facts, point, Medium::Email, Instant::MIN_UTC);
    let until = refused.into_iter().chain(opted_out).min().unwrap_or(Instant::MAX_UTC);
    Some(Span::new(got.max(used), until)).filter(|span| !span.is_empty())
}

fn events<'a>(
    facts: &'a Facts,
    kind: EventKind,
    point: PointId,
    account: AccountId,
) -> impl Iterator<Item = &'a Event> + use<'a> {
    facts.events.iter().filter(move |event| {
        event.kind == kind
            && event.point == Some(point)
            && event.account.is_none_or(|named| named == account)
    })
}

#[cfg(test)]
mod tests;
