//! The workflow proposes, intake closes.

use duly_proto::{
    Event as _,
    intake::v1::{Account, CloseAccountRequest, Lifecycle},
    workflow::v1::{CloseProposed, Event, event::Fact},
};
use duly_testkit::{adjust, placement, request_id};

use crate::{
    holds::{hold, lift},
    support::World,
};

async fn one_account(world: &mut World) -> anyhow::Result<Account> {
    let id = world.place("b", vec![placement("A-1").build()]).await?.account_id("A-1")?;
    world.account(&id).await
}

async fn proposed(world: &World, account: &Account, code: &str) -> anyhow::Result<Event> {
    let fact = CloseProposed {
        account_id: account.account_id.clone(),
        opening: account.opening,
        close_code: code.into(),
        reason: "every liable party is exhausted".into(),
    };
    Ok(Event::new(world.meta(account).await?, Fact::CloseProposed(fact)))
}

async fn close_code(world: &mut World, account: &Account) -> anyhow::Result<String> {
    Ok(world.account(&account.account_id).await?.close_code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_close_happens_at_the_next_tick_and_is_told_once() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let event = proposed(&world, &account, "UNC").await?;
    world.hear(std::slice::from_ref(&event)).await?;
    world.run.settle().await?;
    assert_eq!(world.account(&account.account_id).await?.lifecycle(), Lifecycle::Open);
    world.ticks(1).await?;
    let closed = world.account(&account.account_id).await?;
    assert_eq!((closed.close_code.as_str(), closed.version), ("UNC", 2));
    // Told again, it changes nothing.
    world.hear(&[event]).await?;
    world.ticks(2).await?;
    assert_eq!(world.told("account_closed").await?, 1);
    world.run.digest().await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_goes_before_giving_up() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let (given_up, paid) =
        (proposed(&world, &account, "UNC").await?, proposed(&world, &account, "PIF").await?);
    world.hear(&[given_up, paid]).await?;
    world.ticks(1).await?;
    assert_eq!(close_code(&mut world, &account).await?, "PIF");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_comes_of_a_proposal_for_an_earlier_placement() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let event = proposed(&world, &account, "UNC").await?;
    let close = CloseAccountRequest {
        request_id: request_id(),
        account_id: account.account_id.clone(),
        close_code: "DIS".into(),
        reason: String::new(),
    };
    world.api.intake.close_account(close).await?;
    world.hear(&[event]).await?;
    world.place("again", vec![placement("A-1").build()]).await?;
    world.ticks(2).await?;
    let reopened = world.account(&account.account_id).await?;
    assert_eq!((reopened.opening, reopened.lifecycle()), (2, Lifecycle::Open));
    assert_eq!(world.told("account_closed").await?, 1);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_charged_since_is_not_closed_as_paid() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let stale = proposed(&world, &account, "PIF").await?;
    world.api.intake.adjust_account(adjust(&account.account_id, "25.00")).await?;
    world.hear(&[stale]).await?;
    world.ticks(2).await?;
    assert_eq!(close_code(&mut world, &account).await?, "");
    let fresh = proposed(&world, &account, "PIF").await?;
    world.hear(&[fresh]).await?;
    world.ticks(1).await?;
    assert_eq!(close_code(&mut world, &account).await?, "PIF");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_hold_is_given_up_only_after_the_hold() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let records = ["A-1", "A-2"].map(|reference| placement(reference).build());
    let placed = world.place("b", records.to_vec()).await?;
    let (until_day, until_lifted) = (placed.account_id("A-1")?, placed.account_id("A-2")?);
    world.api.intake.hold_account(hold(&until_day, Some("2026-01-06"))).await?;
    let held = world.api.intake.hold_account(hold(&until_lifted, None)).await?.into_inner();
    let mut events = Vec::new();
    for id in [&until_day, &until_lifted] {
        let account = world.account(id).await?;
        events.push(proposed(&world, &account, "UNC").await?);
    }
    world.hear(&events).await?;
    world.run.driver().advance_to("2026-01-07T04:45:00Z".parse()?).await?;
    assert_eq!(world.account(&until_day).await?.lifecycle(), Lifecycle::Open);
    // Midnight in New York.
    world.run.driver().advance_to("2026-01-07T05:00:00Z".parse()?).await?;
    assert_eq!(world.account(&until_day).await?.close_code, "UNC");
    assert_eq!(world.account(&until_lifted).await?.lifecycle(), Lifecycle::Open);
    world.api.intake.lift_hold(lift(&held.hold.unwrap_or_default().hold_id)).await?;
    world.ticks(1).await?;
    assert_eq!(world.account(&until_lifted).await?.close_code, "UNC");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_only_the_client_says_is_parked() -> anyhow::Result<()> {
    let mut world = World::with_acme().await?;
    let account = one_account(&mut world).await?;
    let (bad, good) =
        (proposed(&world, &account, "RCL").await?, proposed(&world, &account, "SKP").await?);
    world.hear(&[bad, good]).await?;
    world.ticks(1).await?;
    assert_eq!(close_code(&mut world, &account).await?, "SKP");
    let mut conn = world.set.connect_to(&world.set.schema("intake")).await?;
    let parked: i64 =
        sqlx::query_scalar("SELECT count(*) FROM parked").fetch_one(&mut conn).await?;
    assert_eq!(parked, 1);
    world.end().await
}
