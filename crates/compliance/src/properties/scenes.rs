//! Persons around a day, and something that somebody would like to do on it. Mostly what an attempt needs
//! is there, so that each rule is seen to make the difference by itself.

use chrono::{Duration, NaiveTime, Weekday};
use duly_domain::{Instant, Zone};
use proptest::prelude::*;

use crate::testing::{id, utc};
use crate::*;

mod focus;
mod history;
mod limits;
mod person;
mod wishes;

/// Where the clocks change at two, at midnight, by half an hour, never; and a zone at each end.
const ZONES: [&str; 9] = [
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Phoenix",
    "Pacific/Honolulu",
    "America/Santiago",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Asia/Kathmandu",
];

/// Days around which the clocks change, a year ends, February has 29 days, a law begins, and plain ones.
const DAYS: [&str; 12] = [
    "2022-12-31T01:00:00Z",
    "2025-05-15T06:00:00Z",
    "2026-03-07T17:00:00Z",
    "2026-04-04T00:00:00Z",
    "2026-06-15T12:00:00Z",
    "2026-08-31T09:00:00Z",
    "2026-09-05T12:00:00Z",
    "2026-10-03T06:30:00Z",
    "2026-10-31T05:00:00Z",
    "2026-12-30T20:00:00Z",
    "2028-02-28T09:00:00Z",
    "2028-02-29T17:00:00Z",
];

/// The telephone numbers of the person in every scene.
pub const PHONES: [u32; 2] = [1, 4];
/// Its postal address.
pub const ADDRESS: u32 = 2;
/// Its e-mail address.
pub const EMAIL: u32 = 3;
/// Somebody else's telephone number, and another of the same.
pub const NEIGHBOUR: [u32; 2] = [5, 6];

/// What an attempt is about: mostly one account, two, one that nobody knows, none.
const ACCOUNTS: [&[u32]; 12] =
    [&[1], &[1], &[1], &[1], &[1], &[1], &[2], &[1, 2], &[1, 2], &[1, 2], &[1, 7], &[]];

/// A day, the facts of a person around it, and what somebody would like to do.
pub type Scene = (Instant, Facts, Proposed);

/// Facts about a person around a day, and something that somebody would like to do on it.
pub fn scene() -> impl Strategy<Value = Scene> {
    (drawn().boxed(), focus::focus()).prop_map(|(scene, focus)| focus::focused(scene, focus))
}

fn drawn() -> impl Strategy<Value = Scene> {
    prop::sample::select(DAYS.as_slice()).prop_map(utc).prop_flat_map(|start| {
        (
            (agency(), person::rows(start), person::points(), person::licences()).boxed(),
            (history::attempts(start), history::stops(start), history::disputes(start)).boxed(),
            (wishes::inbound(start), wishes::consents(start), wishes::designations(start)).boxed(),
            (wishes::events(start), limits::limits(), history::bankruptcies(start)).boxed(),
            proposed().boxed(),
        )
            .prop_map(
                move |(who, past, wishes, (events, limits, bankruptcies), proposed)| {
                    let (agency, accounts, points, licensed) = who;
                    let (attempts, stops, disputes) = past;
                    let (inbound, consents, designations) = wishes;
                    let licences = person::licensed(&points, &licensed, start);
                    let facts = Facts {
                        accounts,
                        points,
                        attempts,
                        stops,
                        disputes,
                        inbound,
                        consents,
                        designations,
                        events,
                        licences,
                        limits,
                        bankruptcies,
                        ..Facts::new(id(1), agency)
                    };
                    (start, facts, proposed)
                },
            )
    })
}

/// One of these.
fn one_of<T: Clone + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

fn zone() -> impl Strategy<Value = Zone> {
    one_of(&ZONES).prop_map(|name| name.parse().unwrap())
}

/// Minutes before the start of the span, or some way into it, and seconds.
fn moment(start: Instant) -> impl Strategy<Value = Instant> {
    (-9 * 24 * 60..24 * 60i64, 0..60i64).prop_map(move |(minute, second)| {
        start + Duration::minutes(minute) + Duration::seconds(second)
    })
}

/// Some days before the start of the span.
fn before(start: Instant, days: i64) -> impl Strategy<Value = Instant> {
    (1..days * 24 * 60, 0..60i64).prop_map(move |(minutes, second)| {
        start - Duration::minutes(minutes) + Duration::seconds(second)
    })
}

