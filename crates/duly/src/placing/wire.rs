//! A record of a client's file as intake takes it.

use duly_domain::{AddressParts, Pii};
use duly_placement::{Contact, Item, KnownFact, Party, Placement, Record};
use duly_proto::{
    common::v1::{Address, Secret},
    convert::{date_to_wire, money_to_wire},
    intake::v1 as intake,
};

/// The record with its line; what could not be read goes along, so that each record has its answer.
pub fn record(record: Record) -> intake::PlacementRecord {
    let wire = match record.outcome {
        Ok(placement) => intake::placement_record::Record::Placement(self::placement(placement)),
        Err(error) => {
            // A claim of several rows is told by its first; the bad one is another.
            let reason = if error.line == record.line {
                error.reason
            } else {
                format!("line {}: {}", error.line, error.reason)
            };
            intake::placement_record::Record::Unreadable(intake::UnreadableRecord {
                client_account_ref: record.account_ref.unwrap_or_default(),
                code: error.code.to_string(),
                field: error.field,
                reason,
            })
        }
    };
    let line = i64::try_from(record.line).unwrap_or(i64::MAX);
    intake::PlacementRecord { line, record: Some(wire) }
}

fn placement(placement: Placement) -> intake::Placement {
    let mut wire = intake::Placement {
        client_account_ref: placement.account_ref,
        amount: Some(money_to_wire(placement.amount)),
        items: placement.items.into_iter().map(item).collect(),
        liable_parties: placement.parties.into_iter().map(party).collect(),
        contact_persons: placement.contacts.into_iter().map(contact).collect(),
        known_facts: placement.known_facts.into_iter().map(known_fact).collect(),
        original_creditor: placement.original_creditor.unwrap_or_default(),
        current_creditor: placement.current_creditor.unwrap_or_default(),
        ..intake::Placement::default()
    };
    wire.set_debt_class(placement.debt_class.into());
    if let Some(kind) = placement.service_kind {
        wire.set_service_kind(kind.into());
    }
    if let Some(kind) = placement.creditor_kind {
        wire.set_creditor_kind(kind.into());
    }
    if let Some(kind) = placement.claim_kind {
        wire.set_claim_kind(kind.into());
    }
    wire
}

fn item(item: Item) -> intake::ClaimItem {
    let mut wire = intake::ClaimItem {
        // An item without a number of the client's own is told by its line.
        number: item.number.unwrap_or_else(|| format!("line {}", item.line)),
        item_date: item.item_date.map(date_to_wire),
        due_date: item.due_date.map(date_to_wire),
        original_amount: item.original_amount.map(money_to_wire),
        open_amount: Some(money_to_wire(item.open_amount)),
        purchase_order: item.purchase_order.unwrap_or_default(),
        disputed_amount: item.disputed_amount.map(money_to_wire),
        ..intake::ClaimItem::default()
    };
    wire.set_kind(item.kind.into());
    wire
}

fn party(party: Party) -> intake::LiableParty {
    let secret = |plain| Secret { plain };
    let mut wire = intake::LiableParty {
        name: party.name.into_inner(),
        address: party.address.map(|parts| address(parts.into_inner())),
        phones: party.phones.into_iter().map(Pii::into_inner).collect(),
        emails: party.emails.into_iter().map(Pii::into_inner).collect(),
        national_id: party.national_id.map(|number| secret(number.into_inner())),
        birth_date: party.birth_date.map(|date| secret(date.expose().to_string())),
        ..intake::LiableParty::default()
    };
    wire.set_role(party.role.into());
    wire.set_debtor_kind(party.kind.into());
    wire
}

fn address(parts: AddressParts) -> Address {
    Address {
        lines: parts.lines,
        city: parts.city,
        region: parts.region,
        postal_code: parts.postal_code,
        country: parts.country,
    }
}

fn contact(contact: Contact) -> intake::ContactPerson {
    intake::ContactPerson {
        contact_person_id: String::new(),
        name: contact.name.into_inner(),
        title: contact.title,
        phone: contact.phone.into_inner(),
        email: contact.email.into_inner(),
    }
}

fn known_fact(fact: KnownFact) -> intake::KnownFact {
    let mut wire = intake::KnownFact {
        party_index: fact.party.and_then(|at| i32::try_from(at).ok()),
        since: fact.since.map(date_to_wire),
        detail: fact.detail.map(Pii::into_inner).unwrap_or_default(),
        ..intake::KnownFact::default()
    };
    wire.set_kind(fact.kind.into());
    wire
}
