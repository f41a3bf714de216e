//! A client's principal sees its own tree, by every method that it may call.

use std::collections::BTreeSet;

use duly_domain::{ClientId, IdSource as _};
use duly_platform::{Role, SystemIds};
use duly_proto::workflow::v1::{
    AssignStrategyRequest, CloseTaskRequest, CountTreatmentsRequest, ExplainAccountRequest,
    GetStrategyRequest, ListCasesRequest, ListStrategiesRequest, ListTasksRequest,
    PublishStrategyRequest,
};
use tonic::Code;

use crate::world::{Account, World, account};

/// Two clients with an account each, and a task on both.
async fn two(world: &World) -> anyhow::Result<(Account, Account)> {
    let ours = account(SystemIds.next(), "A-1");
    let mut theirs = account(SystemIds.next(), "O-1");
    "OTHER".clone_into(&mut theirs.client_ref);
    world.decide([ours.placed(), theirs.placed()]).await?;
    for account in [&ours, &theirs] {
        world.answer(account, 0, "search_refused").await?;
        let stop = account.stopped(
            SystemIds.next(),
            duly_proto::contact::v1::StopKind::OptOut,
            account.party(0),
            |_| {},
        );
        let asked = world.asked(account, 0).await?;
        world
            .decide([
                account.promised(SystemIds.next(), None, "2026-02-01"),
                account.disputed(SystemIds.next(), false),
                stop,
                account.answer(&asked, "mailed"),
            ])
            .await?;
    }
    Ok((ours, theirs))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_clients_rows_are_not_there() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (ours, theirs) = two(&world).await?;
    let mut api = world.run.clients_of_tree(&[ours.client])?.workflow;
    let seen = api.list_cases(ListCasesRequest::default()).await?.into_inner().cases;
    assert_eq!(
        seen.iter().map(|c| c.client_id.clone()).collect::<Vec<_>>(),
        [ours.client.to_string()]
    );
    let request = ListCasesRequest { client_id: theirs.client.to_string(), ..Default::default() };
    assert!(api.list_cases(request).await?.into_inner().cases.is_empty());
    let seen = api.list_tasks(ListTasksRequest::default()).await?.into_inner().tasks;
    assert!(!seen.is_empty() && seen.iter().all(|task| task.client_id == ours.client.to_string()));
    let request = ListTasksRequest { account_id: theirs.id.to_string(), ..Default::default() };
    assert!(api.list_tasks(request).await?.into_inner().tasks.is_empty());
    let request = ExplainAccountRequest { account_id: theirs.id.to_string() };
    let hidden = api.explain_account(request).await.expect_err("not its own").code();
    assert!(matches!(hidden, Code::NotFound | Code::Unavailable), "{hidden:?}");
    let request = ExplainAccountRequest { account_id: ours.id.to_string() };
    let explained = api.explain_account(request).await?.into_inner();
    assert!(!explained.treatments.is_empty() && !explained.tasks.is_empty());
    assert_eq!(explained.account.unwrap_or_default().tracks.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agencys_own_is_not_a_clients_to_see_or_to_change() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client: ClientId = SystemIds.next();
    let mut api = world.run.clients_of_tree(&[client])?.workflow;
    let denied = [
        api.publish_strategy(PublishStrategyRequest::default()).await.map(drop),
        api.get_strategy(GetStrategyRequest::default()).await.map(drop),
        api.list_strategies(ListStrategiesRequest::default()).await.map(drop),
        api.assign_strategy(AssignStrategyRequest::default()).await.map(drop),
        api.close_task(CloseTaskRequest::default()).await.map(drop),
        api.count_treatments(CountTreatmentsRequest {}).await.map(drop),
    ];
    for answer in denied {
        assert_eq!(answer.expect_err("denied").code(), Code::PermissionDenied);
    }
    let mut api = world.run.clients(Role::Accounting)?.workflow;
    api.list_cases(ListCasesRequest::default()).await?;
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_with_a_client_shows_a_reader_its_tree_only() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (ours, _) = two(&world).await?;
    world.run.settle().await?;
    let schema = world.set.schema("workflow");
    let mut conn = world.set.connect_to(&schema).await?;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.columns
         WHERE table_schema = $1 AND column_name = 'client_id'",
    )
    .bind(&schema)
    .fetch_all(&mut conn)
    .await?;
    assert!(tables.len() >= 15, "{tables:?}");
    let mut filled = BTreeSet::new();
    for table in &tables {
        let sql = format!("SELECT count(DISTINCT client_id) FROM {table}");
        let clients: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut conn).await?;
        if clients == 2 {
            filled.insert(table.clone());
        }
    }
    let role = format!("SET ROLE \"{schema}_reader\"");
    sqlx::query(sqlx::AssertSqlSafe(role)).execute(&mut conn).await?;
    sqlx::query("SELECT set_config('duly.tree', $1, false)")
        .bind(format!("{{{}}}", ours.client.uuid()))
        .execute(&mut conn)
        .await?;
    for table in ["case_file", "case_account", "track", "treatment", "task", "promise", "dispute"] {
        assert!(filled.contains(table), "{table} holds both clients' rows: {filled:?}");
    }
    for table in filled {
        let sql = format!("SELECT DISTINCT client_id FROM {table}");
        let seen: Vec<Option<sqlx::types::Uuid>> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut conn).await?;
        assert_eq!(seen, [Some(ours.client.uuid())], "{table}");
    }
    world.close().await
}
