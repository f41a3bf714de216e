//! A client principal sees no row of another client's tree, by any method or table.

use std::collections::BTreeSet;

use anyhow::Context as _;
use duly_domain::ClientId;
use duly_platform::{Role, error::reason_of};
use duly_proto::{
    intake::v1::{self as intake, get_account_request, get_client_request},
    payments::v1 as payments,
    reporting::v1 as reporting,
};
use duly_testkit::{Clients, Set, adjust, request_id, usd};
use prost::Message as _;
use prost_types::FileDescriptorSet;
use sqlx::{AssertSqlSafe, Connection as _};
use tonic::{Code, Status};

use crate::{journey::services, road::Road};

/// Everything of one client that another could name.
struct Foreign {
    client_id: String,
    account_id: String,
    batch_id: String,
    payment_id: String,
    remittance_id: String,
}

impl Foreign {
    async fn of(api: &mut Clients, client_ref: &str) -> anyhow::Result<Self> {
        let key = get_client_request::Key::ClientRef(client_ref.into());
        let client = api.intake.get_client(intake::GetClientRequest { key: Some(key) }).await?;
        let client_id = client.into_inner().client.context("a client")?.client_id;
        let request =
            intake::ListAccountsRequest { client_id: client_id.clone(), ..Default::default() };
        let accounts = api.intake.list_accounts(request).await?.into_inner().accounts;
        let account = accounts.first().context("an account")?;
        let request =
            payments::ListPaymentsRequest { client_id: client_id.clone(), ..Default::default() };
        let paid = api.payments.list_payments(request).await?.into_inner().payments;
        let request =
            payments::ListRemittancesRequest { client_id: client_id.clone(), ..Default::default() };
        let remitted = api.payments.list_remittances(request).await?.into_inner().remittances;
        Ok(Self {
            client_id,
            account_id: account.account_id.clone(),
            batch_id: account.batch_id.clone(),
            payment_id: paid.first().context("a payment")?.payment_id.clone(),
            remittance_id: remitted.first().context("a remittance")?.remittance_id.clone(),
        })
    }
}

/// What a method answered: its rows' count, or its refusal.
type Answer = Result<usize, Status>;

