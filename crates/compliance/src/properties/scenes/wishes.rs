//! What the person said, allowed and took back, and dated facts about its numbers and debts.

use chrono::Duration;
use duly_domain::Instant;
use proptest::prelude::*;

use super::{ADDRESS, EMAIL, PHONES, before, clock, moment, one_of, weekday};
use crate::testing::id;
use crate::*;

/// None, one or two, some of them sessions; oldest first.
pub fn inbound(start: Instant) -> impl Strategy<Value = Vec<Inbound>> {
    let minutes = -3 * 24 * 60..24 * 60i64;
    let medium = prop_oneof![2 => Just(Medium::Call), 3 => one_of(&Medium::ALL)];
    let point = prop::option::weighted(0.4, 1..5u32);
    let account = prop::option::weighted(0.4, 1..3u32);
    let flags = (prop::bool::weighted(0.2), prop::bool::weighted(0.9));
    let session = prop::option::weighted(0.15, 5..600i64);
    let inbound = (minutes, medium, point, flags, account, session).prop_map(
        move |(minutes, medium, point, (answered, read), account, session)| {
            let at = start + Duration::minutes(minutes) + Duration::seconds(7);
            Inbound {
                point: point.map(id),
                account: account.map(id),
                answered,
                read,
                ended_at: session.map(|minutes| at + Duration::minutes(minutes)),
                ..Inbound::new(medium, at)
            }
        },
    );
    prop::collection::vec(inbound, 0..3).prop_map(|mut all| {
        all.sort_by_key(|inbound| inbound.at);
        all
    })
}

/// Days of the week, and times of day that may reach into the next day.
pub fn times(start: Instant) -> impl Strategy<Value = Times> {
    let days = prop_oneof![
        2 => Just(Weekdays::ALL),
        1 => prop::collection::vec(weekday(), 1..4).prop_map(Weekdays::from),
    ];
    let clocks =
        (prop::option::weighted(0.9, clock(0..24)), prop::option::weighted(0.9, clock(0..24)));
    let bound = || prop::option::weighted(0.1, moment(start).prop_map(|at| at.date_naive()));
    (days, clocks, bound(), bound()).prop_map(|(days, (from, until), first_day, last_day)| Times {
        days,
        from,
        until,
        first_day,
        last_day,
    })
}

/// None, one or two.
pub fn designations(start: Instant) -> impl Strategy<Value = Vec<Designation>> {
    let place = one_of(&[Place::Home, Place::Work, Place::Work, Place::Other]);
    let kind = prop_oneof![
        4 => times(start).prop_map(DesignationKind::NotAt),
        3 => place.prop_map(DesignationKind::NotAtPlace),
        2 => Just(DesignationKind::EmployerForbids),
        1 => times(start).prop_map(DesignationKind::Please),
    ];
    let medium = prop::option::weighted(0.2, one_of(&Medium::ALL));
    let point = prop::option::weighted(0.2, 1..5u32);
    let lasts = prop::option::weighted(0.3, 0..15_000i64);
    let from = prop_oneof![4 => moment(start).boxed(), 1 => before(start, 20).boxed()];
    let designation = (kind, medium, point, from, lasts, prop::bool::weighted(0.4)).prop_map(
        |(kind, medium, point, from, lasts, oral)| Designation {
            kind,
            medium,
            point: point.map(id),
            from,
            until: lasts.map(|minutes| from + Duration::minutes(minutes)),
            oral,
        },
    );
    let some = prop::collection::vec(designation, 1..3);
    prop_oneof![2 => Just(Vec::new()), 1 => some]
}

/// Mostly the consents that texts, e-mails and automated calls need, and now and then another.
pub fn consents(start: Instant) -> impl Strategy<Value = Vec<Consent>> {
    let usual = [
        (ConsentFor::Text, PHONES[0]),
        (ConsentFor::Automated, PHONES[0]),
        (ConsentFor::Automated, PHONES[1]),
        (ConsentFor::Email, EMAIL),
        (ConsentFor::Esign, EMAIL),
    ];
    let usual = usual.map(|(what, point)| {
        let given = consent(start, Just(what))
            .prop_map(move |consent| Consent { point: Some(id(point)), ..consent });
        prop::option::weighted(0.85, given).boxed()
    });
    let other = prop_oneof![
        2 => one_of(&[
            ConsentFor::Contact,
            ConsentFor::AtPlace,
            ConsentFor::ThoughRepresented,
            ConsentFor::ThirdParty,
        ]),
        2 => Just(ConsentFor::MoreCalls),
        1 => times(start).prop_map(ConsentFor::AtTimes),
    ];
    let other = prop::option::weighted(0.3, consent(start, other));
    (usual, other).prop_map(|(usual, other)| usual.into_iter().chain([other]).flatten().collect())
}

