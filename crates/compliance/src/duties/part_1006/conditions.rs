//! When facts open and meet the duties of Part 1006.

use duly_domain::validation_period::{last_day_to_send, validation_period_end};
use duly_domain::{AccountId, Date, Instant, StopKind};

use super::{DISPUTES, RETAIN_YEARS, VALIDATION_DAYS};
use crate::duties::Obligation;
use crate::duties::definition::{Due, Term};
use crate::duties::history::Sign::{
    Collected, Consented, DisputedOther, DisputedTimely, DisputedUnknown, FirstConveyed,
    FirstWritten, Spoke, Stopped, Told,
};
use crate::duties::history::{Fact, Looking, Sign};
use crate::facts::{Account, ConsentFor, EventKind as E, PointKind, PointState};
use crate::rules::local_time::plus;

/// A validation notice, to whomever.
const NOTICES: &[Sign] = &[Told(E::ValidationSent), Told(E::EstateNoticeSent)];
/// What tells of a death.
const DEATH: &[Sign] = &[Stopped(StopKind::Deceased), Told(E::DeathLearned)];
/// What tells of a report to a reporting agency.
const REPORTS: &[Sign] = &[Told(E::Furnished), Told(E::FurnishingPlanned)];
/// What is written to the consumer about the debt and may bounce.
const WRITINGS: &[Sign] = &[
    FirstWritten,
    Told(E::Written),
    Told(E::ValidationSent),
    Told(E::EstateNoticeSent),
    Told(E::VerificationSent),
    Told(E::OriginalCreditorSent),
    Told(E::DeliveredOtherWay),
];
/// Collection activity, for the time that records are kept.
const ACTIVITY: &[Sign] = &[
    FirstConveyed,
    FirstWritten,
    Spoke,
    Collected,
    Told(E::ValidationSent),
    Told(E::VerificationSent),
    Told(E::SuitBrought),
    Told(E::Furnished),
    Told(E::PaymentAccepted),
    Told(E::CollectionActed),
];

/// "A check or other payment instrument postdated by more than five days". 12 CFR 1006.22(c)(1).
const POSTDATED_MORE_THAN_DAYS: u64 = 5;
/// "Not more than ten nor less than three days (excluding legal public holidays identified in 5 U.S.C.
/// 6103(a), Saturdays, and Sundays)". 12 CFR 1006.22(c)(1).
const DEPOSIT_NOTICE: (u32, u32) = (10, 3);
/// Policy: furnishing waits through the fifteenth day, the day of sending being the first. Fourteen
/// consecutive days are reasonable: 12 CFR 1006, comment 30(a)(1)-2.
const WAIT_THROUGH_DAY: u64 = 15;
/// The act with which a dispute is reported.
pub(crate) const NEXT_REPORT: &str = "the next report to a reporting agency";

fn id(row: Option<&Account>) -> Option<AccountId> {
    row.map(|row| row.id)
}

/// Whether the validation information was given by this instant, to the consumer or its estate: by word of
/// mouth only in the initial communication (1006.34(a)(1)(ii)).
fn validated(look: &Looking<'_>, account: Option<AccountId>, by: Instant) -> bool {
    let first = look.of(&[FirstConveyed], account).next();
    let spoken = look.of(&[Told(E::ValidationSpoken)], account).any(|spoken| {
        spoken.at <= by && first.is_some_and(|first| same_day(look, first.at, spoken.at))
    });
    spoken || look.of(NOTICES, account).any(|fact| fact.at <= by)
}

fn same_day(look: &Looking<'_>, one: Instant, other: Instant) -> bool {
    look.date(one) == look.date(other)
}

fn dead(look: &Looking<'_>, account: Option<AccountId>, by: Instant) -> bool {
    look.of(DEATH, account).any(|fact| fact.at <= by)
}

pub(crate) fn not_validated_and_alive(l: &Looking<'_>, f: &Fact, row: Option<&Account>) -> bool {
    !validated(l, id(row), f.at) && !dead(l, id(row), f.at)
}

/// By word of mouth only in the initial communication itself (1006.34(a)(1)(ii)); by payment only before
/// the day (1006.34(a)(2)).
pub(crate) fn validates(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    match fact.sign {
        Told(E::ValidationSpoken) => same_day(look, by.at, fact.at),
        Told(E::Paid) => look.date(fact.at) <= plus(look.date(by.at), VALIDATION_DAYS),
        _ => true,
    }
}

/// An account whose notice went where this fact says that nothing arrives.
pub(crate) fn notice_went_there(l: &Looking<'_>, f: &Fact, row: Option<&Account>) -> bool {
    let notice = l.of(NOTICES, id(row)).rev().find(|notice| notice.at <= f.at);
    notice.is_some_and(|notice| match (f.sign, notice.point) {
        (Told(E::LearnedWrong), sent_to) => sent_to.is_some() && sent_to == f.point,
        (_, Some(sent_to)) => f.point.is_none_or(|failed| failed == sent_to),
        (_, None) => true,
    })
}

pub(crate) fn at_another_point(_: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    by.point.is_none() || fact.point != by.point
}

