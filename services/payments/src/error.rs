//! Why payments refuses, and what a caller may know of it.

use duly_domain::{Date, Id, MoneyError, PromiseState, RemitMethod, id::IdKind};
use duly_ledger::{CommissionError, PostingError, StatementError};
use duly_platform::{Failure, Kind, PageError, Violation, is_young};
use duly_proto::convert::Misfit;
use uuid::Uuid;

/// What a use case can fail with. Money in hand is never refused: posting fails only on input that
/// names no money.
#[derive(Debug, thiserror::Error)]
pub enum PaymentsError {
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
    /// A payment is taken back once.
    #[error("the payment was reversed on {0}")]
    AlreadyReversed(Date),
    /// Only unapplied money can be given an account.
    #[error("the payment has an account already; reverse it to post it elsewhere")]
    NotUnapplied,
    /// Nothing can be promised on an account that ended.
    #[error("the account is {0}; nothing can be promised on it")]
    AccountEnded(&'static str),
    /// An account has one open promise at most.
    #[error("the account has an open promise; it can be cancelled to make another")]
    PromiseOpen,
    /// Only an open promise can be cancelled.
    #[error("the promise is {0} already")]
    PromiseEnded(PromiseState),
    /// A direct payment before placement is no payment on the placed claim.
    #[error(
        "the payment is dated before the account was listed on {0}: it is a balance correction; \
         send it to intake as an adjustment"
    )]
    BeforePlacement(Date),
    /// The client's policy settles by a method that is not built.
    #[error("remit_method {0} is not available yet; only net is")]
    MethodNotAvailable(RemitMethod),
    /// A period ends after the last sealed one.
    #[error("the client is sealed up to {0}; close a later period_to, or that one again")]
    PeriodOverlaps(Date),
    /// Items of the client in another currency than its policy's.
    #[error("the client has released money in {0}, its policy is in another currency")]
    CurrencyMixed(String),
    /// Money of the period came back after it, and the rest does not cover what the period remits.
    #[error(
        "money of this period was returned after {0} and the client's released money no longer covers \
         the remittance; close a period_to that includes the reversal"
    )]
    TrustShort(Date),
    /// A row that does not fit the domain.
    #[error("row {id} of {table} does not fit the domain")]
    Corrupt {
        /// Its table.
        table: &'static str,
        /// Its key.
        id: Uuid,
    },
    /// The books refuse what a use case wanted of them: a mistake here, never the caller's.
    #[error("the books refuse the posting")]
    Posting(#[from] PostingError),
    /// Amounts that do not fit.
    #[error("the amounts cannot be computed")]
    Money(#[from] MoneyError),
    /// Commission that cannot be computed.
    #[error("the commission cannot be computed")]
    Commission(#[from] CommissionError),
    /// A sealed set that is no statement.
    #[error("the statement cannot be made")]
    Statement(#[from] StatementError),
    /// The database's.
    #[error("the database failed")]
    Store(#[from] sqlx::Error),
}

impl From<Misfit> for PaymentsError {
    fn from(Misfit { field, reason }: Misfit) -> Self {
        Self::Field { field, reason }
    }
}

impl PaymentsError {
    /// A field that does not fit.
    pub(crate) fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::Field { field: field.into(), reason: reason.into() }
    }
}

impl PaymentsError {
    /// The refusal of an id that nothing here has: not yet, where it was made a moment ago.
    pub fn unknown<T: IdKind>(what: &'static str, id: Id<T>) -> Self {
        if is_young(id.uuid()) { Self::NotYet(what) } else { Self::NotFound(what) }
    }
}

impl Failure for PaymentsError {
    fn kind(&self) -> Kind {
        match self {
            Self::Field { .. } => Kind::InvalidInput,
            Self::NotFound(_) => Kind::NotFound,
            Self::NotYet(_) => Kind::NotYet,
            Self::AlreadyReversed(_)
            | Self::NotUnapplied
            | Self::AccountEnded(_)
            | Self::PromiseOpen
            | Self::PromiseEnded(_)
            | Self::BeforePlacement(_)
            | Self::MethodNotAvailable(_)
            | Self::PeriodOverlaps(_)
            | Self::CurrencyMixed(_)
            | Self::TrustShort(_) => Kind::Failed,
            Self::Corrupt { .. }
            | Self::Posting(_)
            | Self::Money(_)
            | Self::Commission(_)
            | Self::Statement(_)
            | Self::Store(_) => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Field { .. } => "invalid_input",
            Self::NotFound(_) => "not_found",
            Self::NotYet(_) => "not_yet",
            Self::AlreadyReversed(_) => "payment_reversed",
            Self::NotUnapplied => "payment_not_unapplied",
            Self::AccountEnded(_) => "account_ended",
            Self::PromiseOpen => "promise_open",
            Self::PromiseEnded(_) => "promise_ended",
            Self::BeforePlacement(_) => "payment_before_placement",
            Self::MethodNotAvailable(_) => "remit_method_not_available",
            Self::PeriodOverlaps(_) => "period_overlaps",
            Self::CurrencyMixed(_) => "currency_mixed",
            Self::TrustShort(_) => "trust_short",
            Self::Corrupt { .. }
            | Self::Posting(_)
            | Self::Money(_)
            | Self::Commission(_)
            | Self::Statement(_)
            | Self::Store(_) => "internal",
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
pub(crate) type Result<T> = std::result::Result<T, PaymentsError>;

impl From<PageError> for PaymentsError {
    fn from(error: PageError) -> Self {
        Self::field(error.field(), error.to_string())
    }
}
