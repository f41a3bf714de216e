//! Closing a period: the glossary's worked example to the statement's bytes, and what a period may be.

use duly_proto::payments::v1::{
    ClosePeriodRequest, ListRemittancesRequest, PaymentMethod, Remittance, StatementFormat,
    event::Fact,
};
use duly_testkit::{day, policy, request_id};
use tonic::Code;

use crate::world::{Placed, World, cash, minor};

fn standard() -> duly_testkit::PolicyBuilder {
    policy().tiered(&[(300_000, "0.25")], "0.18")
}

/// (A, D, F, P, remitted, carry forward, to operating)
fn figures(remittance: &Remittance) -> [i64; 7] {
    [
        minor(remittance.collected.as_ref()),
        minor(remittance.direct.as_ref()),
        minor(remittance.commission.as_ref()),
        minor(remittance.prior_carry_forward.as_ref()),
        minor(remittance.remitted.as_ref()),
        minor(remittance.carry_forward.as_ref()),
        minor(remittance.to_operating.as_ref()),
    ]
}

/// Rows 1, 2 and 5 of the worked example, with 400.00 of row 5 remitted the month before.
async fn worked_example(world: &World) -> anyhow::Result<(Remittance, Remittance)> {
    let client = world.client("ACME", standard()).await?;
    let account = async |reference, amount| world.account(client, "ACME", reference, amount).await;
    let a: Placed = account("A-1", "20000.00").await?;
    let b: Placed = account("B-1", "5000.00").await?;
    let e: Placed = account("E-1", "1000.00").await?;
    let bounced = world.cash(&e, "400.00", "E-R1").await?;
    world.at("2026-02-01T12:00:00Z").await?;
    let january = world.remit(client, "2026-01-31").await?;
    world.at("2026-02-02T15:00:00Z").await?;
    world.cash(&a, "5000.00", "A-R1").await?;
    world.direct(&b, "1200.00", "2026-02-02", "B-D1").await?;
    world.post(cash(&b, "70.00", "B-R1").method(PaymentMethod::Cheque)).await?;
    world.at("2026-02-04T15:00:00Z").await?;
    world.bounce(&bounced).await?;
    world.at("2026-03-01T12:00:00Z").await?;
    world.post(cash(&b, "35.00", "B-R2").method(PaymentMethod::Cheque)).await?;
    let february = world.remit(client, "2026-02-28").await?;
    Ok((january, february))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worked_example_comes_out_to_the_cent_and_to_the_byte() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (january, february) = worked_example(&world).await?;
    assert_eq!(figures(&january), [40_000, 0, 10_000, 0, 30_000, 0, 10_000]);
    // A = 5,000.00 + 70.00 - 400.00, D = 1,200.00,
    // F = 1,110.00 + 300.00 + 17.50 - 100.00; the 35.00 came after the period.
    let commission = 111_000 + 30_000 + 1_750 - 10_000;
    let collected = 467_000;
    assert_eq!(
        figures(&february),
        [collected, 120_000, commission, 0, collected - commission, 0, commission]
    );
    assert_eq!(february.statement_no, "ACME-2026-02-28");
    let csv = world.statement(&february, StatementFormat::Csv).await?;
    assert_eq!(csv, include_str!("acme_february.csv"));
    let json = world.statement(&february, StatementFormat::Json).await?;
    assert_eq!(json, include_str!("acme_february.json"));
    // Everything of February is paid out or swept; the cheque of March is held.
    assert_eq!(world.prove().await?, [3_500, 0, 0, 0, 3_500, 0, 0, 0]);
    let issued = world.told("remittance_issued").await?;
    assert_eq!(issued.len(), 2);
    let Some(Fact::RemittanceIssued(issued)) = issued.last() else { panic!("{issued:?}") };
    assert_eq!(issued.statement_no, "ACME-2026-02-28");
    assert_eq!(minor(issued.remitted.as_ref()), collected - commission);
    world.close().await
}

