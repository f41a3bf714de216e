//! What a creditor reads: accounts, timelines, remittances, letters.

use chrono::TimeDelta;
use duly_platform::Role;
use duly_proto::payments::v1::ClosePeriodRequest;
use duly_testkit::{day, request_id};
use serde_json::{Value, json};

use crate::{
    http::get,
    world::{World, usd},
};

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_followed_by_what_changed() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (one, two) = (world.account("A-1").await?, world.account("A-2").await?);
    let listed = world.get("/v1/accounts").await?;
    let all = listed["accounts"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["balance"], usd("150.00"));
    world.run.driver().advance(TimeDelta::days(1)).await?;
    world.post(format!("/v1/accounts/{two}/recall"), &json!({})).await?;
    world.run.settle().await?;
    let changed = world.get("/v1/accounts?changed_since=2026-01-06T15:00:00Z").await?;
    let changed = changed["accounts"].as_array().unwrap();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(json!([changed[0]["account_id"], changed[0]["close_code"]]), json!([two, "RCL"]));

    let first = world.get("/v1/accounts?page_size=1").await?;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = world.get(format!("/v1/accounts?page_size=1&cursor={cursor}")).await?;
    assert_eq!(first["accounts"][0]["account_id"], one);
    assert_eq!(second["accounts"][0]["account_id"], two);

    let by_ref = world.get("/v1/clients/ACME/accounts/A-1").await?;
    assert_eq!(by_ref, world.get(format!("/v1/accounts/{one}")).await?);
    assert_eq!(by_ref["liable_parties"][0]["address"]["city"], "Akron");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_tells_what_happened_in_words() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let id = world.account("A-1").await?;
    world.post(format!("/v1/accounts/{id}/hold"), &json!({"reason": "wait"})).await?;
    world.run.settle().await?;
    let timeline = world.get(format!("/v1/accounts/{id}/timeline")).await?;
    let entries = timeline["entries"].as_array().unwrap();
    let kinds: Vec<&Value> = entries.iter().map(|entry| &entry["kind"]).collect();
    assert!(kinds.contains(&&json!("intake.account_placed")), "{timeline}");
    assert!(kinds.contains(&&json!("intake.hold_placed")), "{timeline}");
    assert_eq!(entries[0]["occurred_at"], "2026-01-05T15:00:00Z");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_fetched_byte_by_byte() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let id = world.account("A-1").await?;
    let body = json!({"amount": usd("40.00"), "received_reference": "CHQ 17"});
    world.post(format!("/v1/accounts/{id}/direct-payments"), &body).await?;
    world.run.driver().advance(TimeDelta::days(2)).await?;
    let mut books = world.run.clients(Role::Accounting)?;
    let close = ClosePeriodRequest {
        request_id: request_id(),
        client_id: world.client_id.clone(),
        period_to: Some(day("2026-01-06")),
    };
    books.payments.close_period(close).await?;
    let listed = world.get("/v1/remittances").await?;
    let remittance = &listed["remittances"][0];
    assert_eq!(
        json!([remittance["direct"], remittance["period_to"], remittance["method"]]),
        json!([usd("40.00"), "2026-01-06", "net"])
    );
    let path = format!("/v1/remittances/{}", remittance["remittance_id"].as_str().unwrap());
    let csv = world.send(get(format!("{path}/statement.csv"))).await?;
    assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(csv.header("content-disposition").ends_with(".csv\""));
    assert!(String::from_utf8(csv.body)?.contains("CHQ 17"));
    let json = world.send(get(format!("{path}/statement.json"))).await?;
    assert_eq!(json.header("content-type"), "application/json");
    assert!(json.ok()?.to_string().contains("CHQ 17"));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_does_not_run_is_named_with_the_remedy() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let id = world.account("A-1").await?;
    let letter = "lttr_00000000000000000000000000000001";
    for path in [format!("/v1/accounts/{id}/letters"), format!("/v1/letters/{letter}/pdf")] {
        let refused = world.send(get(path)).await?;
        let problem = refused.refused(503, "service_unavailable");
        assert!(problem["detail"].as_str().unwrap().contains("services.gateway.letters"));
        assert_eq!(refused.header("retry-after"), "1");
    }
    world.end().await
}
