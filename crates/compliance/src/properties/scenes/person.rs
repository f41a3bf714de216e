//! Who the person is: accounts, numbers and addresses, and where the agency may collect.

use chrono::Duration;
use duly_domain::{DebtClass, DebtorKind, Instant, PartyRole};
use proptest::prelude::*;

use super::{NEIGHBOUR, before, moment, one_of, zone};
use crate::testing::{id, utc};
use crate::*;

/// Places with rules of their own, and some without.
const REGIONS: [(&str, Option<City>); 22] = [
    ("TX", None),
    ("TX", None),
    ("GA", None),
    ("UT", None),
    ("KY", None),
    ("IL", Some(City::Chicago)),
    ("AK", None),
    ("MA", None),
    ("WA", None),
    ("DC", None),
    ("NY", None),
    ("NY", Some(City::NewYork)),
    ("NY", Some(City::Buffalo)),
    ("CA", None),
    ("FL", None),
    ("WV", None),
    ("CO", None),
    ("OR", None),
    ("NH", None),
    ("NC", None),
    ("NV", None),
    ("WI", None),
];

fn region() -> impl Strategy<Value = Region> {
    let plain = one_of(&REGIONS);
    let drawn = prop_oneof![8 => plain, 1 => Just(("MS", None)), 1 => Just(("MA", None))];
    drawn.prop_map(|(state, city)| Region { state: state.parse().unwrap(), city })
}

fn signal() -> impl Strategy<Value = Zones> {
    prop_oneof![
        4 => Just(Zones::NoSignal),
        1 => Just(Zones::Unknown),
        30 => prop::collection::vec(zone(), 1..3).prop_map(Zones::In),
    ]
}

/// Two telephone numbers, a postal and an e-mail address, and two numbers of a neighbour.
pub fn points() -> impl Strategy<Value = Vec<Point>> {
    let state = prop_oneof![
        30 => Just(PointState::Usable),
        1 => Just(PointState::Wrong),
        1 => Just(PointState::Undeliverable),
    ];
    let line = prop_oneof![
        3 => Just(LineType::Wireless),
        3 => Just(LineType::Landline),
        1 => Just(LineType::Voip),
        1 => Just(LineType::Unknown),
    ];
    let place = prop_oneof![
        3 => Just(None),
        3 => Just(Some(Place::Home)),
        2 => Just(Some(Place::Work)),
    ];
    let domain = (
        prop_oneof![6 => Just(Some(false)), 2 => Just(Some(true)), 1 => Just(None)],
        prop_oneof![4 => Just(Some(true)), 1 => Just(Some(false)), 2 => Just(None)],
    );
    let kinds = [
        PointKind::Phone,
        PointKind::Address,
        PointKind::Email,
        PointKind::Phone,
        PointKind::Phone,
        PointKind::Phone,
    ];
    let region = prop_oneof![3 => region().prop_map(Some), 1 => Just(None)];
    // Mostly somewhere, now and then nowhere.
    let placed = prop::bool::weighted(0.95);
    let drawn = prop::collection::vec((state, signal(), region, line, place, domain), kinds.len());
    (drawn, placed).prop_map(move |(drawn, placed)| {
        let mut points = Vec::new();
        for (n, (state, zones, region, line, place, domain)) in drawn.into_iter().enumerate() {
            let number = u32::try_from(n).unwrap() + 1;
            let zones = if placed { zones } else { Zones::NoSignal };
            let region = region.filter(|_| placed);
            let plain = Point::new(id(number), kinds[n], zones);
            let third_party = NEIGHBOUR.contains(&number).then(|| id(9));
            points.push(match kinds[n] {
                PointKind::Phone => Point { state, region, line, place, third_party, ..plain },
                PointKind::Address => Point { state, region, place, ..plain },
                PointKind::Email => Point {
                    state,
                    zones: Zones::NoSignal,
                    of_employer: domain.0,
                    public_domain: domain.1,
                    ..plain
                },
            });
        }
        points
    })
}

/// Two accounts, and now and then another party that owes the first.
pub fn rows(start: Instant) -> impl Strategy<Value = Vec<Account>> {
    let other = (prop::bool::weighted(0.1), prop::sample::select(DebtorKind::ALL));
    (account(start, 1).boxed(), account(start, 2).boxed(), other).prop_map(
        |(one, two, (shared, kind))| {
            let mut rows = vec![one, two];
            if shared {
                rows.push(Account { party: id(2), kind, ..one });
            }
            rows
        },
    )
}

