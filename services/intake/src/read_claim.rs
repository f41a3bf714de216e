//! Reads one record of a batch into a typed claim, or into everything that is wrong with it.
//!
//! National ids and birth dates are sealed here, while they are read: nothing after this point can hold
//! them in plain. A problem names the field and never its value. What is only unusable (a telephone
//! number, a mail or postal address) is left out with a warning.

mod parties;
mod reader;

use duly_domain::{ClaimItemKind, Currency, Money};
use duly_platform::Sealer;
use duly_proto::{
    common::v1 as common,
    intake::v1::{self as wire, placement_record},
};

use crate::{
    claim::{Claim, Item, Problem, Record, Terms},
    input::REFERENCE_BYTES_MAX,
};
use reader::{At, Reader, TEXT_BYTES_MAX};

/// Largest amount, in minor units: a hundred billion dollars. Sums of a batch stay within 64 bits.
const AMOUNT_MAX: i64 = 10_000_000_000_000;

/// Reads one record.
pub fn read_record(record: &wire::PlacementRecord, terms: &Terms, sealer: &Sealer) -> Record {
    let mut reader = Reader::new(terms, sealer);
    match &record.record {
        Some(placement_record::Record::Placement(placement)) => {
            let reference = reader.reference(&placement.client_account_ref);
            let amount_minor = readable_amount(placement.amount.as_ref(), terms.currency);
            let claim = read_placement(&mut reader, placement);
            let claim = claim.filter(|_| reader.problems.is_empty()).ok_or(reader.problems);
            Record { line: record.line, reference, amount_minor, claim }
        }
        Some(placement_record::Record::Unreadable(unreadable)) => {
            let reference = reader.reference(&unreadable.client_account_ref);
            let claim = Err(vec![unreadable_problem(unreadable)]);
            Record { line: record.line, reference, amount_minor: None, claim }
        }
        None => {
            reader.wrong("record_empty", At::field("record"), "holds neither placement nor error");
            let claim = Err(reader.problems);
            Record { line: record.line, reference: String::new(), amount_minor: None, claim }
        }
    }
}

/// What the caller says of a record that it could not read, within our limits.
fn unreadable_problem(unreadable: &wire::UnreadableRecord) -> Problem {
    let stable = |code: &str| {
        (1..=64).contains(&code.len())
            && code.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
    };
    let short = |text: &str| {
        text.chars().filter(|c| !c.is_control()).take(REFERENCE_BYTES_MAX).collect::<String>()
    };
    let code = if stable(&unreadable.code) { unreadable.code.clone() } else { "unreadable".into() };
    let mut reason = short(&unreadable.reason);
    if reason.is_empty() {
        "could not be read".clone_into(&mut reason);
    }
    Problem { code: code.into(), field: short(&unreadable.field), reason }
}

/// The amount for the control sums: also of records that are refused, as far as it can be added.
fn readable_amount(amount: Option<&common::Money>, currency: Currency) -> Option<i64> {
    amount
        .filter(|amount| amount.currency == currency.code())
        .map(|amount| amount.minor)
        .filter(|minor| (-AMOUNT_MAX..=AMOUNT_MAX).contains(minor))
}

/// Reads every field, so that everything that is wrong is known. `None` where a field that a claim
/// cannot do without is missing; the reader then has its problem.
fn read_placement(reader: &mut Reader<'_>, placement: &wire::Placement) -> Option<Claim> {
    if !reader.terms.policy_in_force {
        reader.wrong(
            "no_policy",
            At::field("listing_date"),
            "the client has no policy in force on the listing date; put one with PutClient",
        );
    }
    let debt_class = reader.term(
        "debt_class_missing",
        At::field("debt_class"),
        placement.debt_class().try_into(),
    );
    let service_kind = match placement.service_kind() {
        wire::ServiceKind::Unspecified => wire::ServiceKind::Contingency,
        stated => stated,
    };
    let free_demand = service_kind == wire::ServiceKind::FreeDemand;
    if free_demand && placement.debt_class() == wire::DebtClass::Consumer {
        reader.wrong(
            "free_demand_consumer",
            At::field("service_kind"),
            "a free demand is for commercial debts only",
        );
    }
    let service_kind =
        reader.term("service_kind_unknown", At::field("service_kind"), service_kind.try_into());
    let amount = read_amount(reader, placement.amount.as_ref());
    let parties = reader.parties(&placement.liable_parties);
    let items = read_items(reader, placement, amount);
    let persons = reader.persons(&placement.contact_persons);
    let facts = reader.facts(&placement.known_facts, parties.len());
    let original_creditor =
        reader.text(At::field("original_creditor"), &placement.original_creditor, TEXT_BYTES_MAX);
    let current_creditor =
        reader.text(At::field("current_creditor"), &placement.current_creditor, TEXT_BYTES_MAX);
    Some(Claim {
        debt_class: debt_class?,
        service_kind: service_kind?,
        amount: amount?,
        age_from: items.iter().filter_map(|item| item.due_date).min(),
        items,
        parties,
        persons,
        facts,
        original_creditor,
        current_creditor,
        creditor_kind: placement.creditor_kind().try_into().ok(),
        kind: placement.claim_kind().try_into().ok(),
        warnings: std::mem::take(&mut reader.warnings),
    })
}

