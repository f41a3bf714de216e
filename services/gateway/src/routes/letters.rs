//! Letters that were written about an account.

use axum::{Json, extract::State, response::Response};
use chrono::NaiveDate;
use duly_domain::{Channel, LetterState};
use duly_proto::letters::v1 as wire;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Answer, remittances::file};
use crate::{
    body::{Filter, Segment},
    caller::Caller,
    problem::{Problem, Problems, from},
    shape::{self, PageKeys, codes, date_opt, next_cursor, page, some},
    upstream::Api,
};

/// A letter, by post or e-mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct Letter {
    #[schema(example = "lttr_0199c5f2a1b27c3d8e4f5a6b7c8d9e0f")]
    letter_id: String,
    account_id: String,
    client_id: String,
    party_id: String,
    #[schema(example = "commercial_demand")]
    template: String,
    template_version: i32,
    #[schema(schema_with = codes::channel)]
    channel: Channel,
    #[schema(schema_with = codes::letter_state)]
    state: LetterState,
    /// The day that it was prepared for.
    #[serde(skip_serializing_if = "Option::is_none")]
    mailing_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mailed_on: Option<NaiveDate>,
    /// SHA-256 of the PDF, hex.
    content_sha256: String,
    pages: i32,
    /// Last day to dispute it; validation notices alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    validation_period_end: Option<NaiveDate>,
    /// Why it stands as it does, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// A page of letters.
#[derive(Debug, Serialize, ToSchema)]
pub struct Letters {
    letters: Vec<Letter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// The letters about an account.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account_id}/letters",
    tag = "letters",
    params(("account_id" = String, Path), PageKeys),
    responses((status = 200, description = "A page of letters", body = Letters), Problems)
)]
pub async fn list_letters(
    State(api): State<Api>,
    caller: Caller,
    Segment(account_id): Segment<String>,
    Filter(keys): Filter<PageKeys>,
) -> Answer<Letters> {
    let ask = caller.ask(wire::ListLettersRequest {
        account_id,
        page: Some(page(keys.page_size, keys.cursor)?),
        ..Default::default()
    });
    let found = api.letters.clone().list_letters(ask).await.map_err(from("letters"))?.into_inner();
    Ok(Json(Letters {
        letters: found.letters.into_iter().map(letter).collect::<Result<_, _>>()?,
        next_cursor: next_cursor(found.page),
    }))
}

/// The letter's exact bytes as they were prepared, as PDF.
#[utoipa::path(
    get,
    path = "/v1/letters/{letter_id}/pdf",
    tag = "letters",
    params(("letter_id" = String, Path)),
    responses(
        (status = 200, description = "The letter", body = Vec<u8>, content_type = "application/pdf"),
        Problems
    )
)]
pub async fn get_letter_pdf(
    State(api): State<Api>,
    caller: Caller,
    Segment(letter_id): Segment<String>,
) -> Result<Response, Problem> {
    let ask = caller.ask(wire::GetLetterPdfRequest { letter_id });
    let found = api.letters.clone().get_letter_pdf(ask).await.map_err(from("letters"))?;
    let found = found.into_inner();
    Ok(file("application/pdf", &found.file_name, found.pdf))
}

fn letter(letter: wire::Letter) -> Result<Letter, Problem> {
    Ok(Letter {
        channel: shape::code(letter.channel())?,
        state: shape::code(letter.state())?,
        mailing_on: date_opt(letter.mailing_on.as_ref())?,
        mailed_on: date_opt(letter.mailed_on.as_ref())?,
        validation_period_end: date_opt(letter.validation_period_end.as_ref())?,
        letter_id: letter.letter_id,
        account_id: letter.account_id,
        client_id: letter.client_id,
        party_id: letter.party_id,
        template: letter.template,
        template_version: letter.template_version,
        content_sha256: letter.content_sha256,
        pages: letter.pages,
        why: some(letter.why),
    })
}
