//! The gRPC port: what stands before every method, health, reflection, and a clean end.
//!
//! The largest message taken is not set here: tonic has it on each service, so every service's routes
//! say `.max_decoding_message_size(config.message_bytes_max)`. What is larger is refused with reason
//! `message_too_large`.

mod rpc;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tonic_health::ServingStatus;
use tower_http::trace::TraceLayer;

use crate::{
    auth::{Access, AuthLayer, Table, Verifier},
    telemetry,
};

pub use rpc::{RpcLayer, RpcService};

/// Idle peers are asked after this long whether they still live.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// A peer that does not answer a keepalive in this time is gone.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// Calls that still run so long after the end was asked for are cut off.
pub(crate) const GRACE: Duration = Duration::from_secs(10);

/// Largest set of headers taken, in bytes: a token with a large tree, and the rest.
const HEADERS_BYTES_MAX: u32 = 32 * 1024;

/// Listens on an address that a setting names.
///
/// # Errors
/// A taken port, an address that this machine does not have, a port that needs privileges: each says
/// which setting to change.
pub async fn bind(addr: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    use std::io::ErrorKind;
    let variable = format!("DULY_{}", setting.to_uppercase());
    TcpListener::bind(addr).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "{addr} is taken by another program; stop that one, or set {setting} ({variable}) to \
             another port (0 takes a free one)"
        ),
        ErrorKind::AddrNotAvailable => anyhow::anyhow!(
            "{addr} is not an address of this machine; set {setting} ({variable}) to one that is, \
             such as 127.0.0.1:{}",
            addr.port()
        ),
        ErrorKind::PermissionDenied => anyhow::anyhow!(
            "may not listen on {addr}; set {setting} ({variable}) to a port from 1024 up"
        ),
        _ => anyhow::Error::new(error).context(format!(
            "cannot listen on {addr}; set {setting} ({variable}) to an address that works"
        )),
    })
}

/// Serves `routes` until `shutdown`: every call in a span of its own that continues its caller's
/// trace, counted, and let through by `access` alone. Adds gRPC health, `SERVING` for each service
/// that `access` names, and reflection (v1, and v1alpha for older tools) from `descriptors`.
///
/// After `shutdown` nothing new is taken and running calls have ten seconds.
///
/// # Errors
/// A table of methods that cannot be, descriptors that do not decode, or the listener's.
pub async fn serve_grpc(
    listener: TcpListener,
    routes: Routes,
    access: Vec<Access>,
    verifier: Arc<Verifier>,
    descriptors: &'static [u8],
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    telemetry::install_metrics();
    let table = Arc::new(Table::new(access)?);
    let services = table.services();
    let (health, health_server) = tonic_health::server::health_reporter();
    for service in &services {
        health.set_service_status(service, ServingStatus::Serving).await;
    }
    let reflection = || {
        let builder = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(descriptors)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .with_service_name("grpc.health.v1.Health");
        services.iter().fold(builder, |builder, service| builder.with_service_name(*service))
    };
    let routes = routes
        .add_service(health_server)
        .add_service(reflection().build_v1().context("read descriptors for reflection")?)
        .add_service(reflection().build_v1alpha().context("read descriptors for reflection")?);
    let stop = {
        let (shutdown, services) = (shutdown.clone(), services.clone());
        async move {
            shutdown.cancelled().await;
            // Watchers learn it before the connection goes.
            for service in services.into_iter().chain([""]) {
                health.set_service_status(service, ServingStatus::NotServing).await;
            }
        }
    };
    let incoming =
        TcpIncoming::from(listener).with_nodelay(Some(true)).with_keepalive(Some(KEEPALIVE));
    let serve = Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
        .http2_max_header_list_size(HEADERS_BYTES_MAX)
        .layer(
            // Refusals are answers, not failures: what is our fault was logged where it happened.
            TraceLayer::new_for_grpc().make_span_with(telemetry::rpc_span).on_failure(()),
        )
        .layer(RpcLayer::new(table.clone()))
        .layer(AuthLayer::new(table, verifier))
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, stop);
    tokio::select! {
        ended = serve => ended.context("serve gRPC"),
        () = too_late(shutdown) => {
            tracing::warn!("calls that still ran after {GRACE:?} were cut off");
            Ok(())
        }
    }
}

/// Serves `pages` over plain HTTP until `shutdown`: TLS ends before us. Running requests have ten
/// seconds then.
///
/// # Errors
/// The listener's.
pub async fn serve_http(
    listener: TcpListener,
    pages: axum::Router,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let stop = shutdown.clone().cancelled_owned();
    let serve = axum::serve(listener, pages).with_graceful_shutdown(stop);
    tokio::select! {
        ended = serve.into_future() => ended.context("serve HTTP"),
        () = too_late(shutdown) => Ok(()),
    }
}

#[expect(clippy::disallowed_methods, reason = "machine time, to end a process")]
async fn too_late(shutdown: CancellationToken) {
    shutdown.cancelled().await;
    tokio::time::sleep(GRACE).await;
}

#[cfg(test)]
mod tests;
