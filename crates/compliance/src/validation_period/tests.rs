use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The vectors derived from 1006.34(b)(5) and 5 USC 6103(a): provided, receipt, end, end with observed days.
#[test]
fn the_earliest_days_are_those_of_the_vectors() {
    for (provided, receipt, end, with_observed) in [
        ("2026-06-15", "2026-06-23", "2026-07-23", "2026-07-23"),
        ("2026-06-30", "2026-07-07", "2026-08-06", "2026-08-07"),
        ("2026-11-23", "2026-12-01", "2026-12-31", "2026-12-31"),
        ("2026-12-21", "2026-12-29", "2027-01-28", "2027-01-28"),
        ("2026-08-07", "2026-08-14", "2026-09-13", "2026-09-13"),
    ] {
        let on = day(provided);
        let letter = Holidays::ByTheLetter;
        assert_eq!(earliest_receipt(on, letter), Some(day(receipt)), "{provided}");
        assert_eq!(earliest_end(on, letter), Some(day(end)), "{provided}");
        let observed = earliest_end(on, Holidays::AndObserved);
        assert_eq!(observed, Some(day(with_observed)), "{provided}");
    }
}

/// Comment 34(b)(5)-1: the date that was assumed stands; from the actual receipt it would be later.
#[test]
fn comment_34b5_1_an_end_date_from_an_assumed_receipt_may_be_kept() {
    let letter = Holidays::ByTheLetter;
    assert_eq!(earliest_receipt(day("2026-06-15"), letter), Some(day("2026-06-23")));
    assert_eq!(ends_on(day("2026-06-23")), Some(day("2026-07-23")));
    assert_eq!(ends_on(day("2026-07-01")), Some(day("2026-07-31")));
}

#[test]
fn the_end_of_the_calendar_is_no_date() {
    assert_eq!(earliest_end(Date::MAX, Holidays::ByTheLetter), None);
}
