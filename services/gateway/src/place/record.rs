//! One placement as JSON. Its keys and types have to fit; a value that does not fit makes an unreadable
//! record, so that the record is answered and the others are placed.

use duly_domain as domain;
use duly_proto::{
    common::v1 as common,
    intake::v1::{self as wire, placement_record::Record},
};
use serde::Deserialize;
use std::str::FromStr;
use utoipa::ToSchema;

use crate::{
    fault::Fault,
    shape::{self, Money, codes},
};

/// One claim as the client states it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// Your own reference, unique among your open accounts.
    #[schema(example = "INV-2025-0117", max_length = 200)]
    client_account_ref: String,
    #[schema(schema_with = codes::debt_class)]
    debt_class: String,
    /// `contingency` unless told.
    #[serde(default)]
    #[schema(schema_with = codes::service_kind)]
    service_kind: Option<String>,
    /// What is owed: above zero, and the sum of the items where there are any.
    amount: Money,
    #[serde(default)]
    items: Vec<ClaimItem>,
    /// Who owes it; one of them at least as `principal`.
    liable_parties: Vec<LiableParty>,
    #[serde(default)]
    contact_persons: Vec<ContactPerson>,
    #[serde(default)]
    known_facts: Vec<KnownFact>,
    #[serde(default)]
    original_creditor: String,
    #[serde(default)]
    current_creditor: String,
    #[serde(default)]
    #[schema(schema_with = codes::creditor_kind)]
    creditor_kind: Option<String>,
    /// What the claim arose from; left out where it is not known.
    #[serde(default)]
    #[schema(schema_with = codes::claim_kind)]
    claim_kind: Option<String>,
}

/// One invoice, credit or charge of a claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimItem {
    #[schema(schema_with = codes::claim_item_kind)]
    kind: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    #[schema(format = Date)]
    item_date: Option<String>,
    #[serde(default)]
    #[schema(format = Date)]
    due_date: Option<String>,
    #[serde(default)]
    original_amount: Option<Money>,
    /// What is still owed on it; negative for a credit.
    open_amount: Money,
    #[serde(default)]
    purchase_order: String,
    /// The part that the debtor contests.
    #[serde(default)]
    disputed_amount: Option<Money>,
}

/// One person or business that owes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlacedParty)]
pub struct LiableParty {
    #[schema(schema_with = codes::party_role)]
    role: String,
    #[schema(schema_with = codes::debtor_kind)]
    debtor_kind: String,
    name: String,
    #[serde(default)]
    address: Option<Address>,
    #[serde(default)]
    phones: Vec<String>,
    #[serde(default)]
    emails: Vec<String>,
    /// Social security number or employer number. Sealed at once, never shown again.
    #[serde(default)]
    national_id: Option<String>,
    /// Sealed at once, never shown again.
    #[serde(default)]
    #[schema(format = Date)]
    birth_date: Option<String>,
}

/// A postal address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlacedAddress)]
pub struct Address {
    lines: Vec<String>,
    city: String,
    /// Two-letter state or territory in the US, else the region as written.
    #[serde(default)]
    region: String,
    #[serde(default)]
    postal_code: String,
    /// ISO 3166-1 alpha-2; US unless told.
    #[serde(default)]
    country: String,
}

/// A natural person who is not liable, through whom a business is reached.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPerson {
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    email: String,
}

/// One thing that you know about a party or the debt: an attorney, a request to cease, a bankruptcy.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownFact {
    #[schema(schema_with = codes::known_fact_kind)]
    kind: String,
    /// Index into `liable_parties`, from 0; left out where it concerns the debt as a whole.
    #[serde(default)]
    party_index: Option<i32>,
    #[serde(default)]
    #[schema(format = Date)]
    since: Option<String>,
    #[serde(default)]
    detail: String,
}

/// A value that does not fit, with its stable code.
struct Unfit {
    code: &'static str,
    fault: Fault,
}

