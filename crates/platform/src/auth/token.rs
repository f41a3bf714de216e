//! Tokens: JWT signed with Ed25519, valid for minutes, verified offline.
//!
//! Verifying is on machine time, as tokens are not business: a simulated clock does not age them.

use std::{fmt, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::{
    SigningKey, VerifyingKey,
    pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePublicKey as _, KeypairBytes},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AuthError, Principal, Role};
use crate::config::SecretText;

/// The longest life of a token. Enforced where it is signed and where it is verified.
pub const LIFE_MAX: Duration = Duration::from_secs(60 * 60);

/// By how much two machines' clocks may differ, in seconds.
const LEEWAY: i64 = 5;

/// Issuer and audience of every token.
const DULY: &str = "duly";

/// Longest token taken, in bytes; HTTP/2 peers refuse longer headers anyway.
const TOKEN_BYTES_MAX: usize = 12 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    sub: String,
    role: Role,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tree: Vec<Uuid>,
    iat: i64,
    exp: i64,
    iss: String,
    aud: String,
}

/// A key that is not an Ed25519 key in PEM.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// For [`Signer`].
    #[error(
        "not an Ed25519 private key in PEM (PKCS #8, `-----BEGIN PRIVATE KEY-----`); \
         duly token --new-keys makes a pair"
    )]
    Private,
    /// For [`Verifier`].
    #[error(
        "not an Ed25519 public key in PEM (`-----BEGIN PUBLIC KEY-----`); \
         duly token --new-keys makes a pair"
    )]
    Public,
}

/// A token that must not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Longer than [`LIFE_MAX`], or no time at all.
    #[error("a token lives from 1 second to 60 minutes, not {0:?}")]
    Life(Duration),
    /// Subjects stand in actors, logs and headers.
    #[error("a subject has 1 to 100 letters, digits, `-`, `_`, `.` or `@`")]
    Subject,
    /// A client without a tree would see nothing; anybody else has none.
    #[error("a client's token names its tree, every other role's token names none")]
    Tree,
    /// A token goes into one header.
    #[error("the tree is too large for one token: {0} bytes, {TOKEN_BYTES_MAX} fit")]
    Size(usize),
    /// The library would not sign.
    #[error("cannot sign")]
    Library(#[source] jsonwebtoken::errors::Error),
}

/// A new pair of keys in PEM.
pub struct KeyPair {
    /// PKCS #8, for `token_private_key` of whoever issues tokens.
    pub private: SecretText,
    /// For `token_public_key` of every service.
    pub public: String,
}

/// Makes tokens. Only the issuer has one: the command line, later the gateway.
pub struct Signer(EncodingKey);

impl Signer {
    /// A new pair from the system's random source.
    #[must_use]
    pub fn generate() -> KeyPair {
        let key = SigningKey::from_bytes(&rand::random());
        // Without the public half: OpenSSL before 3 reads no PKCS #8 version 2.
        let private = KeypairBytes { secret_key: key.to_bytes(), public_key: None };
        let line_ending = ed25519_dalek::pkcs8::spki::der::pem::LineEnding::LF;
        let private = ed25519_dalek::pkcs8::EncodePrivateKey::to_pkcs8_pem(&private, line_ending)
            .expect("32 bytes encode as PKCS #8");
        let public = key
            .verifying_key()
            .to_public_key_pem(line_ending)
            .expect("a verifying key encodes as SPKI");
        KeyPair { private: SecretText::new(private.as_str()), public }
    }

    /// From a private key in PEM; `\n` may be written as such, as in `.env` files.
    ///
    /// # Errors
    /// Anything but an Ed25519 private key in PKCS #8.
    pub fn from_pem(pem: &SecretText) -> Result<Self, KeyError> {
        let pem = lines(pem.expose());
        SigningKey::from_pkcs8_pem(&pem).map_err(|_| KeyError::Private)?;
        EncodingKey::from_ed_pem(pem.as_bytes()).map(Self).map_err(|_| KeyError::Private)
    }

    /// A token for this principal from now on.
    ///
    /// # Errors
    /// A principal or a life that no token may have.
    pub fn sign(&self, who: &Principal, life: Duration) -> Result<String, SignError> {
        self.sign_at(who, life, now())
    }

