//! Requests in: parse, call, answer.

use duly_platform::{Host, auth::principal, parsed};
use duly_proto::payments::v1::{
    self as wire,
    payments_service_server::{PaymentsService, PaymentsServiceServer},
};
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    apply_payment::{ApplyPayment, apply_payment},
    cancel_promise::{CancelPromise, cancel_promise},
    close_period::{ClosePeriod, close_period},
    explain_commission::explain_commission,
    get_balance::get_balance,
    look_up::{
        GetStatement, ListPayments, ListPromises, ListRemittances, account_id, get_payment,
        get_statement, list_payments, list_promises, list_remittances,
    },
    make_promise::{MakePromise, make_promise},
    post_payment::{PostPayment, payment_id, post_payment},
    prove_trust::prove_trust,
    report_direct_payment::{ReportDirectPayment, report_direct_payment},
    reverse_payment::{ReversePayment, reverse_payment},
};

/// The methods of the service.
pub(crate) fn routes(host: Host) -> Routes {
    let bytes_max = host.message_bytes_max();
    Routes::new(PaymentsServiceServer::new(Api { host }).max_decoding_message_size(bytes_max))
}

struct Api {
    host: Host,
}

#[tonic::async_trait]
impl PaymentsService for Api {
    async fn post_payment(
        &self,
        request: Request<wire::PostPaymentRequest>,
    ) -> Result<Response<wire::PostPaymentResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(PostPayment::try_from(body))?;
        self.host
            .answer_mutation(&who, "PostPayment", &key, &command, |tx, command| {
                Box::pin(async move { Ok(post_payment(tx, command).await?) })
            })
            .await
    }

    async fn report_direct_payment(
        &self,
        request: Request<wire::ReportDirectPaymentRequest>,
    ) -> Result<Response<wire::ReportDirectPaymentResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(ReportDirectPayment::parse(&who, &body))?;
        self.host
            .answer_mutation(&who, "ReportDirectPayment", &key, &command, |tx, command| {
                Box::pin(async move { Ok(report_direct_payment(tx, command).await?) })
            })
            .await
    }

    async fn reverse_payment(
        &self,
        request: Request<wire::ReversePaymentRequest>,
    ) -> Result<Response<wire::ReversePaymentResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(ReversePayment::try_from(body))?;
        self.host
            .answer_mutation(&who, "ReversePayment", &key, &command, |tx, command| {
                Box::pin(async move { Ok(reverse_payment(tx, command).await?) })
            })
            .await
    }

    async fn apply_payment(
        &self,
        request: Request<wire::ApplyPaymentRequest>,
    ) -> Result<Response<wire::ApplyPaymentResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(ApplyPayment::try_from(body))?;
        self.host
            .answer_mutation(&who, "ApplyPayment", &key, &command, |tx, command| {
                Box::pin(async move { Ok(apply_payment(tx, command).await?) })
            })
            .await
    }

    async fn get_payment(
        &self,
        request: Request<wire::GetPaymentRequest>,
    ) -> Result<Response<wire::GetPaymentResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(payment_id(&request.into_inner().payment_id))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(get_payment(tx, *query).await?) })
            })
            .await
    }

    async fn list_payments(
        &self,
        request: Request<wire::ListPaymentsRequest>,
    ) -> Result<Response<wire::ListPaymentsResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListPayments::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_payments(tx, query).await?) })
            })
            .await
    }

    async fn get_balance(
        &self,
        request: Request<wire::GetBalanceRequest>,
    ) -> Result<Response<wire::GetBalanceResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(account_id(&request.into_inner().account_id))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(get_balance(tx, *query).await?) })
            })
            .await
    }

    async fn make_promise(
        &self,
        request: Request<wire::MakePromiseRequest>,
    ) -> Result<Response<wire::MakePromiseResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(MakePromise::try_from(body))?;
        self.host
            .answer_mutation(&who, "MakePromise", &key, &command, |tx, command| {
                Box::pin(async move { Ok(make_promise(tx, command).await?) })
            })
            .await
    }

    async fn cancel_promise(
        &self,
        request: Request<wire::CancelPromiseRequest>,
    ) -> Result<Response<wire::CancelPromiseResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(CancelPromise::try_from(body))?;
        self.host
            .answer_mutation(&who, "CancelPromise", &key, &command, |tx, command| {
                Box::pin(async move { Ok(cancel_promise(tx, command).await?) })
            })
            .await
    }

    async fn list_promises(
        &self,
        request: Request<wire::ListPromisesRequest>,
    ) -> Result<Response<wire::ListPromisesResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListPromises::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_promises(tx, query).await?) })
            })
            .await
    }

    async fn explain_commission(
        &self,
        request: Request<wire::ExplainCommissionRequest>,
    ) -> Result<Response<wire::ExplainCommissionResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(account_id(&request.into_inner().account_id))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(explain_commission(tx, *query).await?) })
            })
            .await
    }

    async fn close_period(
        &self,
        request: Request<wire::ClosePeriodRequest>,
    ) -> Result<Response<wire::ClosePeriodResponse>, Status> {
        let who = principal(&request)?;
        let body = request.into_inner();
        let key = self.host.key(&body.request_id, &body);
        let command = parsed(ClosePeriod::try_from(body))?;
        self.host
            .answer_mutation(&who, "ClosePeriod", &key, &command, |tx, command| {
                Box::pin(async move { Ok(close_period(tx, command).await?) })
            })
            .await
    }

    async fn list_remittances(
        &self,
        request: Request<wire::ListRemittancesRequest>,
    ) -> Result<Response<wire::ListRemittancesResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(ListRemittances::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(list_remittances(tx, query).await?) })
            })
            .await
    }

    async fn get_statement(
        &self,
        request: Request<wire::GetStatementRequest>,
    ) -> Result<Response<wire::GetStatementResponse>, Status> {
        let who = principal(&request)?;
        let query = parsed(GetStatement::try_from(request.into_inner()))?;
        self.host
            .answer_query(&who, &query, |tx, query| {
                Box::pin(async move { Ok(get_statement(tx, query).await?) })
            })
            .await
    }

    async fn prove_trust(
        &self,
        request: Request<wire::ProveTrustRequest>,
    ) -> Result<Response<wire::ProveTrustResponse>, Status> {
        let who = principal(&request)?;
        self.host
            .answer_query(&who, &(), |tx, ()| Box::pin(async move { Ok(prove_trust(tx).await?) }))
            .await
    }
}
