//! Stops stand before their command returns, withdraw what is planned, and show what they crossed.

use chrono::TimeDelta;
use duly_contact::Config;
use duly_platform::{Role, error::reason_of};
use duly_proto::{
    common::v1::Channel,
    contact::v1::{
        AttemptState, Disposition, LiftStopRequest, ListStopsRequest, PlaceStopRequest, Stop,
        StopKind, Verdict, event::Fact,
    },
    convert::timestamp,
    intake::v1::KnownFactKind,
    skiptrace::v1::HitKind,
};
use duly_testkit::request_id;
use tonic::Code;

use crate::world::{BEGIN, Case, World, at};

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_withdraws_what_is_planned_with_its_reason() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let treatment = world.want_call(&case, 0).await?;
    world.letter(&case, 0).await?;
    let stop = world.stop(&case, 0, StopKind::Cease).await?;
    assert_eq!(stop.source, "manager");
    world.tick().await?;
    for attempt in world.attempts(&case).await? {
        assert_eq!(attempt.state(), AttemptState::Withdrawn);
        assert!(attempt.why.contains("asked in writing that contact cease"), "{}", attempt.why);
    }
    let refused = world.told("treatment_refused").await?;
    assert_eq!(refused.len(), 2);
    assert!(refused.iter().any(|fact| matches!(fact, Fact::TreatmentRefused(refused)
        if refused.treatment_id == treatment.to_string()
            && refused.reasons[0].authority == "12 CFR 1006.6(c)(1)")));
    let told = world.told("stop_placed").await?;
    let [Fact::StopPlaced(told)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(told.stop_id, stop.stop_id);
    let explained = world.explain(&case).await?;
    assert!(!explained.contactable);
    assert_eq!(explained.reasons[0].rule, "cease");
    assert_eq!(explained.stops.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_permitted_before_a_stop_and_made_after_it_is_listed_as_crossed()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let made = Case::consumer("ACME", "A-1").phone("+12155550101");
    let left = Case::consumer("ACME", "A-2").phone("+12155550102");
    let other = Case::consumer("ACME", "A-3").phone("+12155550103");
    let cases = [&made, &left, &other];
    world.place(&cases).await?;
    for case in cases {
        world.want_call(case, 0).await?;
    }
    world.tick().await?;
    assert_eq!(world.call_list().await?.len(), 3);
    world.stop(&made, 0, StopKind::Attorney).await?;
    world.stop(&left, 0, StopKind::Deceased).await?;
    // Nobody is sent to call them any more; whoever was on the phone already says so.
    assert_eq!(world.call_list().await?.len(), 1);
    let made = world.attempt(&made).await?.attempt_id;
    assert!(world.conclude(&made, Disposition::Reached).await?.crossed);
    let left = world.attempt(&left).await?.attempt_id;
    assert!(!world.conclude(&left, Disposition::NotMade).await?.crossed);
    let other = world.attempt(&other).await?.attempt_id;
    assert!(!world.conclude(&other, Disposition::Reached).await?.crossed);
    let crossed = world.crossed().await?;
    assert_eq!(crossed.iter().map(|a| &a.attempt_id).collect::<Vec<_>>(), [&made]);
    assert_eq!(crossed[0].why, "a stop was told after it had been permitted");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_of_one_number_leaves_the_other() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101").phone("+12155550102");
    world.place(&[&case]).await?;
    world.opt_out(&case, Channel::Call, "(215) 555-0101").await?;
    world.want_call(&case, 0).await?;
    world.tick().await?;
    let list = world.call_list().await?;
    assert_eq!(list[0].phone, "+12155550102");
    world.opt_out(&case, Channel::Call, "").await?;
    let refused = world.propose(&case, 0).await?.decision.unwrap();
    assert_eq!((refused.verdict(), &*refused.reasons[0].rule), (Verdict::Refuse, "opt_out"));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_told_to_one_client_holds_for_the_person() -> anyhow::Result<()> {
    let world = World::open().await?;
    let here = Case::consumer("ACME", "A-1").phone("+12155550101");
    let there = Case::consumer("MILLS", "M-1").phone("+12155550101");
    world.place(&[&here, &there]).await?;
    world.want_call(&there, 0).await?;
    world.opt_out(&here, Channel::Call, "").await?;
    world.tick().await?;
    let refused = world.attempt(&there).await?;
    assert_eq!(refused.state(), AttemptState::Withdrawn);
    assert!(!refused.why.contains("ACME"));
    // A cease is about one debt: the other client's goes on.
    let debt = Case::consumer("ACME", "A-2").phone("+12155550109");
    let other_debt = Case::consumer("MILLS", "M-2").phone("+12155550109");
    world.place(&[&debt, &other_debt]).await?;
    world.stop(&debt, 0, StopKind::Cease).await?;
    assert!(world.propose(&debt, 0).await?.attempt.is_none());
    assert!(world.propose(&other_debt, 0).await?.attempt.is_some());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lifted_stop_frees_what_comes_after_it() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let stop = world.stop(&case, 0, StopKind::Bankruptcy).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_none());
    let request = LiftStopRequest {
        request_id: request_id(),
        stop_id: stop.stop_id.clone(),
        reason: "dismissed".to_owned(),
    };
    let mut collector = world.run.clients(Role::Collector)?.contact;
    let denied = collector.lift_stop(request.clone()).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    let mut compliance = world.run.clients(Role::Compliance)?.contact;
    let silent = LiftStopRequest { reason: " ".to_owned(), ..request.clone() };
    assert_eq!(compliance.lift_stop(silent).await.unwrap_err().code(), Code::InvalidArgument);
    let lifted = compliance.lift_stop(request.clone()).await?.into_inner().stop.unwrap();
    assert_eq!(lifted.lift_reason, "dismissed");
    let twice = LiftStopRequest { request_id: request_id(), ..request };
    let twice = compliance.lift_stop(twice).await.unwrap_err();
    assert_eq!(duly_platform::error::reason_of(&twice).as_deref(), Some("stop_lifted"));
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    assert_eq!(world.told("stop_lifted").await?.len(), 1);
    let list =
        |with_lifted| ListStopsRequest { account_id: case.account_id(), with_lifted, page: None };
    assert_eq!(compliance.list_stops(list(false)).await?.into_inner().stops.len(), 0);
    assert_eq!(compliance.list_stops(list(true)).await?.into_inner().stops.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_knows_stands_before_anything_is_planned() -> anyhow::Result<()> {
    let world = World::open().await?;
    let cases = [
        (KnownFactKind::Attorney, "attorney"),
        (KnownFactKind::Cease, "cease"),
        (KnownFactKind::Bankruptcy, "bankruptcy"),
        (KnownFactKind::Deceased, "deceased"),
        (KnownFactKind::Military, "military"),
        (KnownFactKind::OptOut, "opt_out"),
        (KnownFactKind::InconvenientTime, "opt_out"),
        (KnownFactKind::Dispute, "dispute"),
    ];
    for (number, (kind, rule)) in cases.into_iter().enumerate() {
        let case = Case::consumer("ACME", &format!("A-{number}"))
            .phone(&format!("+1215555010{number}"))
            .known(kind, "");
        world.place(&[&case]).await?;
        let said = world.propose(&case, 0).await?;
        let decision = said.decision.unwrap();
        assert!(said.attempt.is_none(), "{rule}");
        assert!(decision.reasons.iter().any(|r| r.rule == rule), "{rule}: {decision:?}");
    }
    let spanish = Case::consumer("ACME", "A-9")
        .phone("+12155550109")
        .known(KnownFactKind::Language, "Spanish");
    world.place(&[&spanish]).await?;
    assert!(world.propose(&spanish, 0).await?.attempt.is_some());
    assert_eq!(world.told("dispute_opened").await?.len(), 1);
    assert_eq!(world.told("stop_placed").await?.len(), 6 + 3);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scrub_stops_the_party_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    world.want_call(&case, 0).await?;
    world.hits(&case, &[HitKind::Bankruptcy]).await?;
    world.hits(&case, &[HitKind::Bankruptcy, HitKind::Deceased]).await?;
    world.hits(&case, &[]).await?;
    world.tick().await?;
    assert_eq!(world.attempt(&case).await?.state(), AttemptState::Withdrawn);
    let stops = world.explain(&case).await?.stops;
    let kinds: Vec<StopKind> = stops.iter().map(Stop::kind).collect();
    assert_eq!(kinds, [StopKind::Bankruptcy, StopKind::Deceased]);
    assert_eq!(stops[0].source, "scrub:file");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scrub_heard_before_its_account_waits_for_it() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.hits(&case, &[HitKind::Bankruptcy]).await?;
    world.place(&[&case]).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_none());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_names_nothing_known_or_too_much_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    let other = Case::consumer("ACME", "A-2").phone("+12155550102");
    world.place(&[&case, &other]).await?;
    let good = || {
        let mut request = PlaceStopRequest {
            request_id: request_id(),
            party_id: case.party_id(0),
            account_id: case.account_id(),
            ..Default::default()
        };
        request.set_kind(StopKind::OptOut);
        request
    };
    let wrong: Vec<(&str, Code, PlaceStopRequest)> = vec![
        ("kind", Code::InvalidArgument, PlaceStopRequest { kind: 0, ..good() }),
        ("kind", Code::InvalidArgument, PlaceStopRequest { kind: 99, ..good() }),
        ("party", Code::InvalidArgument, PlaceStopRequest { party_id: String::new(), ..good() }),
        (
            "nobody",
            Code::NotFound,
            PlaceStopRequest {
                party_id: "prty_00000000000000000000000000000001".to_owned(),
                account_id: String::new(),
                ..good()
            },
        ),
        (
            "another's party",
            Code::InvalidArgument,
            PlaceStopRequest { party_id: other.party_id(0), ..good() },
        ),
        (
            "address of another medium",
            Code::InvalidArgument,
            PlaceStopRequest {
                channel: Channel::Email.into(),
                address: "+12155550101".to_owned(),
                ..good()
            },
        ),
        (
            "address of another stop",
            Code::InvalidArgument,
            PlaceStopRequest {
                kind: StopKind::Cease.into(),
                address: "+12155550101".to_owned(),
                ..good()
            },
        ),
        (
            "evidence",
            Code::InvalidArgument,
            PlaceStopRequest { evidence: "x".repeat(5_000), ..good() },
        ),
        (
            "request",
            Code::InvalidArgument,
            PlaceStopRequest { request_id: String::new(), ..good() },
        ),
    ];
    for (what, code, request) in wrong {
        let refused = world.place_stop(request).await.unwrap_err();
        assert_eq!(refused.code(), code, "{what}: {refused:?}");
    }
    assert_eq!(world.count("SELECT count(*) FROM stop").await?, 0);
    let once = good();
    let first = world.place_stop(once.clone()).await?;
    assert_eq!(world.place_stop(once).await?, first);
    assert_eq!(world.count("SELECT count(*) FROM stop").await?, 1);
    // One that intake made a moment ago may be on its way.
    let young = Case::consumer("ACME", "A-3");
    let refused = world.stop(&young, 0, StopKind::Cease).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_placed_a_stop_does_not_lift_it_where_the_agency_says_so() -> anyhow::Result<()> {
    let world = World::open_with(Config::default().lift_by_second_person()).await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let stop = world.stop(&case, 0, StopKind::Bankruptcy).await?;
    let lift = || LiftStopRequest {
        request_id: request_id(),
        stop_id: stop.stop_id.clone(),
        reason: "dismissed".to_owned(),
    };
    let alone = world.api.clone().lift_stop(lift()).await.unwrap_err();
    assert_eq!(reason_of(&alone).as_deref(), Some("second_person_needed"));
    assert!(alone.message().contains("have another lift it"), "{alone:?}");
    assert!(world.propose(&case, 0).await?.attempt.is_none());
    let mut compliance = world.run.clients(Role::Compliance)?.contact;
    compliance.lift_stop(lift()).await?;
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    // What the client's file said was placed by nobody of the agency.
    let known = Case::consumer("ACME", "A-2").phone("+12155550102").known(KnownFactKind::Cease, "");
    world.place(&[&known]).await?;
    let stop = world.explain(&known).await?.stops.remove(0);
    let lift = LiftStopRequest { stop_id: stop.stop_id, ..lift() };
    world.api.clone().lift_stop(lift).await?;
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_keeps_when_it_was_received_which_is_never_in_the_future() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let received = |at| {
        let mut request = PlaceStopRequest {
            request_id: request_id(),
            party_id: case.party_id(0),
            received_at: Some(timestamp(at)),
            ..Default::default()
        };
        request.set_kind(StopKind::Cease);
        request
    };
    let future = world.place_stop(received(at(BEGIN) + TimeDelta::seconds(1))).await.unwrap_err();
    assert_eq!(future.code(), Code::InvalidArgument);
    let yesterday = at(BEGIN) - TimeDelta::days(1);
    let stop = world.place_stop(received(yesterday)).await?;
    assert_eq!(stop.received_at, Some(timestamp(yesterday)));
    assert_eq!(stop.placed_at, Some(timestamp(at(BEGIN))));
    let refused = world.propose(&case, 0).await?.decision.unwrap();
    assert!(refused.reasons[0].sentence.contains("2026-01-04"), "{refused:?}");
    world.close().await
}
