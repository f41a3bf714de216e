//! Telephone numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A telephone number in E.164 form, e.g. `+16175550123`. `Debug` keeps it out of logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// Text that is no telephone number. The text is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPhone {
    /// Letters, an extension, or too few or too many digits.
    #[error("not a telephone number: ten digits of North America, or + and a country code")]
    Malformed,
    /// A number of the North American plan whose area code or exchange cannot be.
    #[error(
        "no such number in North America: area code and exchange begin with 2 to 9 and are not N11"
    )]
    NotInPlan,
}

impl Phone {
    /// The number with its plus sign.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The three digits of the area code, for a number of the North American plan (+1).
    pub fn nanp_area_code(&self) -> Option<&str> {
        self.0.strip_prefix("+1").and_then(|rest| rest.get(..3))
    }
}

impl FromStr for Phone {
    type Err = InvalidPhone;

    /// Takes `+16175550123`, `(617) 555-0123`, `617.555.0123`, `1-617-555-0123`, `+44 20 7946 0018`.
    fn from_str(text: &str) -> Result<Self, InvalidPhone> {
        let text = text.trim();
        let (international, rest) = match text.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut digits = String::with_capacity(15);
        for c in rest.chars() {
            match c {
                '0'..='9' if digits.len() < 15 => digits.push(c),
                ' ' | '-' | '.' | '(' | ')' | '/' => {}
                _ => return Err(InvalidPhone::Malformed),
            }
        }
        let nanp = match (international, digits.len(), digits.strip_prefix('1')) {
            (false, 10, _) => Some(digits.as_str()),
            (_, 11, Some(national)) => Some(national),
            (true, _, Some(_)) | (false, _, _) => return Err(InvalidPhone::Malformed),
            (true, 8..=15, None) if !digits.starts_with('0') => None,
            (true, _, None) => return Err(InvalidPhone::Malformed),
        };
        match nanp {
            Some(national) if !in_plan(national) => Err(InvalidPhone::NotInPlan),
            Some(national) => Ok(Self(format!("+1{national}"))),
            None => Ok(Self(format!("+{digits}"))),
        }
    }
}

/// Area code and exchange are NXX with N from 2 to 9, and not a service code N11.
fn in_plan(national: &str) -> bool {
    let possible = |code: &[u8]| code[0] >= b'2' && &code[1..] != b"11";
    let digits = national.as_bytes();
    digits.len() == 10 && possible(&digits[..3]) && possible(&digits[3..6])
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone([redacted])")
    }
}

impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_forms_of_north_america_become_e164() {
        for form in [
            "(617) 555-0123",
            "617-555-0123",
            "617.555.0123",
            "6175550123",
            "1-617-555-0123",
            "1 (617) 555 0123",
            "+1 617 555 0123",
            " +16175550123 ",
        ] {
            assert_eq!(form.parse::<Phone>().unwrap().as_str(), "+16175550123", "{form}");
        }
        assert_eq!("617-555-0123".parse::<Phone>().unwrap().nanp_area_code(), Some("617"));
    }

    #[test]
    fn a_foreign_number_needs_its_plus_sign() {
        assert_eq!("+44 20 7946 0018".parse::<Phone>().unwrap().as_str(), "+442079460018");
        assert_eq!("+44 20 7946 0018".parse::<Phone>().unwrap().nanp_area_code(), None);
        assert_eq!("44 20 7946 0018".parse::<Phone>(), Err(InvalidPhone::Malformed));
    }

    #[test]
    fn codes_that_the_plan_does_not_have_are_refused() {
        for wrong in
            ["017-555-0123", "117-555-0123", "911-555-0123", "617-055-0123", "617-411-0123"]
        {
            assert_eq!(wrong.parse::<Phone>(), Err(InvalidPhone::NotInPlan), "{wrong}");
        }
    }

    #[test]
    fn anything_else_is_malformed() {
        for wrong in [
            "",
            "555-0123",
            "617-555-0123 x12",
            "call me",
            "+1617555",
            "+0123456789",
            "61755501234",
        ] {
            assert_eq!(wrong.parse::<Phone>(), Err(InvalidPhone::Malformed), "{wrong}");
        }
    }

    #[test]
    fn a_number_does_not_show_in_debug() {
        let phone: Phone = "617-555-0123".parse().unwrap();
        assert!(!format!("{phone:?}").contains("0123"));
    }

    proptest! {
        #[test]
        fn print_then_parse_is_identity(national in "[2-9][02-9][0-9][2-9][02-9][0-9][0-9]{4}") {
            let phone: Phone = national.parse().unwrap();
            prop_assert_eq!(phone.to_string().parse::<Phone>().unwrap(), phone);
        }

        #[test]
        fn parsing_never_panics(text in ".{0,40}") {
            let _ = text.parse::<Phone>();
        }
    }
}
