//! A claim as the client's file states it: typed amounts, dates and terms, texts as written.

use duly_domain::{
    AddressParts, ClaimItemKind, ClaimKind, CreditorKind, Date, DebtClass, DebtorKind,
    KnownFactKind, Money, PartyRole, Pii, ServiceKind,
};

use crate::error::RowError;

/// One record of the file: a placement, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Line on which the record begins (of a claim of several rows: the first of them), from 1.
    pub line: u64,
    /// The client, where it could be read.
    pub client_ref: Option<String>,
    /// The client's reference of the account, where it could be read.
    pub account_ref: Option<String>,
    /// What became of it.
    pub outcome: Result<Placement, RowError>,
}

/// One claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Line on which it begins.
    pub line: u64,
    /// The client's short name.
    pub client_ref: String,
    /// The client's reference of the account.
    pub account_ref: String,
    /// Consumer or commercial.
    pub debt_class: DebtClass,
    /// Where the mapping names one.
    pub service_kind: Option<ServiceKind>,
    /// The balance that the file states, else the sum of the items. Always above zero; whether the
    /// items sum to a stated balance is judged by whoever takes the placement.
    pub amount: Money,
    /// In the order of the file. Empty where the mapping maps no items.
    pub items: Vec<Item>,
    /// The debtor first, then guarantors.
    pub parties: Vec<Party>,
    /// Persons through whom a business is reached.
    pub contacts: Vec<Contact>,
    /// What the client knows, ordered by kind.
    pub known_facts: Vec<KnownFact>,
    /// To whom the debt was owed first.
    pub original_creditor: Option<String>,
    /// To whom it is owed now.
    pub current_creditor: Option<String>,
    /// What kind of creditor that is.
    pub creditor_kind: Option<CreditorKind>,
    /// What the claim arose from.
    pub claim_kind: Option<ClaimKind>,
}

/// One invoice, credit or charge of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Line of its row.
    pub line: u64,
    /// As the file says; else credit memo below zero and invoice above.
    pub kind: ClaimItemKind,
    /// The client's number of it.
    pub number: Option<String>,
    /// When it was billed.
    pub item_date: Option<Date>,
    /// When it fell due.
    pub due_date: Option<Date>,
    /// What was billed.
    pub original_amount: Option<Money>,
    /// What is still owed on it; below zero for a credit.
    pub open_amount: Money,
    /// The debtor's own order number.
    pub purchase_order: Option<String>,
    /// The part that the debtor contests.
    pub disputed_amount: Option<Money>,
}

/// One person or business that owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Principal for the debtor.
    pub role: PartyRole,
    /// Human or organisation.
    pub kind: DebtorKind,
    /// As written.
    pub name: Pii<String>,
    /// As written; unset where every mapped cell is empty.
    pub address: Option<Pii<AddressParts>>,
    /// As written, in the order of the mapping, each once.
    pub phones: Vec<Pii<String>>,
    /// As written, in the order of the mapping, each once.
    pub emails: Vec<Pii<String>>,
    /// Social security or employer number as written.
    pub national_id: Option<Pii<String>>,
    /// Of a person.
    pub birth_date: Option<Pii<Date>>,
}

/// A person who is not liable, through whom a business is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// As written.
    pub name: Pii<String>,
    /// Empty where there is none.
    pub title: String,
    /// As written; empty where there is none.
    pub phone: Pii<String>,
    /// As written; empty where there is none.
    pub email: Pii<String>,
}

/// One thing that the client knows when it places.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownFact {
    /// What it is.
    pub kind: KnownFactKind,
    /// Index into `parties`; unset where it concerns the claim as a whole.
    pub party: Option<usize>,
    /// Since when.
    pub since: Option<Date>,
    /// As written.
    pub detail: Option<Pii<String>>,
}

/// A later payment of a placed item, as the file reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Line of the item's row.
    pub line: u64,
    /// The client's short name.
    pub client_ref: String,
    /// The client's reference of the account.
    pub account_ref: String,
    /// The item that was paid.
    pub item_number: Option<String>,
    /// When it was paid: after the as-of date.
    pub on: Date,
    /// Above zero.
    pub amount: Money,
}
