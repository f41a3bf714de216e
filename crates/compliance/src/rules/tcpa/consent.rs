//! How long a consent to automated calls and texts lasts.
//!
//! It is given for one number: to the agency, or to the creditor "in connection with an existing debt"
//! (FCC 07-232), which carries to that debt. It ends by its own terms, when the number is given to somebody
//! else, and by any clear revocation (47 CFR 64.1200(a)(10)). The law leaves ten business days to honour one,
//! the agency honours it at once. By law from 2027-01-31 (DA 26-12), and by policy now, a revocation in answer
//! to one kind of message ends them all.

use chrono::Duration;
use duly_domain::business_day::{Skip, business_days_after};
use duly_domain::{AccountId, Date, Instant, PointId, StopKind};
use smallvec::SmallVec;

use crate::facts::{Consent, ConsentFor, EventKind, GivenTo, Stop};
use crate::medium::Medium;
use crate::proposed::Purpose;
use crate::rules::{Case, local_time};
use crate::span::{Span, Spans};

/// "Within a reasonable time not to exceed ten business days from receipt". 47 CFR 64.1200(a)(10).
const REVOKED_WITHIN_BUSINESS_DAYS: u32 = 10;
/// From this day a revocation in answer to one kind of message ends all. DA 26-12: 31 January 2027.
const REVOKE_ALL_ON: Date = Date::from_ymd_opt(2027, 1, 31).expect("31 January is a day");
/// A confirmation within so many minutes of the revocation is presumed within the consent. 47 CFR
/// 64.1200(a)(12).
pub(super) const CONFIRMED_WITHIN_MINUTES: i64 = 5;

/// Under which reading of a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As late as the law lets it be honoured.
    Law,
    /// At once, whatever it was in answer to.
    Policy,
}

/// A consent that reaches the number and the debt, until it ends without a revocation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given {
    stands: Span,
    withdrawn_at: Option<Instant>,
}

/// The consents to call or text this number by automated means about this debt.
pub(crate) fn given(case: &Case<'_>, account: AccountId) -> SmallVec<[Given; 4]> {
    let proposed = case.proposed;
    let Some(point) = proposed.point else { return SmallVec::new() };
    let lost = |from: Instant| {
        let lost = case.facts.events.iter().filter(|event| {
            matches!(event.kind, EventKind::Reassigned | EventKind::LearnedWrong)
                && event.point == Some(point)
                && event.at >= from
        });
        lost.map(|event| event.at).min()
    };
    let reaches = |consent: &&Consent| {
        let direct = consent.given_to == GivenTo::Agency
            && consent.account.is_none_or(|named| named == account);
        let creditors = consent.given_to == GivenTo::Creditor && consent.account == Some(account);
        // A consent to texts at the number is one to automated texts.
        let texts = consent.what == ConsentFor::Text && proposed.medium == Medium::Text;
        (consent.what == ConsentFor::Automated || texts)
            && (direct || creditors)
            && consent.point == Some(point)
            && consent.medium.is_none_or(|named| named == proposed.medium)
    };
    let given = case.facts.consents.iter().filter(reaches).map(|consent| {
        let ends = consent.until.into_iter().chain(lost(consent.from)).min();
        let stands = Span::new(consent.from, ends.unwrap_or(Instant::MAX_UTC));
        Given { stands, withdrawn_at: consent.withdrawn_at }
    });
    given.collect()
}

/// The time in which a consent stands.
pub(crate) fn spans(case: &Case<'_>, given: &[Given], reading: Reading) -> Spans {
    let spans = given.iter().map(|given| {
        let own = given.withdrawn_at.into_iter().chain(requests(case, given.stands.from, true));
        let any = requests(case, given.stands.from, false)
            .chain(withdrawals(case, given.stands.from))
            .map(|at| ends(case, at, reading));
        let until = match reading {
            Reading::Policy => own.map(|at| ends(case, at, reading)).chain(any).min(),
            Reading::Law => {
                let all = any.map(|at| at.max(super::begins(case, REVOKE_ALL_ON)));
                own.map(|at| ends(case, at, reading)).chain(all).min()
            }
        };
        let until = until.unwrap_or(Instant::MAX_UTC).min(given.stands.until);
        Span::new(given.stands.from, until)
    });
    spans.filter(|span| !span.is_empty()).collect()
}

/// When a consent ends that is revoked at an instant.
fn ends(case: &Case<'_>, revoked: Instant, reading: Reading) -> Instant {
    match reading {
        Reading::Law => {
            let on = case.agency_date(revoked);
            let last = business_days_after(on, REVOKED_WITHIN_BUSINESS_DAYS, Skip::Stated);
            case.day_starts(local_time::plus(last, 1))
        }
        // One confirmation is still within it.
        Reading::Policy if case.proposed.purpose == Purpose::OptOutConfirmation => {
            let minutes = Duration::minutes(CONFIRMED_WITHIN_MINUTES);
            revoked.checked_add_signed(minutes).unwrap_or(revoked)
        }
        Reading::Policy => revoked,
    }
}

/// Requests after an instant not to be called or texted; `here`: through this number by this medium.
fn requests<'a>(
    case: &'a Case<'_>,
    since: Instant,
    here: bool,
) -> impl Iterator<Item = Instant> + use<'a> {
    let proposed = case.proposed;
    let reaches = move |medium: Option<Medium>, point: Option<PointId>| {
        if here {
            medium.is_none_or(|named| named == proposed.medium)
                && (point.is_none() || point == proposed.point)
        } else {
            medium.is_none_or(|named| matches!(named, Medium::Call | Medium::Text))
        }
    };
    let stops = case
        .facts
        .stops
        .iter()
        .filter(move |stop| stop.kind == StopKind::OptOut && reaches(stop.medium, stop.point));
    let events = case.facts.events.iter().filter(move |event| {
        event.kind == EventKind::AutomatedRevoked && reaches(event.medium, event.point)
    });
    let all = stops.map(|stop| stop.from).chain(events.map(|event| event.at));
    all.filter(move |at| *at >= since)
}

/// Whether a stop is about this number and medium.
pub(super) fn covers(case: &Case<'_>, stop: &Stop) -> bool {
    stop.medium.is_none_or(|named| named == case.proposed.medium)
        && (stop.point.is_none() || stop.point == case.proposed.point)
}

/// Any consent to automated calls or texts that was withdrawn after an instant.
fn withdrawals<'a>(case: &'a Case<'_>, since: Instant) -> impl Iterator<Item = Instant> + use<'a> {
    let automated =
        |consent: &&Consent| matches!(consent.what, ConsentFor::Automated | ConsentFor::Text);
    let withdrawn = case.facts.consents.iter().filter(automated);
    withdrawn.filter_map(|consent| consent.withdrawn_at).filter(move |at| *at >= since)
}
