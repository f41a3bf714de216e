use std::{convert::Infallible, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response};
use serde_json::{Value, json};
use tonic::{Code, Status, body::Body, service::Interceptor as _};
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::{config::SecretText, error::reason_of};

const METHOD: &str = "duly.sample.v1.SampleService/Do";
const TABLE: &[Access] = &[
    Access { method: METHOD, roles: &[Role::Client, Role::Collector] },
    Access { method: "duly.sample.v1.SampleService/Nobody", roles: &[] },
];

struct Keys {
    signer: Signer,
    verifier: Verifier,
    pair: KeyPair,
}

fn keys() -> Keys {
    let pair = Signer::generate();
    Keys {
        signer: Signer::from_pem(&pair.private).unwrap(),
        verifier: Verifier::from_pem(&pair.public).unwrap(),
        pair,
    }
}

fn collector() -> Principal {
    Principal { subject: "ann@agency".into(), role: Role::Collector, tree: Vec::new() }
}

fn client() -> Principal {
    let tree = vec![Uuid::from_u128(1), Uuid::from_u128(2)];
    Principal { subject: "acme-key-1".into(), role: Role::Client, tree }
}

fn noon() -> DateTime<Utc> {
    "2026-11-02T12:00:00Z".parse().unwrap()
}

fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

/// A token with any claims, rightly signed.
fn sign_raw(keys: &Keys, claims: &Value) -> String {
    let key =
        jsonwebtoken::EncodingKey::from_ed_pem(keys.pair.private.expose().as_bytes()).unwrap();
    jsonwebtoken::encode(&jsonwebtoken::Header::new(jsonwebtoken::Algorithm::EdDSA), claims, &key)
        .unwrap()
}

fn claims() -> Value {
    let now = noon().timestamp();
    json!({"sub": "ann", "role": "collector", "iat": now, "exp": now + 600, "iss": "duly", "aud": "duly"})
}

#[test]
fn a_token_stands_for_whom_it_was_signed() {
    let keys = keys();
    for who in [collector(), client()] {
        let token = keys.signer.sign_at(&who, minutes(15), noon()).unwrap();
        assert_eq!(keys.verifier.verify_at(&token, noon()).unwrap(), who);
    }
    assert_eq!(client().actor(), "client:acme-key-1");
}

#[test]
fn a_token_lives_for_its_time_and_a_small_leeway() {
    let keys = keys();
    let token = keys.signer.sign_at(&collector(), minutes(15), noon()).unwrap();
    let verify = |seconds| keys.verifier.verify_at(&token, noon() + TimeDelta::seconds(seconds));
    assert!(verify(15 * 60 + 4).is_ok());
    assert_eq!(verify(15 * 60 + 5), Err(AuthError::Expired));
    assert!(verify(-5).is_ok());
    assert_eq!(verify(-6), Err(AuthError::NotYetValid));
}

#[test]
fn no_token_lives_for_more_than_an_hour() {
    let keys = keys();
    for life in [minutes(61), Duration::from_millis(3_600_001), Duration::ZERO] {
        let refused = keys.signer.sign_at(&collector(), life, noon());
        assert_eq!(refused.unwrap_err().to_string(), SignError::Life(life).to_string());
    }
    let mut long = claims();
    long["exp"] = json!(noon().timestamp() + 3601);
    let token = sign_raw(&keys, &long);
    assert_eq!(keys.verifier.verify_at(&token, noon()), Err(AuthError::TooLong));
}

#[test]
fn a_token_of_another_key_is_forged() {
    let (ours, theirs) = (keys(), keys());
    let token = theirs.signer.sign_at(&collector(), minutes(5), noon()).unwrap();
    assert_eq!(ours.verifier.verify_at(&token, noon()), Err(AuthError::Forged));
}

#[test]
fn a_changed_role_is_forged() {
    let keys = keys();
    let token = keys.signer.sign_at(&collector(), minutes(5), noon()).unwrap();
    let parts: Vec<_> = token.split('.').collect();
    let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let raised = URL_SAFE_NO_PAD.encode(payload.replace("collector", "admin"));
    let token = format!("{}.{raised}.{}", parts[0], parts[2]);
    assert_eq!(keys.verifier.verify_at(&token, noon()), Err(AuthError::Forged));
}

#[test]
fn a_token_without_signature_or_of_a_shared_secret_is_forged() {
    let keys = keys();
    let body = URL_SAFE_NO_PAD.encode(claims().to_string());
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    // jsonwebtoken knows no algorithm `none`: the header does not even parse.
    assert!(keys.verifier.verify_at(&format!("{none}.{body}."), noon()).is_err());
    let secret = jsonwebtoken::EncodingKey::from_secret(keys.pair.public.as_bytes());
    let token = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims(), &secret).unwrap();
    assert_eq!(keys.verifier.verify_at(&token, noon()), Err(AuthError::Forged));
}

