//! Errors as RFC 9457 problem JSON: a stable `reason`, words for people, the fields at fault.

use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use duly_platform::{
    Refusal,
    error::{reason_of, violations_of},
};
use serde::Serialize;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use utoipa::{IntoResponses, ToSchema};

use crate::{
    caller::IDEMPOTENCY_KEY,
    fault::{Fault, Unreadable},
};

/// The media type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Seconds after which trying again may help.
const RETRY_AFTER_SECONDS: &str = "1";

/// Why a request was refused.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    reason: String,
    detail: String,
    violations: Vec<Violation>,
    instance: Option<String>,
}

/// Why a request was refused. RFC 9457, with `reason` and `violations` added.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemJson {
    /// `urn:duly:problem:` and the reason.
    #[serde(rename = "type")]
    #[schema(example = "urn:duly:problem:account_closed")]
    kind: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What is wrong and what would be right, for people.
    detail: String,
    /// Stable, for programs.
    #[schema(example = "account_closed")]
    reason: String,
    /// The fields at fault; left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    violations: Vec<Violation>,
    /// Names this very failure in the agency's log: `urn:duly:error:` and its id. Left out where there
    /// is nothing to look up.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
}

/// One field at fault, never with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Violation {
    /// Path in the body, name of the query's key, or name of the header.
    #[schema(example = "amount.currency")]
    field: String,
    /// What is wrong and what would be right.
    reason: String,
}

impl From<Fault> for Violation {
    fn from(fault: Fault) -> Self {
        Self { field: fault.field, reason: fault.reason }
    }
}

/// The problems that any method may answer with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only its schema is used")]
pub enum Problems {
    /// The request itself is wrong: `invalid_input`, `malformed_json`, `idempotency_key_missing` ...
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(ProblemJson),
    /// No token, or one that does not hold: `token_missing`, `token_expired`, `token_forged` ...
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(ProblemJson),
    /// The caller's role may not: `role_denied`.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemJson),
    /// It does not exist, or not for this caller: `account_unknown`, `route_unknown` ...
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ProblemJson),
    /// The route has no such method: `method_not_allowed`.
    #[response(status = 405, content_type = "application/problem+json")]
    MethodNotAllowed(ProblemJson),
    /// The state does not allow it, or the key was used for something else: `account_closed`,
    /// `idempotency_key_reused` ...
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemJson),
    /// The body is too large: `message_too_large`.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ProblemJson),
    /// The body is of another media type: `media_type_unsupported`.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(ProblemJson),
    /// Our own fault: `internal`, with an `instance` to quote.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(ProblemJson),
    /// Not now: `not_yet`, `database_unavailable`, `service_unavailable`. Try again after
    /// `Retry-After` seconds, with the same key.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(ProblemJson),
    /// A service did not answer in time: `service_timeout`. Try again with the same key.
    #[response(status = 504, content_type = "application/problem+json")]
    Timeout(ProblemJson),
}

impl Problem {
    /// A problem of this reason.
    pub fn new(status: StatusCode, reason: &str, detail: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.to_owned(),
            detail: detail.into(),
            violations: Vec::new(),
            instance: None,
        }
    }

    /// The same, with the fields at fault.
    pub fn with(mut self, violations: impl IntoIterator<Item = Fault>) -> Self {
        self.violations.extend(violations.into_iter().map(Violation::from));
        self
    }

    /// The request's fields do not fit.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        let named: Vec<String> =
            faults.iter().map(|fault| format!("{}: {}", fault.field, fault.reason)).collect();
        Self::new(StatusCode::BAD_REQUEST, "invalid_input", named.join("; ")).with(faults)
    }

    /// One field does not fit.
    pub fn field(field: &str, reason: impl Into<String>) -> Self {
        Self::invalid(vec![Fault { field: field.to_owned(), reason: reason.into() }])
    }

    /// A body that cannot be read.
    pub fn unreadable(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Syntax(words) => {
                let detail = format!("the body is not JSON: {words}");
                Self::new(StatusCode::BAD_REQUEST, "malformed_json", detail)
            }
            Unreadable::Shape(fault) => Self::invalid(vec![fault]),
        }
    }

    /// An answer of ours that cannot be shown: logged under an id of its own.
    pub fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::of("gateway", &Refusal::internal(error).into())
    }

    /// What a service refused.
    pub fn of(service: &'static str, status: &Status) -> Self {
        let Some(reason) = reason_of(status) else { return transport(service, status) };
        // A method that no table has is one of a service that does not run where we asked.
        if reason == "method_denied" {
            return missing(service);
        }
        let violations = violations_of(status).into_iter().map(|v| Fault {
            field: outside_name(&v.field),
            reason: v.reason.replace("request_id", IDEMPOTENCY_KEY),
        });
        let (reason, detail) = match reason.strip_prefix("request_id_") {
            Some(rest) => (
                format!("idempotency_key_{rest}"),
                status.message().replace("request_id", IDEMPOTENCY_KEY),
            ),
            None => (reason, status.message().to_owned()),
        };
        let mut problem = Self::new(http_status(status.code()), &reason, detail).with(violations);
        let info = status.get_details_error_info();
        problem.instance = info
            .and_then(|info| info.metadata.get("error_id").cloned())
            .map(|id| format!("urn:duly:error:{id}"));
        problem
    }
}

