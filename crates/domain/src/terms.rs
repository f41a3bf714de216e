//! The trade's closed vocabularies, each with its code.
//!
//! A code is what files, protobuf text, Postgres and JSON carry. Matching these enums without `_`
//! makes a new variant list its own work.

use std::fmt;

/// Text that is none of the codes of a vocabulary. The text is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {what}: expected one of {}", codes.join(", "))]
pub struct UnknownTerm {
    /// Which vocabulary, in words.
    pub what: &'static str,
    /// Its codes.
    pub codes: &'static [&'static str],
}

/// Declares an enum with one code per variant: `as_str`, `FromStr`, `Display`, serde, `ALL`.
macro_rules! terms {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            const CODES: &'static [&'static str] = &[$($code,)*];

            /// The code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownTerm;
            fn from_str(text: &str) -> Result<Self, UnknownTerm> {
                match text {
                    $($code => Ok(Self::$variant),)*
                    _ => Err(UnknownTerm { what: $what, codes: Self::CODES }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

mod work;
pub use work::*;

terms! {
    /// Decides whether consumer law applies at all. Set at intake.
    DebtClass, "debt class" {
        /// A natural person's debt for personal, family or household purposes.
        Consumer = "consumer",
        /// A business debt.
        Commercial = "commercial",
    }
}

terms! {
    /// What the agency was asked to do with a placement.
    ServiceKind, "service kind" {
        /// In the client's name, not in default at placement.
        EarlyOut = "early_out",
        /// A final demand without commission for some days. Commercial only.
        FreeDemand = "free_demand",
        /// Paid by commission on what is collected.
        Contingency = "contingency",
        /// Placed again after another agency returned it.
        SecondPlacement = "second_placement",
        /// Placed for suit.
        Legal = "legal",
    }
}

terms! {
    /// Whether a debtor is a human or an organisation.
    DebtorKind, "debtor kind" {
        /// A natural person.
        Person = "person",
        /// A business.
        Business = "business",
    }
}

terms! {
    /// What a claim arose from; some state rules turn on it.
    ClaimKind, "claim kind" {
        /// A credit card.
        CreditCard = "credit_card",
        /// A loan.
        Loan = "loan",
        /// A student loan.
        StudentLoan = "student_loan",
        /// A residential mortgage.
        Mortgage = "mortgage",
        /// Medical services.
        Medical = "medical",
        /// Other services, utilities among them.
        Services = "services",
        /// Goods sold.
        Goods = "goods",
        /// An open account of another kind.
        OpenAccount = "open_account",
        /// A judgment.
        Judgment = "judgment",
    }
}

terms! {
    /// What kind of creditor the current creditor is; some state rules turn on it.
    CreditorKind, "creditor kind" {
        /// Sold goods or services on credit.
        Trade = "trade",
        /// Lent money.
        Lender = "lender",
        /// Financed a business.
        CommercialFinancing = "commercial_financing",
        /// Bought the debt.
        DebtBuyer = "debt_buyer",
        /// None of these.
        Other = "other",
    }
}

terms! {
    /// In which role a party is liable on an account.
    PartyRole, "party role" {
        /// Owes in the first place.
        Principal = "principal",
        /// Owes beside the principal.
        CoDebtor = "co_debtor",
        /// A natural person who guaranteed the debt.
        PersonalGuarantor = "personal_guarantor",
        /// A business that guaranteed the debt.
        CorporateGuarantor = "corporate_guarantor",
        /// Liable as a partner of the business.
        GeneralPartner = "general_partner",
        /// Took over the business with its debts.
        Successor = "successor",
        /// The estate of a deceased debtor.
        Estate = "estate",
    }
}

terms! {
    /// What a line of a claim is.
    ClaimItemKind, "claim item kind" {
        /// Billed by the client.
        Invoice = "invoice",
        /// The client owes the debtor: open amount below zero.
        CreditMemo = "credit_memo",
        /// A correction upwards.
        DebitMemo = "debit_memo",
        /// Interest or a late fee that a clause or statute allows.
        ServiceCharge = "service_charge",
        /// A returned payment.
        Nsf = "nsf",
    }
}

terms! {
    /// Where an account stands between placement and end. Reopened is an event, not a value.
    Lifecycle, "lifecycle" {
        /// Here, not yet accepted.
        Received = "received",
        /// Not accepted.
        Rejected = "rejected",
        /// Being worked.
        Open = "open",
        /// The client wants it back; the agency may still object.
        PendingRecall = "pending_recall",
        /// Ended, with a close code.
        Closed = "closed",
    }
}

terms! {
    /// How far the claim has been taken.
    Stage, "stage" {
        /// In the client's name.
        EarlyOut = "early_out",
        /// Inside the free demand.
        FreeDemand = "free_demand",
        /// Worked by the agency.
        Agency = "agency",
        /// Being prepared for an attorney.
        PreLegal = "pre_legal",
        /// With an attorney.
        Forwarded = "forwarded",
        /// In court.
        SuitFiled = "suit_filed",
        /// Judgment entered.
        Judgment = "judgment",
        /// Judgment being enforced.
        PostJudgment = "post_judgment",
    }
}

terms! {
    /// How a client is paid.
    RemitMethod, "remit method" {
        /// Commission on everything is withheld. Needs the client's written consent to offset.
        Net = "net",
        /// Everything received is paid out and commission is invoiced.
        Gross = "gross",
        /// Only the commission on direct payments is withheld. Needs the same consent.
        GrossLessDirectFees = "gross_less_direct_fees",
    }
}

terms! {
    /// Who took a payment.
    ReceivedBy, "receiver of a payment" {
        /// The agency, into trust.
        Agency = "agency",
        /// The client: a direct payment.
        Client = "client",
        /// The firm to which the agency forwarded the claim.
        Forwarder = "forwarder",
    }
}

terms! {
    /// A part of a balance. Commission may be due on some and not on others.
    BalanceBucket, "balance bucket" {
        /// The debt itself.
        Principal = "principal",
        /// Interest.
        Interest = "interest",
        /// Late and service fees.
        Fees = "fees",
        /// What the court was paid.
        CourtCosts = "court_costs",
        /// Attorney's fees that the debtor owes.
        AttorneyFees = "attorney_fees",
        /// Anything else that a contract or statute allows.
        Other = "other",
    }
}

terms! {
    /// By what means money came.
    PaymentMethod, "payment method" {
        /// Notes and coins.
        Cash = "cash",
        /// A cheque.
        Cheque = "cheque",
        /// A debit through the automated clearing house.
        Ach = "ach",
        /// A debit or credit card.
        Card = "card",
        /// A wire transfer.
        Wire = "wire",
        /// Anything else.
        Other = "other",
    }
}

impl PaymentMethod {
    /// Whether the money cannot be taken back by a bank, so that it is good funds at once.
    pub const fn guaranteed_funds(self) -> bool {
        match self {
            Self::Cash | Self::Wire => true,
            Self::Cheque | Self::Ach | Self::Card | Self::Other => false,
        }
    }
}

terms! {
    /// Something that the client already knows at placement and that bears on contact.
    KnownFactKind, "known fact" {
        /// An attorney acts for the party.
        Attorney = "attorney",
        /// The party asked in writing that contact cease.
        Cease = "cease",
        /// The party disputes all or part.
        Dispute = "dispute",
        /// A bankruptcy petition was filed.
        Bankruptcy = "bankruptcy",
        /// The party has died.
        Deceased = "deceased",
        /// The party is on active military duty.
        Military = "military",
        /// The party refused a channel or an address.
        OptOut = "opt_out",
        /// The party named times that do not suit.
        InconvenientTime = "inconvenient_time",
        /// The party prefers a language.
        Language = "language",
    }
}

terms! {
    /// The answer to one placed record.
    AckStatus, "acknowledgement" {
        /// Taken.
        Accepted = "accepted",
        /// Taken, with something to look at.
        AcceptedWithWarning = "accepted_with_warning",
        /// Not taken, with the reason.
        Rejected = "rejected",
    }
}

terms! {
    /// Whether a bracket's rate is for the money inside it or for everything.
    TierMode, "tier mode" {
        /// Each bracket's rate applies to the part inside it.
        Marginal = "marginal",
        /// The bracket that the base falls into gives one rate for everything.
        Whole = "whole",
    }
}

terms! {
    /// What brackets are measured by.
    TierBase, "tier base" {
        /// What was collected on the account so far, in its segment.
        CollectedToDate = "collected_to_date",
        /// The listed amount at placement.
        PlacedAmount = "placed_amount",
        /// Each payment by itself.
        Payment = "payment",
    }
}

mod close;
pub use close::{BureauAction, CloseCode, CloseGroup, CloseTerms, NetPlaced};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_parses_to_its_term_and_back() {
        fn check<T>(all: &[T], as_str: fn(T) -> &'static str)
        where
            T: Copy + PartialEq + fmt::Debug + std::str::FromStr<Err = UnknownTerm>,
        {
            for term in all {
                assert_eq!(as_str(*term).parse::<T>().unwrap(), *term);
            }
        }
        check(DebtClass::ALL, DebtClass::as_str);
        check(ServiceKind::ALL, ServiceKind::as_str);
        check(PartyRole::ALL, PartyRole::as_str);
        check(Stage::ALL, Stage::as_str);
        check(BalanceBucket::ALL, BalanceBucket::as_str);
        check(KnownFactKind::ALL, KnownFactKind::as_str);
        check(CloseCode::ALL, CloseCode::as_str);
        assert_eq!(
            serde_json::to_string(&RemitMethod::GrossLessDirectFees).unwrap(),
            "\"gross_less_direct_fees\""
        );
    }

    #[test]
    fn an_unknown_code_names_the_vocabulary_and_not_the_text() {
        let error = "Consumer 219-09-9999".parse::<DebtClass>().unwrap_err();
        assert_eq!(error.to_string(), "not a debt class: expected one of consumer, commercial");
    }
}
