//! Personal data: values that do not print, and social security numbers.
//!
//! Reading is a visible [`Pii::expose`]. A social security number has no serde form at all: it is
//! sealed where it is parsed and travels only as [`crate::Sealed`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A value about a person. Its `Debug` prints `[redacted]` and it has no `Display`, so that it
/// cannot reach a log by accident; on the wire it is the plain value.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    /// Marks the value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, to be used and not to be logged.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// Another personal value made from this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Pii<U> {
        Pii(change(self.0))
    }
}

impl<T> From<T> for Pii<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A United States social security number.
#[derive(Clone, PartialEq, Eq)]
pub struct Ssn([u8; 9]);

/// Text that is no social security number. The text is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSsn {
    /// Not nine digits, with or without dashes after the third and fifth.
    #[error("not a social security number: nine digits, or 3-2-4 with dashes")]
    Malformed,
    /// Area 000, 666 or 900 and above, group 00, or serial 0000: never issued.
    #[error("no such social security number was ever issued")]
    NeverIssued,
}

impl Ssn {
    /// The nine digits, to be sealed and not to be logged.
    pub fn expose(&self) -> &[u8; 9] {
        &self.0
    }
}

impl FromStr for Ssn {
    type Err = InvalidSsn;

    fn from_str(text: &str) -> Result<Self, InvalidSsn> {
        let bytes = text.trim().as_bytes();
        let bare: Vec<u8> = match bytes.len() {
            9 => bytes.to_vec(),
            11 if bytes[3] == b'-' && bytes[6] == b'-' => {
                [&bytes[..3], &bytes[4..6], &bytes[7..]].concat()
            }
            _ => return Err(InvalidSsn::Malformed),
        };
        let digits = <[u8; 9]>::try_from(bare).map_err(|_| InvalidSsn::Malformed)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(InvalidSsn::Malformed);
        }
        let area = &digits[..3];
        let never = area == b"000"
            || area == b"666"
            || area[0] == b'9'
            || &digits[3..5] == b"00"
            || &digits[5..] == b"0000";
        if never { Err(InvalidSsn::NeverIssued) } else { Ok(Self(digits)) }
    }
}

impl fmt::Debug for Ssn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ssn([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_does_not_print_but_travels() {
        let name = Pii::new("Ada Lovelace".to_owned());
        assert_eq!(format!("{name:?}"), "[redacted]");
        assert_eq!(format!("{:?}", Some(&name)), "Some([redacted])");
        assert_eq!(name.expose(), "Ada Lovelace");
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"Ada Lovelace\"");
    }

    #[test]
    fn a_social_security_number_has_nine_digits_with_or_without_dashes() {
        let plain: Ssn = "219099999".parse().unwrap();
        assert_eq!("219-09-9999".parse::<Ssn>().unwrap(), plain);
        assert_eq!(plain.expose(), b"219099999");
        assert_eq!(format!("{plain:?}"), "Ssn([redacted])");
    }

    #[test]
    fn numbers_never_issued_are_refused() {
        for never in ["000-12-3456", "666-12-3456", "900-12-3456", "219-00-9999", "219-09-0000"] {
            assert_eq!(never.parse::<Ssn>(), Err(InvalidSsn::NeverIssued), "{never}");
        }
    }

    #[test]
    fn other_text_is_refused_and_not_repeated() {
        for wrong in
            ["", "21909999", "2190999990", "219 09 9999", "219-099-999", "21909999x", "２１９"]
        {
            let error = wrong.parse::<Ssn>().unwrap_err();
            assert_eq!(error, InvalidSsn::Malformed, "{wrong}");
            assert!(!format!("{error} {error:?}").contains("219"));
        }
    }
}