/// Calls every method with another client's ids.
async fn call_all(api: &mut Clients, foreign: &Foreign) -> Vec<(&'static str, Answer)> {
    let (client, account) = (foreign.client_id.clone(), foreign.account_id.clone());
    let mut answers: Vec<(&'static str, Answer)> = Vec::new();
    macro_rules! call {
        ($service:ident . $method:ident, $name:literal, $request:expr, $rows:expr) => {
            let answer = api.$service.$method($request).await.map(|a| $rows(a.into_inner()));
            answers.push(($name, answer));
        };
    }
    let key = Some(get_client_request::Key::ClientId(client.clone()));
    call!(intake.get_client, "intake/GetClient", intake::GetClientRequest { key }, |_| 1);
    call!(
        intake.list_clients,
        "intake/ListClients",
        intake::ListClientsRequest::default(),
        |a: intake::ListClientsResponse| a.clients.iter().filter(|c| c.client_id == client).count()
    );
    call!(
        intake.get_batch,
        "intake/GetBatch",
        intake::GetBatchRequest { batch_id: foreign.batch_id.clone() },
        |_| 1
    );
    call!(
        intake.list_acknowledgements,
        "intake/ListAcknowledgements",
        intake::ListAcknowledgementsRequest {
            batch_id: foreign.batch_id.clone(),
            ..Default::default()
        },
        |a: intake::ListAcknowledgementsResponse| a.acknowledgements.len()
    );
    let key = Some(get_account_request::Key::AccountId(account.clone()));
    call!(intake.get_account, "intake/GetAccount", intake::GetAccountRequest { key }, |_| 1);
    call!(
        intake.list_accounts,
        "intake/ListAccounts",
        intake::ListAccountsRequest { client_id: client.clone(), ..Default::default() },
        |a: intake::ListAccountsResponse| a.accounts.len()
    );
    call!(intake.adjust_account, "intake/AdjustAccount", adjust(&account, "-1.00"), |_| 1);
    call!(
        intake.recall_account,
        "intake/RecallAccount",
        intake::RecallAccountRequest {
            request_id: request_id(),
            account_id: account.clone(),
            reason: "not mine".into(),
        },
        |_| 1
    );
    call!(
        intake.close_account,
        "intake/CloseAccount",
        intake::CloseAccountRequest {
            request_id: request_id(),
            account_id: account.clone(),
            close_code: "UNC".into(),
            reason: String::new(),
        },
        |_| 1
    );
    call!(intake.put_client, "intake/PutClient", duly_testkit::client("MINE").build(), |_| 1);
    let open = intake::PlaceOpen {
        client_ref: "MILLS".into(),
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
        payments.get_payment,
        "payments/GetPayment",
        payments::GetPaymentRequest { payment_id: foreign.payment_id.clone() },
        |_| 1
    );
    call!(
        payments.list_payments,
        "payments/ListPayments",
        payments::ListPaymentsRequest { client_id: client.clone(), ..Default::default() },
        |a: payments::ListPaymentsResponse| a.payments.len()
    );
    call!(
        payments.get_balance,
        "payments/GetBalance",
        payments::GetBalanceRequest { account_id: account.clone() },
        |_| 1
    );
    call!(
        payments.explain_commission,
        "payments/ExplainCommission",
        payments::ExplainCommissionRequest { account_id: account.clone() },
        |_| 1
    );
    call!(
        payments.list_remittances,
        "payments/ListRemittances",
        payments::ListRemittancesRequest { client_id: client.clone(), ..Default::default() },
        |a: payments::ListRemittancesResponse| a.remittances.len()
    );
    let mut statement = payments::GetStatementRequest {
        remittance_id: foreign.remittance_id.clone(),
        ..Default::default()
    };
    statement.set_format(payments::StatementFormat::Csv);
    call!(payments.get_statement, "payments/GetStatement", statement, |_| 1);
    call!(
        payments.post_payment,
        "payments/PostPayment",
        duly_testkit::post(&account).build(),
        |_| 1
    );
    call!(
        payments.report_direct_payment,
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
    call!(payments.reverse_payment, "payments/ReversePayment", reverse, |_| 1);
    call!(
        payments.apply_payment,
        "payments/ApplyPayment",
        payments::ApplyPaymentRequest {
            request_id: request_id(),
            payment_id: foreign.payment_id.clone(),
            account_id: account.clone(),
        },
        |_| 1
    );
    call!(
        payments.close_period,
        "payments/ClosePeriod",
        payments::ClosePeriodRequest {
            request_id: request_id(),
            client_id: client.clone(),
            period_to: Some(duly_testkit::day("2026-02-28")),
        },
        |_| 1
    );
    call!(payments.prove_trust, "payments/ProveTrust", payments::ProveTrustRequest {}, |_| 1);
    call!(
        reporting.get_timeline,
        "reporting/GetTimeline",
        reporting::GetTimelineRequest { account_id: account, ..Default::default() },
        |a: reporting::GetTimelineResponse| a.entries.len()
    );
    call!(
        reporting.get_client_summary,
        "reporting/GetClientSummary",
        reporting::GetClientSummaryRequest { client_id: client.clone() },
        |a: reporting::GetClientSummaryResponse| a.summaries.len()
    );
    call!(
        reporting.list_batch_liquidation,
        "reporting/ListBatchLiquidation",
        reporting::ListBatchLiquidationRequest { client_id: client, ..Default::default() },
        |a: reporting::ListBatchLiquidationResponse| a.batches.len()
    );
    answers
}

/// Every method of the descriptors, as `intake/GetClient`.
fn methods() -> BTreeSet<String> {
    let set = FileDescriptorSet::decode(duly_proto::DESCRIPTORS).expect("our descriptors decode");
    let mut methods = BTreeSet::new();
    for file in &set.file {
        for service in &file.service {
            let short = service.name().trim_end_matches("Service").to_lowercase();
            methods.extend(service.method.iter().map(|m| format!("{short}/{}", m.name())));
        }
    }
    methods
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_and_touches_nothing_of_another_by_any_method() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let road = Road::new(&set, &run.endpoints(), run.driver())?;
    road.walk(async |_| Ok(())).await?;
    let before = run.digest().await?;
    let mut manager = run.clients(Role::Manager)?;
    let own = Foreign::of(&mut manager, "HARBOR").await?;
    let foreign = Foreign::of(&mut manager, "MILLS").await?;
    let tree: ClientId = own.client_id.parse()?;
    let mut client = run.clients_of_tree(&[tree])?;
    let answers = call_all(&mut client, &foreign).await;
    let called: BTreeSet<String> = answers.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(called, methods(), "every method is called here");
    for (method, answer) in answers {
        match answer {
            Ok(rows) => assert_eq!(rows, 0, "{method} shows rows of another client"),
            // A young id that is unknown is answered as not yet known, whosever it is.
            Err(refusal) => assert!(
                matches!(refusal.code(), Code::NotFound | Code::PermissionDenied)
                    || reason_of(&refusal).as_deref() == Some("not_yet"),
                "{method} answers {refusal:?}"
            ),
        }
    }
    run.settle().await?;
    let after = run.digest().await?;
    let difference = before.difference(&after);
    assert!(difference.is_empty(), "something was changed:\n{difference}");
    // The same calls with its own ids show that the silence above was not emptiness.
    let own_rows: usize =
        call_reads(&mut client, &own).await.into_iter().filter_map(Result::ok).sum();
    assert!(own_rows > 10, "a client sees its own rows, but saw {own_rows}");
    run.stop().await;
    set.drop().await
}

async fn call_reads(api: &mut Clients, own: &Foreign) -> Vec<Answer> {
    let request =
        intake::ListAccountsRequest { client_id: own.client_id.clone(), ..Default::default() };
    let accounts = api.intake.list_accounts(request).await.map(|a| a.into_inner().accounts.len());
    let request =
        payments::ListPaymentsRequest { client_id: own.client_id.clone(), ..Default::default() };
    let paid = api.payments.list_payments(request).await.map(|a| a.into_inner().payments.len());
    let request =
        reporting::GetTimelineRequest { account_id: own.account_id.clone(), ..Default::default() };
    let entries = api.reporting.get_timeline(request).await.map(|a| a.into_inner().entries.len());
    vec![accounts, paid, entries]
}

/// The last line of defence, below every method: the reader role with another's tree, table by table.
#[tokio::test(flavor = "multi_thread")]
async fn the_reader_role_sees_no_row_of_another_tree_in_any_table() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    Road::new(&set, &run.endpoints(), run.driver())?.walk(async |_| Ok(())).await?;
    let mut manager = run.clients(Role::Manager)?;
    let own: ClientId = Foreign::of(&mut manager, "HARBOR").await?.client_id.parse()?;
    run.stop().await;
    let mut conn = set.connect().await?;
    let (mut tables_with_rows, mut hidden) = (0, 0);
    for service in ["intake", "payments", "reporting"] {
        let schema = set.schema(service);
        let tables: Vec<(String, bool)> = sqlx::query_as(
            "SELECT t.table_name::text, bool_or(c.column_name = 'client_id')
             FROM information_schema.tables AS t JOIN information_schema.columns AS c
                  USING (table_schema, table_name)
             WHERE t.table_schema = $1 AND t.table_type = 'BASE TABLE' GROUP BY 1 ORDER BY 1",
        )
        .bind(&schema)
        .fetch_all(&mut conn)
        .await?;
        for (table, has_client) in tables {
            let mut tx = conn.begin().await?;
            let enter = format!(
                "SET LOCAL ROLE \"{schema}_reader\"; SET LOCAL duly.tree = '{{{}}}'",
                own.uuid()
            );
            sqlx::raw_sql(AssertSqlSafe(enter)).execute(&mut *tx).await?;
            let all = format!("SELECT count(*) FROM \"{schema}\".\"{table}\"");
            let seen = sqlx::query_scalar::<_, i64>(AssertSqlSafe(all)).fetch_one(&mut *tx).await;
            if !has_client {
                assert!(seen.is_err(), "{schema}.{table} has no client_id and is readable");
                hidden += 1;
                continue;
            }
            let foreign = format!(
                "SELECT count(*) FROM \"{schema}\".\"{table}\" WHERE client_id IS DISTINCT FROM '{}'",
                own.uuid()
            );
            let foreign: i64 =
                sqlx::query_scalar(AssertSqlSafe(foreign)).fetch_one(&mut *tx).await?;
            assert_eq!(foreign, 0, "{schema}.{table} shows rows of another client");
            tables_with_rows += i32::from(seen? > 0);
            tx.rollback().await?;
            // An unset tree is an error, not an empty answer.
            let mut tx = conn.begin().await?;
            let enter = format!("SET LOCAL ROLE \"{schema}_reader\"");
            sqlx::raw_sql(AssertSqlSafe(enter)).execute(&mut *tx).await?;
            let any = format!("SELECT count(*) FROM \"{schema}\".\"{table}\"");
            let unset = sqlx::query_scalar::<_, i64>(AssertSqlSafe(any)).fetch_one(&mut *tx).await;
            tx.rollback().await?;
            let rowless = is_empty(&mut conn, &schema, &table).await?;
            assert!(unset.is_err() || rowless, "{schema}.{table} answers without a tree");
        }
    }
    assert!(tables_with_rows > 10, "only {tables_with_rows} tables showed own rows");
    assert!(hidden > 10, "only {hidden} tables are hidden");
    conn.close().await?;
    set.drop().await
}

/// Whether a table has no row at all: then no policy is asked, and a missing tree goes unnoticed.
async fn is_empty(
    conn: &mut sqlx::PgConnection,
    schema: &str,
    table: &str,
) -> anyhow::Result<bool> {
    let sql = format!("SELECT NOT EXISTS (SELECT FROM \"{schema}\".\"{table}\")");
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(conn).await?)
}
