//! Beginnings and ends: of a process that may not start, of one that is asked to stop, and of one that
//! vanished.

use std::time::Duration;

use chrono::TimeDelta;
use duly_platform::Service;
use duly_testkit::Set;

use crate::fixture::{services, tally, tally_with_a_hanging_worker, tell, teller, told};

#[tokio::test(flavor = "multi_thread")]
async fn two_listeners_of_one_kind_or_workers_of_one_queue_are_refused() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let heard_twice =
        Service { listeners: [tally().listeners, tally().listeners].concat(), ..tally() };
    let worked_twice = Service { due: [tally().due, tally().due].concat(), ..tally() };
    for (service, word) in [(heard_twice, "account_adjusted"), (worked_twice, "queue tally")] {
        let refusal = set.start(vec![service]).await.err().expect("one of the two would starve");
        assert!(refusal.to_string().contains(word), "{refusal:#}");
    }
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_hangs_does_not_keep_the_process_from_stopping() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller(), tally_with_a_hanging_worker()]).await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    let driver = run.driver();
    driver.set_now(driver.now().await? + TimeDelta::hours(1)).await?;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let leased = async {
        let mut looks = tokio::time::interval(Duration::from_millis(10));
        let sql = "SELECT count(*) FROM due WHERE lease IS NOT NULL";
        while sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut conn).await? < 1 {
            looks.tick().await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(20), leased).await??;
    tokio::time::timeout(Duration::from_secs(30), run.stop()).await?;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_notices_soon_that_a_process_vanished() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    // A session that nobody ends keeps its locks, the one on a kind's head among them.
    let idle: String = sqlx::query_scalar("SHOW tcp_keepalives_idle")
        .fetch_one(run.host("intake")?.pool())
        .await?;
    assert!(idle.parse::<u32>()? <= 30, "{idle}");
    run.stop().await;
    set.drop().await
}
