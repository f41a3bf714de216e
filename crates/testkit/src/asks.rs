//! Requests about the work on an account: each with what it must have, the rest as fields.

use duly_proto::{
    contact::v1::{
        ConcludeAttemptRequest, Disposition, DisputeReason, OpenDisputeRequest, PlaceStopRequest,
        StopKind,
    },
    intake::v1::HoldAccountRequest,
    payments::v1::{MakePromiseRequest, PaymentMethod},
    skiptrace::v1::{ImportResultsRequest, RequestSearchRequest, SearchKind},
};

use crate::build::{day, request_id, usd};

/// A promise to pay so many dollars and cents by this day, by bank transfer.
#[must_use]
pub fn promise(account_id: &str, amount: &str, due_on: &str) -> MakePromiseRequest {
    let mut request = MakePromiseRequest {
        request_id: request_id(),
        account_id: account_id.to_owned(),
        amount: Some(usd(amount)),
        due_on: Some(day(due_on)),
        ..MakePromiseRequest::default()
    };
    request.set_method(PaymentMethod::Ach);
    request
}

/// A stop for a party on every account and channel.
#[must_use]
pub fn stop(party_id: &str, kind: StopKind) -> PlaceStopRequest {
    let mut request = PlaceStopRequest {
        request_id: request_id(),
        party_id: party_id.to_owned(),
        evidence: "stated in a letter".to_owned(),
        ..PlaceStopRequest::default()
    };
    request.set_kind(kind);
    request
}

/// A dispute of the whole account.
#[must_use]
pub fn dispute(account_id: &str, reason: DisputeReason) -> OpenDisputeRequest {
    let mut request = OpenDisputeRequest {
        request_id: request_id(),
        account_id: account_id.to_owned(),
        detail: "stated on the telephone".to_owned(),
        ..OpenDisputeRequest::default()
    };
    request.set_reason(reason);
    request
}

/// The outcome of an authorised attempt.
#[must_use]
pub fn conclude(attempt_id: &str, disposition: Disposition) -> ConcludeAttemptRequest {
    let mut request = ConcludeAttemptRequest {
        request_id: request_id(),
        attempt_id: attempt_id.to_owned(),
        ..ConcludeAttemptRequest::default()
    };
    request.set_disposition(disposition);
    request
}

/// A client's hold until it is lifted.
#[must_use]
pub fn hold(account_id: &str) -> HoldAccountRequest {
    HoldAccountRequest {
        request_id: request_id(),
        account_id: account_id.to_owned(),
        reason: "the client speaks with the debtor".to_owned(),
        ..HoldAccountRequest::default()
    }
}

/// A search that a person asks for.
#[must_use]
pub fn search(account_id: &str, party_id: &str, kind: SearchKind) -> RequestSearchRequest {
    let mut request = RequestSearchRequest {
        request_id: request_id(),
        account_id: account_id.to_owned(),
        party_id: party_id.to_owned(),
        ..RequestSearchRequest::default()
    };
    request.set_kind(kind);
    request
}

/// A file of answers of the file provider: lines `reference,result` below their header.
#[must_use]
pub fn answers(lines: &[(&str, &str)]) -> ImportResultsRequest {
    let lines: String =
        lines.iter().map(|(reference, result)| format!("{reference},{result}\n")).collect();
    ImportResultsRequest {
        request_id: request_id(),
        provider: "file".to_owned(),
        file_name: "answers.csv".to_owned(),
        content: format!("reference,result\n{lines}").into_bytes(),
    }
}
