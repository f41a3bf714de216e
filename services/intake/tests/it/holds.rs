//! A client has an account wait, and lets it go on.

use duly_platform::error::violations_of;
use duly_proto::intake::v1::{
    CloseAccountRequest, HoldAccountRequest, LiftHoldRequest, event::Fact,
};
use duly_testkit::{client, day, place, placement, request_id};
use tonic::Code;

use crate::support::{World, open, refused};

pub fn hold(account_id: &str, until_on: Option<&str>) -> HoldAccountRequest {
    HoldAccountRequest {
        request_id: request_id(),
        account_id: account_id.into(),
        reason: "we talk to them ourselves".into(),
        until_on: until_on.map(day),
    }
}

pub fn lift(hold_id: &str) -> LiftHoldRequest {
    LiftHoldRequest {
        request_id: request_id(),
        hold_id: hold_id.into(),
        reason: "talks failed".into(),
    }
}

async fn one_account(world: &mut World) -> anyhow::Result<String> {
    world.place("b", vec![placement("A-1").build()]).await?.account_id("A-1")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_is_placed_told_and_lifted_once() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let id = one_account(&mut world).await?;
    let request = hold(&id, Some("2026-01-20"));
    let first = world.api.intake.hold_account(request.clone()).await?.into_inner();
    let again = world.api.intake.hold_account(request).await?.into_inner();
    assert_eq!(first, again);
    let placed = first.hold.unwrap_or_default();
    assert_eq!(
        (placed.from_on, placed.until_on),
        (Some(day("2026-01-05")), Some(day("2026-01-20")))
    );
    assert!(!placed.lifted);

    let request = lift(&placed.hold_id);
    let lifted = world.api.intake.lift_hold(request.clone()).await?.into_inner();
    assert!(lifted.hold.as_ref().is_some_and(|hold| hold.lifted));
    assert_eq!(world.api.intake.lift_hold(request).await?.into_inner(), lifted);
    let outcome = world.api.intake.lift_hold(lift(&placed.hold_id)).await;
    refused(outcome, Code::FailedPrecondition, "hold_lifted");

    let told = world
        .facts(|fact| match fact {
            Fact::HoldPlaced(hold) => Some((hold.hold_id, hold.opening, hold.reason)),
            Fact::HoldLifted(hold) => Some((hold.hold_id, hold.opening, hold.reason)),
            _ => None,
        })
        .await?;
    // By kind: lifted before placed.
    let expected = [("talks failed", 1), ("we talk to them ourselves", 1)];
    assert_eq!(told.len(), 2);
    for ((hold_id, opening, reason), (words, first)) in told.iter().zip(expected) {
        assert_eq!((hold_id, *opening, reason.as_str()), (&placed.hold_id, first, words));
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_cannot_be_is_refused() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let id = one_account(&mut world).await?;
    let status = world.api.intake.hold_account(hold(&id, Some("2026-01-04"))).await.unwrap_err();
    assert_eq!(violations_of(&status)[0].field, "until_on");
    let silent = HoldAccountRequest { reason: " ".into(), ..hold(&id, None) };
    let status = world.api.intake.hold_account(silent).await.unwrap_err();
    assert_eq!(violations_of(&status)[0].field, "reason");
    let unknown = hold("acct_00000000000000000000000000000001", None);
    refused(world.api.intake.hold_account(unknown).await, Code::NotFound, "account_unknown");
    let unknown = lift("hold_00000000000000000000000000000001");
    refused(world.api.intake.lift_hold(unknown).await, Code::NotFound, "hold_unknown");

    // Its last day is part of it.
    let today = world.api.intake.hold_account(hold(&id, Some("2026-01-05"))).await?.into_inner();
    world.run.driver().advance_to("2026-01-06T15:00:00Z".parse()?).await?;
    let over = lift(&today.hold.unwrap_or_default().hold_id);
    refused(world.api.intake.lift_hold(over).await, Code::FailedPrecondition, "hold_over");

    let close = CloseAccountRequest {
        request_id: request_id(),
        account_id: id.clone(),
        close_code: "UNC".into(),
        reason: String::new(),
    };
    world.api.intake.close_account(close).await?;
    let outcome = world.api.intake.hold_account(hold(&id, None)).await;
    refused(outcome, Code::FailedPrecondition, "account_closed");
    assert_eq!(world.told("hold_placed").await?, 1);
    world.run.digest().await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_holds_and_lifts_in_its_own_tree_only() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let rival = world.put(client("RIVAL")).await?;
    let own = one_account(&mut world).await?;
    let acme = world.account(&own).await?.client_id;
    let records = vec![placement("R-1").build()];
    let foreign = place(&mut world.api.intake, open("RIVAL", "b"), records, 500).await?;
    let foreign = foreign.account_id("R-1")?;
    let mut api = world.run.clients_of_tree(&[acme.parse()?])?;
    let mut rivals = world.run.clients_of_tree(&[rival.client_id.parse()?])?;
    let held = rivals.intake.hold_account(hold(&foreign, None)).await?.into_inner().hold;
    let held = held.unwrap_or_default().hold_id;
    refused(api.intake.hold_account(hold(&foreign, None)).await, Code::NotFound, "account_unknown");
    refused(api.intake.lift_hold(lift(&held)).await, Code::NotFound, "hold_unknown");
    let mine = api.intake.hold_account(hold(&own, None)).await?.into_inner().hold;
    api.intake.lift_hold(lift(&mine.unwrap_or_default().hold_id)).await?;
    world.end().await
}
