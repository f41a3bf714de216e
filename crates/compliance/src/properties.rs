//! What must hold of any facts: the guard against a slow oracle written from the text.

use chrono::{Duration, NaiveTime, Weekday};
use duly_domain::{DebtClass, DebtorKind, Instant, PartyRole, StopKind, Zone};
use proptest::prelude::*;

use crate::testing::{id, utc};
use crate::*;

mod oracle;

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

/// Days around which the clocks change, a year ends, February has 29 days, and plain ones.
const DAYS: [&str; 8] = [
    "2026-03-07T17:00:00Z",
    "2026-10-31T05:00:00Z",
    "2026-09-05T12:00:00Z",
    "2026-04-04T00:00:00Z",
    "2026-12-30T20:00:00Z",
    "2028-02-27T09:00:00Z",
    "2026-06-15T12:00:00Z",
    "2026-10-03T06:30:00Z",
];

fn zone() -> impl Strategy<Value = Zone> {
    prop::sample::select(ZONES.as_slice()).prop_map(|name| name.parse().unwrap())
}

fn signal() -> impl Strategy<Value = Zones> {
    prop_oneof![
            4 => Just(Zones::NoSignal),
    1 => Just(Zones::Unknown),
    30 => prop::collection::vec(zone(), 1..3).prop_map(Zones::In),
        ]
}

fn points() -> impl Strategy<Value = Vec<Point>> {
    let state = prop_oneof![
        30 => Just(PointState::Usable),
        1 => Just(PointState::Wrong),
        1 => Just(PointState::Undeliverable),
    ];
    let kinds = [PointKind::Phone, PointKind::Address, PointKind::Email, PointKind::Phone];
    prop::collection::vec((state, signal()), 4).prop_map(move |drawn| {
        let row = |(n, (state, zones)): (usize, (PointState, Zones))| {
            let zones = if kinds[n] == PointKind::Email { Zones::NoSignal } else { zones };
            Point { state, ..Point::new(id(u32::try_from(n).unwrap() + 1), kinds[n], zones) }
        };
        drawn.into_iter().enumerate().map(row).collect()
    })
}

fn account(n: u32) -> impl Strategy<Value = Account> {
    let state = prop_oneof![
        40 => Just(AccountState::Workable),
        1 => Just(AccountState::Held),
        1 => Just(AccountState::Closed),
    ];
    (
        prop_oneof![5 => Just(1u32), 1 => Just(2)],
        prop::sample::select(DebtorKind::ALL),
        prop::sample::select(vec![
            PartyRole::Principal,
            PartyRole::Principal,
            PartyRole::PersonalGuarantor,
            PartyRole::Estate,
        ]),
        prop::sample::select(vec![DebtClass::Consumer, DebtClass::Consumer, DebtClass::Commercial]),
        state,
        prop::option::weighted(0.1, Just(id(1))),
    )
        .prop_map(move |(party, kind, role, class, state, counts_with)| Account {
            state,
            counts_with,
            ..Account::new(id(n), id(party), kind, role, class)
        })
}

/// Minutes before the start of the span, or some way into it, and seconds.
fn moment(start: Instant) -> impl Strategy<Value = Instant> {
    (-9 * 24 * 60..24 * 60i64, 0..60i64).prop_map(move |(minute, second)| {
        start + Duration::minutes(minute) + Duration::seconds(second)
    })
}

fn attempt(start: Instant) -> impl Strategy<Value = Attempt> {
    let account = prop_oneof![4 => Just(1u32), 1 => Just(2)];
    let medium = prop_oneof![9 => Just(Medium::Call), 1 => Just(Medium::Email)];
    (account, medium, 1..5u32, moment(start), prop::bool::weighted(0.9), prop::bool::weighted(0.02))
        .prop_map(|(account, medium, point, at, counted, conversation)| Attempt {
            point: Some(id(point)),
            counted,
            conversation,
            ..Attempt::new(id(1), id(account), medium, at)
        })
}

