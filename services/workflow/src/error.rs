//! Why workflow refuses, and what a caller may know of it.

use duly_domain::{AccountId, Id, id::IdKind};
use duly_platform::{Failure, Kind, PageError, Violation, is_young};
use duly_proto::convert::Misfit;
use duly_strategy::DocumentError;
use uuid::Uuid;

/// What a use case can fail with.
#[derive(Debug, thiserror::Error)]
pub enum WorkflowError {
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
    /// A document that is no strategy.
    #[error("the strategy cannot be published: {0}")]
    Document(#[source] DocumentError),
    /// A name that no strategy has.
    #[error("no strategy has this name; there are {0}")]
    UnknownStrategy(String),
    /// A strategy of this name that has no such version.
    #[error("the strategy has no version {asked}; its latest is {latest}")]
    UnknownVersion {
        /// What was asked for.
        asked: i32,
        /// What there is.
        latest: i32,
    },
    /// The strategy is for other claims.
    #[error("the strategy does not fit the account: {0}")]
    DoesNotFit(String),
    /// An ended account is not worked.
    #[error("the account has ended ({0}); it is worked again once it is placed again")]
    Ended(String),
    /// A task is closed once.
    #[error("the task was closed already")]
    TaskClosed,
    /// A row that does not fit the domain.
    #[error("row {id} of {table} does not fit the domain")]
    Corrupt {
        /// Its table.
        table: &'static str,
        /// Its key.
        id: Uuid,
    },
    /// A strategy that an account runs is not kept, or is none any more.
    #[error("strategy {name} version {version} cannot be read")]
    Strategy {
        /// Its name.
        name: String,
        /// Its version.
        version: i32,
    },
    /// The database's.
    #[error("the database failed")]
    Store(#[from] sqlx::Error),
}

/// A result of a use case.
pub(crate) type Result<T> = std::result::Result<T, WorkflowError>;

impl WorkflowError {
    /// A field that does not fit.
    pub(crate) fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::Field { field: field.into(), reason: reason.into() }
    }

    /// The refusal of an id that nothing here has: not yet, where it was made a moment ago.
    pub(crate) fn unknown<T: IdKind>(what: &'static str, id: Id<T>) -> Self {
        if is_young(id.uuid()) { Self::NotYet(what) } else { Self::NotFound(what) }
    }

    /// The same for an account.
    pub(crate) fn unknown_account(id: AccountId) -> Self {
        Self::unknown("account", id)
    }
}

impl From<Misfit> for WorkflowError {
    fn from(Misfit { field, reason }: Misfit) -> Self {
        Self::Field { field, reason }
    }
}

impl From<PageError> for WorkflowError {
    fn from(error: PageError) -> Self {
        Self::field(error.field(), error.to_string())
    }
}

impl Failure for WorkflowError {
    fn kind(&self) -> Kind {
        match self {
            Self::Field { .. } | Self::Document(_) => Kind::InvalidInput,
            Self::NotFound(_) | Self::UnknownStrategy(_) | Self::UnknownVersion { .. } => {
                Kind::NotFound
            }
            Self::NotYet(_) => Kind::NotYet,
            Self::DoesNotFit(_) | Self::Ended(_) | Self::TaskClosed => Kind::Failed,
            Self::Corrupt { .. } | Self::Strategy { .. } | Self::Store(_) => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Field { .. } => "invalid_input",
            Self::Document(_) => "strategy_invalid",
            Self::NotFound(_) => "not_found",
            Self::NotYet(_) => "not_yet",
            Self::UnknownStrategy(_) => "strategy_unknown",
            Self::UnknownVersion { .. } => "strategy_version_unknown",
            Self::DoesNotFit(_) => "strategy_does_not_fit",
            Self::Ended(_) => "account_ended",
            Self::TaskClosed => "task_closed",
            Self::Corrupt { .. } | Self::Strategy { .. } | Self::Store(_) => "internal",
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Field { field, reason } => vec![Violation::new(field, reason)],
            Self::Document(error) => {
                vec![Violation::new(format!("document.{}", error.key), &error.reason)]
            }
            _ => Vec::new(),
        }
    }
}
