//! The OpenAPI document.

use std::sync::Arc;

use axum::{
    Extension,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use utoipa::openapi::OpenApi;

use crate::{problem::Problem, shape::unshowable};

/// The document as it is sent; made once.
#[derive(Clone)]
pub struct Text(Option<Arc<str>>);

impl Text {
    /// The text of a document.
    pub fn of(document: &OpenApi) -> Self {
        Self(document.to_json().ok().map(Arc::from))
    }
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "document",
    security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value))
)]
pub async fn get_document(Extension(Text(text)): Extension<Text>) -> Result<Response, Problem> {
    let text = text.ok_or_else(|| unshowable("the document"))?;
    Ok(([(CONTENT_TYPE, "application/json")], text.to_string()).into_response())
}
