//! Sealing: values that travel and rest only encrypted, and keyed hashes.
//!
//! One 32-byte master key gives three keys, one for each use, so that no use weakens another. The
//! purpose of a value (`national_id`) is bound into its ciphertext and its look-up hash: a sealed
//! value moved to another column does not open, and equal values of two purposes do not match.
//! Deliberately absent: normalising. Whoever seals says what is equal to what.

use std::fmt;

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use base64::Engine as _;
use duly_domain::Pii;
use duly_proto::common::v1::Sealed;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::{
    config::SecretText,
    error::{Failure, Kind},
};

/// Bytes of a random nonce. 96 bits: at most 2^32 values under one key, NIST SP 800-38D 8.3.
const NONCE_BYTES: usize = 12;

/// A master key that is not 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not 32 bytes in hex (64 digits) or base64 (44 characters); make one with openssl rand -hex 32"
)]
pub struct InvalidKey;

/// A sealed value that does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Sealed under a key that this installation was not given.
    #[error("sealed under key `{0}`, which is not the key in seal_key_id")]
    UnknownKey(String),
    /// Changed since it was sealed, or sealed for another purpose, or not a sealed value at all.
    #[error("sealed value does not open for {0}")]
    Broken(String),
}

impl Failure for OpenError {
    fn kind(&self) -> Kind {
        Kind::Internal
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::UnknownKey(_) => "seal_key_unknown",
            Self::Broken(_) => "seal_broken",
        }
    }
}

/// Seals, opens and hashes under one master key.
pub struct Sealer {
    key_id: String,
    cipher: Aes256Gcm,
    lookup: [u8; 32],
    digest: [u8; 32],
}

impl Sealer {
    /// From a master key as configuration writes it: 32 bytes in hex or base64.
    ///
    /// # Errors
    /// Anything else.
    pub fn new(key_id: impl Into<String>, master: &SecretText) -> Result<Self, InvalidKey> {
        let master = decode(master.expose()).ok_or(InvalidKey)?;
        Ok(Self::from_bytes(key_id, &master))
    }

    /// From the master key's bytes.
    pub fn from_bytes(key_id: impl Into<String>, master: &[u8; 32]) -> Self {
        let derive = |label: &str| mac(master, &[label.as_bytes()]);
        Self {
            key_id: key_id.into(),
            cipher: Aes256Gcm::new(&derive("duly/seal/v1/encrypt").into()),
            lookup: derive("duly/seal/v1/lookup"),
            digest: derive("duly/seal/v1/digest"),
        }
    }

    /// A new master key from the system's random source, in hex.
    #[must_use]
    pub fn generate() -> SecretText {
        let bytes: [u8; 32] = rand::random();
        SecretText::new(bytes.iter().map(|b| format!("{b:02x}")).collect::<String>())
    }

    /// Names the key.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Seals a value for a purpose. Sealing it again gives another ciphertext and the same look-up.
    #[must_use]
    pub fn seal(&self, purpose: &str, plain: &str) -> Sealed {
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let ciphertext = self
            .cipher
            .encrypt(
                &Nonce::from(nonce),
                Payload { msg: plain.as_bytes(), aad: purpose.as_bytes() },
            )
            .expect("AES-GCM refuses only more than 64 GiB");
        Sealed {
            key_id: self.key_id.clone(),
            nonce: nonce.to_vec(),
            ciphertext,
            lookup: self.lookup(purpose, plain).to_vec(),
        }
    }