    pub(super) fn sign_at(
        &self,
        who: &Principal,
        life: Duration,
        now: DateTime<Utc>,
    ) -> Result<String, SignError> {
        let seconds = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
        if seconds == 0 || life > LIFE_MAX {
            return Err(SignError::Life(life));
        }
        if !subject_fits(&who.subject) {
            return Err(SignError::Subject);
        }
        if !tree_fits(who.role, &who.tree) {
            return Err(SignError::Tree);
        }
        let claims = Claims {
            sub: who.subject.clone(),
            role: who.role,
            tree: who.tree.clone(),
            iat: now.timestamp(),
            exp: now.timestamp() + seconds,
            iss: DULY.to_owned(),
            aud: DULY.to_owned(),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.0)
            .map_err(SignError::Library)?;
        if token.len() > TOKEN_BYTES_MAX {
            return Err(SignError::Size(token.len()));
        }
        Ok(token)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer([redacted])")
    }
}

/// Verifies tokens with nothing but the public key.
pub struct Verifier {
    key: DecodingKey,
    validation: Validation,
}

impl Verifier {
    /// From a public key in PEM; `\n` may be written as such, as in `.env` files.
    ///
    /// # Errors
    /// Anything but an Ed25519 public key.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let pem = lines(pem);
        VerifyingKey::from_public_key_pem(&pem).map_err(|_| KeyError::Public)?;
        let key = DecodingKey::from_ed_pem(pem.as_bytes()).map_err(|_| KeyError::Public)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[DULY]);
        validation.set_audience(&[DULY]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are checked below, against an instant that tests can give.
        validation.validate_exp = false;
        Ok(Self { key, validation })
    }

    /// Whom the token stands for.
    ///
    /// # Errors
    /// Each fault has its own reason and remedy; see [`AuthError`].
    pub fn verify(&self, token: &str) -> Result<Principal, AuthError> {
        self.verify_at(token, now())
    }

    pub(super) fn verify_at(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Principal, AuthError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(AuthError::Malformed("it is longer than 12 KiB"));
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation)
            .map_err(|error| named(error.kind()))?
            .claims;
        let instant = |seconds| {
            DateTime::from_timestamp(seconds, 0)
                .ok_or(AuthError::Malformed("its times are out of range"))
        };
        let (issued, expires) = (instant(claims.iat)?, instant(claims.exp)?);
        let leeway = TimeDelta::seconds(LEEWAY);
        if (expires - issued).to_std().is_ok_and(|life| life > LIFE_MAX) {
            return Err(AuthError::TooLong);
        }
        if issued - leeway > now {
            return Err(AuthError::NotYetValid);
        }
        if expires + leeway <= now {
            return Err(AuthError::Expired);
        }
        if !subject_fits(&claims.sub) {
            return Err(AuthError::Malformed("its subject is empty or has other characters"));
        }
        if !tree_fits(claims.role, &claims.tree) {
            return Err(AuthError::Malformed("only a client's names a tree, and always does"));
        }
        Ok(Principal { subject: claims.sub, role: claims.role, tree: claims.tree })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

fn named(kind: &ErrorKind) -> AuthError {
    match kind {
        // A token of another algorithm, or of none, is an attempt to slip past the key.
        ErrorKind::InvalidSignature
        | ErrorKind::InvalidAlgorithm
        | ErrorKind::InvalidAlgorithmName
        | ErrorKind::UnsupportedAlgorithm
        | ErrorKind::MissingAlgorithm => AuthError::Forged,
        ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => AuthError::Foreign,
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => {
            AuthError::Malformed("a claim is missing or of another form")
        }
        ErrorKind::Json(_) => AuthError::Malformed("its claims are not those of a duly token"),
        _ => AuthError::Malformed("it is not three parts of base64url"),
    }
}

fn subject_fits(subject: &str) -> bool {
    (1..=100).contains(&subject.len())
        && subject.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.@".contains(&b))
}

fn tree_fits(role: Role, tree: &[Uuid]) -> bool {
    (role == Role::Client) != tree.is_empty()
}

fn lines(pem: &str) -> String {
    pem.replace("\\n", "\n")
}

#[expect(clippy::disallowed_methods, reason = "tokens live on machine time")]
pub(super) fn now() -> DateTime<Utc> {
    Utc::now()
}
