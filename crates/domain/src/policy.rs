//! What a client agreed with the agency: dated, versioned, typed, checked.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::date::Date;
use crate::fee::FeeSchedule;
use crate::terms::{BalanceBucket, PaymentMethod, RemitMethod};

/// Calendar days from posting until a payment counts as good funds, by means of payment.
///
/// The values of `Default` are ours, meant to be changed by contract: nothing for guaranteed funds,
/// else about the time in which an item usually comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoldDays {
    /// Notes and coins.
    pub cash: u32,
    /// Cheques.
    pub cheque: u32,
    /// Debits through the automated clearing house.
    pub ach: u32,
    /// Cards.
    pub card: u32,
    /// Wire transfers.
    pub wire: u32,
    /// Anything else.
    pub other: u32,
}

impl Default for HoldDays {
    fn default() -> Self {
        Self { cash: 0, cheque: 10, ach: 5, card: 3, wire: 0, other: 10 }
    }
}

impl HoldDays {
    /// Longer than this money would wait past every remittance deadline of a state.
    const DAYS_MAX: u32 = 60;

    /// The days for one means of payment.
    pub const fn days(&self, method: PaymentMethod) -> u32 {
        match method {
            PaymentMethod::Cash => self.cash,
            PaymentMethod::Cheque => self.cheque,
            PaymentMethod::Ach => self.ach,
            PaymentMethod::Card => self.card,
            PaymentMethod::Wire => self.wire,
            PaymentMethod::Other => self.other,
        }
    }

    /// The date from which a payment posted on `posted_on` counts as good funds.
    pub fn release_on(&self, method: PaymentMethod, posted_on: Date) -> Date {
        let days = chrono::Days::new(u64::from(self.days(method)));
        posted_on.checked_add_days(days).unwrap_or(Date::MAX)
    }
}

/// Costs first, then what accrued, then the debt itself. Ours, meant to be changed by contract.
const ALLOCATION_ORDER: [BalanceBucket; 6] = [
    BalanceBucket::CourtCosts,
    BalanceBucket::AttorneyFees,
    BalanceBucket::Interest,
    BalanceBucket::Fees,
    BalanceBucket::Principal,
    BalanceBucket::Other,
];

fn allocation_order() -> Vec<BalanceBucket> {
    ALLOCATION_ORDER.to_vec()
}

/// A client's policy as the contract states it, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyTerms {
    /// Counts this client's policies, from 1. Statements name it as the schedule version.
    pub version: u32,
    /// The first day on which it is in force.
    pub effective_on: Date,
    /// In which currency the client's accounts are kept.
    pub currency: Currency,
    /// How the client is paid.
    pub remit_method: RemitMethod,
    /// Date of the client's written consent to set off fees against trust money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_consent_on: Option<Date>,
    /// What the agency earns.
    pub fee_schedule: FeeSchedule,
    /// When money counts as good funds.
    #[serde(default)]
    pub hold_days: HoldDays,
    /// In which order a payment fills the buckets of a balance; each bucket once.
    #[serde(default = "allocation_order")]
    pub allocation_order: Vec<BalanceBucket>,
}

impl PolicyTerms {
    /// Terms with everything that a contract may leave out left to our defaults.
    pub fn new(
        version: u32,
        effective_on: Date,
        currency: Currency,
        remit_method: RemitMethod,
        fee_schedule: FeeSchedule,
    ) -> Self {
        Self {
            version,
            effective_on,
            currency,
            remit_method,
            offset_consent_on: None,
            fee_schedule,
            hold_days: HoldDays::default(),
            allocation_order: allocation_order(),
        }
    }

    /// Whether the agency can work under these terms.
    pub fn validate(&self) -> Result<(), PolicyError> {
        if self.version == 0 {
            return Err(PolicyError::Version);
        }
        match (self.remit_method, self.offset_consent_on) {
            (RemitMethod::Net, None) => return Err(PolicyError::NoOffsetConsent),
            (RemitMethod::Net, Some(on)) if on > self.effective_on => {
                return Err(PolicyError::ConsentTooLate);
            }
            (RemitMethod::Net, Some(_)) => {}
            (method @ (RemitMethod::Gross | RemitMethod::GrossLessDirectFees), _) => {
                return Err(PolicyError::MethodNotAvailable(method));
            }
        }
        let too_long = |method: &PaymentMethod| self.hold_days.days(*method) > HoldDays::DAYS_MAX;
        if let Some(method) = PaymentMethod::ALL.iter().copied().find(too_long) {
            return Err(PolicyError::HoldDays(method));
        }
        let each_once = self.allocation_order.len() == BalanceBucket::ALL.len()
            && BalanceBucket::ALL.iter().all(|bucket| self.allocation_order.contains(bucket));
        if each_once { Ok(()) } else { Err(PolicyError::AllocationOrder) }
    }
}

/// A policy under which the agency can work. Reads like its [`PolicyTerms`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyTerms", into = "PolicyTerms")]
pub struct ClientPolicy(PolicyTerms);

impl ClientPolicy {
    /// The policy of these terms.
    pub fn new(terms: PolicyTerms) -> Result<Self, PolicyError> {
        terms.validate()?;
        Ok(Self(terms))
    }

