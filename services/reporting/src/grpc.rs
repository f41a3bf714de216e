//! Queries in: parse, read as the caller may, answer.

use duly_platform::{Host, auth::principal};
use duly_proto::reporting::v1::{
    GetClientSummaryRequest, GetClientSummaryResponse, GetTimelineRequest, GetTimelineResponse,
    ListAccountsRequest, ListAccountsResponse, ListBatchLiquidationRequest,
    ListBatchLiquidationResponse,
    reporting_service_server::{ReportingService, ReportingServiceServer},
};
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    get_client_summary::{SummaryQuery, get_client_summary},
    get_timeline::{TimelineQuery, get_timeline},
    list_accounts::{AccountsQuery, list_accounts},
    list_batch_liquidation::{LiquidationQuery, list_batch_liquidation},
};

struct Reporting {
    host: Host,
}

/// The methods.
pub fn routes(host: Host) -> Routes {
    let bytes_max = host.message_bytes_max();
    Routes::new(
        ReportingServiceServer::new(Reporting { host }).max_decoding_message_size(bytes_max),
    )
}

#[tonic::async_trait]
impl ReportingService for Reporting {
    async fn get_timeline(
        &self,
        request: Request<GetTimelineRequest>,
    ) -> Result<Response<GetTimelineResponse>, Status> {
        let who = principal(&request)?;
        let query = TimelineQuery::parse(&request.into_inner())?;
        let answer = self.host.read(&who, &query, |tx, q| Box::pin(get_timeline(tx, q))).await?;
        Ok(Response::new(answer))
    }

    async fn list_accounts(
        &self,
        request: Request<ListAccountsRequest>,
    ) -> Result<Response<ListAccountsResponse>, Status> {
        let who = principal(&request)?;
        let query = AccountsQuery::parse(&request.into_inner())?;
        let answer = self.host.read(&who, &query, |tx, q| Box::pin(list_accounts(tx, q))).await?;
        Ok(Response::new(answer))
    }

    async fn get_client_summary(
        &self,
        request: Request<GetClientSummaryRequest>,
    ) -> Result<Response<GetClientSummaryResponse>, Status> {
        let who = principal(&request)?;
        let query = SummaryQuery::parse(&request.into_inner())?;
        let answer =
            self.host.read(&who, &query, |tx, q| Box::pin(get_client_summary(tx, q))).await?;
        Ok(Response::new(answer))
    }

    async fn list_batch_liquidation(
        &self,
        request: Request<ListBatchLiquidationRequest>,
    ) -> Result<Response<ListBatchLiquidationResponse>, Status> {
        let who = principal(&request)?;
        let query = LiquidationQuery::parse(&request.into_inner())?;
        let answer =
            self.host.read(&who, &query, |tx, q| Box::pin(list_batch_liquidation(tx, q))).await?;
        Ok(Response::new(answer))
    }
}
