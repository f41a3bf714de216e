//! What the agency asks the client.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use duly_domain::ClientAnswer;
use duly_proto::intake::v1 as wire;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Answer;
use crate::{
    body::{Body, Filter, Segment},
    caller::{Caller, ChangeHeaders, IdempotencyKey},
    problem::{Problem, Problems, from},
    shape::{Money, codes, date, date_opt, money_opt, next_cursor, page, some, unshowable},
    upstream::Api,
};

/// A question to the client.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientRequest {
    #[schema(example = "creq_0199c5f2a1b27c3d8e4f5a6b7c8d9e0f")]
    client_request_id: String,
    account_id: String,
    client_id: String,
    /// The dispute asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    dispute_id: Option<String>,
    /// In plain words.
    question: String,
    /// Claim items contested; empty: the account as a whole.
    item_numbers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disputed_amount: Option<Money>,
    asked_on: NaiveDate,
    /// Answer by then.
    due_on: NaiveDate,
    /// Left out while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = codes::answer)]
    answer: Option<ClientAnswer>,
    /// What was credited for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_on: Option<NaiveDate>,
    /// Why it needs no answer any more, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_longer_asked: Option<String>,
}

/// A page of questions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientRequests {
    client_requests: Vec<ClientRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Which questions, and which page of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ClientRequestKeys {
    /// Only this client's.
    client_id: Option<String>,
    /// Only those about this account.
    account_id: Option<String>,
    /// Those that need no answer any more too.
    with_answered: bool,
    /// Rows of the page: 1 to 1000. 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    page_size: Option<i32>,
    /// `next_cursor` of the page before; leave it out for the first one.
    cursor: Option<String>,
}

/// What the agency asks, what is due first ahead.
#[utoipa::path(
    get,
    path = "/v1/client-requests",
    tag = "client requests",
    params(ClientRequestKeys),
    responses((status = 200, description = "A page of questions", body = ClientRequests), Problems)
)]
pub async fn list_client_requests(
    State(api): State<Api>,
    caller: Caller,
    Filter(keys): Filter<ClientRequestKeys>,
) -> Answer<ClientRequests> {
    let ask = caller.ask(wire::ListClientRequestsRequest {
        client_id: keys.client_id.unwrap_or_default(),
        account_id: keys.account_id.unwrap_or_default(),
        with_answered: keys.with_answered,
        page: Some(page(keys.page_size, keys.cursor)?),
    });
    let found = api.intake.clone().list_client_requests(ask).await.map_err(from("intake"))?;
    let found = found.into_inner();
    Ok(Json(ClientRequests {
        client_requests: found
            .client_requests
            .into_iter()
            .map(client_request)
            .collect::<Result<_, _>>()?,
        next_cursor: next_cursor(found.page),
    }))
}

/// What you say of a dispute.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientAnswerWish {
    #[schema(schema_with = codes::answer)]
    answer: ClientAnswer,
    /// With `part` alone: above zero, and not above what is contested. It becomes a correction of the
    /// account.
    #[serde(default)]
    credit: Option<Money>,
    /// For the agency; attach what proves it elsewhere.
    #[serde(default)]
    text: String,
}

/// Answers a question, once.
///
/// `credit`: the debtor is right, and all that is contested is credited. `part`: `credit` says how much.
/// `stands`: the debtor owes it. The same answer again changes nothing, another one is a conflict.
#[utoipa::path(
    post,
    path = "/v1/client-requests/{client_request_id}/answer",
    tag = "client requests",
    params(("client_request_id" = String, Path), ChangeHeaders),
    request_body = ClientAnswerWish,
    responses((status = 200, description = "The answered question", body = ClientRequest), Problems)
)]
pub async fn answer_client_request(
    State(api): State<Api>,
    caller: Caller,
    Segment(client_request_id): Segment<String>,
    IdempotencyKey(request_id): IdempotencyKey,
    Body(body): Body<ClientAnswerWish>,
) -> Answer<ClientRequest> {
    let credit = body.credit.map(|credit| credit.parse("credit")).transpose()?;
    let mut request = wire::AnswerClientRequestRequest {
        request_id,
        client_request_id,
        credit,
        text: body.text,
        ..Default::default()
    };
    request.set_answer(body.answer.into());
    let done = api.intake.clone().answer_client_request(caller.ask(request)).await;
    let done = done.map_err(from("intake"))?.into_inner().client_request;
    Ok(Json(client_request(done.ok_or_else(|| unshowable("no client request"))?)?))
}

fn client_request(request: wire::ClientRequest) -> Result<ClientRequest, Problem> {
    Ok(ClientRequest {
        answer: ClientAnswer::try_from(request.answer()).ok(),
        disputed_amount: money_opt(request.disputed_amount.as_ref())?,
        asked_on: date(request.asked_on.as_ref())?,
        due_on: date(request.due_on.as_ref())?,
        credit: money_opt(request.credit.as_ref())?,
        answered_on: date_opt(request.answered_on.as_ref())?,
        client_request_id: request.client_request_id,
        account_id: request.account_id,
        client_id: request.client_id,
        dispute_id: some(request.dispute_id),
        question: request.question,
        item_numbers: request.item_numbers,
        text: some(request.text),
        no_longer_asked: some(request.no_longer_asked),
    })
}
