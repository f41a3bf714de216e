//! 12 CFR 1006.6(b)(1)(i): no contact before 8:00 in the morning or after 9:00 in the evening, local time
//! where the person is.
//!
//! Where signals conflict the time must suit in every place in which the person may be (comment
//! 6(b)(1)(i)-2). Binds every medium but the post, an electronic message by when it is sent (comment
//! 6(b)(1)(i)-1); no text dates a letter to an hour.

use chrono::NaiveTime;
use chrono_tz::Tz;
use duly_domain::{Effect, Instant, Zone};

use super::daily::{Daily, DailyState, Pattern};
use super::lifted::{self, Bar};
use super::local_time::{self, Fold, minus, plus};
use super::{Case, Findings, Regime};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::span::Span;

/// The first convenient time of a day is after this. 12 CFR 1006.6(b)(1)(i): "before 8:00 a.m." is
/// inconvenient; 15 USC 1692c(a)(1): "after 8 o'clock antemeridian" is convenient.
const OPENS: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).expect("8:00 is a time of day");
/// The last convenient time of a day is before this: "after 9:00 p.m.", "before 9 o'clock postmeridian".
const SHUTS: NaiveTime = NaiveTime::from_hms_opt(21, 0, 0).expect("21:00 is a time of day");
/// At a resolution of one second, the first second that both readings call convenient.
const OPEN_FROM: NaiveTime = NaiveTime::from_hms_opt(8, 0, 1).expect("8:00:01 is a time of day");
/// The first second that both readings call inconvenient.
const SHUT_FROM: NaiveTime = NaiveTime::from_hms_opt(21, 0, 1).expect("21:00:01 is a time of day");

const RULE: &str = "local_hours";
static LAW: Ground = Ground::law(RULE, "12 CFR 1006.6(b)(1)(i)");
/// 8:00:00 and 21:00:00 themselves are shut by choice: the open interval is lawful by both readings.
static EDGE: Ground = Ground::policy(RULE, "policy time.edge");
static ZONE_UNKNOWN: Ground = Ground::policy(RULE, "policy time.zone_unknown");
static COMMERCIAL: Ground = Ground::policy(RULE, "policy commercial.local_hours");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if case.any(Regime::Consumer) {
        local_hours(case, &LAW, &EDGE, out);
    }
}

/// Natural persons on commercial debts.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    if case.any(Regime::NaturalPerson) {
        local_hours(case, &COMMERCIAL, &COMMERCIAL, out);
    }
}

fn local_hours(case: &Case<'_>, night: &'static Ground, edge: &'static Ground, out: &mut Findings) {
    if !case.proposed.medium.has_hours() || case.proposed.recipient.is_professional() {
        return;
    }
    if case.zone_unknown {
        out.hold(Span::ALWAYS, &ZONE_UNKNOWN, Evidence::UnknownZone);
    } else if case.zones.is_empty() {
        out.hold(Span::ALWAYS, &ZONE_UNKNOWN, Evidence::NoZone);
    }
    // Where the person agreed to more, and where a court permits it: 1006.6(b)(4).
    let debts = &case.proposed.accounts;
    let within = Span::ALWAYS.outside(&lifted::spans(case, Bar::Time, debts));
    for (zone, tz) in &case.zones {
        let hours = Hours { zone: *zone, tz: *tz, night, edge };
        // A contact that the person began in a shut stretch is answered within that stretch.
        let except = case.answering_within(|at| match hours.state(at) {
            DailyState::Open { .. } => None,
            DailyState::Shut(shut) => Some(shut.span),
        });
        let agreed = lifted::times(case, debts, *tz);
        out.daily(&Daily { pattern: Pattern::Local(hours), except, agreed }, &within);
    }
}

/// The hours of one zone.
#[derive(Debug, Clone, Copy)]
pub struct Hours {
    zone: Zone,
    tz: Tz,
    night: &'static Ground,
    edge: &'static Ground,
}

impl Hours {
    /// What is true at an instant.
    pub(crate) fn state(&self, at: Instant) -> DailyState {
        let (day, time) = local_time::local(self.tz, at);
        // Where the clocks repeat one of these times, it opens at the later and shuts at the earlier.
        let opens = |time, day| local_time::instant(self.tz, day, time, Fold::Later);
        let shuts = |time, day| local_time::instant(self.tz, day, time, Fold::Earlier);
        let (span, ground) = if time < OPENS {
            (Span::new(shuts(SHUT_FROM, minus(day, 1)), opens(OPENS, day)), self.night)
        } else if time < OPEN_FROM {
            (Span::new(opens(OPENS, day), opens(OPEN_FROM, day)), self.edge)
        } else if time < SHUTS {
            let until = shuts(SHUTS, day);
            // A repeated 21:00 that is still to come a second time is shut since the first.
            if until > at {
                return DailyState::Open { until };
            }
            (Span::new(until, opens(SHUTS, day)), self.night)
        } else if time < SHUT_FROM {
            (Span::new(shuts(SHUTS, day), shuts(SHUT_FROM, day)), self.edge)
        } else {
            (Span::new(shuts(SHUT_FROM, day), opens(OPENS, plus(day, 1))), self.night)
        };
        // A day on which the clocks skip one of the edges never leaves the instant uncovered.
        let span = Span::new(span.from.min(at), span.until.max(at + chrono::Duration::seconds(1)));
        let evidence = Evidence::LocalHours(self.zone);
        DailyState::Shut(Blocked { span, effect: Effect::Deny, ground, evidence })
    }
}

#[cfg(test)]
mod tests;
