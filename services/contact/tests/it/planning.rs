//! Planning: as many calls as the collectors make, spread; at the time that a person asked for.

use std::{collections::BTreeMap, num::NonZeroU32};

use chrono::{DateTime, TimeDelta, Utc};
use duly_contact::Config;
use duly_proto::{
    contact::v1::{
        self as contact, AttemptState, Disposition, Medium, RecordDesignationRequest, Times,
        Verdict, event::Fact, record_designation_request::Kind,
    },
    workflow::v1 as workflow,
};
use duly_testkit::{day, request_id};

use crate::facts::call_due;
use crate::world::{BEGIN, Case, World, at};

fn calls_per_hour(calls: u32) -> Config {
    Config::default().with_calls_per_hour(NonZeroU32::new(calls).expect("some calls"))
}

fn instant(stamp: Option<prost_types::Timestamp>) -> DateTime<Utc> {
    let stamp = stamp.expect("a time is told");
    DateTime::from_timestamp(stamp.seconds, 0).expect("a time that chrono has")
}

/// Calls wanted on so many accounts, in an order other than that of their references.
async fn wanted(world: &World, count: u32, days: i64) -> anyhow::Result<Vec<Case>> {
    let cases: Vec<Case> = (0..count)
        .map(|n| {
            let client = if n % 2 == 0 { "ACME" } else { "MILLS" };
            Case::consumer(client, &format!("A-{n:03}")).phone(&format!("+1215555{:04}", 1_000 + n))
        })
        .collect();
    world.place(&cases.iter().collect::<Vec<_>>()).await?;
    let expires = at(BEGIN) + TimeDelta::days(days);
    for case in cases.iter().rev() {
        world.tell::<workflow::Event>(vec![call_due(case, 0, expires).1]).await?;
    }
    Ok(cases)
}

async fn please(world: &World, case: &Case, times: Times) -> anyhow::Result<String> {
    let request = RecordDesignationRequest {
        request_id: request_id(),
        party_id: case.party_id(0),
        kind: Some(Kind::Please(times)),
        medium: Medium::Call.into(),
        evidence: "told on the telephone".to_owned(),
        ..Default::default()
    };
    let answer = world.api.clone().record_designation(request).await?.into_inner();
    Ok(answer.designation.unwrap_or_default().designation_id)
}

fn thursday_after_five() -> Times {
    Times { weekdays: vec![4], from: "17:00".to_owned(), ..Default::default() }
}

/// 17:00 on Thursday in New York.
const THURSDAY: &str = "2026-01-08T22:00:00Z";

