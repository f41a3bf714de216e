//! Commission is a cumulative difference: no order, split or reversal drifts a cent.

use duly_proto::payments::v1::{ReceivedBy, event::Fact};
use duly_testkit::policy;

use crate::world::{World, cash, minor};

fn standard() -> duly_testkit::PolicyBuilder {
    policy().tiered(&[(300_000, "0.25")], "0.18")
}

#[tokio::test(flavor = "multi_thread")]
async fn three_payments_of_33_35_earn_what_their_sum_earns() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "500.00").await?;
    for reference in ["R1", "R2", "R3"] {
        world.cash(&account, "33.35", reference).await?;
    }
    assert_eq!(world.commission(&account).await?, (vec![834, 834, 833], 2_501));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_tick_or_three_earn_the_same() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "500.00").await?;
    for reference in ["R3", "R1", "R2"] {
        world.post(cash(&account, "33.35", reference)).await?;
    }
    world.tick().await?;
    assert_eq!(world.commission(&account).await?, (vec![834, 834, 833], 2_501));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_minimum_is_earned_once_per_account() -> anyhow::Result<()> {
    let world = World::open().await?;
    let minimum = policy().schedule(|schedule| schedule.minimum_minor = Some(10_000));
    let client = world.client("ACME", minimum).await?;
    let account = world.account(client, "ACME", "A-1", "900.00").await?;
    world.cash(&account, "200.00", "R1").await?;
    assert_eq!(world.commission(&account).await?, (vec![10_000], 10_000));
    world.cash(&account, "150.00", "R2").await?;
    assert_eq!(world.commission(&account).await?, (vec![10_000, 0], 10_000));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_re_prices_what_survives() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", standard()).await?;
    let account = world.account(client, "ACME", "G-1", "9000.00").await?;
    let first = world.cash(&account, "3000.00", "R1").await?;
    world.cash(&account, "2000.00", "R2").await?;
    assert_eq!(world.commission(&account).await?, (vec![75_000, 36_000], 111_000));
    world.bounce(&first).await?;
    assert_eq!(world.commission(&account).await?, (vec![50_000], 50_000));
    let told = world.told("payment_reversed").await?;
    let [Fact::PaymentReversed(reversed)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(minor(reversed.commission.as_ref()), -61_000);
    assert_eq!(minor(reversed.collected.as_ref()), 300_000);
    assert!(reversed.was_released);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_with_an_earlier_date_re_prices_later_ones() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", standard()).await?;
    let account = world.account(client, "ACME", "G-1", "9000.00").await?;
    world.cash(&account, "3000.00", "R2").await?;
    world.post(cash(&account, "2000.00", "R1").on("2026-01-04")).await?;
    world.tick().await?;
    // 2,000.00 at 25 %, then 1,000.00 at 25 % and 2,000.00 at 18 %.
    assert_eq!(world.commission(&account).await?, (vec![50_000, 61_000], 111_000));
    let told = world.told("payment_released").await?;
    let posted: Vec<i64> = told
        .iter()
        .map(|fact| match fact {
            Fact::PaymentReleased(released) => minor(released.commission.as_ref()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(posted, [75_000, 36_000], "500.00 of its own less 140.00 of the other");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_policy_prices_later_payments_only() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "900.00").await?;
    world.cash(&account, "100.00", "R1").await?;
    world.client_version(client, "ACME", 2, "2026-01-10", policy().flat("0.40")).await?;
    world.at("2026-01-12T15:00:00Z").await?;
    world.cash(&account, "100.00", "R2").await?;
    assert_eq!(world.commission(&account).await?, (vec![2_500, 4_000], 6_500));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tail_of_a_recall_still_earns_and_what_comes_after_it_does_not() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "900.00").await?;
    world.recall(&account, "2026-01-05").await?;
    world.end(&account, "RCL", "2026-01-05").await?;
    world.at("2026-04-05T15:00:00Z").await?;
    world.cash(&account, "100.00", "R1").await?;
    world.at("2026-04-06T15:00:00Z").await?;
    world.cash(&account, "100.00", "R2").await?;
    assert_eq!(world.commission(&account).await?, (vec![2_500, 0], 2_500));
    assert_eq!(minor(world.balance(&account).await?.paid.as_ref()), 20_000);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_payment_earns_when_it_is_reported_and_moves_no_trust_money() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let client = world.client("ACME", standard()).await?;
    let account = world.account(client, "ACME", "B-1", "1200.00").await?;
    world.direct(&account, "1200.00", "2026-01-05", "D1").await?;
    assert_eq!(world.commission(&account).await?, (vec![30_000], 30_000));
    assert_eq!(world.count("SELECT count(*) FROM entry").await?, 0);
    let told = world.told("payment_released").await?;
    let [Fact::PaymentReleased(released)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(released.received_by(), ReceivedBy::Client);
    assert_eq!(minor(released.commission.as_ref()), 30_000);
    assert_eq!(world.told("payment_posted").await?.len(), 1);
    assert_eq!(world.told("balance_settled").await?.len(), 1);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_payment_before_placement_is_an_adjustment() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "B-1", "1200.00").await?;
    let refused = world.direct(&account, "100.00", "2026-01-01", "D1").await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::FailedPrecondition);
    assert_eq!(
        duly_platform::error::reason_of(&refused).as_deref(),
        Some("payment_before_placement")
    );
    world.close().await
}
