//! Blocked time that comes back every day, worked out where it is asked for and nowhere else.

use duly_domain::Instant;

use super::weekly::{Around, Weekly};
use super::{agency_hours, inconvenient_time, local_hours, place_hours};
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
    /// Times that the person finds inconvenient, in one zone.
    Inconvenient(inconvenient_time::Hours),
}

/// A daily pattern with what it leaves open.
#[derive(Debug, Clone)]
pub struct Daily {
    pub(crate) pattern: Pattern,
    /// One span.
    pub(crate) except: Option<Span>,
    /// Times of day to which the person agreed.
    pub(crate) agreed: Vec<Weekly>,
}

impl Daily {
    /// What is true at an instant.
    pub fn state(&self, at: Instant) -> DailyState {
        let state = match &self.pattern {
            Pattern::Local(hours) => hours.state(at),
            Pattern::Place(hours) => hours.state(at),
            Pattern::Agency(hours) => hours.state(at),
            Pattern::Inconvenient(hours) => hours.state(at),
        };
        let DailyState::Shut(blocked) = state else { return state };
        let mut span = blocked.span;
        if let Some(except) = self.except.filter(|except| !except.is_empty()) {
            if except.contains(at) {
                return DailyState::Open { until: except.until };
            }
            if at < except.from {
                span.until = span.until.min(except.from);
            } else {
                span.from = span.from.max(except.until);
            }
        }
        for agreed in &self.agreed {
            match agreed.around(at) {
                Around::In(window) => return DailyState::Open { until: window.until },
                Around::Out(gap) => span = span.intersect(gap),
            }
        }
        DailyState::Shut(Blocked { span, ..blocked })
    }
}