#[tokio::test(flavor = "multi_thread")]
async fn no_tick_permits_more_calls_than_collectors_make_and_the_rest_are_spread()
-> anyhow::Result<()> {
    let world = World::open_with(calls_per_hour(8)).await?;
    let cases = wanted(&world, 9, 3).await?;
    world.tick().await?;
    let mut by_slot: BTreeMap<DateTime<Utc>, Vec<String>> = BTreeMap::new();
    for case in &cases {
        let attempt = world.attempt(case).await?;
        let slot = instant(attempt.planned_at);
        by_slot.entry(slot).or_default().push(case.fact.client_account_ref.clone());
        if slot > at("2026-01-05T15:15:00Z") {
            assert_eq!(attempt.state(), AttemptState::Planned);
            assert_eq!(
                attempt.why,
                "8 calls an hour are planned already, as many as the collectors make"
            );
        }
    }
    // ACME's before MILLS's, and by their references, whatever was asked for first.
    let slots: Vec<(String, Vec<String>)> =
        by_slot.into_iter().map(|(slot, refs)| (slot.format("%H:%M").to_string(), refs)).collect();
    let of = |slot: &str, refs: &[&str]| {
        (slot.to_owned(), refs.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(
        slots,
        [
            of("15:15", &["A-000", "A-002"]),
            of("15:30", &["A-004", "A-006"]),
            of("15:45", &["A-001", "A-008"]),
            of("16:00", &["A-003", "A-005"]),
            of("16:15", &["A-007"]),
        ]
    );
    for slot in ["2026-01-05T15:30:00Z", "2026-01-05T15:45:00Z", "2026-01-05T16:00:00Z"] {
        world.at(slot).await?;
        let permitted = world
            .count(
                "SELECT max(n) FROM (SELECT count(*) AS n FROM attempt
                                     WHERE authorized_at IS NOT NULL GROUP BY authorized_at) AS a",
            )
            .await?;
        assert_eq!(permitted, 2, "{slot}");
    }
    world.at("2026-01-05T16:15:00Z").await?;
    let planned = "SELECT count(*) FROM attempt WHERE state = 'planned'";
    assert_eq!(world.count(planned).await?, 0);
    let decided = world.explain(&cases[7]).await?.decisions;
    let verdicts: Vec<Verdict> = decided.iter().map(contact::Decision::verdict).collect();
    assert_eq!(verdicts, [Verdict::Allow, Verdict::Defer]);
    assert_eq!(decided[1].reasons[0].authority, "policy agency.capacity");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_for_which_nobody_has_time_are_withdrawn_and_workflow_is_told() -> anyhow::Result<()>
{
    let world = World::open_with(calls_per_hour(4)).await?;
    let cases: Vec<Case> = (0..3)
        .map(|n| Case::consumer("ACME", &format!("A-{n}")).phone(&format!("+121555501{n:02}")))
        .collect();
    world.place(&cases.iter().collect::<Vec<_>>()).await?;
    // Ends before a third tick.
    let expires = at("2026-01-05T15:40:00Z");
    for case in &cases {
        world.tell::<workflow::Event>(vec![call_due(case, 0, expires).1]).await?;
    }
    world.tick().await?;
    let states = [AttemptState::Authorized, AttemptState::Planned, AttemptState::Withdrawn];
    for (case, state) in cases.iter().zip(states) {
        assert_eq!(world.attempt(case).await?.state(), state);
    }
    let refused = world.told("treatment_refused").await?;
    let [Fact::TreatmentRefused(refused)] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!(refused.account_id, cases[2].account_id());
    assert_eq!(refused.reasons[0].authority, "policy agency.capacity");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_a_stop_frees_goes_to_who_comes_next() -> anyhow::Result<()> {
    let world = World::open_with(calls_per_hour(4)).await?;
    let cases = wanted(&world, 3, 3).await?;
    world.tick().await?;
    // A-000 is permitted, A-002 planned for 15:30, A-001 for 15:45.
    world.stop(&cases[2], 0, contact::StopKind::Cease).await?;
    let late = Case::consumer("ACME", "A-009").phone("+12155550199");
    world.place(&[&late]).await?;
    world.want_call(&late, 0).await?;
    world.at("2026-01-05T15:30:00Z").await?;
    assert_eq!(world.attempt(&cases[2]).await?.state(), AttemptState::Withdrawn);
    assert_eq!(world.attempt(&late).await?.state(), AttemptState::Authorized);
    assert_eq!(
        instant(world.attempt(&cases[1]).await?.planned_at),
        at("2026-01-05T15:45:00Z"),
        "who had a place keeps it"
    );
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collectors_own_call_takes_no_place_of_a_plan() -> anyhow::Result<()> {
    let world = World::open_with(calls_per_hour(4)).await?;
    let cases = wanted(&world, 1, 3).await?;
    let own = Case::consumer("ACME", "B-1").phone("+12155550177");
    world.place(&[&own]).await?;
    world.tick().await?;
    world.call(&own, 0, Disposition::NoAnswer).await?;
    assert_eq!(world.attempt(&cases[0]).await?.state(), AttemptState::Authorized);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_waits_for_thursday_after_five_as_the_person_asked() -> anyhow::Result<()> {
    let world = World::open().await?;
    let shared = "+12155550101";
    let case = Case::consumer("ACME", "A-1").phone(shared);
    // The same person at another client.
    let other = Case::consumer("MILLS", "M-1").phone(shared);
    world.place(&[&case, &other]).await?;
    please(&world, &case, thursday_after_five()).await?;
    let expires = at(BEGIN) + TimeDelta::days(4);
    for case in [&case, &other] {
        world.tell::<workflow::Event>(vec![call_due(case, 0, expires).1]).await?;
    }
    world.tick().await?;
    for case in [&case, &other] {
        let planned = world.attempt(case).await?;
        assert_eq!(planned.state(), AttemptState::Planned);
        assert_eq!(planned.why, "the person asked to be reached on Thursday from 17:00");
        assert_eq!(instant(planned.planned_at), at(THURSDAY));
    }
    let decision = &world.explain(&case).await?.decisions[0];
    assert_eq!(decision.verdict(), Verdict::Defer);
    assert_eq!(decision.reasons[0].authority, "policy agency.wishes");
    world.at(THURSDAY).await?;
    assert_eq!(world.call_list().await?.len(), 2);
    assert_eq!(world.attempt(&case).await?.why, "");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_comes_later_moves_the_plan_and_its_lifting_brings_it_back()
-> anyhow::Result<()> {
    let world = World::open().await?;
    // 07:15 in California at the first tick.
    let case = Case::consumer("ACME", "A-1").phone("+12135550101");
    world.place(&[&case]).await?;
    let expires = at(BEGIN) + TimeDelta::days(4);
    world.tell::<workflow::Event>(vec![call_due(&case, 0, expires).1]).await?;
    world.tick().await?;
    let eight = at("2026-01-05T16:15:00Z");
    assert_eq!(instant(world.attempt(&case).await?.planned_at), eight);
    let wish = please(
        &world,
        &case,
        Times {
            first_day: Some(day("2026-01-07")),
            last_day: Some(day("2026-01-07")),
            from: "13:00".to_owned(),
            ..Default::default()
        },
    )
    .await?;
    world.tick().await?;
    let moved = world.attempt(&case).await?;
    // After one in Philadelphia and in Los Angeles.
    assert_eq!(instant(moved.planned_at), at("2026-01-07T21:00:00Z"));
    assert_eq!(moved.why, "the person asked to be reached on any day from 13:00 (2026-01-07)");
    let lift = contact::LiftDesignationRequest {
        request_id: request_id(),
        designation_id: wish,
        reason: "any time".to_owned(),
    };
    world.api.clone().lift_designation(lift).await?;
    world.tick().await?;
    let back = world.attempt(&case).await?;
    assert_eq!(instant(back.planned_at), eight, "as soon as it is day");
    assert_eq!(back.why, "what stood against an earlier time is over");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_cannot_be_met_in_time_is_said_and_the_call_is_made() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    please(&world, &case, thursday_after_five()).await?;
    // Ends on Thursday at three.
    let expires = at("2026-01-08T20:00:00Z");
    world.tell::<workflow::Event>(vec![call_due(&case, 0, expires).1]).await?;
    world.tick().await?;
    let entry = &world.call_list().await?[0];
    let why = &entry.attempt.as_ref().unwrap().why;
    assert!(why.starts_with("the person asked to be reached on Thursday from 17:00"), "{why}");
    assert!(why.ends_with("no permitted time that the strategy leaves lies within it"), "{why}");
    world.close().await
}
