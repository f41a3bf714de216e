//! Where an account stands, kept from what intake and payments tell: placed by whom and against whom,
//! ended, held, and what is still owed. contact, letters, skiptrace and workflow each keep the same
//! tables in their own schema, so that none has to ask another.
//!
//! Facts are order-free: an end or a payment that arrives before its account waits in its table and
//! counts once the account is known. Deliberately absent: any decision, and everything that only one
//! service needs (claim items, contact points, stops).

mod keep;
mod load;
mod store;

use chrono::NaiveDate;
use duly_domain::{
    AddressParts, CloseCode, DebtClass, DebtorKind, Money, PartyRole, Pii, ServiceKind,
};
use sqlx::{migrate::Migrator, types::Uuid};

pub use keep::{
    keep_adjusted, keep_clients, keep_closed, keep_holds_lifted, keep_holds_placed, keep_placed,
    keep_posted, keep_recalled, keep_reversed, keep_settled,
};
pub use load::{find, load, load_before, load_for_parties};

/// The tables.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The tables, as `Service::shared` takes them.
pub static SHARED: &[&Migrator] = &[&MIGRATOR];

/// Tables of [`MIGRATOR`] whose rows are only inserted.
pub const APPEND_ONLY: &[&str] = &[
    "account",
    "account_party",
    "account_end",
    "account_money",
    "account_hold",
    "account_hold_lifted",
];

/// One account in its current opening.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The account.
    pub account: Uuid,
    /// Its current opening: 1, and one more each time that it was placed again.
    pub opening: i32,
    /// Who placed it.
    pub client: Uuid,
    /// The agency's short name for the client.
    pub client_ref: String,
    /// The client's name; its short name until the client is heard of.
    pub client_name: String,
    /// The client's own reference of the account.
    pub client_account_ref: String,
    /// Whether consumer law applies.
    pub debt_class: DebtClass,
    /// What the agency was asked to do.
    pub service_kind: ServiceKind,
    /// The amount placed.
    pub listed: Money,
    /// The day of the placement.
    pub listed_on: NaiveDate,
    /// Listed and adjusted, less what was paid and not taken back, held money included.
    pub balance: Money,
    /// Set once the client recalled it or it was closed.
    pub ended: Option<End>,
    /// Released money has paid the balance, and nothing was taken back since.
    pub settled: bool,
    /// The client's hold that covers the day asked about.
    pub held: Option<Held>,
    /// Who owes it, the principal debtor first.
    pub parties: Vec<Party>,
}

impl Standing {
    /// Whether the agency may work it: neither ended nor held, and something is owed.
    #[must_use]
    pub fn workable(&self) -> bool {
        self.ended.is_none() && self.held.is_none() && self.balance.is_positive()
    }

    /// The liable party of this id.
    #[must_use]
    pub fn party(&self, id: Uuid) -> Option<&Party> {
        self.parties.iter().find(|party| party.id == id)
    }
}

/// How an account ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// By whom.
    pub kind: EndKind,
    /// When, in the agency's zone.
    pub on: NaiveDate,
    /// The close code; `RCL` for a recall.
    pub close_code: CloseCode,
}

/// Who ended an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndKind {
    /// The client took it back.
    Recalled,
    /// Intake closed it.
    Closed,
}

/// A client's hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Why, in the client's words.
    pub reason: String,
    /// Last day; `None`: until it is lifted.
    pub until: Option<NaiveDate>,
}

/// One who owes an account, as it was placed.
#[derive(Debug, Clone)]
pub struct Party {
    /// Made by intake.
    pub id: Uuid,
    /// 0 is the principal debtor.
    pub position: i32,
    /// In what capacity it owes.
    pub role: PartyRole,
    /// A natural person or a business.
    pub kind: DebtorKind,
    /// Its name.
    pub name: Pii<String>,
    /// Its postal address, where one was placed.
    pub address: Option<Pii<AddressParts>>,
    /// E.164.
    pub phones: Vec<Pii<String>>,
    /// E-mail addresses.
    pub emails: Vec<Pii<String>>,
    /// Keyed hash of its national id: equal ids have equal look-ups.
    pub national_id_lookup: Option<Vec<u8>>,
}