fn read_amount(reader: &mut Reader<'_>, amount: Option<&common::Money>) -> Option<Money> {
    let at = At::field("amount");
    if amount.is_none() {
        reader.wrong("amount_missing", at, "is missing");
    }
    let minor = reader.money(at, amount)?;
    match minor {
        0 => reader.wrong("amount_zero", at, "is zero; only what is owed can be placed"),
        i64::MIN..0 => reader.wrong("amount_negative", at, "is negative; nothing is owed"),
        1.. => {}
    }
    Some(Money::new(minor, reader.terms.currency))
}

fn read_items(
    reader: &mut Reader<'_>,
    placement: &wire::Placement,
    amount: Option<Money>,
) -> Vec<Item> {
    let principal = placement
        .liable_parties
        .iter()
        .find(|party| party.role() == wire::PartyRole::Principal)
        .map(|party| normalised(&party.name))
        .unwrap_or_default();
    let mut numbers = std::collections::HashSet::with_capacity(placement.items.len());
    let mut items = Vec::with_capacity(placement.items.len());
    for (index, item) in placement.items.iter().enumerate() {
        let Some(item) = read_item(reader, index, item, &principal) else { continue };
        if !item.number.is_empty() && !numbers.insert(item.number.clone()) {
            reader.wrong(
                "item_number_duplicate",
                At::item("items", index, "number"),
                "stands twice in the claim",
            );
        }
        items.push(item);
    }
    // Only where every item was readable: a missing part would be told a second time as a wrong sum.
    if let Some(amount) = amount.filter(|_| !items.is_empty())
        && items.len() == placement.items.len()
    {
        let sum = items.iter().try_fold(0_i64, |sum, item| sum.checked_add(item.open_minor));
        if sum != Some(amount.minor()) {
            reader.wrong(
                "items_sum",
                At::field("items"),
                "the open amounts of the items do not sum to the amount",
            );
        }
    }
    items
}

fn read_item(
    reader: &mut Reader<'_>,
    index: usize,
    item: &wire::ClaimItem,
    principal: &str,
) -> Option<Item> {
    let at = |leaf| At::item("items", index, leaf);
    let kind: Option<ClaimItemKind> =
        reader.term("item_kind_missing", at("kind"), item.kind().try_into());
    let number = reader.text(at("number"), &item.number, REFERENCE_BYTES_MAX);
    if item.number.trim().is_empty() {
        reader.wrong("item_number_missing", at("number"), "is missing");
    }
    let item_date = reader.past_date(at("item_date"), item.item_date.as_ref());
    let due_date = reader.date(at("due_date"), item.due_date.as_ref());
    let original_minor = reader.money(at("original_amount"), item.original_amount.as_ref());
    if item.open_amount.is_none() {
        reader.wrong("item_amount_missing", at("open_amount"), "is missing");
    }
    let open_minor = reader.money(at("open_amount"), item.open_amount.as_ref());
    let disputed_minor = reader.money(at("disputed_amount"), item.disputed_amount.as_ref());
    let purchase_order = reader.text(at("purchase_order"), &item.purchase_order, TEXT_BYTES_MAX);
    let (kind, open_minor) = (kind?, open_minor?);
    let credit = kind == ClaimItemKind::CreditMemo;
    if (credit && open_minor > 0) || (!credit && open_minor < 0) {
        reader.wrong(
            "item_amount_sign",
            at("open_amount"),
            "credit memos are negative, everything else is positive",
        );
    }
    let debtor_invoice_key = debtor_invoice_key(reader.sealer, principal, &number);
    Some(Item {
        kind,
        number,
        item_date,
        due_date,
        original_minor,
        open_minor,
        disputed_minor,
        purchase_order,
        debtor_invoice_key,
    })
}

/// A name as it is compared: letters and digits in lower case.
fn normalised(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Finds the same debtor and invoice number without holding either.
fn debtor_invoice_key(sealer: &Sealer, principal: &str, number: &str) -> i64 {
    let lookup = sealer.lookup("debtor_invoice", &format!("{principal}\n{}", normalised(number)));
    let (head, _) = lookup.split_first_chunk().expect("a look-up is longer than eight bytes");
    i64::from_be_bytes(*head)
}

#[cfg(test)]
mod tests;