fn stop(start: Instant) -> impl Strategy<Value = Stop> {
    (
        prop::sample::select(StopKind::ALL),
        1..3u32,
        prop::option::of(1..3u32),
        prop::option::of(prop::sample::select(Medium::ALL.as_slice())),
        prop::option::of(1..5u32),
        moment(start),
        prop::option::of(0..3000i64),
    )
        .prop_map(|(kind, party, account, medium, point, from, lasts)| Stop {
            id: id(1),
            kind,
            party: id(party),
            account: account.map(id),
            medium,
            point: point.map(id),
            from,
            until: lasts.map(|minutes| from + Duration::minutes(minutes)),
        })
}

fn dispute(start: Instant) -> impl Strategy<Value = Dispute> {
    (
        1..3u32,
        prop::sample::select(vec![DisputeExtent::Whole, DisputeExtent::Part]),
        prop::sample::select(vec![
            DisputeForm::TimelyWritten,
            DisputeForm::Other,
            DisputeForm::Unknown,
        ]),
        moment(start),
        prop::option::of(0..3000i64),
    )
        .prop_map(|(account, extent, form, from, lasts)| Dispute {
            id: id(1),
            account: id(account),
            extent,
            form,
            from,
            until: lasts.map(|minutes| from + Duration::minutes(minutes)),
        })
}

fn inbound(start: Instant) -> impl Strategy<Value = Inbound> {
    let minutes = -3 * 24 * 60..24 * 60i64;
    let medium =
        prop_oneof![2 => Just(Medium::Call), 1 => prop::sample::select(Medium::ALL.as_slice())];
    let point = prop::option::weighted(0.3, 1..5u32);
    (minutes, medium, point, prop::bool::weighted(0.2)).prop_map(
        move |(minutes, medium, point, answered)| Inbound {
            point: point.map(id),
            answered,
            ..Inbound::new(medium, start + Duration::minutes(minutes) + Duration::seconds(7))
        },
    )
}

fn agency() -> impl Strategy<Value = AgencyPolicy> {
    let day = || (0..7u8).prop_map(|n| Weekday::try_from(n).unwrap());
    let clock = |hours: std::ops::Range<u32>| {
        (hours, 0..60u32).prop_map(|(h, m)| NaiveTime::from_hms_opt(h, m, 0).unwrap())
    };
    let narrow = (zone(), clock(5..12), clock(13..23), day(), day());
    let narrow = narrow.prop_map(|(zone, from, until, first, last)| AgencyPolicy {
        hours: AgencyHours { zone, from, until, days: (first, last) },
    });
    prop_oneof![1 => narrow, 2 => Just(crate::testing::open_agency())]
}

fn proposed() -> impl Strategy<Value = Proposed> {
    (
        prop_oneof![8 => Just(1u32), 1 => Just(2)],
        prop_oneof![4 => Just(vec![1u32]), 1 => Just(vec![2]), 1 => Just(vec![1, 2])],
        // A medium and the point of its kind, now and then another or none.
        prop_oneof![
            12 => Just((Medium::Call, Some(1u32))),
            4 => Just((Medium::Call, Some(4))),
            4 => Just((Medium::Text, Some(1))),
            4 => Just((Medium::Email, Some(3))),
            4 => Just((Medium::Mail, Some(2))),
            1 => Just((Medium::Mail, Some(1))),
            1 => Just((Medium::Call, None)),
        ],
        prop::sample::select(vec![
            Purpose::Collect,
            Purpose::Collect,
            Purpose::ValidationNotice,
            Purpose::Verification,
            Purpose::CeaseNotice,
            Purpose::OptOutConfirmation,
        ]),
        prop::bool::weighted(0.3),
    )
        .prop_map(|(party, accounts, (medium, point), purpose, response)| {
            let proposed = Proposed::collect(id(party), id(1), medium, point.map(id));
            let accounts = accounts.into_iter().map(id).collect();
            let proposed = Proposed { accounts, ..proposed }.with_purpose(purpose);
            if response { proposed.as_response() } else { proposed }
        })
}

