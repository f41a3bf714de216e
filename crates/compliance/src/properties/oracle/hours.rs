//! Times of day: 12 CFR 1006.6(b)(1)(i) in every place, the person's own times, and the agency's hours.

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use duly_domain::Instant;

use super::clock::{Doubt, clock, local, window};
use super::lifted::{Bar, agreed_time, lifted};
use super::{Now, Said, tz};
use crate::*;

/// Hours of one text.
#[derive(Debug, Clone, Copy)]
pub struct Hours {
    pub from: NaiveTime,
    pub until: NaiveTime,
    /// Whether the instants of opening and closing are shut by the text ("after 8 and before 9"), or by the
    /// choice between two readings.
    pub edges_by_text: bool,
    /// Whether consent to a time opens what the text shuts.
    pub by_consent: bool,
}

/// 4.1a: "08:00:00 < t < 21:00:00 local in every candidate zone", the edges by choice.
fn federal() -> Hours {
    Hours { from: clock(8, 0), until: clock(21, 0), edges_by_text: false, by_consent: true }
}

/// Law for consumers, policy for humans on commercial debts. Post has no hours.
pub fn judge(now: &Now<'_>, said: &mut Said) {
    if now.proposed.medium == Medium::Mail || !now.human() || now.professional() {
        return;
    }
    if now.unknown || now.zones.is_empty() {
        said.hold("local_hours");
    }
    if now.zones.iter().any(|tz| shut(now, &federal(), *tz)) {
        said.deny("local_hours");
    }
    inconvenient(now, said);
}

/// Whether hours shut a zone now, for whoever may not be spoken to there.
pub fn shut(now: &Now<'_>, hours: &Hours, tz: Tz) -> bool {
    let opened = hours.by_consent
        && (lifted(now, Bar::Time, &now.proposed.accounts) || agreed_time(now, tz));
    hours.open(tz, now.at).is_none_or(|open| !open) && !opened && !same_night(now, hours, tz)
}

impl Hours {
    /// Whether it is open; `None` in the seconds that are shut by choice.
    fn open(&self, tz: Tz, at: Instant) -> Option<bool> {
        let time = local(tz, at).time();
        let edge = time == self.from || time == self.until;
        (!edge || self.edges_by_text).then_some(self.from < time && time < self.until)
    }

    /// The day on which the night began that holds an instant.
    fn night(&self, tz: Tz, at: Instant) -> Option<NaiveDate> {
        let now = local(tz, at);
        let evening = now.time() >= self.until;
        let began = if evening { Some(now.date()) } else { now.date().pred_opt() };
        began.filter(|_| self.open(tz, at) == Some(false))
    }
}

/// Comment 6(b)(1)-2: a contact made at night is answered in that night; a session while it lasts. The
/// seconds that are shut by choice belong to no night.
fn same_night(now: &Now<'_>, hours: &Hours, tz: Tz) -> bool {
    let Some(contact) = now.contact.filter(|_| now.answers()) else { return false };
    let night = hours.night(tz, now.at);
    contact.ended_at.is_some() || (night.is_some() && hours.night(tz, contact.at) == night)
}

/// Comment 6(b)(1)-1: times that are known to be inconvenient, until lifted, in every place.
fn inconvenient(now: &Now<'_>, said: &mut Said) {
    if lifted(now, Bar::Time, &now.proposed.accounts) {
        return;
    }
    for told in &now.facts.designations {
        let DesignationKind::NotAt(times) = told.kind else { continue };
        if !now.stands(told.from, told.until) || !now.names(told.medium, told.point) {
            continue;
        }
        let barred = |tz: &Tz| {
            let here = window(times, *tz, Doubt::Wide, now.at);
            let same = |contact: &Inbound| {
                let known = told.from <= contact.at;
                contact.ended_at.is_some()
                    || (known && window(times, *tz, Doubt::Wide, contact.at) == here)
            };
            let answers = now.answers() && now.contact.is_some_and(same);
            here.is_some() && !answers && !agreed_time(now, *tz)
        };
        if now.zones.iter().any(barred) {
            said.deny("inconvenient_time");
        }
    }
}

/// The agency's own hours, for what needs somebody at a desk or on the road.
pub fn agency(now: &Now<'_>, said: &mut Said) {
    let staffed = matches!(now.proposed.medium, Medium::Call | Medium::Text | Medium::Visit);
    if !staffed || now.answers() {
        return;
    }
    let AgencyHours { zone, from, until, days: (first, last) } = now.facts.agency.hours;
    let local = now.at.with_timezone(&tz(zone)).naive_local();
    if !week(first, last).contains(&local.weekday()) || local.time() < from || local.time() >= until
    {
        said.deny("agency_hours");
    }
}

/// The days from one to another, both included.
fn week(first: Weekday, last: Weekday) -> Vec<Weekday> {
    let mut days = vec![first];
    while days[days.len() - 1] != last {
        days.push(days[days.len() - 1].succ());
    }
    days
}