impl From<(Fault, &'static str)> for Unfit {
    fn from((fault, code): (Fault, &'static str)) -> Self {
        Self { code, fault }
    }
}

impl Placement {
    /// The record on the wire: a placement, or why it is none.
    pub fn read(self, line: i64) -> wire::PlacementRecord {
        let client_account_ref = self.client_account_ref.clone();
        let record = match self.placement() {
            Ok(placement) => Record::Placement(placement),
            Err(Unfit { code, fault }) => Record::Unreadable(wire::UnreadableRecord {
                client_account_ref,
                code: code.to_owned(),
                field: fault.field,
                reason: fault.reason,
            }),
        };
        wire::PlacementRecord { line, record: Some(record) }
    }

    fn placement(self) -> Result<wire::Placement, Unfit> {
        let mut placement = wire::Placement {
            client_account_ref: self.client_account_ref,
            amount: Some(self.amount.read("amount")?),
            items: numbered("items", self.items, ClaimItem::item)?,
            liable_parties: numbered("liable_parties", self.liable_parties, LiableParty::party)?,
            contact_persons: self.contact_persons.into_iter().map(ContactPerson::person).collect(),
            known_facts: numbered("known_facts", self.known_facts, KnownFact::fact)?,
            original_creditor: self.original_creditor,
            current_creditor: self.current_creditor,
            ..wire::Placement::default()
        };
        let debt_class: domain::DebtClass = term("debt_class", &self.debt_class)?;
        placement.set_debt_class(debt_class.into());
        if let Some(kind) = &self.service_kind {
            let kind: domain::ServiceKind = term("service_kind", kind)?;
            placement.set_service_kind(kind.into());
        }
        if let Some(kind) = &self.creditor_kind {
            let kind: domain::CreditorKind = term("creditor_kind", kind)?;
            placement.set_creditor_kind(kind.into());
        }
        if let Some(kind) = &self.claim_kind {
            let kind: domain::ClaimKind = term("claim_kind", kind)?;
            placement.set_claim_kind(kind.into());
        }
        Ok(placement)
    }
}

impl ClaimItem {
    fn item(self) -> Result<wire::ClaimItem, Unfit> {
        let kind: domain::ClaimItemKind = term("kind", &self.kind)?;
        let money = |field, money: Option<Money>| money.map(|m| m.read(field)).transpose();
        Ok(wire::ClaimItem {
            kind: wire::ClaimItemKind::from(kind).into(),
            number: self.number,
            item_date: date("item_date", self.item_date.as_deref())?,
            due_date: date("due_date", self.due_date.as_deref())?,
            original_amount: money("original_amount", self.original_amount)?,
            open_amount: Some(self.open_amount.read("open_amount")?),
            purchase_order: self.purchase_order,
            disputed_amount: money("disputed_amount", self.disputed_amount)?,
        })
    }
}

impl LiableParty {
    fn party(self) -> Result<wire::LiableParty, Unfit> {
        let role: domain::PartyRole = term("role", &self.role)?;
        let kind: domain::DebtorKind = term("debtor_kind", &self.debtor_kind)?;
        let secret = |plain: Option<String>| plain.map(|plain| common::Secret { plain });
        Ok(wire::LiableParty {
            role: wire::PartyRole::from(role).into(),
            debtor_kind: wire::DebtorKind::from(kind).into(),
            name: self.name,
            address: self.address.map(|address| common::Address {
                lines: address.lines,
                city: address.city,
                region: address.region,
                postal_code: address.postal_code,
                country: address.country,
            }),
            phones: self.phones,
            emails: self.emails,
            national_id: secret(self.national_id),
            birth_date: secret(self.birth_date),
            ..wire::LiableParty::default()
        })
    }
}

impl ContactPerson {
    fn person(self) -> wire::ContactPerson {
        wire::ContactPerson {
            contact_person_id: String::new(),
            name: self.name,
            title: self.title,
            phone: self.phone,
            email: self.email,
        }
    }
}

impl KnownFact {
    fn fact(self) -> Result<wire::KnownFact, Unfit> {
        let kind: domain::KnownFactKind = term("kind", &self.kind)?;
        Ok(wire::KnownFact {
            kind: wire::KnownFactKind::from(kind).into(),
            party_index: self.party_index,
            since: date("since", self.since.as_deref())?,
            detail: self.detail,
        })
    }
}

fn numbered<A, B>(
    list: &str,
    parts: Vec<A>,
    read: fn(A) -> Result<B, Unfit>,
) -> Result<Vec<B>, Unfit> {
    let read = |(at, part): (usize, A)| {
        read(part).map_err(|mut unfit| {
            unfit.fault.field = format!("{list}[{at}].{}", unfit.fault.field);
            unfit
        })
    };
    parts.into_iter().enumerate().map(read).collect()
}

fn term<T>(field: &str, text: &str) -> Result<T, Unfit>
where
    T: FromStr<Err = domain::UnknownTerm>,
{
    text.parse().map_err(|error: domain::UnknownTerm| Unfit {
        code: "unknown_term",
        fault: Fault { field: field.to_owned(), reason: error.to_string() },
    })
}

fn date(field: &str, text: Option<&str>) -> Result<Option<common::Date>, Unfit> {
    let date = text.map(|text| shape::parse_date(field, text)).transpose();
    date.map_err(|fault| Unfit { code: "invalid_date", fault })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::read_json;

    const WHOLE: &str = r#"{
        "client_account_ref": "A-1", "debt_class": "commercial", "service_kind": "contingency",
        "amount": {"amount": "100.00", "currency": "USD"},
        "items": [{"kind": "invoice", "number": "I-1", "item_date": "2025-10-01",
                   "open_amount": {"amount": "100.00", "currency": "USD"}}],
        "liable_parties": [{"role": "principal", "debtor_kind": "business", "name": "Mills Inc.",
            "address": {"lines": ["1 Main St"], "city": "Akron", "region": "OH"},
            "national_id": "12-3456789"}],
        "known_facts": [{"kind": "attorney", "party_index": 0, "since": "2025-11-01"}]}"#;

    fn read(json: &str) -> Record {
        let placement: Placement = read_json(json.as_bytes()).expect("its shape fits");
        placement.read(1).record.expect("a record is one or the other")
    }

    fn unfit(from: &str, to: &str) -> (String, String, String) {
        assert!(WHOLE.contains(from), "{from}");
        match read(&WHOLE.replacen(from, to, 1)) {
            Record::Unreadable(why) => {
                assert_eq!(why.client_account_ref, "A-1");
                (why.field, why.code, why.reason)
            }
            Record::Placement(_) => panic!("{to} does not fit"),
        }
    }

    #[test]
    fn a_placement_has_every_part_of_the_wire_s() {
        let Record::Placement(placement) = read(WHOLE) else { panic!("it fits") };
        assert_eq!(placement.debt_class(), wire::DebtClass::Commercial);
        assert_eq!(placement.items[0].open_amount.as_ref().map(|m| m.minor), Some(10_000));
        assert_eq!(placement.liable_parties[0].role(), wire::PartyRole::Principal);
        assert_eq!(placement.known_facts[0].party_index, Some(0));
        let sealed = placement.liable_parties[0].national_id.as_ref();
        assert_eq!(sealed.map(|secret| secret.plain.as_str()), Some("12-3456789"));
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_and_never_repeated() {
        for (from, to, field, code) in [
            ("\"100.00\"", "\"1o0.00\"", "amount.amount", "invalid_amount"),
            ("\"100.00\"", "\"100.001\"", "amount.amount", "amount_too_precise"),
            ("USD", "XQQ", "amount.currency", "unknown_currency"),
            ("2025-10-01", "2025-13-01", "items[0].item_date", "invalid_date"),
            ("invoice", "bill", "items[0].kind", "unknown_term"),
            ("principal", "owner", "liable_parties[0].role", "unknown_term"),
            ("attorney", "lawyer", "known_facts[0].kind", "unknown_term"),
            ("commercial", "trade", "debt_class", "unknown_term"),
        ] {
            let (found, as_code, reason) = unfit(from, to);
            assert_eq!((found.as_str(), as_code.as_str()), (field, code));
            assert!(!reason.contains(to.trim_matches('"')), "{reason}");
        }
    }
}
