//! Bankruptcy cases: who filed, under which chapter, and how it ended.

use duly_domain::{AccountId, Date, Instant};
use serde::{Deserialize, Serialize};

/// The chapter of title 11 under which a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chapter {
    /// Not known.
    #[default]
    Unknown,
    /// Liquidation.
    Chapter7,
    /// Municipalities.
    Chapter9,
    /// Reorganisation.
    Chapter11,
    /// Family farmers and fishermen.
    Chapter12,
    /// Individuals with regular income.
    Chapter13,
    /// Cross-border cases.
    Chapter15,
}

/// Who filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FiledBy {
    /// The person of these facts.
    Person,
    /// Somebody else who owes, or secured, the same debt.
    CoDebtor,
}

/// One case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankruptcyCase {
    /// Who filed.
    pub filed_by: FiledBy,
    /// Under which chapter it stands now: a conversion changes it.
    #[serde(default)]
    pub chapter: Chapter,
    /// The account that both owe; `None`: every account. A person's own case reaches every account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The day of the petition: the stay begins with it, known or not.
    pub filed_on: Date,
    /// When it was closed or dismissed, or a discharge was granted or denied (11 USC 362(c)(2)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Instant>,
    /// Whether it ended in a discharge of the filer; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discharged: Option<bool>,
    /// A co-debtor's case: whether this person became liable in the ordinary course of its own business
    /// (11 USC 1301(a)(1)); `None`: not known, so not relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinary_course: Option<bool>,
}

impl BankruptcyCase {
    /// A case that stands.
    pub const fn new(filed_by: FiledBy, chapter: Chapter, filed_on: Date) -> Self {
        Self {
            filed_by,
            chapter,
            account: None,
            filed_on,
            ended_at: None,
            discharged: None,
            ordinary_course: None,
        }
    }
}
