//! The settings of letters: how the agency appears on paper, and where letters go.

use std::{fmt, path::PathBuf, str::FromStr};

use chrono::NaiveTime;
use duly_domain::Email;
use duly_platform::config::SecretText;
use serde::{Deserialize, Deserializer};

/// `[services.letters]` of the settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The agency's postal address, a line each. As one text: lines separated by `;`. Without it no
    /// letter can be prepared.
    #[serde(deserialize_with = "lines")]
    pub agency_address: Vec<String>,
    /// Where the agency is called.
    pub agency_phone: String,
    /// When, in words.
    pub agency_hours: String,
    /// Where it is written to. Also the sender of e-mail where `mail_from` is not set.
    pub agency_email: String,
    /// Its website.
    pub website: String,
    /// The folder in which the mail house finds batches. Not set: print batches wait for it until
    /// their authorisation ends.
    pub print_dir: Option<PathBuf>,
    /// The mail server, `smtps://user:password@mail.example.org` or `smtp://user:password@host:587`
    /// (with STARTTLS; without TLS on this machine only). Not set: e-mail waits likewise.
    pub smtp_url: Option<SmtpUrl>,
    /// The sender of e-mail.
    pub mail_from: Option<Email>,
    /// The agency's local time at which a day's batches close.
    pub batch_closes: NaiveTime,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            agency_address: Vec::new(),
            agency_phone: String::new(),
            agency_hours: String::new(),
            agency_email: String::new(),
            website: String::new(),
            print_dir: None,
            smtp_url: None,
            mail_from: None,
            batch_closes: NaiveTime::from_hms_opt(16, 0, 0).expect("four in the afternoon"),
        }
    }
}

impl Config {
    /// Who sends e-mail.
    pub(crate) fn sender(&self) -> Option<Email> {
        self.mail_from.clone().or_else(|| self.agency_email.parse().ok())
    }
}

fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Lines {
        Many(Vec<String>),
        One(String),
    }
    let lines = match Lines::deserialize(deserializer)? {
        Lines::Many(lines) => lines,
        Lines::One(text) => text.split(';').map(str::to_owned).collect(),
    };
    Ok(lines.iter().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect())
}

/// How a mail server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS, or nothing.
    StartTls,
    /// None: this machine only.
    None,
}

/// The address of a mail server.
#[derive(Clone)]
pub struct SmtpUrl {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) encryption: Encryption,
    pub(crate) login: Option<(String, SecretText)>,
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// A text that names no mail server. The text is never repeated: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not of the form smtps://user:password@host:port or smtp://host:port")]
pub struct InvalidSmtpUrl;

impl FromStr for SmtpUrl {
    type Err = InvalidSmtpUrl;

    fn from_str(text: &str) -> Result<Self, InvalidSmtpUrl> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(InvalidSmtpUrl)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (login, server) = match rest.rsplit_once('@') {
            Some((login, server)) => (Some(login), server),
            None => (None, rest),
        };
        let (host, port) = match server.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, Some(port.parse::<u16>().map_err(|_| InvalidSmtpUrl)?))
            }
            _ => (server, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_');
        if host.is_empty() || !host.chars().all(valid) {
            return Err(InvalidSmtpUrl);
        }
        let (encryption, usual) = match scheme {
            "smtps" => (Encryption::Tls, 465),
            "smtp" if is_loopback(&host) => (Encryption::None, 25),
            "smtp" => (Encryption::StartTls, 587),
            _ => return Err(InvalidSmtpUrl),
        };
        let login = login
            .map(|login| {
                let (user, password) = login.split_once(':').ok_or(InvalidSmtpUrl)?;
                Ok((decoded(user)?, SecretText::new(decoded(password)?)))
            })
            .transpose()?;
        Ok(Self { host, port: port.unwrap_or(usual), encryption, login })
    }
}

impl<'de> Deserialize<'de> for SmtpUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A part of a URL without its percent signs.
fn decoded(text: &str) -> Result<String, InvalidSmtpUrl> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let hex = rest.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).ok_or(InvalidSmtpUrl)?;
        bytes.push(byte);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map_err(|_| InvalidSmtpUrl)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_spoken_to_in_plain_on_this_machine_only() {
        let of = |text: &str| text.parse::<SmtpUrl>().map(|u| (u.host, u.port, u.encryption));
        assert_eq!(of("smtp://127.0.0.1:2525"), Ok(("127.0.0.1".into(), 2525, Encryption::None)));
        assert_eq!(of("smtp://[::1]:2525"), Ok(("::1".into(), 2525, Encryption::None)));
        assert_eq!(
            of("smtp://mail.example.org"),
            Ok(("mail.example.org".into(), 587, Encryption::StartTls))
        );
        assert_eq!(
            of("smtps://mail.example.org/"),
            Ok(("mail.example.org".into(), 465, Encryption::Tls))
        );
    }

    #[test]
    fn a_login_is_decoded_and_never_shown() {
        let url: SmtpUrl = "smtps://us%40er:p%3Aw@mail.example.org:2465".parse().unwrap();
        let (user, password) = url.login.clone().unwrap();
        assert_eq!((user.as_str(), password.expose()), ("us@er", "p:w"));
        assert_eq!(format!("{url:?}"), "mail.example.org:2465");
    }

    #[test]
    fn what_names_no_mail_server_is_refused() {
        for text in [
            "",
            "mail.example.org",
            "http://x",
            "smtp://",
            "smtp://h:x",
            "smtp://u@h",
            "smtp://a b",
        ] {
            assert!(text.parse::<SmtpUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_is_a_list_or_one_text_and_times_need_no_seconds() {
        let of = |json: serde_json::Value| serde_json::from_value::<Config>(json);
        let one = of(serde_json::json!({"agency_address": "1 Main St; Columbus, OH 43215"}));
        assert_eq!(one.unwrap().agency_address, ["1 Main St", "Columbus, OH 43215"]);
        let many = of(serde_json::json!({"agency_address": ["a", "b"], "batch_closes": "15:30"}));
        let many = many.unwrap();
        assert_eq!(many.agency_address, ["a", "b"]);
        assert_eq!(many.batch_closes, NaiveTime::from_hms_opt(15, 30, 0).unwrap());
        assert!(of(serde_json::json!({"print_folder": "x"})).is_err());
    }
}
