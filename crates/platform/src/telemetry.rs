//! Logs, traces and metrics of the process, and how trace context travels.
//!
//! One process may run many services (and, in tests, many times the same): all of it is installed
//! once, later calls change nothing. Spans are made even when nothing is exported, so that trace
//! context passes through a service that exports none.

use std::{
    collections::HashMap,
    io::IsTerminal as _,
    sync::{Mutex, OnceLock},
    time::Duration,
};

use anyhow::Context as _;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator as _},
    trace::{TraceContextExt as _, TracerProvider as _},
};
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tonic::{Request, Status, metadata::MetadataValue};
use tracing::Span;
use tracing_opentelemetry::{OpenTelemetrySpanExt as _, SetParentError};
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::config::{LogFormat, TelemetryConfig};

/// The W3C header, also the name of the field in frames and of the NATS header.
pub const TRACEPARENT: &str = "traceparent";

/// Upper bounds of the buckets of every histogram of seconds.
const SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

/// How often histograms give up their raw samples, scraped or not.
const UPKEEP: Duration = Duration::from_secs(5);

static INSTALLED: Mutex<bool> = Mutex::new(false);

/// Sends what is still to be exported when it is dropped. Belongs to `main`.
#[must_use = "spans that are still to be sent are sent when it is dropped"]
#[derive(Debug)]
pub struct Guard(Option<SdkTracerProvider>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take()
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!("last spans were not exported: {error}");
        }
    }
}

/// Installs logs to stderr, traces, and the export of spans where an endpoint is set; with an
/// endpoint it must be called on a tokio runtime. Another call in the same process does nothing.
///
/// # Errors
/// A filter or an endpoint that cannot be.
pub fn init(config: &TelemetryConfig) -> anyhow::Result<Guard> {
    let mut installed = INSTALLED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if *installed {
        return Ok(Guard(None));
    }
    let filter = EnvFilter::builder()
        .parse(&config.log)
        .with_context(|| format!("read telemetry.log `{}`", config.log))?;
    let provider = provider(config.otlp_endpoint.as_deref())?;
    let stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match config.format {
        LogFormat::Json => stderr.json().flatten_event(true).boxed(),
        LogFormat::Pretty => stderr.with_ansi(std::io::stderr().is_terminal()).boxed(),
    };
    let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer("duly"));
    // A test harness that has its own subscriber keeps it.
    *installed = true;
    match tracing_subscriber::registry().with(filter).with(lines).with(traces).try_init() {
        Ok(()) => Ok(Guard(Some(provider))),
        Err(_) => Ok(Guard(None)),
    }
}

fn provider(otlp_endpoint: Option<&str>) -> anyhow::Result<SdkTracerProvider> {
    let mut provider = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name("duly").build());
    if let Some(endpoint) = otlp_endpoint {
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .build()
            .with_context(|| format!("make an exporter to telemetry.otlp_endpoint {endpoint}"))?;
        provider = provider.with_batch_exporter(exporter);
    }
    Ok(provider.build())
}

/// The current span's W3C trace context, to be kept beside what it caused; empty without one.
#[must_use]
pub fn traceparent() -> String {
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.remove(TRACEPARENT).unwrap_or_default()
}

/// Makes a span the child of a kept trace context. Only where the span was just made: once entered,
/// it is too late. Empty or foreign text leaves the span a root.
pub fn set_parent(span: &Span, traceparent: &str) {
    if !traceparent.is_empty() {
        let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
        adopt(span, &carrier);
    }
}

fn adopt(span: &Span, carrier: &dyn Extractor) {
    let parent = TraceContextPropagator::new().extract(carrier);
    if !parent.span().span_context().is_valid() {
        return;
    }
    match span.set_parent(parent) {
        // Without the layer, or with the span filtered out, there is nothing to be a child.
        Ok(()) | Err(SetParentError::LayerNotFound | SetParentError::SpanDisabled) => {}
        Err(error) => tracing::warn!("trace is cut here: {error}"),
    }
}

struct Headers<'a>(&'a http::HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// The span of one gRPC call, child of the caller's.
pub fn rpc_span<B>(request: &http::Request<B>) -> Span {
    let method = request.uri().path().trim_start_matches('/');
    let span = tracing::info_span!(
        "rpc",
        otel.name = method,
        otel.kind = "server",
        rpc.method = method,
        trace_id = tracing::field::Empty,
        actor = tracing::field::Empty,
    );
    adopt(&span, &Headers(request.headers()));
    let trace = span.context().span().span_context().trace_id();
    if trace != opentelemetry::TraceId::INVALID {
        span.record("trace_id", tracing::field::display(trace));
    }
    span
}

/// A client's interceptor: sends the current trace context with every call.
///
/// # Errors
/// None; the signature is tonic's.
pub fn inject(mut request: Request<()>) -> Result<Request<()>, Status> {
    if let Ok(value) = MetadataValue::try_from(traceparent())
        && !value.is_empty()
    {
        request.metadata_mut().insert(TRACEPARENT, value);
    }
    Ok(request)
}

