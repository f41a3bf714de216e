//! Any order and any repetition of delivery end in the same state.

use duly_testkit::{Delivery, Driver, Set, digest};

use crate::{
    journey::{assert_same, services, shapes, undisturbed},
    road::Road,
};

#[tokio::test(flavor = "multi_thread")]
async fn every_frame_twice_and_shuffled_between_two_settles_ends_the_same() -> anyhow::Result<()> {
    let expected = undisturbed().await?;
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let mut seed = 40;
    let road = Road::new(&set, &run.endpoints(), run.driver())?;
    let arrived = road
        .walk(async |_| {
            seed += 1;
            run.deliver(Delivery { seed, times: 2 }).await
        })
        .await?;
    let digests = run.digest().await?;
    run.stop().await;
    assert_same(&expected, &(arrived, digests));
    set.drop().await
}

/// The same for a listener that has heard nothing by the broker: shuffled frames are all that it gets.
#[tokio::test(flavor = "multi_thread")]
async fn a_listener_fed_with_shuffled_frames_alone_ends_the_same() -> anyhow::Result<()> {
    let expected = undisturbed().await?;
    let set = Set::create(&services()).await?;
    let tellers = set.start(vec![duly_intake::service(), duly_payments::service()]).await?;
    let road = Road::new(&set, &tellers.endpoints(), tellers.driver())?;
    let arrived = road.walk(async |_| Ok(())).await?;
    // Nothing announces or answers any more, and the streams are gone.
    tellers.stop().await;
    set.drop_streams().await?;
    let listener = set.start(vec![duly_reporting::service()]).await?;
    listener.deliver(Delivery { seed: 7, times: 2 }).await?;
    // The tellers announce their heads again: nothing is missing, and the floors are raised to them.
    let tellers = set.start(vec![duly_intake::service(), duly_payments::service()]).await?;
    Driver::new(&set, shapes()).settle().await?;
    let digests = digest(&set, &shapes()).await?;
    listener.stop().await;
    tellers.stop().await;
    assert_same(&expected, &(arrived, digests));
    set.drop().await
}
