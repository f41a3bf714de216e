//! The OpenAPI document is what the routes do.

use std::collections::BTreeSet;

use duly_platform::Role;
use duly_proto::payments::v1::ClosePeriodRequest;
use duly_testkit::{day, request_id};
use serde_json::{Value, json};

use crate::{
    http::{Ask, ask, get, post},
    schema::Document,
    world::{World, placement, usd},
};

fn document() -> Document {
    let json = duly_gateway::document().to_json().expect("the document is JSON");
    Document(serde_json::from_str(&json).expect("the document is JSON"))
}

/// Every operation: its method, its path, and what the document says of it.
fn operations(document: &Document) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document.0["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            all.push((method.to_ascii_uppercase(), path.clone(), operation.clone()));
        }
    }
    all
}

/// Every object in the document that holds this key.
fn holding<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(object) => {
            found.extend(object.get(key));
            object.values().for_each(|value| holding(value, key, found));
        }
        Value::Array(all) => all.iter().for_each(|value| holding(value, key, found)),
        _ => {}
    }
}

#[test]
fn the_document_holds_together() {
    let document = document();
    assert!(document.0["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let mut references = Vec::new();
    holding(&document.0, "$ref", &mut references);
    assert!(references.len() > 50, "{}", references.len());
    for reference in references {
        document.resolve(&json!({ "$ref": reference })).unwrap();
    }
    assert_eq!(document.0["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    assert_eq!(document.0["security"], json!([{"token": []}]));
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(ids.insert(id.clone()) && !id.is_empty(), "{at}: {id}");
        assert!(operation["summary"].is_string(), "{at} says what it is for");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let named = |place: &str| -> BTreeSet<String> {
            let of = parameters.iter().filter(|p| p["in"] == place);
            of.filter_map(|p| p["name"].as_str().map(str::to_owned)).collect()
        };
        let in_path: BTreeSet<String> = path
            .split('/')
            .filter_map(|part| Some(part.strip_prefix('{')?.strip_suffix('}')?.to_owned()))
            .collect();
        assert_eq!(named("path"), in_path, "{at}");
        let is_change = method == "POST" && !path.contains("batches");
        assert_eq!(named("header").contains("Idempotency-Key"), is_change, "{at}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("200"), "{at}");
        if path == "/openapi.json" {
            continue;
        }
        for status in ["400", "401", "403", "404", "405", "409", "413", "415", "500", "503", "504"]
        {
            let content = &responses[status]["content"]["application/problem+json"];
            assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{at} {status}");
        }
    }
    for (name, schema) in document.0["components"]["schemas"].as_object().unwrap() {
        // What comes in takes no key that is not named.
        let is_request = [
            "Placement",
            "PlacedParty",
            "ClaimItem",
            "Money",
            "Recall",
            "HoldWish",
            "Adjustment",
            "DirectPayment",
            "ClientAnswerWish",
            "Lift",
        ]
        .contains(&name.as_str());
        if is_request {
            assert_eq!(schema["additionalProperties"], false, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_of_the_document_is_there_and_takes_its_methods_alone() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let served = world.bare(get("/openapi.json")).await?.ok()?;
    let document = document();
    assert_eq!(served, document.0);
    let operations = operations(&document);
    for (_, path, _) in &operations {
        let real = path.replace(['{', '}'], "");
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            let known = operations.iter().any(|(m, p, _)| m == method && p == path);
            let answer = world.bare(ask(method, &real)).await?;
            match (known, path.as_str()) {
                (true, "/openapi.json") => assert_eq!(answer.status, 200),
                (true, _) => drop(answer.refused(401, "token_missing")),
                (false, _) => drop(answer.refused(405, "method_not_allowed")),
            }
        }
    }
    world.end().await
}

/// Sends it and holds the answer against the document.
async fn fits(
    world: &World,
    document: &Document,
    seen: &mut BTreeSet<String>,
    path: &str,
    ask: Ask,
) -> anyhow::Result<Value> {
    let method = ask.method();
    let answer = world.send(ask).await?;
    let value = answer.json()?;
    let schema = document.answer(method, path, answer.status).map_err(anyhow::Error::msg)?;
    let at = format!("{method} {path} {}", answer.status);
    document.check(schema, &value, &at).map_err(anyhow::Error::msg)?;
    if answer.status == 200 {
        seen.insert(format!("{method} {path}"));
    }
    Ok(value)
}

#[tokio::test(flavor = "multi_thread")]
async fn real_answers_are_as_the_document_says() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (document, mut seen) = (document(), BTreeSet::new());
    macro_rules! fits {
        ($path:literal, $ask:expr) => {
            fits(&world, &document, &mut seen, $path, $ask).await?
        };
    }
    let records = json!([placement("A-1"), {
        "client_account_ref": "A-2", "debt_class": "commercial", "liable_parties": [],
        "amount": usd("1.00")
    }]);
    let placed = fits!(
        "/v1/clients/{client_ref}/batches/{batch_key}",
        post("/v1/clients/ACME/batches/b?declared_count=2", &records)
    );
    let id = placed["acknowledgements"][0]["account_id"].as_str().unwrap().to_owned();
    let batch = placed["batch"]["batch_id"].as_str().unwrap();
    world.run.settle().await?;
    fits!("/v1/batches/{batch_id}", get(format!("/v1/batches/{batch}")));
    fits!(
        "/v1/batches/{batch_id}/acknowledgements",
        get(format!("/v1/batches/{batch}/acknowledgements?page_size=1"))
    );
    let adjustment = json!({"amount": usd("-1.00"), "reason": "x"});
    fits!(
        "/v1/accounts/{account_id}/adjustments",
        post(format!("/v1/accounts/{id}/adjustments"), &adjustment)
    );
    let payment = json!({"amount": usd("5.00"), "received_reference": "R"});
    fits!(
        "/v1/accounts/{account_id}/direct-payments",
        post(format!("/v1/accounts/{id}/direct-payments"), &payment)
    );
    let wish = json!({"reason": "x", "until_on": "2026-03-01"});
    let hold =
        fits!("/v1/accounts/{account_id}/hold", post(format!("/v1/accounts/{id}/hold"), &wish));
    let hold = hold["hold_id"].as_str().unwrap();
    fits!("/v1/holds/{hold_id}/lift", post(format!("/v1/holds/{hold}/lift"), &json!({})));
    world.dispute(&id, "I-1").await?;
    let asked = fits!("/v1/client-requests", get("/v1/client-requests"));
    let question = asked["client_requests"][0]["client_request_id"].as_str().unwrap();
    fits!(
        "/v1/client-requests/{client_request_id}/answer",
        post(format!("/v1/client-requests/{question}/answer"), &json!({"answer": "credit"}))
    );
    world.run.driver().advance(chrono::TimeDelta::days(2)).await?;
    let close = ClosePeriodRequest {
        request_id: request_id(),
        client_id: world.client_id.clone(),
        period_to: Some(day("2026-01-06")),
    };
    world.run.clients(Role::Accounting)?.payments.close_period(close).await?;
    fits!(
        "/v1/accounts/{account_id}/recall",
        post(format!("/v1/accounts/{id}/recall"), &json!({}))
    );
    world.run.settle().await?;
    fits!("/v1/accounts", get("/v1/accounts?page_size=1"));
    fits!("/v1/accounts/{account_id}", get(format!("/v1/accounts/{id}")));
    fits!(
        "/v1/clients/{client_ref}/accounts/{client_account_ref}",
        get("/v1/clients/ACME/accounts/A-1")
    );
    fits!("/v1/accounts/{account_id}/timeline", get(format!("/v1/accounts/{id}/timeline")));
    fits!("/v1/accounts/{account_id}/balance", get(format!("/v1/accounts/{id}/balance")));
    let listed = fits!("/v1/remittances", get("/v1/remittances"));
    let remittance = listed["remittances"][0]["remittance_id"].as_str().unwrap();
    fits!(
        "/v1/remittances/{remittance_id}/statement.json",
        get(format!("/v1/remittances/{remittance}/statement.json"))
    );
    // Problems are in the document too.
    fits!("/v1/accounts/{account_id}", get("/v1/accounts/A-1"));
    fits!(
        "/v1/accounts/{account_id}/recall",
        post(format!("/v1/accounts/{id}/recall"), &json!({}))
    );
    fits!("/v1/accounts/{account_id}/letters", get(format!("/v1/accounts/{id}/letters")));

    let all: BTreeSet<String> = operations(&document)
        .into_iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let unseen: Vec<&String> = all.difference(&seen).collect();
    // Bytes of other kinds, and what letters alone can answer.
    assert_eq!(
        unseen,
        [
            "GET /openapi.json",
            "GET /v1/accounts/{account_id}/letters",
            "GET /v1/letters/{letter_id}/pdf",
            "GET /v1/remittances/{remittance_id}/statement.csv",
        ]
    );
    world.end().await
}
