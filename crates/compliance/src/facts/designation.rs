//! Times and places that a person finds inconvenient, or asked for.

use chrono::{NaiveTime, Weekday};
use duly_domain::{Date, Instant, PointId};
use serde::{Deserialize, Serialize};

use crate::medium::Medium;
use crate::proposed::Proposed;

/// The days of the week in their order.
pub const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// A set of days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Weekday>", into = "Vec<Weekday>")]
pub struct Weekdays(u8);

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// Whether a day is one of them.
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << (day as u8)) != 0
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |set, day| set | 1 << (day as u8)))
    }
}

impl From<Vec<Weekday>> for Weekdays {
    fn from(days: Vec<Weekday>) -> Self {
        days.into_iter().collect()
    }
}

impl From<Weekdays> for Vec<Weekday> {
    fn from(set: Weekdays) -> Self {
        WEEK.into_iter().filter(|day| set.contains(*day)).collect()
    }
}

/// Times of day, on some days, in the person's local time (in every candidate zone).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Times {
    /// On these days of the week.
    pub days: Weekdays,
    /// From this time of day, itself included; `None`: from midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveTime>,
    /// Until this time of day, itself not included; `None`: until midnight. Before `from`: into the next
    /// day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveTime>,
    /// The first day on which it holds; `None`: from when it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<Date>,
    /// The last day; `None`: until lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<Date>,
}

/// A kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Where the person lives.
    Home,
    /// Where the person works.
    Work,
    /// Anywhere else.
    Other,
}

/// What a person, or somebody who knows, told about when and where to reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DesignationKind {
    /// Not at these times. 12 CFR 1006.6(b)(1)(i).
    NotAt(Times),
    /// Not at this kind of place: bars what is tied to it, post to that address and calls to its
    /// landline. 12 CFR 1006.6(b)(1)(ii).
    NotAtPlace(Place),
    /// The employer forbids contact at work. 12 CFR 1006.6(b)(3).
    EmployerForbids,
    /// Please at these times ("Thursday after five"): planning follows it; it forbids nothing.
    Please(Times),
}

/// One designation: holds until lifted (comment 6(b)(1)-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Designation {
    /// What was told.
    pub kind: DesignationKind,
    /// The medium it names; `None`: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<Medium>,
    /// The number or address it names; `None`: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// When it was received; what the client's file said is known from placement on.
    pub from: Instant,
    /// When it was lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// Whether it was told by word of mouth only (209 CMR 18.16(1)(c)).
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub oral: bool,
}

impl Designation {
    /// One of every medium and number.
    pub const fn new(kind: DesignationKind, from: Instant) -> Self {
        Self { kind, medium: None, point: None, from, until: None, oral: false }
    }

    /// Whether the medium and the number or address of an attempt are those that it names.
    pub fn reaches(&self, proposed: &Proposed) -> bool {
        self.medium.is_none_or(|medium| medium == proposed.medium)
            && (self.point.is_none() || self.point == proposed.point)
    }
}
