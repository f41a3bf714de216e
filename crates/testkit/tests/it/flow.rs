//! Facts on their way: numbered without gaps, handled once, whatever the delivery.

use duly_testkit::{Delivery, Set, Shape, numbered_frames, settle_within};
use futures::future::try_join_all;

use crate::fixture::{services, tally, tell, teller, told};

async fn one<T>(set: &Set, schema: &str, sql: &'static str) -> anyhow::Result<T>
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let mut conn = set.connect_to(&set.schema(schema)).await?;
    Ok(sqlx::query_scalar(sql).fetch_one(&mut conn).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_reaches_its_listener_and_its_work_runs_at_the_next_tick() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told([1, 2, 1])).await?;
    run.settle().await?;
    let sums: Vec<(String, i64, i64)> = {
        let mut conn = set.connect_to(&set.schema("tally")).await?;
        sqlx::query_as("SELECT ref, events, amount FROM tally ORDER BY ref")
            .fetch_all(&mut conn)
            .await?
    };
    assert_eq!(sums, [("1".into(), 2, 14), ("2".into(), 1, 7)]);
    assert_eq!(one::<i64>(&set, "tally", "SELECT count(*) FROM decided").await?, 0);

    let driver = run.driver();
    let begin = driver.now().await?;
    driver.advance(chrono::TimeDelta::hours(1)).await?;
    let late = "SELECT count(*) FROM decided WHERE at <> due_at";
    assert_eq!(one::<i64>(&set, "tally", late).await?, 0);
    let at: chrono::DateTime<chrono::Utc> =
        one(&set, "tally", "SELECT min(at) FROM decided").await?;
    assert_eq!(at, begin + chrono::TimeDelta::minutes(15));
    assert_eq!(one::<i64>(&set, "tally", "SELECT count(*) FROM decided").await?, 2);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_side_by_side_get_numbers_without_gaps() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let host = run.host("intake")?;
    try_join_all((0..60).map(|n| async move { tell(host, &told([n % 5, n % 7])).await })).await?;
    run.settle().await?;
    let gapless = "SELECT count(*) = 60 AND min(no) = 1 AND max(no) = 60 FROM outbox";
    assert!(one::<bool>(&set, "intake", gapless).await?);
    assert_eq!(one::<i64>(&set, "tally", "SELECT sum(events)::bigint FROM tally").await?, 120);
    let floor = "SELECT floor FROM inbox_floor WHERE epoch = 1";
    assert_eq!(one::<i64>(&set, "tally", floor).await?, 60);
    assert_eq!(one::<i64>(&set, "tally", "SELECT count(*) FROM inbox").await?, 0);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_one_transaction_are_one_frame_until_it_is_full() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told(0..300)).await?;
    tell(run.host("intake")?, &told((0..5_000).map(|n| n % 10))).await?;
    run.settle().await?;
    let frames = numbered_frames(&set, "intake").await?;
    let counts: Vec<usize> = frames.iter().map(|frame| frame.events.len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 5_300);
    assert!(counts.len() > 2, "5,000 events are more than 256 KiB: {counts:?}");
    assert!(frames.iter().all(|frame| prost::Message::encoded_len(frame) < 300 * 1024));
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_frame_twice_and_shuffled_changes_nothing() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    for n in 0..40 {
        tell(run.host("intake")?, &told([n % 3, n % 4])).await?;
    }
    run.settle().await?;
    let before = run.digest().await?;
    run.deliver(Delivery { seed: 7, times: 2 }).await?;
    run.settle().await?;
    let after = run.digest().await?;
    assert_eq!(before, after, "{}", before.difference(&after));
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_delivery_in_any_order_beside_the_stream_counts_once() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    for n in 0..40 {
        tell(run.host("intake")?, &told([n % 3])).await?;
    }
    run.settle().await?;
    let listener = set.start(vec![tally()]).await?;
    listener.deliver(Delivery { seed: 11, times: 2 }).await?;
    listener.settle().await?;
    assert_eq!(one::<i64>(&set, "tally", "SELECT sum(events)::bigint FROM tally").await?, 40);
    listener.stop().await;
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_share_the_work_and_do_it_once() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let (one_run, two_run) = (set.start(services()).await?, set.start(services()).await?);
    let hosts = [one_run.host("intake")?, two_run.host("intake")?];
    let both = hosts.into_iter().cycle().take(60).enumerate();
    try_join_all(both.map(|(n, host)| async move {
        tell(host, &told([u128::try_from(n % 4).unwrap_or(0)])).await
    }))
    .await?;
    one_run.driver().advance(chrono::TimeDelta::hours(1)).await?;
    assert_eq!(one::<i64>(&set, "tally", "SELECT sum(events)::bigint FROM tally").await?, 60);
    assert_eq!(one::<i64>(&set, "tally", "SELECT count(*) FROM decided").await?, 4);
    one_run.stop().await;
    two_run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_epoch_numbers_anew_and_both_are_heard() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told([1, 2])).await?;
    run.settle().await?;
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    assert_eq!(duly_platform::epoch::raise(&mut conn).await?, 2);
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    let numbers = numbered_frames(&set, "intake").await?;
    let numbers: Vec<_> = numbers.iter().map(|frame| (frame.epoch, frame.no)).collect();
    assert_eq!(numbers, [(1, 1), (2, 1)]);
    assert_eq!(one::<i64>(&set, "tally", "SELECT sum(events)::bigint FROM tally").await?, 3);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_settle_is_named() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(vec![teller()]).await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    let call = set.call();
    let shapes = Shape::of(&services());
    let error = settle_within(&set, &shapes, std::time::Duration::from_secs(3))
        .await
        .expect_err("the tally does not run");
    let text = format!("{error:#}");
    assert!(text.contains("1 calls of the driver are outstanding"), "{text}");
    assert!(
        text.contains("tally: intake.account_adjusted of epoch 1 is at floor 0, head is 1"),
        "{text}"
    );
    drop(call);
    run.settle().await?;
    run.stop().await;
    set.drop().await
}
