//! Many at once: no interleaving remits an entry twice, overdraws a client or loses a cent.

use duly_testkit::policy;
use futures::future::join_all;

use crate::world::{World, cash, minor};

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_closes_seal_one_remittance() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "9000.00").await?;
    world.cash(&account, "100.00", "R1").await?;
    let closes = join_all((0..8).map(|_| world.remit(client, "2026-01-05"))).await;
    let closes = closes.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert!(closes.iter().all(|remittance| *remittance == closes[0]));
    assert_eq!(world.count("SELECT count(*) FROM remittance").await?, 1);
    assert_eq!(world.prove().await?, [0; 8]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn closes_racing_releases_and_bounces_lose_nothing() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let mut accounts = Vec::new();
    for number in 0..12 {
        accounts.push(world.account(client, "ACME", &format!("A-{number}"), "9000.00").await?);
    }
    let first =
        join_all(accounts.iter().map(|account| world.post(cash(account, "100.00", "R1")))).await;
    let first = first.into_iter().collect::<Result<Vec<_>, _>>()?;
    world.tick().await?;
    world.remit(client, "2026-01-04").await?;
    // Releases fall due at this very instant, while payments bounce and the day is closed.
    let second = accounts.iter().map(|account| world.post(cash(account, "50.00", "R2")));
    for posted in join_all(second).await {
        posted?;
    }
    let tick = world.run.driver().next_due().await?.unwrap();
    world.run.driver().set_now(tick).await?;
    let (bounced, closed) = tokio::join!(
        join_all(first.iter().map(|payment| world.bounce(payment))),
        join_all((0..4).map(|_| world.remit(client, "2026-01-05"))),
    );
    for result in bounced {
        result?;
    }
    let closed = closed.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert!(closed.iter().all(|remittance| *remittance == closed[0]));
    world.run.settle().await?;
    world.prove().await?;
    world.at("2026-01-06T15:00:00Z").await?;
    let last = world.remit(client, "2026-01-06").await?;
    world.tick().await?;
    // Twelve payments of 50.00 survive at 25 %; whatever the order was, that is what both closes come to.
    let paid = minor(closed[0].remitted.as_ref()) + minor(last.remitted.as_ref());
    let carried = minor(last.carry_forward.as_ref());
    assert_eq!(paid - carried, 45_000);
    let [bank, agency, clients, trust, held, refunds, unswept, _] = world.prove().await?;
    assert_eq!([held, refunds], [0, 0]);
    assert_eq!(bank + agency + clients, trust + unswept);
    assert_eq!(
        world
            .count(
                "SELECT count(*) FROM statement_item WHERE item_id NOT IN
        (SELECT item_id FROM remittance_item)"
            )
            .await?,
        0
    );
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_payments_on_one_account_share_its_balance() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "100.00").await?;
    let posts = (0..6).map(|n| world.post(cash(&account, "30.00", &format!("R{n}"))));
    for posted in join_all(posts).await {
        posted?;
    }
    let directs = (0..3).map(|n| {
        let reference = format!("D{n}");
        let (world, account) = (&world, &account);
        async move { world.direct(account, "10.00", "2026-01-05", &reference).await }
    });
    for reported in join_all(directs).await {
        reported?;
    }
    world.tick().await?;
    // 30.00 went direct, 70.00 of the receipts pay the rest, 110.00 are owed back.
    let proof = world.prove().await?;
    assert_eq!((proof[3], proof[5]), (7_000, 11_000));
    assert_eq!(world.commission(&account).await?.1, 2_500);
    assert_eq!(world.told("balance_settled").await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_payment_bounces_once() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "100.00").await?;
    let paid = world.cash(&account, "30.00", "R1").await?;
    let bounces = join_all((0..6).map(|_| world.bounce(&paid))).await;
    assert_eq!(bounces.iter().filter(|bounce| bounce.is_ok()).count(), 1);
    assert_eq!(world.prove().await?, [0; 8]);
    world.close().await
}
