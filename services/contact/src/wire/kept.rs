//! Consents, designations, dated facts, complaints and what came in, on the wire.

use duly_compliance::{ConsentFor, DesignationKind, Medium};
use duly_domain::{ComplaintId, ConsentId, DatedFactId, DesignationId, InboundId};
use duly_proto::{
    contact::v1::{self as wire, designation::Kind},
    convert::{date_to_wire, timestamp},
};

use super::{account_id, id_opt, instant, party_id};
use crate::{
    codes::{Code as _, consent_to_wire, wire_opt},
    store::{
        complaint::Complaint, consent::Consent, dated_fact::DatedFact, designation::Designation,
        inbound::Inbound,
    },
    times,
};

fn medium(medium: Option<Medium>) -> i32 {
    wire_opt(medium)
}

pub(crate) fn consent(consent: &Consent) -> wire::Consent {
    wire::Consent {
        consent_id: ConsentId::from_uuid(consent.id).to_string(),
        what: consent_to_wire(consent.what).into(),
        times: match &consent.what {
            ConsentFor::AtTimes(times) => Some(times::to_wire(times)),
            _ => None,
        },
        given_to: consent.given_to.wire().into(),
        party_id: party_id(consent.party),
        account_id: consent.account.map(account_id).unwrap_or_default(),
        medium: medium(consent.medium),
        address: consent.address.clone().unwrap_or_default(),
        given_at: Some(timestamp(consent.given_at)),
        until: instant(consent.until),
        evidence: consent.evidence.clone(),
        source: consent.source.clone(),
        recorded_at: Some(timestamp(consent.recorded_at)),
        withdrawn_at: instant(consent.withdrawn_at),
        withdrawal_evidence: consent.withdrawal_evidence.clone().unwrap_or_default(),
    }
}

pub(crate) fn designation(designation: &Designation) -> wire::Designation {
    let kind = match &designation.kind {
        DesignationKind::NotAt(times) => Kind::NotAt(times::to_wire(times)),
        DesignationKind::NotAtPlace(place) => Kind::NotAtPlace(place.wire().into()),
        DesignationKind::EmployerForbids => Kind::EmployerForbids(wire::EmployerForbids {}),
        DesignationKind::Please(times) => Kind::Please(times::to_wire(times)),
    };
    wire::Designation {
        designation_id: DesignationId::from_uuid(designation.id).to_string(),
        party_id: party_id(designation.party),
        kind: Some(kind),
        medium: medium(designation.medium),
        address: designation.address.clone().unwrap_or_default(),
        received_at: Some(timestamp(designation.received_at)),
        oral: designation.oral,
        evidence: designation.evidence.clone(),
        source: designation.source.clone(),
        lifted_at: instant(designation.lifted_at),
        lift_reason: designation.lift_reason.clone().unwrap_or_default(),
    }
}

pub(crate) fn dated_fact(fact: &DatedFact) -> wire::DatedFact {
    wire::DatedFact {
        fact_id: DatedFactId::from_uuid(fact.id).to_string(),
        kind: fact.kind.as_str().to_owned(),
        at: Some(timestamp(fact.at)),
        account_id: fact.account.map(account_id).unwrap_or_default(),
        party_id: fact.party.map(party_id).unwrap_or_default(),
        medium: medium(fact.medium),
        address: fact.address.clone().unwrap_or_default(),
        stated_on: fact.stated_on.map(date_to_wire),
        source: fact.source.clone(),
        evidence: fact.evidence.clone(),
        recorded_at: Some(timestamp(fact.recorded_at)),
        chapter: fact.chapter.map(i32::from).unwrap_or_default(),
    }
}

pub(crate) fn inbound(inbound: &Inbound) -> wire::Inbound {
    let sender = inbound.from.as_ref();
    wire::Inbound {
        inbound_id: InboundId::from_uuid(inbound.id).to_string(),
        medium: inbound.medium.wire().into(),
        from: inbound.address.clone().unwrap_or_default(),
        text: inbound.text.clone(),
        received_at: Some(timestamp(inbound.received_at)),
        party_id: sender.map(|sender| party_id(sender.party)).unwrap_or_default(),
        account_id: sender.and_then(|sender| sender.account).map(account_id).unwrap_or_default(),
        bounced: inbound.bounced,
        conversation: inbound.conversation,
        read_at: instant(inbound.read_at),
        class: wire_opt(inbound.class),
        answered_by_attempt_id: id_opt::<duly_domain::id::Attempt>(inbound.answered_by),
        stop_id: id_opt::<duly_domain::id::Stop>(inbound.stop),
    }
}

pub(crate) fn complaint(complaint: &Complaint) -> wire::Complaint {
    wire::Complaint {
        complaint_id: ComplaintId::from_uuid(complaint.id).to_string(),
        account_id: complaint.account.map(account_id).unwrap_or_default(),
        party_id: complaint.party.map(party_id).unwrap_or_default(),
        source: complaint.source.wire().into(),
        medium: complaint.medium.wire().into(),
        reference: complaint.reference.clone(),
        detail: complaint.detail.clone(),
        owner: complaint.owner.clone(),
        received_at: Some(timestamp(complaint.received_at)),
        acknowledge_by: Some(date_to_wire(complaint.acknowledge_by)),
        answer_by: Some(date_to_wire(complaint.answer_by)),
        acknowledged_at: instant(complaint.acknowledged_at),
        answered_at: instant(complaint.answered_at),
        outcome: wire_opt(complaint.outcome),
        answer: complaint.answer.clone().unwrap_or_default(),
        holds: complaint.holds(),
    }
}
