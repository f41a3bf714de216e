//! What is known of a claim, of the agency's licences, and of limits that go beyond the agency's own.

use duly_domain::{AccountId, Date, DebtClass, Force};
use serde::{Deserialize, Serialize};

use super::region::Region;
use crate::medium::Medium;

/// What kind of debt it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DebtKind {
    /// Not known.
    #[default]
    Unknown,
    /// A credit card.
    CreditCard,
    /// A loan.
    Loan,
    /// A student loan.
    StudentLoan,
    /// A residential mortgage.
    Mortgage,
    /// Medical services.
    Medical,
    /// Services and utilities.
    Services,
    /// Goods sold: the seller's unpaid invoices.
    Goods,
    /// An open account of another kind.
    OpenAccount,
    /// A judgment.
    Judgment,
}

/// What the creditor is. Cal. Civ. Code 1788.2 asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditorKind {
    /// Not known.
    #[default]
    Unknown,
    /// A seller of goods or services.
    Seller,
    /// A lender.
    Lender,
    /// A commercial financing provider.
    CommercialFinancer,
    /// A buyer of debts.
    DebtBuyer,
}

/// When a claim can no longer be sued upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limitation {
    /// The first day on which a suit is too late.
    pub barred_on: Date,
    /// How well the number of years is attested: law, or the shortest period that any source states.
    pub force: Force,
}

/// What is known of a claim. Every field's absence is "not known".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Claim {
    /// What kind of debt.
    pub kind: DebtKind,
    /// What the creditor is.
    pub creditor: CreditorKind,
    /// Total of the credit, in minor units of dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_total_minor: Option<i64>,
    /// Total of the debtor's commercial credit at this creditor, in minor units of dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregate_to_creditor_minor: Option<i64>,
    /// When it was entered into, renewed, sold or assigned last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_on: Option<Date>,
    /// When the client placed it with the agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placed_on: Option<Date>,
    /// When the cause of action accrued: the default, for an invoice its due date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accrued_on: Option<Date>,
    /// When it was incurred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incurred_on: Option<Date>,
    /// Whether it was charged off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charged_off: Option<bool>,
    /// Whether a lawsuit about it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_litigation: Option<bool>,
    /// Whether this agency services it as a mortgage servicer (12 CFR 1024.39).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency_services_mortgage: Option<bool>,
    /// When it becomes time-barred (12 CFR 1006.26(a)), where somebody worked it out for this claim; else
    /// [`crate::limitation`] tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limitation: Option<Limitation>,
}

impl Claim {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self {
        kind: DebtKind::Unknown,
        creditor: CreditorKind::Unknown,
        credit_total_minor: None,
        aggregate_to_creditor_minor: None,
        assigned_on: None,
        placed_on: None,
        accrued_on: None,
        incurred_on: None,
        charged_off: None,
        in_litigation: None,
        agency_services_mortgage: None,
        limitation: None,
    };

    pub(crate) fn is_unknown(&self) -> bool {
        *self == Self::UNKNOWN
    }
}

/// One licence, registration or bond of the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Where.
    pub region: Region,
    /// For debts of this class; `None`: for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<DebtClass>,
    /// The first day on which it is valid.
    pub from: Date,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// Limits of the agency or of a client, read from YAML: stricter than law, never looser.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The accounts that they bind: a client's own; empty: every account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountId>,
    /// Most calls about one debt in seven consecutive days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls_per_debt_7_days: Option<u8>,
    /// Most attempts in any medium but the post to one person in seven consecutive days, across clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touches_per_person_7_days: Option<u8>,
    /// Most attempts in any medium but the post to one person on one day, across clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touches_per_person_day: Option<u8>,
    /// Media that are not used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_by: Vec<Medium>,
    /// Whether a validation notice goes out before any other contact about a consumer debt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_first: Option<bool>,
    /// Whether the agency keeps the table of its licences here. Then a licence that is missing where one is
    /// needed denies, and a place of which it is not known holds; else nobody was asked and nothing is
    /// said. A person whose facts name a licence is always judged: say so here as well, as a person in a
    /// state where the agency has none brings no row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licences_checked: Option<bool>,
    /// Authorities of states and cities that a compliance user ruled out, by their names as reasons give
    /// them: `unverified state.nh.work`. Law is never ruled out. Read where no accounts are named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ruled_out: Vec<String>,
}

impl Limits {
    /// What the agency asks of itself unless it decides otherwise: nobody is touched twice on one day.
    pub fn agency() -> Self {
        Self { touches_per_person_day: Some(1), ..Self::default() }
    }

    /// Whether they bind an account.
    pub fn bind(&self, account: AccountId) -> bool {
        self.accounts.is_empty() || self.accounts.contains(&account)
    }
}
