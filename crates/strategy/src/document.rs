//! A strategy document that was read and checked.

use std::collections::BTreeMap;

use duly_domain::{CloseCode, Date, DebtClass, Money, PartyRole, ServiceKind};
use serde::Deserialize;

use crate::{
    answer::{Answer, Treatment},
    facts::TrackFacts,
};

/// Why a text is no strategy: the key at fault, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct DocumentError {
    /// Where, `steps.first-calls.on.reached`; `document` where it is no YAML of this shape.
    pub key: String,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl DocumentError {
    pub(crate) fn new(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { key: key.into(), reason: reason.into() }
    }
}

/// A checked strategy. Every step is reached by some way, every way leads to an end, and every way round
/// takes at least a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence.
    pub summary: String,
    /// What it is for.
    pub fits: Fits,
    /// Whose party has a track, and how many days after the account came it begins.
    pub roles: BTreeMap<PartyRole, u32>,
    /// Where a track goes on after a promise was broken.
    pub broken_promise: Option<usize>,
    /// After so many days a track is exhausted, wherever it stands.
    pub at_most_days: u32,
    /// Its steps; a track begins with the first.
    pub steps: Vec<Step>,
}

/// The claims that a strategy is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fits {
    /// Consumer or commercial.
    pub debt_class: DebtClass,
    /// What the agency was asked to do; empty for anything.
    pub service_kinds: Vec<ServiceKind>,
}

impl Fits {
    /// Whether it is for such a claim.
    #[must_use]
    pub fn takes(&self, debt_class: DebtClass, service_kind: ServiceKind) -> bool {
        self.debt_class == debt_class
            && (self.service_kinds.is_empty() || self.service_kinds.contains(&service_kind))
    }
}

/// One step. Other steps are meant by their place in [`Document::steps`].
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name in the document.
    pub id: String,
    /// All must hold, else it is passed over.
    pub when: Vec<Condition>,
    /// What it does.
    pub what: Do,
    /// A treatment expires at the end of so many days after it was asked for.
    pub start_within_days: u32,
    /// Where an answer leads, if not to `then`.
    pub on: BTreeMap<Answer, usize>,
    /// What comes after it; absent for the end.
    pub then: Option<usize>,
    /// Where it is passed over to, if not to `then`.
    pub otherwise: Option<usize>,
}

impl Step {
    /// The treatment that it asks for.
    #[must_use]
    pub fn treatment(&self) -> Option<Treatment> {
        match self.what {
            Do::Treat { treatment, .. } => Some(treatment),
            Do::WaitDays(_) | Do::WaitUntil(_) | Do::Task(_) | Do::ProposeClose(_) => None,
        }
    }

    /// How often it asks.
    pub(crate) fn tries(&self) -> u32 {
        match self.what {
            Do::Treat { tries, .. } => tries,
            Do::WaitDays(_) | Do::WaitUntil(_) | Do::Task(_) | Do::ProposeClose(_) => 0,
        }
    }

    /// Whether it is to be done.
    pub(crate) fn applies(&self, facts: &TrackFacts, today: Date) -> bool {
        self.when.iter().all(|condition| condition.holds(facts, today))
    }
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Do {
    /// Asks for a treatment; for a call until one reaches the party.
    Treat {
        /// What is asked for.
        treatment: Treatment,
        /// At most so often: once, but for calls.
        tries: u32,
        /// The next try so many days after the answer to the last.
        every_days: u32,
    },
    /// Rests for so many days.
    WaitDays(u32),
    /// Rests until a date that a fact gives.
    WaitUntil(Until),
    /// Opens a task for a person and goes on.
    Task(String),
    /// The end: the account should be closed so.
    ProposeClose(CloseCode),
}

/// A date that a wait ends after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// The last day on which the consumer can ask for verification as the validation notice states it
    /// (12 CFR 1006.34(b)(5)). Without a notice there is nothing to wait for.
    ValidationPeriodEnd,
}

/// What a letter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// To a consumer: 12 CFR 1006.34.
    ValidationNotice,
    /// To whoever owes a commercial claim, with its invoices.
    CommercialDemand,
}

impl Template {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ValidationNotice => "validation_notice",
            Self::CommercialDemand => "commercial_demand",
        }
    }

    /// The claims that it is written for.
    #[must_use]
    pub const fn debt_class(self) -> DebtClass {
        match self {
            Self::ValidationNotice => DebtClass::Consumer,
            Self::CommercialDemand => DebtClass::Commercial,
        }
    }
}

/// A kind of contact point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointKind {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A postal address.
    Address,
}

/// What must hold for a step to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// So much is owed. A claim in another currency does not meet it.
    BalanceAtLeast(Money),
    /// The party can be reached so.
    HasPoint(PointKind),
    /// The oldest part of the debt is so many days past due.
    AgeDaysAtLeast(u32),
}

impl Condition {
    fn holds(&self, facts: &TrackFacts, today: Date) -> bool {
        match self {
            Self::BalanceAtLeast(least) => {
                facts.balance.currency() == least.currency()
                    && facts.balance.minor() >= least.minor()
            }
            Self::HasPoint(kind) => facts.points.has(*kind),
            Self::AgeDaysAtLeast(days) => {
                today.signed_duration_since(facts.due_from).num_days() >= i64::from(*days)
            }
        }
    }
}

impl Document {
    /// The place of a step.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }

    /// How many days after the account came a party of this role is worked; absent if it is not.
    #[must_use]
    pub fn starts_after(&self, role: PartyRole) -> Option<u32> {
        self.roles.get(&role).copied()
    }
}
