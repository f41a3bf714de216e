//! What is refused, always as problem JSON.

use duly_platform::{Principal, Role, auth::Signer};
use serde_json::json;

use crate::{
    http::{ask, get, post},
    world::{World, usd},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_hold_is_refused() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let refused = world.bare(get("/v1/accounts")).await?;
    refused.refused(401, "token_missing");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    let other = Signer::from_pem(&Signer::generate().private)?;
    let nobody = Principal { subject: "nobody".into(), role: Role::Admin, tree: Vec::new() };
    let forged = other.sign(&nobody, std::time::Duration::from_secs(60))?;
    for (header, reason) in [
        ("Basic abc", "token_malformed"),
        ("Bearer abc", "token_malformed"),
        (&format!("Bearer {forged}"), "token_forged"),
    ] {
        let ask = get("/v1/accounts").header("Authorization", header);
        world.bare(ask).await?.refused(401, reason);
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_client_s_things_are_as_if_they_were_not() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let rival = world.rival().await?;
    let id = world.account("A-1").await?;
    let hold = world.post(format!("/v1/accounts/{id}/hold"), &json!({"reason": "x"})).await?;
    let hold = hold["hold_id"].as_str().unwrap().to_owned();
    world.dispute(&id, "I-1").await?;
    let asked = world.get("/v1/client-requests").await?;
    let question = asked["client_requests"][0]["client_request_id"].as_str().unwrap().to_owned();
    let batch = world.get(format!("/v1/accounts/{id}")).await?["batch_id"].clone();
    let batch = batch.as_str().unwrap();
    world.run.settle().await?;
    let nothing = json!({});
    let adjustment = json!({"amount": usd("-1.00"), "reason": "x"});
    let payment = json!({"amount": usd("1.00"), "received_reference": "R"});
    for (ask, reason) in [
        (get(format!("/v1/accounts/{id}")), "account_unknown"),
        (get("/v1/clients/ACME/accounts/A-1"), "account_unknown"),
        (get(format!("/v1/batches/{batch}")), "batch_unknown"),
        (get(format!("/v1/batches/{batch}/acknowledgements")), "batch_unknown"),
        (post(format!("/v1/accounts/{id}/recall"), &nothing), "account_unknown"),
        (post(format!("/v1/accounts/{id}/hold"), &json!({"reason": "x"})), "account_unknown"),
        (post(format!("/v1/accounts/{id}/adjustments"), &adjustment), "account_unknown"),
        (post(format!("/v1/holds/{hold}/lift"), &nothing), "hold_unknown"),
        (
            post(format!("/v1/client-requests/{question}/answer"), &json!({"answer": "stands"})),
            "client_request_unknown",
        ),
    ] {
        let (method, path) = (ask.method(), ask.path().to_owned());
        let answer = world.send_as(&rival, ask).await?;
        assert_eq!(answer.status, 404, "{method} {path}: {answer:?}");
        answer.refused(404, reason);
    }
    // A service that heard of it lately says the same as of one that it may yet hear of.
    for ask in [
        get(format!("/v1/accounts/{id}/balance")),
        get(format!("/v1/accounts/{id}/timeline")),
        post(format!("/v1/accounts/{id}/direct-payments"), &payment),
    ] {
        let answer = world.send_as(&rival, ask.clone()).await?;
        assert!([404, 503].contains(&answer.status), "{}: {answer:?}", ask.path());
    }
    for list in ["accounts", "client-requests", "remittances"] {
        let answer = world.send_as(&rival, get(format!("/v1/{list}"))).await?.ok()?;
        let rows = answer[list.replace('-', "_")].as_array().map(Vec::len);
        assert_eq!(rows, Some(0), "{answer}");
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_understood_is_refused_by_its_name() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let id = world.account("A-1").await?;
    let recall = format!("/v1/accounts/{id}/recall");
    let unknown = world.send(post(&recall, &json!({"reson": "typing error"}))).await?;
    let problem = unknown.refused(400, "invalid_input");
    assert_eq!(problem["violations"][0]["field"], "reson");
    assert_eq!(problem["violations"][0]["reason"], "reson is no key here; the keys are reason");

    let twice = post(&recall, &json!(null)).body(r#"{"reason": "a", "reason": "b"}"#);
    world.send(twice).await?.refused(400, "invalid_input");
    let text = post(&recall, &json!({})).header("Content-Type", "text/plain");
    world.send(text).await?.refused(415, "media_type_unsupported");
    world
        .send(post(&recall, &json!({})).without("Content-Type"))
        .await?
        .refused(415, "media_type_unsupported");
    let broken = post(&recall, &json!(null)).body("{\"reason\": ");
    world.send(broken).await?.refused(400, "malformed_json");
    let large = post(&recall, &json!({"reason": "x".repeat(20 * 1024)}));
    world.send(large).await?.refused(413, "message_too_large");

    for (path, field) in [
        ("/v1/accounts?page_size=0", "page_size"),
        ("/v1/accounts?page_size=1001", "page_size"),
        ("/v1/accounts?page_size=ten", "page_size"),
        ("/v1/accounts?cursor=zz", "cursor"),
        ("/v1/accounts?changed_since=yesterday", "changed_since"),
        ("/v1/accounts?client_id=ACME", "client_id"),
        ("/v1/accounts/A-1", "account_id"),
        ("/v1/client-requests?with_answered=perhaps", "with_answered"),
    ] {
        let problem = world.send(get(path)).await?.refused(400, "invalid_input");
        assert_eq!(problem["violations"][0]["field"], field, "{path}: {problem}");
    }
    let problem =
        world.send(get("/v1/accounts?since=2026-01-01")).await?.refused(400, "invalid_input");
    assert!(problem["detail"].as_str().unwrap().contains("since is no key here"), "{problem}");

    world.send(get("/v1/nowhere")).await?.refused(404, "route_unknown");
    let refused = world.send(ask("DELETE", "/v1/accounts")).await?;
    refused.refused(405, "method_not_allowed");
    assert!(refused.header("allow").contains("GET"), "{refused:?}");
    assert_eq!(world.get(format!("/v1/accounts/{id}")).await?["lifecycle"], "open");
    world.end().await
}
