//! Promises, disputes and holds make an account rest, and end.

use chrono::TimeDelta;
use duly_domain::IdSource as _;
use duly_platform::SystemIds;
use duly_proto::workflow::v1::TrackState;

use crate::world::{World, account};

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_pauses_every_party_until_it_is_kept() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1").guarantor("Robin Sample");
    world.calling(&one).await?;
    let promise = SystemIds.next();
    let asked = world.asked(&one, 0).await?;
    let promised = one.promised(promise, Some(one.party(0)), "2026-01-20");
    world.decide([one.answer(&asked, "reached"), promised]).await?;
    for party in 0..2 {
        let track = world.track(&one, party).await?;
        assert_eq!(track.state(), TrackState::Paused, "{}", track.why);
        assert_eq!(track.why, "a payment is promised for 2026-01-20");
    }
    let before = world.told("treatment_due").await?.len();
    world.run.driver().advance(TimeDelta::days(20)).await?;
    assert_eq!(world.told("treatment_due").await?.len(), before, "nothing is done meanwhile");
    world.decide([one.promise_kept(promise)]).await?;
    assert_eq!(world.asked(&one, 0).await?.step, "second-demand");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_promise_leads_its_party_to_a_call_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.calling(&one).await?;
    let promise = SystemIds.next();
    // Told in the wrong order: the breach first.
    world.answer(&one, 0, "reached").await?;
    world.answer(&one, 0, "mailed").await?;
    world.decide([one.promise_broken(promise, false)]).await?;
    assert_eq!(world.track(&one, 0).await?.step, "rest-after-second");
    world.decide([one.promised(promise, None, "2026-01-20")]).await?;
    let asked = world.asked(&one, 0).await?;
    assert_eq!(asked.step, "chase-promise");
    world.answer(&one, 0, "reached").await?;
    assert_eq!(world.asked(&one, 0).await?.step, "final-demand");
    world.tick().await?;
    assert_eq!(world.asked(&one, 0).await?.step, "final-demand");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_promise_is_neither_kept_nor_broken() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.calling(&one).await?;
    let promise = SystemIds.next();
    world.answer(&one, 0, "reached").await?;
    world.answer(&one, 0, "mailed").await?;
    world.decide([one.promised(promise, None, "2026-01-20")]).await?;
    assert_eq!(world.track(&one, 0).await?.state(), TrackState::Paused);
    world.decide([one.promise_broken(promise, true)]).await?;
    assert_eq!(world.track(&one, 0).await?.step, "rest-after-second");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dispute_kept_back_is_done_after_it() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    let asked = world.calling(&one).await?;
    let dispute = SystemIds.next();
    world.decide([one.disputed(dispute, true), one.answer(&asked, "refused")]).await?;
    assert_eq!(world.track(&one, 0).await?.state(), TrackState::Paused);
    assert_eq!(world.tasks().await?, ["dispute: the debtor disputes (pricing): get it answered"]);
    world.run.driver().advance(TimeDelta::days(3)).await?;
    world.decide([one.dispute_resolved(dispute)]).await?;
    let again = world.asked(&one, 0).await?;
    assert_eq!((again.step.as_str(), again.try_no), ("first-calls", 2));
    assert!(world.tasks().await?.is_empty(), "the task was closed by the answer");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_of_a_part_opens_a_task_and_pauses_nothing() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.calling(&one).await?;
    world.decide([one.disputed(SystemIds.next(), false)]).await?;
    assert_eq!(world.track(&one, 0).await?.state(), TrackState::Treating);
    assert_eq!(world.tasks().await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_ends_by_itself_or_by_being_lifted() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (one, two) = (account(SystemIds.next(), "A-1"), account(SystemIds.next(), "A-2"));
    let (first, second) = (SystemIds.next(), SystemIds.next());
    world
        .decide([
            one.placed(),
            two.placed(),
            one.held(first, Some("2026-01-08")),
            two.held(second, None),
        ])
        .await?;
    for held in [&one, &two] {
        let track = world.track(held, 0).await?;
        assert_eq!(track.why, "the client holds the account: we are talking");
    }
    assert!(world.told("treatment_due").await?.is_empty());
    world.to("2026-01-09T12:00:00Z").await?;
    assert_eq!(world.asked(&one, 0).await?.step, "scrub");
    assert_eq!(world.track(&two, 0).await?.state(), TrackState::Paused);
    world.decide([two.hold_lifted(second)]).await?;
    assert_eq!(world.asked(&two, 0).await?.step, "scrub");
    world.close().await
}