/// Facts about a person around a day, and something that somebody would like to do on it.
fn scene() -> impl Strategy<Value = (Instant, Facts, Proposed)> {
    let start = prop::sample::select(DAYS.as_slice()).prop_map(utc);
    start.prop_flat_map(|start| {
        let rows = (account(1), account(2)).prop_map(|(one, two)| vec![one, two]);
        let many = prop_oneof![Just(0..4usize), Just(8..18usize)];
        let attempts =
            many.prop_flat_map(move |count| prop::collection::vec(attempt(start), count));
        (
            agency(),
            rows,
            points(),
            attempts,
            prop::collection::vec(stop(start), 0..2),
            prop::collection::vec(dispute(start), 0..2),
            prop::collection::vec(inbound(start), 0..2),
            proposed(),
        )
            .prop_map(
                move |(
                    agency,
                    accounts,
                    points,
                    mut attempts,
                    stops,
                    disputes,
                    inbound,
                    proposed,
                )| {
                    attempts.sort_by_key(|attempt| attempt.at);
                    let facts = Facts {
                        accounts,
                        points,
                        attempts,
                        stops,
                        disputes,
                        inbound,
                        ..Facts::new(id(1), agency)
                    };
                    (start, facts, proposed)
                },
            )
    })
}

/// How far the oracle walks.
const HOURS: i64 = 40;

fn span(start: Instant) -> Span {
    Span::new(start, start + Duration::hours(HOURS))
}

/// Every minute, and the first seconds of every quarter of an hour, where hours begin and end.
fn instants(span: Span) -> impl Iterator<Item = Instant> {
    let minutes = (span.until - span.from).num_minutes();
    (0..minutes).flat_map(move |minute| {
        let at = span.from + Duration::minutes(minute);
        let edge = minute % 15 == 0;
        let near = if edge { -1..=2 } else { 0..=0 };
        near.map(move |second| at + Duration::seconds(second)).filter(move |at| span.contains(*at))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_decision_is_what_the_text_says_minute_by_minute((start, facts, proposed) in scene()) {
        let evaluation = evaluate(&facts, &proposed, span(start));
        for at in instants(span(start)) {
            let says = oracle::permits(&facts, &proposed, at);
            prop_assert_eq!(evaluation.permits(at), says, "{} {:?}", at, evaluation.decide(at));
        }
    }

    #[test]
    fn the_next_permitted_instant_is_the_first((start, facts, proposed) in scene()) {
        let evaluation = evaluate(&facts, &proposed, span(start));
        let next = evaluation.next_permitted(start);
        let until = next.unwrap_or(span(start).until);
        for at in instants(Span::new(start, until)) {
            prop_assert!(!oracle::permits(&facts, &proposed, at), "{}", at);
        }
        if let Some(next) = next {
            prop_assert!(oracle::permits(&facts, &proposed, next));
            let second_before = next - Duration::seconds(1);
            prop_assert!(next == start || !oracle::permits(&facts, &proposed, second_before));
            let decision = evaluation.decide(next);
            prop_assert!(decision.allows());
        }
    }

    #[test]
    fn another_stop_never_widens((start, facts, proposed) in scene(), n in 0..6usize, m in 0..600i64) {
        let more = Stop {
            id: id(9),
            kind: StopKind::ALL[n],
            party: id(1),
            account: None,
            medium: None,
            point: None,
            from: start + Duration::minutes(m),
            until: None,
        };
        let mut stopped = facts.clone();
        stopped.stops.push(more);
        let before = evaluate(&facts, &proposed, span(start));
        let after = evaluate(&stopped, &proposed, span(start));
        for at in instants(span(start)).step_by(7) {
            prop_assert!(before.permits(at) || !after.permits(at), "{}", at);
        }
    }

    #[test]
    fn one_attempt_less_never_narrows((start, facts, proposed) in scene(), n in any::<prop::sample::Index>()) {
        let mut fewer = facts.clone();
        if !fewer.attempts.is_empty() {
            fewer.attempts.remove(n.index(facts.attempts.len()));
        }
        let before = evaluate(&facts, &proposed, span(start));
        let after = evaluate(&fewer, &proposed, span(start));
        for at in instants(span(start)).step_by(7) {
            prop_assert!(after.permits(at) || !before.permits(at), "{}", at);
        }
    }

    #[test]
    fn a_replay_is_the_decision((start, facts, proposed) in scene(), minute in 0..HOURS * 60) {
        let at = start + Duration::minutes(minute);
        let evaluation = evaluate(&facts, &proposed, span(start));
        let snapshot = Snapshot::of(&facts, &proposed, &evaluation, at);
        let stored = serde_json::to_string(&snapshot).unwrap();
        let read: Snapshot = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(replay(&read).unwrap(), evaluation.explain(at));
    }
}
