//! What is told and answered, on the wire.

mod kept;
mod obligation;

use chrono::{DateTime, Utc};
use duly_compliance::{Explanation, Reason};
use duly_domain::{
    AccountId, AttemptId, ClientId, DecisionId, DisputeId, Id, LetterId, NoteId, PartyId, StopId,
    TreatmentId, id::IdKind,
};
use duly_platform::Tx;
use duly_proto::{
    common::v1 as common,
    contact::v1::{self as wire, event::Fact},
    convert::{date_to_wire, money_to_wire, timestamp},
};
use uuid::Uuid;

use crate::{
    codes::wire_opt,
    store::{
        attempt::Attempt,
        decision::Decision,
        dispute::{Dispute, Move},
        note::Note,
        stop::Stop,
    },
};

pub(crate) use kept::{complaint, consent, dated_fact, designation, inbound};
pub(crate) use obligation::{
    computed, obligation, tell_obligation_met, tell_obligation_missed, tell_obligation_opened,
};

fn id<T: IdKind>(id: Uuid) -> String {
    Id::<T>::from_uuid(id).to_string()
}

fn id_opt<T: IdKind>(known: Option<Uuid>) -> String {
    known.map(id::<T>).unwrap_or_default()
}

pub(crate) fn account_id(account: Uuid) -> String {
    AccountId::from_uuid(account).to_string()
}

pub(crate) fn party_id(party: Uuid) -> String {
    PartyId::from_uuid(party).to_string()
}

fn meta(client: Uuid, account: Uuid) -> common::EventMeta {
    common::EventMeta {
        client_id: ClientId::from_uuid(client).to_string(),
        account_id: account_id(account),
        version: 1,
        ..common::EventMeta::default()
    }
}

fn instant(at: Option<DateTime<Utc>>) -> Option<prost_types::Timestamp> {
    at.map(timestamp)
}

pub(crate) fn reason(reason: &Reason) -> common::Reason {
    common::Reason {
        rule: reason.rule.to_string(),
        authority: reason.authority.to_string(),
        force: common::Force::from(reason.force).into(),
        effect: common::Effect::from(reason.effect).into(),
        sentence: reason.sentence.clone(),
    }
}

pub(crate) fn decision(decision: &Decision) -> wire::Decision {
    wire::Decision {
        decision_id: if decision.id.is_nil() {
            String::new()
        } else {
            DecisionId::from_uuid(decision.id).to_string()
        },
        account_id: account_id(decision.account),
        party_id: party_id(decision.party),
        channel: common::Channel::from(decision.channel).into(),
        decided_at: Some(timestamp(decision.decided_at)),
        verdict: wire::Verdict::from(decision.verdict).into(),
        reasons: decision.reasons.iter().map(reason).collect(),
        next_permitted_at: instant(decision.next_permitted_at),
        requires: decision.requires.clone(),
        rule_packs: decision.rule_packs.clone(),
    }
}

pub(crate) fn attempt(attempt: &Attempt) -> wire::Attempt {
    wire::Attempt {
        attempt_id: AttemptId::from_uuid(attempt.id).to_string(),
        treatment_id: attempt
            .treatment
            .map(|id| TreatmentId::from_uuid(id).to_string())
            .unwrap_or_default(),
        letter_id: letter_id(attempt),
        account_id: account_id(attempt.account),
        client_id: ClientId::from_uuid(attempt.client).to_string(),
        party_id: party_id(attempt.party),
        channel: common::Channel::from(attempt.channel).into(),
        state: wire::AttemptState::from(attempt.state).into(),
        planned_at: Some(timestamp(attempt.planned_at)),
        authorized_at: instant(attempt.authorized_at),
        valid_until: instant(attempt.valid_until),
        concluded_at: instant(attempt.concluded_at),
        disposition: attempt
            .disposition
            .map_or(wire::Disposition::Unspecified, wire::Disposition::from)
            .into(),
        counted: attempt.counted,
        crossed: attempt.crossed,
        decision_id: id_opt::<duly_domain::id::Decision>(attempt.decision),
        why: attempt.why.clone(),
    }
}

