//! Every method, called with another client's ids.

use anyhow::Context as _;
use duly_proto::{
    contact::v1 as contact,
    intake::v1::{self as intake, get_account_request, get_client_request},
    letters::v1 as letters,
    payments::v1 as payments,
    reporting::v1 as reporting,
    workflow::v1 as workflow,
};
use duly_testkit::{Clients, adjust, request_id, usd};
use tonic::Status;

use crate::walk::whole;

/// Everything of one client that another could name.
pub struct Foreign {
    pub client_id: String,
    pub account_id: String,
    party_id: String,
    batch_id: String,
    payment_id: String,
    remittance_id: String,
    promise_id: String,
    hold_id: String,
    client_request_id: String,
    task_id: String,
    attempt_id: String,
    stop_id: String,
    dispute_id: String,
    letter_id: String,
    mail_batch_id: String,
}

impl Foreign {
    /// What there is of this client, as the agency's manager sees it.
    pub async fn of(api: &mut Clients, client_ref: &str, hold_id: &str) -> anyhow::Result<Self> {
        let key = get_client_request::Key::ClientRef(client_ref.into());
        let client = api.intake.get_client(intake::GetClientRequest { key: Some(key) }).await?;
        let client_id = client.into_inner().client.context("a client")?.client_id;
        let request =
            intake::ListAccountsRequest { client_id: client_id.clone(), ..Default::default() };
        let accounts = api.intake.list_accounts(request).await?.into_inner().accounts;
        let account = accounts.first().context("an account")?;
        let key = Some(get_account_request::Key::AccountId(account.account_id.clone()));
        let found = api.intake.get_account(intake::GetAccountRequest { key }).await?.into_inner();
        let parties = found.account.context("an account")?.liable_parties;
        let request =
            payments::ListPaymentsRequest { client_id: client_id.clone(), ..Default::default() };
        let paid = api.payments.list_payments(request).await?.into_inner().payments;
        let request =
            payments::ListRemittancesRequest { client_id: client_id.clone(), ..Default::default() };
        let remitted = api.payments.list_remittances(request).await?.into_inner().remittances;
        let request = payments::ListPromisesRequest { page: whole(), ..Default::default() };
        let promised = api.payments.list_promises(request).await?.into_inner().promises;
        let request =
            intake::ListClientRequestsRequest { with_answered: true, ..Default::default() };
        let asked = api.intake.list_client_requests(request).await?.into_inner().client_requests;
        let request = workflow::ListTasksRequest { with_closed: true, ..Default::default() };
        let tasks = api.workflow.list_tasks(request).await?.into_inner().tasks;
        let request = contact::ListAttemptsRequest { page: whole(), ..Default::default() };
        let attempts = api.contact.list_attempts(request).await?.into_inner().attempts;
        let (mut stops, mut disputes) = (Vec::new(), Vec::new());
        for account in &accounts {
            let request = contact::ListStopsRequest {
                account_id: account.account_id.clone(),
                with_lifted: true,
                ..Default::default()
            };
            stops.extend(api.contact.list_stops(request).await?.into_inner().stops);
            let request = contact::ListDisputesRequest {
                account_id: account.account_id.clone(),
                with_resolved: true,
                ..Default::default()
            };
            disputes.extend(api.contact.list_disputes(request).await?.into_inner().disputes);
        }
        let request = letters::ListLettersRequest { page: whole(), ..Default::default() };
        let sent = api.letters.list_letters(request).await?.into_inner().letters;
        let mailed = sent.iter().find(|one| !one.batch_id.is_empty()).context("a mailed letter")?;
        Ok(Self {
            client_id,
            account_id: account.account_id.clone(),
            party_id: parties.first().context("a party")?.party_id.clone(),
            batch_id: account.batch_id.clone(),
            payment_id: paid.first().context("a payment")?.payment_id.clone(),
            remittance_id: remitted.first().context("a remittance")?.remittance_id.clone(),
            promise_id: promised.first().context("a promise")?.promise_id.clone(),
            hold_id: hold_id.to_owned(),
            client_request_id: asked.first().context("a question")?.client_request_id.clone(),
            task_id: tasks.first().context("a task")?.task_id.clone(),
            attempt_id: attempts.first().context("an attempt")?.attempt_id.clone(),
            stop_id: stops.first().context("a stop")?.stop_id.clone(),
            dispute_id: disputes.first().context("a dispute")?.dispute_id.clone(),
            letter_id: mailed.letter_id.clone(),
            mail_batch_id: mailed.batch_id.clone(),
        })
    }
}

/// What a method answered: its rows' count, or its refusal.
pub type Answer = Result<usize, Status>;

macro_rules! call {
    ($answers:ident, $api:ident . $service:ident . $method:ident, $name:literal, $request:expr, $rows:expr) => {
        let answer = $api.$service.$method($request).await.map(|a| $rows(a.into_inner()));
        $answers.push(($name, answer));
    };
}

mod work;

