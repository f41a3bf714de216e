//! Close codes: why an account ended and what follows from it.
//!
//! The values are defaults; a client's contract rules.

use std::fmt;

use super::UnknownTerm;

terms! {
    /// Why an account was closed.
    CloseCode, "close code" {
        /// Paid in full, money released.
        Pif = "PIF",
        /// Settled for less, with authority, money released.
        Sif = "SIF",
        /// Paid or settled direct to the client.
        Dir = "DIR",
        /// Found paid before placement.
        Pbc = "PBC",
        /// Closed by the client's credit.
        Adj = "ADJ",
        /// Recalled by the client.
        Rcl = "RCL",
        /// Withdrawn by the client after work began.
        Clw = "CLW",
        /// The client does not answer.
        Clu = "CLU",
        /// The client refused a settlement or suit.
        Srj = "SRJ",
        /// Listed in error, or the wrong party.
        Lie = "LIE",
        /// Placed twice.
        Dup = "DUP",
        /// Not enough information to work.
        Nei = "NEI",
        /// No licence in the debtor's state.
        Lic = "LIC",
        /// Bankruptcy, chapter 7.
        Bky7 = "BKY7",
        /// Bankruptcy, chapter 11.
        Bky11 = "BKY11",
        /// Bankruptcy, chapter 12.
        Bky12 = "BKY12",
        /// Bankruptcy, chapter 13.
        Bky13 = "BKY13",
        /// Deceased, no estate.
        Dec = "DEC",
        /// On active military duty.
        Scr = "SCR",
        /// Incarcerated.
        Inc = "INC",
        /// Contact must cease and no remedy is left.
        Cnd = "CND",
        /// Identity theft or fraud.
        Frd = "FRD",
        /// Assignment for creditors, or receivership.
        Abc = "ABC",
        /// Disputed, not resolved.
        Dis = "DIS",
        /// Not located.
        Skp = "SKP",
        /// Efforts exhausted.
        Unc = "UNC",
        /// Uneconomic.
        Une = "UNE",
        /// Suit barred by time.
        Sol = "SOL",
        /// Out of business, no assets.
        Oob = "OOB",
        /// Merged or sold, successor not liable.
        Mer = "MER",
        /// Judgment unsatisfied.
        Jun = "JUN",
        /// Returned by the attorney.
        Att = "ATT",
        /// Anything else; free text required.
        Oth = "OTH",
    }
}

terms! {
    /// Close codes by who or what ended the account.
    CloseGroup, "close group" {
        /// The debt was paid.
        Paid = "paid",
        /// The client ended it.
        Client = "client",
        /// It should not have been placed.
        Rejected = "rejected",
        /// The law protects the debtor.
        Protected = "protected",
        /// Nothing more can be done.
        Exhausted = "exhausted",
        /// None of these.
        Other = "other",
    }
}

terms! {
    /// Whether an account with this code counts in the net placed amount.
    NetPlaced, "net placed rule" {
        /// It counts.
        Yes = "yes",
        /// It does not count.
        No = "no",
        /// It does not count from the recall date.
        NoFromRecall = "no_from_recall",
    }
}

terms! {
    /// What the bureaus are told, for a reported consumer account (Metro 2 status codes).
    BureauAction, "bureau action" {
        /// Nothing.
        None = "none",
        /// 62: paid.
        Paid = "62",
        /// 62 with AU: settled for less.
        PaidForLess = "62_au",
        /// DA: delete.
        Delete = "DA",
        /// DF: delete because of fraud.
        DeleteFraud = "DF",
    }
}

/// What follows from a close code unless the contract says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CloseTerms {
    /// By who or what the account ended.
    pub group: CloseGroup,
    /// Whether it counts in the net placed amount.
    pub net_placed: NetPlaced,
    /// Payments received within so many days after closing still earn, at the rate in force at
    /// close. Zero: they earn nothing.
    pub tail_days: u32,
    /// What the bureaus are told.
    pub bureau_action: BureauAction,
}

impl CloseCode {
    /// The defaults of this code.
    pub const fn terms(self) -> CloseTerms {
        use BureauAction as Bureau;
        use CloseGroup as Group;
        use NetPlaced as Net;
        match self {
            Self::Pif => row(Group::Paid, Net::Yes, 0, Bureau::Paid),
            Self::Sif => row(Group::Paid, Net::Yes, 0, Bureau::PaidForLess),
            Self::Dir => row(Group::Paid, Net::Yes, 0, Bureau::Paid),
            Self::Pbc => row(Group::Paid, Net::No, 0, Bureau::Delete),
            Self::Adj => row(Group::Client, Net::No, 0, Bureau::Delete),
            Self::Rcl => row(Group::Client, Net::NoFromRecall, 90, Bureau::Delete),
            Self::Clw => row(Group::Client, Net::No, 90, Bureau::Delete),
            Self::Clu | Self::Srj => row(Group::Client, Net::Yes, 90, Bureau::Delete),
            Self::Lie | Self::Dup => row(Group::Rejected, Net::No, 0, Bureau::Delete),
            Self::Nei | Self::Lic => row(Group::Rejected, Net::No, 0, Bureau::None),
            Self::Bky7 | Self::Bky11 | Self::Bky12 | Self::Bky13 => {
                row(Group::Protected, Net::No, 0, Bureau::Delete)
            }
            Self::Dec | Self::Scr => row(Group::Protected, Net::No, 0, Bureau::Delete),
            Self::Inc => row(Group::Protected, Net::Yes, 0, Bureau::Delete),
            Self::Cnd => row(Group::Protected, Net::Yes, 30, Bureau::Delete),
            Self::Frd => row(Group::Protected, Net::No, 0, Bureau::DeleteFraud),
            Self::Abc => row(Group::Exhausted, Net::No, 30, Bureau::None),
            Self::Dis | Self::Skp | Self::Unc | Self::Une | Self::Sol => {
                row(Group::Exhausted, Net::Yes, 30, Bureau::Delete)
            }
            Self::Oob | Self::Mer => row(Group::Exhausted, Net::Yes, 30, Bureau::None),
            Self::Jun => row(Group::Exhausted, Net::Yes, 90, Bureau::Delete),
            Self::Att | Self::Oth => row(Group::Other, Net::Yes, 30, Bureau::Delete),
        }
    }
}

const fn row(
    group: CloseGroup,
    net_placed: NetPlaced,
    tail_days: u32,
    bureau_action: BureauAction,
) -> CloseTerms {
    CloseTerms { group, net_placed, tail_days, bureau_action }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recalled_account_earns_for_ninety_days_and_a_paid_one_no_more() {
        assert_eq!(CloseCode::Rcl.terms().tail_days, 90);
        assert_eq!(CloseCode::Rcl.terms().net_placed, NetPlaced::NoFromRecall);
        assert_eq!(CloseCode::Pif.terms().tail_days, 0);
        assert_eq!(CloseCode::Frd.terms().bureau_action, BureauAction::DeleteFraud);
    }

    #[test]
    fn rejected_and_protected_accounts_have_no_long_tail() {
        for code in CloseCode::ALL {
            let terms = code.terms();
            match terms.group {
                CloseGroup::Paid | CloseGroup::Rejected => assert_eq!(terms.tail_days, 0, "{code}"),
                CloseGroup::Protected => assert!(terms.tail_days <= 30, "{code}"),
                CloseGroup::Client | CloseGroup::Exhausted | CloseGroup::Other => {}
            }
        }
    }
}
