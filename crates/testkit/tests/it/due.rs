//! Work that waits.

use chrono::TimeDelta;
use duly_testkit::Set;
use futures::future::try_join_all;

use crate::fixture::{POISONED, services, tally_with_a_hanging_worker, tell, teller, told};

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_workers_lease_is_taken_over() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller(), tally_with_a_hanging_worker()]).await?;
    tell(run.host("intake")?, &told([1, 2, 3])).await?;
    run.settle().await?;
    let driver = run.driver();
    driver.set_now(driver.now().await? + TimeDelta::hours(1)).await?;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let leased = "SELECT count(*) FROM due WHERE lease IS NOT NULL";
    let claimed = async {
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(10));
        while sqlx::query_scalar::<_, i64>(leased).fetch_one(&mut conn).await? < 3 {
            looks.tick().await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), claimed).await??;
    run.abort().await;
    assert_eq!(sqlx::query_scalar::<_, i64>(leased).fetch_one(&mut conn).await?, 3);

    let run = set.start(services()).await?;
    run.settle().await?;
    let decided: i64 =
        sqlx::query_scalar("SELECT count(*) FROM decided").fetch_one(&mut conn).await?;
    assert_eq!(decided, 3);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_told_while_its_work_runs_is_decided_again() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let (host, driver) = (run.host("intake")?, run.driver());
    let begin = driver.now().await?;
    let telling = async {
        for n in 0..60 {
            tell(host, &told([n % 2])).await?;
        }
        anyhow::Ok(())
    };
    // The clock runs ahead without waiting for anything to settle.
    let driving = async {
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(5));
        for minutes in (0..2_000).step_by(15) {
            driver.set_now(begin + TimeDelta::minutes(minutes)).await?;
            looks.tick().await;
        }
        anyhow::Ok(())
    };
    futures::future::try_join(telling, driving).await?;
    driver.advance(TimeDelta::hours(1)).await?;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let stale: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM tally WHERE events > (
             SELECT max(events) FROM decided
             WHERE key = lpad(to_hex(ref::bigint), 32, '0')::uuid)",
    )
    .fetch_one(&mut conn)
    .await?;
    assert_eq!(stale, 0, "the last decision knows all facts");
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_cannot_be_decided_is_parked_and_the_others_go_on() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told([1, 2, POISONED, 3, 4])).await?;
    run.driver().advance(TimeDelta::hours(1)).await?;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let decided: i64 =
        sqlx::query_scalar("SELECT count(*) FROM decided").fetch_one(&mut conn).await?;
    assert_eq!(decided, 4);
    let parked = duly_platform::parked::list(run.host("tally")?).await?;
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert_eq!((parked[0].source.as_str(), parked[0].kind.as_str()), ("due", "tally"));
    assert!(parked[0].error.contains("nobody can decide"), "{parked:?}");
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_keys_and_more_are_worked_off_in_sets() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let host = run.host("intake")?;
    try_join_all(
        (0..5).map(|n| async move { tell(host, &told(1_000 + n * 500..1_500 + n * 500)).await }),
    )
    .await?;
    run.driver().advance(TimeDelta::hours(1)).await?;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let decided: i64 =
        sqlx::query_scalar("SELECT count(DISTINCT key) FROM decided").fetch_one(&mut conn).await?;
    assert_eq!(decided, 2_500);
    run.stop().await;
    set.drop().await
}
