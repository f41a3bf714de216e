use chrono::{Duration, NaiveTime, Weekday};
use chrono_tz::America::New_York;

use super::*;
use crate::facts::Weekdays;
use crate::testing::ny;

fn clock(hour: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(hour, 0, 0)
}

fn times(days: &[Weekday], from: Option<NaiveTime>, until: Option<NaiveTime>) -> Times {
    let days: Weekdays = days.iter().copied().collect();
    Times { days, from, until, first_day: None, last_day: None }
}

fn held(weekly: &Weekly, at: &str) -> bool {
    matches!(weekly.around(ny(at)), Around::In(_))
}

#[test]
fn a_window_holds_its_first_instant_and_not_its_last() {
    let weekly =
        Weekly::barred(times(&[Weekday::Thu], clock(17), clock(19)), New_York, Span::ALWAYS);
    assert!(!held(&weekly, "2026-06-18T16:59:59"));
    assert!(held(&weekly, "2026-06-18T17:00:00"));
    assert!(held(&weekly, "2026-06-18T18:59:59"));
    assert!(!held(&weekly, "2026-06-18T19:00:00"));
    assert!(!held(&weekly, "2026-06-19T18:00:00"), "Friday");
}

#[test]
fn a_window_that_ends_before_it_begins_reaches_into_the_next_day() {
    let weekly =
        Weekly::barred(times(&[Weekday::Fri], clock(22), clock(9)), New_York, Span::ALWAYS);
    assert!(held(&weekly, "2026-06-19T23:00"));
    assert!(held(&weekly, "2026-06-20T08:59"));
    assert!(!held(&weekly, "2026-06-20T09:00"));
    assert!(!held(&weekly, "2026-06-19T08:00"));
}

#[test]
fn days_without_times_are_whole_days_and_dates_bound_them() {
    let mut whole = times(&[Weekday::Tue, Weekday::Thu], None, None);
    whole.last_day = "2026-12-31".parse().ok();
    let weekly = Weekly::barred(whole, New_York, Span::since(ny("2026-03-02T09:00")));
    assert!(
        held(&weekly, "2026-12-31T00:00") && held(&weekly, "2026-12-31T23:59:59"),
        "a Thursday"
    );
    assert!(!held(&weekly, "2027-01-05T11:00"), "a Tuesday of the next year");
    assert!(!held(&weekly, "2026-02-26T11:00"), "before it was told");
}

#[test]
fn where_the_clocks_repeat_an_hour_a_barred_window_is_wide_and_an_allowed_one_narrow() {
    // At 2:00 on 1 November 2026 it becomes 1:00 again.
    let night = times(&[Weekday::Sun], clock(0), clock(1).map(|t| t + Duration::minutes(30)));
    let barred = Weekly::barred(night, New_York, Span::ALWAYS);
    let allowed = Weekly::allowed(night, New_York, Span::ALWAYS);
    let second_time = "2026-11-01T06:15:00Z".parse().unwrap();
    assert!(matches!(barred.around(second_time), Around::In(_)));
    assert!(matches!(allowed.around(second_time), Around::Out(_)));
}

#[test]
fn what_is_free_is_free_to_the_next_window() {
    let weekly =
        Weekly::barred(times(&[Weekday::Thu], clock(17), clock(19)), New_York, Span::ALWAYS);
    let Around::Out(gap) = weekly.around(ny("2026-06-18T12:00")) else { panic!("it is free") };
    assert_eq!(gap.until, ny("2026-06-18T17:00"));
    let Around::Out(gap) = weekly.around(ny("2026-06-18T20:00")) else { panic!("it is free") };
    assert_eq!((gap.from, gap.until), (ny("2026-06-18T19:00"), ny("2026-06-25T17:00")));
}
