//! What is answered and told, from what is kept.

use duly_domain::{ClientId, Currency, Money, PartyId, PromiseState, RemittanceId};
use duly_platform::Tx;
use duly_proto::{common::v1::EventMeta, convert, payments::v1 as wire};

use crate::{
    error::Result,
    model::{Named, Payment, State, Whose},
    promise::Promise,
    store::{self, remittance::Remittance},
};

/// The meta of an event about an account.
pub(crate) fn meta(whose: Whose) -> EventMeta {
    EventMeta {
        account_id: whose.account.to_string(),
        client_id: whose.client.to_string(),
        ..EventMeta::default()
    }
}

/// A payment's state.
pub(crate) fn state(state: State) -> wire::PaymentState {
    match state {
        State::Unapplied => wire::PaymentState::Unapplied,
        State::Held => wire::PaymentState::Held,
        State::Released => wire::PaymentState::Released,
        State::Reversed => wire::PaymentState::Reversed,
    }
}

/// The state that a list is filtered by, if any.
pub(crate) fn state_from(wire: wire::PaymentState) -> Option<State> {
    match wire {
        wire::PaymentState::Unspecified => None,
        wire::PaymentState::Unapplied => Some(State::Unapplied),
        wire::PaymentState::Held => Some(State::Held),
        wire::PaymentState::Released => Some(State::Released),
        wire::PaymentState::Reversed => Some(State::Reversed),
    }
}

/// A payment.
pub(crate) fn payment(payment: &Payment) -> wire::Payment {
    let named_account = match (&payment.named, payment.whose) {
        (_, Some(_)) | (Named::Nothing, None) => String::new(),
        (Named::Id(id), None) => id.to_string(),
        (Named::Reference { client, account }, None) => format!("{client}/{account}"),
    };
    wire::Payment {
        payment_id: payment.id.to_string(),
        account_id: payment.whose.map(|whose| whose.account.to_string()).unwrap_or_default(),
        client_id: payment.whose.map(|whose| whose.client.to_string()).unwrap_or_default(),
        received_by: wire::ReceivedBy::from(payment.received_by).into(),
        state: state(payment.state).into(),
        amount: Some(convert::money_to_wire(payment.amount)),
        overpayment: Some(convert::money_to_wire(payment.overpayment)),
        payment_on: Some(convert::date_to_wire(payment.payment_on)),
        received_reference: payment.reference.clone(),
        method: wire::PaymentMethod::from(payment.method).into(),
        release_on: payment.release_on.map(convert::date_to_wire),
        reversed_on: payment.reversed_on.map(convert::date_to_wire),
        named_account,
    }
}

/// A remittance.
pub(crate) fn remittance(remittance: &Remittance) -> Result<wire::Remittance> {
    let id = remittance.remittance_id;
    let currency: Currency = store::code("remittance", id, &remittance.currency)?;
    let money = |minor| Some(convert::money_to_wire(Money::new(minor, currency)));
    Ok(wire::Remittance {
        remittance_id: RemittanceId::from_uuid(id).to_string(),
        client_id: ClientId::from_uuid(remittance.client_id).to_string(),
        statement_no: remittance.statement_no.clone(),
        period_from: Some(convert::date_to_wire(remittance.period_from)),
        period_to: Some(convert::date_to_wire(remittance.period_to)),
        method: remittance.method.clone(),
        collected: money(remittance.collected_minor),
        direct: money(remittance.direct_minor),
        commission: money(remittance.commission_minor),
        prior_carry_forward: money(remittance.prior_carry_forward_minor),
        remitted: money(remittance.remitted_minor),
        carry_forward: money(remittance.carry_forward_minor),
        to_operating: money(remittance.to_operating_minor),
        lines: remittance.lines,
        csv_sha256: remittance.csv_sha256.clone(),
        json_sha256: remittance.json_sha256.clone(),
        held: money(remittance.held_minor),
    })
}

