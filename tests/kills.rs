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

/// Crash points that a service never passes, since it hears nothing, commands nothing or waits for
/// nothing. Every other one must kill it once on the road.
fn never_passed(service: &str) -> &'static [&'static str] {
    match service {
        "intake" => &[
            "frame.before_commit",
            "frame.committed",
            "frame.acknowledged",
            "compact.before_commit",
            "compact.committed",
            "due.before_claimed",
            "due.claimed",
            "due.before_commit",
            "due.committed",
            "outside.before_begun",
            "outside.begun",
            "outside.performed",
            "outside.before_finished",
            "outside.finished",
        ],
        "payments" => &[
            "outside.before_begun",
            "outside.begun",
            "outside.performed",
            "outside.before_finished",
            "outside.finished",
        ],
        "reporting" => &[
            "mutation.before_commit",
            "mutation.after_commit",
            "relay.before_numbered",
            "relay.numbered",
            "relay.published",
            "resend.asked",
            "due.before_claimed",
            "due.claimed",
            "due.before_commit",
            "due.committed",
            "outside.before_begun",
            "outside.begun",
            "outside.performed",
            "outside.before_finished",
            "outside.finished",
        ],
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
    let passed: BTreeSet<&str> =
        POINTS.iter().copied().filter(|p| !never_passed(service).contains(p)).collect();
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
