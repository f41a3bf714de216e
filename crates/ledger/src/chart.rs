//! The chart of ledgers and the balanced set of entries.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use duly_domain::{AccountId, ClientId, Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

/// Which of the two sets of books a ledger belongs to. Other people's money and the agency's own
/// never balance against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Book {
    /// Other people's money.
    Trust,
    /// The agency's own.
    Operating,
}

/// Declares an enum whose variants have a code.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code, as stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;
            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                match text {
                    $($code => Ok(Self::$variant),)*
                    _ => Err(UnknownCode { what: $what }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

/// A stored code that this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {what}")]
pub struct UnknownCode {
    /// Which vocabulary.
    pub what: &'static str,
}

coded! {
    /// A ledger. A debit is positive and a credit negative: what a bank holds or somebody owes is
    /// positive, what is owed to somebody is negative.
    Ledger, "ledger" {
        /// The trust bank account, by the book. Below zero when a bank took more than was there.
        TrustBank = "trust_bank",
        /// Trust money missing that the agency must give back: commission taken too early.
        DeficiencyAgency = "deficiency_agency",
        /// Trust money missing that the client must give back: money paid out too early.
        DeficiencyClient = "deficiency_client",
        /// Released money of one client. Never overdrawn.
        ClientTrust = "client_trust",
        /// Money in hand whose account is unknown.
        Unapplied = "unapplied",
        /// Overpayments, owed to debtors.
        RefundsDue = "refunds_due",
        /// Money in the bank that is not yet good funds.
        Held = "held",
        /// Commission that a remittance fixed and that still lies in the trust bank.
        CommissionUnswept = "commission_unswept",
        /// The agency's own bank account.
        OperatingBank = "operating_bank",
        /// What the agency earned.
        CommissionIncome = "commission_income",
        /// What the agency earned and does not yet hold in its own bank account: what the client
        /// owes (carry forward, invoices), what waits in trust to be swept, and the carry that
        /// [`operating_carry`](crate::posting::operating_carry) finds in it.
        ClientReceivable = "client_receivable",
        /// What the agency lost: overpayments that it refunded and whose payment then came back.
        Losses = "losses",
    }
}

impl Ledger {
    /// The ledgers of the trust book, in the order of its proof: assets, then liabilities.
    pub const TRUST: [Self; 8] = [
        Self::TrustBank,
        Self::DeficiencyAgency,
        Self::DeficiencyClient,
        Self::ClientTrust,
        Self::Unapplied,
        Self::RefundsDue,
        Self::Held,
        Self::CommissionUnswept,
    ];

    /// The book that the ledger belongs to.
    pub const fn book(self) -> Book {
        match self {
            Self::TrustBank
            | Self::DeficiencyAgency
            | Self::DeficiencyClient
            | Self::ClientTrust
            | Self::Unapplied
            | Self::RefundsDue
            | Self::Held
            | Self::CommissionUnswept => Book::Trust,
            Self::OperatingBank
            | Self::CommissionIncome
            | Self::ClientReceivable
            | Self::Losses => Book::Operating,
        }
    }

    /// Whether a normal balance is a debit: banks, deficiencies, receivables and losses.
    pub const fn is_asset(self) -> bool {
        match self {
            Self::TrustBank
            | Self::DeficiencyAgency
            | Self::DeficiencyClient
            | Self::OperatingBank
            | Self::ClientReceivable
            | Self::Losses => true,
            Self::ClientTrust
            | Self::Unapplied
            | Self::RefundsDue
            | Self::Held
            | Self::CommissionUnswept
            | Self::CommissionIncome => false,
        }
    }
}

coded! {
    /// Why a set of entries was made.
    SetKind, "kind of entry set" {
        /// Money came in for a known account.
        Received = "received",
        /// Money came in and nobody knows yet for what.
        ReceivedUnapplied = "received_unapplied",
        /// Unapplied money found its account.
        Applied = "applied",
        /// Unapplied money went back, to its sender or by the bank.
        UnappliedReturned = "unapplied_returned",
        /// Held money became good funds.
        Released = "released",
        /// A payment came back before it was released.
        ReversedHeld = "reversed_held",
        /// A payment came back after it was released.
        ReversedReleased = "reversed_released",
        /// Later receipts of the client made good a deficiency.
        Cured = "cured",
        /// The agency paid its own money into trust to make good a deficiency.
        TransferredIn = "transferred_in",
        /// An overpayment went back to the debtor.
        Refunded = "refunded",
        /// A period was settled with the client.
        RemittanceClosed = "remittance_closed",
        /// A remittance that waited for its money was paid.
        RemittancePaid = "remittance_paid",
        /// Commission went from the trust bank to the operating bank.
        Swept = "swept",
    }
}

/// One line of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Where it is booked.
    pub ledger: Ledger,
    /// Whose money it is; nobody's yet for unapplied money.
    pub client: Option<ClientId>,
    /// For which account, where there is one.
    pub account: Option<AccountId>,
    /// Debit positive, credit negative.
    pub money: Money,
}

/// Entries that belong together and sum to zero in each book and currency. It cannot be made
/// otherwise; the database proves the same once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntrySet {
    kind: SetKind,
    entries: Vec<Entry>,
}