fn consent(
    start: Instant,
    what: impl Strategy<Value = ConsentFor>,
) -> impl Strategy<Value = Consent> {
    let to = prop_oneof![
        12 => Just(GivenTo::Agency),
        1 => Just(GivenTo::Creditor),
        1 => Just(GivenTo::PriorCollector),
        1 => Just(GivenTo::AgencyInBreach),
    ];
    let scope = (
        prop::option::weighted(0.15, 1..3u32),
        prop::option::weighted(0.1, one_of(&Medium::ALL)),
        prop::option::weighted(0.2, 1..5u32),
    );
    let from = prop_oneof![
        3 => before(start, 9).boxed(),
        1 => before(start, 80).boxed(),
        1 => moment(start).boxed(),
    ];
    let ends =
        (prop::option::weighted(0.1, moment(start)), prop::option::weighted(0.1, moment(start)));
    (what, to, scope, from, ends).prop_map(
        |(what, given_to, (account, medium, point), from, (until, withdrawn_at))| Consent {
            what,
            given_to,
            account: account.map(id),
            medium,
            point: point.map(id),
            from,
            until,
            withdrawn_at,
        },
    )
}

/// Dated facts, oldest first. What tells that something earlier was so is known before it is asked.
pub fn events(start: Instant) -> impl Strategy<Value = Vec<Event>> {
    let some = (
        prop::collection::vec(of_debt(start).boxed(), 0..4),
        prop::collection::vec(of_point(start).boxed(), 0..4),
        prop::option::weighted(0.3, opened_address(start).boxed()),
        prop::option::weighted(0.5, of_state(start).boxed()),
        prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec(awaited(start).boxed(), 1..4)],
    );
    some.prop_map(|(mut all, of_point, opened, of_state, awaited)| {
        all.extend(of_point);
        all.extend(opened.into_iter().flatten());
        all.extend(of_state);
        all.extend(awaited);
        all.sort_by_key(|event| event.at);
        all
    })
}

fn of_debt(start: Instant) -> impl Strategy<Value = Event> {
    let past = one_of(&[
        EventKind::ValidationSent,
        EventKind::ValidationSent,
        EventKind::ValidationSpoken,
        EventKind::OriginalCreditorAsked,
        EventKind::AttorneyWritten,
        EventKind::AttorneyWritten,
        EventKind::AttorneyAnswered,
        EventKind::Paid,
        EventKind::LocationAsked,
        EventKind::LocationInvited,
        EventKind::LocationDoubted,
    ]);
    let any = one_of(&[
        EventKind::OriginalCreditorAsked,
        EventKind::OriginalCreditorSent,
        EventKind::VerificationSent,
        EventKind::DuplicativeNoticeSent,
        EventKind::CourtPermitted,
        EventKind::AttorneyConsented,
        EventKind::Discharged,
        EventKind::BankruptcyEnded,
        EventKind::CoDebtorFiled13,
    ]);
    let drawn = prop_oneof![
        1 => (past, before(start, 50)),
        1 => (any, moment(start)),
    ];
    let account = prop_oneof![5 => (1..3u32).prop_map(Some), 1 => Just(None)];
    let matter = prop::option::weighted(0.3, 1..3u32);
    let point = prop::option::weighted(0.3, 1..7u32);
    let states = prop::option::weighted(0.9, -20..40i64);
    (drawn, account, states, matter, point).prop_map(
        move |((kind, at), account, days, matter, point)| {
            let located = matches!(
                kind,
                EventKind::LocationAsked
                    | EventKind::LocationInvited
                    | EventKind::LocationDoubted
                    | EventKind::ValidationSent
                    | EventKind::CourtPermitted
            );
            Event {
                account: account.map(id),
                on: days.map(|days| (start + Duration::days(days)).date_naive()),
                matter: matter.map(id),
                point: point.filter(|_| located).map(id),
                ..Event::new(kind, at)
            }
        },
    )
}