    /// Opens a sealed value for the purpose that it was sealed for. Whoever opens writes an audit row.
    ///
    /// # Errors
    /// Another key, another purpose, or a value that was changed.
    pub fn open(&self, purpose: &str, sealed: &Sealed) -> Result<Pii<String>, OpenError> {
        if sealed.key_id != self.key_id {
            return Err(OpenError::UnknownKey(sealed.key_id.clone()));
        }
        let broken = || OpenError::Broken(purpose.to_owned());
        let nonce: [u8; NONCE_BYTES] = sealed.nonce.as_slice().try_into().map_err(|_| broken())?;
        let payload = Payload { msg: &sealed.ciphertext, aad: purpose.as_bytes() };
        let plain = self.cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| broken())?;
        String::from_utf8(plain).map(Pii::new).map_err(|_| broken())
    }

    /// The keyed hash by which equal values of one purpose are found without being opened.
    #[must_use]
    pub fn lookup(&self, purpose: &str, plain: &str) -> [u8; 32] {
        // Purposes are names in our code: the NUL keeps ("ab", "c") and ("a", "bc") apart.
        mac(&self.lookup, &[purpose.as_bytes(), &[0], plain.as_bytes()])
    }

    /// Keyed hash of a request's body, to tell a repeated request from another one without keeping
    /// anything of it that could be guessed back.
    #[must_use]
    pub fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        mac(&self.digest, &[bytes])
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({}, [redacted])", self.key_id)
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// 32 bytes from hex or base64, padded or not.
fn decode(text: &str) -> Option<[u8; 32]> {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
    let text = text.trim();
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        return Some(bytes);
    }
    STANDARD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SSN: &str = "078051120";

    fn sealer() -> Sealer {
        Sealer::from_bytes("k1", &[7; 32])
    }

    #[test]
    fn what_is_sealed_opens_again() {
        let sealed = sealer().seal("national_id", SSN);
        assert_eq!(sealed.key_id, "k1");
        assert_eq!(sealer().open("national_id", &sealed).unwrap().expose(), SSN);
        assert_eq!(sealer().open("empty", &sealer().seal("empty", "")).unwrap().expose(), "");
    }

    #[test]
    fn sealing_twice_gives_two_ciphertexts_and_one_look_up() {
        let (one, two) = (sealer().seal("national_id", SSN), sealer().seal("national_id", SSN));
        assert_ne!(one.ciphertext, two.ciphertext);
        assert_ne!(one.nonce, two.nonce);
        assert_eq!(one.lookup, two.lookup);
        assert_eq!(one.lookup, sealer().lookup("national_id", SSN));
    }

    #[test]
    fn look_ups_differ_by_value_purpose_and_key() {
        let look_up = sealer().lookup("national_id", SSN);
        assert_ne!(look_up, sealer().lookup("national_id", "078051121"));
        assert_ne!(look_up, sealer().lookup("birth_date", SSN));
        assert_ne!(look_up, Sealer::from_bytes("k1", &[8; 32]).lookup("national_id", SSN));
        assert_ne!(sealer().lookup("ab", "c"), sealer().lookup("a", "bc"));
        assert_ne!(look_up, sealer().digest(SSN.as_bytes()));
    }

    #[test]
    fn a_changed_value_does_not_open() {
        let whole = sealer().seal("national_id", SSN);
        for at in 0..whole.ciphertext.len() {
            let mut changed = whole.clone();
            changed.ciphertext[at] ^= 1;
            let error = sealer().open("national_id", &changed).unwrap_err();
            assert_eq!(error, OpenError::Broken("national_id".into()));
        }
        for cut in [
            Sealed { nonce: whole.nonce[1..].to_vec(), ..whole.clone() },
            Sealed { nonce: vec![0; 12], ..whole.clone() },
            Sealed { ciphertext: Vec::new(), ..whole.clone() },
        ] {
            assert!(sealer().open("national_id", &cut).is_err());
        }
    }

    #[test]
    fn a_value_does_not_open_for_another_purpose_or_key() {
        let sealed = sealer().seal("national_id", SSN);
        assert!(matches!(sealer().open("birth_date", &sealed), Err(OpenError::Broken(_))));
        let same_name = Sealer::from_bytes("k1", &[8; 32]);
        assert!(matches!(same_name.open("national_id", &sealed), Err(OpenError::Broken(_))));
        let other_name = Sealer::from_bytes("k2", &[7; 32]);
        let error = other_name.open("national_id", &sealed).unwrap_err();
        assert_eq!(error, OpenError::UnknownKey("k1".into()));
    }

    #[test]
    fn a_master_key_is_hex_or_base64() {
        let hex = SecretText::new("07".repeat(32));
        let base64 = SecretText::new("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
        let bare = SecretText::new("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc\n");
        for key in [hex, base64, bare] {
            assert_eq!(Sealer::new("k1", &key).unwrap().digest(b"x"), sealer().digest(b"x"));
        }
        for wrong in ["", "07", &"zz".repeat(32), &"07".repeat(31)] {
            assert_eq!(Sealer::new("k1", &SecretText::new(wrong)).unwrap_err(), InvalidKey);
        }
        assert!(Sealer::new("k1", &Sealer::generate()).is_ok());
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", sealer()), "Sealer(k1, [redacted])");
    }
}