    /// The version in force on a day: the latest that had begun, and of two that began on one day
    /// the higher version. A day before the first version is priced by the first, because a received
    /// payment is never refused. `None` only where there is no version at all.
    pub fn in_force(versions: &[Self], on: Date) -> Option<&Self> {
        let begins = |policy: &&Self| (policy.effective_on, policy.version);
        let begun = versions.iter().filter(|policy| policy.effective_on <= on).max_by_key(begins);
        begun.or_else(|| versions.iter().min_by_key(begins))
    }
}

impl TryFrom<PolicyTerms> for ClientPolicy {
    type Error = PolicyError;

    fn try_from(terms: PolicyTerms) -> Result<Self, PolicyError> {
        Self::new(terms)
    }
}

impl From<ClientPolicy> for PolicyTerms {
    fn from(policy: ClientPolicy) -> Self {
        policy.0
    }
}

impl Deref for ClientPolicy {
    type Target = PolicyTerms;

    fn deref(&self) -> &PolicyTerms {
        &self.0
    }
}

/// A policy that is refused, with the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Versions count from 1.
    #[error("the policy version counts from 1")]
    Version,
    /// Fees may not be set off against trust money without the client's word. 209 CMR 18.14(3).
    #[error(
        "net remittance needs the client's written consent to offset; give offset_consent_on, gross is not \
         available yet"
    )]
    NoOffsetConsent,
    /// The consent is dated after the policy takes effect.
    #[error("offset_consent_on is after effective_on: the consent must be given first")]
    ConsentTooLate,
    /// Only net remittance is built.
    #[error("remit_method {0} is not available yet; use net with offset_consent_on")]
    MethodNotAvailable(RemitMethod),
    /// Money would be held too long.
    #[error("hold_days for {0} is over 60 days")]
    HoldDays(PaymentMethod),
    /// A bucket is missing or named twice.
    #[error("allocation_order names each of the six balance buckets once")]
    AllocationOrder,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fee::FeeTerms;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn terms() -> PolicyTerms {
        let schedule = FeeSchedule::new(FeeTerms::flat("0.25".parse().unwrap())).unwrap();
        let mut terms =
            PolicyTerms::new(1, day("2026-01-01"), Currency::USD, RemitMethod::Net, schedule);
        terms.offset_consent_on = Some(day("2025-12-01"));
        terms
    }

    #[test]
    fn net_without_consent_is_refused_with_the_remedy() {
        let error =
            ClientPolicy::new(PolicyTerms { offset_consent_on: None, ..terms() }).unwrap_err();
        assert_eq!(
            error.to_string(),
            "net remittance needs the client's written consent to offset; give offset_consent_on, \
             gross is not available yet"
        );
        let late = PolicyTerms { offset_consent_on: Some(day("2026-01-02")), ..terms() };
        assert_eq!(ClientPolicy::new(late), Err(PolicyError::ConsentTooLate));
    }

    #[test]
    fn the_gross_methods_are_not_there_yet() {
        for remit_method in [RemitMethod::Gross, RemitMethod::GrossLessDirectFees] {
            let refused = ClientPolicy::new(PolicyTerms { remit_method, ..terms() });
            assert_eq!(refused, Err(PolicyError::MethodNotAvailable(remit_method)));
        }
    }

    #[test]
    fn the_version_in_force_is_the_latest_that_had_begun() {
        let of = |version, on: &str| {
            ClientPolicy::new(PolicyTerms { version, effective_on: day(on), ..terms() }).unwrap()
        };
        let versions = [of(3, "2026-06-01"), of(1, "2026-01-01"), of(2, "2026-06-01")];
        let version = |on: &str| ClientPolicy::in_force(&versions, day(on)).unwrap().version;
        assert_eq!(version("2026-05-31"), 1);
        assert_eq!(version("2026-06-01"), 3);
        assert_eq!(version("2025-01-01"), 1, "money before the first version is still priced");
        assert!(ClientPolicy::in_force(&[], day("2026-01-01")).is_none());
    }

    #[test]
    fn defaults_fill_what_a_contract_leaves_out_and_unknown_keys_are_errors() {
        let json = r#"{"version":1,"effective_on":"2026-01-01","currency":"USD","remit_method":"net",
            "offset_consent_on":"2025-12-01","fee_schedule":{"rates":{"flat":{"rate":"0.25"}}},
            "hold_days":{"cheque":7}}"#;
        let policy: ClientPolicy = serde_json::from_str(json).unwrap();
        assert_eq!(policy.hold_days, HoldDays { cheque: 7, ..HoldDays::default() });
        assert_eq!(policy.allocation_order, ALLOCATION_ORDER);
        let again = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<ClientPolicy>(&again).unwrap(), policy);
        let unknown = json.replace("\"cheque\"", "\"check\"");
        assert!(serde_json::from_str::<ClientPolicy>(&unknown).is_err());
    }

    #[test]
    fn guaranteed_funds_are_good_at_once() {
        let hold = HoldDays::default();
        for method in PaymentMethod::ALL {
            let at_once = hold.release_on(*method, day("2026-03-01")) == day("2026-03-01");
            assert_eq!(at_once, method.guaranteed_funds(), "{method}");
        }
        assert_eq!(hold.release_on(PaymentMethod::Cheque, day("2026-02-25")), day("2026-03-07"));
    }

    #[test]
    fn allocation_order_and_hold_days_are_checked() {
        let mut short = terms();
        short.allocation_order.pop();
        assert_eq!(short.validate(), Err(PolicyError::AllocationOrder));
        let mut long = terms();
        long.hold_days.ach = 61;
        assert_eq!(long.validate(), Err(PolicyError::HoldDays(PaymentMethod::Ach)));
    }
}
