//! Settings of contact.

use chrono::{NaiveTime, TimeDelta};
use duly_compliance::{AgencyHours, AgencyPolicy};
use duly_domain::{Instant, Zone};
use serde::{Deserialize, Deserializer, de};

/// `[services.contact]`, `DULY_SERVICES__CONTACT__HOURS_FROM`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Settings")]
pub struct Config {
    hours_from: NaiveTime,
    hours_until: NaiveTime,
}

/// The settings as they are written.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// When the agency begins to call and text, in its own zone, Monday to Friday: `09:00`.
    #[serde(deserialize_with = "time")]
    hours_from: NaiveTime,
    /// When it ends: `18:00`.
    #[serde(deserialize_with = "time")]
    hours_until: NaiveTime,
}

impl Default for Settings {
    fn default() -> Self {
        Self { hours_from: HOURS.0, hours_until: HOURS.1 }
    }
}

impl TryFrom<Settings> for Config {
    type Error = &'static str;

    fn try_from(settings: Settings) -> Result<Self, &'static str> {
        let Settings { hours_from, hours_until } = settings;
        if hours_until <= hours_from {
            return Err("hours_until is not after hours_from: the agency would never call");
        }
        Ok(Self { hours_from, hours_until })
    }
}

/// Nine in the morning and six in the evening.
const HOURS: (NaiveTime, NaiveTime) = (
    NaiveTime::from_hms_opt(9, 0, 0).expect("nine in the morning is a time"),
    NaiveTime::from_hms_opt(18, 0, 0).expect("six in the evening is a time"),
);

impl Default for Config {
    fn default() -> Self {
        Self { hours_from: HOURS.0, hours_until: HOURS.1 }
    }
}

impl Config {
    /// What the guard reads of it.
    pub(crate) fn policy(&self, zone: Zone) -> AgencyPolicy {
        AgencyPolicy { hours: AgencyHours::weekdays(zone, self.hours_from, self.hours_until) }
    }

    /// The first instant from here on, itself included, at which the agency calls.
    pub(crate) fn open_at(&self, at: Instant, zone: Zone) -> Instant {
        use chrono::{Datelike as _, Weekday};
        let today = zone.local_date(at);
        for day in today.iter_days().take(8) {
            if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                continue;
            }
            let midnight = zone.start_of_day(day);
            let since = |time: NaiveTime| time.signed_duration_since(NaiveTime::MIN);
            let (from, until): (TimeDelta, TimeDelta) =
                (since(self.hours_from), since(self.hours_until));
            if at < midnight + until {
                return at.max(midnight + from);
            }
        }
        // A week holds a working day; hours that never open are the guard's to refuse.
        at
    }
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(from)?;
    NaiveTime::parse_from_str(&text, "%H:%M")
        .map_err(|_| de::Error::custom("is no time of day such as 09:00"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn calls_begin_when_the_agency_opens() {
        let (config, zone) = (Config::default(), "America/New_York".parse().unwrap());
        let open = |text| config.open_at(at(text), zone);
        assert_eq!(open("2026-01-05T15:00:00Z"), at("2026-01-05T15:00:00Z"));
        assert_eq!(open("2026-01-05T05:00:00Z"), at("2026-01-05T14:00:00Z"));
        assert_eq!(open("2026-01-05T23:00:00Z"), at("2026-01-06T14:00:00Z"));
        assert_eq!(open("2026-01-09T23:00:00Z"), at("2026-01-12T14:00:00Z"));
        assert_eq!(open("2026-07-04T16:00:00Z"), at("2026-07-06T13:00:00Z"));
    }

    #[test]
    fn a_setting_that_is_no_time_or_unknown_is_refused() {
        let read = |json: &str| serde_json::from_str::<Config>(json);
        assert_eq!(
            read(r#"{"hours_from":"10:30"}"#).unwrap().hours_from,
            NaiveTime::from_hms_opt(10, 30, 0).unwrap()
        );
        assert!(read(r#"{"hours_from":"ten"}"#).is_err());
        assert!(read(r#"{"hour_from":"10:30"}"#).is_err());
        assert!(read(r#"{"hours_from":"18:00"}"#).is_err());
    }
}
