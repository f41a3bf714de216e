//! Settings: where the services answer, and how much is taken at once.

use http::Uri;
use serde::Deserialize;

/// Where a service answers gRPC, `http://intake:7070`. Plain HTTP: inside, the network itself is what
/// protects it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Upstream(Uri);

/// Text that is no address of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address of the form http://host:port")]
pub struct InvalidUpstream;

impl TryFrom<String> for Upstream {
    type Error = InvalidUpstream;

    fn try_from(text: String) -> Result<Self, InvalidUpstream> {
        let uri: Uri = text.parse().map_err(|_| InvalidUpstream)?;
        let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        if uri.scheme_str() == Some("http") && uri.port().is_some() && is_bare {
            Ok(Self(uri))
        } else {
            Err(InvalidUpstream)
        }
    }
}

impl Upstream {
    pub(crate) fn uri(&self) -> Uri {
        self.0.clone()
    }
}

/// The gateway's own settings, `[services.gateway]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where intake answers; unset: in this process.
    pub intake: Option<Upstream>,
    /// Where payments answers; unset: in this process.
    pub payments: Option<Upstream>,
    /// Where reporting answers; unset: in this process.
    pub reporting: Option<Upstream>,
    /// Where letters answers; unset: in this process.
    pub letters: Option<Upstream>,
    /// Largest body of a request, in bytes.
    pub body_bytes_max: usize,
    /// Largest body of a placement batch, in bytes.
    pub batch_bytes_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            intake: None,
            payments: None,
            reporting: None,
            letters: None,
            body_bytes_max: 256 * 1024,
            batch_bytes_max: 64 * 1024 * 1024,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upstream_is_a_bare_http_address_with_its_port() {
        let read = |text: &str| Upstream::try_from(text.to_owned());
        assert!(read("http://intake:7070").is_ok());
        assert!(read("http://127.0.0.1:7070/").is_ok());
        for wrong in ["", "intake:7070", "https://intake:7070", "http://intake", "http://a:1/b"] {
            assert_eq!(read(wrong), Err(InvalidUpstream), "{wrong}");
        }
    }
}
