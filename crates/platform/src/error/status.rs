//! Failures as gRPC statuses, and back for clients.

use std::{error::Error, time::Duration};

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use super::{Failure, Kind, Violation, chain, find};

/// The domain of every `ErrorInfo`.
const DOMAIN: &str = "duly";

/// After this long a caller may try again what was not yet, or not available.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The failure as a gRPC status: `ErrorInfo` with its stable reason, `BadRequest` with its fields,
/// `RetryInfo` where trying again helps. Logs what the caller does not see.
#[must_use]
pub fn status(failure: &dyn Failure) -> Status {
    let error: &(dyn Error + 'static) = failure;
    if let Some((reason, words)) = find::<sqlx::Error>(error).and_then(database_trouble) {
        tracing::warn!(reason, "{words}: {}", chain(error));
        return answer(Kind::Unavailable, reason, words.to_owned(), failure.violations());
    }
    match failure.kind() {
        Kind::Internal => internal(error),
        Kind::NotYet => answer(Kind::NotYet, "not_yet", failure.to_string(), failure.violations()),
        kind => answer(kind, failure.reason(), failure.to_string(), failure.violations()),
    }
}

/// [`status`] of an owned failure, for `map_err`.
#[expect(clippy::needless_pass_by_value, reason = "fits map_err")]
pub fn to_status<F: Failure>(failure: F) -> Status {
    status(&failure)
}

fn internal(error: &(dyn Error + 'static)) -> Status {
    let id = format!("err_{:016x}", rand::random::<u64>());
    tracing::error!(error.id = %id, "internal failure {id}: {}", chain(error));
    let mut details = ErrorDetails::new();
    let metadata = [("error_id".to_owned(), id.clone())];
    details.set_error_info("internal", DOMAIN, metadata.into_iter().collect::<Metadata>());
    let message = format!("internal failure; the log has it under {id}");
    Status::with_error_details(Code::Internal, message, details)
}

type Metadata = std::collections::HashMap<String, String>;

fn answer(kind: Kind, reason: &str, message: String, violations: Vec<Violation>) -> Status {
    let mut details = ErrorDetails::new();
    details.set_error_info(reason, DOMAIN, Metadata::new());
    for violation in violations {
        details.add_bad_request_violation(violation.field, violation.reason);
    }
    if matches!(kind, Kind::NotYet | Kind::Unavailable) {
        details.set_retry_info(Some(RETRY_AFTER));
    }
    Status::with_error_details(kind.code(), message, details)
}

/// Reason and words for a database that cannot serve for now; `None` for every other error.
pub(super) fn database_trouble(error: &sqlx::Error) -> Option<(&'static str, &'static str)> {
    const GONE: (&str, &str) = (
        "database_unavailable",
        "the database does not answer; try again with the same request id",
    );
    const BUSY: (&str, &str) = (
        "database_busy",
        "no database connection became free in time; try again with the same request id",
    );
    const CROWDED: (&str, &str) = (
        "database_contended",
        "too many work on the same at once; try again with the same request id",
    );
    const FULL: (&str, &str) = (
        "database_disk_full",
        "the database's disk is full; free space there, then try again with the same request id",
    );
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Some(GONE),
        sqlx::Error::PoolTimedOut => Some(BUSY),
        sqlx::Error::Database(server) => match server.code()?.as_ref() {
            "53100" => Some(FULL),
            // serialization_failure and deadlock_detected, tried again often enough here;
            // lock_not_available, query_canceled
            "40001" | "40P01" | "55P03" | "57014" => Some(CROWDED),
            // admin and crash shutdown, cannot_connect_now; read-only: what was the primary until now
            "57P01" | "57P02" | "57P03" | "25006" => Some(GONE),
            code if code.starts_with("08") => Some(GONE),
            // out of memory, too_many_connections
            code if code.starts_with("53") => Some(BUSY),
            _ => None,
        },
        _ => None,
    }
}

/// What tonic itself refuses, in our words: a message over the limit becomes `TooLarge` with reason
/// `message_too_large`; one that is none, or has a text that is not UTF-8, `InvalidInput` with reason
/// `message_malformed`. Everything else passes unchanged. Unary calls go through this by themselves;
/// a handler that reads a stream maps its errors with it.
#[must_use]
pub fn from_transport(status: Status) -> Status {
    // tonic 0.14 and prost have no other marks for these; tests hold them to these words.
    const MALFORMED: &str = "failed to decode Protobuf message: ";
    if reason_of(&status).is_some() {
        return status;
    }
    if let Some((_, found)) = status.message().split_once(MALFORMED) {
        let message = format!("malformed message: {found}; write it as in proto/, texts in UTF-8");
        return answer(Kind::InvalidInput, "message_malformed", message, Vec::new());
    }
    if !status.message().contains("message length too large") {
        return status;
    }
    let found = status.message().rsplit("too large: ").next().unwrap_or_default().to_owned();
    let message =
        format!("message too large: {found}; send it in smaller parts, or raise message_bytes_max");
    answer(Kind::TooLarge, "message_too_large", message, Vec::new())
}

/// The stable reason of a status that a Duly service gave.
#[must_use]
pub fn reason_of(status: &Status) -> Option<String> {
    status.get_details_error_info().filter(|info| info.domain == DOMAIN).map(|info| info.reason)
}

/// The fields at fault of a status that a Duly service gave.
#[must_use]
pub fn violations_of(status: &Status) -> Vec<Violation> {
    status
        .get_details_bad_request()
        .into_iter()
        .flat_map(|bad| bad.field_violations)
        .map(|v| Violation { field: v.field, reason: v.description })
        .collect()
}