#[test]
fn a_token_for_somebody_else_is_foreign() {
    let keys = keys();
    for claim in ["iss", "aud"] {
        let mut other = claims();
        other[claim] = json!("elsewhere");
        let token = sign_raw(&keys, &other);
        assert_eq!(keys.verifier.verify_at(&token, noon()), Err(AuthError::Foreign), "{claim}");
    }
}

#[test]
fn a_token_that_cannot_be_read_is_malformed() {
    let keys = keys();
    let malformed = |token: &str| {
        let refused = keys.verifier.verify_at(token, noon()).unwrap_err();
        assert_eq!(refused.reason(), "token_malformed", "{token}: {refused}");
    };
    malformed("");
    malformed("abc");
    malformed("a.b.c");
    malformed(&"x".repeat(20_000));
    for (claim, value) in [
        ("role", json!("root")),
        ("tree", json!([Uuid::from_u128(1)])),
        ("sub", json!("a b")),
        ("exp", json!("soon")),
        ("extra", json!(1)),
        ("exp", json!(i64::MAX)),
    ] {
        let mut wrong = claims();
        wrong[claim] = value;
        malformed(&sign_raw(&keys, &wrong));
    }
    for claim in ["sub", "role", "iat", "exp", "iss", "aud"] {
        let mut lacking = claims();
        lacking.as_object_mut().unwrap().remove(claim);
        malformed(&sign_raw(&keys, &lacking));
    }
}

#[test]
fn only_a_client_has_a_tree_and_always_does() {
    let keys = keys();
    let sign = |who: Principal| keys.signer.sign_at(&who, minutes(5), noon());
    assert!(matches!(sign(Principal { tree: vec![], ..client() }), Err(SignError::Tree)));
    let tree = vec![Uuid::from_u128(1)];
    assert!(matches!(sign(Principal { tree, ..collector() }), Err(SignError::Tree)));
    let subject = String::new();
    assert!(matches!(sign(Principal { subject, ..collector() }), Err(SignError::Subject)));
    let tree = (0..1000).map(Uuid::from_u128).collect();
    assert!(matches!(sign(Principal { tree, ..client() }), Err(SignError::Size(_))));
}

#[test]
fn keys_of_another_kind_are_refused() {
    let pair = keys().pair;
    assert_eq!(Verifier::from_pem(pair.private.expose()).unwrap_err(), KeyError::Public);
    assert_eq!(Signer::from_pem(&SecretText::new(pair.public)).unwrap_err(), KeyError::Private);
    assert_eq!(Verifier::from_pem("").unwrap_err(), KeyError::Public);
}

#[test]
fn each_refusal_says_what_to_do() {
    for error in [AuthError::Expired, AuthError::Forged, AuthError::Foreign, AuthError::TooLong] {
        assert!(error.to_string().contains("duly token"), "{error}");
    }
    assert_eq!(AuthError::Expired.to_string(), "token expired; ask for a new one with duly token");
}

#[test]
fn the_table_denies_by_default() {
    let table = Table::new(TABLE.iter().copied()).unwrap();
    assert_eq!(table.judge("/duly.sample.v1.SampleService/Do", &collector()), Ok(()));
    let admin = Principal { role: Role::Admin, ..collector() };
    let denied = AuthError::RoleDenied { role: Role::Admin, method: METHOD.into() };
    assert_eq!(table.judge(METHOD, &admin), Err(denied));
    let unlisted = table.judge("duly.sample.v1.SampleService/Undo", &collector()).unwrap_err();
    assert_eq!(unlisted.reason(), "method_denied");
    for role in Role::ALL {
        let who = Principal { role, ..collector() };
        assert!(table.judge("duly.sample.v1.SampleService/Nobody", &who).is_err());
    }
    assert_eq!(table.services(), ["duly.sample.v1.SampleService"]);
    assert!(Table::is_open("/grpc.health.v1.Health/Check"));
    assert!(!Table::is_open("/duly.grpc.health.v1.Health/Check"));
}

#[test]
fn a_table_with_a_method_twice_or_of_another_shape_is_refused() {
    let twice = Table::new([TABLE[0], TABLE[0]]).unwrap_err();
    assert_eq!(twice, AccessError::Twice(METHOD));
    for method in ["/duly.a.v1.A/B", "duly.a.v1.A", "A/B", "duly.a.v1.A/"] {
        let row = Access { method, roles: &[] };
        assert_eq!(Table::new([row]).unwrap_err(), AccessError::Shape(method));
    }
}

