//! Days and instants of a scenario: local time of its zone where no offset is written.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use duly_domain::{Date, Instant};
use serde_json::Value;

use crate::words::{Bad, Obj};

/// An instant, or a whole day of the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The local day.
    pub day: Date,
    /// The instant; `None`: the day as a whole.
    pub at: Option<Instant>,
}

const WANTED: &str = "a day, 2026-06-09, or a time, 2026-06-09T11:00, with an offset if not local, 2026-06-09T11:00-04:00";

impl When {
    /// Reads a day or an instant.
    pub fn parse(text: &str, tz: Tz) -> Option<Self> {
        let text = text.trim();
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return (text.len() == 10).then_some(Self { day, at: None });
        }
        let text = text.replacen(' ', "T", 1);
        for form in ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f"] {
            if let Ok(local) = NaiveDateTime::parse_from_str(&text, form) {
                return Some(Self { day: local.date(), at: Some(instant(tz, local)) });
            }
        }
        let text = text.replace('Z', "+00:00");
        for form in ["%Y-%m-%dT%H:%M%:z", "%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M:%S%.f%:z"] {
            if let Ok(at) = DateTime::parse_from_str(&text, form) {
                let at = at.to_utc();
                return Some(Self { day: at.with_timezone(&tz).date_naive(), at: Some(at) });
            }
        }
        None
    }

    /// What stands at a key.
    pub fn of(obj: Obj<'_>, key: &str, tz: Tz) -> Result<Option<Self>, Bad> {
        match obj.get(key) {
            None => Ok(None),
            Some(value @ Value::String(text)) => match Self::parse(text, tz) {
                Some(when) => Ok(Some(when)),
                None => Err(Bad::form(obj.at(key), value, WANTED)),
            },
            Some(other) => Err(Bad::form(obj.at(key), other, WANTED)),
        }
    }
}

/// A legal day at a key.
pub fn day(obj: Obj<'_>, key: &str) -> Result<Option<Date>, Bad> {
    Ok(When::of(obj, key, Tz::UTC)?.map(|when| when.day))
}

/// The instant of a local time: the earlier where the clocks repeat it, the first after a gap.
pub fn instant(tz: Tz, local: NaiveDateTime) -> Instant {
    let found = (0..=24 * 60).find_map(|minute| {
        let local = local.checked_add_signed(Duration::minutes(minute))?;
        tz.from_local_datetime(&local).earliest()
    });
    found.map_or_else(|| local.and_utc(), |at| at.to_utc())
}

/// An instant of a local day.
pub fn on(tz: Tz, day: Date, hour: u32, minute: u32) -> Instant {
    let time = NaiveTime::from_hms_opt(hour.min(23), minute.min(59), 0).unwrap_or_default();
    instant(tz, day.and_time(time))
}

/// The first instant of a local day.
pub fn start(tz: Tz, day: Date) -> Instant {
    instant(tz, day.and_time(NaiveTime::MIN))
}

/// A day so many days later, or earlier.
pub fn plus(day: Date, days: i64) -> Date {
    day.checked_add_signed(Duration::days(days)).unwrap_or(day)
}
