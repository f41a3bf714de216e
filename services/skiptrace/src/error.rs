//! Why skiptrace refuses, and what a caller may know of it.

use duly_domain::{Id, MoneyError, id::IdKind};
use duly_platform::{Failure, Kind, PageError, Violation, is_young};
use duly_proto::convert::Misfit;
use sqlx::types::Uuid;

/// What a use case can fail with.
#[derive(Debug, thiserror::Error)]
pub enum SkiptraceError {
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
    /// Nothing is searched for an account that ended.
    #[error("the account has ended; nothing is searched for it")]
    AccountEnded,
    /// A party has one open search of a kind at most.
    #[error("a search of this kind for this party is open; wait for its answer")]
    SearchOpen,
    /// A row that does not fit the domain.
    #[error("row {id} of {table} does not fit the domain")]
    Corrupt {
        /// Its table.
        table: &'static str,
        /// Its key.
        id: Uuid,
    },
    /// Amounts that do not fit.
    #[error("the amounts cannot be computed")]
    Money(#[from] MoneyError),
    /// The database's.
    #[error("the database failed")]
    Store(#[from] sqlx::Error),
}

/// A result of a use case.
pub(crate) type Result<T> = std::result::Result<T, SkiptraceError>;

impl SkiptraceError {
    /// A field that does not fit.
    pub(crate) fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::Field { field: field.into(), reason: reason.into() }
    }

    /// The refusal of an id that nothing here has: not yet, where it was made a moment ago.
    pub(crate) fn unknown<T: IdKind>(what: &'static str, id: Id<T>) -> Self {
        if is_young(id.uuid()) { Self::NotYet(what) } else { Self::NotFound(what) }
    }
}

impl From<Misfit> for SkiptraceError {
    fn from(Misfit { field, reason }: Misfit) -> Self {
        Self::Field { field, reason }
    }
}

impl From<PageError> for SkiptraceError {
    fn from(error: PageError) -> Self {
        Self::field(error.field(), error.to_string())
    }
}

impl Failure for SkiptraceError {
    fn kind(&self) -> Kind {
        match self {
            Self::Field { .. } => Kind::InvalidInput,
            Self::NotFound(_) => Kind::NotFound,
            Self::NotYet(_) => Kind::NotYet,
            Self::AccountEnded | Self::SearchOpen => Kind::Failed,
            Self::Corrupt { .. } | Self::Money(_) | Self::Store(_) => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Field { .. } => "invalid_input",
            Self::NotFound(_) => "not_found",
            Self::NotYet(_) => "not_yet",
            Self::AccountEnded => "account_ended",
            Self::SearchOpen => "search_open",
            Self::Corrupt { .. } | Self::Money(_) | Self::Store(_) => "internal",
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Field { field, reason } => vec![Violation::new(field, reason)],
            _ => Vec::new(),
        }
    }
}
