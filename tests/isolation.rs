//! A client principal sees no row of another client's tree, by any method or table.

mod calls;

use std::collections::BTreeSet;

use duly_domain::ClientId;
use duly_platform::{Role, error::reason_of};
use duly_proto::{
    intake::v1 as intake, letters::v1 as letters, payments::v1 as payments,
    reporting::v1 as reporting, workflow::v1 as workflow,
};
use duly_testkit::{Clients, Run, client};
use prost::Message as _;
use prost_types::FileDescriptorSet;
use sqlx::{AssertSqlSafe, Connection as _};
use tonic::Code;

use self::calls::{Answer, Foreign, call_all};
use crate::walk::{Ground, Walk, whole};

/// The walk of one client's accounts by all services, another client beside it that has none.
async fn walked() -> anyhow::Result<(Ground, Run, Foreign, ClientId)> {
    let ground = Ground::create(None).await?;
    let run = ground.set.start(ground.services()?).await?;
    let mut walk = Walk::new(&ground, &run.endpoints(), run.driver(), false)?;
    walk.walk().await?;
    let mut manager = run.clients(Role::Manager)?;
    let other = manager.intake.put_client(client("OTHER").build()).await?.into_inner().client;
    let foreign = Foreign::of(&mut manager, "WALK", walk.hold_id()).await?;
    run.settle().await?;
    Ok((ground, run, foreign, other.unwrap_or_default().client_id.parse()?))
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
    let (ground, run, foreign, other) = walked().await?;
    let before = run.digest().await?;
    let answers = call_all(&mut run.clients_of_tree(&[other])?, &foreign).await;
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
    // Its own client asks the same and sees: the silence above was not emptiness.
    let own: ClientId = foreign.client_id.parse()?;
    for (method, answer) in call_reads(&mut run.clients_of_tree(&[own])?, &foreign).await {
        assert!(answer? > 0, "{method} shows a client nothing of its own");
    }
    run.stop().await;
    ground.drop().await
}

async fn call_reads(api: &mut Clients, own: &Foreign) -> Vec<(&'static str, Answer)> {
    let account = || own.account_id.clone();
    let request =
        intake::ListAccountsRequest { client_id: own.client_id.clone(), ..Default::default() };
    let accounts = api.intake.list_accounts(request).await.map(|a| a.into_inner().accounts.len());
    let request =
        payments::ListPaymentsRequest { client_id: own.client_id.clone(), ..Default::default() };
    let paid = api.payments.list_payments(request).await.map(|a| a.into_inner().payments.len());
    let request = reporting::GetTimelineRequest { account_id: account(), ..Default::default() };
    let entries = api.reporting.get_timeline(request).await.map(|a| a.into_inner().entries.len());
    let request = reporting::ListAccountsRequest::default();
    let shown = api.reporting.list_accounts(request).await.map(|a| a.into_inner().accounts.len());
    let request = letters::ListLettersRequest { page: whole(), ..Default::default() };
    let sent = api.letters.list_letters(request).await.map(|a| a.into_inner().letters.len());
    let request = workflow::ListTasksRequest { with_closed: true, ..Default::default() };
    let tasks = api.workflow.list_tasks(request).await.map(|a| a.into_inner().tasks.len());
    vec![
        ("intake/ListAccounts", accounts),
        ("payments/ListPayments", paid),
        ("reporting/GetTimeline", entries),
        ("reporting/ListAccounts", shown),
        ("letters/ListLetters", sent),
        ("workflow/ListTasks", tasks),
    ]
}

/// The last line of defence, below every method: the reader role with another's tree, table by table.
#[tokio::test(flavor = "multi_thread")]
async fn the_reader_role_sees_no_row_of_another_tree_in_any_table() -> anyhow::Result<()> {
    let (ground, run, foreign, other) = walked().await?;
    let own: ClientId = foreign.client_id.parse()?;
    let set = ground.set.clone();
    run.stop().await;
    let mut conn = set.connect().await?;
    let (mut tables_with_rows, mut hidden) = (0, 0);
    for service in ground.services()? {
        let schema = set.schema(service.name);
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
            let seen = count_as(&mut conn, &schema, &table, own).await;
            if !has_client {
                assert!(seen.is_err(), "{schema}.{table} has no client_id and is readable");
                hidden += 1;
                continue;
            }
            tables_with_rows += i32::from(seen? > 0);
            // All that the other has anywhere is its own row among the clients.
            let foreign = count_as(&mut conn, &schema, &table, other).await?;
            let of_other = format!(
                "SELECT count(*) FROM \"{schema}\".\"{table}\" WHERE client_id = '{}'",
                other.uuid()
            );
            let of_other: i64 =
                sqlx::query_scalar(AssertSqlSafe(of_other)).fetch_one(&mut conn).await?;
            assert_eq!(foreign, of_other, "{schema}.{table} shows rows of another client");
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
    assert!(tables_with_rows > 40, "only {tables_with_rows} tables showed own rows");
    assert!(hidden > 40, "only {hidden} tables are hidden");
    conn.close().await?;
    drop(set);
    ground.drop().await
}

/// How many rows of a table the reader role sees with this client's tree.
async fn count_as(
    conn: &mut sqlx::PgConnection,
    schema: &str,
    table: &str,
    client: ClientId,
) -> sqlx::Result<i64> {
    let mut tx = conn.begin().await?;
    let enter = format!(
        "SET LOCAL ROLE \"{schema}_reader\"; SET LOCAL duly.tree = '{{{}}}'",
        client.uuid()
    );
    sqlx::raw_sql(AssertSqlSafe(enter)).execute(&mut *tx).await?;
    let all = format!("SELECT count(*) FROM \"{schema}\".\"{table}\"");
    sqlx::query_scalar(AssertSqlSafe(all)).fetch_one(&mut *tx).await
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
