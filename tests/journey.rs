//! The road in one process and as separate processes: the same end.

use duly_testkit::{Digests, Driver, Set, Shape, digest};

use crate::{
    fleet::Fleet,
    road::{Arrived, Road},
};

/// Every service of this version, with its defaults.
pub fn all_services() -> Vec<duly_platform::Service> {
    duly::services::<&str>(&duly_platform::Config::default(), &[])
        .expect("the defaults of every service are complete")
}

/// The services of the road: what money needs.
pub fn services() -> Vec<duly_platform::Service> {
    vec![duly_intake::service(), duly_payments::service(), duly_reporting::service()]
}

/// What settling and digests need to know of all services.
pub fn shapes() -> Vec<Shape> {
    Shape::of(&services())
}

/// The road that nobody disturbs, in one process.
pub async fn undisturbed() -> anyhow::Result<(Arrived, Digests)> {
    let set = Set::create(&services()).await?;
    let run = set.start(services()).await?;
    let arrived = Road::new(&set, &run.endpoints(), run.driver())?.walk(async |_| Ok(())).await?;
    let digests = run.digest().await?;
    run.stop().await;
    set.drop().await?;
    Ok((arrived, digests))
}

/// Fails with the tables and rows that differ.
pub fn assert_same(
    (expected, expected_digests): &(Arrived, Digests),
    (arrived, digests): &(Arrived, Digests),
) {
    let difference = expected_digests.difference(digests);
    assert!(difference.is_empty(), "the digests differ:\n{difference}");
    assert_eq!(expected, arrived, "the statements differ");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_road_ends_the_same_in_one_process_and_in_three() -> anyhow::Result<()> {
    let expected = undisturbed().await?;
    assert!(!expected.0.statements.is_empty(), "the road leads to statements");

    let set = Set::create(&services()).await?;
    let fleet = Fleet::start(&set, &[], &["intake", "payments", "reporting"])?;
    let driver = Driver::new(&set, shapes());
    let arrived = Road::new(&set, fleet.endpoints(), driver)?.walk(async |_| Ok(())).await?;
    let digests = digest(&set, &shapes()).await?;
    fleet.stop()?;
    assert_same(&expected, &(arrived, digests));
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_road_walked_twice_ends_the_same() -> anyhow::Result<()> {
    let (first, second) = (undisturbed().await?, undisturbed().await?);
    assert_same(&first, &second);
    Ok(())
}
