//! Broken couriers and late listeners: no fact is lost.

use duly_testkit::{Set, Shape, settle};

use crate::fixture::{services, tally, tell, teller, told};

async fn events(set: &Set) -> anyhow::Result<i64> {
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let sum = "SELECT coalesce(sum(events), 0)::bigint FROM tally";
    Ok(sqlx::query_scalar(sum).fetch_one(&mut conn).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_whose_stream_was_deleted_are_asked_for() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    for round in 0..3 {
        for n in 0..20 {
            tell(run.host("intake")?, &told([n])).await?;
            if n == 10 {
                set.drop_streams().await?;
            }
        }
        run.settle().await?;
        assert_eq!(events(&set).await?, (round + 1) * 20);
    }
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_born_after_the_stream_is_gone_catches_up() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    for n in 0..50 {
        tell(run.host("intake")?, &told([n, n + 1])).await?;
    }
    run.settle().await?;
    set.drop_streams().await?;
    let late = set.start(vec![tally()]).await?;
    settle(&set, &Shape::of(&services())).await?;
    assert_eq!(events(&set).await?, 100);
    late.stop().await;
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_was_away_hears_what_was_told_meanwhile() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    let listener = set.start(vec![tally()]).await?;
    tell(run.host("intake")?, &told([1])).await?;
    listener.settle().await?;
    listener.abort().await;
    for n in 0..10 {
        tell(run.host("intake")?, &told([n])).await?;
    }
    run.settle().await?;
    let listener = set.start(vec![tally()]).await?;
    listener.settle().await?;
    assert_eq!(events(&set).await?, 11);
    listener.stop().await;
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teller_killed_before_its_frames_were_numbered_tells_them_later() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    for n in 0..5 {
        tell(run.host("intake")?, &told([n])).await?;
    }
    run.abort().await;
    let run = set.start(services()).await?;
    run.settle().await?;
    assert_eq!(events(&set).await?, 5);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wiped_read_model_is_rebuilt_from_the_outboxes() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told(0..30)).await?;
    run.settle().await?;
    let before = run.digest().await?;
    run.stop().await;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    sqlx::raw_sql("TRUNCATE tally, decided, due, inbox; UPDATE inbox_floor SET floor = 0")
        .execute(&mut conn)
        .await?;
    let run = set.start(services()).await?;
    run.settle().await?;
    let after = run.digest().await?;
    assert_eq!(before, after, "{}", before.difference(&after));
    run.stop().await;
    set.drop().await
}
