//! Facts as the other services would tell them.

use chrono::{DateTime, TimeDelta, Utc};
use duly_domain::{IdSource as _, LetterId, SearchId, TreatmentId};
use duly_platform::SystemIds;
use duly_proto::{
    common::v1::{self as common, EventMeta},
    convert::timestamp,
    intake::v1::{self as intake, event::Fact as Intake},
    letters::v1::{self as letters, event::Fact as Letters},
    payments::v1::{self as payments, event::Fact as Payments},
    skiptrace::v1::{self as skiptrace, event::Fact as Skiptrace},
    workflow::v1::{self as workflow, event::Fact as Workflow},
};
use duly_testkit::{day, usd};

use crate::world::{Case, at};

pub fn new_search() -> SearchId {
    SystemIds.next()
}

pub fn placed(case: &Case) -> (EventMeta, Intake) {
    (case.meta(), Intake::AccountPlaced(case.fact.clone()))
}

pub fn call_due(
    case: &Case,
    party: usize,
    expires_at: DateTime<Utc>,
) -> (TreatmentId, (EventMeta, Workflow)) {
    let id: TreatmentId = SystemIds.next();
    let mut fact = workflow::TreatmentDue {
        treatment_id: id.to_string(),
        client_id: case.client.to_string(),
        account_id: case.account_id(),
        opening: 1,
        party_id: case.party_id(party),
        step: "call".to_owned(),
        try_no: 1,
        expires_at: Some(timestamp(expires_at)),
        ..Default::default()
    };
    fact.set_kind(common::TreatmentKind::Call);
    fact.set_channel(common::Channel::Call);
    (id, (case.meta(), Workflow::TreatmentDue(fact)))
}

pub fn letter_prepared(
    case: &Case,
    party: usize,
    closes_at: &str,
) -> (LetterId, (EventMeta, Letters)) {
    let (id, treatment): (LetterId, TreatmentId) = (SystemIds.next(), SystemIds.next());
    let placed = &case.fact.liable_parties[party];
    let mut fact = letters::LetterPrepared {
        letter_id: id.to_string(),
        treatment_id: treatment.to_string(),
        account_id: case.account_id(),
        opening: 1,
        party_id: case.party_id(party),
        template: "validation_notice".to_owned(),
        template_version: 1,
        address: placed.address.clone(),
        batch_closes_at: Some(timestamp(at(closes_at))),
        expires_at: Some(timestamp(at(closes_at) + TimeDelta::days(5))),
        ..Default::default()
    };
    fact.set_channel(common::Channel::Mail);
    (id, (case.meta(), Letters::LetterPrepared(fact)))
}

pub fn recalled(case: &Case) -> (EventMeta, Intake) {
    let fact = intake::AccountRecalled {
        account_id: case.account_id(),
        opening: 1,
        recalled_on: Some(day("2026-01-05")),
        reason: "sold".to_owned(),
    };
    (case.meta(), Intake::AccountRecalled(fact))
}

pub fn paid(case: &Case, amount: &str) -> (EventMeta, Payments) {
    let payment: duly_domain::PaymentId = SystemIds.next();
    let fact = payments::PaymentPosted {
        payment_id: payment.to_string(),
        account_id: case.account_id(),
        amount: Some(usd(amount)),
        payment_on: Some(day("2026-01-05")),
        opening: 1,
        ..Default::default()
    };
    (case.meta(), Payments::PaymentPosted(fact))
}

pub fn held(case: &Case) -> (EventMeta, Intake) {
    let hold: duly_domain::HoldId = SystemIds.next();
    let fact = intake::HoldPlaced {
        hold_id: hold.to_string(),
        account_id: case.account_id(),
        opening: 1,
        reason: "talks".to_owned(),
        from_on: Some(day("2026-01-05")),
        until_on: None,
    };
    (case.meta(), Intake::HoldPlaced(fact))
}

pub fn traced(case: &Case, phone: &str) -> (EventMeta, Skiptrace) {
    let point = skiptrace::FoundPoint {
        point: Some(skiptrace::found_point::Point::Phone(phone.to_owned())),
        confidence: 80,
    };
    let fact = skiptrace::TraceCompleted {
        search_id: new_search().to_string(),
        account_id: case.account_id(),
        opening: 1,
        party_id: case.party_id(0),
        provider: "file".to_owned(),
        points: vec![point],
        ..Default::default()
    };
    (case.meta(), Skiptrace::TraceCompleted(fact))
}
