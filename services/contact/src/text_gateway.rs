//! The agency's text gateway: one HTTP POST for each text, documented in the README. Whether a text whose
//! sending was cut off may be posted again depends on whether the gateway takes an idempotency key once.

mod url;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use duly_platform::config::SecretText;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Collected, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

pub use url::{InvalidTextUrl, TextUrl};

/// Longest wait for a connection, and for an answer.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest answer that is read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Longest name of the gateway's for a text that is kept.
const REFERENCE_BYTES_MAX: usize = 200;

/// Where texts are posted.
#[derive(Debug, Clone)]
pub(crate) struct TextGateway {
    pub url: TextUrl,
    /// Sent as a bearer token.
    pub token: Option<SecretText>,
}

/// What is posted.
#[derive(Debug, Serialize)]
pub(crate) struct Post<'a> {
    /// The idempotency key, in the header too.
    pub attempt_id: &'a str,
    /// The decision by which it leaves.
    pub decision_id: &'a str,
    pub to: &'a str,
    pub text: &'a str,
    /// What the text carries because it must, by rule.
    pub requires: &'a [String],
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HandOver {
    /// The gateway has it, under its own name for it.
    Taken(String),
    /// It does not take it, for good; it has nothing.
    Refused(String),
    /// It did not take it now; it has nothing.
    NotNow(String),
    /// Nobody knows whether it has it.
    Unknown(String),
}

impl TextGateway {
    /// Posts one text. What goes wrong is part of the answer, in words without personal data.
    pub(crate) async fn hand_over(&self, post: &Post<'_>) -> HandOver {
        let Some(request) = self.request(post) else {
            return HandOver::Refused("the text cannot be written as a request".to_owned());
        };
        let (host, port) = (self.url.host(), self.url.port());
        let connected = timeout(TIMEOUT, TcpStream::connect((host, port))).await;
        let Ok(Ok(stream)) = connected else {
            return HandOver::NotNow("the text gateway cannot be reached".to_owned());
        };
        if !self.url.is_https() {
            return exchanged(stream, request).await;
        }
        match timeout(TIMEOUT, secured(host, stream)).await {
            Ok(Some(stream)) => exchanged(stream, request).await,
            _ => HandOver::NotNow("the text gateway offers no TLS that can be trusted".to_owned()),
        }
    }

    fn request(&self, post: &Post<'_>) -> Option<Request<Full<Bytes>>> {
        let body = serde_json::to_vec(post).ok()?;
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(self.url.path())
            .header(header::HOST, self.url.authority())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header(header::CONNECTION, "close")
            .header("idempotency-key", post.attempt_id);
        if let Some(token) = &self.token {
            let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
            bearer.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, bearer);
        }
        request.body(Full::new(Bytes::from(body))).ok()
    }
}

/// The connection under TLS, to a server that the roots of the web vouch for.
async fn secured(
    host: &str,
    stream: TcpStream,
) -> Option<tokio_rustls::client::TlsStream<TcpStream>> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).ok()?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()
}

async fn exchanged<S>(stream: S, request: Request<Full<Bytes>>) -> HandOver
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let Ok((mut sender, connection)) = http1::handshake(TokioIo::new(stream)).await else {
        return HandOver::NotNow("the text gateway cannot be reached".to_owned());
    };
    let asked = async move {
        let response = sender.send_request(request).await.ok()?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
        // The status alone says whether it was taken.
        Some((status, body.map(Collected::to_bytes).unwrap_or_default()))
    };
    // The connection is driven beside the question: no task outlives the work.
    let both = async { futures::join!(asked, connection).0 };
    // From here on the gateway may have taken it whatever we hear.
    match timeout(TIMEOUT, both).await {
        Ok(Some((status, body))) => said(status, &body),
        Ok(None) => HandOver::Unknown("the connection to the text gateway broke".to_owned()),
        Err(_) => HandOver::Unknown("the text gateway did not answer in time".to_owned()),
    }
}

/// The code and no more: the gateway's words may repeat the number.
fn said(status: StatusCode, body: &[u8]) -> HandOver {
    let code = format!("the text gateway answered {}", status.as_u16());
    match status {
        status if status.is_success() => HandOver::Taken(reference(body)),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => HandOver::NotNow(code),
        status if status.is_client_error() => HandOver::Refused(code),
        _ => HandOver::Unknown(code),
    }
}

/// The gateway's name for the text, where it tells one.
fn reference(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Answer {
        message_id: String,
    }
    let named = serde_json::from_slice(body).map(|Answer { message_id }| message_id);
    named.ok().filter(|name| name.len() <= REFERENCE_BYTES_MAX).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_code_says_for_certain_is_taken_for_certain() {
        let said =
            |code: u16| said(StatusCode::from_u16(code).unwrap(), br#"{"message_id":"m-1"}"#);
        assert_eq!(said(202), HandOver::Taken("m-1".to_owned()));
        assert_eq!(said(400), HandOver::Refused("the text gateway answered 400".to_owned()));
        assert_eq!(said(429), HandOver::NotNow("the text gateway answered 429".to_owned()));
        assert_eq!(said(503), HandOver::NotNow("the text gateway answered 503".to_owned()));
        assert_eq!(said(500), HandOver::Unknown("the text gateway answered 500".to_owned()));
        assert_eq!(said(302), HandOver::Unknown("the text gateway answered 302".to_owned()));
    }

    #[test]
    fn a_name_that_is_none_or_too_long_is_not_kept() {
        assert_eq!(reference(b"OK"), "");
        let long = format!(r#"{{"message_id":"{}"}}"#, "m".repeat(201));
        assert_eq!(reference(long.as_bytes()), "");
    }
}
