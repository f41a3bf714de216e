//! Calls: planned within the agency's hours, permitted one by one, concluded by outcome or by the clock.

use chrono::TimeDelta;
use duly_proto::{
    contact::v1::{
        AttemptState, ConcludeAttemptRequest, CountDecisionsRequest, DecideRequest, Disposition,
        Verdict, event::Fact,
    },
    workflow::v1 as workflow,
};
use duly_testkit::request_id;
use tonic::Code;

use crate::facts::call_due;
use crate::world::{BEGIN, Case, World, at};

fn reason_of(status: &tonic::Status) -> String {
    duly_platform::error::reason_of(status).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_permitted_at_the_tick_listed_and_concluded() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let treatment = world.want_call(&case, 0).await?;
    assert_eq!(world.attempt(&case).await?.state(), AttemptState::Planned);
    assert!(world.call_list().await?.is_empty());
    world.tick().await?;

    let list = world.call_list().await?;
    let [entry] = list.as_slice() else { panic!("{list:?}") };
    assert_eq!(entry.phone, "+12155550101");
    assert_eq!(entry.name, "A-1 0");
    assert_eq!(entry.local_time_earliest, "10:15");
    assert_eq!(entry.local_time_latest, "10:15");
    assert_eq!(entry.requires, ["mini_miranda"]);
    let attempt = entry.attempt.clone().unwrap();
    assert_eq!(attempt.treatment_id, treatment.to_string());
    assert_eq!(attempt.valid_until.unwrap().seconds - attempt.authorized_at.unwrap().seconds, 1800);
    let told = world.told("attempt_authorized").await?;
    let [Fact::AttemptAuthorized(told)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((&told.attempt_id, &told.decision_id), (&attempt.attempt_id, &attempt.decision_id));

    let done = world.conclude(&attempt.attempt_id, Disposition::Reached).await?;
    assert!(done.counted && !done.crossed);
    assert!(world.call_list().await?.is_empty());
    let told = world.told("attempt_concluded").await?;
    let [Fact::AttemptConcluded(told)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(told.disposition(), Disposition::Reached);
    assert_eq!(told.treatment_id, treatment.to_string());
    let explained = world.explain(&case).await?;
    assert_eq!(explained.decisions[0].verdict(), Verdict::Allow);
    assert!(explained.decisions[0].rule_packs.iter().any(|pack| pack == "federal@1"));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_asked_for_in_the_evening_waits_for_the_morning() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    world.at("2026-01-05T23:30:00Z").await?;
    world.want_call(&case, 0).await?;
    let planned = world.attempt(&case).await?.planned_at.unwrap();
    assert_eq!(planned.seconds, at("2026-01-06T14:00:00Z").timestamp());
    world.at("2026-01-06T14:00:00Z").await?;
    assert_eq!(world.call_list().await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_in_the_west_is_called_once_it_is_day_there() -> anyhow::Result<()> {
    let world = World::open().await?;
    // A Californian number: 07:15 there at the first tick, and a Philadelphian address.
    let case = Case::consumer("ACME", "A-1").phone("+12135550101");
    world.place(&[&case]).await?;
    world.want_call(&case, 0).await?;
    world.tick().await?;
    let waits = world.attempt(&case).await?;
    assert_eq!(waits.state(), AttemptState::Planned);
    assert!(waits.why.contains("America/Los_Angeles"), "{}", waits.why);
    // 08:00:00 itself is shut; the first tick after it is 08:15.
    assert_eq!(waits.planned_at.unwrap().seconds, at("2026-01-05T16:15:00Z").timestamp());
    world.at("2026-01-05T16:15:00Z").await?;
    let entry = &world.call_list().await?[0];
    assert_eq!(entry.local_time_earliest, "08:15");
    assert_eq!(entry.local_time_latest, "11:15");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_nobody_makes_in_its_time_is_not_made_and_does_not_count() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    world.want_call(&case, 0).await?;
    world.tick().await?;
    let attempt = world.attempt(&case).await?;
    world.at("2026-01-05T15:45:00Z").await?;
    let ended = world.attempt(&case).await?;
    assert_eq!((ended.disposition(), ended.counted), (Disposition::NotMade, false));
    let told = world.told("attempt_concluded").await?;
    assert!(matches!(told.as_slice(), [Fact::AttemptConcluded(_)]));
    let late = world.conclude(&attempt.attempt_id, Disposition::Reached).await.unwrap_err();
    assert_eq!(reason_of(&late), "attempt_expired");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_eighth_call_in_seven_days_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    for _ in 0..7 {
        world.call(&case, 0, Disposition::NoAnswer).await?;
    }
    let eighth = world.propose(&case, 0).await?;
    assert!(eighth.attempt.is_none());
    let decision = eighth.decision.unwrap();
    assert_eq!(decision.verdict(), Verdict::Defer);
    assert_eq!(decision.reasons[0].rule, "call_frequency");
    assert!(decision.reasons[0].authority.starts_with("12 CFR 1006.14"));
    // Seven consecutive days from the 5th on end with the 11th; the 12th is a Monday.
    let next = decision.next_permitted_at.unwrap().seconds;
    assert_eq!(next, at("2026-01-12T14:00:00Z").timestamp());
    let counts = world.api.clone().count_decisions(CountDecisionsRequest {}).await?.into_inner();
    let of = |verdict: Verdict| {
        counts.counts.iter().filter(|row| row.verdict() == verdict).map(|row| row.count).sum()
    };
    assert_eq!((of(Verdict::Allow), of(Verdict::Defer)), (7i64, 1i64));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn parties_of_one_person_share_the_seven_calls_about_a_debt() -> anyhow::Result<()> {
    let world = World::open().await?;
    let shared = "+12155550101";
    let both = Case::consumer("ACME", "A-1").phone(shared).guarantor().phone(shared);
    let elsewhere = Case::consumer("MILLS", "M-1").phone(shared);
    world.place(&[&both]).await?;
    world.place(&[&elsewhere]).await?;
    for call in 0..7 {
        world.call(&both, call % 2, Disposition::NoAnswer).await?;
    }
    for party in [0, 1] {
        let refused = world.propose(&both, party).await?.decision.unwrap();
        assert_eq!(refused.reasons[0].rule, "call_frequency", "{party}");
    }
    // The limit is one of person and debt: another client's debt has its own.
    for _ in 0..7 {
        world.call(&elsewhere, 0, Disposition::NoAnswer).await?;
    }
    let refused = world.propose(&elsewhere, 0).await?.decision.unwrap();
    assert_eq!(refused.reasons[0].rule, "call_frequency");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_tick_permits_counts_within_it_in_the_order_of_the_parties() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let shared = "+12155550101";
    let case = Case::consumer("ACME", "A-1").phone(shared).guarantor().phone(shared);
    world.place(&[&case]).await?;
    for _ in 0..6 {
        world.call(&case, 0, Disposition::NoAnswer).await?;
    }
    // The guarantor's is asked for first; the principal's is decided first.
    let expires = at(BEGIN) + TimeDelta::days(1);
    for party in [1, 0] {
        world.tell::<workflow::Event>(vec![call_due(&case, party, expires).1]).await?;
    }
    world.tick().await?;
    let list = world.call_list().await?;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].attempt.as_ref().unwrap().party_id, case.party_id(0));
    let refused = world.told("treatment_refused").await?;
    let [Fact::TreatmentRefused(refused)] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!(refused.party_id, case.party_id(1));
    assert_eq!(refused.reasons[0].rule, "call_frequency");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_treatment_whose_time_is_over_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let soon = at(BEGIN) + TimeDelta::minutes(5);
    world.tell::<workflow::Event>(vec![call_due(&case, 0, soon).1]).await?;
    world.tick().await?;
    let attempt = world.attempt(&case).await?;
    assert_eq!(attempt.state(), AttemptState::Withdrawn);
    let refused = world.told("treatment_refused").await?;
    let [Fact::TreatmentRefused(refused)] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!(refused.reasons[0].rule, "too_late");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_treatment_waits_for_its_account() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.want_call(&case, 0).await?;
    world.tick().await?;
    assert_eq!(world.attempt(&case).await?.state(), AttemptState::Planned);
    world.place(&[&case]).await?;
    world.tick().await?;
    assert_eq!(world.call_list().await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn deciding_changes_nothing() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let mut request = DecideRequest {
        account_id: case.account_id(),
        party_id: case.party_id(0),
        ..DecideRequest::default()
    };
    request.set_channel(duly_proto::common::v1::Channel::Call);
    let now = world.api.clone().decide(request.clone()).await?.into_inner().decision.unwrap();
    assert_eq!(now.verdict(), Verdict::Allow);
    request.at = Some(duly_proto::convert::timestamp(at("2026-01-06T02:30:00Z")));
    let night = world.api.clone().decide(request.clone()).await?.into_inner().decision.unwrap();
    assert_eq!(night.verdict(), Verdict::Defer);
    assert!(night.reasons.iter().any(|reason| reason.rule == "local_hours"));
    assert_eq!(world.count("SELECT count(*) FROM decision").await?, 0);
    request.at = Some(duly_proto::convert::timestamp(at("2026-01-01T12:00:00Z")));
    let past = world.api.clone().decide(request).await.unwrap_err();
    assert_eq!(past.code(), Code::InvalidArgument);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_needs_its_authorisation_and_stands() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    world.want_call(&case, 0).await?;
    let attempt = world.attempt(&case).await?.attempt_id;
    let early = world.conclude(&attempt, Disposition::Reached).await.unwrap_err();
    assert_eq!(reason_of(&early), "attempt_not_authorized");
    let unknown = "atpt_00000000000000000000000000000001";
    let unknown = world.conclude(unknown, Disposition::Reached).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    let malformed = world.conclude("atpt_1", Disposition::Reached).await.unwrap_err();
    assert_eq!(malformed.code(), Code::InvalidArgument);
    world.tick().await?;
    let nothing = world.conclude(&attempt, Disposition::Unspecified).await.unwrap_err();
    assert_eq!(nothing.code(), Code::InvalidArgument);

    let mut request = ConcludeAttemptRequest {
        request_id: request_id(),
        attempt_id: attempt.clone(),
        note: "asked to call again in the evening".to_owned(),
        ..Default::default()
    };
    request.set_disposition(Disposition::Voicemail);
    let first = world.api.clone().conclude_attempt(request.clone()).await?.into_inner();
    let again = world.api.clone().conclude_attempt(request.clone()).await?.into_inner();
    assert_eq!(first, again);
    request.set_disposition(Disposition::Busy);
    let other_body = world.api.clone().conclude_attempt(request).await.unwrap_err();
    assert_eq!(reason_of(&other_body), "request_id_reused");
    let differs = world.conclude(&attempt, Disposition::Busy).await.unwrap_err();
    assert_eq!(reason_of(&differs), "attempt_has_outcome");
    assert_eq!(world.told("attempt_concluded").await?.len(), 1);
    assert_eq!(world.count("SELECT count(*) FROM note").await?, 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_keeps_its_facts_without_a_name_or_a_number() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101").email("ann@example.com");
    world.place(&[&case]).await?;
    world.call(&case, 0, Disposition::NoAnswer).await?;
    let mut conn = world.set.connect_to(&world.set.schema("contact")).await?;
    let (facts, said): (serde_json::Value, serde_json::Value) = sqlx::query_as(
        "SELECT facts, jsonb_build_object('verdict', verdict, 'next', next_permitted_at) FROM decision",
    )
    .fetch_one(&mut conn)
    .await?;
    let text = facts.to_string();
    for private in ["2155550101", "ann@example.com", "A-1 0", "Main St"] {
        assert!(!text.contains(private), "{private}");
    }
    let replayed = duly_compliance::replay(&serde_json::from_value(facts)?)?;
    assert_eq!(said["verdict"], replayed.verdict.as_str());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_planned_before_an_account_was_placed_again_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let mut case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    world.want_call(&case, 0).await?;
    world.recall(&case).await?;
    case.fact.opening = 2;
    world.place(&[&case]).await?;
    world.tick().await?;
    let refused = world.told("treatment_refused").await?;
    let [Fact::TreatmentRefused(refused)] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!((&*refused.reasons[0].rule, refused.opening), ("placed_again", 1));
    // The new placement may be worked.
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_for_a_placement_that_is_still_to_be_heard_of_waits() -> anyhow::Result<()> {
    let world = World::open().await?;
    let mut case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let (_, (meta, fact)) = call_due(&case, 0, at(BEGIN) + TimeDelta::days(2));
    let workflow::event::Fact::TreatmentDue(mut due) = fact else { panic!() };
    due.opening = 2;
    let fact = workflow::event::Fact::TreatmentDue(due);
    world.tell::<workflow::Event>(vec![(meta, fact)]).await?;
    world.tick().await?;
    assert_eq!(world.attempt(&case).await?.state(), AttemptState::Planned);
    world.recall(&case).await?;
    case.fact.opening = 2;
    world.place(&[&case]).await?;
    world.tick().await?;
    assert_eq!(world.attempt(&case).await?.state(), AttemptState::Authorized);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_told_with_its_check_and_what_had_to_be_said() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    let other = Case::consumer("ACME", "A-2").phone("+12155550102");
    world.place(&[&case, &other]).await?;
    let talked = |attempt_id: &str| {
        let mut request = ConcludeAttemptRequest {
            request_id: request_id(),
            attempt_id: attempt_id.to_owned(),
            right_party_verified: Some(true),
            ..Default::default()
        };
        request.set_disposition(Disposition::Reached);
        request
    };
    let call = world.propose(&case, 0).await?.attempt.unwrap().attempt_id;
    let mut api = world.api.clone();
    let unsure = ConcludeAttemptRequest { right_party_verified: Some(false), ..talked(&call) };
    let unsure = api.conclude_attempt(unsure).await.unwrap_err();
    assert_eq!(reason_of(&unsure), "right_party_not_verified");
    let silent = api.conclude_attempt(talked(&call)).await.unwrap_err();
    assert_eq!(reason_of(&silent), "disclosure_missing");
    assert!(silent.message().contains("mini_miranda"), "{silent:?}");
    let decision = world.propose(&other, 0).await?;
    let requires = decision.decision.unwrap().requires;
    let said = ConcludeAttemptRequest { disclosures_given: requires, ..talked(&call) };
    api.conclude_attempt(said).await?;
    // One that was cut off took place all the same.
    let cut = decision.attempt.unwrap().attempt_id;
    let cut = ConcludeAttemptRequest {
        undisclosed_because: "the line broke before I could".to_owned(),
        ..talked(&cut)
    };
    api.conclude_attempt(cut).await?;
    let missing = "SELECT count(*) FROM conversation WHERE 'mini_miranda' = ANY (missing)";
    assert_eq!(world.count(missing).await?, 1);
    assert_eq!(world.count("SELECT count(*) FROM conversation").await?, 2);
    world.close().await
}
