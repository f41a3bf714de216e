//! Electronic mail addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A mail address that a carrier would accept: the plain form of RFC 5321, without quoting,
/// comments or address literals. The domain is lower case. `Debug` keeps it out of logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// Text that is no mail address. The text is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address such as name@example.com")]
pub struct InvalidEmail;

/// The longest address and local part that mail systems carry. RFC 5321 4.5.3.1.
const ADDRESS_LEN_MAX: usize = 254;
const LOCAL_LEN_MAX: usize = 64;
const LABEL_LEN_MAX: usize = 63;

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the at sign.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let local_ok = !local.is_empty()
            && local.len() <= LOCAL_LEN_MAX
            && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom));
        let labels: Vec<&str> = domain.split('.').collect();
        let top_ok = labels.last().is_some_and(|top| {
            top.len() >= 2
                && (top.bytes().all(|b| b.is_ascii_alphabetic()) || top.starts_with("xn--"))
        });
        let domain_ok = labels.len() >= 2 && top_ok && labels.iter().all(|label| is_label(label));
        if !local_ok || !domain_ok || text.len() > ADDRESS_LEN_MAX {
            return Err(InvalidEmail);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }
}

fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= LABEL_LEN_MAX
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email([redacted])")
    }
}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_taken_and_the_domain_is_lowered() {
        for (text, kept) in [
            ("ap@acme.example", "ap@acme.example"),
            (" A.P+net30@Mail.ACME.example ", "A.P+net30@mail.acme.example"),
            ("o'brien@sub-1.example.co", "o'brien@sub-1.example.co"),
        ] {
            let email: Email = text.parse().unwrap();
            assert_eq!(email.as_str(), kept);
            assert_eq!(kept.parse::<Email>().unwrap(), email);
            assert!(!format!("{email:?}").contains('@'));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for wrong in [
            "",
            "@",
            "acme",
            "a@b",
            "a@b.c",
            "a@@b.com",
            ".a@b.com",
            "a..b@c.com",
            "a b@c.com",
            "a@-b.com",
            "a@b-.com",
            "a@b..com",
            "a@127.0.0.1",
            "a@b.com\nbcc: x",
            "ä@b.com",
            &long,
        ] {
            assert_eq!(wrong.parse::<Email>(), Err(InvalidEmail), "{wrong}");
        }
    }
}
