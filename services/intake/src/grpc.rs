//! Requests in: parse, call, answer.

mod place;

use duly_platform::{Host, Mutation, Page, Refusal, auth::principal};
use duly_proto::intake::v1::{
    self as wire,
    intake_service_server::{IntakeService, IntakeServiceServer},
};
use futures::stream::BoxStream;
use prost::Message;
use tonic::{Request, Response, Status, Streaming, service::Routes};

use crate::{
    adjust_account::{AdjustAccount, adjust_account},
    answer_client_request::{AnswerClientRequest, answer_client_request},
    close_account::{CloseAccount, close_account},
    hold_account::{HoldAccount, hold_account},
    input,
    lift_hold::{LiftHold, lift_hold},
    list_accounts::{AccountKey, ListAccounts, get_account, list_accounts},
    list_batches::{ListAcknowledgements, get_batch, list_acknowledgements},
    list_client_requests::{ListClientRequests, list_client_requests},
    list_clients::{ClientKey, get_client, list_clients},
    put_client::{PutClient, put_client},
    recall_account::{RecallAccount, recall_account},
};

/// The methods on a host.
pub fn routes(host: Host) -> Routes {
    let bytes_max = host.message_bytes_max();
    let server = IntakeServiceServer::new(Api { host }).max_decoding_message_size(bytes_max);
    Routes::new(server)
}

struct Api {
    host: Host,
}

impl Api {
    fn hash(&self, body: &impl Message) -> [u8; 32] {
        self.host.sealer().digest(&body.encode_to_vec())
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl IntakeService for Api {
    async fn put_client(
        &self,
        request: Request<wire::PutClientRequest>,
    ) -> Answer<wire::PutClientResponse> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let hash = self.hash(&body);
        let command = PutClient::parse(&body)?;
        let mutation =
            Mutation { who: &who, method: "PutClient", request_id: &body.request_id, hash };
        let put = self.host.mutate(&mutation, &command, |tx, c| Box::pin(put_client(tx, c)));
        Ok(Response::new(put.await?))
    }

    async fn get_client(
        &self,
        request: Request<wire::GetClientRequest>,
    ) -> Answer<wire::GetClientResponse> {
        let who = principal(&request)?;
        let query = ClientKey::parse(&request.into_inner())?;
        let found = self.host.read(&who, &query, |tx, q| Box::pin(get_client(tx, q)));
        Ok(Response::new(found.await?))
    }

    async fn list_clients(
        &self,
        request: Request<wire::ListClientsRequest>,
    ) -> Answer<wire::ListClientsResponse> {
        let who = principal(&request)?;
        let query = Page::of(request.into_inner().page.as_ref()).map_err(Refusal::from)?;
        let found = self.host.read(&who, &query, |tx, q| Box::pin(list_clients(tx, q)));
        Ok(Response::new(found.await?))
    }

    type PlaceStream = BoxStream<'static, Result<wire::PlaceResponse, Status>>;

    async fn place(
        &self,
        request: Request<Streaming<wire::PlaceRequest>>,
    ) -> Answer<Self::PlaceStream> {
        let who = principal(&request)?;
        Ok(Response::new(place::place(self.host.clone(), who, request.into_inner())))
    }

    async fn get_batch(
        &self,
        request: Request<wire::GetBatchRequest>,
    ) -> Answer<wire::GetBatchResponse> {
        let who = principal(&request)?;
        let query = input::id("batch_id", &request.into_inner().batch_id)?;
        let found = self.host.read(&who, &query, |tx, q| Box::pin(get_batch(tx, q)));
        Ok(Response::new(found.await?))
    }

    async fn list_acknowledgements(
        &self,
        request: Request<wire::ListAcknowledgementsRequest>,
    ) -> Answer<wire::ListAcknowledgementsResponse> {
        let who = principal(&request)?;
        let query = ListAcknowledgements::parse(&request.into_inner())?;
        let found = self.host.read(&who, &query, |tx, q| Box::pin(list_acknowledgements(tx, q)));
        Ok(Response::new(found.await?))
    }

    async fn get_account(
        &self,
        request: Request<wire::GetAccountRequest>,
    ) -> Answer<wire::GetAccountResponse> {
        let who = principal(&request)?;
        let query = AccountKey::parse(&request.into_inner())?;
        let found = self.host.read(&who, &query, |tx, q| Box::pin(get_account(tx, q)));
        Ok(Response::new(found.await?))
    }

    async fn list_accounts(
        &self,
        request: Request<wire::ListAccountsRequest>,
    ) -> Answer<wire::ListAccountsResponse> {
        let who = principal(&request)?;
        let query = ListAccounts::parse(&request.into_inner())?;
        let found = self.host.read(&who, &query, |tx, q| Box::pin(list_accounts(tx, q)));
        Ok(Response::new(found.await?))
    }

    async fn adjust_account(
        &self,
        request: Request<wire::AdjustAccountRequest>,
    ) -> Answer<wire::AdjustAccountResponse> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let hash = self.hash(&body);
        let command = AdjustAccount::parse(who.clone(), &body)?;
        let mutation =
            Mutation { who: &who, method: "AdjustAccount", request_id: &body.request_id, hash };
        let done = self.host.mutate(&mutation, &command, |tx, c| Box::pin(adjust_account(tx, c)));
        Ok(Response::new(done.await?))
    }

