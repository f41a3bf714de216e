//! The validation period: 12 CFR 1006.34(b)(5). It ends thirty days after the consumer receives, or is
//! assumed to receive, the validation information.
//!
//! These are the earliest days that the law allows; any later one is lawful too. What a notice printed
//! governs it ever after (1006.34(c)(3)), whatever is learned of its actual receipt (comment 34(b)(5)-1); a
//! notice that is sent again prints a date of its own (comment 34(b)(5)-2).

use chrono::Days;
use duly_domain::Date;

use crate::holidays::Holidays;

/// Receipt may be assumed on any date that is at least so many days after the information was provided,
/// leaving out legal public holidays, Saturdays and Sundays. 12 CFR 1006.34(b)(5).
const RECEIPT_AFTER_DAYS: u8 = 5;

/// The period ends so many calendar days after receipt, weekends and holidays included. 12 CFR
/// 1006.34(b)(5).
const DAYS_FROM_RECEIPT: u64 = 30;

/// The earliest date on which receipt may be assumed. The day of providing itself is not counted (policy:
/// the later reading is lawful by both). None past the end of the calendar.
pub fn earliest_receipt(provided: Date, holidays: Holidays) -> Option<Date> {
    let mut day = provided;
    let mut counted = 0;
    while counted < RECEIPT_AFTER_DAYS {
        day = day.succ_opt()?;
        counted += u8::from(holidays.is_counted(day));
    }
    Some(day)
}

/// The last day of the period for information received, or assumed to be, on a date. It is not moved where it
/// falls on a weekend.
pub fn ends_on(receipt: Date) -> Option<Date> {
    receipt.checked_add_days(Days::new(DAYS_FROM_RECEIPT))
}

/// The earliest end date that a notice provided on a date may print.
pub fn earliest_end(provided: Date, holidays: Holidays) -> Option<Date> {
    earliest_receipt(provided, holidays).and_then(ends_on)
}

#[cfg(test)]
mod tests;
