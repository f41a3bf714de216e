//! Legal public holidays of the United States, and business days.
//!
//! 5 U.S.C. 6103(a) names the days; 6103(b) moves those on a weekend to the weekday beside it "for the
//! purpose of statutes relating to pay and leave of employees" only. Whether such an observed day counts
//! is therefore a choice: where a later end is the safe one it is skipped ([`Skip::ObservedToo`]), where
//! an earlier one is, it is counted ([`Skip::Stated`]).

use chrono::{Datelike as _, Weekday};

use crate::date::Date;

/// Which days are no business days, beside Saturdays and Sundays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skip {
    /// The days of 5 U.S.C. 6103(a) as they are stated: the reading under which terms end earlier.
    Stated,
    /// Those and the weekdays on which they are observed (6103(b)): terms end later.
    ObservedToo,
}

/// The holidays of 6103(a) with a fixed date: month and day. New Year, Juneteenth, Independence,
/// Veterans and Christmas Day.
const FIXED: [(u32, u32); 5] = [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)];

/// The first year of Juneteenth. Pub. L. 117-17: 17 June 2021.
const JUNETEENTH_SINCE: i32 = 2021;

/// The holidays of 6103(a) that are the nth weekday of a month: Martin Luther King, Jr., Washington,
/// Labor, Columbus and Thanksgiving Day.
const NTH: [(u32, Weekday, u8); 5] = [
    (1, Weekday::Mon, 3),
    (2, Weekday::Mon, 3),
    (9, Weekday::Mon, 1),
    (10, Weekday::Mon, 2),
    (11, Weekday::Thu, 4),
];

/// Whether 5 U.S.C. 6103(a) names the day.
#[must_use]
pub fn is_legal_holiday(day: Date) -> bool {
    let before_juneteenth = day.month() == 6 && day.year() < JUNETEENTH_SINCE;
    (FIXED.contains(&(day.month(), day.day())) && !before_juneteenth)
        || NTH.iter().any(|(month, weekday, n)| {
            Date::from_weekday_of_month_opt(day.year(), *month, *weekday, *n) == Some(day)
        })
        || is_memorial_day(day)
}

/// The last Monday in May.
fn is_memorial_day(day: Date) -> bool {
    day.month() == 5 && day.weekday() == Weekday::Mon && day.day() > 24
}

/// Whether a holiday that falls on the weekend beside this day is observed on it. 6103(b).
#[must_use]
pub fn is_observed_holiday(day: Date) -> bool {
    let beside = match day.weekday() {
        Weekday::Mon => day.pred_opt(),
        Weekday::Fri => day.succ_opt(),
        Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Sat | Weekday::Sun => None,
    };
    beside.is_some_and(is_legal_holiday)
}

/// Whether it is neither a Saturday, nor a Sunday, nor a skipped holiday.
#[must_use]
pub fn is_business_day(day: Date, skip: Skip) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let holiday = is_legal_holiday(day) || skip == Skip::ObservedToo && is_observed_holiday(day);
    !weekend && !holiday
}

/// The nth business day after a day, which itself is not counted.
#[must_use]
pub fn business_days_after(day: Date, n: u32, skip: Skip) -> Date {
    nth_business_day_after(day, n, skip).unwrap_or(Date::MAX)
}

/// The nth business day before a day, which itself is not counted.
#[must_use]
pub fn business_days_before(day: Date, n: u32, skip: Skip) -> Date {
    nth_business_day(day, n, skip, Date::pred_opt).unwrap_or(Date::MIN)
}

/// The nth business day after a day; none past the end of the calendar.
pub(crate) fn nth_business_day_after(day: Date, n: u32, skip: Skip) -> Option<Date> {
    nth_business_day(day, n, skip, Date::succ_opt)
}

fn nth_business_day(
    mut day: Date,
    n: u32,
    skip: Skip,
    step: fn(&Date) -> Option<Date>,
) -> Option<Date> {
    let mut left = n;
    while left > 0 {
        day = step(&day)?;
        if is_business_day(day, skip) {
            left -= 1;
        }
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_eleven_days_of_2026_are_holidays_and_no_other() {
        let all: Vec<Date> =
            day("2026-01-01").iter_days().take(365).filter(|d| is_legal_holiday(*d)).collect();
        let stated = [
            "2026-01-01",
            "2026-01-19",
            "2026-02-16",
            "2026-05-25",
            "2026-06-19",
            "2026-07-04",
            "2026-09-07",
            "2026-10-12",
            "2026-11-11",
            "2026-11-26",
            "2026-12-25",
        ];
        assert_eq!(all, stated.map(day));
    }

    #[test]
    fn juneteenth_is_a_holiday_since_2021() {
        assert!(!is_legal_holiday(day("2020-06-19")));
        assert!(is_legal_holiday(day("2021-06-19")));
    }

    #[test]
    fn a_holiday_on_a_weekend_is_observed_beside_it_and_may_be_skipped_or_not() {
        // Independence Day 2026 is a Saturday.
        assert!(is_observed_holiday(day("2026-07-03")) && !is_legal_holiday(day("2026-07-03")));
        assert!(is_business_day(day("2026-07-03"), Skip::Stated));
        assert!(!is_business_day(day("2026-07-03"), Skip::ObservedToo));
        // In 2027 it is a Sunday; New Year 2028 is a Saturday, observed in the old year.
        assert!(is_observed_holiday(day("2027-07-05")));
        assert!(is_observed_holiday(day("2027-12-31")));
    }

    #[test]
    fn business_days_are_counted_from_the_day_after_and_backwards_alike() {
        let after = |from, n| business_days_after(day(from), n, Skip::Stated);
        assert_eq!(after("2026-07-02", 1), day("2026-07-03"));
        assert_eq!(business_days_after(day("2026-07-02"), 1, Skip::ObservedToo), day("2026-07-06"));
        assert_eq!(after("2026-11-25", 2), day("2026-11-30"), "over Thanksgiving and a weekend");
        assert_eq!(after("2026-11-25", 0), day("2026-11-25"));
        assert_eq!(business_days_before(day("2026-11-30"), 2, Skip::Stated), day("2026-11-25"));
    }

    #[test]
    fn a_monday_at_the_end_of_may_is_the_last_one() {
        assert!(is_legal_holiday(day("2027-05-31")));
        assert!(!is_legal_holiday(day("2027-05-24")));
    }

    #[test]
    fn an_observed_day_is_an_ordinary_day_by_the_letter() {
        // 4 July 2026 is a Saturday, 4 July 2027 a Sunday, 1 January 2028 a Saturday.
        for observed in ["2026-07-03", "2027-07-05", "2027-12-31"] {
            assert!(is_business_day(day(observed), Skip::Stated), "{observed}");
            assert!(!is_business_day(day(observed), Skip::ObservedToo), "{observed}");
        }
        assert!(!is_business_day(day("2026-07-04"), Skip::Stated));
        assert!(is_business_day(day("2026-07-06"), Skip::ObservedToo));
    }
}
