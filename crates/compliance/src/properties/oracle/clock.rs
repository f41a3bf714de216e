//! Local times as instants, and times of day.

use chrono::{Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use duly_domain::Instant;

use crate::*;

/// A time of day.
pub fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

/// What the clocks show, to the second.
pub fn local(tz: Tz, at: Instant) -> NaiveDateTime {
    at.with_timezone(&tz).naive_local().with_nanosecond(0).unwrap()
}

/// The first and the last instant at which the clocks show a time; where they never do, the one at which
/// they jump over it.
fn shown(tz: Tz, mut time: NaiveDateTime) -> (Instant, Instant) {
    loop {
        match tz.from_local_datetime(&time) {
            LocalResult::Single(at) => return (at.with_timezone(&Utc), at.with_timezone(&Utc)),
            LocalResult::Ambiguous(one, two) => {
                return (one.with_timezone(&Utc), two.with_timezone(&Utc));
            }
            LocalResult::None => time += Duration::minutes(1),
        }
    }
}

/// Whether times of day are meant as wide or as narrow as they can be, where the clocks repeat an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    Wide,
    Narrow,
}

/// The day on which the one of these times of day began that holds an instant.
pub fn window(times: Times, tz: Tz, doubt: Doubt, at: Instant) -> Option<NaiveDate> {
    let today = local(tz, at).date();
    let days = [today.pred_opt().unwrap(), today, today.succ_opt().unwrap()];
    days.into_iter().find(|day| {
        let outside = times.first_day.is_some_and(|first| *day < first)
            || times.last_day.is_some_and(|last| last < *day);
        let weekday = chrono::Datelike::weekday(day);
        if outside || !times.days.contains(weekday) {
            return false;
        }
        let (from, until) = (times.from.unwrap_or_default(), times.until.unwrap_or_default());
        let ends_on = if until <= from { day.succ_opt().unwrap() } else { *day };
        let (from, until) = (shown(tz, day.and_time(from)), shown(tz, ends_on.and_time(until)));
        match doubt {
            Doubt::Wide => from.0 <= at && at < until.1,
            Doubt::Narrow => from.1 <= at && at < until.0,
        }
    })
}
