//! Legal public holidays of the United States, business days, and the validation period that counts them.
//!
//! 5 U.S.C. 6103(a) names the days; 6103(b) moves those on a weekend to the weekday beside it "for the
//! purpose of statutes relating to pay and leave of employees" only. Whether such an observed day counts
//! is therefore a choice: where a later end is the safe one it is skipped ([`Skip::ObservedToo`]), where
//! an earlier one is, it is counted ([`Skip::Stated`]).

use chrono::{Datelike as _, Days, Weekday};

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

/// Business days after which a consumer may be assumed to have received what was sent, at the least.
/// 12 CFR 1006.34(b)(5).
const RECEIPT_BUSINESS_DAYS: u32 = 5;

/// Calendar days of the validation period after the assumed receipt. 12 CFR 1006.34(b)(5).
const VALIDATION_DAYS: u64 = 30;

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
    nth_business_day(day, n, skip, Date::succ_opt).unwrap_or(Date::MAX)
}

/// The nth business day before a day, which itself is not counted.
#[must_use]
pub fn business_days_before(day: Date, n: u32, skip: Skip) -> Date {
    nth_business_day(day, n, skip, Date::pred_opt).unwrap_or(Date::MIN)
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

/// When the validation period of information provided on this day ends: thirty calendar days after the
/// assumed receipt, not moved when that is a weekend or a holiday. Observed holidays are skipped too, as
/// a later end is lawful and an earlier one is not. 12 CFR 1006.34(b)(5).
#[must_use]
pub fn validation_period_end(provided_on: Date) -> Date {
    let receipt = business_days_after(provided_on, RECEIPT_BUSINESS_DAYS, Skip::ObservedToo);
    receipt.checked_add_days(Days::new(VALIDATION_DAYS)).unwrap_or(Date::MAX)
}

/// The last day on which a notice that prints this end of the period may be sent; `None`: it is earlier
/// than any that could be printed.
#[must_use]
pub fn last_day_to_send(printed_end: Date) -> Option<Date> {
    let receipt = printed_end.checked_sub_days(Days::new(VALIDATION_DAYS))?;
    let mut day = receipt;
    while validation_period_end(day) > printed_end {
        day = day.pred_opt()?;
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
    fn the_period_ends_thirty_days_after_five_business_days() {
        for (provided, end) in [
            ("2026-01-05", "2026-02-11"),
            ("2026-01-14", "2026-02-21"),
            ("2026-03-06", "2026-04-12"),
            ("2026-06-29", "2026-08-06"),
            ("2025-12-24", "2026-02-01"),
        ] {
            assert_eq!(validation_period_end(day(provided)), day(end), "provided on {provided}");
        }
    }

    #[test]
    fn a_notice_may_be_sent_as_long_as_its_printed_end_is_late_enough() {
        assert_eq!(last_day_to_send(day("2026-02-11")), Some(day("2026-01-05")));
        // A Friday and the weekend after it have one end.
        assert_eq!(last_day_to_send(day("2026-04-12")), Some(day("2026-03-08")));
        for provided in day("2026-01-01").iter_days().take(400) {
            let last = last_day_to_send(validation_period_end(provided)).unwrap();
            assert!(last >= provided);
            assert!(
                validation_period_end(last.succ_opt().unwrap()) > validation_period_end(provided)
            );
        }
    }
}