    async fn recall_account(
        &self,
        request: Request<wire::RecallAccountRequest>,
    ) -> Answer<wire::RecallAccountResponse> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let hash = self.hash(&body);
        let command = RecallAccount::parse(who.clone(), &body)?;
        let mutation =
            Mutation { who: &who, method: "RecallAccount", request_id: &body.request_id, hash };
        let done = self.host.mutate(&mutation, &command, |tx, c| Box::pin(recall_account(tx, c)));
        Ok(Response::new(done.await?))
    }

    async fn close_account(
        &self,
        request: Request<wire::CloseAccountRequest>,
    ) -> Answer<wire::CloseAccountResponse> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let hash = self.hash(&body);
        let command = CloseAccount::parse(&body)?;
        let mutation =
            Mutation { who: &who, method: "CloseAccount", request_id: &body.request_id, hash };
        let done = self.host.mutate(&mutation, &command, |tx, c| Box::pin(close_account(tx, c)));
        Ok(Response::new(done.await?))
    }
    async fn hold_account(
        &self,
        request: Request<wire::HoldAccountRequest>,
    ) -> Answer<wire::HoldAccountResponse> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let hash = self.hash(&body);
        let command = HoldAccount::parse(who.clone(), &body)?;
        let mutation =
            Mutation { who: &who, method: "HoldAccount", request_id: &body.request_id, hash };
        let done = self.host.mutate(&mutation, &command, |tx, c| Box::pin(hold_account(tx, c)));
        Ok(Response::new(done.await?))
    }

    async fn lift_hold(
        &self,
        request: Request<wire::LiftHoldRequest>,
    ) -> Answer<wire::LiftHoldResponse> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let hash = self.hash(&body);
        let command = LiftHold::parse(who.clone(), &body)?;
        let mutation =
            Mutation { who: &who, method: "LiftHold", request_id: &body.request_id, hash };
        let done = self.host.mutate(&mutation, &command, |tx, c| Box::pin(lift_hold(tx, c)));
        Ok(Response::new(done.await?))
    }

    async fn answer_client_request(
        &self,
        request: Request<wire::AnswerClientRequestRequest>,
    ) -> Answer<wire::AnswerClientRequestResponse> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let hash = self.hash(&body);
        let command = AnswerClientRequest::parse(who.clone(), &body)?;
        let mutation = Mutation {
            who: &who,
            method: "AnswerClientRequest",
            request_id: &body.request_id,
            hash,
        };
        let done =
            self.host.mutate(&mutation, &command, |tx, c| Box::pin(answer_client_request(tx, c)));
        Ok(Response::new(done.await?))
    }

    async fn list_client_requests(
        &self,
        request: Request<wire::ListClientRequestsRequest>,
    ) -> Answer<wire::ListClientRequestsResponse> {
        let who = principal(&request)?;
        let query = ListClientRequests::parse(&request.into_inner())?;
        let found = self.host.read(&who, &query, |tx, q| Box::pin(list_client_requests(tx, q)));
        Ok(Response::new(found.await?))
    }
}