/// Installs the recorder of metrics, once per process. Serving and [`render`] do it by themselves.
pub fn install_metrics() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&SECONDS)
            .expect("the list of buckets is not empty")
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("metrics go to another recorder of this process");
        }
        let upkeep = handle.clone();
        // A thread and not a task: it outlives every runtime, of which tests have many.
        let spawned =
            std::thread::Builder::new().name("metrics-upkeep".to_owned()).spawn(move || {
                loop {
                    std::thread::sleep(UPKEEP);
                    upkeep.run_upkeep();
                }
            });
        if let Err(error) = spawned {
            tracing::warn!("histograms are only tidied when scraped: {error}");
        }
        handle
    })
}

/// All metrics in Prometheus's text format.
#[must_use]
pub fn render() -> String {
    install_metrics().render()
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        task::{Context as TaskContext, Poll},
    };

    use tonic::body::Body;

    use super::*;

    const REMOTE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /// Runs with spans that have trace ids, for this thread only.
    fn traced<A>(work: impl FnOnce() -> A) -> A {
        let provider = SdkTracerProvider::builder().build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work)
    }

    #[test]
    fn a_kept_trace_context_continues_in_a_new_span() {
        traced(|| {
            let span = tracing::info_span!("frame");
            set_parent(&span, REMOTE);
            let inside = span.in_scope(traceparent);
            assert_eq!(inside[..36], REMOTE[..36], "the same trace");
            assert_ne!(inside[36..], REMOTE[36..], "another span");
        });
    }

    #[test]
    fn an_rpc_continues_its_callers_trace_and_says_so_in_logs() {
        traced(|| {
            let request = http::Request::builder()
                .uri("http://x/duly.sample.v1.SampleService/Do")
                .header(TRACEPARENT, REMOTE)
                .body(())
                .unwrap();
            assert_eq!(rpc_span(&request).in_scope(traceparent)[..36], REMOTE[..36]);
        });
    }

    #[test]
    fn a_client_sends_the_context_of_its_span() {
        traced(|| {
            let span = tracing::info_span!("command");
            let sent = span.in_scope(|| inject(Request::new(())).unwrap());
            let header = sent.metadata().get(TRACEPARENT).unwrap().to_str().unwrap().to_owned();
            assert_eq!(header, span.in_scope(traceparent));
        });
    }

    #[test]
    fn without_a_trace_nothing_is_sent_and_foreign_text_does_no_harm() {
        assert_eq!(traceparent(), "");
        assert!(inject(Request::new(())).unwrap().metadata().get(TRACEPARENT).is_none());
        traced(|| {
            let span = tracing::info_span!("frame");
            set_parent(&span, "not a traceparent");
            set_parent(&span, "");
            assert_eq!(span.in_scope(traceparent).len(), REMOTE.len());
        });
    }

    #[test]
    fn installing_twice_does_nothing() {
        let config = TelemetryConfig { log: "off".into(), ..TelemetryConfig::default() };
        let first = init(&config).unwrap();
        let second = init(&config).unwrap();
        assert!(second.0.is_none());
        drop((second, first));
    }

    /// An OTLP receiver that only says that it was called.
    #[derive(Clone)]
    struct Receiver(tokio::sync::mpsc::UnboundedSender<String>);

    impl tonic::server::NamedService for Receiver {
        const NAME: &'static str = "opentelemetry.proto.collector.trace.v1.TraceService";
    }

    impl tower::Service<http::Request<Body>> for Receiver {
        type Response = http::Response<Body>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<http::Response<Body>, Infallible>>;

        fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: http::Request<Body>) -> Self::Future {
            self.0.send(request.uri().path().to_owned()).expect("the test still waits");
            std::future::ready(Ok(Status::ok("").into_http()))
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn spans_are_exported_to_the_endpoint_at_the_latest_at_the_end() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (sender, mut received) = tokio::sync::mpsc::unbounded_channel();
        let server = tonic::transport::Server::builder()
            .add_service(Receiver(sender))
            .serve_with_incoming(tokio_stream::wrappers::TcpListenerStream::new(listener));
        let client = async {
            let provider = provider(Some(&endpoint)).unwrap();
            let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
            let subscriber = tracing_subscriber::registry().with(layer);
            tracing::subscriber::with_default(subscriber, || drop(tracing::info_span!("work")));
            tokio::task::spawn_blocking(|| drop(Guard(Some(provider)))).await.unwrap();
            received.recv().await.unwrap()
        };
        tokio::select! {
            ended = server => panic!("the receiver ended: {ended:?}"),
            path = client => assert!(path.ends_with("TraceService/Export"), "{path}"),
        }
    }

    #[test]
    fn metrics_are_rendered() {
        install_metrics();
        metrics::counter!("duly_sample_total", "reason" => "test").increment(2);
        metrics::histogram!("duly_sample_seconds").record(0.004);
        let text = render();
        assert!(text.contains("duly_sample_total{reason=\"test\"} 2"), "{text}");
        assert!(text.contains("duly_sample_seconds_bucket{le=\"0.005\"} 1"), "{text}");
    }
}
