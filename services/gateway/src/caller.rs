//! Who calls, as far as the gateway need know: the headers that it hands on.

use axum::{
    extract::FromRequestParts,
    http::{
        HeaderMap, StatusCode,
        header::{AUTHORIZATION, HeaderName},
        request::Parts,
    },
};
use duly_platform::telemetry::{TRACEPARENT, traceparent};
use tonic::{
    Request,
    metadata::{Ascii, MetadataValue},
};
use utoipa::IntoParams;

use crate::{fault::Fault, problem::Problem};

/// The header that names a change, so that a repeated request changes nothing more.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The caller's token and trace, handed on with every call. Whether the token holds is judged by the
/// services, before anything else.
#[derive(Clone)]
pub struct Caller {
    token: MetadataValue<Ascii>,
    traceparent: Option<MetadataValue<Ascii>>,
}

impl Caller {
    /// A call on the caller's behalf.
    pub fn ask<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let metadata = request.metadata_mut();
        metadata.insert("authorization", self.token.clone());
        // Our own span where spans are kept, else the caller's.
        let own = MetadataValue::try_from(traceparent()).ok().filter(|own| !own.is_empty());
        if let Some(parent) = own.or_else(|| self.traceparent.clone()) {
            metadata.insert(TRACEPARENT, parent);
        }
        request
    }

    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let refused = |reason, detail| Problem::new(StatusCode::UNAUTHORIZED, reason, detail);
        let token = headers.get(AUTHORIZATION).ok_or_else(|| {
            refused("token_missing", "the request has no `Authorization: Bearer <token>`")
        })?;
        let token = token.to_str().ok().and_then(|text| MetadataValue::try_from(text).ok());
        let token = token.ok_or_else(|| {
            refused("token_malformed", "the Authorization header is not `Bearer <token>`")
        })?;
        let text = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok());
        Ok(Self { token, traceparent: text.and_then(|text| MetadataValue::try_from(text).ok()) })
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.headers)
    }
}

/// The caller's own key of a change.
pub struct IdempotencyKey(pub String);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let refused = |reason, words: &str| {
            let fault = Fault { field: IDEMPOTENCY_KEY.to_owned(), reason: words.to_owned() };
            let detail = format!("{IDEMPOTENCY_KEY} {words}");
            Problem::new(StatusCode::BAD_REQUEST, reason, detail).with([fault])
        };
        let name = HeaderName::from_static("idempotency-key");
        let mut values = parts.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(only), None) => match only.to_str().map(str::trim) {
                Ok("") => {
                    Err(refused("idempotency_key_missing", "is empty; give a key of your own"))
                }
                Ok(key) => Ok(Self(key.to_owned())),
                Err(_) => Err(refused("idempotency_key_malformed", "is not of ASCII characters")),
            },
            (Some(_), Some(_)) => {
                Err(refused("idempotency_key_malformed", "stands there twice; give one"))
            }
            (None, _) => Err(refused(
                "idempotency_key_missing",
                "is missing; give a key of your own, the same for a repeated request",
            )),
        }
    }
}

/// The header of every method that changes something.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub struct ChangeHeaders {
    /// A key of your own, the same for a repeated request: it then gets the first answer and changes
    /// nothing. With another body it is a conflict.
    #[param(rename = "Idempotency-Key", example = "7c1d2f0e-recall-A-1", max_length = 200)]
    idempotency_key: String,
}
