//! The legal public holidays of 5 USC 6103(a), which 12 CFR 1006.22(c)(1) and 1006.34(b)(5) name.
//!
//! 6103(b), by which a holiday on a weekend is kept on the Friday before or the Monday after, holds for pay
//! and leave of employees; Part 1006 cites (a) alone, so by its letter the observed day is an ordinary one.

use chrono::{Datelike, Weekday};
use duly_domain::Date;

/// Which days are left out beside weekends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holidays {
    /// The dates of 6103(a).
    ByTheLetter,
    /// Those, and the days on which they are observed: never earlier than the letter, so lawful wherever
    /// the law says "at least" (policy).
    AndObserved,
}

impl Holidays {
    /// Whether a day is neither Saturday, Sunday nor one of these.
    pub fn is_counted(self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let observed = self == Self::AndObserved && is_observed(day);
        !weekend && !is_public_holiday(day) && !observed
    }
}

/// The first day of Juneteenth. Pub. L. 117-17, S. 475: 17 June 2021.
const JUNETEENTH_SINCE: i32 = 2021;

/// Whether a day is one of 5 USC 6103(a).
pub fn is_public_holiday(day: Date) -> bool {
    let nth = |weekday: Weekday, n: u8| {
        Date::from_weekday_of_month_opt(day.year(), day.month(), weekday, n)
    };
    match (day.month(), day.day()) {
        // New Year's Day, Independence Day, Veterans Day, Christmas Day.
        (1, 1) | (7, 4) | (11, 11) | (12, 25) => true,
        // Juneteenth National Independence Day.
        (6, 19) => day.year() >= JUNETEENTH_SINCE,
        // Birthday of Martin Luther King, Jr.; Washington's Birthday.
        (1 | 2, _) => nth(Weekday::Mon, 3) == Some(day),
        // Memorial Day, the last Monday.
        (5, of_may) => day.weekday() == Weekday::Mon && of_may + 7 > 31,
        // Labor Day.
        (9, _) => nth(Weekday::Mon, 1) == Some(day),
        // Columbus Day.
        (10, _) => nth(Weekday::Mon, 2) == Some(day),
        // Thanksgiving Day.
        (11, _) => nth(Weekday::Thu, 4) == Some(day),
        _ => false,
    }
}

/// Whether a holiday of a Saturday is observed on this Friday, or one of a Sunday on this Monday.
fn is_observed(day: Date) -> bool {
    match day.weekday() {
        Weekday::Fri => day.succ_opt().is_some_and(is_public_holiday),
        Weekday::Mon => day.pred_opt().is_some_and(is_public_holiday),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
