//! The validation period: 12 CFR 1006.34(b)(5). It ends thirty days after the consumer receives, or is
//! assumed to receive, the validation information.
//!
//! The earliest days are those that the law allows; any later one is lawful too. What a notice printed
//! governs it ever after (1006.34(c)(3)), whatever is learned of its actual receipt (comment 34(b)(5)-1); a
//! notice that is sent again prints a date of its own (comment 34(b)(5)-2).

use chrono::Days;

use crate::business_day::{Skip, nth_business_day_after};
use crate::date::Date;

/// Receipt may be assumed on any date that is at least so many days after the information was provided,
/// leaving out legal public holidays, Saturdays and Sundays. 12 CFR 1006.34(b)(5).
const RECEIPT_BUSINESS_DAYS: u32 = 5;

/// The period ends so many calendar days after receipt, weekends and holidays included. 12 CFR
/// 1006.34(b)(5).
const DAYS_FROM_RECEIPT: Days = Days::new(30);

/// The earliest date on which receipt may be assumed. The day of providing itself is not counted (policy:
/// the later reading is lawful by both). None past the end of the calendar.
#[must_use]
pub fn earliest_receipt(provided: Date, skip: Skip) -> Option<Date> {
    nth_business_day_after(provided, RECEIPT_BUSINESS_DAYS, skip)
}

/// The last day of the period for information received, or assumed to be, on a date. It is not moved where it
/// falls on a weekend or a holiday.
#[must_use]
pub fn ends_on(receipt: Date) -> Option<Date> {
    receipt.checked_add_days(DAYS_FROM_RECEIPT)
}

/// The earliest end date that a notice provided on a date may print.
#[must_use]
pub fn earliest_end(provided: Date, skip: Skip) -> Option<Date> {
    earliest_receipt(provided, skip).and_then(ends_on)
}

/// When the validation period of information provided on this day ends, as our notices print it. Observed
/// holidays are skipped too, as a later end is lawful and an earlier one is not.
#[must_use]
pub fn validation_period_end(provided_on: Date) -> Date {
    earliest_end(provided_on, Skip::ObservedToo).unwrap_or(Date::MAX)
}

/// The last day on which a notice that prints this end of the period may be sent; `None`: it is earlier
/// than any that could be printed.
#[must_use]
pub fn last_day_to_send(printed_end: Date) -> Option<Date> {
    let mut day = printed_end.checked_sub_days(DAYS_FROM_RECEIPT)?;
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
            let letter = Skip::Stated;
            assert_eq!(earliest_receipt(on, letter), Some(day(receipt)), "{provided}");
            assert_eq!(earliest_end(on, letter), Some(day(end)), "{provided}");
            let observed = earliest_end(on, Skip::ObservedToo);
            assert_eq!(observed, Some(day(with_observed)), "{provided}");
        }
    }

    /// Comment 34(b)(5)-1: the date that was assumed stands; from the actual receipt it would be later.
    #[test]
    fn comment_34b5_1_an_end_date_from_an_assumed_receipt_may_be_kept() {
        let letter = Skip::Stated;
        assert_eq!(earliest_receipt(day("2026-06-15"), letter), Some(day("2026-06-23")));
        assert_eq!(ends_on(day("2026-06-23")), Some(day("2026-07-23")));
        assert_eq!(ends_on(day("2026-07-01")), Some(day("2026-07-31")));
    }

    #[test]
    fn the_end_of_the_calendar_is_no_date() {
        assert_eq!(earliest_end(Date::MAX, Skip::Stated), None);
    }
}
