//! Every gRPC call counted by method and code, and timed until its last byte; a panic answered as our
//! own fault; and tonic's own refusals of a message put into our words.

use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tonic::{Code, Status, body::Body};
use tower::{Layer, Service};

use crate::{
    auth::Table,
    error::{self, Refusal},
    halving::panic_text,
};

/// The header or trailer in which gRPC says how a call ended.
const GRPC_STATUS: &str = "grpc-status";

/// Puts [`RpcService`] before a service.
#[derive(Clone)]
pub struct RpcLayer(Arc<Table>);

impl RpcLayer {
    /// Methods outside this table are counted as `other`: callers must not make label values.
    #[must_use]
    pub fn new(table: Arc<Table>) -> Self {
        Self(table)
    }
}

impl<S> Layer<S> for RpcLayer {
    type Service = RpcService<S>;

    fn layer(&self, inner: S) -> RpcService<S> {
        RpcService { table: self.0.clone(), inner }
    }
}

/// Counts and times calls.
#[derive(Clone)]
pub struct RpcService<S> {
    table: Arc<Table>,
    inner: S,
}

impl<S, B> Service<http::Request<B>> for RpcService<S>
where
    S: Service<http::Request<B>, Response = http::Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let method = self.table.known(request.uri().path()).unwrap_or("other");
        let mut call = Call { method, started: Instant::now(), code: Code::Cancelled };
        let answer = AssertUnwindSafe(self.inner.call(request)).catch_unwind();
        Box::pin(async move {
            let response = match answer.await {
                Ok(response) => response?,
                // Left alone it resets the stream, which callers take for a cancelled call.
                Err(panic) => {
                    let words = format!("panicked: {}", panic_text(panic.as_ref()));
                    let status = error::status(Refusal::internal(words).failure());
                    call.ended(status.code());
                    return Ok(status.into_http());
                }
            };
            // Without a body the status stands among the headers.
            match Status::from_header_map(response.headers()) {
                None => Ok(response.map(|inner| Body::new(Counted { inner, call }))),
                Some(status) if matches!(status.code(), Code::OutOfRange | Code::Internal) => {
                    let status = error::from_transport(status);
                    call.ended(status.code());
                    Ok(status.into_http())
                }
                Some(status) => {
                    call.ended(status.code());
                    Ok(response)
                }
            }
        })
    }
}

/// One call under way. Dropped before its status was seen, it was cancelled.
struct Call {
    method: &'static str,
    started: Instant,
    code: Code,
}

impl Call {
    fn ended(&mut self, code: Code) {
        self.code = code;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let (method, code) = (self.method, format!("{:?}", self.code));
        metrics::counter!("duly_rpc_total", "method" => method, "code" => code).increment(1);
        metrics::histogram!("duly_rpc_seconds", "method" => method).record(self.started.elapsed());
    }
}

/// A body that looks at its trailers as they pass.
struct Counted {
    inner: Body,
    call: Call,
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.inner).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(code) = frame.trailers_ref().and_then(code) {
                    this.call.ended(code);
                }
            }
            Poll::Ready(Some(Err(status))) => this.call.code = status.code(),
            Poll::Ready(None) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

fn code(trailers: &HeaderMap) -> Option<Code> {
    trailers.get(GRPC_STATUS).map(|value| Code::from_bytes(value.as_bytes()))
}
