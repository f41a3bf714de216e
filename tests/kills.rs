//! SIGKILL at every named crash point that a service passes, and at random: the same end.

use std::collections::BTreeSet;

use duly_platform::fault::POINTS;
use duly_testkit::{Driver, Set, digest};

use crate::{
    fleet::{Fleet, Kept},
    journey::{assert_same, services, shapes, undisturbed},
    road::Road,
};

const ALL: [&str; 3] = ["intake", "payments", "reporting"];

/// The crash points that a service passes: all but those of what it never does, by the beginning of
/// their names.
pub fn passed_but(never: &[&str]) -> Vec<&'static str> {
    let passes = |point: &&str| !never.iter().any(|what| point.starts_with(what));
    POINTS.iter().copied().filter(passes).collect()
}

/// Every point that kills a service once on the road: one that hears nothing, commands nothing or waits
/// for nothing passes none of those.
fn passed(service: &str) -> Vec<&'static str> {
    match service {
        "intake" => passed_but(&["frame.", "compact.", "due.", "outside."]),
        "payments" => passed_but(&["outside."]),
        "reporting" => passed_but(&["mutation.", "relay.", "resend.", "due.", "outside."]),
        other => unreachable!("{other} is no service of the road"),
    }
}

async fn killed_at_every_point_of(service: &'static str) -> anyhow::Result<()> {
    let expected = undisturbed().await?;
    let set = Set::create(&services()).await?;
    let fleet =
        Fleet::armed(
            &set,
            &[],
            &ALL,
            |one| {
                if one == service { POINTS.to_vec() } else { Vec::new() }
            },
        )?;
    let driver = Driver::new(&set, shapes());
    let arrived = Road::new(&set, fleet.endpoints(), driver)?.walk(async |_| Ok(())).await?;
    let digests = digest(&set, &shapes()).await?;
    let kept = fleet.stop()?;
    let at = ALL.iter().position(|s| *s == service).expect("a service of the road");
    let hits: BTreeSet<&str> = kept[at].hits.iter().map(String::as_str).collect();
    let passed: BTreeSet<&str> = passed(service).into_iter().collect();
    assert_eq!(hits, passed, "each point that {service} passes has killed it once");
    assert_same(&expected, &(arrived, digests));
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn intake_killed_at_every_crash_point_ends_the_same() -> anyhow::Result<()> {
    killed_at_every_point_of("intake").await
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_killed_at_every_crash_point_ends_the_same() -> anyhow::Result<()> {
    killed_at_every_point_of("payments").await
}

#[tokio::test(flavor = "multi_thread")]
async fn reporting_killed_at_every_crash_point_ends_the_same() -> anyhow::Result<()> {
    killed_at_every_point_of("reporting").await
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_killed_at_random_end_the_same() -> anyhow::Result<()> {
    let expected = undisturbed().await?;
    let seed: u64 = match std::env::var("DULY_TEST_SEED") {
        Ok(seed) => seed.parse()?,
        Err(_) => rand::random(),
    };
    println!("DULY_TEST_SEED={seed} repeats these kills");
    let set = Set::create(&services()).await?;
    let fleet = Fleet::killed_at_random(&set, &[], &ALL, seed, 600..2_500)?;
    let driver = Driver::new(&set, shapes());
    let arrived = Road::new(&set, fleet.endpoints(), driver)?.walk(async |_| Ok(())).await?;
    let digests = digest(&set, &shapes()).await?;
    let deaths: u32 = fleet.stop()?.iter().map(|Kept { deaths, .. }| deaths).sum();
    assert!(deaths >= 3, "only {deaths} processes died");
    assert_same(&expected, &(arrived, digests));
    set.drop().await
}
