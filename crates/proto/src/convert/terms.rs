//! The trade's vocabulary: each wire enum and its term. Unspecified is a misfit.

use duly_domain as domain;

use super::Misfit;
use crate::{
    common::v1 as common, contact::v1 as contact, intake::v1 as intake, letters::v1 as letters,
    payments::v1 as payments, skiptrace::v1 as skiptrace, workflow::v1 as workflow,
};

macro_rules! terms {
    ($($wire:ty => $term:ty, $what:literal { $($variant:ident),+ $(,)? })+) => {$(
        impl TryFrom<$wire> for $term {
            type Error = Misfit;
            fn try_from(wire: $wire) -> Result<Self, Misfit> {
                match wire {
                    <$wire>::Unspecified => Err(Misfit::missing($what)),
                    $(<$wire>::$variant => Ok(Self::$variant),)+
                }
            }
        }
        impl From<$term> for $wire {
            #[allow(unreachable_patterns, reason = "some terms have no wire value yet")]
            fn from(term: $term) -> Self {
                match term {
                    $(<$term>::$variant => Self::$variant,)+
                    _ => Self::Unspecified,
                }
            }
        }
    )+};
}

terms! {
    common::RemitMethod => domain::RemitMethod, "remit_method" { Net, Gross, GrossLessDirectFees }
    common::TierMode => domain::TierMode, "tier_mode" { Marginal, Whole }
    common::TierBase => domain::TierBase, "tier_base" { CollectedToDate, PlacedAmount, Payment }
    intake::DebtClass => domain::DebtClass, "debt_class" { Consumer, Commercial }
    intake::ServiceKind => domain::ServiceKind, "service_kind" {
        EarlyOut, FreeDemand, Contingency, SecondPlacement, Legal,
    }
    intake::DebtorKind => domain::DebtorKind, "debtor_kind" { Person, Business }
    intake::CreditorKind => domain::CreditorKind, "creditor_kind" {
        Trade, Lender, CommercialFinancing, DebtBuyer, Other,
    }
    intake::ClaimKind => domain::ClaimKind, "claim_kind" {
        CreditCard, Loan, StudentLoan, Mortgage, Medical, Services, Goods, OpenAccount, Judgment,
    }
    intake::PartyRole => domain::PartyRole, "role" {
        Principal, CoDebtor, PersonalGuarantor, CorporateGuarantor, GeneralPartner, Successor, Estate,
    }
    intake::ClaimItemKind => domain::ClaimItemKind, "kind" {
        Invoice, CreditMemo, DebitMemo, ServiceCharge, Nsf,
    }
    intake::KnownFactKind => domain::KnownFactKind, "kind" {
        Attorney, Cease, Dispute, Bankruptcy, Deceased, Military, OptOut, InconvenientTime, Language,
    }
    intake::AckStatus => domain::AckStatus, "status" { Accepted, AcceptedWithWarning, Rejected }
    intake::Lifecycle => domain::Lifecycle, "lifecycle" { Open, PendingRecall, Closed }
    payments::ReceivedBy => domain::ReceivedBy, "received_by" { Agency, Client }
    payments::PaymentMethod => domain::PaymentMethod, "method" {
        Cash, Cheque, Ach, Card, Wire, Other,
    }
    common::Channel => domain::Channel, "channel" { Call, Text, Email, Mail }
    common::TreatmentKind => domain::TreatmentKind, "treatment_kind" { Scrub, Trace, Letter, Call }
    common::Force => domain::Force, "force" { Law, Policy, Unverified }
    common::Effect => domain::Effect, "effect" { Deny, Hold }
    contact::StopKind => domain::StopKind, "stop_kind" { Attorney, Cease, Bankruptcy, Deceased, Military, OptOut }
    contact::Disposition => domain::Disposition, "disposition" { Reached, ThirdParty, NoAnswer, Busy, Voicemail, NotInService, WrongNumber, Sent, NotMade, Unknown }
    contact::DisputeReason => domain::DisputeReason, "dispute_reason" { Pricing, Quantity, Quality, NotDelivered, Returned, Paid, Duplicate, WrongParty, Terms, Fraud, Other }
    contact::DisputeOutcome => domain::DisputeOutcome, "dispute_outcome" { Valid, Invalid, Split, Withdrawn }
    contact::Verdict => domain::Verdict, "verdict" { Allow, Defer, Refuse }
    contact::AttemptState => domain::AttemptState, "attempt_state" { Planned, Authorized, Concluded, Withdrawn }
    letters::Certainty => domain::Certainty, "certainty" { Known, Unknown }
    letters::LetterState => domain::LetterState, "letter_state" { Prepared, Authorized, Sending, Mailed, Expired, Unknown, Returned }
    letters::ReturnReason => domain::ReturnReason, "return_reason" { Moved, Undeliverable, Refused, Deceased, Bounced }
    payments::PromiseState => domain::PromiseState, "promise_state" { Open, Kept, Partial, Broken, Cancelled }
    skiptrace::HitKind => domain::HitKind, "hit_kind" { Bankruptcy, Deceased, Military }
    skiptrace::SearchKind => domain::SearchKind, "search_kind" { Scrub, Trace }
    skiptrace::SearchState => domain::SearchState, "search_state" { Queued, Asked, Answered, Refused }
    workflow::TaskKind => domain::TaskKind, "task_kind" { Strategy, UnansweredTreatment, LetterRefused, TreatmentRefused, UnknownOutcome, Dispute, NoStrategy, Trace, ReturnedMail, Obligation }
    workflow::TrackState => domain::TrackState, "track_state" { Waiting, Treating, Paused, Exhausted, Ended }
    intake::ClientAnswer => domain::ClientAnswer, "client_answer" { Credit, Stands, Part }
}
