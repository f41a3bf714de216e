//! Remittances and their statements.

use axum::{
    Json,
    extract::State,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use duly_proto::payments::v1::{self as wire, StatementFormat};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Answer;
use crate::{
    body::{Filter, Segment},
    caller::Caller,
    problem::{Problem, Problems, from},
    shape::{Money, date, money, money_opt, next_cursor, page},
    upstream::Api,
};

/// One sealed period of one client.
#[derive(Debug, Serialize, ToSchema)]
pub struct Remittance {
    #[schema(example = "rmit_0199c5f2a1b27c3d8e4f5a6b7c8d9e0f")]
    remittance_id: String,
    client_id: String,
    statement_no: String,
    period_from: NaiveDate,
    period_to: NaiveDate,
    /// `net`, `gross`, `gross_less_direct_fees`.
    method: String,
    /// Received by the agency.
    collected: Money,
    /// Received by the client.
    direct: Money,
    commission: Money,
    prior_carry_forward: Money,
    remitted: Money,
    carry_forward: Money,
    to_operating: Money,
    /// The part of `remitted` that waits until what is missing from trust is made good.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Money>,
    /// Lines of the statement.
    lines: i64,
    /// SHA-256 of the statement as CSV, hex.
    csv_sha256: String,
    /// SHA-256 of the statement as JSON, hex.
    json_sha256: String,
}

/// A page of remittances.
#[derive(Debug, Serialize, ToSchema)]
pub struct Remittances {
    remittances: Vec<Remittance>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Which remittances, and which page of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct RemittanceKeys {
    /// Only this client's.
    client_id: Option<String>,
    /// Rows of the page: 1 to 1000. 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    page_size: Option<i32>,
    /// `next_cursor` of the page before; leave it out for the first one.
    cursor: Option<String>,
}

/// Remittances, first sealed first.
#[utoipa::path(
    get,
    path = "/v1/remittances",
    tag = "money",
    params(RemittanceKeys),
    responses((status = 200, description = "A page of remittances", body = Remittances), Problems)
)]
pub async fn list_remittances(
    State(api): State<Api>,
    caller: Caller,
    Filter(keys): Filter<RemittanceKeys>,
) -> Answer<Remittances> {
    let ask = caller.ask(wire::ListRemittancesRequest {
        client_id: keys.client_id.unwrap_or_default(),
        page: Some(page(keys.page_size, keys.cursor)?),
    });
    let found = api.payments.clone().list_remittances(ask).await.map_err(from("payments"))?;
    let found = found.into_inner();
    Ok(Json(Remittances {
        remittances: found.remittances.into_iter().map(remittance).collect::<Result<_, _>>()?,
        next_cursor: next_cursor(found.page),
    }))
}

/// The statement's exact bytes as they were sealed, as CSV.
#[utoipa::path(
    get,
    path = "/v1/remittances/{remittance_id}/statement.csv",
    tag = "money",
    params(("remittance_id" = String, Path)),
    responses(
        (status = 200, description = "The statement", body = String, content_type = "text/csv"),
        Problems
    )
)]
pub async fn get_statement_csv(
    State(api): State<Api>,
    caller: Caller,
    Segment(remittance_id): Segment<String>,
) -> Result<Response, Problem> {
    statement(&api, &caller, remittance_id, StatementFormat::Csv).await
}

/// The statement's exact bytes as they were sealed, as JSON.
#[utoipa::path(
    get,
    path = "/v1/remittances/{remittance_id}/statement.json",
    tag = "money",
    params(("remittance_id" = String, Path)),
    responses((status = 200, description = "The statement", body = serde_json::Value), Problems)
)]
pub async fn get_statement_json(
    State(api): State<Api>,
    caller: Caller,
    Segment(remittance_id): Segment<String>,
) -> Result<Response, Problem> {
    statement(&api, &caller, remittance_id, StatementFormat::Json).await
}

async fn statement(
    api: &Api,
    caller: &Caller,
    remittance_id: String,
    format: StatementFormat,
) -> Result<Response, Problem> {
    let media_type = match format {
        StatementFormat::Json => "application/json",
        StatementFormat::Csv | StatementFormat::Unspecified => "text/csv; charset=utf-8",
    };
    let ask = caller.ask(wire::GetStatementRequest { remittance_id, format: format.into() });
    let found = api.payments.clone().get_statement(ask).await.map_err(from("payments"))?;
    let found = found.into_inner();
    Ok(file(media_type, &found.file_name, found.content))
}

/// Bytes that a caller keeps under a name.
pub fn file(media_type: &'static str, name: &str, content: Vec<u8>) -> Response {
    // A header takes ASCII alone.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)], content)
        .into_response()
}

fn remittance(remittance: wire::Remittance) -> Result<Remittance, Problem> {
    Ok(Remittance {
        period_from: date(remittance.period_from.as_ref())?,
        period_to: date(remittance.period_to.as_ref())?,
        collected: money(remittance.collected.as_ref())?,
        direct: money(remittance.direct.as_ref())?,
        commission: money(remittance.commission.as_ref())?,
        prior_carry_forward: money(remittance.prior_carry_forward.as_ref())?,
        remitted: money(remittance.remitted.as_ref())?,
        carry_forward: money(remittance.carry_forward.as_ref())?,
        to_operating: money(remittance.to_operating.as_ref())?,
        held: money_opt(remittance.held.as_ref())?,
        remittance_id: remittance.remittance_id,
        client_id: remittance.client_id,
        statement_no: remittance.statement_no,
        method: remittance.method,
        lines: remittance.lines,
        csv_sha256: remittance.csv_sha256,
        json_sha256: remittance.json_sha256,
    })
}
