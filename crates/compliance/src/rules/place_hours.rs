//! Hours of a state or city: the same daily pattern with its own times, edges and authority.
//!
//! Where the words are "after 8 and before 9" the two instants themselves are shut by law; where they are
//! "before 8 or after 9" is shut, by policy.

use chrono::NaiveTime;
use chrono_tz::Tz;
use duly_domain::{Instant, Zone};

use super::daily::{Daily, DailyState, Pattern};
use super::lifted::{self, Bar};
use super::local_time::{self, Fold, minus, plus};
use super::{Case, Findings};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::span::{Span, Spans};

/// A time of day.
pub(crate) const fn clock(hour: u32, minute: u32, second: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, second).expect("a time of day")
}

/// The hours of one text, at a resolution of one second.
#[derive(Debug)]
pub struct Clock {
    /// The first second that the text no longer calls too early.
    pub(crate) night_ends: NaiveTime,
    /// The first second that is open.
    pub(crate) opens: NaiveTime,
    /// The first second that is shut again.
    pub(crate) shuts: NaiveTime,
    /// The first second that the text calls too late.
    pub(crate) night_begins: NaiveTime,
    /// What shuts the night.
    pub(crate) night: &'static Ground,
    /// What shuts the seconds between the night and the open hours.
    pub(crate) edge: &'static Ground,
    /// The open hours in words.
    pub(crate) what: &'static str,
}

impl Clock {
    /// "Not before `from` or after `until`": both instants are shut by policy.
    pub(crate) const fn not_before_or_after(
        from: (u32, u32),
        until: (u32, u32),
        night: &'static Ground,
        edge: &'static Ground,
        what: &'static str,
    ) -> Self {
        Self {
            night_ends: clock(from.0, from.1, 0),
            opens: clock(from.0, from.1, 1),
            shuts: clock(until.0, until.1, 0),
            night_begins: clock(until.0, until.1, 1),
            night,
            edge,
            what,
        }
    }

    /// "After `from` and before `until`": both instants are shut by the text itself.
    pub(crate) const fn after_and_before(
        from: (u32, u32),
        until: (u32, u32),
        night: &'static Ground,
        what: &'static str,
    ) -> Self {
        let (opens, shuts) = (clock(from.0, from.1, 1), clock(until.0, until.1, 0));
        Self { night_ends: opens, opens, shuts, night_begins: shuts, night, edge: night, what }
    }
}

/// Whether the person's consent, or a court's permission, opens what a text shuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// The text says so: as under 12 CFR 1006.6(b)(4).
    Opens,
    /// The text does not, or its words on it were not read.
    OpensNothing,
}

/// Shuts what lies outside the hours in each of these zones, but to counsel, creditors and reporting agencies.
/// A contact that the person began in a shut stretch is answered within that stretch.
pub(crate) fn shut_outside(
    case: &Case<'_>,
    zones: &[(Zone, Tz)],
    clock: &'static Clock,
    consent: Consent,
    out: &mut Findings,
) {
    if case.proposed.recipient.is_professional() {
        return;
    }
    let debts = &case.proposed.accounts;
    let (opened, opens) = match consent {
        Consent::Opens => (lifted::spans(case, Bar::Time, debts), true),
        Consent::OpensNothing => (Spans::new(), false),
    };
    let within = Span::ALWAYS.outside(&opened);
    for (_, tz) in zones {
        let hours = Hours { tz: *tz, clock };
        let except = case.answering_within(|at| match hours.state(at) {
            DailyState::Open { .. } => None,
            DailyState::Shut(shut) => Some(shut.span),
        });
        let agreed = if opens { lifted::times(case, debts, *tz) } else { Vec::new() };
        out.daily(&Daily { pattern: Pattern::Place(hours), except, agreed }, &within);
    }
}

/// The hours of one text in one zone.
#[derive(Debug, Clone, Copy)]
pub struct Hours {
    tz: Tz,
    clock: &'static Clock,
}

impl Hours {
    /// What is true at an instant.
    pub(crate) fn state(&self, at: Instant) -> DailyState {
        let Clock { night_ends, opens, shuts, night_begins, night, edge, what } = *self.clock;
        let (day, time) = local_time::local(self.tz, at);
        // Where the clocks repeat one of these times, it opens at the later and shuts at the earlier.
        let later = |time, day| local_time::instant(self.tz, day, time, Fold::Later);
        let earlier = |time, day| local_time::instant(self.tz, day, time, Fold::Earlier);
        let (from, until, ground) = if time < night_ends {
            (earlier(night_begins, minus(day, 1)), later(night_ends, day), night)
        } else if time < opens {
            (later(night_ends, day), later(opens, day), edge)
        } else if time < shuts {
            let until = earlier(shuts, day);
            // A repeated closing that is still to come a second time is shut since the first.
            if until > at {
                return DailyState::Open { until };
            }
            (until, later(shuts, day), night)
        } else if time < night_begins {
            (earlier(shuts, day), earlier(night_begins, day), edge)
        } else {
            (earlier(night_begins, day), later(night_ends, plus(day, 1)), night)
        };
        // A day on which the clocks skip one of the edges never leaves the instant uncovered.
        let span = Span::new(from.min(at), until.max(at + chrono::Duration::seconds(1)));
        let evidence = Evidence::PlaceHours(what);
        DailyState::Shut(Blocked { span, effect: ground.effect(), ground, evidence })
    }
}

#[cfg(test)]
mod tests;