fn letter_id(attempt: &Attempt) -> String {
    attempt.letter.map(|id| LetterId::from_uuid(id).to_string()).unwrap_or_default()
}

fn treatment_id(attempt: &Attempt) -> String {
    id_opt::<duly_domain::id::Treatment>(attempt.treatment)
}

pub(crate) fn stop(stop: &Stop) -> wire::Stop {
    wire::Stop {
        stop_id: StopId::from_uuid(stop.id).to_string(),
        kind: wire::StopKind::from(stop.kind).into(),
        party_id: party_id(stop.party),
        account_id: stop.account.map(account_id).unwrap_or_default(),
        channel: stop.channel.map_or(common::Channel::Unspecified, common::Channel::from).into(),
        address: stop.address.clone().unwrap_or_default(),
        received_at: Some(timestamp(stop.received_at)),
        placed_at: Some(timestamp(stop.placed_at)),
        source: stop.source.clone(),
        evidence: stop.evidence.clone(),
        lifted_at: instant(stop.lifted_at),
        lift_reason: stop.lift_reason.clone().unwrap_or_default(),
    }
}

pub(crate) fn dispute(dispute: &Dispute) -> wire::Dispute {
    wire::Dispute {
        dispute_id: DisputeId::from_uuid(dispute.id).to_string(),
        account_id: account_id(dispute.account),
        party_id: dispute.party.map(party_id).unwrap_or_default(),
        reason: wire::DisputeReason::from(dispute.reason).into(),
        item_numbers: dispute.item_numbers.clone(),
        amount: dispute.amount.map(money_to_wire),
        opened_on: Some(date_to_wire(dispute.opened_on)),
        detail: dispute.detail.clone(),
        pauses_account: dispute.pauses,
        outcome: dispute
            .outcome
            .map_or(wire::DisputeOutcome::Unspecified, wire::DisputeOutcome::from)
            .into(),
        resolved_on: dispute.resolved_on.map(date_to_wire),
        form: wire_opt(dispute.form),
        received_at: Some(timestamp(dispute.received_at)),
        medium: wire_opt(dispute.medium),
        timeliness: match dispute.timely() {
            None => wire::Timeliness::Unspecified,
            Some(true) => wire::Timeliness::Timely,
            Some(false) => wire::Timeliness::Not,
        }
        .into(),
        r#move: match dispute.whose_move() {
            None => wire::DisputeMove::Unspecified,
            Some(Move::Client) => wire::DisputeMove::Client,
            Some(Move::Agency) => wire::DisputeMove::Agency,
        }
        .into(),
        due_on: dispute.due_on().map(date_to_wire),
        verified_at: instant(dispute.verified_at),
        duplicate_of: id_opt::<duly_domain::id::Dispute>(dispute.duplicate_of),
    }
}

pub(crate) fn note(note: &Note) -> wire::Note {
    wire::Note {
        note_id: NoteId::from_uuid(note.id).to_string(),
        account_id: account_id(note.account),
        text: note.text.clone(),
        author: note.author.clone(),
        written_at: Some(timestamp(note.written_at)),
        visible_to_client: note.visible_to_client,
    }
}

/// What the guard said, as the bytes that are kept.
pub(crate) fn said(said: &Explanation) -> serde_json::Result<String> {
    serde_json::to_string(said)
}

fn tell(tx: &mut Tx, client: Uuid, account: Uuid, fact: Fact) {
    tx.tell::<wire::Event>(meta(client, account), fact);
}

pub(crate) fn tell_authorized(tx: &mut Tx, attempt: &Attempt) {
    let fact = wire::AttemptAuthorized {
        attempt_id: AttemptId::from_uuid(attempt.id).to_string(),
        decision_id: id_opt::<duly_domain::id::Decision>(attempt.decision),
        treatment_id: treatment_id(attempt),
        letter_id: letter_id(attempt),
        account_id: account_id(attempt.account),
        opening: attempt.opening,
        party_id: party_id(attempt.party),
        channel: common::Channel::from(attempt.channel).into(),
        authorized_at: instant(attempt.authorized_at),
        valid_until: instant(attempt.valid_until),
    };
    tell(tx, attempt.client, attempt.account, Fact::AttemptAuthorized(fact));
}

