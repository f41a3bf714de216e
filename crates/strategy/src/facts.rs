//! What is known of one track when its next move is decided.

use duly_domain::{Date, Instant, Money, PartyRole, StopKind};

use crate::{answer::Answer, document::PointKind};

/// One liable party's facts. Nothing here depends on the order in which they were heard.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackFacts {
    /// In what capacity it owes.
    pub role: PartyRole,
    /// The day on which the account began this strategy.
    pub begun_on: Date,
    /// Where the track stands; absent before its first step.
    pub position: Option<Position>,
    /// What was asked for and not yet used.
    pub asked: Option<Asked>,
    /// How the party can be reached.
    pub points: Points,
    /// What is owed.
    pub balance: Money,
    /// Since when the oldest part of it is due.
    pub due_from: Date,
    /// Of the last validation notice that was mailed to the party.
    pub validation_period_end: Option<Date>,
    /// What keeps the account from being worked for now.
    pub pause: Option<Pause>,
    /// A promise was broken, and the track has not gone to `broken_promise` for it.
    pub promise_broken: bool,
    /// The step whose letter came back, where the track has not gone on for it.
    pub returned: Option<String>,
    /// A stop that forbids all contact with the party.
    pub stop: Option<StopKind>,
    /// How the account ended.
    pub ended: Option<Ended>,
}

/// Where a track stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Name of its step.
    pub step: String,
    /// Since when.
    pub entered_at: Instant,
    /// Treatments asked for in this step.
    pub tries: u32,
    /// Those of them that a pause kept back.
    pub kept_back: u32,
    /// The step rests until then.
    pub rests_until: Option<Instant>,
}

impl Position {
    /// At the door of a step.
    pub(crate) fn enter(step: &str, now: Instant) -> Self {
        Self { step: step.to_owned(), entered_at: now, tries: 0, kept_back: 0, rests_until: None }
    }
}

/// A treatment that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// It must not begin after this.
    pub expires_at: Instant,
    /// The answer, once there is one.
    pub answer: Option<Answered>,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// What it says.
    pub answer: Answer,
    /// When it was given.
    pub at: Instant,
}

/// Which contact points a party has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Points {
    /// A telephone number.
    pub phone: bool,
    /// An e-mail address.
    pub email: bool,
    /// A postal address.
    pub address: bool,
}

impl Points {
    pub(crate) const fn has(self, kind: PointKind) -> bool {
        match kind {
            PointKind::Phone => self.phone,
            PointKind::Email => self.email,
            PointKind::Address => self.address,
        }
    }
}

/// Why an account rests. The first that holds is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pause {
    /// The client asked for it.
    Hold {
        /// In the client's words.
        reason: String,
        /// Its last day; absent: until it is lifted.
        until: Option<Date>,
    },
    /// A dispute that stops all work waits for its answer.
    Dispute,
    /// Enough money came; it is not yet good funds.
    Paid,
    /// Somebody promised to pay.
    Promise {
        /// The promised day.
        due_on: Date,
    },
}

/// How an account ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The client took it back.
    Recalled,
    /// Intake closed it.
    Closed,
    /// Released money paid it, or the client credited it, or both.
    Settled,
}

impl Ended {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recalled => "recalled",
            Self::Closed => "closed",
            Self::Settled => "settled",
        }
    }
}
