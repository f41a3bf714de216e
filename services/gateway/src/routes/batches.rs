//! Placement batches and the answers to their records.

use axum::{
    Json,
    extract::{Request, State},
};
use duly_domain::AckStatus;
use duly_proto::intake::v1 as wire;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Answer;
use crate::{
    body::{self, Filter, Segment},
    caller::Caller,
    place::{self, Placement, Totals},
    problem::{Problem, Problems, from},
    shape::{self, Money, codes, money_opt, next_cursor, page, some},
    upstream::Api,
};

/// A batch with its control counts and sums.
#[derive(Debug, Serialize, ToSchema)]
pub struct Batch {
    #[schema(example = "btch_0199c5f2a1b27c3d8e4f5a6b7c8d9e0f")]
    batch_id: String,
    client_id: String,
    /// The client's own name for the batch.
    batch_key: String,
    /// Whether every record has its answer.
    closed: bool,
    /// Records, with those that could not be read.
    received: i64,
    accepted: i64,
    accepted_with_warning: i64,
    rejected: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_sum: Option<Money>,
    /// Of the records that were readable, but rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_sum: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declared_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declared_sum: Option<Money>,
    /// False where a closed batch differs from what was declared.
    totals_agree: bool,
}

/// The answer to one record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acknowledgement {
    /// The line of a text, or the record's number in an array; from 1.
    line: i64,
    client_account_ref: String,
    #[schema(schema_with = codes::ack_status)]
    status: AckStatus,
    /// Stable; left out where it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "duplicate_open")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// In words; never with the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Left out where it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "acct_0199c5f2a1b27c3d8e4f5a6b7c8d9e0f")]
    account_id: Option<String>,
}

/// A batch and the answer to each of its records, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Placed {
    batch: Batch,
    acknowledgements: Vec<Acknowledgement>,
}

/// A page of answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acknowledgements {
    acknowledgements: Vec<Acknowledgement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// What the client declares of the batch as a whole. What differs is refused before anything is placed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct PlaceKeys {
    /// How many records the body has.
    declared_count: Option<i64>,
    /// What their amounts sum to; needs `currency`.
    #[param(example = "1234.56")]
    declared_sum: Option<String>,
    /// Of the declared sum.
    #[param(example = "USD")]
    currency: Option<String>,
    /// The date of placement; today unless told.
    #[param(format = Date)]
    listing_date: Option<String>,
}

/// Places claims.
///
/// The batch key takes the place of an `Idempotency-Key`: the same body under the same key gets the
/// first answers and places nothing twice; a request that was cut off is simply sent again.
/// A body of another shape than this is refused as a whole. A record whose values do not fit is
/// rejected by its own answer, and the others are placed.
#[utoipa::path(
    post,
    path = "/v1/clients/{client_ref}/batches/{batch_key}",
    tag = "placements",
    params(
        ("client_ref" = String, Path, description = "The agency's short name for the client"),
        ("batch_key" = String, Path, description = "Your own name for the batch, used once"),
        PlaceKeys
    ),
    request_body(
        content(
            (Vec<Placement> = "application/json"),
            (Placement = "application/x-ndjson")
        ),
        description = "An array of placements, or one placement a line"
    ),
    responses((status = 200, description = "Every record has its answer", body = Placed), Problems)
)]
pub async fn place_batch(
    State(api): State<Api>,
    caller: Caller,
    Segment((client_ref, batch_key)): Segment<(String, String)>,
    Filter(keys): Filter<PlaceKeys>,
    request: Request,
) -> Answer<Placed> {
    let taken = ["application/json", "application/x-ndjson"];
    let media_type = body::media_type(request.headers(), &taken)?;
    let totals = totals(keys.declared_count, keys.declared_sum, keys.currency)?;
    let listing_date = shape::parse_date_opt("listing_date", keys.listing_date.as_deref())?;
    // Who may not place here is told before the body is read.
    let key = Some(wire::get_client_request::Key::ClientRef(client_ref.clone()));
    let client = wire::GetClientRequest { key };
    api.intake.clone().get_client(caller.ask(client)).await.map_err(from("intake"))?;
    let bytes = body::bytes(request).await?;
    let records = match media_type {
        "application/json" => place::read_array(&bytes)?,
        _ => place::read_lines(&bytes)?,
    };
    drop(bytes);
    totals.check(&records)?;
    let open = wire::PlaceOpen {
        client_ref,
        batch_key,
        declared_count: totals.count,
        declared_sum: totals.sum,
        listing_date,
    };
    let placed = place::place(&api, &caller, open, records).await?;
    Ok(Json(Placed {
        batch: batch(&placed.batch)?,
        acknowledgements: placed
            .acknowledgements
            .into_iter()
            .map(acknowledgement)
            .collect::<Result<_, _>>()?,
    }))
}

