//! Policy: the agency calls and texts in its own hours, in its own zone. Letters and e-mails need nobody
//! at a desk.

use chrono::Datelike;
use chrono_tz::Tz;
use duly_domain::{Date, Effect, Instant};

use super::daily::{Daily, DailyState, Pattern};
use super::local_time::{self, Fold, minus, plus};
use super::{Case, Findings};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::AgencyHours;
use crate::medium::Medium;
use crate::span::Span;

static GROUND: Ground = Ground::policy("agency_hours", "policy agency.hours");

/// After so many days the week has come round, and a day more.
const DAYS: u64 = 8;

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    match case.proposed.medium {
        Medium::Call | Medium::Text | Medium::Visit => {}
        Medium::Email | Medium::Mail | Medium::Portal | Medium::Social | Medium::SocialPublic => {
            return;
        }
    }
    let hours = case.facts.agency.hours;
    let pattern = Pattern::Agency(Hours { hours, tz: hours.zone.tz() });
    // Whoever calls the agency has found somebody at a desk.
    let daily = Daily { pattern, except: case.answering(), agreed: Vec::new() };
    out.daily(&daily, &[Span::ALWAYS]);
}

/// The agency's hours.
#[derive(Debug, Clone, Copy)]
pub struct Hours {
    hours: AgencyHours,
    tz: Tz,
}

impl Hours {
    /// What is true at an instant.
    pub(crate) fn state(&self, at: Instant) -> DailyState {
        let today = local_time::date(self.tz, at);
        let open = self.open(today);
        if let Some(Span { until, .. }) = open.filter(|open| open.contains(at)) {
            return DailyState::Open { until };
        }
        // From the last closing to the next opening; a week that never opens is shut for ever.
        let shut = open.map(|open| open.until).filter(|shut| *shut <= at);
        let past = || (1..=DAYS).find_map(|n| self.open(minus(today, n))).map(|open| open.until);
        let opens = open.map(|open| open.from).filter(|opens| *opens > at);
        let coming = || (1..=DAYS).find_map(|n| self.open(plus(today, n))).map(|open| open.from);
        let span = Span {
            from: shut.or_else(past).unwrap_or(at),
            until: opens.or_else(coming).unwrap_or(Instant::MAX_UTC),
        };
        let AgencyHours { zone, from, until, .. } = self.hours;
        let evidence = Evidence::AgencyHours { zone, from, until };
        DailyState::Shut(Blocked { span, effect: Effect::Deny, ground: &GROUND, evidence })
    }

    /// The hours of one local day; none where it is no working day.
    fn open(&self, day: Date) -> Option<Span> {
        let (first, last) = self.hours.days;
        if day.weekday().days_since(first) > last.days_since(first) {
            return None;
        }
        let instant = |time| local_time::instant(self.tz, day, time, Fold::Earlier);
        let open = Span::new(instant(self.hours.from), instant(self.hours.until));
        (!open.is_empty()).then_some(open)
    }
}

#[cfg(test)]
mod tests;
