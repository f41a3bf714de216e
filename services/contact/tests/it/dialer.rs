//! The port for dialers: no call without its decision, each once, and a stop that came since wins.

use chrono::TimeDelta;
use duly_proto::{
    contact::v1::{
        self as contact, AttemptState, Disposition, StartCallRequest, StartCallResponse, Verdict,
    },
    workflow::v1 as workflow,
};
use duly_testkit::request_id;
use tonic::{Code, Status};

use crate::facts::call_due;
use crate::world::{BEGIN, Case, World, at};

fn reason_of(status: &Status) -> String {
    duly_platform::error::reason_of(status).unwrap_or_default()
}

async fn start(
    world: &World,
    decision_id: &str,
    call_ref: &str,
) -> Result<StartCallResponse, Status> {
    let request = StartCallRequest {
        request_id: request_id(),
        decision_id: decision_id.to_owned(),
        call_ref: call_ref.to_owned(),
    };
    Ok(world.api.clone().start_call(request).await?.into_inner())
}

/// A case with a call on the call list.
async fn listed(world: &World, reference: &str, phone: &str) -> anyhow::Result<(Case, String)> {
    let case = Case::consumer("ACME", reference).phone(phone);
    world.place(&[&case]).await?;
    world.want_call(&case, 0).await?;
    world.tick().await?;
    let decision = world.attempt(&case).await?.decision_id;
    Ok((case, decision))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_starts_once_by_its_decision_and_repeating_it_is_the_same_call() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let (case, decision) = listed(&world, "A-1", "+12155550101").await?;
    let first = start(&world, &decision, "dial-1").await?;
    assert_eq!(first.phone, "+12155550101");
    let said = first.decision.clone().unwrap();
    assert_eq!(
        (said.verdict(), said.requires.as_slice()),
        (Verdict::Allow, &["mini_miranda".to_owned()][..])
    );
    assert!(world.call_list().await?.is_empty(), "nobody else makes it");
    assert_eq!(start(&world, &decision, "dial-1").await?, first);
    let twice = start(&world, &decision, "dial-2").await.unwrap_err();
    assert_eq!(
        (twice.code(), reason_of(&twice).as_str()),
        (Code::FailedPrecondition, "call_started")
    );
    let (_, other) = listed(&world, "A-2", "+12155550102").await?;
    let used = start(&world, &other, "dial-1").await.unwrap_err();
    assert_eq!(reason_of(&used), "call_ref_used");
    assert_eq!(world.count("SELECT count(*) FROM call_start").await?, 1);

    let attempt = first.attempt.unwrap().attempt_id;
    let done = world.conclude(&attempt, Disposition::NoAnswer).await?;
    assert!(done.counted);
    let again = world.conclude(&attempt, Disposition::Busy).await.unwrap_err();
    assert_eq!(reason_of(&again), "attempt_has_outcome");
    let over = start(&world, &decision, "dial-3").await.unwrap_err();
    assert_eq!(reason_of(&over), "call_started");
    assert_eq!(world.attempts(&case).await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_came_since_the_permission_wins() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (case, decision) = listed(&world, "A-1", "+12155550101").await?;
    world.stop(&case, 0, contact::StopKind::Cease).await?;
    let refused = start(&world, &decision, "dial-1").await?;
    assert!(refused.attempt.is_none() && refused.phone.is_empty());
    let said = refused.decision.unwrap();
    assert_eq!(said.verdict(), Verdict::Refuse);
    assert_eq!(said.reasons[0].rule, "cease");
    assert_eq!(world.count("SELECT count(*) FROM call_start").await?, 0);
    world.at("2026-01-05T15:45:00Z").await?;
    let ended = world.attempt(&case).await?;
    assert_eq!(
        (ended.disposition(), ended.counted, ended.crossed),
        (Disposition::NotMade, false, false)
    );
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seventh_call_may_start_and_does_not_count_against_itself() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    for _ in 0..6 {
        world.call(&case, 0, Disposition::NoAnswer).await?;
    }
    let seventh = world.propose(&case, 0).await?.decision.unwrap().decision_id;
    assert!(start(&world, &seventh, "dial-7").await?.attempt.is_some());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_since_the_permission_keeps_the_other_call_from_starting()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let first = world.propose(&case, 0).await?;
    let second = world.propose(&case, 0).await?.decision.unwrap().decision_id;
    world.conclude(&first.attempt.unwrap().attempt_id, Disposition::Reached).await?;
    let refused = start(&world, &second, "dial-2").await?;
    assert!(refused.attempt.is_none());
    assert_eq!(refused.decision.unwrap().reasons[0].rule, "conversation");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_decision_permits_does_not_start() -> anyhow::Result<()> {
    let world = World::open().await?;
    let unknown = start(&world, "dcsn_00000000000000000000000000000001", "d").await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    let none = start(&world, "", "d").await.unwrap_err();
    assert_eq!(none.code(), Code::InvalidArgument);
    let (case, decision) = listed(&world, "A-1", "+12155550101").await?;
    assert_eq!(start(&world, &decision, "").await.unwrap_err().code(), Code::InvalidArgument);
    // Permitted, and its time is over: at the very instant, and once the clock has concluded it.
    world.run.driver().advance(TimeDelta::minutes(30)).await?;
    let late = start(&world, &decision, "d").await.unwrap_err();
    assert_eq!(reason_of(&late), "attempt_expired");
    world.stop(&case, 0, contact::StopKind::Cease).await?;
    let refused = world.propose(&case, 0).await?.decision.unwrap();
    let denied = start(&world, &refused.decision_id, "d").await.unwrap_err();
    assert_eq!(reason_of(&denied), "decision_permits_no_call");
    // A plan that waits has a decision too, and it permits nothing.
    let west = Case::consumer("ACME", "A-2").phone("+18085550101");
    world.place(&[&west]).await?;
    let expires = at(BEGIN) + TimeDelta::days(2);
    world.tell::<workflow::Event>(vec![call_due(&west, 0, expires).1]).await?;
    world.tick().await?;
    let waits = world.attempt(&west).await?;
    assert_eq!(waits.state(), AttemptState::Planned);
    let denied = start(&world, &waits.decision_id, "d").await.unwrap_err();
    assert_eq!(reason_of(&denied), "decision_permits_no_call");
    let mut accounting = world.run.clients(duly_platform::Role::Accounting)?.contact;
    let request = StartCallRequest {
        request_id: request_id(),
        decision_id: decision.clone(),
        call_ref: "d".to_owned(),
    };
    let foreign = accounting.start_call(request).await.unwrap_err();
    assert_eq!(foreign.code(), Code::PermissionDenied);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outcome_of_a_started_call_is_awaited_and_then_stands_as_unknown() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let (case, decision) = listed(&world, "A-1", "+12155550101").await?;
    let (long, spoken) = listed(&world, "A-2", "+12155550102").await?;
    start(&world, &decision, "dial-1").await?;
    let attempt = start(&world, &spoken, "dial-2").await?.attempt.unwrap();
    // Past the half hour in which a call that nobody starts is not made.
    world.at("2026-01-05T17:00:00Z").await?;
    let done = world.conclude(&attempt.attempt_id, Disposition::Reached).await?;
    assert_eq!(done.disposition(), Disposition::Reached);
    world.at("2026-01-05T19:45:00Z").await?;
    let ended = world.attempt(&case).await?;
    assert_eq!((ended.disposition(), ended.counted), (Disposition::Unknown, true));
    assert_eq!(world.attempts(&long).await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_dialers_at_once_make_one_call() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (_, decision) = listed(&world, "A-1", "+12155550101").await?;
    let names: Vec<String> = (0..8).map(|n| format!("dial-{n}")).collect();
    let starts = names.iter().map(|name| start(&world, &decision, name));
    let answers = futures::future::join_all(starts).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
    assert!(refused.map(reason_of).all(|reason| reason == "call_started"));
    world.close().await
}
