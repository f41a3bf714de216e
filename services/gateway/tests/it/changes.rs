//! What a creditor changes: recall, hold, adjust, direct payment, answer.

use serde_json::{Value, json};

use crate::{
    http::post,
    world::{World, usd},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_change_gets_the_first_answer_and_a_changed_one_is_a_conflict()
-> anyhow::Result<()> {
    let world = World::begin().await?;
    let id = world.account("A-1").await?;
    let path = format!("/v1/accounts/{id}/adjustments");
    let credit = json!({"amount": usd("-10.00"), "reason": "goodwill", "item_number": "I-1"});
    let ask = post(&path, &credit);
    let first = world.send(ask.clone()).await?.ok()?;
    assert_eq!(first["adjusted_amount"], usd("-10.00"));
    assert_eq!(world.send(ask.clone()).await?.ok()?, first);
    let other = json!({"amount": usd("-11.00"), "reason": "goodwill"}).to_string();
    let problem = world.send(ask.clone().body(other)).await?.refused(409, "idempotency_key_reused");
    assert_eq!(problem["violations"][0]["field"], "Idempotency-Key");
    for (ask, reason) in [
        (ask.clone().without("Idempotency-Key"), "idempotency_key_missing"),
        (ask.clone().header("Idempotency-Key", ""), "idempotency_key_missing"),
        (ask.clone().header("Idempotency-Key", "k".repeat(201)), "idempotency_key_too_long"),
    ] {
        let problem = world.send(ask).await?.refused(400, reason);
        assert_eq!(problem["violations"][0]["field"], "Idempotency-Key");
    }
    let account = world.get(format!("/v1/accounts/{id}")).await?;
    assert_eq!(account["adjusted_amount"], usd("-10.00"));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_held_let_go_and_recalled() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let id = world.account("A-1").await?;
    let wish = json!({"reason": "we talk to them", "until_on": "2026-02-01"});
    let hold = world.post(format!("/v1/accounts/{id}/hold"), &wish).await?;
    assert_eq!(
        json!([hold["from_on"], hold["until_on"], hold["lifted"]]),
        json!(["2026-01-05", "2026-02-01", false])
    );
    let lift = format!("/v1/holds/{}/lift", hold["hold_id"].as_str().unwrap());
    assert_eq!(world.post(&lift, &json!({})).await?["lifted"], true);
    world.send(post(&lift, &json!({}))).await?.refused(409, "hold_lifted");
    let past = json!({"reason": "x", "until_on": "2026-01-04"});
    let refused = world.send(post(format!("/v1/accounts/{id}/hold"), &past)).await?;
    assert_eq!(refused.refused(400, "invalid_input")["violations"][0]["field"], "until_on");

    let recall = format!("/v1/accounts/{id}/recall");
    let recalled = world.post(&recall, &json!({"reason": "paid to us"})).await?;
    assert_eq!(json!([recalled["lifecycle"], recalled["close_code"]]), json!(["closed", "RCL"]));
    assert_eq!(recalled["liable_parties"], Value::Null);
    let problem = world.send(post(&recall, &json!({}))).await?.refused(409, "account_closed");
    assert!(problem["detail"].as_str().unwrap().contains("RCL, recalled by the client"));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_payment_lowers_the_balance() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let id = world.account("A-1").await?;
    let body = json!({
        "amount": usd("40.00"), "payment_on": "2026-01-05", "received_reference": "CHQ 17",
        "item_numbers": ["I-2"],
    });
    let paid = world.post(format!("/v1/accounts/{id}/direct-payments"), &body).await?;
    assert_eq!(json!([paid["received_by"], paid["payment_on"]]), json!(["client", "2026-01-05"]));
    world.run.settle().await?;
    let balance = world.get(format!("/v1/accounts/{id}/balance")).await?;
    assert_eq!(balance["balance"], usd("110.00"));
    let open: Vec<&Value> =
        balance["items"].as_array().unwrap().iter().map(|i| &i["open"]["amount"]).collect();
    assert_eq!(open, ["100.00", "10.00"]);
    let precise = json!({"amount": usd("1.005"), "received_reference": "R"});
    let refused = world.send(post(format!("/v1/accounts/{id}/direct-payments"), &precise)).await?;
    let problem = refused.refused(400, "invalid_input");
    assert_eq!(problem["violations"][0]["field"], "amount.amount");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_listed_and_answered_with_a_credit() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let id = world.account("A-1").await?;
    world.dispute(&id, "I-1").await?;
    let listed = world.get(format!("/v1/client-requests?account_id={id}")).await?;
    let question = &listed["client_requests"][0];
    assert_eq!(question["disputed_amount"], usd("100.00"));
    assert_eq!(question["due_on"], "2026-01-15");
    assert_eq!(question["answer"], Value::Null);
    let path =
        format!("/v1/client-requests/{}/answer", question["client_request_id"].as_str().unwrap());
    for (body, field) in [
        (json!({"answer": "part"}), "credit"),
        (json!({"answer": "part", "credit": usd("100.01")}), "credit"),
        (json!({"answer": "maybe"}), "answer"),
        (json!({"answer": "stands", "credit": usd("1.00")}), "credit"),
        (json!({"anwser": "stands"}), "anwser"),
        (json!({}), "answer"),
    ] {
        let refused = world.send(post(&path, &body)).await?;
        assert_eq!(refused.status, 400);
        assert_eq!(refused.json()?["violations"][0]["field"], field, "{body}");
    }
    let part = json!({"answer": "part", "credit": usd("60.00"), "text": "two boxes were broken"});
    let answered = world.post(&path, &part).await?;
    assert_eq!(json!([answered["answer"], answered["credit"]]), json!(["part", usd("60.00")]));
    let refused = world.send(post(&path, &json!({"answer": "stands"}))).await?;
    refused.refused(409, "client_request_answered");
    world.run.settle().await?;
    let balance = world.get(format!("/v1/accounts/{id}/balance")).await?;
    assert_eq!(
        json!([balance["adjusted"], balance["balance"]]),
        json!([usd("-60.00"), usd("90.00")])
    );
    let open = world.get("/v1/client-requests").await?;
    assert_eq!(open, json!({"client_requests": []}));
    let all = world.get("/v1/client-requests?with_answered=true").await?;
    assert_eq!(all["client_requests"][0]["text"], "two boxes were broken");
    world.end().await
}
