//! The coming days of one person: when each attempt is permitted, when not and why, and what falls due.
//! To be drawn; it decides nothing that [`evaluate`] and [`due`] do not say.

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use duly_domain::{Date, Instant, Zone};

use crate::blocked::Blocked;
use crate::duties::{Kind, Obligation, due};
use crate::evaluation::evaluate;
use crate::facts::Facts;
use crate::proposed::Proposed;
use crate::rules::candidate_zones;
use crate::rules::local_time::{plus, start_of_day};
use crate::span::Span;

/// Some days of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The zone by which days and times are told: the first in which a number or address says that the
    /// person may be; the agency's where none does.
    pub zone: Zone,
    /// The days, from the one asked from.
    pub days: Vec<CalendarDay>,
    /// What is owed from before, or without a day.
    pub owed: Vec<Obligation>,
}

/// One local day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The person's local date.
    pub on: Date,
    /// The day; the first one begins at the instant asked from.
    pub span: Span,
    /// One for each proposed attempt, in their order: its stretches, which follow one another and fill
    /// the day.
    pub attempts: Vec<Vec<Stretch>>,
    /// Duties that are due by the end of this day, by the agency's date.
    pub due: Vec<Obligation>,
    /// Timers that end with it.
    pub ends: Vec<Obligation>,
}

/// A stretch of a day in which the same rules speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// When.
    pub span: Span,
    /// The person's local time at its start.
    pub from: NaiveDateTime,
    /// And at its end.
    pub until: NaiveDateTime,
    /// What stands against the attempt, one per rule, authority and effect; empty: it is permitted.
    pub against: Vec<Blocked>,
}

impl Stretch {
    /// Whether the attempt is permitted in it.
    pub fn is_permitted(&self) -> bool {
        self.against.is_empty()
    }
}

/// The days that begin with the one that holds `from`, in the person's local time.
pub fn calendar(facts: &Facts, proposals: &[Proposed], days: u16, from: Instant) -> Calendar {
    let from = from.clamp(Span::JUDGED.from, Span::JUDGED.until);
    let (zones, _) = candidate_zones(facts, None);
    let agency = facts.agency.hours.zone;
    let zone = zones.first().map_or(agency, |(zone, _)| *zone);
    let local = zone.tz();
    let first = from.with_timezone(&local).date_naive();
    let day = |n: u16| plus(first, u64::from(n));
    let spans: Vec<(Date, Span)> = (0..days)
        .map(|n| {
            let begins = start_of_day(local, day(n)).max(from);
            (day(n), Span::new(begins, start_of_day(local, day(n + 1))))
        })
        .collect();
    let whole = Span::new(from, spans.last().map_or(from, |(_, span)| span.until));
    let blocked: Vec<Vec<Blocked>> =
        proposals.iter().map(|proposed| evaluate(facts, proposed, whole).blocked()).collect();
    let (owed, coming) = obligations(facts, from, agency.local_date(from));
    let on_day = |on: Date, timers: bool| {
        let is_timer = |owed: &&Obligation| (owed.duty.kind == Kind::Timer) == timers;
        let of_day = coming.iter().filter(is_timer).filter(|owed| owed.due.on() == Some(on));
        of_day.copied().collect()
    };
    let days = spans.iter().map(|(on, span)| CalendarDay {
        on: *on,
        span: *span,
        attempts: blocked.iter().map(|blocked| stretches(blocked, *span, local)).collect(),
        due: on_day(*on, false),
        ends: on_day(*on, true),
    });
    Calendar { zone, days: days.collect(), owed }
}

/// What is owed at an instant: from before its day or without one; and what has a day to come, timers
/// that run included.
fn obligations(facts: &Facts, at: Instant, today: Date) -> (Vec<Obligation>, Vec<Obligation>) {
    let running = |owed: &Obligation| matches!(owed.state, crate::duties::State::Running);
    let all = due(facts, at).into_iter().filter(|owed| owed.is_owed() || running(owed));
    all.partition(|owed| owed.due.on().is_none_or(|on| on < today))
}

/// Cuts a span where what stands against the attempt changes.
fn stretches(blocked: &[Blocked], day: Span, local: Tz) -> Vec<Stretch> {
    let here = |blocked: &&Blocked| !blocked.span.intersect(day).is_empty();
    let blocked: Vec<Blocked> = blocked.iter().filter(here).copied().collect();
    let mut cuts: Vec<Instant> = blocked
        .iter()
        .flat_map(|blocked| [blocked.span.from, blocked.span.until])
        .filter(|cut| day.contains(*cut))
        .chain([day.from, day.until])
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut all: Vec<Stretch> = Vec::new();
    for cut in cuts.windows(2) {
        let &[from, until] = cut else { continue };
        let mut against = Vec::new();
        for one in blocked.iter().filter(|blocked| blocked.span.contains(from)) {
            add(&mut against, *one);
        }
        let span = Span::new(from, until);
        match all.last_mut() {
            Some(last) if rules(&last.against) == rules(&against) => {
                last.span.until = until;
                last.until = clock(until, local);
                against.into_iter().for_each(|one| add(&mut last.against, one));
            }
            _ => all.push(Stretch {
                span,
                from: clock(from, local),
                until: clock(until, local),
                against,
            }),
        }
    }
    all
}

fn clock(at: Instant, local: Tz) -> NaiveDateTime {
    at.with_timezone(&local).naive_local()
}

/// Adds one that is not there yet; of two that say the same, the one that lasts longer stays.
fn add(against: &mut Vec<Blocked>, one: Blocked) {
    let same = |kept: &&mut Blocked| {
        kept.ground.rule == one.ground.rule
            && kept.ground.authority == one.ground.authority
            && kept.effect == one.effect
    };
    match against.iter_mut().find(same) {
        Some(kept) if kept.span.until < one.span.until => *kept = one,
        Some(_) => {}
        None => against.push(one),
    }
}

/// The rules that speak, whatever their authority: the edge of the night, shut by policy, is night.
fn rules(against: &[Blocked]) -> Vec<&'static str> {
    let mut rules: Vec<_> = against.iter().map(|blocked| blocked.ground.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[cfg(test)]
mod tests;
