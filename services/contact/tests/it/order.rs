//! Any order of delivery within an instant ends in the same state.

use chrono::TimeDelta;
use duly_proto::{
    common::v1::Frame, intake::v1 as intake, letters::v1 as letters, payments::v1 as payments,
    skiptrace::v1 as skiptrace, workflow::v1 as workflow,
};
use duly_testkit::Digests;

use crate::facts::{call_due, held, letter_prepared, paid, placed, recalled, traced};
use crate::world::{BEGIN, Case, World, at};

/// Everything of one instant, each fact in a frame of its own.
fn frames(world: &World) -> anyhow::Result<Vec<Frame>> {
    let expires = at(BEGIN) + TimeDelta::days(2);
    let closes = "2026-01-05T21:00:00Z";
    let mut frames = Vec::new();
    for n in 0..8u32 {
        let client = if n % 2 == 0 { "ACME" } else { "MILLS" };
        // Pairs share a number across the two clients.
        let case = Case::consumer(client, &format!("R-{n}"))
            .phone(&format!("+1215555010{}", n / 2))
            .guarantor()
            .phone(&format!("+1215555020{}", n / 3));
        let case = match n {
            3 => case.known(intake::KnownFactKind::Cease, ""),
            5 => case.known(intake::KnownFactKind::Dispute, "wrong goods"),
            _ => case,
        };
        frames.push(world.frame::<intake::Event>(vec![placed(&case)])?);
        for party in [0, 1] {
            let call = call_due(&case, party, expires).1;
            frames.push(world.frame::<workflow::Event>(vec![call])?);
            let letter = letter_prepared(&case, party, closes).1;
            frames.push(world.frame::<letters::Event>(vec![letter])?);
        }
        match n {
            0 => frames.push(world.frame::<intake::Event>(vec![recalled(&case)])?),
            1 => frames.push(world.frame::<payments::Event>(vec![paid(&case, "100.00")])?),
            2 => frames.push(world.frame::<intake::Event>(vec![held(&case)])?),
            4 => {
                let found = traced(&case, "+12155550300");
                frames.push(world.frame::<skiptrace::Event>(vec![found])?);
            }
            6 => frames.push(world.frame::<payments::Event>(vec![paid(&case, "30.00")])?),
            _ => {}
        }
    }
    Ok(frames)
}

async fn lived(frames: &[Frame], seed: u64) -> anyhow::Result<Digests> {
    let world = World::open().await?;
    let mut order: Vec<&Frame> = frames.iter().collect();
    // A fixed shuffle per seed.
    order.sort_by_key(|frame| frame.no.unsigned_abs().wrapping_mul(seed) % 1_009);
    for frame in order {
        world.deliver(frame).await?;
        if frame.no % 3 == 0 {
            world.deliver(frame).await?;
        }
    }
    for instant in ["2026-01-05T15:15:00Z", "2026-01-05T15:45:00Z", "2026-01-05T21:30:00Z"] {
        world.at(instant).await?;
    }
    let digest = world.run.digest().await?;
    world.close().await?;
    Ok(digest)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_delivery_changes_nothing() -> anyhow::Result<()> {
    let teller = World::open().await?;
    let frames = frames(&teller)?;
    teller.close().await?;
    let first = lived(&frames, 1).await?;
    for seed in [7, 77, 777] {
        let other = lived(&frames, seed).await?;
        assert_eq!(first, other, "seed {seed}: {:?}", first.difference(&other));
    }
    Ok(())
}
