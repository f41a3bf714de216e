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
    /// A conversation with whom, is not known.
    #[error(
        "a conversation with the right party needs the check that it is; conclude it as third_party, or \
         verify the person and say so"
    )]
    NotVerified,
    /// What the decision requires was not said.
    #[error(
        "the call required {0}, which is not among disclosures_given; give it, or say in \
         undisclosed_because why it was not given"
    )]
    NotDisclosed(String),
    /// A call is started by the decision that permitted it.
    #[error(
        "this decision permits no call that may be started: start a call with the decision_id of its \
         attempt, from the call list or from ProposeCall"
    )]
    NotPermitting,
    /// A call is started once.
    #[error(
        "the call was started before, by another reference of the dialer; it is not made twice"
    )]
    Started,
    /// A dialer names each call once.
    #[error("the dialer's reference belongs to another call; give each call its own")]
    CallRefUsed,
    /// Letters are concluded by what letters tells.
    #[error("the attempt is a letter or a message: it is concluded by its mailing, not by hand")]
    NotACall,
    /// A stop or designation is lifted once.
    #[error("it was lifted before")]
    AlreadyLifted,
    /// The agency asks that another than who placed it lifts it.
    #[error(
        "whoever placed it does not lift it: the agency asks for a second person, have another lift it"
    )]
    SecondPerson,
    /// A consent is withdrawn once.
    #[error("the consent was withdrawn before")]
    AlreadyWithdrawn,
    /// A fact that frees contact by law, told by somebody who does not answer for it.
    #[error("a fact of this kind is recorded by compliance or a manager; give them its evidence")]
    OfCompliance,
    /// A complaint is acknowledged once.
    #[error("the complaint was acknowledged before")]
    ComplaintAcknowledged,
    /// A complaint is answered once.
    #[error("the complaint was answered before")]
    ComplaintAnswered,
    /// A dispute is resolved once.
    #[error("the dispute was resolved before")]
    AlreadyResolved,
    /// What came in is matched once.
    #[error("it is matched to who sent it already; look it up again")]
    InboundMatched,
    /// Nobody is known to have sent it.
    #[error("nobody is known to have sent it; say who by MatchInbound first")]
    InboundUnmatched,
    /// What came in is read once.
    #[error("somebody has read it before")]
    InboundRead,
    /// It has had its one answer, or cannot have one.
    #[error("it has no answer to come: each call of the person is answered by one call, once")]
    NotToAnswer,
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
            | Self::NotVerified
            | Self::NotDisclosed(_)
            | Self::NotPermitting
            | Self::Started
            | Self::CallRefUsed
            | Self::NotACall
            | Self::AlreadyLifted
            | Self::SecondPerson
            | Self::AlreadyWithdrawn
            | Self::ComplaintAcknowledged
            | Self::ComplaintAnswered
            | Self::InboundMatched
            | Self::InboundUnmatched
            | Self::InboundRead
            | Self::NotToAnswer
            | Self::AlreadyResolved => Kind::Failed,
            Self::OfCompliance => Kind::Denied,
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
            Self::NotVerified => "right_party_not_verified",
            Self::NotDisclosed(_) => "disclosure_missing",
            Self::NotPermitting => "decision_permits_no_call",
            Self::Started => "call_started",
            Self::CallRefUsed => "call_ref_used",
            Self::NotACall => "attempt_is_no_call",
            Self::AlreadyLifted => "stop_lifted",
            Self::SecondPerson => "second_person_needed",
            Self::AlreadyWithdrawn => "consent_withdrawn",
            Self::OfCompliance => "fact_of_compliance",
            Self::ComplaintAcknowledged => "complaint_acknowledged",
            Self::ComplaintAnswered => "complaint_answered",
            Self::InboundMatched => "inbound_matched",
            Self::InboundUnmatched => "inbound_unmatched",
            Self::InboundRead => "inbound_read",
            Self::NotToAnswer => "inbound_not_to_answer",
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
