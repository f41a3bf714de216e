//! Dated facts: what took place, in the order in which it became known. They grant and end permissions,
//! and open and discharge duties ([`crate::duties`]).

use duly_domain::{AccountId, Date, Instant, PartyId, PointId};
use serde::{Deserialize, Serialize};

use crate::medium::Medium;

/// One dated fact about the person, one of its debts, or one number or address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What took place.
    pub kind: EventKind,
    /// When it became known to the agency; for a message, when it was sent or received.
    pub at: Instant,
    /// The account; `None`: it concerns the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    /// The number or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// The medium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<Medium>,
    /// The day that the fact itself states: a deadline, a printed end date, the date of an instrument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

impl Event {
    /// An event about nothing in particular yet.
    pub const fn new(kind: EventKind, at: Instant) -> Self {
        Self { kind, at, account: None, party: None, point: None, medium: None, on: None }
    }

    /// The same about an account.
    #[must_use]
    pub const fn about(self, account: AccountId) -> Self {
        Self { account: Some(account), ..self }
    }

    /// The same about a number or address.
    #[must_use]
    pub const fn at_point(self, point: PointId) -> Self {
        Self { point: Some(point), ..self }
    }

    /// The same with the day that it states.
    #[must_use]
    pub const fn stating(self, day: Date) -> Self {
        Self { on: Some(day), ..self }
    }
}

/// Declares the kinds with their codes.
macro_rules! event_kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// What took place. The code is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EventKind { $($(#[$doc])* #[serde(rename = $code)] $variant,)* }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

event_kinds! {
    // Validation, disputes, delivery (1006.34, .38, .42).

    /// The validation notice was sent; states its printed end date.
    ValidationSent = "validation_sent",
    /// The validation information was given by word of mouth in the initial communication.
    ValidationSpoken = "validation_spoken",
    /// A required disclosure came back undeliverable, or its address is learned to be wrong.
    Undeliverable = "undeliverable",
    /// The debt was paid in full.
    Paid = "paid",
    /// A dispute was received in writing.
    DisputedInWriting = "disputed_in_writing",
    /// A dispute was received by word of mouth.
    DisputedOrally = "disputed_orally",
    /// Verification, or a copy of the judgment, was sent.
    VerificationSent = "verification_sent",
    /// The notice that a dispute is duplicative was sent, with its reasons.
    DuplicativeNoticeSent = "duplicative_notice_sent",
    /// The name and address of the original creditor were asked for in writing.
    OriginalCreditorAsked = "original_creditor_asked",
    /// They were sent, or the notice that it is the same.
    OriginalCreditorSent = "original_creditor_sent",
    /// Collection of the debt was ended for good.
    CollectionEnded = "collection_ended",

    // Addresses (1006.6(d)(3) to (5)); each names its point.

    /// The creditor got the e-mail address from the consumer.
    CreditorGotAddress = "creditor_got_address",
    /// The creditor used it to communicate about the account.
    CreditorUsedAddress = "creditor_used_address",
    /// The consumer asked the creditor to stop using it.
    CreditorAskedToStop = "creditor_asked_to_stop",
    /// The creditor sent the notice of 1006.6(d)(4)(ii)(C); states the day by which an opt-out must come.
    CreditorNoticeSent = "creditor_notice_sent",
    /// An opt-out in answer to that notice was received, by the creditor or by us.
    CreditorNoticeOptOut = "creditor_notice_opt_out",
    /// A prior collector got the address under (d)(4)(i) or (ii).
    PriorCollectorGotAddress = "prior_collector_got_address",
    /// The immediately prior collector used it to communicate about the debt.
    PriorCollectorUsedAddress = "prior_collector_used_address",
    /// The consumer opted out of it towards that collector.
    PriorCollectorOptOut = "prior_collector_opt_out",
    /// Any person told that a message to it was seen by a third party.
    DisclosureReported = "disclosure_reported",
    /// A complete and accurate database said that the number was not reassigned since the last text or
    /// consent.
    NotReassigned = "not_reassigned",
    /// It said that the number was reassigned, or could not tell.
    Reassigned = "reassigned",
    /// The number or address was learned to be somebody else's.
    LearnedWrong = "learned_wrong",

    // Law and service.

    /// A bankruptcy case was closed or dismissed, or a discharge denied.
    BankruptcyEnded = "bankruptcy_ended",
    /// The debt was discharged in bankruptcy.
    Discharged = "discharged",
    /// A letter to the attorney was sent; without an answer in a reasonable time the attorney is
    /// unresponsive.
    AttorneyWritten = "attorney_written",
    /// The attorney answered.
    AttorneyAnswered = "attorney_answered",
    /// The attorney consented to direct contact.
    AttorneyConsented = "attorney_consented",
    /// A court expressly permitted contact.
    CourtPermitted = "court_permitted",

    // States and cities.

    /// The notice of D.C. Code 28-3814(m)(2)(A) was mailed.
    DcNoticeMailed = "dc_notice_mailed",
    /// The notice of NRS 649.366, that a medical debt was assigned for collection, was mailed.
    NvMedicalNoticeMailed = "nv_medical_notice_mailed",
    /// Substantiation of a charged-off debt was asked for. 23 NYCRR 1.4.
    SubstantiationAsked = "substantiation_asked",
    /// It was sent.
    SubstantiationSent = "substantiation_sent",
}
