//! The same facts in any order and any repetition end in the same state, document for document.

use duly_proto::common::v1::Channel;
use duly_testkit::Digests;

use crate::world::{Claim, World};

/// One day of three claims, their facts told in this order, each so often.
async fn day(order: &[usize], times: usize) -> anyhow::Result<Digests> {
    let world = World::open().await?;
    let claims = [
        Claim::commercial("ACME", "A-1"),
        Claim::consumer("ACME", "C-2"),
        Claim::commercial("BOLT", "B-1"),
    ];
    let facts = [0, 1, 2, 3, 4].map(|part| (0..3).map(move |claim| (part, claim)));
    let facts: Vec<(usize, usize)> = facts.into_iter().flatten().collect();
    for at in order {
        let (part, claim) = facts[*at];
        let claim = &claims[claim];
        for time in 0..times {
            match part {
                0 => world.client(claim).await?,
                1 => world.placement(claim).await?,
                2 => world.items_part(claim, 1).await?,
                3 => world.items_part(claim, 2).await?,
                // A treatment has an id of its own: telling it again is another one.
                _ if time == 0 => {
                    let consumer = claim.parties.len() == 1;
                    let template = if consumer { "validation_notice" } else { "commercial_demand" };
                    world.treat(claim, template, Channel::Mail).await?;
                }
                _ => {}
            }
        }
    }
    world.until("2026-01-05T21:00:00Z").await?;
    let mut letters = world.prepared().await?;
    assert_eq!(letters.len(), 3);
    if order[0] != 0 {
        letters.reverse();
    }
    for letter in &letters {
        world.authorize(letter).await?;
    }
    world.advance(15).await?;
    assert_eq!(world.mailed().await?.len(), 3);
    let digest = world.run.digest().await?;
    world.close().await?;
    Ok(digest)
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_in_any_order_make_the_same_letters() -> anyhow::Result<()> {
    let forwards: Vec<usize> = (0..15).collect();
    let backwards: Vec<usize> = (0..15).rev().collect();
    let odd: Vec<usize> = (0..15).map(|n| (n * 7 + 3) % 15).collect();
    let first = day(&forwards, 1).await?;
    for (order, times) in [(backwards, 1), (odd, 2)] {
        let other = day(&order, times).await?;
        assert_eq!(first, other, "{:?}", first.difference(&other));
    }
    Ok(())
}
