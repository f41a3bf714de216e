//! Times of day on days of the week, in one zone, worked out where they are asked for.

use chrono::{Datelike, NaiveTime};
use chrono_tz::Tz;
use duly_domain::{Date, Instant};

use super::local_time::{self, Fold, minus, plus};
use crate::facts::Times;
use crate::span::Span;

/// After so many days the week has come round, and a day more.
const DAYS: u64 = 8;

/// What is true of an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// This window holds it.
    In(Span),
    /// No window holds it: at least this stretch is free of windows.
    Out(Span),
}

/// Windows that come back, as far as they lie in a stretch of time.
#[derive(Debug, Clone, Copy)]
pub struct Weekly {
    times: Times,
    tz: Tz,
    standing: Span,
    /// Which instant is meant where the clocks repeat the first, and the last, time of a window.
    folds: (Fold, Fold),
}

impl Weekly {
    /// Times that are barred: in doubt the window is wide.
    pub(crate) fn barred(times: Times, tz: Tz, standing: Span) -> Self {
        Self { times, tz, standing, folds: (Fold::Earlier, Fold::Later) }
    }

    /// Times that are allowed: in doubt the window is narrow.
    pub(crate) fn allowed(times: Times, tz: Tz, standing: Span) -> Self {
        Self { times, tz, standing, folds: (Fold::Later, Fold::Earlier) }
    }

    /// What is true of an instant.
    pub(crate) fn around(&self, at: Instant) -> Around {
        let today = local_time::date(self.tz, at);
        let free = |day| local_time::start_of_day(self.tz, day);
        let mut gap = Span::new(free(minus(today, 2)).min(at), free(plus(today, DAYS)));
        // A window of yesterday may reach into today.
        for day in (0..=DAYS).map(|n| plus(minus(today, 1), n)) {
            let Some(window) = self.window(day) else { continue };
            if window.contains(at) {
                return Around::In(window);
            }
            if window.until <= at {
                gap.from = gap.from.max(window.until);
            } else {
                gap.until = window.from;
                break;
            }
        }
        Around::Out(gap)
    }

    /// The window that begins on a local day.
    fn window(&self, day: Date) -> Option<Span> {
        let Times { days, from, until, first_day, last_day } = self.times;
        let early = first_day.is_some_and(|first| day < first);
        let late = last_day.is_some_and(|last| last < day);
        if !days.contains(day.weekday()) || early || late {
            return None;
        }
        let from = from.unwrap_or(NaiveTime::MIN);
        let until = until.unwrap_or(NaiveTime::MIN);
        let ends_on = if until > from { day } else { plus(day, 1) };
        let window = Span {
            from: local_time::instant(self.tz, day, from, self.folds.0),
            until: local_time::instant(self.tz, ends_on, until, self.folds.1),
        };
        Some(window.intersect(self.standing)).filter(|window| !window.is_empty())
    }
}

#[cfg(test)]
mod tests;
