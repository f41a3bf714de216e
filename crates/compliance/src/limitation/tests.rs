use duly_domain::address::UsRegionKind;
use duly_domain::{Date, DebtClass, Force, UsState};

use super::table::STATES;
use super::{authority, barred_first, barred_on};
use crate::facts::{DebtKind, Region};

fn region(state: &str) -> Region {
    Region { state: UsState::of(state).unwrap(), city: None }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn consumer(state: &str, kind: DebtKind, accrued: &str) -> Option<(Date, Force)> {
    barred_on(region(state), DebtClass::Consumer, kind, day(accrued))
}

#[test]
fn the_last_day_of_the_period_is_still_open() {
    let read = Some((day("2023-03-11"), Force::Law));
    assert_eq!(consumer("DC", DebtKind::Loan, "2020-03-10"), read, "D.C. Code 12-301(7) was read");
    let compiled = Some((day("2026-03-11"), Force::Policy));
    assert_eq!(consumer("MA", DebtKind::Loan, "2020-03-10"), compiled);
}

#[test]
fn a_period_from_the_leap_day_ends_on_the_last_of_february() {
    assert_eq!(consumer("DC", DebtKind::Loan, "2024-02-29"), Some((day("2027-03-01"), Force::Law)));
    assert_eq!(
        consumer("TX", DebtKind::Goods, "2024-02-29"),
        Some((day("2028-03-01"), Force::Law))
    );
}

#[test]
fn goods_have_the_least_of_goods_writings_and_open_accounts() {
    // Four years for goods by the statute read; five and five for the rest.
    assert_eq!(
        consumer("MO", DebtKind::Goods, "2020-01-01"),
        Some((day("2024-01-02"), Force::Law))
    );
    // Four for goods in general; three for open accounts by a compilation.
    assert_eq!(
        consumer("MD", DebtKind::Goods, "2020-01-01"),
        Some((day("2023-01-02"), Force::Policy))
    );
    // Three for open accounts by the statute read.
    assert_eq!(
        consumer("AZ", DebtKind::Goods, "2020-01-01"),
        Some((day("2023-01-02"), Force::Law))
    );
    assert_eq!(
        consumer("AZ", DebtKind::Loan, "2020-01-01"),
        Some((day("2026-01-02"), Force::Policy))
    );
    // Louisiana has no Article 2.
    assert_eq!(
        consumer("LA", DebtKind::Goods, "2020-01-01"),
        Some((day("2023-01-02"), Force::Policy))
    );
}

#[test]
fn what_is_not_known_has_the_least_of_all_and_a_judgment_none() {
    let unknown = consumer("FL", DebtKind::Unknown, "2020-01-01");
    assert_eq!(unknown, Some((day("2024-01-02"), Force::Policy)));
    assert_eq!(consumer("FL", DebtKind::Judgment, "2020-01-01"), None);
    assert_eq!(consumer("PR", DebtKind::Loan, "2020-01-01"), None, "not researched");
}

/// CPLR 214-i: three years for consumer credit; other contracts six, goods four.
#[test]
fn new_york_tells_consumer_credit_from_other_contracts() {
    let three = Some((day("2023-01-02"), Force::Policy));
    assert_eq!(consumer("NY", DebtKind::CreditCard, "2020-01-01"), three);
    let goods = barred_on(region("NY"), DebtClass::Commercial, DebtKind::Goods, day("2020-01-01"));
    assert_eq!(goods, Some((day("2024-01-02"), Force::Law)));
    let services =
        barred_on(region("NY"), DebtClass::Commercial, DebtKind::Services, day("2020-01-01"));
    assert_eq!(services, Some((day("2026-01-02"), Force::Policy)));
}

#[test]
fn of_several_regions_the_earliest_bars() {
    let regions = [region("WI"), region("DC"), region("PR")];
    let first = barred_first(&regions, DebtClass::Consumer, DebtKind::Loan, day("2020-01-01"));
    assert_eq!(first, Some((day("2023-01-02"), Force::Law)));
    assert_eq!(barred_first(&[], DebtClass::Consumer, DebtKind::Loan, day("2020-01-01")), None);
}

#[test]
fn every_state_and_the_district_has_one_row_and_statutes() {
    for state in UsState::all() {
        let rows = STATES.iter().filter(|row| row.state == state).count();
        let wanted = matches!(state.kind(), UsRegionKind::State | UsRegionKind::District);
        assert_eq!(rows, usize::from(wanted), "{state}");
    }
    for row in &STATES {
        for period in [Some(row.written), Some(row.open), row.goods, row.card].into_iter().flatten()
        {
            assert!((3..=10).contains(&period.years), "{}", row.state);
        }
        assert!(authority(region(row.state.code()), DebtClass::Consumer).is_some());
    }
    assert!(barred_on(region("WY"), DebtClass::Consumer, DebtKind::Loan, Date::MAX).is_some());
}

#[test]
fn notes_of_louisiana_have_the_five_years_that_one_source_gives_them() {
    let five = Some((day("2025-01-02"), Force::Policy));
    assert_eq!(consumer("LA", DebtKind::Loan, "2020-01-01"), five);
    let ten = Some((day("2030-01-02"), Force::Policy));
    assert_eq!(consumer("IL", DebtKind::Loan, "2020-01-01"), ten, "no other state");
}