/// Tells that a payment is good funds, or was reported, and what that earned.
pub(crate) fn tell_released(tx: &mut Tx, payment: &Payment, whose: Whose, commission: Money) {
    let today = tx.today();
    let fact = wire::PaymentReleased {
        payment_id: payment.id.to_string(),
        account_id: whose.account.to_string(),
        received_by: wire::ReceivedBy::from(payment.received_by).into(),
        amount: Some(convert::money_to_wire(payment.collected)),
        commission: Some(convert::money_to_wire(commission)),
        released_on: Some(convert::date_to_wire(today)),
        opening: payment.opening.unwrap_or_default(),
    };
    tx.tell::<wire::Event>(meta(whose), wire::event::Fact::PaymentReleased(fact));
}

/// Tells that released money has paid the balance of an opening.
pub(crate) fn tell_settled(tx: &mut Tx, whose: Whose, opening: i32) {
    let today = tx.today();
    let fact = wire::BalanceSettled {
        account_id: whose.account.to_string(),
        opening,
        settled_on: Some(convert::date_to_wire(today)),
    };
    tx.tell::<wire::Event>(meta(whose), wire::event::Fact::BalanceSettled(fact));
}

fn party(party: Option<PartyId>) -> String {
    party.map(|party| party.to_string()).unwrap_or_default()
}

/// A promise.
pub(crate) fn promise(promise: &Promise) -> wire::Promise {
    wire::Promise {
        promise_id: promise.id.to_string(),
        account_id: promise.whose.account.to_string(),
        client_id: promise.whose.client.to_string(),
        party_id: party(promise.party),
        amount: Some(convert::money_to_wire(promise.amount)),
        due_on: Some(convert::date_to_wire(promise.due_on)),
        method: wire::PaymentMethod::from(promise.method).into(),
        state: wire::PromiseState::from(promise.state).into(),
        made_on: Some(convert::date_to_wire(promise.made_on)),
        paid: Some(convert::money_to_wire(promise.paid)),
        ended_on: promise.ended_on.map(convert::date_to_wire),
    }
}

/// Tells that a debtor promised.
pub(crate) fn tell_promise_made(tx: &mut Tx, promise: &Promise) {
    let fact = wire::PromiseMade {
        promise_id: promise.id.to_string(),
        account_id: promise.whose.account.to_string(),
        opening: promise.opening,
        party_id: party(promise.party),
        amount: Some(convert::money_to_wire(promise.amount)),
        due_on: Some(convert::date_to_wire(promise.due_on)),
        method: wire::PaymentMethod::from(promise.method).into(),
    };
    tx.tell::<wire::Event>(meta(promise.whose), wire::event::Fact::PromiseMade(fact));
}

/// Tells that the promised money came.
pub(crate) fn tell_promise_kept(tx: &mut Tx, promise: &Promise) {
    let fact = wire::PromiseKept {
        promise_id: promise.id.to_string(),
        account_id: promise.whose.account.to_string(),
        opening: promise.opening,
        kept_on: promise.ended_on.map(convert::date_to_wire),
    };
    tx.tell::<wire::Event>(meta(promise.whose), wire::event::Fact::PromiseKept(fact));
}

/// Tells that a promise no longer stands, without having been kept or any more.
pub(crate) fn tell_promise_broken(tx: &mut Tx, promise: &Promise) {
    let fact = wire::PromiseBroken {
        promise_id: promise.id.to_string(),
        account_id: promise.whose.account.to_string(),
        opening: promise.opening,
        broken_on: promise.ended_on.map(convert::date_to_wire),
        paid: Some(convert::money_to_wire(promise.paid)),
        cancelled: promise.state == PromiseState::Cancelled,
    };
    tx.tell::<wire::Event>(meta(promise.whose), wire::event::Fact::PromiseBroken(fact));
}

/// A commission line.
pub(crate) fn commission_line(
    payment: &Payment,
    version: u32,
    steps: String,
) -> wire::CommissionLine {
    wire::CommissionLine {
        payment_id: payment.id.to_string(),
        payment_on: Some(convert::date_to_wire(payment.payment_on)),
        amount: Some(convert::money_to_wire(payment.collected)),
        schedule_version: version.to_string(),
        steps,
        commission: Some(convert::money_to_wire(payment.commission)),
    }
}
