use std::{convert::Infallible, task::Poll};

use futures::future::BoxFuture;
use http::{Request, Response};
use tonic::{
    Code, Status,
    body::Body,
    server::NamedService,
    transport::{Channel, Endpoint},
};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus as Health, health_client::HealthClient,
};
use tonic_reflection::pb::{
    v1::{
        ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    },
    v1alpha,
};
use tower::{Layer as _, Service, ServiceExt as _};

use super::*;
use crate::{
    auth::{Principal, Role, Signer},
    error::reason_of,
};

const ACCESS: &[Access] =
    &[Access { method: "duly.sample.v1.SampleService/Who", roles: &[Role::Collector] }];

/// Answers every call with a status that names its caller.
#[derive(Clone)]
struct Sample;

impl NamedService for Sample {
    const NAME: &'static str = "duly.sample.v1.SampleService";
}

impl Service<Request<Body>> for Sample {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let who = request.extensions().get::<Principal>().expect("the layer stands before").actor();
        Box::pin(async move {
            assert_ne!(who, "collector:panic", "a caller asked for it");
            Ok(Status::failed_precondition(who).into_http())
        })
    }
}

struct Served {
    addr: SocketAddr,
    channel: Channel,
    signer: Signer,
    shutdown: CancellationToken,
}

/// Runs `scenario` against a served sample, then shuts it down and waits for its end.
async fn serve<F: Future<Output = ()>>(scenario: impl FnOnce(Served) -> F) {
    let keys = Signer::generate();
    let verifier = Arc::new(Verifier::from_pem(&keys.public).unwrap());
    let listener = bind("127.0.0.1:0".parse().unwrap(), "grpc_addr").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let channel = Endpoint::from_shared(format!("http://{addr}")).unwrap().connect_lazy();
    let shutdown = CancellationToken::new();
    let served = Served {
        addr,
        channel,
        signer: Signer::from_pem(&keys.private).unwrap(),
        shutdown: shutdown.clone(),
    };
    let server = serve_grpc(
        listener,
        Routes::new(Sample),
        ACCESS.to_vec(),
        verifier,
        duly_proto::DESCRIPTORS,
        shutdown.clone(),
    );
    let client = async {
        scenario(served).await;
        shutdown.cancel();
    };
    let (ended, ()) = tokio::join!(server, client);
    ended.unwrap();
}

async fn call(channel: &Channel, path: &str, token: Option<&str>) -> Status {
    let mut request =
        Request::post(format!("http://x{path}")).header("content-type", "application/grpc");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let response = channel.clone().oneshot(request).await.unwrap();
    Status::from_header_map(response.headers()).expect("the sample only answers with a status")
}

async fn health(channel: Channel, service: &str) -> Result<Health, Code> {
    let request = HealthCheckRequest { service: service.to_owned() };
    let answer = HealthClient::new(channel).check(request).await.map_err(|s| s.code())?;
    Ok(answer.into_inner().status())
}

#[tokio::test]
async fn a_call_needs_a_token_and_a_role() {
    serve(|served| async move {
        let path = "/duly.sample.v1.SampleService/Who";
        let status = call(&served.channel, path, None).await;
        assert_eq!(reason_of(&status).as_deref(), Some("token_missing"));
        assert_eq!(status.code(), Code::Unauthenticated);
        let sign = |role| {
            let who = Principal { subject: "ann".into(), role, tree: Vec::new() };
            served.signer.sign(&who, Duration::from_secs(60)).unwrap()
        };
        let status = call(&served.channel, path, Some(&sign(Role::Admin))).await;
        assert_eq!(reason_of(&status).as_deref(), Some("role_denied"));
        let status = call(&served.channel, path, Some(&sign(Role::Collector))).await;
        assert_eq!((status.code(), status.message()), (Code::FailedPrecondition, "collector:ann"));
    })
    .await;
}

#[tokio::test]
async fn a_call_that_panics_is_answered_as_an_internal_failure() {
    serve(|served| async move {
        let who = Principal { subject: "panic".into(), role: Role::Collector, tree: Vec::new() };
        let token = served.signer.sign(&who, Duration::from_secs(60)).unwrap();
        let path = "/duly.sample.v1.SampleService/Who";
        let status = call(&served.channel, path, Some(&token)).await;
        assert_eq!(
            (status.code(), reason_of(&status).as_deref()),
            (Code::Internal, Some("internal"))
        );
        assert!(!status.message().contains("asked for it"), "{status:?}");
    })
    .await;
}

#[tokio::test]
async fn health_is_open_and_knows_each_service() {
    serve(|served| async move {
        assert_eq!(health(served.channel.clone(), "").await, Ok(Health::Serving));
        let sample = health(served.channel.clone(), "duly.sample.v1.SampleService").await;
        assert_eq!(sample, Ok(Health::Serving));
        assert_eq!(health(served.channel, "duly.other.v1.Other").await, Err(Code::NotFound));
    })
    .await;
}

