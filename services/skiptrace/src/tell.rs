//! Events out.

use duly_domain::{AccountId, AddressParts, ClientId, PartyId, SearchId, SearchKind, TreatmentId};
use duly_platform::Tx;
use duly_proto::{
    common::v1::{Address, EventMeta, TreatmentKind},
    convert::{date_to_wire, money_to_wire},
    skiptrace::v1::{
        Event, FoundPoint, Hit, ScrubCompleted, TraceCompleted, TraceRefused, event::Fact,
        found_point,
    },
};
use sqlx::types::Uuid;

use crate::{
    model::{Refusal, Search},
    result_file::{self, Found, Point},
};

struct Ids {
    search_id: String,
    treatment_id: String,
    account_id: String,
    party_id: String,
}

fn ids(search: &Search) -> Ids {
    Ids {
        search_id: SearchId::from_uuid(search.id).to_string(),
        treatment_id: treatment_id(search.treatment),
        account_id: AccountId::from_uuid(search.account).to_string(),
        party_id: PartyId::from_uuid(search.party).to_string(),
    }
}

fn treatment_id(treatment: Option<Uuid>) -> String {
    treatment.map(|id| TreatmentId::from_uuid(id).to_string()).unwrap_or_default()
}

fn meta(search: &Search) -> EventMeta {
    EventMeta {
        account_id: AccountId::from_uuid(search.account).to_string(),
        client_id: ClientId::from_uuid(search.client).to_string(),
        ..EventMeta::default()
    }
}

/// Tells that a search was answered.
pub(crate) fn completed(tx: &mut Tx, search: &Search, found: &[Found]) {
    let Ids { search_id, treatment_id, account_id, party_id } = ids(search);
    let (opening, provider) = (search.opening, search.provider.clone());
    let cost = Some(money_to_wire(search.cost));
    let fact = match search.kind {
        SearchKind::Scrub => Fact::ScrubCompleted(ScrubCompleted {
            search_id,
            treatment_id,
            account_id,
            opening,
            party_id,
            provider,
            hits: found.iter().filter_map(hit).collect(),
            cost,
        }),
        SearchKind::Trace => Fact::TraceCompleted(TraceCompleted {
            search_id,
            treatment_id,
            account_id,
            opening,
            party_id,
            provider,
            points: found.iter().filter_map(point).collect(),
            cost,
        }),
    };
    tx.tell::<Event>(meta(search), fact);
}

/// Tells that a search is not made, or not answered.
pub(crate) fn refused(tx: &mut Tx, search: &Search, why: Refusal) {
    let Ids { search_id, treatment_id, account_id, party_id } = ids(search);
    let mut fact = TraceRefused {
        search_id,
        treatment_id,
        account_id,
        opening: search.opening,
        party_id,
        code: why.code().to_owned(),
        reason: why.reason().to_owned(),
        ..TraceRefused::default()
    };
    fact.set_kind(match search.kind {
        SearchKind::Scrub => TreatmentKind::Scrub,
        SearchKind::Trace => TreatmentKind::Trace,
    });
    tx.tell::<Event>(meta(search), Fact::TraceRefused(fact));
}

fn hit(found: &Found) -> Option<Hit> {
    match found {
        Found::Hit(result_file::Hit { kind, since, detail, chapter }) => {
            let mut hit = Hit {
                since: since.map(date_to_wire),
                detail: detail.clone().unwrap_or_default(),
                chapter: chapter.unwrap_or_default(),
                ..Hit::default()
            };
            hit.set_kind((*kind).into());
            Some(hit)
        }
        Found::Point { .. } => None,
    }
}

fn point(found: &Found) -> Option<FoundPoint> {
    match found {
        Found::Hit(_) => None,
        Found::Point { point, confidence } => {
            let point = match point {
                Point::Phone(phone) => found_point::Point::Phone(phone.as_str().to_owned()),
                Point::Email(email) => found_point::Point::Email(email.as_str().to_owned()),
                Point::Address(found) => found_point::Point::Address(address(found.clone().into())),
            };
            Some(FoundPoint { point: Some(point), confidence: *confidence })
        }
    }
}

/// An address on the wire.
pub(crate) fn address(parts: AddressParts) -> Address {
    let AddressParts { lines, city, region, postal_code, country } = parts;
    Address { lines, city, region, postal_code, country }
}
