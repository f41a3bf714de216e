//! What is asked of others, and the words in which they answer.

use std::fmt;
use std::str::FromStr;

use duly_domain::{Channel, TaskKind, TreatmentKind};
use serde::{Deserialize, Deserializer, de};

use crate::document::Template;

/// One treatment as a step asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// A check for blocking facts.
    Scrub,
    /// A search for contact points.
    Trace,
    /// A letter.
    Letter {
        /// What it says.
        template: Template,
        /// How it travels: by mail or e-mail.
        channel: Channel,
    },
    /// A telephone call.
    Call,
}

impl Treatment {
    /// Its kind.
    #[must_use]
    pub const fn kind(self) -> TreatmentKind {
        match self {
            Self::Scrub => TreatmentKind::Scrub,
            Self::Trace => TreatmentKind::Trace,
            Self::Letter { .. } => TreatmentKind::Letter,
            Self::Call => TreatmentKind::Call,
        }
    }
}

macro_rules! answers {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// How a treatment was answered. The order is that of weight: of several answers to one treatment
        /// the first counts, whichever came first.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Answer { $($(#[$doc])* $variant,)* }

        impl Answer {
            /// Every answer, weightiest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

answers! {
    /// A conversation with the party.
    Reached = "reached",
    /// A letter left the house.
    Mailed = "mailed",
    /// It may or may not have left; never made again by itself.
    Unknown = "unknown",
    /// A scrub found a blocking fact.
    Hit = "hit",
    /// A scrub found nothing.
    Clear = "clear",
    /// A trace found a contact point.
    Found = "found",
    /// A trace found none.
    NothingFound = "nothing_found",
    /// A call was made, and the party not reached.
    NotReached = "not_reached",
    /// A letter cannot be prepared.
    LetterRefused = "letter_refused",
    /// The guard refuses it for as long as it could begin.
    Refused = "refused",
    /// A search was not made.
    SearchRefused = "search_refused",
    /// A letter was prepared and not sent.
    Expired = "expired",
    /// A call was permitted and not made.
    NotMade = "not_made",
    /// Nobody answered in time.
    Unanswered = "unanswered",
    /// The post brought a letter back, after it had been mailed.
    Returned = "returned",
}

impl Answer {
    /// The answers that a kind of treatment can have.
    #[must_use]
    pub const fn of(kind: TreatmentKind) -> &'static [Self] {
        match kind {
            TreatmentKind::Scrub => {
                &[Self::Hit, Self::Clear, Self::SearchRefused, Self::Unanswered]
            }
            TreatmentKind::Trace => {
                &[Self::Found, Self::NothingFound, Self::SearchRefused, Self::Unanswered]
            }
            TreatmentKind::Letter => &[
                Self::Mailed,
                Self::Unknown,
                Self::LetterRefused,
                Self::Refused,
                Self::Expired,
                Self::Unanswered,
                Self::Returned,
            ],
            TreatmentKind::Call => &[
                Self::Reached,
                Self::NotReached,
                Self::Unknown,
                Self::Refused,
                Self::NotMade,
                Self::Unanswered,
            ],
        }
    }

    /// Whether a further try of the same step may have more luck.
    pub(crate) const fn tries_again(self) -> bool {
        matches!(self, Self::NotReached | Self::NotMade | Self::Unknown)
    }

    /// Whether it says that the treatment was kept from being made, by a rule or for want of time. Where
    /// it comes in a pause, the pause is why, and the step is done again after it.
    pub(crate) const fn kept_back(self) -> bool {
        matches!(self, Self::Refused | Self::Expired | Self::NotMade)
    }

    /// The task for a person that this answer asks for, if any.
    #[must_use]
    pub const fn task(self) -> Option<TaskKind> {
        match self {
            Self::Unknown => Some(TaskKind::UnknownOutcome),
            Self::LetterRefused => Some(TaskKind::LetterRefused),
            Self::Refused => Some(TaskKind::TreatmentRefused),
            Self::SearchRefused => Some(TaskKind::Trace),
            Self::Unanswered => Some(TaskKind::UnansweredTreatment),
            Self::Returned => Some(TaskKind::ReturnedMail),
            Self::Reached
            | Self::Mailed
            | Self::Hit
            | Self::Clear
            | Self::Found
            | Self::NothingFound
            | Self::NotReached
            | Self::Expired
            | Self::NotMade => None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an answer: expected one of {}", words(Answer::ALL))]
pub struct UnknownAnswer;

/// Answers as a list in an error.
pub(crate) fn words(answers: &[Answer]) -> String {
    answers.iter().map(|answer| answer.as_str()).collect::<Vec<_>>().join(", ")
}

impl FromStr for Answer {
    type Err = UnknownAnswer;

    fn from_str(text: &str) -> Result<Self, UnknownAnswer> {
        Self::ALL.iter().copied().find(|answer| answer.as_str() == text).ok_or(UnknownAnswer)
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}
