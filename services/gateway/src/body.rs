//! What comes in beside the headers: JSON bodies, query keys, path segments. What does not fit is
//! problem JSON that names the key.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::{
    fault::{Fault, in_words, read_json},
    problem::Problem,
};

/// A JSON body whose every key is known.
pub struct Body<T>(pub T);

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        media_type(request.headers(), &["application/json"])?;
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        Ok(Self(read_json(&bytes).map_err(Problem::unreadable)?))
    }
}

/// A whole body, up to the limit of its route.
pub async fn bytes(request: Request) -> Result<Bytes, Problem> {
    Bytes::from_request(request, &()).await.map_err(unread)
}

#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
fn unread(rejection: BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let detail = "the body is larger than is taken at once; send it in smaller parts";
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "message_too_large", detail);
    }
    let detail = "the body broke off before its end; send it again with the same key";
    Problem::new(StatusCode::BAD_REQUEST, "body_cut_off", detail)
}

/// Which of these media types the body says that it is.
pub fn media_type(headers: &HeaderMap, taken: &[&'static str]) -> Result<&'static str, Problem> {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    taken.iter().copied().find(|taken| *taken == essence).ok_or_else(|| {
        let detail = format!("the body's Content-Type is not {}", taken.join(" or "));
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type_unsupported", detail)
    })
}

/// Query keys, all of them known.
pub struct Filter<T>(pub T);

impl<T, S> FromRequestParts<S> for Filter<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(filter)) => Ok(Self(filter)),
            Err(rejection) => {
                let text = rejection.body_text();
                let words = text.split_once("query string: ").map_or(text.as_str(), |(_, w)| w);
                Err(Problem::invalid(vec![query_fault(words)]))
            }
        }
    }
}

/// serde's words begin with the key, where one key alone is at fault.
fn query_fault(words: &str) -> Fault {
    let key = words.split_once(": ").filter(|(key, _)| {
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    });
    match key {
        Some((key, words)) => Fault { field: key.to_owned(), reason: in_words(words) },
        None => Fault { field: "query".to_owned(), reason: in_words(words) },
    }
}

/// What the path names.
pub struct Segment<T>(pub T);

impl<T, S> FromRequestParts<S> for Segment<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(segment)| Self(segment))
            .map_err(|_| Problem::field("path", "is not of UTF-8 characters"))
    }
}
