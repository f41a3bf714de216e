//! Who is one person: parties that share a key, directly or through others, in whatever order they come.

use std::collections::BTreeSet;

use duly_proto::{contact::v1::Disposition, intake::v1 as intake};
use futures::future::join_all;

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
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_knows_both_merges_two_persons() -> anyhow::Result<()> {
    let world = World::open().await?;
    let one = Case::consumer("ACME", "A-1").phone("+16175550101");
    let two = Case::consumer("MILLS", "M-1").email("Ann@example.com").phone("+16175550102");
    world.place(&[&one, &two]).await?;
    for _ in 0..3 {
        world.call(&one, 0, Disposition::NoAnswer).await?;
    }
    assert_eq!(world.partition().await?, BTreeSet::from(["A-1".into(), "M-1".into()]));
    let both = Case::consumer("ACME", "A-2").phone("+16175550101").email("ann@EXAMPLE.com");
    world.place(&[&both]).await?;
    assert_eq!(world.partition().await?, BTreeSet::from(["A-1 A-2 M-1".into()]));
    // A trace links as well: the number is theirs as far as anybody knows.
    let fourth = Case::consumer("ACME", "A-3").phone("+16175550104");
    world.place(&[&fourth]).await?;
    world.traced(&fourth, "+16175550102").await?;
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
                .phone(&format!("+1617555{chain}0{link}0"))
                .phone(&format!("+1617555{chain}0{}0", link + 1))
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
                .phone(&format!("+16175551{n:03}"))
                .phone(&format!("+16175551{:03}", n + 1))
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
