//! The broker is only the courier: stopped and its store deleted, or a listener added after the fact,
//! the state is the same.

use duly_embedded::{Nats, NatsOptions, Scratch};
use duly_testkit::{Driver, Set, digest};

use crate::{
    journey::{assert_same, services, shapes, undisturbed},
    road::{Road, Stage},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_loses_its_disk_with_frames_in_flight_loses_no_fact() -> anyhow::Result<()> {
    let expected = undisturbed().await?;
    let scratch = Scratch::new("duly-broker")?;
    let mut nats =
        Nats::start(&NatsOptions { dir: scratch.path().join("nats"), ..NatsOptions::default() })?;
    let owner = Set::create(&services()).await?;
    let mut config = owner.config().clone();
    config.nats_url = Some(nats.url());
    let set = Set::adopt(config);
    let run = set.start(services()).await?;
    let road = Road::new(&set, &run.endpoints(), run.driver())?;
    let mut lost = 0;
    let arrived = road
        .walk(async |stage| {
            match stage {
                // Commands go on while there is no broker: their frames are in flight.
                Stage::Placed => nats.kill()?,
                Stage::Changed => {
                    nats.wipe_store()?;
                    nats.start_again()?;
                    lost += 1;
                }
                // Streams with everything that was ever told, deleted under the listeners.
                Stage::Paid | Stage::Closed => {
                    nats.kill()?;
                    nats.wipe_store()?;
                    nats.start_again()?;
                    lost += 1;
                }
                Stage::ClosedAgain => {}
            }
            Ok(())
        })
        .await?;
    let digests = run.digest().await?;
    run.stop().await;
    assert_eq!(lost, 3, "the store was deleted at three stages");
    assert_same(&expected, &(arrived, digests));
    owner.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn reporting_added_after_the_fact_reaches_the_same_state() -> anyhow::Result<()> {
    let expected = undisturbed().await?;
    let set = Set::create(&services()).await?;
    let tellers = set.start(vec![duly_intake::service(), duly_payments::service()]).await?;
    let road = Road::new(&set, &tellers.endpoints(), tellers.driver())?;
    let arrived = road.walk(async |_| Ok(())).await?;
    let late = set.start(vec![duly_reporting::service()]).await?;
    Driver::new(&set, shapes()).settle().await?;
    let digests = digest(&set, &shapes()).await?;
    late.stop().await;
    tellers.stop().await;
    assert_same(&expected, &(arrived, digests));
    set.drop().await
}
