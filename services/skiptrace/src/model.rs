//! A search, and why one is refused.

use duly_domain::{Date, Instant, Money, SearchKind, SearchState};
use sha2::{Digest as _, Sha256};
use sqlx::types::Uuid;

/// Permissible purpose of every search: collection of the account for which it is made,
/// 15 USC 1681b(a)(3)(A).
pub(crate) const PURPOSE: &str = "collection_of_account";

/// One search.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    pub id: Uuid,
    /// The treatment that it answers; none where a person asked.
    pub treatment: Option<Uuid>,
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub party: Uuid,
    pub kind: SearchKind,
    pub step: String,
    pub try_no: i32,
    pub requested_at: Instant,
    pub expires_at: Instant,
    pub state: SearchState,
    pub provider: String,
    pub reference: Option<String>,
    pub cost: Money,
    pub spent_month: Option<Date>,
    pub asked_at: Option<Instant>,
    pub answered_at: Option<Instant>,
    pub refusal: Option<String>,
}

/// Why a search is not made, or not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    SpendCap,
    UnknownParty,
    AccountEnded,
    ProviderFailed,
    NoPurpose,
    Expired,
}

impl Refusal {
    /// Stable code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::SpendCap => "spend_cap",
            Self::UnknownParty => "unknown_party",
            Self::AccountEnded => "account_ended",
            Self::ProviderFailed => "provider_failed",
            Self::NoPurpose => "no_purpose",
            Self::Expired => "expired",
        }
    }

    /// In words.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::SpendCap => "the month's cap of spending with this provider is reached",
            Self::UnknownParty => "the party is no liable party of the account",
            Self::AccountEnded => "the account has ended",
            Self::ProviderFailed => "the provider could not answer",
            Self::NoPurpose => "a stop stands for the party: there is nothing to reach it for",
            Self::Expired => "the provider did not answer in time",
        }
    }
}

/// What makes a search's reference, all in the client's own words: two runs that do the same ask the
/// same.
pub(crate) struct Named<'a> {
    pub client_ref: &'a str,
    pub client_account_ref: &'a str,
    pub position: i32,
}

/// The search's name in the provider's files: `S` and 20 hex digits.
pub(crate) fn reference(search: &Search, named: &Named<'_>) -> String {
    let mut hash = Sha256::new();
    for text in [
        named.client_ref,
        named.client_account_ref,
        &search.opening.to_string(),
        &named.position.to_string(),
        search.kind.as_str(),
        &search.requested_at.timestamp_micros().to_string(),
        &search.step,
        &search.try_no.to_string(),
    ] {
        // The length keeps the parts apart whatever they contain.
        hash.update(text.len().to_be_bytes());
        hash.update(text);
    }
    let hex: String = hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect();
    format!("S{hex}")
}
