//! A placement as typed values: what a record of a batch turns into once, while it is read.

use std::borrow::Cow;

use duly_domain::{
    Address, ClaimItemKind, ClaimKind, CreditorKind, Currency, Date, DebtClass, DebtorKind, Email,
    KnownFactKind, Money, PartyRole, Phone, Pii, ServiceKind,
};
use duly_proto::common::v1::Sealed;

/// One thing wrong with a record. It names the field and never repeats the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable, snake case, for programs.
    pub code: Cow<'static, str>,
    /// Path from the record's root, `items[3].number`.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// What a batch says about all of its records.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The client's; every amount must be in it.
    pub currency: Currency,
    /// Whether the client has a policy on the listing date.
    pub policy_in_force: bool,
    /// Today in the agency's zone: nothing that has happened can be later.
    pub today: Date,
}

/// One record of a batch, read.
#[derive(Debug)]
pub struct Record {
    /// Line in the client's file.
    pub line: i64,
    /// The client's reference as far as it is usable, else empty.
    pub reference: String,
    /// Listed amount in minor units as far as it is readable in the batch's currency.
    pub amount_minor: Option<i64>,
    /// The claim, or everything that is wrong with it.
    pub claim: Result<Claim, Vec<Problem>>,
}

/// One claim that can be placed.
#[derive(Debug)]
pub struct Claim {
    pub debt_class: DebtClass,
    pub service_kind: ServiceKind,
    pub amount: Money,
    pub items: Vec<Item>,
    /// The oldest due date among the items.
    pub age_from: Option<Date>,
    pub parties: Vec<Party>,
    pub persons: Vec<Person>,
    pub facts: Vec<Fact>,
    pub original_creditor: String,
    pub current_creditor: String,
    pub creditor_kind: Option<CreditorKind>,
    /// What it arose from, where the client tells.
    pub kind: Option<ClaimKind>,
    /// What was left out because it cannot be used.
    pub warnings: Vec<Problem>,
}

/// One invoice, credit or charge, in the claim's currency.
#[derive(Debug)]
pub struct Item {
    pub kind: ClaimItemKind,
    pub number: String,
    pub item_date: Option<Date>,
    pub due_date: Option<Date>,
    pub original_minor: Option<i64>,
    pub open_minor: i64,
    pub disputed_minor: Option<i64>,
    pub purchase_order: String,
    /// Keyed hash of the principal's name and the number.
    pub debtor_invoice_key: i64,
}

/// One person or business that owes.
#[derive(Debug)]
pub struct Party {
    pub role: PartyRole,
    pub debtor_kind: DebtorKind,
    pub name: Pii<String>,
    pub address: Option<Address>,
    pub phones: Vec<Phone>,
    pub emails: Vec<Email>,
    pub national_id: Option<Sealed>,
    pub birth_date: Option<Sealed>,
}

/// Someone not liable, through whom a business is reached.
#[derive(Debug)]
pub struct Person {
    pub name: Pii<String>,
    pub title: String,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
}

/// What the client knows already.
#[derive(Debug)]
pub struct Fact {
    pub kind: KnownFactKind,
    /// Position among the parties; `None` where it concerns the debt.
    pub party: Option<i32>,
    pub since: Option<Date>,
    pub detail: Pii<String>,
}
