//! The address of a text gateway.

use std::{fmt, str::FromStr};

use http::Uri;
use serde::{Deserialize, Deserializer, de};

/// The address of a text gateway, `https://sms.example.org/texts`. Plain `http` is for a gateway on the
/// same machine or cluster.
#[derive(Clone, PartialEq, Eq)]
pub struct TextUrl(Uri);

impl fmt::Debug for TextUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A text that names no gateway. The text is never repeated: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not of the form https://host:port/path; a password goes into text_token")]
pub struct InvalidTextUrl;

impl FromStr for TextUrl {
    type Err = InvalidTextUrl;

    fn from_str(text: &str) -> Result<Self, InvalidTextUrl> {
        let uri: Uri = text.trim().parse().map_err(|_| InvalidTextUrl)?;
        let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
        let named = uri.host().is_some_and(|host| !host.is_empty());
        let secret = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if !scheme || !named || secret {
            return Err(InvalidTextUrl);
        }
        Ok(Self(uri))
    }
}

impl<'de> Deserialize<'de> for TextUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl TextUrl {
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    /// Without the brackets of an IPv6 address.
    pub(crate) fn host(&self) -> &str {
        let host = self.0.host().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']')
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port_u16().unwrap_or(if self.is_https() { 443 } else { 80 })
    }

    /// Host and port, as they were written.
    pub(crate) fn authority(&self) -> &str {
        self.0.authority().map_or("", http::uri::Authority::as_str)
    }

    /// Path and query.
    pub(crate) fn path(&self) -> &str {
        self.0.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_named_by_scheme_host_and_path() {
        let of = |text: &str| {
            let url: TextUrl = text.parse().unwrap();
            (url.is_https(), url.host().to_owned(), url.port(), url.path().to_owned())
        };
        assert_eq!(
            of("https://sms.example.org/v1/texts?a=b"),
            (true, "sms.example.org".into(), 443, "/v1/texts?a=b".into())
        );
        assert_eq!(of("http://[::1]:8080"), (false, "::1".into(), 8080, "/".into()));
    }

    #[test]
    fn what_names_no_gateway_or_holds_a_password_is_refused() {
        for text in
            ["", "sms.example.org", "ftp://h/x", "https:///x", "https://a:b@h/", "http://a b"]
        {
            assert!(text.parse::<TextUrl>().is_err(), "{text}");
        }
    }
}
