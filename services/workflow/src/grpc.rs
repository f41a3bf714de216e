//! Requests in: parse, call, answer.

use duly_domain::AccountId;
use duly_platform::{BoxFuture, Host, Mutation, Page, Principal, Refusal, Tx, auth::principal};
use duly_proto::{
    convert,
    workflow::v1::{
        self as wire,
        workflow_service_server::{WorkflowService, WorkflowServiceServer},
    },
};
use prost::Message;
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    assign_strategy::{AssignStrategy, assign_strategy},
    close_task::{CloseTask, close_task},
    error::{Result as Done, WorkflowError},
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

/// A mutation's key and the hash of its body.
struct Key {
    id: String,
    hash: [u8; 32],
}

impl Api {
    fn key(&self, request_id: &str, body: &impl Message) -> Key {
        let hash = self.host.sealer().digest(&body.encode_to_vec());
        Key { id: request_id.to_owned(), hash }
    }

    async fn mutate<C, A>(
        &self,
        who: &Principal,
        method: &'static str,
        key: &Key,
        command: &C,
        work: impl for<'a> Fn(&'a mut Tx, &'a C) -> BoxFuture<'a, Result<A, Refusal>> + Sync,
    ) -> Result<Response<A>, Status>
    where
        C: Sync,
        A: Message + Default,
    {
        let mutation = Mutation { who, method, request_id: &key.id, hash: key.hash };
        Ok(Response::new(self.host.mutate(&mutation, command, work).await?))
    }

    async fn read<Q: Sync, A>(
        &self,
        who: &Principal,
        query: &Q,
        work: impl for<'a> Fn(&'a mut Tx, &'a Q) -> BoxFuture<'a, Result<A, Refusal>> + Sync,
    ) -> Result<Response<A>, Status> {
        Ok(Response::new(self.host.read(who, query, work).await?))
    }
}

/// A request's refusal before its work began.
fn parsed<C>(command: Done<C>) -> Result<C, Status> {
    Ok(command.map_err(Refusal::from)?)
}

#[tonic::async_trait]
impl WorkflowService for Api {
    async fn publish_strategy(
        &self,
        request: Request<wire::PublishStrategyRequest>,
    ) -> Result<Response<wire::PublishStrategyResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.key(&body.request_id, &body);
        let command = parsed(PublishStrategy::parse(&who, body))?;
        self.mutate(&who, "PublishStrategy", &key, &command, |tx, command| {
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
        self.read(&who, &query, |tx, query| {
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
        self.read(&who, &page, |tx, page| {
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
        let key = self.key(&body.request_id, &body);
        let command = parsed(AssignStrategy::try_from(body))?;
        self.mutate(&who, "AssignStrategy", &key, &command, |tx, command| {
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
        self.read(&who, &id, |tx, id| Box::pin(async move { Ok(explain_account(tx, *id).await?) }))
            .await
    }

    async fn list_cases(
        &self,
        request: Request<wire::ListCasesRequest>,
    ) -> Result<Response<wire::ListCasesResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListCases::try_from(request.into_inner()))?;
        self.read(&who, &query, |tx, query| {
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
        self.read(&who, &query, |tx, query| {
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
        let key = self.key(&body.request_id, &body);
        let command = parsed(CloseTask::try_from(body))?;
        self.mutate(&who, "CloseTask", &key, &command, |tx, command| {
            Box::pin(async move { Ok(close_task(tx, command).await?) })
        })
        .await
    }

    async fn count_treatments(
        &self,
        request: Request<wire::CountTreatmentsRequest>,
    ) -> Result<Response<wire::CountTreatmentsResponse>, Status> {
        let who = principal(&request)?;
        self.read(&who, &(), |tx, ()| Box::pin(async move { Ok(count_treatments(tx).await?) }))
            .await
    }
}
