//! Why intake refuses, each with its remedy.

use duly_domain::{AccountId, CloseCode, Date, Money};
use duly_platform::{Failure, Kind, Violation};

use crate::close_words::words;

/// A client that cannot be found or put.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Unknown, or not the caller's to see.
    #[error(
        "no such client is known; make it with PutClient (`duly clients put`), or correct the reference"
    )]
    Unknown,
    /// The parent is unknown.
    #[error("no client of this parent_client_ref is known; make the parent first")]
    UnknownParent,
    /// The client would stand above itself.
    #[error("the parent is the client itself or one of its sub-clients; choose another parent")]
    Circle,
}

impl Failure for ClientError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unknown | Self::UnknownParent => Kind::NotFound,
            Self::Circle => Kind::InvalidInput,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Unknown => "client_unknown",
            Self::UnknownParent => "parent_unknown",
            Self::Circle => "parent_circle",
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Unknown => Vec::new(),
            Self::UnknownParent | Self::Circle => {
                vec![Violation::new("parent_client_ref", self.to_string())]
            }
        }
    }
}

/// A batch or a chunk that is refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// Unknown, or not the caller's to see.
    #[error("no such batch is known; open it with Place, or correct the id")]
    UnknownBatch,
    /// The key was used before with other declarations.
    #[error(
        "this batch_key was opened before with another {0}; repeat the first one, or use a new key"
    )]
    BatchDiffers(&'static str),
    /// The chunk's number was used before with other content.
    #[error(
        "chunk {0} was placed before with other content; \
         repeat the first content, or send new records under the next number"
    )]
    ChunkDiffers(i32),
    /// A number was left out.
    #[error("chunk {found} came where chunk {expected} was expected; go on with {expected}")]
    Gap {
        /// The first chunk without an answer.
        expected: i32,
        /// What came.
        found: i32,
    },
    /// A chunk too few or too many.
    #[error("chunk {found} has {records} records; a chunk has 1 to {max}")]
    ChunkSize {
        /// Its number.
        found: i32,
        /// How many it has.
        records: usize,
        /// How many it may have.
        max: usize,
    },
    /// Nothing can be added any more.
    #[error("the batch is closed with {0} chunks; place more records under a new batch_key")]
    Closed(i32),
    /// Messages in the wrong order.
    #[error("{0}")]
    Order(&'static str),
}

impl Failure for PlaceError {
    fn kind(&self) -> Kind {
        match self {
            Self::UnknownBatch => Kind::NotFound,
            Self::BatchDiffers(_) | Self::ChunkDiffers(_) => Kind::Conflict,
            Self::Gap { .. } | Self::ChunkSize { .. } | Self::Order(_) => Kind::InvalidInput,
            Self::Closed(_) => Kind::Failed,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::UnknownBatch => "batch_unknown",
            Self::BatchDiffers(_) => "batch_key_reused",
            Self::ChunkDiffers(_) => "chunk_reused",
            Self::Gap { .. } => "chunk_gap",
            Self::ChunkSize { .. } => "chunk_size",
            Self::Closed(_) => "batch_closed",
            Self::Order(_) => "stream_order",
        }
    }

    fn violations(&self) -> Vec<Violation> {
        let field = match self {
            Self::Gap { .. } | Self::ChunkDiffers(_) => "chunk.chunk_no",
            Self::ChunkSize { .. } => "chunk.records",
            Self::BatchDiffers(_) => "open.batch_key",
            Self::UnknownBatch | Self::Closed(_) | Self::Order(_) => return Vec::new(),
        };
        vec![Violation::new(field, self.to_string())]
    }
}

/// An account that cannot be found, or is not in the state that a command needs.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Unknown, or not the caller's to see.
    #[error("no such account is known; correct the id or the references")]
    Unknown,
    /// It has ended.
    #[error("{account} is closed already: {code}, {}", words(*.code))]
    Closed {
        /// Which one.
        account: AccountId,
        /// How it ended.
        code: CloseCode,
    },
    /// The claim has no such item.
    #[error("the account has no claim item of this number; leave it empty for the whole account")]
    UnknownItem,
    /// More would be credited than was placed.
    #[error("the corrections would exceed the listed amount; to take the account back, recall it")]
    BelowZero,
}

impl Failure for AccountError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unknown => Kind::NotFound,
            Self::Closed { .. } | Self::BelowZero => Kind::Failed,
            Self::UnknownItem => Kind::InvalidInput,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Unknown => "account_unknown",
            Self::Closed { .. } => "account_closed",
            Self::UnknownItem => "item_unknown",
            Self::BelowZero => "adjustment_exceeds_listed",
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::UnknownItem => vec![Violation::new("item_number", self.to_string())],
            Self::Unknown | Self::Closed { .. } | Self::BelowZero => Vec::new(),
        }
    }
}

/// A hold that cannot be lifted.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// Unknown, or not the caller's to see.
    #[error("no such hold is known; correct the id")]
    Unknown,
    /// There is nothing to lift any more.
    #[error("this hold was lifted on {0}; there is nothing to lift any more")]
    Lifted(Date),
    /// Its last day has passed.
    #[error("this hold ended by itself on {0}; there is nothing to lift any more")]
    Over(Date),
}

impl Failure for HoldError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unknown => Kind::NotFound,
            Self::Lifted(_) | Self::Over(_) => Kind::Failed,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Unknown => "hold_unknown",
            Self::Lifted(_) => "hold_lifted",
            Self::Over(_) => "hold_over",
        }
    }
}

/// A question that cannot be answered so.
#[derive(Debug, thiserror::Error)]
pub enum ClientRequestError {
    /// Unknown, or not the caller's to see.
    #[error("no such client request is known; correct the id")]
    Unknown,
    /// It was answered before.
    #[error("this client request was answered on {0} with another answer; the first one holds")]
    Answered(Date),
    /// The dispute ended without the client.
    #[error("this client request needs no answer any more: the dispute ended")]
    NoLongerAsked,
    /// The account was placed again since.
    #[error("this client request is about an earlier placement of the account; it needs no answer")]
    EarlierPlacement,
    /// More is credited than is contested.
    #[error("is above the {0} that are contested; to credit more, adjust the account")]
    CreditExceeds(Money),
}

impl Failure for ClientRequestError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unknown => Kind::NotFound,
            Self::Answered(_) => Kind::Conflict,
            Self::NoLongerAsked | Self::EarlierPlacement => Kind::Failed,
            Self::CreditExceeds(_) => Kind::InvalidInput,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Unknown => "client_request_unknown",
            Self::Answered(_) => "client_request_answered",
            Self::NoLongerAsked | Self::EarlierPlacement => "client_request_over",
            Self::CreditExceeds(_) => "credit_exceeds_disputed",
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::CreditExceeds(_) => vec![Violation::new("credit", self.to_string())],
            Self::Unknown | Self::Answered(_) | Self::NoLongerAsked | Self::EarlierPlacement => {
                Vec::new()
            }
        }
    }
}