/// A set that does not balance, or that has nothing in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbalanced {
    /// Debits and credits differ.
    #[error("the {kind} set is off by {difference} in the {book:?} book")]
    Off {
        /// The set.
        kind: SetKind,
        /// The book that does not balance.
        book: Book,
        /// Debits less credits.
        difference: Money,
    },
    /// There is no entry that moves money.
    #[error("the {0} set moves no money")]
    Empty(SetKind),
    /// The sums do not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl EntrySet {
    /// The set of these entries. Entries of zero are left out.
    pub fn new(
        kind: SetKind,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Result<Self, Unbalanced> {
        let entries: Vec<Entry> =
            entries.into_iter().filter(|entry| !entry.money.is_zero()).collect();
        if entries.is_empty() {
            return Err(Unbalanced::Empty(kind));
        }
        let mut sums: BTreeMap<(Book, Currency), Vec<Money>> = BTreeMap::new();
        for entry in &entries {
            let key = (entry.ledger.book(), entry.money.currency());
            sums.entry(key).or_default().push(entry.money);
        }
        for ((book, currency), amounts) in sums {
            let difference = Money::sum(currency, amounts)?;
            if !difference.is_zero() {
                return Err(Unbalanced::Off { kind, book, difference });
            }
        }
        Ok(Self { kind, entries })
    }

    /// Why the set was made.
    pub fn kind(&self) -> SetKind {
        self.kind
    }

    /// Its entries, none of them zero.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(ledger: Ledger, minor: i64) -> Entry {
        Entry { ledger, client: None, account: None, money: Money::new(minor, Currency::USD) }
    }

    #[test]
    fn a_set_that_does_not_balance_cannot_be_made() {
        let off = EntrySet::new(
            SetKind::Received,
            [entry(Ledger::TrustBank, 100), entry(Ledger::Held, -99)],
        );
        let difference = Money::new(1, Currency::USD);
        assert_eq!(
            off,
            Err(Unbalanced::Off { kind: SetKind::Received, book: Book::Trust, difference })
        );
    }

    #[test]
    fn the_two_books_do_not_balance_each_other() {
        let across = EntrySet::new(
            SetKind::Swept,
            [entry(Ledger::TrustBank, -100), entry(Ledger::OperatingBank, 100)],
        );
        assert!(matches!(across, Err(Unbalanced::Off { .. })));
    }

    #[test]
    fn two_currencies_do_not_balance_each_other() {
        let euro = Entry { money: Money::new(-100, Currency::EUR), ..entry(Ledger::Held, 0) };
        let across = EntrySet::new(SetKind::Received, [entry(Ledger::TrustBank, 100), euro]);
        assert!(matches!(across, Err(Unbalanced::Off { .. })));
    }

    #[test]
    fn entries_of_zero_are_left_out_and_an_empty_set_is_none() {
        let set = EntrySet::new(
            SetKind::Released,
            [entry(Ledger::Held, 5), entry(Ledger::ClientTrust, -5), entry(Ledger::RefundsDue, 0)],
        );
        assert_eq!(set.unwrap().entries().len(), 2);
        let none = EntrySet::new(SetKind::Released, [entry(Ledger::Held, 0)]);
        assert_eq!(none, Err(Unbalanced::Empty(SetKind::Released)));
    }

    #[test]
    fn every_code_parses_to_its_ledger_and_serde_says_the_same() {
        for ledger in Ledger::ALL {
            assert_eq!(ledger.as_str().parse(), Ok(*ledger));
            assert_eq!(serde_json::to_string(ledger).unwrap(), format!("\"{ledger}\""));
        }
        for kind in SetKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{kind}\""));
        }
        let trust = Ledger::ALL.iter().filter(|ledger| ledger.book() == Book::Trust);
        assert!(trust.eq(Ledger::TRUST.iter()));
    }
}