fn totals(
    count: Option<i64>,
    sum: Option<String>,
    currency: Option<String>,
) -> Result<Totals, Problem> {
    let sum = match (sum, currency) {
        (None, None) => None,
        (Some(amount), Some(currency)) => {
            let read = Money { amount, currency }.read("declared_sum");
            Some(read.map_err(|(mut fault, _)| {
                // Query keys have no parts.
                let is_currency = fault.field.ends_with(".currency");
                fault.field = if is_currency { "currency" } else { "declared_sum" }.to_owned();
                Problem::invalid(vec![fault])
            })?)
        }
        (Some(_), None) => {
            return Err(Problem::field("currency", "is missing; a declared_sum needs it"));
        }
        (None, Some(_)) => {
            return Err(Problem::field("declared_sum", "is missing; a currency goes with it"));
        }
    };
    Ok(Totals { count, sum })
}

/// One batch.
#[utoipa::path(
    get,
    path = "/v1/batches/{batch_id}",
    tag = "placements",
    params(("batch_id" = String, Path)),
    responses((status = 200, description = "The batch", body = Batch), Problems)
)]
pub async fn get_batch(
    State(api): State<Api>,
    caller: Caller,
    Segment(batch_id): Segment<String>,
) -> Answer<Batch> {
    let ask = caller.ask(wire::GetBatchRequest { batch_id });
    let found = api.intake.clone().get_batch(ask).await.map_err(from("intake"))?.into_inner();
    let found = found.batch.ok_or_else(|| shape::unshowable("no batch"))?;
    Ok(Json(batch(&found)?))
}

/// Which answers, and which page of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct AcknowledgementKeys {
    /// Only these.
    #[param(schema_with = codes::ack_status)]
    status: Option<AckStatus>,
    /// Rows of the page: 1 to 1000. 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    page_size: Option<i32>,
    /// `next_cursor` of the page before; leave it out for the first one.
    cursor: Option<String>,
}

/// The answers to a batch's records, in their order.
#[utoipa::path(
    get,
    path = "/v1/batches/{batch_id}/acknowledgements",
    tag = "placements",
    params(("batch_id" = String, Path), AcknowledgementKeys),
    responses((status = 200, description = "A page of answers", body = Acknowledgements), Problems)
)]
pub async fn list_acknowledgements(
    State(api): State<Api>,
    caller: Caller,
    Segment(batch_id): Segment<String>,
    Filter(keys): Filter<AcknowledgementKeys>,
) -> Answer<Acknowledgements> {
    let status = keys.status.map_or(wire::AckStatus::Unspecified, Into::into);
    let ask = caller.ask(wire::ListAcknowledgementsRequest {
        batch_id,
        status: status.into(),
        page: Some(page(keys.page_size, keys.cursor)?),
    });
    let found = api.intake.clone().list_acknowledgements(ask).await.map_err(from("intake"))?;
    let found = found.into_inner();
    Ok(Json(Acknowledgements {
        acknowledgements: found
            .acknowledgements
            .into_iter()
            .map(acknowledgement)
            .collect::<Result<_, _>>()?,
        next_cursor: next_cursor(found.page),
    }))
}

fn batch(batch: &wire::Batch) -> Result<Batch, Problem> {
    Ok(Batch {
        batch_id: batch.batch_id.clone(),
        client_id: batch.client_id.clone(),
        batch_key: batch.batch_key.clone(),
        closed: batch.closed,
        received: batch.received,
        accepted: batch.accepted,
        accepted_with_warning: batch.accepted_with_warning,
        rejected: batch.rejected,
        accepted_sum: money_opt(batch.accepted_sum.as_ref())?,
        rejected_sum: money_opt(batch.rejected_sum.as_ref())?,
        declared_count: batch.declared_count,
        declared_sum: money_opt(batch.declared_sum.as_ref())?,
        totals_agree: batch.totals_agree,
    })
}

fn acknowledgement(answer: wire::Acknowledgement) -> Result<Acknowledgement, Problem> {
    Ok(Acknowledgement {
        line: answer.line,
        status: shape::code(answer.status())?,
        client_account_ref: answer.client_account_ref,
        code: some(answer.code),
        field: some(answer.field),
        reason: some(answer.reason),
        account_id: some(answer.account_id),
    })
}
