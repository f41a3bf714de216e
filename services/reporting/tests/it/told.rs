//! What is heard becomes the same state in any order and any repetition.

use duly_testkit::{Delivery, Set, Shape, settle};

use crate::world::{World, everything, services, tell, tellers};

fn shapes() -> Vec<Shape> {
    Shape::of(&services())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_frame_twice_and_shuffled_changes_nothing() -> anyhow::Result<()> {
    let world = World::begin().await?;
    world.tell(everything().0).await?;
    world.run.settle().await?;
    let before = world.run.digest().await?;
    assert!(before.0.values().all(|table| table.count > 0), "each table has rows: {before}");
    world.run.deliver(Delivery { seed: 5, times: 2 }).await?;
    world.run.settle().await?;
    let after = world.run.digest().await?;
    assert_eq!(before, after, "{}", before.difference(&after));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_delivery_in_any_order_reaches_the_same_state() -> anyhow::Result<()> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    tell(&run, everything().0).await?;
    run.settle().await?;
    let expected = run.digest().await?;
    run.stop().await;
    let tellers = set.start(tellers()).await?;
    for seed in 0..8 {
        let mut conn = set.connect_to(&set.schema("reporting")).await?;
        duly_reporting::rebuild(&mut conn).await?;
        let run = set.start(vec![duly_reporting::service()]).await?;
        run.deliver(Delivery { seed, times: 2 }).await?;
        settle(&set, &shapes()).await?;
        let found = run.digest().await?;
        let difference = expected.difference(&found);
        assert!(difference.is_empty(), "seed {seed}: {difference}");
        run.stop().await;
    }
    tellers.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuilt_read_model_is_the_same_while_the_service_runs() -> anyhow::Result<()> {
    let world = World::begin().await?;
    world.tell(everything().0).await?;
    world.run.settle().await?;
    let before = world.run.digest().await?;
    let mut conn = world.set.connect_to(&world.set.schema("reporting")).await?;
    duly_reporting::rebuild(&mut conn).await?;
    world.run.settle().await?;
    let after = world.run.digest().await?;
    assert_eq!(before, after, "{}", before.difference(&after));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_added_after_the_broker_lost_everything_has_the_same_state() -> anyhow::Result<()>
{
    let set = Set::create(&services()).await?;
    let run = set.start(tellers()).await?;
    tell(&run, everything().0).await?;
    run.settle().await?;
    set.drop_streams().await?;
    let late = set.start(vec![duly_reporting::service()]).await?;
    settle(&set, &shapes()).await?;
    let digest = late.digest().await?;
    assert_eq!(digest.0["reporting.client"].count, 2);
    assert_eq!(digest.0["reporting.account"].count, 3);
    late.stop().await;
    run.stop().await;
    set.drop().await
}
