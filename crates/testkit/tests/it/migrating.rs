//! Migrations beside a version that runs, and the rights that they leave.

use std::time::Duration;

use duly_testkit::Set;

use crate::fixture::{services, tell, teller, told};

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_gets_clients_later_shows_a_client_its_own_rows_only() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    let schema = set.schema("intake");
    sqlx::raw_sql(
        "ALTER TABLE told ADD COLUMN client_id uuid NOT NULL
             DEFAULT '00000000-0000-0000-0000-000000000001'",
    )
    .execute(&mut conn)
    .await?;
    set.migrate(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    tell(run.host("intake")?, &told([1, 2])).await?;
    let mut seen = Vec::new();
    for tree in ["1", "2"] {
        let mut reader = set.connect_to(&schema).await?;
        let role = format!(
            "SET ROLE \"{schema}_reader\";
             SET duly.tree = '{{00000000-0000-0000-0000-00000000000{tree}}}'"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(role)).execute(&mut reader).await?;
        let rows: i64 =
            sqlx::query_scalar("SELECT count(*) FROM told").fetch_one(&mut reader).await?;
        seen.push(rows);
    }
    assert_eq!(seen, [2, 0]);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_changes_nothing_waits_for_nobody() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    sqlx::raw_sql("ALTER TABLE told ADD COLUMN client_id uuid").execute(&mut conn).await?;
    set.migrate(&services()).await?;
    // A service at work: each statement that it runs holds such a lock until its commit.
    sqlx::raw_sql("BEGIN; LOCK TABLE told IN ROW EXCLUSIVE MODE").execute(&mut conn).await?;
    tokio::time::timeout(Duration::from_secs(20), set.migrate(&services())).await??;
    sqlx::raw_sql("ROLLBACK").execute(&mut conn).await?;
    set.drop().await
}
