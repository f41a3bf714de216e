//! A bank takes back what was remitted: the shortage stands the same day with its owner, later receipts of
//! the same client cure it first, and until then nothing is swept.

use duly_proto::payments::v1::PaymentMethod;
use duly_testkit::policy;
use tonic::Code;

use crate::world::{World, cash, minor};

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_after_remittance_is_a_deficiency_that_the_next_receipt_cures()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let first = world.account(client, "ACME", "A-1", "400.00").await?;
    let second = world.account(client, "ACME", "A-2", "9000.00").await?;
    let bounced = world.cash(&first, "400.00", "R1").await?;
    let january = world.remit(client, "2026-01-05").await?;
    assert_eq!(minor(january.remitted.as_ref()), 30_000);
    assert_eq!(world.prove().await?, [0; 8], "300.00 remitted, 100.00 swept");

    world.at("2026-01-06T15:00:00Z").await?;
    world.bounce(&bounced).await?;
    assert_eq!(world.prove().await?, [-40_000, 10_000, 30_000, 0, 0, 0, 0, 0]);
    assert_eq!(
        minor(world.balance(&first).await?.balance.as_ref()),
        40_000,
        "the debtor owes again"
    );
    let short = world.remit(client, "2026-01-06").await?;
    assert_eq!(minor(short.carry_forward.as_ref()), 30_000);
    assert_eq!(minor(short.to_operating.as_ref()), -40_000);
    assert_eq!(minor(short.remitted.as_ref()), 0);

    world.at("2026-01-07T15:00:00Z").await?;
    world.cash(&second, "1000.00", "R2").await?;
    assert_eq!(world.prove().await?, [60_000, 0, 0, 60_000, 0, 0, 0, 0], "cured on release");
    let next = world.remit(client, "2026-01-07").await?;
    assert_eq!(minor(next.remitted.as_ref()), 45_000);
    assert_eq!(minor(next.to_operating.as_ref()), 55_000);
    assert_eq!(world.prove().await?, [0; 8], "150.00 are swept: 550.00 less what the cure took");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_swept_for_anybody_while_a_deficiency_is_open() -> anyhow::Result<()> {
    let world = World::open().await?;
    let acme = world.client("ACME", policy()).await?;
    let other = world.client("OTHER", policy()).await?;
    let first = world.account(acme, "ACME", "A-1", "400.00").await?;
    let theirs = world.account(other, "OTHER", "O-1", "400.00").await?;
    let bounced = world.cash(&first, "400.00", "R1").await?;
    world.remit(acme, "2026-01-05").await?;
    world.at("2026-01-06T15:00:00Z").await?;
    world.bounce(&bounced).await?;
    world.cash(&theirs, "200.00", "R2").await?;
    let remittance = world.remit(other, "2026-01-06").await?;
    assert_eq!(minor(remittance.remitted.as_ref()), 15_000, "the other client is paid in full");
    assert_eq!(world.prove().await?[6], 5_000, "and its commission waits in trust");
    world.cash(&first, "400.00", "R3").await?;
    world.tick().await?;
    let [bank, agency, client, trust, _, _, unswept, _] = world.prove().await?;
    assert_eq!([bank, agency, client, trust, unswept], [0; 5], "cured, and then swept");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_that_released_money_covers_makes_no_deficiency() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let first = world.account(client, "ACME", "A-1", "400.00").await?;
    let second = world.account(client, "ACME", "A-2", "9000.00").await?;
    let bounced = world.cash(&first, "400.00", "R1").await?;
    world.remit(client, "2026-01-05").await?;
    world.at("2026-01-06T15:00:00Z").await?;
    world.cash(&second, "1000.00", "R2").await?;
    world.bounce(&bounced).await?;
    assert_eq!(world.prove().await?, [60_000, 0, 0, 60_000, 0, 0, 0, 0]);
    let next = world.remit(client, "2026-01-06").await?;
    assert_eq!(minor(next.remitted.as_ref()), 45_000);
    assert_eq!(world.prove().await?, [0; 8]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remittance_that_the_money_no_longer_covers_does_not_commit() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "9000.00").await?;
    world.cash(&account, "600.00", "R1").await?;
    let bounced = world.cash(&account, "400.00", "R2").await?;
    world.at("2026-01-06T15:00:00Z").await?;
    world.bounce(&bounced).await?;
    // The fifth alone would remit 750.00, and 600.00 are left.
    let refused = world.remit(client, "2026-01-05").await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert_eq!(duly_platform::error::reason_of(&refused).as_deref(), Some("trust_short"));
    let remittance = world.remit(client, "2026-01-06").await?;
    assert_eq!(minor(remittance.remitted.as_ref()), 45_000);
    assert_eq!(world.prove().await?, [0; 8]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_close_leaves_later_money_alone() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "A-1", "9000.00").await?;
    world.cash(&account, "600.00", "R1").await?;
    world.at("2026-01-06T15:00:00Z").await?;
    world.cash(&account, "400.00", "R2").await?;
    world.post(cash(&account, "50.00", "R3").method(PaymentMethod::Cheque)).await?;
    let fifth = world.remit(client, "2026-01-05").await?;
    assert_eq!(minor(fifth.remitted.as_ref()), 45_000);
    assert_eq!(world.prove().await?, [45_000, 0, 0, 40_000, 5_000, 0, 0, 0]);
    let sixth = world.remit(client, "2026-01-06").await?;
    assert_eq!(minor(sixth.remitted.as_ref()), 30_000);
    assert_eq!(world.prove().await?, [5_000, 0, 0, 0, 5_000, 0, 0, 0]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remittance_without_its_money_is_held_and_paid_once_it_is_there() -> anyhow::Result<()> {
    let world = World::open().await?;
    // Commission of the first payment goes back with it; what earns nothing came meanwhile.
    let client = world.client("ACME", policy()).await?;
    let first = world.account(client, "ACME", "A-1", "9000.00").await?;
    let recalled = world.account(client, "ACME", "A-2", "9000.00").await?;
    let bounced = world.cash(&first, "1000.00", "R1").await?;
    world.remit(client, "2026-01-05").await?;
    world.end(&recalled, "ADJ", "2026-01-05").await?;
    world.at("2026-01-06T15:00:00Z").await?;
    world.bounce(&bounced).await?;
    world.cash(&recalled, "900.00", "R2").await?;
    assert_eq!(world.prove().await?, [-10_000, 10_000, 0, 0, 0, 0, 0, 0]);
    // A = 900.00 - 1,000.00, F = -250.00: 150.00 are due, and nothing is there.
    let held = world.remit(client, "2026-01-06").await?;
    assert_eq!(minor(held.remitted.as_ref()), 15_000);
    assert_eq!(minor(held.held.as_ref()), 15_000);
    assert_eq!(world.prove().await?, [-10_000, 25_000, 0, 15_000, 0, 0, 0, 0]);
    world.at("2026-01-07T15:00:00Z").await?;
    world.cash(&recalled, "300.00", "R3").await?;
    assert_eq!(world.prove().await?, [5_000, 0, 0, 5_000, 0, 0, 0, 0], "cured, and 150.00 paid");
    world.close().await
}
