//! What must be done, by when, and why: obligations.
//!
//! [`due`] reads the same facts as the rules and answers for one instant: every obligation that a fact
//! opened until then, whether it is still open, was discharged, or lapsed. Facts open and meet an
//! obligation, never a tick, and what became known later has no influence. A timer is no duty: it ends a
//! permission. Each duty is a row of a table ([`Duty`]) with its code; where one stands in the way of
//! contact, the row names the rule that blocks ([`Obligation::blocks`]) and blocks nothing itself.
//!
//! - [`part_1006`], [`federal`], [`states`], [`money`], [`service`], [`timers`]: the tables.
//! - [`agency`]: licences, reports and trust accounts, which concern no person.
//! - [`history`]: the facts as one list in order of time.

use std::borrow::Cow;

use duly_domain::{AccountId, Date, Force, Instant, PartyId, PointId};
use serde::{Deserialize, Serialize};

use crate::facts::{Facts, Region};
use crate::span::Span;

pub mod agency;
mod course;
mod definition;
pub mod federal;
pub mod history;
pub mod money;
pub mod part_1006;
pub mod service;
pub mod states;
pub mod timers;

pub use agency::{AgencyFacts, agency_due};
pub use definition::{Act, Blocks, Debts, Due, Duty, Kind, Per, Reach, Term};

/// Every duty and timer that concerns a person.
pub const BOOK: &[&[Duty]] = &[
    part_1006::VALIDATION,
    part_1006::CONDUCT,
    part_1006::BEFORE_AN_ACT,
    federal::OTHER_LAW,
    states::STATES,
    states::TEXTS,
    money::TRUST,
    service::POLICY_DUTIES,
    timers::TIMERS,
];

/// Whom and what an obligation concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Whom {
    /// The account.
    pub account: Option<AccountId>,
    /// The party.
    pub party: Option<PartyId>,
    /// The number or address.
    pub point: Option<PointId>,
    /// The place, of an agency's duty.
    pub region: Option<Region>,
}

/// Where an obligation stands at the instant asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Owed.
    Open,
    /// Met in time; of a timer, that a fact ended it before its day, renewed it or made it void.
    Discharged {
        /// When.
        at: Instant,
    },
    /// Not met in time.
    Lapsed {
        /// The first instant that was too late.
        since: Instant,
        /// When it was done after all.
        done_at: Option<Instant>,
    },
    /// Owed by every act of its kind, and met in the act.
    Standing,
    /// A timer that runs.
    Running,
    /// A timer that ended by its day.
    Ended {
        /// When.
        at: Instant,
    },
}

/// One obligation, as it stands at the instant asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obligation {
    /// Which duty.
    pub duty: &'static Duty,
    /// Whom and what it concerns.
    pub whom: Whom,
    /// What opened it.
    pub opened_by: history::Sign,
    /// When; `None`: it is not known since when the account is here.
    pub opened_at: Option<Instant>,
    /// By when it is due; of a timer, when it ends.
    pub due: Due,
    /// Where it stands.
    pub state: State,
}

/// An obligation in the form that is stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The duty's stable code.
    pub code: Cow<'static, str>,
    /// What must be done, or what ends.
    pub what: Cow<'static, str>,
    /// What discharges it.
    pub met: Cow<'static, str>,
    /// The citation, the policy's name, or that it is not verified.
    pub authority: Cow<'static, str>,
    /// What it rests on.
    pub force: Force,
    /// What its day rests on.
    pub day_force: Force,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The first day on which it can be met, where it cannot be met at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Date>,
    /// The act that it comes before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Cow<'static, str>>,
    /// `open`, `discharged`, `lapsed`, `standing`, `running` or `ended`.
    pub state: Cow<'static, str>,
    /// Since when it is discharged, lapsed or ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// The rule that it makes block contact, at present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Cow<'static, str>>,
}

impl State {
    /// The stable code.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Discharged { .. } => "discharged",
            Self::Lapsed { .. } => "lapsed",
            Self::Standing => "standing",
            Self::Running => "running",
            Self::Ended { .. } => "ended",
        }
    }

    /// Since when it is discharged, lapsed or ended.
    pub const fn since(&self) -> Option<Instant> {
        match self {
            Self::Discharged { at } | Self::Ended { at } => Some(*at),
            Self::Lapsed { since, .. } => Some(*since),
            Self::Open | Self::Standing | Self::Running => None,
        }
    }
}

impl Obligation {
    /// Whether somebody still has to act: it is open, or lapsed and not done after all.
    pub const fn is_owed(&self) -> bool {
        matches!(self.state, State::Open | State::Lapsed { done_at: None, .. })
    }

    /// Whether it lapsed, done after all or not.
    pub const fn has_lapsed(&self) -> bool {
        matches!(self.state, State::Lapsed { .. })
    }

    /// The code of the rule that it makes block contact, at present.
    pub const fn blocks(&self) -> Option<&'static str> {
        let running = matches!(self.state, State::Running);
        match self.duty.blocks {
            Blocks::WhileOwed(code) if self.is_owed() || running => Some(code),
            Blocks::OnceLapsed(code) if self.is_owed() && self.has_lapsed() => Some(code),
            Blocks::Nothing | Blocks::WhileOwed(_) | Blocks::OnceLapsed(_) => None,
        }
    }

    /// As it is stored and shown.
    pub fn shown(&self) -> Shown {
        let before = match self.due {
            Due::Before(act) => Some(Cow::Borrowed(act)),
            Due::InTheAct | Due::By { .. } | Due::NoDay => None,
        };
        let not_before = match self.due {
            Due::By { from, .. } => from,
            Due::InTheAct | Due::Before(_) | Due::NoDay => None,
        };
        Shown {
            code: Cow::Borrowed(self.duty.code),
            what: Cow::Borrowed(self.duty.what),
            met: Cow::Borrowed(self.duty.met),
            authority: Cow::Borrowed(self.duty.authority),
            force: self.duty.force,
            day_force: self.duty.day,
            due_on: self.due.on(),
            not_before,
            before,
            state: Cow::Borrowed(self.state.as_str()),
            since: self.state.since(),
            blocks: self.blocks().map(Cow::Borrowed),
        }
    }

    /// What orders obligations: when they opened, then the duty, then whom they concern.
    fn order(&self) -> impl Ord + use<> {
        let place = self.whom.region.map(|r| (r.state, r.city.map(|city| city as u8)));
        let whom = (self.whom.account, self.whom.party, self.whom.point, place);
        (self.opened_at.unwrap_or(Span::JUDGED.from), self.duty.code, whom, self.due.on())
    }
}

/// Every obligation about a person that was opened by this instant, in the order in which they opened,
/// and where each stands. What became known after the instant has no influence.
pub fn due(facts: &Facts, as_of: Instant) -> Vec<Obligation> {
    let look = history::Looking::at_person(facts, as_of);
    let duties = BOOK.iter().flat_map(|table| table.iter());
    let mut all: Vec<Obligation> =
        duties.flat_map(|duty| course::obligations(duty, &look)).collect();
    all.sort_by_cached_key(Obligation::order);
    all
}

#[cfg(test)]
pub(crate) mod tests;
