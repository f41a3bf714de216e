//! Blocked time that comes back every day, worked out where it is asked for and nowhere else.

use duly_domain::Instant;

use super::{agency_hours, local_hours, place_hours};
use crate::blocked::Blocked;
use crate::span::Span;

/// What is true at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DailyState {
    /// Nothing is blocked until a later instant.
    Open {
        /// That instant.
        until: Instant,
    },
    /// This stretch covers the instant.
    Shut(Blocked),
}

/// A daily pattern.
#[derive(Debug, Clone, Copy)]
pub enum Pattern {
    /// The hours of the law in one zone.
    Local(local_hours::Hours),
    /// The hours of a state in one zone.
    Place(place_hours::Hours),
    /// The hours of the agency.
    Agency(agency_hours::Hours),
}

/// A daily pattern with the one span that it leaves open.
#[derive(Debug, Clone, Copy)]
pub struct Daily {
    pub(crate) pattern: Pattern,
    pub(crate) except: Option<Span>,
}

impl Daily {
    /// What is true at an instant.
    pub fn state(&self, at: Instant) -> DailyState {
        let state = match &self.pattern {
            Pattern::Local(hours) => hours.state(at),
            Pattern::Place(hours) => hours.state(at),
            Pattern::Agency(hours) => hours.state(at),
        };
        let (Some(except), DailyState::Shut(blocked)) = (self.except, state) else {
            return state;
        };
        if except.contains(at) {
            return DailyState::Open { until: except.until };
        }
        let mut span = blocked.span;
        if at < except.from {
            span.until = span.until.min(except.from);
        } else {
            span.from = span.from.max(except.until);
        }
        DailyState::Shut(Blocked { span, ..blocked })
    }
}
