//! Local days and local times of day as instants, on every kind of day.

use chrono::{
    DateTime, Datelike, Days, Duration, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;
use duly_domain::{Date, Instant};

use self::offsets::Offsets;
use crate::span::Span;

mod offsets;

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
    let local = seconds(day) + i64::from(time.num_seconds_from_midnight());
    let found = Offsets::of(tz).of_local(local).and_then(|(earlier, later)| {
        let offset = if fold == Fold::Earlier { earlier } else { later };
        moved(day, time, -offset)
    });
    found.map_or_else(|| searched(tz, day, time, fold), |at| at.and_utc())
}

/// The same, minute by minute.
#[cold]
fn searched(tz: Tz, day: Date, time: NaiveTime, fold: Fold) -> Instant {
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

/// The local date and time of day at an instant; of one that no calendar here holds, those of the nearest
/// it does.
pub(crate) fn local(tz: Tz, at: Instant) -> (Date, NaiveTime) {
    let at = at.clamp(Span::JUDGED.from, Span::JUDGED.until);
    let utc = at.naive_utc();
    let offset = Offsets::of(tz).at(at.timestamp());
    let found = offset.and_then(|offset| moved(utc.date(), utc.time(), offset));
    let local = found.unwrap_or_else(|| at.with_timezone(&tz).naive_local());
    (local.date(), local.time())
}

/// The local date at an instant; of one that no calendar here holds, that of the nearest it does.
pub(crate) fn date(tz: Tz, at: Instant) -> Date {
    local(tz, at).0
}

/// So many seconds later, less than a day.
#[inline]
fn moved(day: Date, time: NaiveTime, seconds: i32) -> Option<NaiveDateTime> {
    let of_day = i64::from(time.num_seconds_from_midnight()) + i64::from(seconds);
    let (day, of_day) = match of_day {
        ..0 => (day.pred_opt()?, of_day + DAY_SECONDS),
        0..DAY_SECONDS => (day, of_day),
        _ => (day.succ_opt()?, of_day - DAY_SECONDS),
    };
    let of_day = u32::try_from(of_day).ok()?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(of_day, time.nanosecond())?;
    Some(day.and_time(time))
}

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;
/// 1970-01-01, counted from the day before the year 1.
const EPOCH_DAY: i32 = 719_163;

/// The midnight with which a day begins, in seconds since 1970 as its own clocks tell it.
fn seconds(day: Date) -> i64 {
    i64::from(day.num_days_from_ce() - EPOCH_DAY) * DAY_SECONDS
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
