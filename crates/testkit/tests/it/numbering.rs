//! Numbers under trouble: raised epochs, another timeline, frames that nobody could carry.

use std::time::Duration;

use duly_testkit::{Set, numbered_frames};
use futures::future::try_join;

use crate::fixture::{Told, services, tell, told};

async fn events(set: &Set) -> anyhow::Result<i64> {
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let sum = "SELECT coalesce(sum(events), 0)::bigint FROM tally";
    Ok(sqlx::query_scalar(sum).fetch_one(&mut conn).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_raised_while_a_relay_numbers_gives_no_frame_two_numbers() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    run.stop().await;
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    sqlx::query(
        "INSERT INTO outbox (id, kind, schema, told_at, traceparent, body, events)
         SELECT gen_random_uuid(), kind, schema, told_at, traceparent, body, events FROM outbox",
    )
    .execute(&mut conn)
    .await?;
    // A relay that has numbered the frame and not committed yet.
    let mut relay = set.connect_to(&set.schema("intake")).await?;
    sqlx::raw_sql(
        "BEGIN; SELECT no FROM outbox_head FOR UPDATE;
         UPDATE outbox SET epoch = 1, no = 2 WHERE no IS NULL; UPDATE outbox_head SET no = 2;",
    )
    .execute(&mut relay)
    .await?;
    let mut other = set.connect_to(&set.schema("intake")).await?;
    let raising = async { Ok(duly_platform::epoch::raise(&mut other).await?) };
    let relaying = async {
        let run = set.start(services()).await?;
        let waiting = "SELECT count(*) FROM pg_stat_activity
                       WHERE application_name = current_schema() AND wait_event_type = 'Lock'
                         AND query LIKE '%outbox%'";
        let mut looks = tokio::time::interval(Duration::from_millis(10));
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut conn).await? == 0 {
            looks.tick().await;
        }
        // Both had their chance to get in between.
        for _ in 0..20 {
            looks.tick().await;
        }
        sqlx::raw_sql("COMMIT").execute(&mut relay).await?;
        anyhow::Ok(run)
    };
    let (run, _) = try_join(relaying, raising).await?;
    run.settle().await?;
    let gaps: Vec<(i32, i64, i64)> = sqlx::query_as(
        "SELECT epoch, head.no, count(outbox.no) FROM outbox_head AS head
         LEFT JOIN outbox USING (kind, epoch) GROUP BY epoch, head.no
         HAVING head.no <> count(outbox.no)",
    )
    .fetch_all(&mut conn)
    .await?;
    assert_eq!(gaps, [], "epoch, head, frames");
    assert_eq!(events(&set).await?, 2);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_finds_itself_on_another_timeline_waits_for_its_epoch() -> anyhow::Result<()>
{
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    // As after a failover: the server is another one, and every session begins anew.
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    sqlx::query("UPDATE epoch SET timeline = timeline + 1").execute(&mut conn).await?;
    sqlx::query(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
         WHERE application_name = current_schema() AND pid <> pg_backend_pid()",
    )
    .fetch_all(&mut conn)
    .await?;
    let pool = run.host("intake")?.pool();
    let session = tokio::time::timeout(Duration::from_millis(500), pool.acquire()).await;
    assert!(!matches!(session, Ok(Ok(_))), "a session on another timeline");
    assert_eq!(duly_platform::epoch::raise(&mut conn).await?, 2);
    tell(run.host("intake")?, &told([2])).await?;
    run.settle().await?;
    let frames = numbered_frames(&set, "intake").await?;
    let numbers: Vec<_> = frames.iter().map(|frame| (frame.epoch, frame.no)).collect();
    assert_eq!(numbers, [(1, 1), (2, 1)]);
    assert_eq!(events(&set).await?, 2);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_no_broker_would_carry_is_refused_and_leaves_nothing() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let word: &'static str = "x".repeat(1_500_000).leak();
    let refused = tell(run.host("intake")?, &[Told { number: 1, amount: 1, word }]).await;
    let refusal = format!("{:?}", refused.expect_err("it would stay in the outbox for ever"));
    assert!(refusal.contains("account_adjusted"), "{refusal}");
    tell(run.host("intake")?, &told([2])).await?;
    run.settle().await?;
    assert_eq!(numbered_frames(&set, "intake").await?.len(), 1);
    assert_eq!(events(&set).await?, 1);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_that_cannot_be_numbered_does_not_hold_up_the_others() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    sqlx::query(
        "INSERT INTO outbox (id, kind, schema, told_at, traceparent, body, events)
         VALUES (gen_random_uuid(), 'intake.aaa', 'v1', now(), '', '\\xffff', 1)",
    )
    .execute(&mut conn)
    .await?;
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told([1, 2])).await?;
    let heard = async {
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        while events(&set).await? < 2 {
            looks.tick().await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(Duration::from_secs(20), heard).await??;
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_of_which_nothing_is_left_is_passed_over() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    sqlx::query(
        "INSERT INTO outbox (id, kind, schema, told_at, traceparent, body, events)
         VALUES (gen_random_uuid(), 'intake.account_adjusted', 'v1', now(), '', '', 1)",
    )
    .execute(&mut conn)
    .await?;
    let shapes = duly_testkit::Shape::of(&services());
    duly_testkit::settle_within(&set, &shapes, Duration::from_secs(20)).await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    assert_eq!(events(&set).await?, 1);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_on_disk_before_they_are_published_whatever_the_database_prefers()
-> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let url = set.config().database_url.as_ref().expect("every set has one").expose();
    let url = format!("{url}?options=-c%20synchronous_commit%3Doff");
    let config = duly_platform::Config {
        database_url: Some(duly_platform::config::SecretText::new(url)),
        ..set.config().clone()
    };
    let run = Set::adopt(config).start(services()).await?;
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    sqlx::raw_sql(
        "CREATE TABLE seen (value text NOT NULL); GRANT INSERT ON seen TO PUBLIC;
         CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO seen VALUES (TG_OP || ' ' || current_setting('synchronous_commit'));
             RETURN NULL;
         END $$;
         CREATE TRIGGER note AFTER INSERT OR UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION note();",
    )
    .execute(&mut conn)
    .await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    let seen: Vec<String> =
        sqlx::query_scalar("SELECT value FROM seen ORDER BY value").fetch_all(&mut conn).await?;
    assert_eq!(seen, ["INSERT off", "UPDATE on"]);
    run.stop().await;
    set.drop().await
}
