//! Stops exhaust the party that they are of, and nobody else.

use duly_domain::IdSource as _;
use duly_platform::SystemIds;
use duly_proto::{common::v1::Channel, contact::v1::StopKind, workflow::v1::TrackState};

use crate::world::{World, account};

#[tokio::test(flavor = "multi_thread")]
async fn a_bankrupt_party_is_left_and_its_guarantor_goes_on() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1").guarantor("Robin Sample");
    world.place(&one).await?;
    let scrub = world.asked(&one, 0).await?;
    let stop = one.stopped(SystemIds.next(), StopKind::Bankruptcy, one.party(0), |_| {});
    world.decide([one.answer(&scrub, "hit"), stop]).await?;
    let track = world.track(&one, 0).await?;
    assert_eq!(
        (track.state(), track.why.as_str()),
        (TrackState::Exhausted, "the party is bankrupt")
    );
    assert!(world.proposed().await?.is_empty(), "the guarantor still owes it");
    world.to("2026-01-12T12:00:00Z").await?;
    assert_eq!(world.asked(&one, 1).await?.step, "scrub");
    let stop = one.stopped(SystemIds.next(), StopKind::Deceased, one.party(1), |_| {});
    world.decide([stop]).await?;
    assert_eq!(world.proposed().await?, ["BKY13"], "by the chapter that the scrub found");
    assert!(world.tasks().await?.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_stop_that_ends_contact_closes_with_its_code() -> anyhow::Result<()> {
    let world = World::open().await?;
    let mut expected = Vec::new();
    for (no, (kind, code)) in [
        (StopKind::Attorney, "CND"),
        (StopKind::Cease, "CND"),
        (StopKind::Bankruptcy, "BKY7"),
        (StopKind::Deceased, "DEC"),
    ]
    .into_iter()
    .enumerate()
    {
        let one = account(SystemIds.next(), &format!("A-{no}"));
        world.place(&one).await?;
        world.decide([one.stopped(SystemIds.next(), kind, one.party(0), |_| {})]).await?;
        expected.push(code);
        assert_eq!(world.proposed().await?, expected);
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_is_lifted_lets_the_track_go_on() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    let asked = world.calling(&one).await?;
    let stop = SystemIds.next();
    let account_id = one.id.to_string();
    let of_account = |stop: &mut duly_proto::contact::v1::StopPlaced| stop.account_id = account_id;
    world.decide([one.stopped(stop, StopKind::Cease, one.party(0), of_account)]).await?;
    world.decide([one.answer(&asked, "refused")]).await?;
    assert_eq!(world.track(&one, 0).await?.state(), TrackState::Exhausted);
    assert!(world.tasks().await?.is_empty(), "a stop is nobody's trouble");
    world.decide([one.stop_lifted(stop, one.party(0))]).await?;
    assert_eq!(world.track(&one, 0).await?.state(), TrackState::Treating);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_of_one_channel_address_or_other_account_exhausts_nobody() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.place(&one).await?;
    let party = one.party(0);
    let other: duly_domain::AccountId = SystemIds.next();
    world
        .decide([
            one.stopped(SystemIds.next(), StopKind::OptOut, party, |_| {}),
            one.stopped(SystemIds.next(), StopKind::Military, party, |_| {}),
            one.stopped(SystemIds.next(), StopKind::Cease, party, |s| s.set_channel(Channel::Call)),
            one.stopped(SystemIds.next(), StopKind::Cease, party, |s| {
                s.address = "a@b.example".into();
            }),
            one.stopped(SystemIds.next(), StopKind::Cease, party, |s| {
                s.account_id = other.to_string();
            }),
        ])
        .await?;
    assert_eq!(world.track(&one, 0).await?.state(), TrackState::Treating);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_known_before_the_account_stands_from_its_first_tick() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = account(SystemIds.next(), "A-1");
    world.decide([one.stopped(SystemIds.next(), StopKind::Attorney, one.party(0), |_| {})]).await?;
    world.place(&one).await?;
    assert_eq!(world.track(&one, 0).await?.state(), TrackState::Exhausted);
    assert!(world.told("treatment_due").await?.is_empty());
    world.close().await
}
