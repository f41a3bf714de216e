//! What payments tells.

use duly_proto::payments::v1::{self as payments, event::Fact as Payments};

use super::{account, date, id, money, party};

/// One of each kind.
pub fn facts() -> Vec<Payments> {
    let (payment_id, account_id) = (format!("pymt_{:032x}", 12), format!("acct_{:032x}", 2));
    vec![
        Payments::PaymentPosted(payments::PaymentPosted {
            payment_id: payment_id.clone(),
            account_id: account_id.clone(),
            received_by: 1,
            amount: money(50_000),
            payment_on: date(8),
            received_reference: "R-1".into(),
            method: 3,
            overpayment: money(10),
            release_on: date(12),
            ..Default::default()
        }),
        Payments::PaymentReleased(payments::PaymentReleased {
            payment_id: payment_id.clone(),
            account_id: account_id.clone(),
            received_by: 1,
            amount: money(49_990),
            commission: money(12_498),
            released_on: date(12),
            ..Default::default()
        }),
        Payments::PaymentReversed(payments::PaymentReversed {
            payment_id,
            account_id: account_id.clone(),
            received_by: 1,
            amount: money(50_000),
            was_released: true,
            commission: money(-12_498),
            reversed_on: date(20),
            reason: 1,
            collected: money(49_990),
            ..Default::default()
        }),
        Payments::BalanceSettled(payments::BalanceSettled {
            account_id,
            opening: 1,
            settled_on: date(21),
        }),
        Payments::RemittanceIssued(payments::RemittanceIssued {
            remittance_id: format!("rmit_{:032x}", 13),
            client_id: format!("clnt_{:032x}", 3),
            statement_no: "ACME-2026-01-31".into(),
            period_from: date(1),
            period_to: date(31),
            collected: money(660_000),
            direct: money(200_000),
            commission: money(192_250),
            remitted: money(467_750),
            carry_forward: money(1),
        }),
        Payments::PromiseMade(payments::PromiseMade {
            promise_id: id("prms", 20),
            account_id: account(),
            opening: 1,
            party_id: party(),
            amount: money(50_000),
            due_on: date(30),
            method: payments::PaymentMethod::Ach.into(),
        }),
        Payments::PromiseKept(payments::PromiseKept {
            promise_id: id("prms", 20),
            account_id: account(),
            opening: 1,
            kept_on: date(29),
        }),
        Payments::PromiseBroken(payments::PromiseBroken {
            promise_id: id("prms", 20),
            account_id: account(),
            opening: 1,
            broken_on: date(31),
            paid: money(12_000),
            cancelled: true,
        }),
    ]
}

/// Kinds that were told before, with the fields that were added since.
pub fn added() -> Vec<Payments> {
    let (payment_id, account_id) = (id("pymt", 12), account());
    vec![
        Payments::PaymentPosted(payments::PaymentPosted {
            payment_id: payment_id.clone(),
            account_id: account_id.clone(),
            amount: money(50_000),
            opening: 2,
            ..Default::default()
        }),
        Payments::PaymentReleased(payments::PaymentReleased {
            payment_id: payment_id.clone(),
            account_id: account_id.clone(),
            amount: money(49_990),
            opening: 2,
            ..Default::default()
        }),
        Payments::PaymentReversed(payments::PaymentReversed {
            payment_id,
            account_id,
            amount: money(50_000),
            opening: 2,
            ..Default::default()
        }),
    ]
}
