//! The trade's vocabulary: each wire enum and its term. Unspecified is a misfit.

use duly_domain as domain;

use super::Misfit;
use crate::{common::v1 as common, intake::v1 as intake, payments::v1 as payments};

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
}
