//! Ids that this service has not heard of: not yet, or not at all.

use duly_domain::{Id, id::IdKind};
use duly_platform::{Failure, Kind, is_young};

/// A query for something that is not there for its caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// Made moments ago; the frame that tells of it is on its way.
    #[error("no {0} of this id has been heard of yet; try again")]
    Yet(&'static str),
    /// Does not exist, or not for this caller.
    #[error("no {0} of this id")]
    Ever(&'static str),
}

impl Failure for Unknown {
    fn kind(&self) -> Kind {
        match self {
            Self::Yet(_) => Kind::NotYet,
            Self::Ever(_) => Kind::NotFound,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Yet(_) => "not_yet",
            Self::Ever("account") => "account_unknown",
            Self::Ever(_) => "client_unknown",
        }
    }
}

/// Tells the two apart by the age of the id.
pub fn unknown<T: IdKind>(id: Id<T>, what: &'static str) -> Unknown {
    if is_young(id.uuid()) { Unknown::Yet(what) } else { Unknown::Ever(what) }
}
