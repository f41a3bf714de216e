//! A portfolio by a seed: the same accounts, seed and date give the same file, byte for byte.
//!
//! Every name is made up, telephone numbers are of the 555-01xx range kept for fiction, e-mail
//! addresses are of example.com. Streets exist or not; city, ZIP and area code belong together.
//! [`Portfolio::write_csv`] writes the file that [`crate::GENERATED_MAPPING`] maps, so a made
//! portfolio takes the same road as a client's.

mod claim;
mod file;
mod places;
mod words;

use duly_domain::{Date, DebtorKind};

pub use claim::{GeneratedClaim, GeneratedItem, GeneratedParty};
pub use places::{PLACES, Place};

use crate::rng::Rng;

/// A client of the portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortfolioClient {
    /// The agency's short name for it.
    pub client_ref: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The client above it, which stands before it in the list.
    pub parent_ref: Option<&'static str>,
    /// Whose debts it places; unset for one that only stands above others.
    pub places: Option<DebtorKind>,
}

const fn client(
    client_ref: &'static str,
    name: &'static str,
    parent_ref: Option<&'static str>,
    places: Option<DebtorKind>,
) -> PortfolioClient {
    PortfolioClient { client_ref, name, parent_ref, places }
}

/// The clients of every portfolio, parents first.
pub const CLIENTS: [PortfolioClient; 8] = [
    client("NORTHSTAR", "Northstar Industrial Group", None, None),
    client(
        "NORTHSTAR-EAST",
        "Northstar East Supply",
        Some("NORTHSTAR"),
        Some(DebtorKind::Business),
    ),
    client(
        "NORTHSTAR-WEST",
        "Northstar West Supply",
        Some("NORTHSTAR"),
        Some(DebtorKind::Business),
    ),
    client("CASCADE", "Cascade Packaging", None, Some(DebtorKind::Business)),
    client("HARBOR", "Harbor Health Partners", None, None),
    client("HARBOR-CLINIC", "Harbor Clinics", Some("HARBOR"), Some(DebtorKind::Person)),
    client("HARBOR-DENTAL", "Harbor Dental", Some("HARBOR"), Some(DebtorKind::Person)),
    client("PIONEER", "Pioneer Water and Power", None, Some(DebtorKind::Person)),
];

/// What is wrong with a claim that was made to be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flaw {
    /// An amount has a letter in it.
    AmountWithLetters,
    /// A due date is 30 February.
    DateThatDoesNotExist,
    /// The currency is no currency.
    UnknownCurrency,
    /// The debtor has no name.
    MissingName,
    /// The reference is that of the claim before.
    DuplicateReference,
    /// The stated balance is one dollar above the items.
    ItemsDoNotSum,
}

impl Flaw {
    /// Every flaw, in the order in which a block has them.
    pub const ALL: [Self; 6] = [
        Self::AmountWithLetters,
        Self::DateThatDoesNotExist,
        Self::UnknownCurrency,
        Self::MissingName,
        Self::DuplicateReference,
        Self::ItemsDoNotSum,
    ];

    /// Whether reading the file finds it; the others are found by whoever takes the placement.
    pub const fn unreadable(self) -> bool {
        match self {
            Self::AmountWithLetters
            | Self::DateThatDoesNotExist
            | Self::UnknownCurrency
            | Self::MissingName => true,
            Self::DuplicateReference | Self::ItemsDoNotSum => false,
        }
    }
}

/// Each stretch of this many claims has each flaw once: two in a hundred claims are flawed.
const CLAIMS_PER_FLAW: u64 = 50;

/// A portfolio that is made while it is read; it holds no claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portfolio {
    accounts: u64,
    seed: u64,
    as_of: Date,
}

/// A portfolio of so many claims, of which two in a hundred are flawed.
pub const fn generate(accounts: u64, seed: u64, as_of: Date) -> Portfolio {
    Portfolio { accounts, seed, as_of }
}

impl Portfolio {
    /// How many claims it has, flawed ones included.
    pub const fn accounts(&self) -> u64 {
        self.accounts
    }

    /// The date of the placement.
    pub const fn as_of(&self) -> Date {
        self.as_of
    }

    /// The clients, parents first.
    pub const fn clients(&self) -> &'static [PortfolioClient] {
        &CLIENTS
    }

    /// Every claim, in the order of the file.
    pub fn claims(&self) -> impl Iterator<Item = GeneratedClaim> + use<> {
        let portfolio = *self;
        (0..portfolio.accounts).map(move |at| portfolio.claim(at))
    }

    /// The claim at this place, from 0.
    pub fn claim(&self, at: u64) -> GeneratedClaim {
        claim::make(*self, at)
    }

    /// The flaw of the claim at this place. A flawed claim never stands beside another, and never
    /// first: the claim before a duplicate is sound.
    fn flaw(&self, at: u64) -> Option<Flaw> {
        let (stretch, place) = (at / CLAIMS_PER_FLAW, at % CLAIMS_PER_FLAW);
        let flawed = self.rng(b"flaw", stretch).between(1, CLAIMS_PER_FLAW - 2);
        let kinds = u64::try_from(Flaw::ALL.len()).unwrap_or(1);
        let kind = usize::try_from(stretch % kinds).unwrap_or_default();
        (place == flawed).then(|| Flaw::ALL[kind])
    }

    fn rng(&self, what: &[u8], at: u64) -> Rng {
        Rng::of(self.seed, &[what, &at.to_be_bytes()])
    }
}

#[cfg(test)]
mod tests;
