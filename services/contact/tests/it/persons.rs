//! Who is one person: parties that share a key, directly or through others, in whatever order they come.

use std::collections::BTreeSet;

use duly_platform::Role;
use duly_proto::{
    contact::v1::{
        AttemptState, Disposition, LinkPersonsRequest, LinkPersonsResponse, StopKind,
        UnlinkPartyRequest, UnlinkPartyResponse,
    },
    intake::v1 as intake,
};
use duly_testkit::request_id;
use futures::future::join_all;
use tonic::{Code, Status};

use crate::facts::placed;
use crate::world::{Case, World};

impl World {
    /// The partition of parties into persons, by the accounts' references.
    async fn partition(&self) -> anyhow::Result<BTreeSet<String>> {
        let mut conn = self.set.connect_to(&self.set.schema("contact")).await?;
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT string_agg(client_account_ref, ' ' ORDER BY client_account_ref)
             FROM person_party JOIN account_party USING (party_id) JOIN account USING (account_id)
             GROUP BY person_id",
        )
        .fetch_all(&mut conn)
        .await?;
        Ok(rows.into_iter().collect())
    }

    /// Says that two parties are one person.
    pub async fn link(&self, party: &str, other: &str) -> Result<LinkPersonsResponse, Status> {
        let request = LinkPersonsRequest {
            request_id: request_id(),
            party_id: party.to_owned(),
            other_party_id: other.to_owned(),
            reason: "same birth date".to_owned(),
        };
        Ok(self.api.clone().link_persons(request).await?.into_inner())
    }

    /// Says that a party is somebody else.
    pub async fn unlink(&self, party: &str) -> Result<UnlinkPartyResponse, Status> {
        let request = UnlinkPartyRequest {
            request_id: request_id(),
            party_id: party.to_owned(),
            reason: "father and son".to_owned(),
        };
        Ok(self.api.clone().unlink_party(request).await?.into_inner())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_knows_both_merges_two_persons() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = Case::consumer("ACME", "A-1").phone("+12155550101");
    let two = Case::consumer("MILLS", "M-1").email("Ann@example.com").phone("+12155550102");
    world.place(&[&one, &two]).await?;
    for _ in 0..3 {
        world.call(&one, 0, Disposition::NoAnswer).await?;
    }
    assert_eq!(world.partition().await?, BTreeSet::from(["A-1".into(), "M-1".into()]));
    let both = Case::consumer("ACME", "A-2").phone("+12155550101").email("ann@EXAMPLE.com");
    world.place(&[&both]).await?;
    assert_eq!(world.partition().await?, BTreeSet::from(["A-1 A-2 M-1".into()]));
    // A trace links as well: the number is theirs as far as anybody knows.
    let fourth = Case::consumer("ACME", "A-3").phone("+12155550104");
    world.place(&[&fourth]).await?;
    world.traced(&fourth, "+12155550102").await?;
    assert_eq!(world.partition().await?, BTreeSet::from(["A-1 A-2 A-3 M-1".into()]));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_partition_does_not_depend_on_who_comes_first() -> anyhow::Result<()> {
    // Twelve in four chains that hang together only through their middle.
    let cases: Vec<Case> = (0..12)
        .map(|n| {
            let (chain, link) = (n % 4, n / 4);
            Case::consumer("ACME", &format!("A-{n:02}"))
                .phone(&format!("+1215555{chain}0{link}0"))
                .phone(&format!("+1215555{chain}0{}0", link + 1))
        })
        .collect();
    let mut seen = Vec::new();
    for turn in 0..3 {
        let world = World::open().await?;
        let mut order: Vec<&Case> = cases.iter().collect();
        match turn {
            0 => {}
            1 => order.reverse(),
            _ => order.sort_by_key(|case| case.id.uuid().as_u128() % 7),
        }
        for case in order {
            world.place(&[case]).await?;
        }
        seen.push(world.partition().await?);
        world.close().await?;
    }
    assert_eq!(seen[0].len(), 4);
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn parties_heard_at_the_same_moment_become_one_person() -> anyhow::Result<()> {
    let world = World::open().await?;
    let cases: Vec<Case> = (0..40)
        .map(|n| {
            Case::consumer("ACME", &format!("A-{n}"))
                .phone(&format!("+12155551{n:03}"))
                .phone(&format!("+12155551{:03}", n + 1))
        })
        .collect();
    let frames: Vec<_> = cases
        .iter()
        .map(|case| world.frame::<intake::Event>(vec![placed(case)]))
        .collect::<anyhow::Result<_>>()?;
    for delivered in join_all(frames.iter().map(|frame| redelivered(&world, frame))).await {
        delivered?;
    }
    assert_eq!(world.partition().await?.len(), 1);
    world.close().await
}

/// A frame that lost a deadlock comes again, as the courier brings it again.
async fn redelivered(world: &World, frame: &duly_proto::common::v1::Frame) -> anyhow::Result<()> {
    let mut tries = 0;
    loop {
        tries += 1;
        match world.deliver(frame).await {
            Err(_) if tries < 20 => {}
            done => return done,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn persons_linked_by_hand_share_limits_and_stops_until_they_are_split() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let case =
        Case::consumer("ACME", "A-1").phone("+12155550101").guarantor().phone("+12155550102");
    let there = Case::consumer("MILLS", "M-1").phone("+12155550103");
    world.place(&[&case, &there]).await?;
    let (one, two) = (case.party_id(0), case.party_id(1));
    for _ in 0..4 {
        world.call(&case, 0, Disposition::NoAnswer).await?;
        world.call(&case, 1, Disposition::NoAnswer).await?;
    }
    assert!(world.propose(&case, 0).await?.attempt.is_some());
    assert!(world.link(&one, &two).await?.changed);
    assert!(!world.link(&two, &one).await?.changed);
    // Nine calls about this debt to what is one person.
    let said = world.propose(&case, 1).await?.decision.unwrap();
    assert_eq!(said.reasons[0].rule, "call_frequency");
    assert!(world.unlink(&two).await?.changed);
    assert!(!world.unlink(&two).await?.changed);
    // Counted anew from the rows: five and four.
    for place in [0, 1] {
        assert!(world.propose(&case, place).await?.attempt.is_some());
    }
    // What is planned for one is withdrawn by what stands against the other.
    world.want_call(&there, 0).await?;
    world.stop(&case, 0, StopKind::Bankruptcy).await?;
    world.link(&there.party_id(0), &one).await?;
    world.tick().await?;
    let withdrawn = world.attempt(&there).await?;
    assert_eq!(withdrawn.state(), AttemptState::Withdrawn);
    assert!(!withdrawn.why.contains("ACME"));
    world.unlink(&there.party_id(0)).await?;
    assert!(world.propose(&there, 0).await?.attempt.is_some());
    assert_eq!(world.count("SELECT count(*) FROM person_change").await?, 4);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_permitted_before_a_merge_is_not_made_against_the_others_stop()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let one = Case::consumer("ACME", "A-1").phone("+12155550101");
    let two = Case::consumer("MILLS", "M-1").phone("+12155550102");
    world.place(&[&one, &two]).await?;
    world.stop(&one, 0, StopKind::Deceased).await?;
    assert!(world.propose(&two, 0).await?.attempt.is_some());
    assert_eq!(world.call_list().await?.len(), 1);
    world.link(&one.party_id(0), &two.party_id(0)).await?;
    assert_eq!(world.call_list().await?.len(), 0);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_was_set_apart_stays_so_whoever_is_heard_of_next() -> anyhow::Result<()> {
    let world = World::open().await?;
    let shared = "+12155550101";
    let father = Case::consumer("ACME", "A-1").phone(shared);
    let son = Case::consumer("ACME", "A-2").phone(shared).email("son@example.com");
    world.place(&[&father, &son]).await?;
    assert_eq!(world.partition().await?, BTreeSet::from(["A-1 A-2".into()]));
    world.unlink(&son.party_id(0)).await?;
    assert_eq!(world.partition().await?, BTreeSet::from(["A-1".into(), "A-2".into()]));
    // By the number it is the father, by the address the son.
    let more = Case::consumer("MILLS", "M-1").phone(shared);
    let his = Case::consumer("MILLS", "M-2").email("son@example.com");
    world.place(&[&more, &his]).await?;
    assert_eq!(world.partition().await?, BTreeSet::from(["A-1 M-1".into(), "A-2 M-2".into()]));
    // Heard again, the number says nothing new.
    world.traced(&son, shared).await?;
    assert_eq!(world.partition().await?.len(), 2);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_one_person_is_said_with_a_reason_by_who_may() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = Case::consumer("ACME", "A-1").phone("+12155550101");
    let two = Case::consumer("ACME", "A-2").phone("+12155550102");
    world.place(&[&one, &two]).await?;
    let nobody = "prty_00000000000000000000000000000001";
    assert_eq!(world.link(&one.party_id(0), nobody).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(world.unlink(nobody).await.unwrap_err().code(), Code::NotFound);
    let same = world.link(&one.party_id(0), &one.party_id(0)).await.unwrap_err();
    assert_eq!(same.code(), Code::InvalidArgument);
    let mut collector = world.run.clients(Role::Collector)?.contact;
    let request = LinkPersonsRequest {
        request_id: request_id(),
        party_id: one.party_id(0),
        other_party_id: two.party_id(0),
        reason: String::new(),
    };
    let denied = collector.link_persons(request.clone()).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    let silent = world.api.clone().link_persons(request).await.unwrap_err();
    assert_eq!(silent.code(), Code::InvalidArgument);
    assert_eq!(world.partition().await?.len(), 2);
    assert_eq!(world.count("SELECT count(*) FROM person_change").await?, 0);
    world.close().await
}
