//! Mutations by request key.

use duly_platform::{Kind, Mutation, Principal, Refusal, Role, Tx};
use duly_proto::common::v1::Money;
use duly_testkit::Set;
use futures::future::join_all;

use crate::fixture::{services, teller};

fn who() -> Principal {
    Principal { subject: "ann".into(), role: Role::Manager, tree: Vec::new() }
}

async fn count_up(tx: &mut Tx, by: &i64) -> Result<Money, Refusal> {
    let minor: i64 = sqlx::query_scalar("SELECT count(*) FROM told").fetch_one(tx.conn()).await?;
    sqlx::query("INSERT INTO told (ref, amount) VALUES ($1, $2)")
        .bind(format!("n{minor}"))
        .bind(*by)
        .execute(tx.conn())
        .await?;
    if *by < 0 {
        return Err(Refusal::new(Kind::Failed, "negative", "by is negative"));
    }
    Ok(Money { minor: minor + by, currency: "USD".into() })
}

async fn ask(host: &duly_platform::Host, request_id: &str, by: i64) -> Result<Money, Refusal> {
    let hash = host.sealer().digest(&by.to_be_bytes());
    let mutation = Mutation { who: &who(), method: "CountUp", request_id, hash };
    host.mutate(&mutation, &by, |tx, by| Box::pin(count_up(tx, by))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gets_the_first_answer() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    let host = run.host("intake")?;
    let first = ask(host, "k1", 10).await?;
    assert_eq!(ask(host, "k2", 10).await?.minor, 11);
    assert_eq!(ask(host, "k1", 10).await?, first);
    let other_body = ask(host, "k1", 11).await.expect_err("another body");
    assert_eq!((other_body.kind(), other_body.reason()), (Kind::Conflict, "request_id_reused"));
    assert_eq!(ask(host, "", 1).await.expect_err("no key").reason(), "request_id_missing");
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    let audited: i64 = sqlx::query_scalar("SELECT count(*) FROM audit WHERE action = 'CountUp'")
        .fetch_one(&mut conn)
        .await?;
    assert_eq!(audited, 2);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_of_one_request_wait_for_one_another() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    let host = run.host("intake")?;
    let answers = join_all((0..5).map(|_| ask(host, "k1", 5))).await;
    for answer in answers {
        assert_eq!(answer?.minor, 5);
    }
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_not_kept_and_leaves_nothing() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    let host = run.host("intake")?;
    assert_eq!(ask(host, "k1", -1).await.expect_err("refused").reason(), "negative");
    assert_eq!(ask(host, "k1", 3).await?.minor, 3);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_no_database_keeps_is_the_callers_fault() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    let refusal = ask(run.host("intake")?, "k\0", 1).await.expect_err("a NUL");
    assert_eq!((refusal.kind(), refusal.reason()), (Kind::InvalidInput, "request_id_malformed"));
    run.stop().await;
    set.drop().await
}
