//! Local days and local times of day as instants, on every kind of day.

use chrono::{DateTime, Days, Duration, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use duly_domain::{Date, Instant};

use crate::span::Span;

/// Which of two instants is meant where the clocks repeat a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fold {
    /// The first.
    Earlier,
    /// The second.
    Later,
}

/// The instant of a local time. Where the clocks skip it, the first instant after the gap.
pub(crate) fn instant(tz: Tz, day: Date, time: NaiveTime, fold: Fold) -> Instant {
    let local = day.and_time(time);
    let found = pick(tz, local, fold).or_else(|| {
        // Gaps are whole minutes in every zone since 1972 and at most a day long.
        (1..=26 * 60).find_map(|minute| {
            let whole = day.and_time(NaiveTime::MIN) + seconds_to_minute(time);
            pick(tz, whole.checked_add_signed(Duration::minutes(minute))?, Fold::Earlier)
        })
    });
    found.map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

/// The time of day cut to its minute.
fn seconds_to_minute(time: NaiveTime) -> Duration {
    let since = time.signed_duration_since(NaiveTime::MIN);
    Duration::minutes(since.num_minutes())
}

fn pick(tz: Tz, local: NaiveDateTime, fold: Fold) -> Option<DateTime<Tz>> {
    let found = tz.from_local_datetime(&local);
    match fold {
        Fold::Earlier => found.earliest(),
        Fold::Later => found.latest(),
    }
}

/// The first instant of a local day.
pub(crate) fn start_of_day(tz: Tz, day: Date) -> Instant {
    instant(tz, day, NaiveTime::MIN, Fold::Earlier)
}

/// The local date at an instant; of one that no calendar here holds, that of the nearest it does.
pub(crate) fn date(tz: Tz, at: Instant) -> Date {
    at.clamp(Span::JUDGED.from, Span::JUDGED.until).with_timezone(&tz).date_naive()
}

/// So many days later.
pub(crate) fn plus(day: Date, days: u64) -> Date {
    day.checked_add_days(Days::new(days)).unwrap_or(Date::MAX)
}

/// So many days earlier.
pub(crate) fn minus(day: Date, days: u64) -> Date {
    day.checked_sub_days(Days::new(days)).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn clock(hour: u32, minute: u32, second: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, second).unwrap()
    }

    #[test]
    fn a_skipped_local_time_is_the_first_instant_after_the_gap() {
        let day = Date::from_ymd_opt(2026, 3, 8).unwrap();
        let tz = chrono_tz::America::New_York;
        for fold in [Fold::Earlier, Fold::Later] {
            assert_eq!(instant(tz, day, clock(2, 30, 1), fold), at("2026-03-08T07:00:00Z"));
        }
    }

    #[test]
    fn a_repeated_local_time_is_the_one_asked_for() {
        let day = Date::from_ymd_opt(2026, 11, 1).unwrap();
        let tz = chrono_tz::America::New_York;
        assert_eq!(instant(tz, day, clock(1, 30, 0), Fold::Earlier), at("2026-11-01T05:30:00Z"));
        assert_eq!(instant(tz, day, clock(1, 30, 0), Fold::Later), at("2026-11-01T06:30:00Z"));
    }

    #[test]
    fn a_day_that_begins_at_one_begins_at_one() {
        // Santiago moves its clocks at midnight.
        let day = Date::from_ymd_opt(2026, 9, 6).unwrap();
        let tz = chrono_tz::America::Santiago;
        assert_eq!(start_of_day(tz, day), at("2026-09-06T04:00:00Z"));
    }
}