pub(crate) fn tell_concluded(tx: &mut Tx, attempt: &Attempt) {
    let fact = wire::AttemptConcluded {
        attempt_id: AttemptId::from_uuid(attempt.id).to_string(),
        treatment_id: treatment_id(attempt),
        letter_id: letter_id(attempt),
        account_id: account_id(attempt.account),
        opening: attempt.opening,
        party_id: party_id(attempt.party),
        channel: common::Channel::from(attempt.channel).into(),
        disposition: attempt
            .disposition
            .map_or(wire::Disposition::Unspecified, wire::Disposition::from)
            .into(),
        counted: attempt.counted,
        concluded_at: instant(attempt.concluded_at),
    };
    tell(tx, attempt.client, attempt.account, Fact::AttemptConcluded(fact));
}

/// A plan is withdrawn. Only what a strategy or a letter asked for waits for an answer.
pub(crate) fn tell_refused(tx: &mut Tx, attempt: &Attempt, reasons: &[Reason]) {
    let fact = wire::TreatmentRefused {
        treatment_id: treatment_id(attempt),
        letter_id: letter_id(attempt),
        account_id: account_id(attempt.account),
        opening: attempt.opening,
        party_id: party_id(attempt.party),
        channel: common::Channel::from(attempt.channel).into(),
        reasons: reasons.iter().map(reason).collect(),
    };
    tell(tx, attempt.client, attempt.account, Fact::TreatmentRefused(fact));
}

pub(crate) fn tell_stop_placed(tx: &mut Tx, stop: &Stop) {
    let fact = wire::StopPlaced {
        stop_id: StopId::from_uuid(stop.id).to_string(),
        kind: wire::StopKind::from(stop.kind).into(),
        party_id: party_id(stop.party),
        account_id: stop.account.map(account_id).unwrap_or_default(),
        channel: stop.channel.map_or(common::Channel::Unspecified, common::Channel::from).into(),
        address: stop.address.clone().unwrap_or_default(),
        placed_at: Some(timestamp(stop.placed_at)),
    };
    tell(tx, stop.client, stop.stated_at, Fact::StopPlaced(fact));
}

pub(crate) fn tell_stop_lifted(tx: &mut Tx, stop: &Stop, why: &str) {
    let fact = wire::StopLifted {
        stop_id: StopId::from_uuid(stop.id).to_string(),
        party_id: party_id(stop.party),
        account_id: stop.account.map(account_id).unwrap_or_default(),
        reason: why.to_owned(),
    };
    tell(tx, stop.client, stop.stated_at, Fact::StopLifted(fact));
}

pub(crate) fn tell_dispute_opened(tx: &mut Tx, dispute: &Dispute) {
    let fact = wire::DisputeOpened {
        dispute_id: DisputeId::from_uuid(dispute.id).to_string(),
        account_id: account_id(dispute.account),
        opening: dispute.opening,
        party_id: dispute.party.map(party_id).unwrap_or_default(),
        reason: wire::DisputeReason::from(dispute.reason).into(),
        item_numbers: dispute.item_numbers.clone(),
        amount: dispute.amount.map(money_to_wire),
        opened_on: Some(date_to_wire(dispute.opened_on)),
        detail: dispute.detail.clone(),
        pauses_account: dispute.pauses,
    };
    tell(tx, dispute.client, dispute.account, Fact::DisputeOpened(fact));
}

pub(crate) fn tell_dispute_resolved(tx: &mut Tx, dispute: &Dispute) {
    let fact = wire::DisputeResolved {
        dispute_id: DisputeId::from_uuid(dispute.id).to_string(),
        account_id: account_id(dispute.account),
        opening: dispute.opening,
        outcome: dispute
            .outcome
            .map_or(wire::DisputeOutcome::Unspecified, wire::DisputeOutcome::from)
            .into(),
        resolved_on: dispute.resolved_on.map(date_to_wire),
    };
    tell(tx, dispute.client, dispute.account, Fact::DisputeResolved(fact));
}
