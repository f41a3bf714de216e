//! Sums per client, and liquidation per batch.

use duly_testkit::cents;

use crate::world::{World, everything, new_batch, new_client};

#[tokio::test(flavor = "multi_thread")]
async fn a_clients_sums_follow_its_claims_and_its_money() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (events, harbor, _) = everything();
    world.tell(events).await?;
    world.run.settle().await?;
    let sums = world.summary(harbor.id).await?;
    assert_eq!((sums.client_ref.as_str(), sums.currency.as_str()), ("HARBOR", "USD"));
    assert_eq!((sums.accounts_placed, sums.accounts_open), (2, 0));
    assert_eq!((sums.listed_minor, sums.adjusted_minor), (30_000, -200));
    assert_eq!((sums.collected_minor, sums.direct_minor), (3_000, 1_000));
    assert_eq!((sums.commission_minor, sums.remitted_minor, sums.held_minor), (850, 2_150, 0));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_held_from_posting_to_release_or_reversal() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let account = client.account();
    let (one, two) = (account.payment(1_000), account.payment(400));
    world.tell(vec![client.changed("HARBOR", 1), one.posted(50), two.posted(0)]).await?;
    world.run.settle().await?;
    assert_eq!(world.summary(client.id).await?.held_minor, 1_400);
    world.tell(vec![one.released(250, "2026-01-10")]).await?;
    world.run.settle().await?;
    let sums = world.summary(client.id).await?;
    assert_eq!((sums.held_minor, sums.collected_minor), (400, 1_000));
    world.tell(vec![two.reversed(None, "2026-01-10")]).await?;
    world.run.settle().await?;
    let sums = world.summary(client.id).await?;
    assert_eq!((sums.held_minor, sums.collected_minor), (0, 1_000));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_payment_is_never_held() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let direct = client.account().direct_payment(900);
    world.tell(vec![direct.posted(0)]).await?;
    world.run.settle().await?;
    assert_eq!(world.summary(client.id).await?.held_minor, 0);
    world.tell(vec![direct.released(90, "2026-01-05")]).await?;
    world.run.settle().await?;
    let sums = world.summary(client.id).await?;
    assert_eq!((sums.direct_minor, sums.collected_minor, sums.commission_minor), (900, 0, 90));
    world.tell(vec![direct.reversed(Some(90), "2026-01-06")]).await?;
    world.run.settle().await?;
    let sums = world.summary(client.id).await?;
    assert_eq!((sums.direct_minor, sums.commission_minor), (0, 0));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_open_again_when_it_is_placed_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let (a, b) = (client.account(), client.account());
    let (first, second) = (new_batch(), new_batch());
    world
        .tell(vec![a.placed(first, 100, "2026-01-05"), b.placed(first, 100, "2026-01-05")])
        .await?;
    world.run.settle().await?;
    assert_eq!(world.summary(client.id).await?.accounts_open, 2);
    world.tell(vec![a.recalled(1), a.closed(1), b.closed(1)]).await?;
    world.run.settle().await?;
    assert_eq!(world.summary(client.id).await?.accounts_open, 0);
    world.tell(vec![a.placed_as(2, second, cents(80), "2026-02-01")]).await?;
    world.run.settle().await?;
    let sums = world.summary(client.id).await?;
    assert_eq!((sums.accounts_open, sums.accounts_placed, sums.listed_minor), (1, 3, 280));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_liquidates_by_month_since_placement() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let (batch, empty) = (new_batch(), new_batch());
    let (a, b, c) = (client.account(), client.account(), client.account());
    let (one, two, direct) = (a.payment(1_000), b.payment(2_000), a.direct_payment(500));
    world
        .tell(vec![
            a.placed(batch, 10_000, "2026-01-20"),
            b.placed(batch, 20_000, "2026-01-20"),
            c.placed(empty, 5_000, "2026-01-21"),
            one.released(250, "2026-01-31"),
            direct.released(50, "2026-02-01"),
            two.released(500, "2026-04-30"),
            one.reversed(Some(250), "2026-05-02"),
        ])
        .await?;
    world.run.settle().await?;
    let batches = world.batches(client.id).await?;
    assert_eq!(batches.len(), 2);
    let found = &batches[0];
    assert_eq!((found.accounts, found.listed_minor, found.collected_minor), (2, 30_000, 2_500));
    assert_eq!(found.liquidation_rate, "0.0833");
    let months: Vec<_> = found.months.iter().map(|m| (m.month, m.collected_minor)).collect();
    assert_eq!(months, [(0, 1_000), (1, 1_500), (2, 1_500), (3, 3_500), (4, 2_500)]);
    assert_eq!((batches[1].accounts, batches[1].collected_minor), (1, 0));
    assert_eq!(batches[1].liquidation_rate, "0.0000");
    assert!(batches[1].months.is_empty());
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn money_counts_for_the_batch_of_the_opening_that_it_came_in() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let (first, second) = (new_batch(), new_batch());
    let account = client.account();
    let (before, during, again) = (account.payment(10), account.payment(100), account.payment(400));
    world
        .tell(vec![
            account.placed(first, 1_000, "2026-01-20"),
            account.placed_as(2, second, cents(800), "2026-06-10"),
            before.released(0, "2025-12-31"),
            during.released(0, "2026-03-01"),
            again.released(0, "2026-06-10"),
        ])
        .await?;
    world.run.settle().await?;
    let batches = world.batches(client.id).await?;
    let found: Vec<_> =
        batches.iter().map(|b| (b.collected_minor, b.liquidation_rate.as_str())).collect();
    assert_eq!(found, [(110, "0.1100"), (400, "0.5000")]);
    let months: Vec<_> = batches[0].months.iter().map(|m| m.collected_minor).collect();
    assert_eq!(months, [10, 10, 110]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn money_told_before_its_account_waits_for_it() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let (account, batch) = (client.account(), new_batch());
    let payment = account.payment(300);
    world.tell(vec![client.changed("HARBOR", 1), payment.released(75, "2026-01-06")]).await?;
    world.run.settle().await?;
    assert!(world.batches(client.id).await?.is_empty());
    assert_eq!(world.summary(client.id).await?.collected_minor, 300);
    world.tell(vec![account.placed(batch, 1_000, "2026-01-05"), payment.posted(0)]).await?;
    world.run.settle().await?;
    let batches = world.batches(client.id).await?;
    assert_eq!((batches[0].collected_minor, batches[0].months.len()), (300, 1));
    assert_eq!(world.summary(client.id).await?.held_minor, 0);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn currencies_stand_beside_one_another() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let client = new_client();
    let (a, b, batch) = (client.account(), client.account(), new_batch());
    let euro = duly_proto::common::v1::Money { minor: 700, currency: "EUR".into() };
    world.tell(vec![a.placed(batch, 100, "2026-01-05")]).await?;
    world.tell(vec![b.placed_as(1, batch, euro, "2026-01-05")]).await?;
    world.run.settle().await?;
    let request =
        duly_proto::reporting::v1::GetClientSummaryRequest { client_id: client.id.to_string() };
    let sums = world.manager()?.get_client_summary(request).await?.into_inner().summaries;
    let found: Vec<_> =
        sums.iter().map(|s| (s.currency.as_str(), s.listed_minor, s.accounts_open)).collect();
    assert_eq!(found, [("EUR", 700, 1), ("USD", 100, 1)]);
    let batches = world.batches(client.id).await?;
    assert_eq!(batches.len(), 2, "one line per batch and currency");
    world.end().await
}
