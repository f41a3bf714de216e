//! Why contact refuses, and what a caller may know of it.

use duly_domain::{Disposition, Id, id::IdKind};
use duly_platform::{Failure, Kind, PageError, Violation, is_young};
use duly_proto::convert::Misfit;
use uuid::Uuid;

/// What a use case can fail with. What the guard refuses is no error: it is a decision.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
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
    /// An outcome of what was never permitted.
    #[error(
        "the attempt was not authorised, so it has no outcome; ask for the call with ProposeCall"
    )]
    NotAuthorized,
    /// An outcome of what was not made in its time.
    #[error("the attempt was valid for a time that is over and stands as not made")]
    Expired,
    /// A second outcome.
    #[error("the attempt has an outcome already: {0}")]
    OtherOutcome(Disposition),
    /// Letters are concluded by what letters tells.
    #[error("the attempt is a letter or a message: it is concluded by its mailing, not by hand")]
    NotACall,
    /// A stop is lifted once.
    #[error("the stop was lifted before")]
    AlreadyLifted,
    /// A dispute is resolved once.
    #[error("the dispute was resolved before")]
    AlreadyResolved,
    /// A row that does not fit the domain.
    #[error("row {id} of {table} does not fit the domain")]
    Corrupt {
        /// Its table.
        table: &'static str,
        /// Its key.
        id: Uuid,
    },
    /// Facts that cannot be written down.
    #[error("the facts of a decision cannot be kept")]
    Facts(#[from] serde_json::Error),
    /// The database's.
    #[error("the database failed")]
    Store(#[from] sqlx::Error),
}

impl ContactError {
    /// A field that does not fit.
    pub(crate) fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::Field { field: field.into(), reason: reason.into() }
    }

    /// The refusal of an id that nothing here has: not yet, where it was made a moment ago.
    pub(crate) fn unknown<T: IdKind>(what: &'static str, id: Id<T>) -> Self {
        if is_young(id.uuid()) { Self::NotYet(what) } else { Self::NotFound(what) }
    }
}

impl From<Misfit> for ContactError {
    fn from(Misfit { field, reason }: Misfit) -> Self {
        Self::Field { field, reason }
    }
}

impl From<PageError> for ContactError {
    fn from(error: PageError) -> Self {
        Self::field(error.field(), error.to_string())
    }
}

impl Failure for ContactError {
    fn kind(&self) -> Kind {
        match self {
            Self::Field { .. } => Kind::InvalidInput,
            Self::NotFound(_) => Kind::NotFound,
            Self::NotYet(_) => Kind::NotYet,
            Self::NotAuthorized
            | Self::Expired
            | Self::OtherOutcome(_)
            | Self::NotACall
            | Self::AlreadyLifted
            | Self::AlreadyResolved => Kind::Failed,
            Self::Corrupt { .. } | Self::Facts(_) | Self::Store(_) => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Field { .. } => "invalid_input",
            Self::NotFound(_) => "not_found",
            Self::NotYet(_) => "not_yet",
            Self::NotAuthorized => "attempt_not_authorized",
            Self::Expired => "attempt_expired",
            Self::OtherOutcome(_) => "attempt_has_outcome",
            Self::NotACall => "attempt_is_no_call",
            Self::AlreadyLifted => "stop_lifted",
            Self::AlreadyResolved => "dispute_resolved",
            Self::Corrupt { .. } | Self::Facts(_) | Self::Store(_) => "internal",
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
pub(crate) type Result<T> = std::result::Result<T, ContactError>;