/// The last day on which what prints this date may leave.
pub(crate) fn last_mailing_day(look: &Looking<'_>, fact: &Fact) -> Due {
    let last = fact.on.and_then(last_day_to_send);
    last.map_or(Due::NoDay, |day| Due::by(look, day))
}

pub(crate) fn of_the_same_day(_: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    by.on.is_none() || fact.on.is_none() || by.on == fact.on
}

/// Died before validation, and something was conveyed about the debt, then or now.
pub(crate) fn dead_and_not_validated(l: &Looking<'_>, f: &Fact, row: Option<&Account>) -> bool {
    let conveyed = l.of(&[FirstConveyed], id(row)).any(|first| first.at <= f.at);
    conveyed && dead(l, id(row), f.at) && !validated(l, id(row), f.at)
}

/// With the validation notice; where its day has passed when the death becomes known, that day.
pub(crate) fn with_validation(look: &Looking<'_>, fact: &Fact) -> Due {
    let known = look.date(fact.at);
    let first = look.of(&[FirstConveyed], fact.account).next();
    let day = first.map_or(known, |first| plus(look.date(first.at), VALIDATION_DAYS));
    Due::by(look, day.max(known))
}

/// The last day of the validation period as it was known at an instant: the latest printed end of a notice
/// sent by then, or, of one that states none, the day that the law allows to be assumed. `None`: no
/// notice was sent.
pub fn end_of_validation(
    look: &Looking<'_>,
    account: Option<AccountId>,
    by: Instant,
) -> Option<Date> {
    const GIVEN: &[Sign] =
        &[Told(E::ValidationSent), Told(E::EstateNoticeSent), Told(E::ValidationSpoken)];
    let given = look.of(GIVEN, account).filter(|notice| notice.at <= by);
    let end = |notice: &Fact| notice.on.unwrap_or(validation_period_end(look.date(notice.at)));
    given.map(end).max()
}

/// In writing and, as far as is known, within the validation period; before any notice it is in time.
pub(crate) fn timely(look: &Looking<'_>, fact: &Fact, row: Option<&Account>) -> bool {
    match fact.sign {
        DisputedTimely | DisputedUnknown => true,
        _ => end_of_validation(look, id(row), fact.at).is_none_or(|end| look.date(fact.at) <= end),
    }
}

pub(crate) fn of_the_whole(_: &Looking<'_>, by: &Fact, _: &Fact) -> bool {
    !by.part
}

pub(crate) fn electronic(look: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    let point = look.points.iter().find(|point| Some(point.id) == fact.point);
    match fact.medium {
        Some(medium) => medium.is_electronic(),
        None => point.is_some_and(|point| point.kind == PointKind::Email),
    }
}

/// Electronically, and not in the initial communication itself, which 1006.42(b) does not name.
pub(crate) fn electronic_and_not_first(l: &Looking<'_>, f: &Fact, row: Option<&Account>) -> bool {
    let first = l.of(&[FirstConveyed], id(row)).next();
    let in_first = first.is_some_and(|first| first.at == f.at) && f.sign == Told(E::ValidationSent);
    electronic(l, f, row) && !in_first
}

pub(crate) fn esign_stood(look: &Looking<'_>, owed: &Obligation, by: &Fact) -> Option<Instant> {
    let account = owed.whom.account;
    let stood = look.consents.iter().any(|consent| {
        consent.what == ConsentFor::Esign
            && consent.given_to == crate::facts::GivenTo::Agency
            && (consent.account.is_none() || consent.account == account)
            && (consent.point.is_none() || by.point.is_none() || consent.point == by.point)
            && consent.from <= by.at
            && consent.ends().is_none_or(|end| end > by.at)
    });
    stood.then_some(by.at)
}

/// Through another medium or to another address.
pub(crate) fn another_way(_: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    fact.sign == Told(E::DeliveredOtherWay)
        || fact.medium != by.medium
        || fact.point.is_some() && by.point.is_some() && fact.point != by.point
}

fn at_a_first(look: &Looking<'_>, fact: &Fact) -> bool {
    look.of(&[FirstConveyed, FirstWritten], fact.account).any(|first| first.at == fact.at)
}

/// What is missing is missing in an initial communication.
pub(crate) fn missing_at_first(look: &Looking<'_>, _: &Fact, fact: &Fact) -> bool {
    fact.sign != Told(E::DisclosureMissing) || at_a_first(look, fact)
}

/// It is missing in a later one.
pub(crate) fn missing_later(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    by.at < fact.at && !at_a_first(look, fact)
}

/// The stop is as wide as what was asked for.
pub(crate) fn covers(_: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    (fact.medium.is_none() || fact.medium == by.medium)
        && (fact.point.is_none() || fact.point == by.point)
}

pub(crate) fn bars_it(_: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    match fact.sign {
        Told(E::PointBarred) => by.point.is_some() && fact.point == by.point,
        // A stop bars it where it stops every medium there.
        _ => fact.medium.is_none() && (fact.point.is_none() || fact.point == by.point),
    }
}