fn account(start: Instant, n: u32) -> impl Strategy<Value = Account> {
    let state = prop_oneof![
        40 => Just(AccountState::Workable),
        1 => Just(AccountState::Held),
        1 => Just(AccountState::Complained),
        1 => one_of(&[
            AccountState::Recalled,
            AccountState::Closed,
            AccountState::Settled,
            AccountState::NoBalance,
        ]),
    ];
    let party = prop_oneof![8 => Just(1u32), 1 => Just(2)];
    let role = one_of(&[
        PartyRole::Principal,
        PartyRole::Principal,
        PartyRole::PersonalGuarantor,
        PartyRole::Estate,
    ]);
    let class = one_of(&[DebtClass::Consumer, DebtClass::Consumer, DebtClass::Commercial]);
    let kind = prop_oneof![2 => Just(DebtorKind::Person), 1 => Just(DebtorKind::Business)];
    let shares = prop::option::weighted(0.2, Just(id(1)));
    let told = (
        prop::option::weighted(0.15, before(start, 9)),
        prop::option::weighted(0.15, before(start, 9)),
    );
    let who = (party, kind, role, class, state);
    (who, shares, claim(start).boxed(), told).prop_map(
        move |((party, kind, role, class, state), counts_with, claim, told)| Account {
            state,
            counts_with,
            first_spoken_at: told.0,
            first_written_at: told.1,
            claim,
            ..Account::new(id(n), id(party), kind, role, class)
        },
    )
}

fn claim(start: Instant) -> impl Strategy<Value = Claim> {
    let kind = one_of(&[
        DebtKind::CreditCard,
        DebtKind::CreditCard,
        DebtKind::Loan,
        DebtKind::Mortgage,
        DebtKind::Medical,
        DebtKind::Judgment,
        DebtKind::Unknown,
    ]);
    let creditor = one_of(&[
        CreditorKind::Lender,
        CreditorKind::Lender,
        CreditorKind::Seller,
        CreditorKind::DebtBuyer,
        CreditorKind::Unknown,
    ]);
    let flag = || one_of(&[None, Some(true), Some(false)]);
    // Near the end of three or six years, or of none.
    let accrued = (one_of(&[None, Some(3i64), Some(6), Some(1)]), moment(start));
    let total = || one_of(&[None, Some(50_000_000i64), Some(50_000_001)]);
    let assigned = one_of(&[None, Some("2025-06-30T12:00:00Z"), Some("2025-07-01T12:00:00Z")]);
    let incurred = prop::option::weighted(0.5, before(start, 60));
    (kind, creditor, (flag(), flag(), flag()), accrued, (total(), total()), assigned, incurred)
        .prop_map(|(kind, creditor, flags, (years, near), totals, assigned, incurred)| {
            let years_ago = |years: i64| {
                let months = chrono::Months::new(u32::try_from(years).unwrap() * 12);
                near.date_naive() - months
            };
            Claim {
                kind,
                creditor,
                credit_total_minor: totals.0,
                aggregate_to_creditor_minor: totals.1,
                assigned_on: assigned.map(|on| utc(on).date_naive()),
                in_litigation: flags.0,
                charged_off: flags.1,
                agency_services_mortgage: flags.2,
                accrued_on: years.map(years_ago),
                incurred_on: incurred.map(|at| at.date_naive()),
                placed_on: Some(utc("2021-12-03T12:00:00Z").date_naive()),
                ..Claim::UNKNOWN
            }
        })
}

/// How the agency is licensed where the person may be, point by point.
#[derive(Debug, Clone, Copy)]
pub enum Licensed {
    Yes,
    Never,
    Ended,
    Consumer,
}

pub fn licences() -> impl Strategy<Value = Vec<Licensed>> {
    let licensed = prop_oneof![
        24 => Just(Licensed::Yes),
        1 => Just(Licensed::Never),
        1 => Just(Licensed::Ended),
        1 => Just(Licensed::Consumer),
    ];
    prop::collection::vec(licensed, 6)
}

/// The licences of the regions of these numbers and addresses; one that ended did so in the span.
pub fn licensed(points: &[Point], licensed: &[Licensed], start: Instant) -> Vec<Licence> {
    let from = (start - Duration::days(700)).date_naive();
    let mut licences = Vec::new();
    for (point, licensed) in points.iter().zip(licensed) {
        let Some(region) = point.region else { continue };
        let licence = Licence { region, class: None, from, to: None };
        let city =
            region.city.map(|_| Licence { region: Region { city: None, ..region }, ..licence });
        match licensed {
            Licensed::Yes => licences.extend([Some(licence), city].into_iter().flatten()),
            Licensed::Never => {}
            Licensed::Ended => {
                licences.push(Licence { to: Some(start.date_naive()), ..licence });
            }
            Licensed::Consumer => {
                licences.push(Licence { class: Some(DebtClass::Consumer), ..licence });
            }
        }
    }
    licences
}