fn of_point(start: Instant) -> impl Strategy<Value = Event> {
    let of_point = one_of(&[
        (EventKind::NotReassigned, PHONES[0]),
        (EventKind::NotReassigned, PHONES[0]),
        (EventKind::NotReassigned, PHONES[1]),
        (EventKind::Reassigned, PHONES[0]),
        (EventKind::LearnedWrong, PHONES[1]),
        (EventKind::ConsumerUsedAddress, EMAIL),
        (EventKind::ConsumerUsedAddress, PHONES[0]),
        (EventKind::DisclosureReported, EMAIL),
        (EventKind::Undeliverable, ADDRESS),
        (EventKind::AutomatedRevoked, PHONES[0]),
        (EventKind::OptOutConfirmed, PHONES[0]),
    ]);
    let account = prop::option::weighted(0.3, 1..3u32);
    (of_point, before(start, 80), account).prop_map(|((kind, point), at, account)| {
        let medium = match point {
            EMAIL => Some(Medium::Email),
            ADDRESS => Some(Medium::Mail),
            _ => Some(Medium::Text),
        };
        let account = account.map(id);
        Event { medium, account, ..Event::new(kind, at).at_point(id(point)) }
    })
}

/// What a creditor or a collector before must have done for its e-mail address to be open, or nearly so.
fn opened_address(start: Instant) -> impl Strategy<Value = Vec<Event>> {
    let event = move |kind, at| Event::new(kind, at).at_point(id(EMAIL)).by(Medium::Email);
    let since = start - Duration::days(60);
    let creditor = (-3..3i64, 33..37i64, prop::option::weighted(0.2, before(start, 9))).prop_map(
        move |(near, days, refused)| {
            // Its last day is near the span.
            let sent = start + Duration::days(near) - Duration::days(days);
            let last = (start + Duration::days(near)).date_naive();
            let mut all = vec![
                event(EventKind::CreditorGotAddress, since),
                event(EventKind::CreditorUsedAddress, since),
                event(EventKind::CreditorNoticeSent, sent).stating(last),
            ];
            all.extend(refused.map(|at| event(EventKind::CreditorNoticeOptOut, at)));
            all
        },
    );
    let prior = (moment(start), prop::option::weighted(0.2, moment(start))).prop_map(
        move |(used, refused)| {
            let mut all = vec![
                event(EventKind::PriorCollectorGotAddress, since),
                event(EventKind::PriorCollectorUsedAddress, used),
            ];
            all.extend(refused.map(|at| event(EventKind::PriorCollectorOptOut, at)));
            all
        },
    );
    prop_oneof![2 => creditor, 1 => prior]
}

fn of_state(start: Instant) -> impl Strategy<Value = Event> {
    let kind = one_of(&[
        EventKind::SubstantiationAsked,
        EventKind::SubstantiationAsked,
        EventKind::SubstantiationSent,
        EventKind::DcNoticeMailed,
        EventKind::DcNoticeMailed,
        EventKind::DcNoticeMailed,
        EventKind::MedicalNoticeMailed,
    ]);
    let account = prop_oneof![3 => (1..3u32).prop_map(Some), 1 => Just(None)];
    // Sixty days before, or so.
    let long_ago = moment(start).prop_map(|at| at - Duration::days(58));
    let at = prop_oneof![2 => moment(start).boxed(), 1 => long_ago.boxed()];
    (kind, account, at)
        .prop_map(|(kind, account, at)| Event { account: account.map(id), ..Event::new(kind, at) })
}

/// What the agency waits for others, and that it came.
fn awaited(start: Instant) -> impl Strategy<Value = Event> {
    let asked = one_of(&[
        EventKind::RegulatorWrote,
        EventKind::ClientAsked,
        EventKind::OrdersReceived,
        EventKind::MilitaryServiceFound,
    ]);
    let came = one_of(&[
        EventKind::RegulatorAnswered,
        EventKind::ClientAnswered,
        EventKind::BalanceRecomputed,
    ]);
    // Ten business days before, or so.
    let asked_at = prop_oneof![
        2 => moment(start).prop_map(|at| at - Duration::days(14)).boxed(),
        1 => moment(start).boxed(),
    ];
    let drawn = prop_oneof![3 => (asked, asked_at.boxed()), 1 => (came, moment(start).boxed())];
    let account = prop_oneof![3 => (1..3u32).prop_map(Some), 1 => Just(None)];
    let matter = prop::option::weighted(0.4, 1..3u32);
    let states = prop::option::weighted(0.7, -400..40i64);
    (drawn, account, matter, states).prop_map(move |((kind, at), account, matter, days)| Event {
        account: account.map(id),
        matter: matter.map(id),
        on: days.map(|days| (start + Duration::days(days)).date_naive()),
        ..Event::new(kind, at)
    })
}
