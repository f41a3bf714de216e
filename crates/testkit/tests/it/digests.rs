//! Sets beside one another: equal states are equal digests, and a set sees only its own.

use duly_testkit::{Set, dump, holding};

use crate::fixture::{services, tell, told};

#[tokio::test(flavor = "multi_thread")]
async fn two_sets_with_the_same_facts_have_the_same_digest() -> anyhow::Result<()> {
    let (one, two) = (Set::create(&services()).await?, Set::create(&services()).await?);
    let (first, second) = (one.start(services()).await?, two.start(services()).await?);
    for n in 0..6 {
        tell(first.host("intake")?, &told([n])).await?;
    }
    tell(second.host("intake")?, &told((0..6).rev())).await?;
    first.settle().await?;
    second.settle().await?;
    let (a, b) = (first.digest().await?, second.digest().await?);
    assert_eq!(a.0["tally.tally"], b.0["tally.tally"]);
    tell(second.host("intake")?, &told([0])).await?;
    second.settle().await?;
    let c = second.digest().await?;
    assert_ne!(b.all(), c.all());
    let difference = a.difference(&c).to_string();
    assert!(
        difference.contains("tally.tally: 6 rows against 6\n  - 0|1|7\n  + 0|2|14"),
        "{difference}"
    );
    first.stop().await;
    second.stop().await;
    one.drop().await?;
    two.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_text_is_found_wherever_it_rests() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told([318_046_275])).await?;
    run.settle().await?;
    let cells = dump(&set).await?;
    let places = holding(&cells, "318046275");
    let prefix = &set.config().schema_prefix;
    assert!(places.contains(&format!("{prefix}tally.tally.ref")), "{places:?}");
    assert!(places.contains(&format!("{prefix}intake.outbox.body")), "{places:?}");
    assert!(holding(&cells, "no such text").is_empty());
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_set_leaves_nothing() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let other = Set::create(&[]).await?;
    let prefix = set.config().schema_prefix.clone();
    let run = set.start(services()).await?;
    tell(run.host("intake")?, &told([1])).await?;
    run.settle().await?;
    run.stop().await;
    set.drop().await?;
    let mut conn = other.connect().await?;
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM pg_namespace WHERE starts_with(nspname::text, $1))
              + (SELECT count(*) FROM pg_roles WHERE starts_with(rolname::text, $1))",
    )
    .bind(&prefix)
    .fetch_one(&mut conn)
    .await?;
    assert_eq!(left, 0);
    other.drop().await
}