pub(crate) fn point_is_wrong(look: &Looking<'_>, owed: &Obligation, by: &Fact) -> Option<Instant> {
    let point = look.points.iter().find(|point| Some(point.id) == owed.whom.point);
    point.is_some_and(|point| point.state == PointState::Wrong).then_some(by.at)
}

pub(crate) fn postdated_by_more_than_five_days(
    look: &Looking<'_>,
    fact: &Fact,
    _: Option<&Account>,
) -> bool {
    fact.on.is_none_or(|on| on > plus(look.date(fact.at), POSTDATED_MORE_THAN_DAYS))
}

pub(crate) fn deposit_window(look: &Looking<'_>, fact: &Fact) -> Due {
    let (most, least) = DEPOSIT_NOTICE;
    fact.on.map_or(Due::NoDay, |on| Term::window(look, on, most, least))
}

pub(crate) fn deposited_early(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    of_the_same_day(look, by, fact) && by.on.is_none_or(|on| look.date(fact.at) < on)
}

pub(crate) fn not_furnished_yet(look: &Looking<'_>, fact: &Fact, row: Option<&Account>) -> bool {
    !look.of(&[Told(E::Furnished)], id(row)).any(|before| before.at < fact.at)
}

/// When the consumer was spoken to, or a wait after a letter or message ended without an undeliverable
/// notice; not before furnishing was planned.
pub(crate) fn spoken_to_or_clean_wait(
    look: &Looking<'_>,
    owed: &Obligation,
    by: &Fact,
) -> Option<Instant> {
    let account = owed.whom.account;
    let spoke = look.of(&[Spoke, Sign::FirstSpoken], account).map(|fact| fact.at).min();
    let clean = look.of(WRITINGS, account).filter_map(|sent| {
        let end = look.zone.start_of_day(plus(look.date(sent.at), WAIT_THROUGH_DAY));
        let bounced = look.of(&[Told(E::Undeliverable)], account).any(|bounce| {
            let there =
                bounce.point.is_none() || sent.point.is_none() || bounce.point == sent.point;
            there && bounce.at >= sent.at && bounce.at < end
        });
        (!bounced && end <= look.as_of).then_some(end)
    });
    spoke.into_iter().chain(clean.min()).min().map(|met| met.max(by.at))
}

/// What is known to be a dispute in writing, and what is not.
const IN_WRITING: &[Sign] = &[Told(E::DisputedInWriting), DisputedTimely];
const OTHERWISE: &[Sign] = &[Told(E::DisputedOrally), DisputedOther, DisputedUnknown];

/// A dispute of a debt that is reported, or a first report of one that is disputed and not reported so.
pub(crate) fn disputed_and_reported(l: &Looking<'_>, f: &Fact, row: Option<&Account>) -> bool {
    reported(l, f, row, DISPUTES)
}

/// One in writing.
pub(crate) fn disputed_in_writing_and_reported(
    l: &Looking<'_>,
    f: &Fact,
    row: Option<&Account>,
) -> bool {
    reported(l, f, row, IN_WRITING)
}

/// One by word of mouth, or of which it is not told.
pub(crate) fn disputed_otherwise_and_reported(
    l: &Looking<'_>,
    f: &Fact,
    row: Option<&Account>,
) -> bool {
    reported(l, f, row, OTHERWISE)
}

fn reported(l: &Looking<'_>, f: &Fact, row: Option<&Account>, disputes: &[Sign]) -> bool {
    let mut reports = l.of(REPORTS, id(row)).map(|report| report.at);
    if disputes.contains(&f.sign) {
        return reports.any(|at| at <= f.at);
    }
    let first = !reports.any(|at| at < f.at);
    let dispute = l.of(disputes, id(row)).rev().find(|dispute| dispute.at < f.at);
    let mut codes = l.of(&[Told(E::DisputeCoded)], id(row));
    let mut coded = |since| codes.any(|code| code.at >= since && code.at <= f.at);
    first && dispute.is_some_and(|dispute| !coded(dispute.at))
}

/// With the report that opened it, or with the next.
pub(crate) fn with_the_next_report(_: &Looking<'_>, fact: &Fact) -> Due {
    if fact.sign == Told(E::Furnished) { Due::InTheAct } else { Due::Before(NEXT_REPORT) }
}

/// Three years after the last collection activity that is known.
pub(crate) fn kept_until(look: &Looking<'_>, fact: &Fact) -> Due {
    let last = look.of(ACTIVITY, fact.account).map(|act| act.at).max().unwrap_or(fact.at);
    Term::Years(RETAIN_YEARS).due(look, &Fact { at: last, on: None, ..*fact }, None)
}

pub(crate) fn destroyed_early(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    kept_until(look, by).ends().is_some_and(|end| fact.at < end)
}

pub(crate) fn recording_destroyed_early(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    let until = Term::Years(RETAIN_YEARS).due(look, &Fact { on: None, ..*by }, None);
    until.ends().is_some_and(|end| fact.at < end)
}

/// A consent to electronic records stood before; see [`super::super::federal`].
pub(crate) fn esign_was_given(look: &Looking<'_>, fact: &Fact, row: Option<&Account>) -> bool {
    look.of(&[Consented(ConsentFor::Esign)], id(row)).any(|given| given.at <= fact.at)
}
