//! The legal public holidays of the United States by 5 U.S.C. 6103(a), and the days between them.
//!
//! Regulation F cites 6103(a) alone (12 CFR 1006.22(c)(1), 1006.34(b)(5)), so by the letter a Friday or
//! Monday on which a weekend's holiday is observed (6103(b), for the pay and leave of employees) is an
//! ordinary day. Both readings are here. Inauguration Day (6103(c)) and the holidays of states are not.

use chrono::{Datelike, Days, Month, Weekday};

use crate::date::Date;

/// A holiday of 5 U.S.C. 6103(a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holiday {
    /// January 1.
    NewYear,
    /// Birthday of Martin Luther King, Jr., the third Monday in January.
    MartinLutherKing,
    /// Washington's Birthday, the third Monday in February.
    Washington,
    /// Memorial Day, the last Monday in May.
    Memorial,
    /// Juneteenth National Independence Day, June 19. Pub. L. 117-17: from 2021 on.
    Juneteenth,
    /// Independence Day, July 4.
    Independence,
    /// Labor Day, the first Monday in September.
    Labor,
    /// Columbus Day, the second Monday in October.
    Columbus,
    /// Veterans Day, November 11.
    Veterans,
    /// Thanksgiving Day, the fourth Thursday in November.
    Thanksgiving,
    /// Christmas Day, December 25.
    Christmas,
}

/// The first year with Juneteenth. Pub. L. 117-17, approved 17 June 2021.
const JUNETEENTH_FROM: i32 = 2021;

impl Holiday {
    /// The holiday that falls on a day. Of the years before 2021 only Juneteenth is known not to be one; the
    /// other ten stand as they do today since 1986.
    pub fn on(day: Date) -> Option<Self> {
        let month = u8::try_from(day.month()).ok().and_then(|n| Month::try_from(n).ok())?;
        // The first of its weekday in the month is 1.
        let nth = day.day0() / 7 + 1;
        let last =
            day.checked_add_days(Days::new(7)).is_none_or(|next| next.month() != day.month());
        let found = match (month, day.day(), day.weekday()) {
            (Month::January, 1, _) => Self::NewYear,
            (Month::January, _, Weekday::Mon) if nth == 3 => Self::MartinLutherKing,
            (Month::February, _, Weekday::Mon) if nth == 3 => Self::Washington,
            (Month::May, _, Weekday::Mon) if last => Self::Memorial,
            (Month::June, 19, _) if day.year() >= JUNETEENTH_FROM => Self::Juneteenth,
            (Month::July, 4, _) => Self::Independence,
            (Month::September, _, Weekday::Mon) if nth == 1 => Self::Labor,
            (Month::October, _, Weekday::Mon) if nth == 2 => Self::Columbus,
            (Month::November, 11, _) => Self::Veterans,
            (Month::November, _, Weekday::Thu) if nth == 4 => Self::Thanksgiving,
            (Month::December, 25, _) => Self::Christmas,
            _ => return None,
        };
        Some(found)
    }

    /// The holiday that is observed on a day and does not fall on it: on the Friday before a Saturday, on the
    /// Monday after a Sunday. 5 U.S.C. 6103(b).
    pub fn observed_on(day: Date) -> Option<Self> {
        let falls = match day.weekday() {
            Weekday::Fri => day.checked_add_days(Days::new(1)),
            Weekday::Mon => day.checked_sub_days(Days::new(1)),
            Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Sat | Weekday::Sun => None,
        };
        falls.and_then(Self::on)
    }
}

/// Which days are not business days beside Saturdays, Sundays and the holidays themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// None: the letter of 12 CFR 1006.22(c)(1) and 1006.34(b)(5).
    Counts,
    /// The days on which a weekend's holiday is observed: the longer way to count, for "at least".
    Skipped,
}

/// Whether a day is a business day: no Saturday, no Sunday, no holiday.
pub fn is_business_day(day: Date, observed: Observed) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
        && Holiday::on(day).is_none()
        && (observed == Observed::Counts || Holiday::observed_on(day).is_none())
}

/// The day that lies so many business days after a day, which itself is not counted.
pub fn business_days_after(day: Date, days: u32, observed: Observed) -> Date {
    let mut at = day;
    let mut left = days;
    while left > 0 {
        let Some(next) = at.checked_add_days(Days::new(1)) else { return Date::MAX };
        at = next;
        left -= u32::from(is_business_day(at, observed));
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_eleven_of_2026_fall_where_the_calendar_has_them() {
        let all: Vec<String> = day("2026-01-01")
            .iter_days()
            .take(365)
            .filter(|day| Holiday::on(*day).is_some())
            .map(|day| day.to_string())
            .collect();
        let known = [
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
        assert_eq!(all, known);
    }

    #[test]
    fn every_year_since_2021_has_eleven() {
        for year in 2021..2100 {
            let first = Date::from_ymd_opt(year, 1, 1).unwrap();
            let days = first.iter_days().take_while(|day| day.year() == year);
            assert_eq!(days.filter(|day| Holiday::on(*day).is_some()).count(), 11, "{year}");
        }
        assert_eq!(Holiday::on(day("2020-06-19")), None);
    }

    /// The weekend dates of the years to come: 4 July 2026, 19 June 2027, 25 December 2027, 1 January 2028,
    /// 11 November 2028 on Saturdays, 4 July 2027 on a Sunday.
    #[test]
    fn a_weekends_holiday_is_observed_beside_it_and_both_readings_are_told_apart() {
        for (falls, seen) in [
            ("2026-07-04", "2026-07-03"),
            ("2027-06-19", "2027-06-18"),
            ("2027-07-04", "2027-07-05"),
            ("2027-12-25", "2027-12-24"),
            ("2028-01-01", "2027-12-31"),
            ("2028-11-11", "2028-11-10"),
        ] {
            assert_eq!(Holiday::observed_on(day(seen)), Holiday::on(day(falls)), "{seen}");
            assert!(is_business_day(day(seen), Observed::Counts), "{seen}");
            assert!(!is_business_day(day(seen), Observed::Skipped), "{seen}");
        }
    }

    #[test]
    fn skipping_observed_days_never_ends_earlier() {
        for start in day("2026-01-01").iter_days().take(1200) {
            let letter = business_days_after(start, 5, Observed::Counts);
            assert!(business_days_after(start, 5, Observed::Skipped) >= letter, "{start}");
            assert!(is_business_day(letter, Observed::Counts));
        }
        // Wednesday 1 July 2026: 2, 3, 6, 7, 8 July; with Friday 3 July skipped, 9 July.
        assert_eq!(business_days_after(day("2026-07-01"), 5, Observed::Counts), day("2026-07-08"));
        assert_eq!(business_days_after(day("2026-07-01"), 5, Observed::Skipped), day("2026-07-09"));
        assert_eq!(business_days_after(day("2026-07-01"), 0, Observed::Counts), day("2026-07-01"));
    }
}
