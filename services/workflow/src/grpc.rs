//! Requests in: parse, call, answer.

use duly_domain::AccountId;
use duly_platform::{Host, Page, auth::principal, parsed};
use duly_proto::{
    convert,
    workflow::v1::{
        self as wire,
        workflow_service_server::{WorkflowService, WorkflowServiceServer},
    },
};
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    assign_strategy::{AssignStrategy, assign_strategy},
    close_task::{CloseTask, close_task},
    error::WorkflowError,
    explain_account::explain_account,
    look_up::{
        ListCases, ListTasks, count_treatments, get_strategy, list_cases, list_strategies,
        list_tasks,
    },
    publish_strategy::{PublishStrategy, publish_strategy},
};

/// The methods of the service.
pub(crate) fn routes(host: Host) -> Routes {
    let bytes_max = host.message_bytes_max();
    Routes::new(WorkflowServiceServer::new(Api { host }).max_decoding_message_size(bytes_max))
}

struct Api {
    host: Host,
}

#[tonic::async_trait]
impl WorkflowService for Api {
    async fn publish_strategy(
        &self,
        request: Request<wire::PublishStrategyRequest>,
    ) -> Result<Response<wire::PublishStrategyResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(PublishStrategy::parse(&who, body))?;
        self.host
            .answer_mutation(&who, "PublishStrategy", &key, &command, |tx, command| {
                Box::pin(async move { Ok(publish_strategy(tx, command).await?) })
            })
            .await
    }

    async fn get_strategy(
        &self,
        request: Request<wire::GetStrategyRequest>,
    ) -> Result<Response<wire::GetStrategyResponse>, Status> {
        let who = principal(&request)?;
        let query = request.into_inner();
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(get_strategy(tx, query).await?) })
            })
            .await
    }

    async fn list_strategies(
        &self,
        request: Request<wire::ListStrategiesRequest>,
    ) -> Result<Response<wire::ListStrategiesResponse>, Status> {
        let who = principal(&request)?;
        let page = Page::of(request.into_inner().page.as_ref()).map_err(WorkflowError::from);
        let page = parsed(page)?;
        self.host
            .answer_query(&who, &page, |tx, page| {
                Box::pin(async move { Ok(list_strategies(tx, page).await?) })
            })
            .await
    }

    async fn assign_strategy(
        &self,
        request: Request<wire::AssignStrategyRequest>,
    ) -> Result<Response<wire::AssignStrategyResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(AssignStrategy::try_from(body))?;
        self.host
            .answer_mutation(&who, "AssignStrategy", &key, &command, |tx, command| {
                Box::pin(async move { Ok(assign_strategy(tx, command).await?) })
            })
            .await
    }

    async fn explain_account(
        &self,
        request: Request<wire::ExplainAccountRequest>,
    ) -> Result<Response<wire::ExplainAccountResponse>, Status> {
        let who = principal(&request)?;
        let id = convert::id("account_id", &request.into_inner().account_id);
        let id: AccountId = parsed(id.map_err(WorkflowError::from))?;
        self.host
            .answer_query(&who, &id, |tx, id| {
                Box::pin(async move { Ok(explain_account(tx, *id).await?) })
            })
            .await
    }

    async fn list_cases(
        &self,
        request: Request<wire::ListCasesRequest>,
    ) -> Result<Response<wire::ListCasesResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListCases::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_cases(tx, query).await?) })
            })
            .await
    }

    async fn list_tasks(
        &self,
        request: Request<wire::ListTasksRequest>,
    ) -> Result<Response<wire::ListTasksResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListTasks::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_tasks(tx, query).await?) })
            })
            .await
    }

    async fn close_task(
        &self,
        request: Request<wire::CloseTaskRequest>,
    ) -> Result<Response<wire::CloseTaskResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(CloseTask::try_from(body))?;
        self.host
            .answer_mutation(&who, "CloseTask", &key, &command, |tx, command| {
                Box::pin(async move { Ok(close_task(tx, command).await?) })
            })
            .await
    }

    async fn count_treatments(
        &self,
        request: Request<wire::CountTreatmentsRequest>,
    ) -> Result<Response<wire::CountTreatmentsResponse>, Status> {
        let who = principal(&request)?;
        self.host
            .answer_query(&who, &(), |tx, ()| {
                Box::pin(async move { Ok(count_treatments(tx).await?) })
            })
            .await
    }
}
