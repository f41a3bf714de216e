//! Any order and any repetition of what is heard ends in the same state.

use duly_domain::{
    ClientId, DisputeId, HoldId, IdSource as _, ObligationId, PaymentId, PromiseId, SeededIds,
    StopId,
};
use duly_proto::contact::v1::StopKind;
use duly_testkit::Digests;

use crate::world::{Account, Heard, World, account};

/// Accounts of one seed: the same in every run.
fn accounts() -> Vec<Account> {
    let mut ids = SeededIds::new(7);
    let client: ClientId = ids.next();
    let mut accounts = vec![
        account(client, "A-1"),
        account(client, "A-2").against("A-1 Trading L.L.C.", "45402-0001"),
        account(client, "A-3").guarantor("Robin Sample"),
        account(client, "C-1").consumer(),
        account(client, "A-5"),
        account(client, "A-6"),
    ];
    for account in &mut accounts {
        account.id = ids.next();
        for party in &mut account.parties {
            party.id = ids.next();
        }
    }
    accounts
}

/// What happens on the first day, in the order in which it would.
fn first_day(accounts: &[Account], ids: &mut SeededIds) -> Vec<Heard> {
    let [one, two, three, four, five, six] = accounts else { unreachable!("six accounts") };
    let (lifted, stop): (StopId, StopId) = (ids.next(), ids.next());
    let (kept, broken): (PromiseId, PromiseId) = (ids.next(), ids.next());
    let (dispute, hold): (DisputeId, HoldId) = (ids.next(), ids.next());
    let payment: PaymentId = ids.next();
    let (met, missed): (ObligationId, ObligationId) = (ids.next(), ids.next());
    let mut heard: Vec<Heard> = accounts.iter().map(Account::placed).collect();
    heard.extend([
        one.promised(kept, None, "2026-01-20"),
        one.promise_kept(kept),
        two.promised(broken, Some(two.party(0)), "2026-01-06"),
        two.promise_broken(broken, false),
        three.stopped(stop, StopKind::Bankruptcy, three.party(0), |_| {}),
        three.stopped(lifted, StopKind::Cease, three.party(1), |_| {}),
        three.stop_lifted(lifted, three.party(1)),
        four.disputed(dispute, true),
        four.dispute_resolved(dispute),
        five.held(hold, None),
        five.hold_lifted(hold),
        six.posted(payment, 100_000),
        six.settled(),
        one.owed(met, None),
        one.met(met, false),
        two.owed(missed, Some("2026-01-08")),
        two.missed(missed),
    ]);
    heard
}

/// A state of the shuffle: the seed's own order, each fact once or twice.
fn shuffled(heard: &[Heard], seed: u64) -> Vec<Heard> {
    let mut ids = SeededIds::new(seed);
    let mut order: Vec<(u128, usize)> = Vec::new();
    for at in 0..heard.len() {
        // The random part of the id orders; its time part would not.
        order.push((ids.uuid().as_u128() & u128::from(u64::MAX), at));
        if at % 2 == 0 {
            order.push((ids.uuid().as_u128() & u128::from(u64::MAX), at));
        }
    }
    order.sort_unstable();
    order.into_iter().map(|(_, at)| heard[at].clone()).collect()
}

/// Two weeks of it: the first day's facts in an order, then whatever is asked for, answered in an order.
async fn two_weeks(seed: Option<u64>) -> anyhow::Result<Digests> {
    let world = World::open().await?;
    let accounts = accounts();
    let heard = first_day(&accounts, &mut SeededIds::new(11));
    let heard = seed.map_or_else(|| heard.clone(), |seed| shuffled(&heard, seed));
    world.decide(heard).await?;
    for day in 6..20 {
        let mut answers = Vec::new();
        for account in &accounts {
            for treatment in world.explain(account).await?.treatments {
                if treatment.answer.is_empty() {
                    let word = match treatment.kind() {
                        duly_proto::common::v1::TreatmentKind::Scrub => "clear",
                        duly_proto::common::v1::TreatmentKind::Trace => "found",
                        duly_proto::common::v1::TreatmentKind::Letter => "mailed",
                        _ => "not_reached",
                    };
                    answers.push(account.answer(&treatment, word));
                }
            }
        }
        let answers = seed.map_or_else(|| answers.clone(), |seed| shuffled(&answers, seed + day));
        world.decide(answers).await?;
        world.to(&format!("2026-01-{day:02}T12:00:00Z")).await?;
    }
    world.run.settle().await?;
    let digest = world.run.digest().await?;
    world.close().await?;
    Ok(digest)
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_in_any_order_end_in_the_same_state() -> anyhow::Result<()> {
    let expected = two_weeks(None).await?;
    assert!(expected.0.values().filter(|table| table.count > 0).count() >= 9, "{expected}");
    for seed in [1, 2] {
        let found = two_weeks(Some(seed)).await?;
        let difference = expected.difference(&found);
        assert!(difference.is_empty(), "seed {seed}: {difference}");
    }
    Ok(())
}