#[tokio::test]
async fn reflection_lists_what_is_served_to_new_and_old_tools() {
    serve(|served| async move {
        let expected = ["duly.sample.v1.SampleService", "grpc.health.v1.Health"];
        let request = ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        };
        let mut answers = ServerReflectionClient::new(served.channel.clone())
            .server_reflection_info(tokio_stream::once(request))
            .await
            .unwrap()
            .into_inner();
        let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
        let MessageResponse::ListServicesResponse(list) = answer else { panic!("{answer:?}") };
        for name in expected {
            assert!(list.service.iter().any(|s| s.name == name), "{name}");
        }
        assert!(!list.service.iter().any(|s| s.name.contains("Payments")), "not served here");

        let symbol = "duly.common.v1.Money".to_owned();
        let request = v1alpha::ServerReflectionRequest {
            host: String::new(),
            message_request: Some(
                v1alpha::server_reflection_request::MessageRequest::FileContainingSymbol(symbol),
            ),
        };
        let mut answers =
            v1alpha::server_reflection_client::ServerReflectionClient::new(served.channel)
                .server_reflection_info(tokio_stream::once(request))
                .await
                .unwrap()
                .into_inner();
        let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
        assert!(
            matches!(
                answer,
                v1alpha::server_reflection_response::MessageResponse::FileDescriptorResponse(_)
            ),
            "{answer:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_watcher_of_health_learns_of_the_end() {
    serve(|served| async move {
        let request = HealthCheckRequest { service: String::new() };
        let mut states =
            HealthClient::new(served.channel).watch(request).await.unwrap().into_inner();
        let state = states.message().await.unwrap().unwrap();
        assert_eq!(state.status(), Health::Serving);
        served.shutdown.cancel();
        let state = states.message().await.unwrap().unwrap();
        assert_eq!(state.status(), Health::NotServing);
    })
    .await;
}

#[tokio::test]
async fn calls_are_counted_by_method_and_code() {
    serve(|served| async move {
        call(&served.channel, "/duly.sample.v1.SampleService/Who", None).await;
        call(&served.channel, "/duly.sample.v1.SampleService/Made-up-by-a-caller", None).await;
        health(served.channel, "").await.unwrap();
    })
    .await;
    let text = telemetry::render();
    let who = "method=\"duly.sample.v1.SampleService/Who\"";
    assert!(text.contains(&format!("duly_rpc_total{{{who},code=\"Unauthenticated\"}}")), "{text}");
    assert!(text.contains(&format!("duly_rpc_seconds_count{{{who}}}")), "{text}");
    assert!(text.contains("duly_rpc_total{method=\"other\",code=\"Ok\"}"), "{text}");
    assert!(!text.contains("Made-up"), "{text}");
}

#[tokio::test]
async fn a_message_over_the_limit_is_refused_with_sizes_and_remedy() {
    let (_, health) = tonic_health::server::health_reporter();
    let table = Arc::new(Table::new([]).unwrap());
    let service = RpcLayer::new(table).layer(health.max_decoding_message_size(16));
    let request = HealthCheckRequest { service: "x".repeat(100) };
    let status = HealthClient::new(service).check(request).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert_eq!(reason_of(&status).as_deref(), Some("message_too_large"));
    assert!(status.message().contains("found 102 bytes, the limit is: 16 bytes"), "{status:?}");
    assert!(status.message().contains("message_bytes_max"), "{status:?}");
}

#[tokio::test]
async fn a_taken_port_names_address_setting_and_remedy() {
    serve(|served| async move {
        let error = bind(served.addr, "grpc_addr").await.unwrap_err().to_string();
        assert!(error.contains(&served.addr.to_string()), "{error}");
        assert!(error.contains("is taken by another program"), "{error}");
        assert!(error.contains("set grpc_addr (DULY_GRPC_ADDR) to another port"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn an_address_of_another_machine_is_named() {
    let error = bind("192.0.2.1:7070".parse().unwrap(), "admin_addr").await.unwrap_err();
    assert!(error.to_string().contains("192.0.2.1:7070 is not an address of this machine"));
    assert!(error.to_string().contains("DULY_ADMIN_ADDR"));
}

#[tokio::test]
async fn a_table_that_cannot_be_stops_the_start() {
    let keys = Signer::generate();
    let verifier = Arc::new(Verifier::from_pem(&keys.public).unwrap());
    let listener = bind("127.0.0.1:0".parse().unwrap(), "grpc_addr").await.unwrap();
    let twice = vec![ACCESS[0], ACCESS[0]];
    let (routes, shutdown) = (Routes::new(Sample), CancellationToken::new());
    let error = serve_grpc(listener, routes, twice, verifier, duly_proto::DESCRIPTORS, shutdown);
    assert!(error.await.unwrap_err().to_string().contains("stands twice"));
}