/// A time of day to the minute.
fn clock(hours: std::ops::Range<u32>) -> impl Strategy<Value = NaiveTime> {
    (hours, 0..60u32).prop_map(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
}

fn weekday() -> impl Strategy<Value = Weekday> {
    (0..7u8).prop_map(|n| Weekday::try_from(n).unwrap())
}

fn agency() -> impl Strategy<Value = AgencyPolicy> {
    let narrow = (zone(), clock(5..12), clock(13..23), weekday(), weekday());
    let narrow = narrow.prop_map(|(zone, from, until, first, last)| AgencyPolicy {
        hours: AgencyHours { zone, from, until, days: (first, last) },
    });
    prop_oneof![1 => narrow, 4 => Just(crate::testing::open_agency())]
}

fn purpose() -> impl Strategy<Value = Purpose> {
    let other = one_of(&[
        Purpose::ValidationNotice,
        Purpose::Verification,
        Purpose::CeaseNotice,
        Purpose::OptOutConfirmation,
        Purpose::Location,
        Purpose::OriginalCreditor,
        Purpose::RequiredByLaw,
        Purpose::ActiveLitigation,
        Purpose::FinishConversation,
        Purpose::AsRequested,
        Purpose::AvoidHarm,
        Purpose::PostjudgmentRemedy,
        Purpose::AskConsent,
    ]);
    prop_oneof![3 => Just(Purpose::Collect), 4 => other]
}

/// To whom, and for what: who is not the debtor is often asked where the debtor may be reached.
fn to_whom() -> impl Strategy<Value = (Recipient, Purpose)> {
    let other = one_of(&[
        Recipient::Spouse,
        Recipient::Guardian,
        Recipient::Estate,
        Recipient::DebtorsAttorney,
        Recipient::Creditor,
        Recipient::Employer,
        Recipient::ThirdParty,
        Recipient::ThirdParty,
    ]);
    let asked = prop_oneof![1 => Just(Purpose::Location), 2 => purpose()];
    prop_oneof![
        3 => purpose().prop_map(|purpose| (Recipient::Debtor, purpose)),
        1 => (other, asked),
    ]
}

fn proposed() -> impl Strategy<Value = Proposed> {
    let accounts = one_of(&ACCOUNTS);
    // A medium and the point of its kind, now and then another or none.
    let medium = prop_oneof![
        12 => Just((Medium::Call, Some(1u32))),
        6 => Just((Medium::Call, Some(4))),
        2 => Just((Medium::Call, Some(NEIGHBOUR[0]))),
        7 => Just((Medium::Text, Some(1))),
        7 => Just((Medium::Email, Some(3))),
        4 => Just((Medium::Mail, Some(2))),
        1 => Just((Medium::Portal, Some(3))),
        2 => Just((Medium::Social, Some(3))),
        1 => Just((Medium::SocialPublic, Some(3))),
        2 => Just((Medium::Visit, Some(2))),
        1 => Just((Medium::Mail, Some(1))),
        1 => Just((Medium::Call, None)),
    ];
    let dialed = prop_oneof![
        4 => Just(None),
        1 => Just(Some(DialMode::ListDialer)),
        1 => Just(Some(DialMode::Prerecorded)),
        1 => Just(Some(DialMode::Ringless)),
    ];
    let party = prop_oneof![12 => Just(1u32), 1 => Just(2)];
    let flags = (
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.03),
    );
    (party, accounts, medium, to_whom(), dialed, flags).prop_map(
        |(party, accounts, (medium, point), (recipient, purpose), dialed, flags)| {
            let (response, limited_content, undisputed_only, unknown) = flags;
            let proposed = Proposed::collect(id(party), id(1), medium, point.map(id));
            let dial_mode = match dialed {
                _ if unknown => None,
                Some(mode) if medium == Medium::Call => Some(mode),
                _ => proposed.dial_mode,
            };
            let accounts = accounts.iter().copied().map(id).collect();
            let proposed = Proposed {
                accounts,
                dial_mode,
                recipient,
                limited_content,
                undisputed_only,
                ..proposed
            };
            let proposed = proposed.with_purpose(purpose);
            if response { proposed.as_response() } else { proposed }
        },
    )
}
