//! Texts: 12 CFR 1006.6(d)(5). There is no path through a creditor's notice or a prior collector.

use duly_domain::{AccountId, Instant, PointId};
use smallvec::SmallVec;

use super::{Open, Path, until_opt_out, uses};
use crate::facts::{ConsentFor, EventKind, Facts, GivenTo};
use crate::medium::Medium;
use crate::span::Span;

/// "Within the past 60 days" a text, a consent or a check of the number must lie. 1006.6(d)(5)(i), (ii).
pub const FRESH_DAYS: u16 = 60;

/// The procedures for a number with the time in which each permits.
pub(super) fn open(facts: &Facts, point: PointId, account: AccountId) -> Open {
    let checks: SmallVec<[Instant; 6]> = events(facts, point, EventKind::NotReassigned).collect();
    let mut open = Open::new();

    // (i): a text about the debt from the number; a telephone call does not do (comment 6(d)(5)(i)-1).
    let texts: SmallVec<[Instant; 6]> = texts(facts, point).collect();
    for used in uses(facts, point, Medium::Text, account) {
        let stands = stands(facts, point, used);
        // Any later text from the number renews it; a check does, made since the last text before it.
        let renewed = texts.iter().chain(&checks).copied().filter(|at| *at > used).chain([used]);
        open.extend(renewed.map(|at| (Path::TextUsed, fresh(at).intersect(stands))));
    }

    // (ii): consent to texts at the number, given or renewed, or checked since.
    let consents = facts.consents.iter().filter(|consent| {
        consent.what == ConsentFor::Text
            && consent.given_to == GivenTo::Agency
            && consent.account.is_none_or(|named| named == account)
            && consent.medium.is_none_or(|medium| medium == Medium::Text)
            && consent.point.is_none_or(|named| named == point)
    });
    for consent in consents {
        let ends = consent.ends().unwrap_or(Instant::MAX_UTC);
        let stands = stands(facts, point, consent.from).intersect(Span::new(consent.from, ends));
        let renewed = checks.iter().copied().filter(|at| *at > consent.from).chain([consent.from]);
        open.extend(renewed.map(|at| (Path::TextConsent, fresh(at).intersect(stands))));
    }
    open
}

fn fresh(at: Instant) -> Span {
    Span::days(at, FRESH_DAYS)
}

/// From a text or a consent until an opt-out, or until the number is learned to be somebody else's.
fn stands(facts: &Facts, point: PointId, from: Instant) -> Span {
    let span = until_opt_out(facts, point, Medium::Text, from);
    let lost = [EventKind::Reassigned, EventKind::LearnedWrong];
    let lost = lost.into_iter().flat_map(|kind| events(facts, point, kind));
    let lost = lost.filter(|at| *at >= from).min().unwrap_or(Instant::MAX_UTC);
    Span::new(span.from, span.until.min(lost))
}

/// Texts from the number, about whatever.
fn texts(facts: &Facts, point: PointId) -> impl Iterator<Item = Instant> + '_ {
    let inbound = facts
        .inbound
        .iter()
        .filter(move |inbound| inbound.medium == Medium::Text && inbound.point == Some(point));
    let events = facts.events.iter().filter(move |event| {
        event.kind == EventKind::ConsumerUsedAddress
            && event.medium == Some(Medium::Text)
            && event.point == Some(point)
    });
    inbound.map(|inbound| inbound.at).chain(events.map(|event| event.at))
}

fn events(facts: &Facts, point: PointId, kind: EventKind) -> impl Iterator<Item = Instant> + '_ {
    let of = move |event: &&crate::facts::Event| event.kind == kind && event.point == Some(point);
    facts.events.iter().filter(of).map(|event| event.at)
}

#[cfg(test)]
mod tests;