/// One total of a statement in JSON.
fn total(json: &str, name: &str) -> anyhow::Result<String> {
    let json: serde_json::Value = serde_json::from_str(json)?;
    Ok(json["totals"][name].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn held_funds_roll_forward_from_statement_to_statement() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    let account = world.account(client, "ACME", "K-1", "5000.00").await?;
    let cheque =
        |amount, reference| cash(&account, amount, reference).method(PaymentMethod::Cheque);
    let bounces = world.post(cheque("700.00", "R1")).await?;
    world.post(cheque("640.00", "R2")).await?;
    // Cash of the same day, not released yet when the day is sealed.
    world.post(cash(&account, "9.00", "R3")).await?;
    let first = world.remit(client, "2026-01-05").await?;
    assert_eq!(figures(&first), [0; 7]);
    world.tick().await?;
    world.at("2026-01-07T15:00:00Z").await?;
    world.bounce(&bounces).await?;
    let second = world.remit(client, "2026-01-07").await?;
    assert_eq!(figures(&second)[..3], [900, 0, 225], "the bounce is in no total");
    world.at("2026-01-20T15:00:00Z").await?;
    let third = world.remit(client, "2026-01-20").await?;
    assert_eq!(figures(&third)[..3], [64_000, 0, 16_000]);
    let expected = [
        ["0.00", "1349.00", "0.00", "0.00", "1349.00"],
        ["1349.00", "0.00", "700.00", "9.00", "640.00"],
        ["640.00", "0.00", "0.00", "640.00", "0.00"],
    ];
    for (remittance, expected) in [first, second, third].iter().zip(expected) {
        let json = world.statement(remittance, StatementFormat::Json).await?;
        let names = ["opening", "received", "reversed", "released", "closing"];
        for (name, expected) in names.iter().zip(expected) {
            let found = total(&json, &format!("held_{name}"))?;
            assert_eq!(found, expected, "{name} of {}", remittance.statement_no);
        }
    }
    assert_eq!(world.prove().await?, [0; 8]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_worlds_with_the_same_story_have_the_same_digest() -> anyhow::Result<()> {
    let (first, second) = (World::open().await?, World::open().await?);
    worked_example(&first).await?;
    worked_example(&second).await?;
    let (one, other) = (first.run.digest().await?, second.run.digest().await?);
    assert_eq!(one, other, "{:?}", one.difference(&other));
    first.close().await?;
    second.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_period_closes_again_to_the_same_remittance() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", standard()).await?;
    let account = world.account(client, "ACME", "A-1", "500.00").await?;
    world.cash(&account, "100.00", "R1").await?;
    let first = world.remit(client, "2026-01-05").await?;
    let bytes = world.statement(&first, StatementFormat::Csv).await?;
    // More of the same day: it belongs to the next period.
    world.cash(&account, "40.00", "R2").await?;
    let again = world.remit(client, "2026-01-05").await?;
    assert_eq!(first, again);
    assert_eq!(bytes, world.statement(&again, StatementFormat::Csv).await?);
    world.at("2026-01-06T15:00:00Z").await?;
    let next = world.remit(client, "2026-01-06").await?;
    assert_eq!(next.period_from, Some(day("2026-01-06")));
    assert_eq!(figures(&next)[..3], [4_000, 0, 1_000]);
    assert_eq!(world.told("remittance_issued").await?.len(), 2);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_period_is_a_remittance_of_nothing() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", standard()).await?;
    let remittance = world.remit(client, "2026-01-05").await?;
    assert_eq!(figures(&remittance), [0; 7]);
    assert_eq!(remittance.lines, 0);
    let csv = world.statement(&remittance, StatementFormat::Csv).await?;
    assert!(csv.contains("ACME-2026-01-05"), "{csv}");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_lies_after_the_last_one_and_not_in_the_future() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", standard()).await?;
    let future = world.remit(client, "2026-01-06").await.unwrap_err();
    assert_eq!(future.code(), Code::InvalidArgument);
    world.remit(client, "2026-01-04").await?;
    let overlaps = world.remit(client, "2026-01-03").await.unwrap_err();
    assert_eq!(overlaps.code(), Code::FailedPrecondition);
    let unknown = ClosePeriodRequest {
        request_id: request_id(),
        client_id: format!("clnt_{:032x}", 5),
        period_to: Some(day("2026-01-04")),
    };
    let unknown = world.books.clone().close_period(unknown).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn commission_above_what_was_collected_is_carried_forward() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy().flat("0.50")).await?;
    let account = world.account(client, "ACME", "A-1", "5000.00").await?;
    world.cash(&account, "500.00", "R1").await?;
    world.direct(&account, "900.00", "2026-01-05", "D1").await?;
    // A 500.00, F 250.00 + 450.00.
    let remittance = world.remit(client, "2026-01-05").await?;
    assert_eq!(figures(&remittance), [50_000, 90_000, 70_000, 0, 0, 20_000, 50_000]);
    world.at("2026-01-06T15:00:00Z").await?;
    world.cash(&account, "1000.00", "R2").await?;
    let next = world.remit(client, "2026-01-06").await?;
    assert_eq!(figures(&next), [100_000, 0, 50_000, 20_000, 30_000, 0, 70_000]);
    assert_eq!(world.prove().await?, [0; 8]);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn remittances_are_listed_page_by_page() -> anyhow::Result<()> {
    let world = World::open().await?;
    let client = world.client("ACME", policy()).await?;
    for to in ["2026-01-03", "2026-01-04", "2026-01-05"] {
        world.remit(client, to).await?;
    }
    let mut request = ListRemittancesRequest {
        client_id: client.to_string(),
        page: Some(duly_proto::common::v1::PageRequest { page_size: 2, ..Default::default() }),
    };
    let first = world.books.clone().list_remittances(request.clone()).await?.into_inner();
    assert_eq!(first.remittances.len(), 2);
    if let (Some(page), Some(next)) = (request.page.as_mut(), first.page) {
        page.page_token = next.next_page_token;
    }
    let rest = world.books.clone().list_remittances(request).await?.into_inner();
    let numbers: Vec<&str> = rest.remittances.iter().map(|r| r.statement_no.as_str()).collect();
    assert_eq!(numbers, ["ACME-2026-01-05"]);
    assert_eq!(rest.page.map(|p| p.next_page_token).as_deref(), Some(""));
    world.close().await
}
