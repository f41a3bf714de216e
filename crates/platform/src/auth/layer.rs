//! The layer before every gRPC method, and what clients put before theirs.

use std::{
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use futures::future::Either;
use http::{HeaderMap, header::AUTHORIZATION};
use tonic::{Status, body::Body, metadata::MetadataValue, service::Interceptor};
use tower::{Layer, Service};

use super::{AuthError, Principal, Table, Verifier};
use crate::{error, telemetry};

/// Puts [`AuthService`] before a service.
#[derive(Clone)]
pub struct AuthLayer {
    table: Arc<Table>,
    verifier: Arc<Verifier>,
}

impl AuthLayer {
    /// A layer that judges by this table and trusts this key.
    #[must_use]
    pub fn new(table: Arc<Table>, verifier: Arc<Verifier>) -> Self {
        Self { table, verifier }
    }

    /// Who may make this call; `None` where the method is open to all.
    fn admit(&self, path: &str, headers: &HeaderMap) -> Result<Option<Principal>, AuthError> {
        if Table::is_open(path) {
            return Ok(None);
        }
        let who = self.verifier.verify(token(headers)?)?;
        self.table.judge(path, &who)?;
        Ok(Some(who))
    }
}

fn token(headers: &HeaderMap) -> Result<&str, AuthError> {
    let header = headers.get(AUTHORIZATION).ok_or(AuthError::Missing)?;
    let text = header.to_str().map_err(|_| AuthError::Malformed("the header is not ASCII"))?;
    let (scheme, token) =
        text.split_once(' ').ok_or(AuthError::Malformed("the header is not `Bearer <token>`"))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(AuthError::Malformed("the header is not `Bearer <token>`"));
    }
    Ok(token.trim())
}

impl<S> Layer<S> for AuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> AuthService<S> {
        AuthService { auth: self.clone(), inner }
    }
}

/// Lets a call through with its [`Principal`] among the request's extensions, or answers for it.
#[derive(Clone)]
pub struct AuthService<S> {
    auth: AuthLayer,
    inner: S,
}

impl<S, B> Service<http::Request<B>> for AuthService<S>
where
    S: Service<http::Request<B>, Response = http::Response<Body>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<S::Response, S::Error>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: http::Request<B>) -> Self::Future {
        match self.auth.admit(request.uri().path(), request.headers()) {
            Ok(who) => {
                // Handlers and logs have no use for it, and what is not there cannot leak.
                request.headers_mut().remove(AUTHORIZATION);
                if let Some(who) = who {
                    tracing::Span::current().record("actor", who.actor());
                    request.extensions_mut().insert(who);
                }
                Either::Left(self.inner.call(request))
            }
            Err(refused) => {
                tracing::debug!(
                    reason = error::Failure::reason(&refused),
                    "turned away: {refused}"
                );
                Either::Right(ready(Ok(error::status(&refused).into_http())))
            }
        }
    }
}

/// The caller of a method behind [`AuthLayer`].
///
/// # Errors
/// `UNAUTHENTICATED` where the layer is missing: a handler never runs for nobody.
pub fn principal<T>(request: &tonic::Request<T>) -> Result<Principal, Status> {
    request
        .extensions()
        .get::<Principal>()
        .cloned()
        .ok_or_else(|| error::status(&AuthError::Missing))
}

/// A client's interceptor: sends its token and the current trace context with every call.
#[derive(Clone)]
pub struct Bearer(MetadataValue<tonic::metadata::Ascii>);

impl Bearer {
    /// Sends this token.
    ///
    /// # Errors
    /// Text that no header can carry.
    pub fn new(token: &str) -> Result<Self, AuthError> {
        let mut value = MetadataValue::try_from(format!("Bearer {}", token.trim()))
            .map_err(|_| AuthError::Malformed("it is not ASCII"))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: tonic::Request<()>) -> Result<tonic::Request<()>, Status> {
        request.metadata_mut().insert("authorization", self.0.clone());
        telemetry::inject(request)
    }
}
