//! Requests in: parse, call, answer.

use duly_platform::{Host, Page, auth::principal, parsed};
use duly_proto::{
    common::v1::PageRequest,
    contact::v1::{
        self as wire,
        contact_service_server::{ContactService, ContactServiceServer},
    },
};
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    add_note::{AddNote, add_note},
    add_point::{AddPoint, add_point},
    call_list::call_list,
    conclude_attempt::{ConcludeAttempt, conclude_attempt},
    error::Result as Done,
    explain_account::explain_account,
    lift_stop::{LiftStop, lift_stop},
    look_up::{
        ListAttempts, ListEnding, ListNotes, account_id, count_decisions, list_attempts,
        list_disputes, list_notes, list_stops,
    },
    open_dispute::{OpenDispute, open_dispute},
    place_stop::{PlaceStop, place_stop},
    propose_call::{Decide, ProposeCall, decide, propose_call},
    resolve_dispute::{ResolveDispute, resolve_dispute},
};

/// The methods of the service.
pub(crate) fn routes(host: Host) -> Routes {
    let bytes_max = host.message_bytes_max();
    Routes::new(ContactServiceServer::new(Api { host }).max_decoding_message_size(bytes_max))
}

struct Api {
    host: Host,
}

fn page(page: Option<&PageRequest>) -> Done<Page> {
    Ok(Page::of(page)?)
}

#[tonic::async_trait]
impl ContactService for Api {
    async fn decide(
        &self,
        request: Request<wire::DecideRequest>,
    ) -> Result<Response<wire::DecideResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(Decide::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(decide(tx, query).await?) })
            })
            .await
    }

    async fn propose_call(
        &self,
        request: Request<wire::ProposeCallRequest>,
    ) -> Result<Response<wire::ProposeCallResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(ProposeCall::try_from(body))?;
        self.host
            .answer_mutation(&who, "ProposeCall", &key, &command, |tx, command| {
                Box::pin(async move { Ok(propose_call(tx, command).await?) })
            })
            .await
    }

    async fn list_call_list(
        &self,
        request: Request<wire::ListCallListRequest>,
    ) -> Result<Response<wire::ListCallListResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(page(request.into_inner().page.as_ref()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(call_list(tx, query).await?) })
            })
            .await
    }

    async fn conclude_attempt(
        &self,
        request: Request<wire::ConcludeAttemptRequest>,
    ) -> Result<Response<wire::ConcludeAttemptResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(ConcludeAttempt::try_from(body))?;
        self.host
            .answer_mutation(&who, "ConcludeAttempt", &key, &command, |tx, command| {
                Box::pin(async move { Ok(conclude_attempt(tx, command).await?) })
            })
            .await
    }

    async fn list_attempts(
        &self,
        request: Request<wire::ListAttemptsRequest>,
    ) -> Result<Response<wire::ListAttemptsResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListAttempts::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_attempts(tx, query).await?) })
            })
            .await
    }

    async fn place_stop(
        &self,
        request: Request<wire::PlaceStopRequest>,
    ) -> Result<Response<wire::PlaceStopResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(PlaceStop::parse(&who, &body))?;
        self.host
            .answer_mutation(&who, "PlaceStop", &key, &command, |tx, command| {
                Box::pin(async move { Ok(place_stop(tx, command).await?) })
            })
            .await
    }

    async fn lift_stop(
        &self,
        request: Request<wire::LiftStopRequest>,
    ) -> Result<Response<wire::LiftStopResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(LiftStop::try_from(body))?;
        self.host
            .answer_mutation(&who, "LiftStop", &key, &command, |tx, command| {
                Box::pin(async move { Ok(lift_stop(tx, command).await?) })
            })
            .await
    }

    async fn list_stops(
        &self,
        request: Request<wire::ListStopsRequest>,
    ) -> Result<Response<wire::ListStopsResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListEnding::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_stops(tx, query).await?) })
            })
            .await
    }

    async fn open_dispute(
        &self,
        request: Request<wire::OpenDisputeRequest>,
    ) -> Result<Response<wire::OpenDisputeResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(OpenDispute::try_from(body))?;
        self.host
            .answer_mutation(&who, "OpenDispute", &key, &command, |tx, command| {
                Box::pin(async move { Ok(open_dispute(tx, command).await?) })
            })
            .await
    }

    async fn resolve_dispute(
        &self,
        request: Request<wire::ResolveDisputeRequest>,
    ) -> Result<Response<wire::ResolveDisputeResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(ResolveDispute::try_from(body))?;
        self.host
            .answer_mutation(&who, "ResolveDispute", &key, &command, |tx, command| {
                Box::pin(async move { Ok(resolve_dispute(tx, command).await?) })
            })
            .await
    }

    async fn list_disputes(
        &self,
        request: Request<wire::ListDisputesRequest>,
    ) -> Result<Response<wire::ListDisputesResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListEnding::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_disputes(tx, query).await?) })
            })
            .await
    }

    async fn add_note(
        &self,
        request: Request<wire::AddNoteRequest>,
    ) -> Result<Response<wire::AddNoteResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(AddNote::try_from(body))?;
        self.host
            .answer_mutation(&who, "AddNote", &key, &command, |tx, command| {
                Box::pin(async move { Ok(add_note(tx, command).await?) })
            })
            .await
    }

    async fn list_notes(
        &self,
        request: Request<wire::ListNotesRequest>,
    ) -> Result<Response<wire::ListNotesResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListNotes::parse(&who, &request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_notes(tx, query).await?) })
            })
            .await
    }

    async fn add_point(
        &self,
        request: Request<wire::AddPointRequest>,
    ) -> Result<Response<wire::AddPointResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(AddPoint::try_from(body))?;
        self.host
            .answer_mutation(&who, "AddPoint", &key, &command, |tx, command| {
                Box::pin(async move { Ok(add_point(tx, command).await?) })
            })
            .await
    }

    async fn explain_account(
        &self,
        request: Request<wire::ExplainAccountRequest>,
    ) -> Result<Response<wire::ExplainAccountResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(account_id(&request.into_inner().account_id))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(explain_account(tx, *query).await?) })
            })
            .await
    }

    async fn count_decisions(
        &self,
        request: Request<wire::CountDecisionsRequest>,
    ) -> Result<Response<wire::CountDecisionsResponse>, Status> {
        let who = principal(&request)?;
        self.host
            .answer_query(&who, &(), |tx, ()| {
                Box::pin(async move { Ok(count_decisions(tx).await?) })
            })
            .await
    }
}
