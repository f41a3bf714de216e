//! What a placed claim tells: `AccountPlaced`, and its items in parts.

use duly_domain::{Address, Email, Phone};
use duly_platform::Tx;
use duly_proto::{
    common::v1::{self as common, EventMeta},
    convert::{date_to_wire, money_to_wire},
    intake::v1::{self as wire, event::Fact},
};
use prost::Message as _;
use sqlx::types::Uuid;

use duly_domain::{ContactPersonId, Currency, Money, PartyId};

use crate::{
    claim::{self, Item, Party, Person},
    open_batch::Opened,
    store::{
        account::{Placing, count},
        batch::Batch,
    },
};

/// Items of one part.
const PART_ITEMS_MAX: usize = 500;
/// Bytes of one part: an event cannot be split, and a message of the broker holds 1 MiB.
const PART_BYTES_MAX: usize = 200 * 1024;

/// Tells a placed claim. `parties` and `persons` are the ids of its own, in their order.
pub fn tell_placed(
    tx: &mut Tx,
    opened: &Opened,
    batch: &Batch,
    placing: &Placing<'_>,
    parties: &[Uuid],
    persons: &[Uuid],
) {
    let claim = placing.claim;
    let meta = EventMeta {
        account_id: placing.id.to_string(),
        client_id: opened.client.to_string(),
        version: placing.version,
        ..EventMeta::default()
    };
    let fact = wire::AccountPlaced {
        account_id: placing.id.to_string(),
        client_id: opened.client.to_string(),
        client_account_ref: placing.reference.to_owned(),
        batch_id: opened.batch.to_string(),
        opening: placing.opening,
        debt_class: wire::DebtClass::from(claim.debt_class).into(),
        service_kind: wire::ServiceKind::from(claim.service_kind).into(),
        listed_amount: Some(money_to_wire(claim.amount)),
        listing_date: Some(date_to_wire(batch.listing_date)),
        claim_items: count(claim.items.len()),
        liable_parties: claim.parties.iter().zip(parties).map(party).collect(),
        contact_persons: claim.persons.iter().zip(persons).map(person).collect(),
        known_facts: claim.facts.iter().map(known_fact).collect(),
        original_creditor: claim.original_creditor.clone(),
        current_creditor: claim.current_creditor.clone(),
        creditor_kind: claim
            .creditor_kind
            .map_or(wire::CreditorKind::Unspecified, Into::into)
            .into(),
        age_from: claim.age_from.map(date_to_wire),
        client_ref: opened.client_ref.clone(),
        claim_kind: claim.kind.map_or(wire::ClaimKind::Unspecified, Into::into).into(),
    };
    tx.tell::<wire::Event>(meta.clone(), Fact::AccountPlaced(fact));
    let parts = in_parts(&claim.items, claim.amount.currency());
    let all = count(parts.len());
    for (items, part) in parts.into_iter().zip(1..) {
        let fact = wire::ClaimItemsListed {
            account_id: placing.id.to_string(),
            opening: placing.opening,
            part,
            parts: all,
            items,
        };
        tx.tell::<wire::Event>(meta.clone(), Fact::ClaimItemsListed(fact));
    }
}

fn in_parts(items: &[Item], currency: Currency) -> Vec<Vec<wire::ClaimItem>> {
    let mut parts: Vec<Vec<wire::ClaimItem>> = Vec::new();
    let mut bytes = 0;
    for item in items {
        let item = claim_item(item, currency);
        let size = item.encoded_len();
        match parts.last_mut() {
            Some(part) if part.len() < PART_ITEMS_MAX && bytes + size <= PART_BYTES_MAX => {
                part.push(item);
                bytes += size;
            }
            _ => {
                parts.push(vec![item]);
                bytes = size;
            }
        }
    }
    parts
}

fn claim_item(item: &Item, currency: Currency) -> wire::ClaimItem {
    let money = |minor| money_to_wire(Money::new(minor, currency));
    wire::ClaimItem {
        kind: wire::ClaimItemKind::from(item.kind).into(),
        number: item.number.clone(),
        item_date: item.item_date.map(date_to_wire),
        due_date: item.due_date.map(date_to_wire),
        original_amount: item.original_minor.map(money),
        open_amount: Some(money(item.open_minor)),
        purchase_order: item.purchase_order.clone(),
        disputed_amount: item.disputed_minor.map(money),
    }
}

fn party((party, id): (&Party, &Uuid)) -> wire::LiableParty {
    wire::LiableParty {
        party_id: PartyId::from_uuid(*id).to_string(),
        role: wire::PartyRole::from(party.role).into(),
        debtor_kind: wire::DebtorKind::from(party.debtor_kind).into(),
        name: party.name.expose().clone(),
        address: party.address.as_ref().map(address),
        phones: party.phones.iter().map(Phone::to_string).collect(),
        emails: party.emails.iter().map(Email::to_string).collect(),
        sealed_national_id: party.national_id.clone(),
        sealed_birth_date: party.birth_date.clone(),
        ..wire::LiableParty::default()
    }
}

fn address(address: &Address) -> common::Address {
    common::Address {
        lines: address.lines().to_vec(),
        city: address.city().to_owned(),
        region: address.region().to_owned(),
        postal_code: address.postal_code().to_owned(),
        country: address.country().code().to_owned(),
    }
}

fn person((person, id): (&Person, &Uuid)) -> wire::ContactPerson {
    wire::ContactPerson {
        contact_person_id: ContactPersonId::from_uuid(*id).to_string(),
        name: person.name.expose().clone(),
        title: person.title.clone(),
        phone: person.phone.as_ref().map(Phone::to_string).unwrap_or_default(),
        email: person.email.as_ref().map(Email::to_string).unwrap_or_default(),
    }
}

fn known_fact(fact: &claim::Fact) -> wire::KnownFact {
    wire::KnownFact {
        kind: wire::KnownFactKind::from(fact.kind).into(),
        party_index: fact.party,
        since: fact.since.map(date_to_wire),
        detail: fact.detail.expose().clone(),
    }
}

#[cfg(test)]
mod tests {
    use duly_domain::ClaimItemKind;

    use super::*;

    fn items(count: usize, number_len: usize) -> Vec<Item> {
        let item = |i| Item {
            kind: ClaimItemKind::Invoice,
            number: format!("{i:0>number_len$}"),
            item_date: None,
            due_date: None,
            original_minor: None,
            open_minor: 100,
            disputed_minor: None,
            purchase_order: "p".repeat(number_len),
            debtor_invoice_key: 0,
        };
        (0..count).map(item).collect()
    }

    fn sizes(items: &[Item]) -> Vec<usize> {
        in_parts(items, Currency::USD).iter().map(Vec::len).collect()
    }

    #[test]
    fn parts_hold_at_most_500_items() {
        assert_eq!(sizes(&items(2459, 8)), [500, 500, 500, 500, 459]);
        assert_eq!(sizes(&items(500, 8)), [500]);
        assert!(sizes(&[]).is_empty());
    }

    #[test]
    fn parts_of_long_texts_stay_below_the_broker_s_message() {
        let long = items(500, 4000);
        let parts = in_parts(&long, Currency::USD);
        assert_eq!(parts.iter().map(Vec::len).sum::<usize>(), 500);
        for part in parts {
            assert!(part.iter().map(prost::Message::encoded_len).sum::<usize>() <= PART_BYTES_MAX);
        }
    }
}
