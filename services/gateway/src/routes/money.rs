//! Balances, and payments that the client received itself.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use duly_domain::{PaymentMethod, ReceivedBy};
use duly_proto::payments::v1 as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Answer;
use crate::{
    body::{Body, Segment},
    caller::{Caller, ChangeHeaders, IdempotencyKey},
    problem::{Problem, Problems, from},
    shape::{self, Money, codes, date, date_opt, money, money_opt, parse_date_opt, unshowable},
    upstream::Api,
};

/// What is owed on an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Balance {
    account_id: String,
    listed: Money,
    /// Sum of the client's corrections.
    adjusted: Money,
    /// Applied, without what was paid too much.
    paid: Money,
    /// Received, and not yet good funds.
    held: Money,
    balance: Money,
    /// The agency's commission so far.
    commission: Money,
    items: Vec<ItemBalance>,
}

/// What is owed on one claim item.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemBalance {
    number: String,
    listed: Money,
    paid: Money,
    open: Money,
}

/// What is owed on an account, item by item.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account_id}/balance",
    tag = "money",
    params(("account_id" = String, Path)),
    responses((status = 200, description = "The balance", body = Balance), Problems)
)]
pub async fn get_balance(
    State(api): State<Api>,
    caller: Caller,
    Segment(account_id): Segment<String>,
) -> Answer<Balance> {
    let ask = caller.ask(wire::GetBalanceRequest { account_id });
    let found = api.payments.clone().get_balance(ask).await.map_err(from("payments"))?.into_inner();
    Ok(Json(Balance {
        listed: money(found.listed.as_ref())?,
        adjusted: money(found.adjusted.as_ref())?,
        paid: money(found.paid.as_ref())?,
        held: money(found.held.as_ref())?,
        balance: money(found.balance.as_ref())?,
        commission: money(found.commission.as_ref())?,
        items: found.items.into_iter().map(item).collect::<Result<_, _>>()?,
        account_id: found.account_id,
    }))
}

fn item(item: wire::ItemBalance) -> Result<ItemBalance, Problem> {
    Ok(ItemBalance {
        listed: money(item.listed.as_ref())?,
        paid: money(item.paid.as_ref())?,
        open: money(item.open.as_ref())?,
        number: item.number,
    })
}

/// A payment that you received yourself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectPayment {
    /// Above zero.
    amount: Money,
    /// When it was paid; today unless told, and not in the future.
    #[serde(default)]
    #[schema(format = Date)]
    payment_on: Option<String>,
    /// Your own reference of the receipt.
    received_reference: String,
    /// Claim items that it is for, by number; left out: oldest first.
    #[serde(default)]
    item_numbers: Vec<String>,
}

/// A payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Payment {
    #[schema(example = "pymt_0199c5f2a1b27c3d8e4f5a6b7c8d9e0f")]
    payment_id: String,
    account_id: String,
    client_id: String,
    #[schema(schema_with = codes::received_by)]
    received_by: ReceivedBy,
    state: PaymentState,
    amount: Money,
    /// The part above the balance, once it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    overpayment: Option<Money>,
    payment_on: NaiveDate,
    received_reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = codes::payment_method)]
    method: Option<PaymentMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reversed_on: Option<NaiveDate>,
}

/// Where a payment stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// In the bank, account unknown.
    Unapplied,
    /// In the bank, not yet good funds.
    Held,
    /// Good funds, or reported.
    Released,
    /// Taken back.
    Reversed,
}

/// Reports a payment that you received yourself.
///
/// The debtor is then not asked for it again.
#[utoipa::path(
    post,
    path = "/v1/accounts/{account_id}/direct-payments",
    tag = "money",
    params(("account_id" = String, Path), ChangeHeaders),
    request_body = DirectPayment,
    responses((status = 200, description = "The payment", body = Payment), Problems)
)]
pub async fn report_direct_payment(
    State(api): State<Api>,
    caller: Caller,
    Segment(account_id): Segment<String>,
    IdempotencyKey(request_id): IdempotencyKey,
    Body(body): Body<DirectPayment>,
) -> Answer<Payment> {
    let ask = caller.ask(wire::ReportDirectPaymentRequest {
        request_id,
        account_id,
        amount: Some(body.amount.parse("amount")?),
        payment_on: parse_date_opt("payment_on", body.payment_on.as_deref())?,
        received_reference: body.received_reference,
        item_numbers: body.item_numbers,
    });
    let done = api.payments.clone().report_direct_payment(ask).await.map_err(from("payments"))?;
    let done = done.into_inner().payment.ok_or_else(|| unshowable("no payment"))?;
    Ok(Json(payment(done)?))
}

fn payment(payment: wire::Payment) -> Result<Payment, Problem> {
    let state = match payment.state() {
        wire::PaymentState::Unapplied => PaymentState::Unapplied,
        wire::PaymentState::Held => PaymentState::Held,
        wire::PaymentState::Released => PaymentState::Released,
        wire::PaymentState::Reversed => PaymentState::Reversed,
        wire::PaymentState::Unspecified => return Err(unshowable("a payment without a state")),
    };
    Ok(Payment {
        state,
        received_by: shape::code(payment.received_by())?,
        amount: money(payment.amount.as_ref())?,
        overpayment: money_opt(payment.overpayment.as_ref())?,
        payment_on: date(payment.payment_on.as_ref())?,
        method: PaymentMethod::try_from(payment.method()).ok(),
        release_on: date_opt(payment.release_on.as_ref())?,
        reversed_on: date_opt(payment.reversed_on.as_ref())?,
        payment_id: payment.payment_id,
        account_id: payment.account_id,
        client_id: payment.client_id,
        received_reference: payment.received_reference,
    })
}
