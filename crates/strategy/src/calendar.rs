//! When timers fall: at the start of a working day of the agency, in its own zone.

use chrono::{Datelike as _, Days, TimeDelta, Weekday};
use duly_domain::{Date, Instant, Zone};

/// Hour of the agency's day at which what has become due is taken up: before the first call may be made
/// anywhere in its zone, so that the day's lists are ready when collectors come.
pub const DAY_BEGINS_HOUR: i64 = 6;

/// Whether the agency works on this day: Monday to Friday.
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The beginning of the first working day on or after this day.
#[must_use]
pub fn morning(day: Date, zone: Zone) -> Instant {
    let working = (0..7)
        .filter_map(|later| day.checked_add_days(Days::new(later)))
        .find(|day| is_working_day(*day))
        .unwrap_or(day);
    zone.start_of_day(working) + TimeDelta::hours(DAY_BEGINS_HOUR)
}

/// The morning so many days after an instant.
#[must_use]
pub fn morning_after(at: Instant, days: u32, zone: Zone) -> Instant {
    morning(later(zone.local_date(at), days), zone)
}

/// The end of the day that is so many days after an instant.
#[must_use]
pub fn end_of_day_after(at: Instant, days: u32, zone: Zone) -> Instant {
    zone.start_of_day(later(zone.local_date(at), days.saturating_add(1)))
}

/// So many days later; the last day of the calendar has none.
pub(crate) fn later(day: Date, days: u32) -> Date {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        "America/New_York".parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_timer_falls_at_six_on_a_working_day() {
        for (day, expected) in [
            ("2026-01-07", "2026-01-07T11:00:00Z"), // Wednesday
            ("2026-01-10", "2026-01-12T11:00:00Z"), // Saturday
            ("2026-01-11", "2026-01-12T11:00:00Z"), // Sunday
            ("2026-03-09", "2026-03-09T10:00:00Z"), // the clocks went forward the day before
            ("2026-11-01", "2026-11-02T11:00:00Z"), // the day they go back, a Sunday
        ] {
            assert_eq!(morning(day.parse().unwrap(), zone()), at(expected), "{day}");
        }
    }

    #[test]
    fn days_are_counted_in_the_agencys_zone() {
        // 03:00 in London is still the day before in New York.
        let late = at("2026-01-07T03:00:00Z");
        assert_eq!(morning_after(late, 1, zone()), at("2026-01-07T11:00:00Z"));
        assert_eq!(end_of_day_after(late, 0, zone()), at("2026-01-07T05:00:00Z"));
        assert_eq!(end_of_day_after(late, 3, zone()), at("2026-01-10T05:00:00Z"));
    }
}
