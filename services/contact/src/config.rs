//! Settings of contact.

use std::{num::NonZeroU32, path::PathBuf, sync::LazyLock};

use chrono::{NaiveTime, TimeDelta};
use duly_compliance::{AgencyHours, AgencyPolicy};
use duly_domain::{Instant, Zone};
use duly_platform::config::SecretText;
use serde::{Deserialize, Deserializer, de};

use crate::{
    error::{ContactError, Result},
    policy::Policy,
    text_gateway::{TextGateway, TextUrl},
};

/// `[services.contact]`, `DULY_SERVICES__CONTACT__HOURS_FROM`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Settings")]
pub struct Config {
    hours_from: NaiveTime,
    hours_until: NaiveTime,
    lift_by_second_person: bool,
    /// `None`: no file was named.
    policy: Option<Policy>,
    calls_per_hour: Option<NonZeroU32>,
    texts: Option<TextGateway>,
    text_keyed: bool,
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
    /// Whether another than who placed a stop or designation must lift it: `false`.
    lift_by_second_person: bool,
    /// The YAML file of the agency's limits and licences; without one the agency's default holds and
    /// licences are not checked.
    #[serde(deserialize_with = "policy")]
    policy: Option<Policy>,
    /// How many of the calls that strategies ask for the agency's collectors make in an hour, spread evenly
    /// over its ticks. Not set: as many as are asked for.
    calls_per_hour: Option<NonZeroU32>,
    /// Where texts are posted, `https://sms.example.org/texts`. Not set: no text leaves.
    text_url: Option<TextUrl>,
    /// The bearer token for it.
    text_token: Option<SecretText>,
    /// Whether the gateway takes one `Idempotency-Key` once: a text whose sending was cut off is then posted
    /// again under the same key. `false`: it is recorded as unknown instead.
    text_keyed: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hours_from: HOURS.0,
            hours_until: HOURS.1,
            lift_by_second_person: false,
            policy: None,
            calls_per_hour: None,
            text_url: None,
            text_token: None,
            text_keyed: false,
        }
    }
}

impl TryFrom<Settings> for Config {
    type Error = &'static str;

    fn try_from(settings: Settings) -> std::result::Result<Self, &'static str> {
        let Settings {
            hours_from,
            hours_until,
            lift_by_second_person,
            policy,
            calls_per_hour,
            text_url,
            text_token,
            text_keyed,
        } = settings;
        if hours_until <= hours_from {
            return Err("hours_until is not after hours_from: the agency would never call");
        }
        let texts = text_url.map(|url| TextGateway { url, token: text_token });
        Ok(Self {
            hours_from,
            hours_until,
            lift_by_second_person,
            policy,
            calls_per_hour,
            texts,
            text_keyed,
        })
    }
}

/// Nine in the morning and six in the evening.
const HOURS: (NaiveTime, NaiveTime) = (
    NaiveTime::from_hms_opt(9, 0, 0).expect("nine in the morning is a time"),
    NaiveTime::from_hms_opt(18, 0, 0).expect("six in the evening is a time"),
);

impl Default for Config {
    fn default() -> Self {
        Self {
            hours_from: HOURS.0,
            hours_until: HOURS.1,
            lift_by_second_person: false,
            policy: None,
            calls_per_hour: None,
            texts: None,
            text_keyed: false,
        }
    }
}

impl Config {
    /// With this policy, where no file of one was named.
    #[must_use]
    pub fn or_policy(self, policy: Policy) -> Self {
        Self { policy: self.policy.or(Some(policy)), ..self }
    }

    /// Whether contact is held or denied where a licence of the agency is missing.
    #[must_use]
    pub fn checks_licences(&self) -> bool {
        self.policy.as_ref().is_some_and(Policy::checks_licences)
    }

    /// The agency's limits and licences.
    pub(crate) fn limits(&self) -> &Policy {
        static DEFAULT: LazyLock<Policy> = LazyLock::new(Policy::default);
        self.policy.as_ref().unwrap_or(&DEFAULT)
    }

    /// That another than who placed a stop or designation must lift it.
    #[must_use]
    pub fn lift_by_second_person(self) -> Self {
        Self { lift_by_second_person: true, ..self }
    }

    /// That the agency's collectors make so many of the planned calls in an hour.
    #[must_use]
    pub fn with_calls_per_hour(self, calls: NonZeroU32) -> Self {
        Self { calls_per_hour: Some(calls), ..self }
    }

    /// That texts are posted there.
    #[must_use]
    pub fn with_text_gateway(self, url: TextUrl, token: Option<SecretText>) -> Self {
        Self { texts: Some(TextGateway { url, token }), ..self }
    }

    /// That the gateway takes one idempotency key once.
    #[must_use]
    pub fn with_keyed_texts(self) -> Self {
        Self { text_keyed: true, ..self }
    }

    /// Where texts are posted; `None`: nowhere.
    pub(crate) fn text_gateway(&self) -> Option<&TextGateway> {
        self.texts.as_ref()
    }

    /// Whether a text may be posted again under its key.
    pub(crate) fn text_keyed(&self) -> bool {
        self.text_keyed
    }

    /// How many planned calls an hour holds; `None`: any number.
    pub(crate) fn calls_per_hour(&self) -> Option<NonZeroU32> {
        self.calls_per_hour
    }

    /// Whether this actor may lift what that one placed. One person with two roles is one person.
    pub(crate) fn may_lift(&self, placed_by: &str, actor: &str) -> Result<()> {
        let subject = |actor: &str| actor.split_once(':').map(|(_, subject)| subject.to_owned());
        if self.lift_by_second_person && subject(placed_by) == subject(actor) {
            return Err(ContactError::SecondPerson);
        }
        Ok(())
    }

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

fn time<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<NaiveTime, D::Error> {
    let text = String::deserialize(from)?;
    NaiveTime::parse_from_str(&text, "%H:%M")
        .map_err(|_| de::Error::custom("is no time of day such as 09:00"))
}

fn policy<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Policy>, D::Error> {
    let Some(path) = Option::<PathBuf>::deserialize(from)? else { return Ok(None) };
    Policy::read(&path).map(Some).map_err(de::Error::custom)
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
    fn a_second_person_is_another_subject_whatever_its_role() {
        let strict = Config::default().lift_by_second_person();
        assert!(Config::default().may_lift("manager:ann", "manager:ann").is_ok());
        assert!(strict.may_lift("collector:ann", "manager:ann").is_err());
        assert!(strict.may_lift("collector:ann", "manager:bob").is_ok());
        assert!(strict.may_lift("service:contact", "manager:bob").is_ok());
    }

    #[test]
    fn the_policy_is_read_from_the_file_that_is_named() {
        let read = |path: &str| {
            serde_json::from_value::<Config>(serde_json::json!({ "policy": path }))
                .map_err(|error| error.to_string())
        };
        let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/agency.yaml");
        assert!(read(demo).unwrap().checks_licences());
        assert!(!Config::default().checks_licences());
        let said = read("/nowhere/agency.yaml").unwrap_err();
        assert!(said.contains("/nowhere/agency.yaml cannot be read"), "{said}");
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
        assert!(read(r#"{"calls_per_hour":0}"#).is_err());
        assert!(read(r#"{"text_url":"https://user:password@sms.example.org"}"#).is_err());
        let texts =
            read(r#"{"text_url":"https://sms.example.org/v1","text_token":"s3cret"}"#).unwrap();
        assert!(!format!("{texts:?}").contains("s3cret"));
    }
}
