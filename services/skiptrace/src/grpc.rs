//! Requests in: parse, call, answer.

use duly_platform::{Host, auth::principal, parsed};
use duly_proto::skiptrace::v1::{
    self as wire,
    skiptrace_service_server::{SkiptraceService, SkiptraceServiceServer},
};
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    import_results::{ImportResults, import_results},
    look_up::{ListFindings, ListSearches, get_spend, list_findings, list_searches},
    request_search::{RequestSearch, request_search},
};

/// The methods of the service.
pub(crate) fn routes(host: Host) -> Routes {
    let bytes_max = host.message_bytes_max();
    Routes::new(SkiptraceServiceServer::new(Api { host }).max_decoding_message_size(bytes_max))
}

struct Api {
    host: Host,
}

#[tonic::async_trait]
impl SkiptraceService for Api {
    async fn request_search(
        &self,
        request: Request<wire::RequestSearchRequest>,
    ) -> Result<Response<wire::RequestSearchResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(RequestSearch::try_from(body))?;
        self.host
            .answer_mutation(&who, "RequestSearch", &key, &command, |tx, command| {
                Box::pin(async move { Ok(request_search(tx, command).await?) })
            })
            .await
    }

    async fn list_searches(
        &self,
        request: Request<wire::ListSearchesRequest>,
    ) -> Result<Response<wire::ListSearchesResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListSearches::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_searches(tx, query).await?) })
            })
            .await
    }

    async fn import_results(
        &self,
        request: Request<wire::ImportResultsRequest>,
    ) -> Result<Response<wire::ImportResultsResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(ImportResults::try_from(body))?;
        self.host
            .answer_mutation(&who, "ImportResults", &key, &command, |tx, command| {
                Box::pin(async move { Ok(import_results(tx, command).await?) })
            })
            .await
    }

    async fn list_findings(
        &self,
        request: Request<wire::ListFindingsRequest>,
    ) -> Result<Response<wire::ListFindingsResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListFindings::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_findings(tx, query).await?) })
            })
            .await
    }

    async fn get_spend(
        &self,
        request: Request<wire::GetSpendRequest>,
    ) -> Result<Response<wire::GetSpendResponse>, Status> {
        let who = principal(&request)?;
        let work =
            self.host.read(&who, &(), |tx, ()| Box::pin(async move { Ok(get_spend(tx).await?) }));
        Ok(Response::new(work.await?))
    }
}