#[test]
fn a_role_reads_back_as_it_is_written() {
    for role in Role::ALL {
        assert_eq!(role.as_str().parse(), Ok(role));
        assert_eq!(serde_json::to_value(role).unwrap(), json!(role.as_str()));
    }
    assert!("root".parse::<Role>().unwrap_err().to_string().contains("collector"));
}

/// Calls a service behind the layer that answers with its caller.
async fn call(keys: Keys, path: &str, authorization: Option<String>) -> Result<String, Status> {
    let table = Arc::new(Table::new(TABLE.iter().copied()).unwrap());
    let inner = tower::service_fn(|request: Request<Body>| async move {
        let seen = request.headers().contains_key("authorization");
        let request = tonic::Request::from_parts(
            tonic::metadata::MetadataMap::new(),
            request.into_parts().0.extensions,
            (),
        );
        let who = principal(&request).map_or("nobody".to_owned(), |who| who.actor());
        let response = Response::builder().header("who", who).header("token", seen.to_string());
        Ok::<_, Infallible>(response.body(Body::empty()).unwrap())
    });
    let service = AuthLayer::new(table, Arc::new(keys.verifier)).layer(inner);
    let mut request = Request::builder().uri(format!("http://x{path}"));
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    let response = service.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    match Status::from_header_map(response.headers()) {
        Some(status) => Err(status),
        None => {
            assert_eq!(response.headers()["token"], "false");
            Ok(response.headers()["who"].to_str().unwrap().to_owned())
        }
    }
}

#[tokio::test]
async fn a_handler_learns_its_caller_and_never_sees_the_token() {
    let keys = keys();
    let token = keys.signer.sign(&client(), minutes(5)).unwrap();
    let who = call(keys, &format!("/{METHOD}"), Some(format!("bearer {token}"))).await.unwrap();
    assert_eq!(who, "client:acme-key-1");
}

#[tokio::test]
async fn a_call_without_a_good_token_is_turned_away_with_its_reason() {
    let path = format!("/{METHOD}");
    let now = super::token::now();
    let ours = keys();
    let old = ours.signer.sign_at(&collector(), minutes(1), now - TimeDelta::hours(1)).unwrap();
    let forged = keys().signer.sign(&collector(), minutes(5)).unwrap();
    let admin = Principal { role: Role::Admin, ..collector() };
    for (authorization, code, reason) in [
        (None, Code::Unauthenticated, "token_missing"),
        (Some("Basic YTpi".to_owned()), Code::Unauthenticated, "token_malformed"),
        (Some("Bearer".to_owned()), Code::Unauthenticated, "token_malformed"),
        (Some(format!("Bearer {old}")), Code::Unauthenticated, "token_expired"),
        (Some(format!("Bearer {forged}")), Code::Unauthenticated, "token_forged"),
        (
            Some(format!("Bearer {}", ours.signer.sign(&admin, minutes(5)).unwrap())),
            Code::PermissionDenied,
            "role_denied",
        ),
    ] {
        let again = Keys {
            signer: Signer::from_pem(&ours.pair.private).unwrap(),
            verifier: Verifier::from_pem(&ours.pair.public).unwrap(),
            pair: keys().pair,
        };
        let status = call(again, &path, authorization).await.unwrap_err();
        assert_eq!((status.code(), reason_of(&status).as_deref()), (code, Some(reason)));
    }
}

#[tokio::test]
async fn health_needs_no_token_and_an_unlisted_method_is_denied_to_all() {
    assert_eq!(call(keys(), "/grpc.health.v1.Health/Check", None).await.unwrap(), "nobody");
    let keys = keys();
    let token = keys.signer.sign(&collector(), minutes(5)).unwrap();
    let path = "/duly.sample.v1.SampleService/Undo";
    let status = call(keys, path, Some(format!("Bearer {token}"))).await.unwrap_err();
    assert_eq!(reason_of(&status).as_deref(), Some("method_denied"));
}

#[test]
fn a_client_sends_its_token_and_hides_it_from_debug() {
    let mut bearer = Bearer::new("abc\n").unwrap();
    let request = bearer.call(tonic::Request::new(())).unwrap();
    let sent = request.metadata().get("authorization").unwrap();
    assert_eq!(sent, "Bearer abc");
    assert!(!format!("{sent:?}").contains("abc"));
    assert!(Bearer::new("a\nb").is_err());
}
