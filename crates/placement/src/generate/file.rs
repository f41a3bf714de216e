//! A portfolio as a CSV file: one row per item, the claim's own columns repeated on each.

use std::io::{self, Write};

use chrono::Datelike;
use duly_domain::{Date, DebtClass, DebtorKind};

use super::claim::{GeneratedClaim, GeneratedItem, GeneratedParty};
use super::{Flaw, Portfolio};

const COLUMNS: [&str; 39] = [
    "claim",
    "client",
    "reference",
    "debt_class",
    "debtor_kind",
    "debtor_name",
    "street",
    "city",
    "state",
    "zip",
    "phone",
    "email",
    "national_id",
    "birth_date",
    "guarantor_role",
    "guarantor_name",
    "guarantor_street",
    "guarantor_city",
    "guarantor_state",
    "guarantor_zip",
    "guarantor_phone",
    "guarantor_email",
    "guarantor_national_id",
    "guarantor_birth_date",
    "contact_name",
    "contact_title",
    "fact",
    "fact_since",
    "fact_detail",
    "currency",
    "balance",
    "item_kind",
    "item_number",
    "item_date",
    "due_date",
    "open_amount",
    "purchase_order",
    "original_creditor",
    "creditor_kind",
];

impl Portfolio {
    /// Writes the file that [`crate::GENERATED_MAPPING`] maps, and says how many rows it has below
    /// its header.
    pub fn write_csv(&self, to: &mut impl Write) -> io::Result<u64> {
        let mut writer = csv::Writer::from_writer(to);
        writer.write_record(COLUMNS)?;
        let mut rows = 0;
        for claim in self.claims() {
            for at in 0..claim.items.len() {
                writer.write_record(row(&claim, at, self.as_of()))?;
                rows += 1;
            }
        }
        writer.flush()?;
        Ok(rows)
    }
}

fn row(claim: &GeneratedClaim, at: usize, as_of: Date) -> [String; COLUMNS.len()] {
    let item = &claim.items[at];
    let flaw = claim.flaw;
    let debtor = &claim.debtor;
    let debt_class = match debtor.kind {
        DebtorKind::Person => DebtClass::Consumer,
        DebtorKind::Business => DebtClass::Commercial,
    };
    let [street, city, state, zip, phone, email, national_id, birth_date] = reach(debtor);
    let guarantor = claim.guarantor.as_ref();
    let [g_street, g_city, g_state, g_zip, g_phone, g_email, g_national_id, g_birth_date] =
        guarantor.map(reach).unwrap_or_default();
    let (fact, fact_since, fact_detail) = claim.known_fact.map_or_else(
        || (String::new(), String::new(), String::new()),
        |(kind, since, detail)| (kind.to_string(), since.to_string(), detail.to_owned()),
    );
    let contact_name = claim.contact_name.clone().unwrap_or_default();
    let contact_title = if contact_name.is_empty() { "" } else { "Accounts payable" };
    [
        claim.number.to_string(),
        claim.client_ref.to_owned(),
        claim.account_ref.clone(),
        debt_class.to_string(),
        debtor.kind.to_string(),
        if flaw == Some(Flaw::MissingName) { String::new() } else { debtor.name.clone() },
        street,
        city,
        state,
        zip,
        phone,
        email,
        national_id,
        birth_date,
        guarantor.map_or_else(String::new, |party| party.role.to_string()),
        guarantor.map_or_else(String::new, |party| party.name.clone()),
        g_street,
        g_city,
        g_state,
        g_zip,
        g_phone,
        g_email,
        g_national_id,
        g_birth_date,
        contact_name,
        contact_title.to_owned(),
        fact,
        fact_since,
        fact_detail,
        if flaw == Some(Flaw::UnknownCurrency) { "XQZ" } else { "USD" }.to_owned(),
        balance(claim),
        item.kind.to_string(),
        item.number.clone(),
        item.item_date.to_string(),
        due_date(item, flaw, at, as_of),
        open_amount(item, flaw, at),
        item.purchase_order.clone(),
        claim.client_ref.to_owned(),
        "trade".to_owned(),
    ]
}

fn reach(party: &GeneratedParty) -> [String; 8] {
    [
        party.street.clone(),
        party.place.city.to_owned(),
        party.place.state.to_owned(),
        party.place.zip.to_owned(),
        party.phone.clone(),
        party.email.clone(),
        party.national_id.clone(),
        party.birth_date.map_or_else(String::new, |date| date.to_string()),
    ]
}

fn balance(claim: &GeneratedClaim) -> String {
    let amount = claim.amount();
    if claim.flaw != Some(Flaw::ItemsDoNotSum) {
        return amount.amount();
    }
    duly_domain::Money::new(amount.minor() + 100, amount.currency()).amount()
}

fn due_date(item: &GeneratedItem, flaw: Option<Flaw>, at: usize, as_of: Date) -> String {
    if flaw == Some(Flaw::DateThatDoesNotExist) && at == 0 {
        return format!("{:04}-02-30", as_of.year());
    }
    item.due_date.to_string()
}

/// A flawed amount has the letter O for its last digit, as a typist's has.
fn open_amount(item: &GeneratedItem, flaw: Option<Flaw>, at: usize) -> String {
    let mut text = item.open_amount.amount();
    if flaw == Some(Flaw::AmountWithLetters) && at == 0 {
        text.pop();
        text.push('O');
    }
    text
}