impl From<Problem> for ProblemJson {
    fn from(problem: Problem) -> Self {
        Self {
            kind: format!("urn:duly:problem:{}", problem.reason),
            title: problem.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: problem.status.as_u16(),
            detail: problem.detail,
            reason: problem.reason,
            violations: problem.violations,
            instance: problem.instance,
        }
    }
}

/// For `map_err`: what this service refused.
pub fn from(service: &'static str) -> impl Fn(Status) -> Problem {
    move |status| Problem::of(service, &status)
}

fn missing(service: &str) -> Problem {
    let detail = format!(
        "{service} does not run where the gateway asks for it; run it there, or set \
         services.gateway.{service} to its address"
    );
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", detail)
}

/// What never reached a service of ours, or did not come back.
fn transport(service: &'static str, status: &Status) -> Problem {
    tracing::warn!(service, code = ?status.code(), "{service} was not reached: {status}");
    match status.code() {
        Code::Unimplemented => missing(service),
        Code::DeadlineExceeded | Code::Cancelled => {
            let detail = format!("{service} did not answer in time; try again with the same key");
            Problem::new(StatusCode::GATEWAY_TIMEOUT, "service_timeout", detail)
        }
        _ => {
            let detail = format!("{service} does not answer; try again with the same key");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", detail)
        }
    }
}

fn http_status(code: Code) -> StatusCode {
    match code {
        Code::InvalidArgument | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::FailedPrecondition | Code::Aborted => StatusCode::CONFLICT,
        Code::ResourceExhausted => StatusCode::PAYLOAD_TOO_LARGE,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded | Code::Cancelled => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A field of a message as the REST caller named it.
fn outside_name(field: &str) -> String {
    match field {
        "request_id" => IDEMPOTENCY_KEY.to_owned(),
        "page.page_size" => "page_size".to_owned(),
        "page.page_token" => "cursor".to_owned(),
        other => other.strip_prefix("open.").unwrap_or(other).to_owned(),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status;
        let mut response = (status, Json(ProblemJson::from(self))).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
            }
            _ => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use duly_platform::{Failure, Kind, error};

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("sample words about request_id")]
    struct Sample(Kind, &'static str);

    impl Failure for Sample {
        fn kind(&self) -> Kind {
            self.0
        }
        fn reason(&self) -> &'static str {
            self.1
        }
        fn violations(&self) -> Vec<duly_platform::Violation> {
            vec![duly_platform::Violation::new("page.page_token", "is no token")]
        }
    }

    fn problem(kind: Kind, reason: &'static str) -> Problem {
        Problem::of("intake", &error::status(&Sample(kind, reason)))
    }

    #[test]
    fn each_kind_of_failure_has_its_status() {
        for (kind, status) in [
            (Kind::InvalidInput, 400),
            (Kind::Unauthenticated, 401),
            (Kind::Denied, 403),
            (Kind::NotFound, 404),
            (Kind::Conflict, 409),
            (Kind::Failed, 409),
            (Kind::TooLarge, 413),
            (Kind::NotYet, 503),
            (Kind::Unavailable, 503),
            (Kind::Internal, 500),
        ] {
            assert_eq!(problem(kind, "sample").status.as_u16(), status, "{kind:?}");
        }
    }

    #[test]
    fn fields_and_keys_have_the_names_that_the_caller_used() {
        let refused = problem(Kind::Conflict, "request_id_reused");
        assert_eq!(refused.reason, "idempotency_key_reused");
        assert_eq!(refused.detail, "sample words about Idempotency-Key");
        assert_eq!(refused.violations[0].field, "cursor");
        let shown = ProblemJson::from(refused);
        assert_eq!(shown.kind, "urn:duly:problem:idempotency_key_reused");
        assert_eq!((shown.status, shown.title.as_str()), (409, "Conflict"));
    }

    #[test]
    fn an_internal_failure_names_itself_and_nothing_else() {
        let refused = problem(Kind::Internal, "secret");
        assert_eq!(refused.reason, "internal");
        let instance = refused.instance.unwrap();
        assert!(instance.starts_with("urn:duly:error:err_"), "{instance}");
        assert!(!refused.detail.contains("sample"), "{}", refused.detail);
    }

    #[test]
    fn a_service_that_is_not_there_is_named_with_the_remedy() {
        let refused = Problem::of("letters", &Status::unimplemented(""));
        assert_eq!(
            (refused.status.as_u16(), refused.reason.as_str()),
            (503, "service_unavailable")
        );
        assert!(refused.detail.contains("services.gateway.letters"), "{}", refused.detail);
        let refused = Problem::of("letters", &Status::unavailable("tcp connect error"));
        assert_eq!(refused.detail, "letters does not answer; try again with the same key");
        let response = refused.into_response();
        assert_eq!(response.headers()["retry-after"], "1");
        assert_eq!(response.headers()["content-type"], PROBLEM_JSON);
    }
}
