//! When a person would like to be reached. A wish forbids nothing and no rule reads it: whoever plans an
//! attempt looks for a permitted time within it first.

use chrono::Weekday;
use duly_domain::Instant;

use crate::facts::designation::WEEK;
use crate::facts::{Designation, DesignationKind, Facts, Times};
use crate::proposed::Proposed;
use crate::rules::weekly::{Around, Weekly};
use crate::rules::{candidate_zones, local_time, standing};

/// What a person asked for, as it concerns one medium: through whichever number it comes, since a wish is
/// about the time.
#[derive(Debug, Clone)]
pub struct Wishes(Vec<Wish>);

#[derive(Debug, Clone)]
struct Wish {
    times: Times,
    /// In every zone where the person may be.
    windows: Vec<Weekly>,
}

/// The wishes that stand at an instant, and are not over, for a proposed attempt.
pub fn wishes(facts: &Facts, proposed: &Proposed, at: Instant) -> Wishes {
    // Most persons ask for nothing.
    let is_wish = |told: &Designation| matches!(told.kind, DesignationKind::Please(_));
    if !facts.designations.iter().any(is_wish) {
        return Wishes(Vec::new());
    }
    let (zones, _) = candidate_zones(facts, proposed.point);
    let over = |times: &Times| {
        let today = zones.iter().map(|(_, tz)| local_time::date(*tz, at)).min();
        // The window of the last day may reach into the day after it.
        times.last_day.zip(today).is_some_and(|(last, today)| local_time::plus(last, 1) < today)
    };
    let asked = facts.designations.iter().filter_map(|told| {
        let DesignationKind::Please(times) = told.kind else { return None };
        let stands = standing(told.from, told.until);
        let concerns = told.medium.is_none_or(|medium| medium == proposed.medium);
        if !concerns || !stands.contains(at) || over(&times) {
            return None;
        }
        let windows = zones.iter().map(|(_, tz)| Weekly::allowed(times, *tz, stands));
        Some(Wish { times, windows: windows.collect() })
    });
    Wishes(asked.collect())
}

impl Wishes {
    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first instant from here on, itself included, and before `until`, that lies within what was
    /// asked for wherever the person may be.
    pub fn next(&self, after: Instant, until: Instant) -> Option<Instant> {
        self.0.iter().filter_map(|wish| wish.next(after, until)).min()
    }

    /// What was asked for: `on Thursday from 17:00`.
    pub fn words(&self) -> String {
        let each: Vec<String> = self.0.iter().map(|wish| words(&wish.times)).collect();
        each.join(", or ")
    }
}

impl Wish {
    fn next(&self, after: Instant, until: Instant) -> Option<Instant> {
        let mut at = after;
        while at < until && !self.windows.is_empty() {
            let gap = self.windows.iter().find_map(|window| match window.around(at) {
                Around::In(_) => None,
                Around::Out(gap) => Some(gap),
            });
            match gap {
                None => return Some(at),
                Some(gap) => at = gap.until,
            }
        }
        None
    }
}

fn words(times: &Times) -> String {
    let days: Vec<Weekday> = times.days.into();
    let mut words = if days.len() == WEEK.len() {
        "on any day".to_owned()
    } else {
        let names: Vec<&str> = days.into_iter().map(name).collect();
        format!("on {}", names.join(", "))
    };
    if let Some(from) = times.from {
        words += &format!(" from {}", from.format("%H:%M"));
    }
    if let Some(until) = times.until {
        words += &format!(" until {}", until.format("%H:%M"));
    }
    match (times.first_day, times.last_day) {
        (Some(first), Some(last)) if first == last => words += &format!(" ({first})"),
        (first, last) => {
            if let Some(first) = first {
                words += &format!(" (from {first} on)");
            }
            if let Some(last) = last {
                words += &format!(" (to {last})");
            }
        }
    }
    words
}

const fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

#[cfg(test)]
mod tests;
