//! Dated facts: what took place, in the order in which it became known. They grant and end permissions,
//! and open and discharge duties ([`crate::duties`]).

use duly_domain::{AccountId, Date, EventId, Instant, PartyId, PointId};
use serde::{Deserialize, Serialize};

use crate::medium::Medium;

mod kind;

pub use kind::EventKind;

/// One dated fact about the person, one of its debts, or one number or address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What took place.
    pub kind: EventKind,
    /// When it became known to the agency; for a message, when it was sent or received.
    pub at: Instant,
    /// The account; `None`: it concerns the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    /// The number or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// The medium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<Medium>,
    /// The day that the fact itself states: a deadline, a printed end date, the date of an instrument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// What opens a matter and what closes it carry the same name: one of two complaints is answered, one
    /// of two cheques is notified. `None`: where only one matter of the kind is meant, or all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<EventId>,
}

impl Event {
    /// An event about nothing in particular yet.
    pub const fn new(kind: EventKind, at: Instant) -> Self {
        Self {
            kind,
            at,
            account: None,
            party: None,
            point: None,
            medium: None,
            on: None,
            matter: None,
        }
    }

    /// The same about an account.
    #[must_use]
    pub const fn about(self, account: AccountId) -> Self {
        Self { account: Some(account), ..self }
    }

    /// The same about a number or address.
    #[must_use]
    pub const fn at_point(self, point: PointId) -> Self {
        Self { point: Some(point), ..self }
    }

    /// The same with the day that it states.
    #[must_use]
    pub const fn stating(self, day: Date) -> Self {
        Self { on: Some(day), ..self }
    }

    /// The same through a medium.
    #[must_use]
    pub const fn by(self, medium: Medium) -> Self {
        Self { medium: Some(medium), ..self }
    }

    /// The same in a matter.
    #[must_use]
    pub const fn in_matter(self, matter: EventId) -> Self {
        Self { matter: Some(matter), ..self }
    }
}
