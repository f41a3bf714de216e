//! Plain HTTP beside gRPC, where a service has any.

use axum::{Router, routing::get};
use duly_platform::Service;
use duly_testkit::Set;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::fixture::{tally, teller};

fn paged() -> Service {
    let pages = |host: duly_platform::Host| {
        let addr = host.grpc_addr().to_string();
        Router::new().route("/where", get(move || std::future::ready(addr)))
    };
    Service { http: Some(pages), ..tally() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_with_pages_serves_them_and_knows_where_grpc_answers() -> anyhow::Result<()> {
    let set = Set::create(&[teller(), paged()]).await?;
    let run = set.start(vec![teller(), paged()]).await?;
    let at = run.endpoints().http()?;
    let mut stream = TcpStream::connect(at.trim_start_matches("http://")).await?;
    stream.write_all(b"GET /where HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with(&run.running().grpc_addr.to_string()), "{answer}");
    run.stop().await;
    set.drop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_pages_no_port_is_taken() -> anyhow::Result<()> {
    let set = Set::create(&[teller()]).await?;
    let run = set.start(vec![teller()]).await?;
    assert_eq!(run.running().http_addr, None);
    assert!(run.endpoints().http().is_err());
    run.stop().await;
    set.drop().await
}
