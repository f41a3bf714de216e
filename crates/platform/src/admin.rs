//! The admin port: whether the process lives, whether it is ready, and its metrics. Plain HTTP, for
//! the machines that run us; no business is done here and nothing personal is shown.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::get,
};
use futures::future::BoxFuture;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::telemetry;

/// Probes give up after a few seconds; readiness answers before they do.
const CHECK_TIME_MAX: Duration = Duration::from_secs(2);

/// How each dependency is: its name, and what is wrong with it.
pub type Dependencies = Vec<(String, Result<(), String>)>;

/// Asks every dependency.
pub type Check = Arc<dyn Fn() -> BoxFuture<'static, Dependencies> + Send + Sync>;

/// `/healthz` answers as long as the process can; `/readyz` is 200 when every dependency answers,
/// else 503 with what is wrong; `/metrics` is Prometheus's text.
pub fn router(check: Check) -> Router {
    telemetry::install_metrics();
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(check)
}

async fn ready(State(check): State<Check>) -> impl IntoResponse {
    let answers = ask(&check, CHECK_TIME_MAX).await;
    let is_ready = answers.iter().all(|(_, answer)| answer.is_ok());
    let dependencies: Map<String, Value> = answers
        .into_iter()
        .map(|(name, answer)| (name, answer.map_or_else(Value::from, |()| Value::from("ok"))))
        .collect();
    let code = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(json!({ "ready": is_ready, "dependencies": dependencies })))
}

async fn ask(check: &Check, time_max: Duration) -> Dependencies {
    tokio::time::timeout(time_max, check())
        .await
        .unwrap_or_else(|_| vec![("all".to_owned(), Err(format!("no answer in {time_max:?}")))])
}

async fn metrics() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], telemetry::render())
}

/// Serves until `shutdown`.
///
/// # Errors
/// The listener's.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    axum::serve(listener, router)
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await
        .context("serve the admin port")
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt as _;

    use super::*;

    fn always(dependencies: Dependencies) -> Check {
        Arc::new(move || Box::pin(std::future::ready(dependencies.clone())))
    }

    async fn fetch(check: Check, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = router(check).oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_process_lives_even_when_it_is_not_ready() {
        let check = always(vec![("database".into(), Err("connection refused".into()))]);
        assert_eq!(fetch(check, "/healthz").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn it_is_ready_when_every_dependency_answers() {
        let check = always(vec![("database".into(), Ok(())), ("nats".into(), Ok(()))]);
        let (status, body) = fetch(check, "/readyz").await;
        assert_eq!(status, StatusCode::OK);
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body, json!({"ready": true, "dependencies": {"database": "ok", "nats": "ok"}}));
    }

    #[tokio::test]
    async fn one_silent_dependency_makes_it_not_ready_and_is_named() {
        let check = always(vec![("database".into(), Ok(())), ("nats".into(), Err("gone".into()))]);
        let (status, body) = fetch(check, "/readyz").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["dependencies"]["nats"], "gone");
        assert_eq!(body["dependencies"]["database"], "ok");
    }

    #[tokio::test]
    async fn a_dependency_that_hangs_is_not_waited_for() {
        let hanging: Check = Arc::new(|| Box::pin(std::future::pending()));
        let answers = ask(&hanging, Duration::ZERO).await;
        assert_eq!(answers, [("all".to_owned(), Err("no answer in 0ns".to_owned()))]);
    }

    #[tokio::test]
    async fn metrics_are_served_over_http_until_shutdown() {
        let check = always(Vec::new());
        let routes = router(check.clone());
        metrics::counter!("duly_admin_sample_total").increment(1);
        let (status, body) = fetch(check, "/metrics").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("duly_admin_sample_total 1"), "{body}");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shutdown = CancellationToken::new();
        shutdown.cancel();
        serve(listener, routes, shutdown).await.unwrap();
    }
}
