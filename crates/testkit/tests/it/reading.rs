//! What a client principal's transaction may read.

use duly_platform::{Principal, Refusal, Role, Tx};
use duly_testkit::Set;
use sqlx::types::Uuid;

use crate::fixture::{services, teller};

async fn own_tree(tx: &mut Tx, _: &()) -> Result<Vec<Uuid>, Refusal> {
    Ok(sqlx::query_scalar("SELECT current_setting('duly.tree')::uuid[]")
        .fetch_one(tx.conn())
        .await?)
}

async fn all_told(tx: &mut Tx, _: &()) -> Result<i64, Refusal> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM told").fetch_one(tx.conn()).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_tree_is_an_error_and_so_is_a_table_of_no_clients() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    let host = run.host("intake")?;
    let client = |tree| Principal { subject: "acme".into(), role: Role::Client, tree };
    let id = Uuid::from_u128(1);
    let tree = host.read(&client(vec![id]), &(), |tx, c| Box::pin(own_tree(tx, c))).await?;
    assert_eq!(tree, [id]);
    let none = host.read(&client(Vec::new()), &(), |tx, c| Box::pin(own_tree(tx, c))).await;
    none.expect_err("nobody is a client of nothing");
    // On the same sessions: what the one before was allowed is over.
    let manager = Principal { subject: "ann".into(), role: Role::Manager, tree: Vec::new() };
    for _ in 0..10 {
        let unset = host.read(&manager, &(), |tx, c| Box::pin(own_tree(tx, c))).await;
        unset.expect_err("no tree is set");
        host.read(&client(vec![id]), &(), |tx, c| Box::pin(all_told(tx, c)))
            .await
            .expect_err("the reader has no right to it");
        assert_eq!(host.read(&manager, &(), |tx, c| Box::pin(all_told(tx, c))).await?, 0);
    }
    run.stop().await;
    set.drop().await
}
