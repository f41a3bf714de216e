//! What a client may do with a placed account.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use duly_proto::intake::v1 as wire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Answer,
    accounts::{Account, account},
};
use crate::{
    body::{Body, Segment},
    caller::{Caller, ChangeHeaders, IdempotencyKey},
    problem::{Problem, Problems, from},
    shape::{Money, date, date_opt, parse_date_opt, unshowable},
    upstream::Api,
};

/// A correction of the balance.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Added to the balance; negative for a credit. Not zero.
    amount: Money,
    reason: String,
    /// The claim item concerned; left out where it is the account as a whole.
    #[serde(default)]
    item_number: String,
}

/// Corrects the balance of an account.
#[utoipa::path(
    post,
    path = "/v1/accounts/{account_id}/adjustments",
    tag = "accounts",
    params(("account_id" = String, Path), ChangeHeaders),
    request_body = Adjustment,
    responses((status = 200, description = "The corrected account", body = Account), Problems)
)]
pub async fn adjust_account(
    State(api): State<Api>,
    caller: Caller,
    Segment(account_id): Segment<String>,
    IdempotencyKey(request_id): IdempotencyKey,
    Body(body): Body<Adjustment>,
) -> Answer<Account> {
    let ask = caller.ask(wire::AdjustAccountRequest {
        request_id,
        account_id,
        amount: Some(body.amount.parse("amount")?),
        reason: body.reason,
        item_number: body.item_number,
    });
    let done = api.intake.clone().adjust_account(ask).await.map_err(from("intake"))?;
    changed(done.into_inner().account)
}

/// Why an account is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recall {
    #[serde(default)]
    reason: String,
}

/// Takes an account back.
///
/// It is closed at once, with `RCL`.
#[utoipa::path(
    post,
    path = "/v1/accounts/{account_id}/recall",
    tag = "accounts",
    params(("account_id" = String, Path), ChangeHeaders),
    request_body = Recall,
    responses((status = 200, description = "The closed account", body = Account), Problems)
)]
pub async fn recall_account(
    State(api): State<Api>,
    caller: Caller,
    Segment(account_id): Segment<String>,
    IdempotencyKey(request_id): IdempotencyKey,
    Body(Recall { reason }): Body<Recall>,
) -> Answer<Account> {
    let ask = caller.ask(wire::RecallAccountRequest { request_id, account_id, reason });
    let done = api.intake.clone().recall_account(ask).await.map_err(from("intake"))?;
    changed(done.into_inner().account)
}

fn changed(found: Option<wire::Account>) -> Answer<Account> {
    Ok(Json(account(found.ok_or_else(|| unshowable("no account"))?)?))
}

/// Why, and until when, an account is not to be worked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldWish {
    reason: String,
    /// Last day; left out: until it is lifted.
    #[serde(default)]
    #[schema(format = Date)]
    until_on: Option<String>,
}

/// An account that is not to be worked for now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hold {
    #[schema(example = "hold_0199c5f2a1b27c3d8e4f5a6b7c8d9e0f")]
    hold_id: String,
    account_id: String,
    reason: String,
    from_on: NaiveDate,
    /// Last day; left out: until it is lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    until_on: Option<NaiveDate>,
    lifted: bool,
}

/// Has an account wait.
///
/// It is not worked meanwhile. Balance and placement stay.
#[utoipa::path(
    post,
    path = "/v1/accounts/{account_id}/hold",
    tag = "accounts",
    params(("account_id" = String, Path), ChangeHeaders),
    request_body = HoldWish,
    responses((status = 200, description = "The hold", body = Hold), Problems)
)]
pub async fn hold_account(
    State(api): State<Api>,
    caller: Caller,
    Segment(account_id): Segment<String>,
    IdempotencyKey(request_id): IdempotencyKey,
    Body(body): Body<HoldWish>,
) -> Answer<Hold> {
    let until_on = parse_date_opt("until_on", body.until_on.as_deref())?;
    let reason = body.reason;
    let ask = caller.ask(wire::HoldAccountRequest { request_id, account_id, reason, until_on });
    let done = api.intake.clone().hold_account(ask).await.map_err(from("intake"))?;
    Ok(Json(hold(done.into_inner().hold)?))
}

/// Why a hold is lifted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lift {
    #[serde(default)]
    reason: String,
}

/// Lifts a hold before its last day.
#[utoipa::path(
    post,
    path = "/v1/holds/{hold_id}/lift",
    tag = "accounts",
    params(("hold_id" = String, Path), ChangeHeaders),
    request_body = Lift,
    responses((status = 200, description = "The lifted hold", body = Hold), Problems)
)]
pub async fn lift_hold(
    State(api): State<Api>,
    caller: Caller,
    Segment(hold_id): Segment<String>,
    IdempotencyKey(request_id): IdempotencyKey,
    Body(Lift { reason }): Body<Lift>,
) -> Answer<Hold> {
    let ask = caller.ask(wire::LiftHoldRequest { request_id, hold_id, reason });
    let done = api.intake.clone().lift_hold(ask).await.map_err(from("intake"))?;
    Ok(Json(hold(done.into_inner().hold)?))
}

fn hold(hold: Option<wire::Hold>) -> Result<Hold, Problem> {
    let hold = hold.ok_or_else(|| unshowable("no hold"))?;
    Ok(Hold {
        from_on: date(hold.from_on.as_ref())?,
        until_on: date_opt(hold.until_on.as_ref())?,
        hold_id: hold.hold_id,
        account_id: hold.account_id,
        reason: hold.reason,
        lifted: hold.lifted,
    })
}
