//! Who calls and what they may call: roles, principals, the method x role table.
//!
//! A caller presents a signed token ([`Signer`] makes it, [`Verifier`] checks it offline, see
//! `token`). [`AuthLayer`] stands before every gRPC method and denies by default. What a client sees
//! of the rows is not decided here but by the database's own policies, from [`Principal::tree`].

mod layer;
mod table;
mod token;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Failure, Kind};

pub use layer::{AuthLayer, AuthService, Bearer, principal};
pub use table::{Access, AccessError, Table};
pub use token::{KeyError, KeyPair, LIFE_MAX, SignError, Signer, Verifier};

/// What a principal is for. Each method names the roles that may call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// One of the agency's clients: sees its own tree only.
    Client,
    /// Works accounts.
    Collector,
    /// Watches over the law.
    Compliance,
    /// Handles money.
    Accounting,
    /// Decides what others may not.
    Manager,
    /// Runs the installation.
    Admin,
    /// A program of the agency's own.
    Service,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Client,
        Self::Collector,
        Self::Compliance,
        Self::Accounting,
        Self::Manager,
        Self::Admin,
        Self::Service,
    ];

    /// The agency's own roles: all but the client.
    pub const AGENCY: [Self; 6] = [
        Self::Collector,
        Self::Compliance,
        Self::Accounting,
        Self::Manager,
        Self::Admin,
        Self::Service,
    ];

    /// As it stands in tokens, tables and actors.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Collector => "collector",
            Self::Compliance => "compliance",
            Self::Accounting => "accounting",
            Self::Manager => "manager",
            Self::Admin => "admin",
            Self::Service => "service",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no role: client, collector, compliance, accounting, manager, admin or service")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// A caller whose token was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The user, key or program, as the issuer names it.
    pub subject: String,
    /// What it is for.
    pub role: Role,
    /// For a client: itself and everything under it. Empty for every other role.
    pub tree: Vec<Uuid>,
}

impl Principal {
    /// `<role>:<subject>`, as it stands in events and audit rows.
    #[must_use]
    pub fn actor(&self) -> String {
        format!("{}:{}", self.role, self.subject)
    }
}

/// Why a call is turned away before any handler sees it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No `authorization` header.
    #[error("no token: send the header `authorization: Bearer <token>`, made with duly token")]
    Missing,
    /// A header or token that cannot be read.
    #[error("malformed token: {0}; ask for a new one with duly token")]
    Malformed(&'static str),
    /// Its time is over.
    #[error("token expired; ask for a new one with duly token")]
    Expired,
    /// Issued in the future: one of the two clocks is wrong.
    #[error("token is not valid yet; set this machine's clock and the issuer's right")]
    NotYetValid,
    /// Valid for longer than any token may be.
    #[error("token is valid for more than 60 minutes; ask for a shorter one with duly token")]
    TooLong,
    /// Not signed by this installation's key.
    #[error(
        "forged token: it is not signed with the key of this installation; \
         ask for a new one with duly token"
    )]
    Forged,
    /// Rightly signed, but for somebody else.
    #[error("token is not for this installation; ask for a new one with duly token")]
    Foreign,
    /// The role may not call the method.
    #[error("role {role} may not call {method}")]
    RoleDenied {
        /// The caller's.
        role: Role,
        /// Without the leading slash.
        method: String,
    },
    /// The method is in no service's table, so that nobody may call it.
    #[error("{method} is not open to any role")]
    MethodDenied {
        /// Without the leading slash.
        method: String,
    },
}

impl Failure for AuthError {
    fn kind(&self) -> Kind {
        match self {
            Self::RoleDenied { .. } | Self::MethodDenied { .. } => Kind::Denied,
            Self::Missing
            | Self::Malformed(_)
            | Self::Expired
            | Self::NotYetValid
            | Self::TooLong
            | Self::Forged
            | Self::Foreign => Kind::Unauthenticated,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "token_missing",
            Self::Malformed(_) => "token_malformed",
            Self::Expired => "token_expired",
            Self::NotYetValid => "token_not_yet_valid",
            Self::TooLong => "token_too_long",
            Self::Forged => "token_forged",
            Self::Foreign => "token_foreign",
            Self::RoleDenied { .. } => "role_denied",
            Self::MethodDenied { .. } => "method_denied",
        }
    }
}

#[cfg(test)]
mod tests;
