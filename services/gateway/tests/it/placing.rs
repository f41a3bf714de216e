//! Batches of claims.

use serde_json::{Value, json};

use crate::{
    http::post,
    world::{World, placement},
};

const BATCH: &str = "/v1/clients/ACME/batches/jan";

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_placed_answered_and_read_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut wrong = placement("A-2");
    wrong["items"][0]["item_date"] = json!("2025-13-01");
    let mut zero = placement("A-3");
    zero["amount"]["amount"] = json!("0.00");
    zero["items"] = json!([]);
    let records = json!([placement("A-1"), wrong, zero]);
    let path = format!("{BATCH}?declared_count=3&declared_sum=150.00&currency=USD");
    let placed = world.post(path, &records).await?;
    let answers = placed["acknowledgements"].as_array().unwrap();
    let seen: Vec<Value> =
        answers.iter().map(|a| json!([a["line"], a["status"], a["code"]])).collect();
    assert_eq!(
        json!(seen),
        json!([
            [1, "accepted", null],
            [2, "rejected", "invalid_date"],
            [3, "rejected", "amount_zero"]
        ])
    );
    assert_eq!(answers[1]["field"], "items[0].item_date");
    let batch = &placed["batch"];
    assert_eq!(
        json!([batch["received"], batch["accepted"], batch["rejected"], batch["totals_agree"]]),
        json!([3, 1, 2, true])
    );
    assert_eq!(batch["accepted_sum"], json!({"amount": "150.00", "currency": "USD"}));

    let id = batch["batch_id"].as_str().unwrap();
    assert_eq!(&world.get(format!("/v1/batches/{id}")).await?, batch);
    let path = format!("/v1/batches/{id}/acknowledgements?status=rejected&page_size=1");
    let first = world.get(&path).await?;
    assert_eq!(first["acknowledgements"][0]["client_account_ref"], "A-2");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = world.get(format!("{path}&cursor={cursor}")).await?;
    assert_eq!(second["acknowledgements"][0]["client_account_ref"], "A-3");
    assert_eq!(second["next_cursor"], Value::Null);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_batch_again_gets_the_first_answers() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let many: Vec<Value> = (0..1_001).map(|n| placement(&format!("A-{n}"))).collect();
    let ask = post(BATCH, &json!(many)).without("Idempotency-Key");
    let first = world.send(ask.clone()).await?;
    assert_eq!(first.ok()?["batch"]["accepted"], 1_001);
    let again = world.send(ask).await?;
    assert_eq!(again.ok()?, first.ok()?);
    let mut other = many;
    other[0] = placement("B-0");
    let refused = world.send(post(BATCH, &json!(other))).await?;
    refused.refused(409, "chunk_reused");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_of_one_placement_a_line_is_placed_too() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let text = format!("{}\n\n{}\n", placement("A-1"), placement("A-2"));
    let ask = post(BATCH, &json!(null)).header("Content-Type", "application/x-ndjson").body(text);
    let placed = world.send(ask).await?.ok()?;
    assert_eq!(placed["acknowledgements"][1]["line"], 3);
    assert_eq!(placed["batch"]["accepted"], 2);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_declared_or_of_another_shape_places_nothing() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let one = json!([placement("A-1")]);
    let path = format!("{BATCH}?declared_count=2&declared_sum=151.00&currency=USD");
    let problem = world.send(post(path, &one)).await?.refused(400, "totals_differ");
    let fields: Vec<&Value> =
        problem["violations"].as_array().unwrap().iter().map(|v| &v["field"]).collect();
    assert_eq!(fields, ["declared_count", "declared_sum"]);

    let mut unknown = placement("A-2");
    unknown["liable_parties"][0]["nickname"] = json!("Milly");
    let both = json!([placement("A-1"), unknown]);
    let problem = world.send(post(BATCH, &both)).await?.refused(400, "invalid_input");
    let violation = &problem["violations"][0];
    assert_eq!(violation["field"], "[1].liable_parties[0].nickname");
    assert!(violation["reason"].as_str().unwrap().starts_with("nickname is no key here"));
    assert!(!problem.to_string().contains("Milly"), "{problem}");

    let mut number = placement("A-1");
    number["amount"]["amount"] = json!(150.0);
    let problem = world.send(post(BATCH, &json!([number]))).await?.refused(400, "invalid_input");
    assert_eq!(problem["violations"][0]["field"], "[0].amount.amount");

    for (query, field) in [
        ("declared_sum=1.00", "currency"),
        ("currency=USD", "declared_sum"),
        ("declared_sum=x&currency=USD", "declared_sum"),
        ("declared_sum=1&currency=XQQ", "currency"),
        ("declared_count=many", "declared_count"),
        ("listing_date=2026-02-30", "listing_date"),
        ("listing=2026-02-03", "listing"),
    ] {
        let refused = world.send(post(format!("{BATCH}?{query}"), &one)).await?;
        let problem = refused.refused(400, "invalid_input");
        let violation = &problem["violations"][0];
        assert!(violation.to_string().contains(field), "{query}: {problem}");
    }
    world.send(post(BATCH, &json!([]))).await?.refused(400, "batch_empty");
    let broken = post(BATCH, &json!(null)).body("[{");
    world.send(broken).await?.refused(400, "malformed_json");
    // The key is still free.
    assert_eq!(world.post(BATCH, &one).await?["batch"]["accepted"], 1);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_the_caller_does_not_see_is_refused_before_the_body_is_read()
-> anyhow::Result<()> {
    let world = World::begin().await?;
    let large = vec![b' '; 5 * 1024 * 1024];
    for client_ref in ["RIVAL", "NOBODY"] {
        let path = format!("/v1/clients/{client_ref}/batches/b");
        let ask = post(&path, &json!(null)).body(large.clone());
        world.send(ask).await?.refused(404, "client_unknown");
    }
    let ask = post(BATCH, &json!(null)).body(large);
    world.send(ask).await?.refused(413, "message_too_large");
    world.end().await
}
