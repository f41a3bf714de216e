use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn the_eleven_holidays_of_2026_and_no_other_day() {
    let year: Vec<Date> = day("2026-01-01").iter_days().take(365).collect();
    let holidays: Vec<String> = year
        .into_iter()
        .filter(|day| is_public_holiday(*day))
        .map(|day| day.format("%m-%d").to_string())
        .collect();
    let expected = [
        "01-01", "01-19", "02-16", "05-25", "06-19", "07-04", "09-07", "10-12", "11-11", "11-26",
        "12-25",
    ];
    assert_eq!(holidays, expected);
}

#[test]
fn a_monday_at_the_end_of_may_is_the_last_one() {
    assert!(is_public_holiday(day("2027-05-31")));
    assert!(!is_public_holiday(day("2027-05-24")));
}

#[test]
fn an_observed_day_is_an_ordinary_day_by_the_letter() {
    // 4 July 2026 is a Saturday, 4 July 2027 a Sunday, 1 January 2028 a Saturday.
    for observed in ["2026-07-03", "2027-07-05", "2027-12-31"] {
        assert!(Holidays::ByTheLetter.is_counted(day(observed)), "{observed}");
        assert!(!Holidays::AndObserved.is_counted(day(observed)), "{observed}");
    }
    assert!(!Holidays::ByTheLetter.is_counted(day("2026-07-04")));
    assert!(Holidays::AndObserved.is_counted(day("2026-07-06")));
}

#[test]
fn juneteenth_began_in_2021() {
    assert!(is_public_holiday(day("2021-06-19")));
    assert!(!is_public_holiday(day("2020-06-19")));
}