/// Calls every method with another client's ids.
pub async fn call_all(api: &mut Clients, foreign: &Foreign) -> Vec<(&'static str, Answer)> {
    let mut answers = call_intake(api, foreign).await;
    answers.extend(call_payments(api, foreign).await);
    answers.extend(call_reporting(api, foreign).await);
    answers.extend(work::call_workflow(api, foreign).await);
    answers.extend(work::call_skiptrace(api, foreign).await);
    answers.extend(work::call_contact(api, foreign).await);
    answers.extend(work::call_letters(api, foreign).await);
    answers
}

async fn call_intake(api: &mut Clients, foreign: &Foreign) -> Vec<(&'static str, Answer)> {
    let (client, account) = (foreign.client_id.clone(), foreign.account_id.clone());
    let mut answers: Vec<(&'static str, Answer)> = Vec::new();
    let key = Some(get_client_request::Key::ClientId(client.clone()));
    call!(
        answers,
        api.intake.get_client,
        "intake/GetClient",
        intake::GetClientRequest { key },
        |_| 1
    );
    call!(
        answers,
        api.intake.list_clients,
        "intake/ListClients",
        intake::ListClientsRequest::default(),
        |a: intake::ListClientsResponse| a.clients.iter().filter(|c| c.client_id == client).count()
    );
    call!(
        answers,
        api.intake.get_batch,
        "intake/GetBatch",
        intake::GetBatchRequest { batch_id: foreign.batch_id.clone() },
        |_| 1
    );
    call!(
        answers,
        api.intake.list_acknowledgements,
        "intake/ListAcknowledgements",
        intake::ListAcknowledgementsRequest {
            batch_id: foreign.batch_id.clone(),
            ..Default::default()
        },
        |a: intake::ListAcknowledgementsResponse| a.acknowledgements.len()
    );
    let key = Some(get_account_request::Key::AccountId(account.clone()));
    call!(
        answers,
        api.intake.get_account,
        "intake/GetAccount",
        intake::GetAccountRequest { key },
        |_| 1
    );
    call!(
        answers,
        api.intake.list_accounts,
        "intake/ListAccounts",
        intake::ListAccountsRequest { client_id: client.clone(), ..Default::default() },
        |a: intake::ListAccountsResponse| a.accounts.len()
    );
    call!(
        answers,
        api.intake.adjust_account,
        "intake/AdjustAccount",
        adjust(&account, "-1.00"),
        |_| 1
    );
    call!(
        answers,
        api.intake.recall_account,
        "intake/RecallAccount",
        intake::RecallAccountRequest {
            request_id: request_id(),
            account_id: account.clone(),
            reason: "not mine".into(),
        },
        |_| 1
    );
    call!(
        answers,
        api.intake.close_account,
        "intake/CloseAccount",
        intake::CloseAccountRequest {
            request_id: request_id(),
            account_id: account.clone(),
            close_code: "UNC".into(),
            reason: String::new(),
        },
        |_| 1
    );
    call!(
        answers,
        api.intake.put_client,
        "intake/PutClient",
        duly_testkit::client("MINE").build(),
        |_| 1
    );
    let open = intake::PlaceOpen {
        client_ref: "WALK".into(),
        batch_key: "stolen".into(),
        ..Default::default()
    };
    let message = Some(intake::place_request::Message::Open(open));
    let requests = futures::stream::iter([intake::PlaceRequest { message }]);
    let placed = match api.intake.place(requests).await {
        Ok(answers) => answers.into_inner().message().await.map(|a| a.map_or(0, |_| 1)),
        Err(refusal) => Err(refusal),
    };
    answers.push(("intake/Place", placed));
    call!(
        answers,
        api.intake.hold_account,
        "intake/HoldAccount",
        intake::HoldAccountRequest {
            request_id: request_id(),
            account_id: account.clone(),
            reason: "not mine".into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.intake.lift_hold,
        "intake/LiftHold",
        intake::LiftHoldRequest {
            request_id: request_id(),
            hold_id: foreign.hold_id.clone(),
            reason: "not mine".into(),
        },
        |_| 1
    );
    call!(
        answers,
        api.intake.list_client_requests,
        "intake/ListClientRequests",
        intake::ListClientRequestsRequest {
            client_id: client.clone(),
            with_answered: true,
            ..Default::default()
        },
        |a: intake::ListClientRequestsResponse| a.client_requests.len()
    );
    let mut answer = intake::AnswerClientRequestRequest {
        request_id: request_id(),
        client_request_id: foreign.client_request_id.clone(),
        ..Default::default()
    };
    answer.set_answer(intake::ClientAnswer::Stands);
    call!(answers, api.intake.answer_client_request, "intake/AnswerClientRequest", answer, |_| 1);
    answers
}

async fn call_payments(api: &mut Clients, foreign: &Foreign) -> Vec<(&'static str, Answer)> {
    let (client, account) = (foreign.client_id.clone(), foreign.account_id.clone());
    let mut answers: Vec<(&'static str, Answer)> = Vec::new();
    call!(
        answers,
        api.payments.get_payment,
        "payments/GetPayment",
        payments::GetPaymentRequest { payment_id: foreign.payment_id.clone() },
        |_| 1
    );
    call!(
        answers,
        api.payments.list_payments,
        "payments/ListPayments",
        payments::ListPaymentsRequest { client_id: client.clone(), ..Default::default() },
        |a: payments::ListPaymentsResponse| a.payments.len()
    );
    call!(
        answers,
        api.payments.get_balance,
        "payments/GetBalance",
        payments::GetBalanceRequest { account_id: account.clone() },
        |_| 1
    );
    call!(
        answers,
        api.payments.explain_commission,
        "payments/ExplainCommission",
        payments::ExplainCommissionRequest { account_id: account.clone() },
        |_| 1
    );
    call!(
        answers,
        api.payments.list_remittances,
        "payments/ListRemittances",
        payments::ListRemittancesRequest { client_id: client.clone(), ..Default::default() },
        |a: payments::ListRemittancesResponse| a.remittances.len()
    );
    let mut statement = payments::GetStatementRequest {
        remittance_id: foreign.remittance_id.clone(),
        ..Default::default()
    };
    statement.set_format(payments::StatementFormat::Csv);
    call!(answers, api.payments.get_statement, "payments/GetStatement", statement, |_| 1);
    call!(
        answers,
        api.payments.post_payment,
        "payments/PostPayment",
        duly_testkit::post(&account).build(),
        |_| 1
    );
    call!(
        answers,
        api.payments.report_direct_payment,
        "payments/ReportDirectPayment",
        payments::ReportDirectPaymentRequest {
            request_id: request_id(),
            account_id: account.clone(),
            amount: Some(usd("1.00")),
            payment_on: Some(duly_testkit::day("2026-01-06")),
            received_reference: "D-X".into(),
            ..Default::default()
        },
        |_| 1
    );
    let mut reverse = payments::ReversePaymentRequest {
        request_id: request_id(),
        payment_id: foreign.payment_id.clone(),
        ..Default::default()
    };
    reverse.set_reason(payments::ReversalReason::Nsf);
    call!(answers, api.payments.reverse_payment, "payments/ReversePayment", reverse, |_| 1);
    call!(
        answers,
        api.payments.apply_payment,
        "payments/ApplyPayment",
        payments::ApplyPaymentRequest {
            request_id: request_id(),
            payment_id: foreign.payment_id.clone(),
            account_id: account.clone(),
        },
        |_| 1
    );
    call!(
        answers,
        api.payments.close_period,
        "payments/ClosePeriod",
        payments::ClosePeriodRequest {
            request_id: request_id(),
            client_id: client.clone(),
            period_to: Some(duly_testkit::day("2026-02-28")),
        },
        |_| 1
    );
    call!(
        answers,
        api.payments.prove_trust,
        "payments/ProveTrust",
        payments::ProveTrustRequest {},
        |_| 1
    );
    call!(
        answers,
        api.payments.make_promise,
        "payments/MakePromise",
        payments::MakePromiseRequest {
            request_id: request_id(),
            account_id: account.clone(),
            amount: Some(usd("1.00")),
            due_on: Some(duly_testkit::day("2026-03-06")),
            method: payments::PaymentMethod::Wire.into(),
            ..Default::default()
        },
        |_| 1
    );
    call!(
        answers,
        api.payments.cancel_promise,
        "payments/CancelPromise",
        payments::CancelPromiseRequest {
            request_id: request_id(),
            promise_id: foreign.promise_id.clone(),
            reason: "not mine".into(),
        },
        |_| 1
    );
    call!(
        answers,
        api.payments.list_promises,
        "payments/ListPromises",
        payments::ListPromisesRequest { account_id: account.clone(), ..Default::default() },
        |a: payments::ListPromisesResponse| a.promises.len()
    );
    answers
}

async fn call_reporting(api: &mut Clients, foreign: &Foreign) -> Vec<(&'static str, Answer)> {
    let (client, account) = (foreign.client_id.clone(), foreign.account_id.clone());
    let mut answers: Vec<(&'static str, Answer)> = Vec::new();
    call!(
        answers,
        api.reporting.list_accounts,
        "reporting/ListAccounts",
        reporting::ListAccountsRequest { client_id: client.clone(), ..Default::default() },
        |a: reporting::ListAccountsResponse| a.accounts.len()
    );
    call!(
        answers,
        api.reporting.get_timeline,
        "reporting/GetTimeline",
        reporting::GetTimelineRequest { account_id: account.clone(), ..Default::default() },
        |a: reporting::GetTimelineResponse| a.entries.len()
    );
    call!(
        answers,
        api.reporting.get_client_summary,
        "reporting/GetClientSummary",
        reporting::GetClientSummaryRequest { client_id: client.clone() },
        |a: reporting::GetClientSummaryResponse| a.summaries.len()
    );
    call!(
        answers,
        api.reporting.list_batch_liquidation,
        "reporting/ListBatchLiquidation",
        reporting::ListBatchLiquidationRequest { client_id: client, ..Default::default() },
        |a: reporting::ListBatchLiquidationResponse| a.batches.len()
    );
    answers
}
