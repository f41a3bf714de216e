//! Why letters refuses, and what a caller may know of it.

use duly_domain::{Date, Id, LetterState, id::IdKind};
use duly_platform::{Failure, Kind, PageError, Violation, is_young};
use duly_proto::convert::Misfit;

use crate::typesetter::TypesetError;

/// What a use case can fail with.
#[derive(Debug, thiserror::Error)]
pub enum LettersError {
    /// A field that does not fit. Never its value.
    #[error("{field}: {reason}")]
    Field {
        /// Its path.
        field: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// Nothing has this id, or not for this caller.
    #[error("no {0} has this id")]
    NotFound(&'static str),
    /// The id is younger than a minute: its events are on their way.
    #[error("this {0} is not known here yet; try again in a moment")]
    NotYet(&'static str),
    /// Only what left can come back.
    #[error("the letter never left: it is {0}; nothing of it can come back")]
    NeverSent(LetterState),
    /// It came back once, otherwise.
    #[error("the letter is recorded as returned on {0} already, with other words")]
    ReturnedOtherwise(Date),
    /// The batch is still in the house.
    #[error("the batch is not handed over yet; confirm it once it is")]
    NotHandedOver,
    /// The mail house said another day before.
    #[error("the batch is confirmed as mailed on {0} already")]
    ConfirmedOtherwise(Date),
    /// A preview's letter cannot be typeset.
    #[error("the letter cannot be typeset")]
    Typeset(#[from] TypesetError),
    /// The database's.
    #[error("the database failed")]
    Store(#[from] sqlx::Error),
}

impl From<Misfit> for LettersError {
    fn from(Misfit { field, reason }: Misfit) -> Self {
        Self::Field { field, reason }
    }
}

impl From<PageError> for LettersError {
    fn from(error: PageError) -> Self {
        Self::field(error.field(), error.to_string())
    }
}

impl LettersError {
    /// A field that does not fit.
    pub(crate) fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::Field { field: field.into(), reason: reason.into() }
    }

    /// The refusal of an id that nothing here has: not yet, where it was made a moment ago.
    pub(crate) fn unknown<T: IdKind>(what: &'static str, id: Id<T>) -> Self {
        if is_young(id.uuid()) { Self::NotYet(what) } else { Self::NotFound(what) }
    }
}

impl Failure for LettersError {
    fn kind(&self) -> Kind {
        match self {
            Self::Field { .. } => Kind::InvalidInput,
            Self::NotFound(_) => Kind::NotFound,
            Self::NotYet(_) => Kind::NotYet,
            Self::ReturnedOtherwise(_) | Self::ConfirmedOtherwise(_) => Kind::Conflict,
            Self::NeverSent(_) | Self::NotHandedOver | Self::Typeset(_) => Kind::Failed,
            Self::Store(_) => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Field { .. } => "invalid_input",
            Self::NotFound(_) => "not_found",
            Self::NotYet(_) => "not_yet",
            Self::NeverSent(_) => "letter_never_sent",
            Self::ReturnedOtherwise(_) => "letter_returned_otherwise",
            Self::NotHandedOver => "batch_not_handed_over",
            Self::ConfirmedOtherwise(_) => "batch_confirmed_otherwise",
            Self::Typeset(_) => "letter_not_typeset",
            Self::Store(_) => "internal",
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Field { field, reason } => vec![Violation::new(field, reason)],
            _ => Vec::new(),
        }
    }
}

/// A result of a use case.
pub(crate) type Result<T> = std::result::Result<T, LettersError>;
