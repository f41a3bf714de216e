//! The shape in which the most sensitive values rest and travel. Plain data: keys and ciphers
//! belong to whoever seals.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An encrypted value (AES-256-GCM) with a keyed look-up hash, so that equal values can be found
/// without being opened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Which key opens it.
    pub key_id: String,
    /// The nonce, used once under that key.
    pub nonce: [u8; 12],
    /// The ciphertext with its tag.
    pub ciphertext: Vec<u8>,
    /// HMAC-SHA-256 of the normalised value under the look-up key.
    pub lookup: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({})", self.key_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_names_the_key_only() {
        let sealed = Sealed {
            key_id: "k1".into(),
            nonce: [7; 12],
            ciphertext: vec![1, 2, 3],
            lookup: vec![9],
        };
        assert_eq!(format!("{sealed:?}"), "Sealed(k1)");
    }
}
