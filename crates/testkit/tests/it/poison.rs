//! Data that cannot be handled: halved out, parked, and the rest goes on.

use duly_platform::parked;
use duly_testkit::Set;

use crate::fixture::{Told, services, tell, told};

#[tokio::test(flavor = "multi_thread")]
async fn poison_is_halved_out_and_parked_and_the_rest_is_handled() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let mut events = told(0..20);
    events[3].word = "panic";
    events[4].word = "refuse";
    // Refused by a CHECK of the database.
    events[17].amount = 2_000_000;
    tell(run.host("intake")?, &events).await?;
    run.settle().await?;
    let mut conn = set.connect_to(&set.schema("tally")).await?;
    let refs: Vec<String> =
        sqlx::query_scalar("SELECT ref FROM tally ORDER BY ref::int").fetch_all(&mut conn).await?;
    let good: Vec<String> =
        (0..20).filter(|n| ![3, 4, 17].contains(n)).map(|n: i32| n.to_string()).collect();
    assert_eq!(refs, good);
    let parked = parked::list(run.host("tally")?).await?;
    let mut errors: Vec<&str> = parked.iter().map(|p| p.error.as_str()).collect();
    errors.sort_unstable();
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(errors[0].contains("nobody takes"), "{errors:?}");
    assert!(errors[1].contains("tally_amount_check"), "{errors:?}");
    assert!(!errors[1].contains("2000000"), "a failing row's values stay out: {errors:?}");
    assert!(errors[2].contains("panicked"), "{errors:?}");
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_parked_is_handled_by_a_replay_once_it_can_be() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let big = Told { number: 5, amount: 1_000_000, word: "" };
    tell(run.host("intake")?, &[big]).await?;
    run.settle().await?;
    let (host, listeners) = (run.host("tally")?, run.listeners("tally")?);
    assert_eq!(parked::replay(host, listeners).await?, (0, 1));

    let mut conn = set.connect_to(&set.schema("tally")).await?;
    sqlx::raw_sql("ALTER TABLE tally DROP CONSTRAINT tally_amount_check")
        .execute(&mut conn)
        .await?;
    assert_eq!(parked::replay(host, listeners).await?, (1, 0));
    assert_eq!(parked::replay(host, listeners).await?, (0, 0));
    assert!(parked::list(host).await?.is_empty());
    let amount: i64 = sqlx::query_scalar("SELECT amount FROM tally").fetch_one(&mut conn).await?;
    assert_eq!(amount, 1_000_000);
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_does_not_decode_is_parked() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let frame = duly_proto::common::v1::Frame {
        events: vec![vec![0xff, 0xff, 0xff]],
        ..Default::default()
    };
    let mut conn = set.connect_to(&set.schema("intake")).await?;
    sqlx::query(
        "INSERT INTO outbox (id, kind, schema, told_at, traceparent, body, events)
         VALUES (gen_random_uuid(), 'intake.account_adjusted', 'v1', now(), '', $1, 1)",
    )
    .bind(prost::Message::encode_to_vec(&frame))
    .execute(&mut conn)
    .await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    let parked = parked::list(run.host("tally")?).await?;
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert!(parked[0].error.starts_with("decoding an event"), "{parked:?}");
    run.stop().await;
    set.drop().await
}
