//! Fee schedules: the rules that give the agency's commission.
//!
//! A [`FeeSchedule`] has been checked: a combination that has no defined meaning, or that would make
//! commission fall when a debtor pays more, cannot be made. The arithmetic is in `duly-ledger`.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::terms::{BalanceBucket, TierBase, TierMode};

/// A share from 0 to 1 with at most six decimals: `0.25` is 25 %. Written as text everywhere, so
/// that no binary fraction can creep in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(Decimal);

/// With six decimals the product with any amount of money is exact.
const RATE_DECIMALS_MAX: u32 = 6;

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// This share, if it lies within 0 and 1 and is not over-precise.
    pub fn new(share: Decimal) -> Result<Self, FeeError> {
        let share = share.normalize();
        let within = share >= Decimal::ZERO && share <= Decimal::ONE;
        if !within || share.scale() > RATE_DECIMALS_MAX {
            return Err(FeeError::Rate);
        }
        Ok(Self(share))
    }

    /// The share as a decimal.
    pub const fn decimal(self) -> Decimal {
        self.0
    }
}

impl FromStr for Rate {
    type Err = FeeError;

    fn from_str(text: &str) -> Result<Self, FeeError> {
        Decimal::from_str_exact(text).map_err(|_| FeeError::Rate).and_then(Self::new)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// One step of a tiered schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bracket {
    /// The last minor unit that is still inside; absent in the last bracket, which is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<i64>,
    /// The rate inside.
    pub rate: Rate,
}

/// How the rate is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FeeRates {
    /// One rate for everything.
    Flat {
        /// That rate.
        rate: Rate,
    },
    /// A rate by brackets. Mode and base are always explicit: sheets that look alike differ in them.
    Tiered {
        /// What a bracket's rate applies to.
        tier_mode: TierMode,
        /// What brackets are measured by.
        tier_base: TierBase,
        /// Ascending, the last one open.
        brackets: Vec<Bracket>,
    },
}

/// The most that commission on one account may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeCap {
    /// So many minor units.
    AmountMinor(i64),
    /// This share of the listed amount.
    ShareOfListed(Rate),
}

/// A fee schedule as a contract states it, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeTerms {
    /// How the rate is found.
    pub rates: FeeRates,
    /// Which buckets earn commission. Money in the others earns nothing.
    #[serde(default = "principal_only")]
    pub fee_basis: Vec<BalanceBucket>,
    /// Least commission per account in minor units, though never more than the commissionable
    /// money itself.
    #[serde(default)]
    pub minimum: i64,
    /// Most commission per account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_cap: Option<FeeCap>,
    /// Whether brackets by `collected_to_date` go on from what earlier segments collected.
    #[serde(default)]
    pub carry_cum: bool,
}

fn principal_only() -> Vec<BalanceBucket> {
    vec![BalanceBucket::Principal]
}

impl FeeTerms {
    /// One rate on principal, with nothing else agreed.
    pub fn flat(rate: Rate) -> Self {
        Self::of(FeeRates::Flat { rate })
    }

    /// These rates on principal, with nothing else agreed.
    pub fn of(rates: FeeRates) -> Self {
        Self { rates, fee_basis: principal_only(), minimum: 0, fee_cap: None, carry_cum: false }
    }

    /// Whether these terms have one defined meaning.
    pub fn validate(&self) -> Result<(), FeeError> {
        if let FeeRates::Tiered { tier_mode, tier_base, brackets } = &self.rates {
            match (tier_mode, tier_base) {
                (TierMode::Whole, TierBase::CollectedToDate) => {
                    return Err(FeeError::WholeByCollectedToDate);
                }
                (TierMode::Marginal, TierBase::PlacedAmount) => {
                    return Err(FeeError::MarginalByPlacedAmount);
                }
                (TierMode::Marginal, TierBase::CollectedToDate | TierBase::Payment)
                | (TierMode::Whole, TierBase::PlacedAmount | TierBase::Payment) => {}
            }
            check_brackets(brackets)?;
        }
        let repeated =
            (1..self.fee_basis.len()).any(|at| self.fee_basis[..at].contains(&self.fee_basis[at]));
        if self.fee_basis.is_empty() || repeated {
            return Err(FeeError::FeeBasis);
        }
        if self.minimum < 0 {
            return Err(FeeError::Minimum);
        }
        match self.fee_cap {
            Some(FeeCap::AmountMinor(most)) if most < self.minimum => {
                Err(FeeError::CapBelowMinimum)
            }
            Some(FeeCap::AmountMinor(_) | FeeCap::ShareOfListed(_)) | None => Ok(()),
        }
    }
}

fn check_brackets(brackets: &[Bracket]) -> Result<(), FeeError> {
    let Some((last, closed)) = brackets.split_last() else {
        return Err(FeeError::NoBrackets);
    };
    if last.up_to.is_some() {
        return Err(FeeError::LastBracketClosed);
    }
    let mut floor = 0;
    for bracket in closed {
        match bracket.up_to {
            Some(up_to) if up_to > floor => floor = up_to,
            Some(_) | None => return Err(FeeError::BracketsNotAscending),
        }
    }
    Ok(())
}

/// A fee schedule with one defined meaning. Reads like its [`FeeTerms`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FeeTerms", into = "FeeTerms")]
pub struct FeeSchedule(FeeTerms);

impl FeeSchedule {
    /// The schedule of these terms.
    pub fn new(terms: FeeTerms) -> Result<Self, FeeError> {
        terms.validate()?;
        Ok(Self(terms))
    }
}

impl TryFrom<FeeTerms> for FeeSchedule {
    type Error = FeeError;

    fn try_from(terms: FeeTerms) -> Result<Self, FeeError> {
        Self::new(terms)
    }
}

impl From<FeeSchedule> for FeeTerms {
    fn from(schedule: FeeSchedule) -> Self {
        schedule.0
    }
}

impl Deref for FeeSchedule {
    type Target = FeeTerms;

    fn deref(&self) -> &FeeTerms {
        &self.0
    }
}

/// A fee schedule that is refused, with the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeeError {
    /// Not a share from 0 to 1 with at most six decimals.
    #[error(
        "a rate is a decimal from 0 to 1 with at most six decimals, written as text: \"0.25\" for 25 %"
    )]
    Rate,
    /// Commission would fall when a debtor pays more.
    #[error(
        "tier_mode whole with tier_base collected_to_date is refused: 3,000.00 at 25 % and then 1.00 more at \
         18 % would earn 750.00 and then -209.82; use marginal, or whole by placed_amount"
    )]
    WholeByCollectedToDate,
    /// No defined meaning.
    #[error(
        "tier_mode marginal with tier_base placed_amount is refused: it has no defined meaning; use marginal by \
         collected_to_date, or whole by placed_amount"
    )]
    MarginalByPlacedAmount,
    /// A tiered schedule without brackets.
    #[error("a tiered schedule needs at least one bracket")]
    NoBrackets,
    /// The last bracket ends somewhere.
    #[error("the last bracket must be open: leave out its up_to")]
    LastBracketClosed,
    /// Bounds are missing, not above zero, or not ascending.
    #[error("every bracket but the last needs an up_to above the one before it")]
    BracketsNotAscending,
    /// No bucket earns, or one is named twice.
    #[error("fee_basis names at least one balance bucket, each once")]
    FeeBasis,
    /// The minimum is below zero.
    #[error("the minimum commission cannot be below zero")]
    Minimum,
    /// The cap is below the minimum.
    #[error("fee_cap is below the minimum commission: raise one or lower the other")]
    CapBelowMinimum,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    fn tiered(tier_mode: TierMode, tier_base: TierBase) -> FeeTerms {
        let brackets = vec![
            Bracket { up_to: Some(300_000), rate: rate("0.25") },
            Bracket { up_to: None, rate: rate("0.18") },
        ];
        FeeTerms::of(FeeRates::Tiered { tier_mode, tier_base, brackets })
    }

    #[test]
    fn whole_by_collected_to_date_is_refused_with_the_remedy() {
        let error =
            FeeSchedule::new(tiered(TierMode::Whole, TierBase::CollectedToDate)).unwrap_err();
        assert_eq!(error, FeeError::WholeByCollectedToDate);
        assert!(error.to_string().contains("use marginal"));
    }

    #[test]
    fn marginal_by_placed_amount_is_refused() {
        let terms = tiered(TierMode::Marginal, TierBase::PlacedAmount);
        assert_eq!(FeeSchedule::new(terms), Err(FeeError::MarginalByPlacedAmount));
    }

    #[test]
    fn the_four_combinations_with_a_meaning_are_taken() {
        for (mode, base) in [
            (TierMode::Marginal, TierBase::CollectedToDate),
            (TierMode::Marginal, TierBase::Payment),
            (TierMode::Whole, TierBase::PlacedAmount),
            (TierMode::Whole, TierBase::Payment),
        ] {
            assert!(FeeSchedule::new(tiered(mode, base)).is_ok(), "{mode} by {base}");
        }
    }

    #[test]
    fn brackets_ascend_and_end_open() {
        let of = |bounds: &[Option<i64>]| {
            let brackets =
                bounds.iter().map(|up_to| Bracket { up_to: *up_to, rate: Rate::ZERO }).collect();
            FeeTerms::of(FeeRates::Tiered {
                tier_mode: TierMode::Marginal,
                tier_base: TierBase::CollectedToDate,
                brackets,
            })
            .validate()
        };
        assert_eq!(of(&[]), Err(FeeError::NoBrackets));
        assert_eq!(of(&[Some(1)]), Err(FeeError::LastBracketClosed));
        assert_eq!(of(&[None, None]), Err(FeeError::BracketsNotAscending));
        assert_eq!(of(&[Some(0), None]), Err(FeeError::BracketsNotAscending));
        assert_eq!(of(&[Some(2), Some(2), None]), Err(FeeError::BracketsNotAscending));
        assert_eq!(of(&[Some(1), Some(2), None]), Ok(()));
    }

    #[test]
    fn a_rate_is_a_share_written_as_text() {
        assert_eq!(rate("0.25").to_string(), "0.25");
        assert_eq!(rate("1.000"), rate("1"));
        for wrong in ["25", "-0.1", "1.01", "0.1234567", "25%", "", "x"] {
            assert_eq!(wrong.parse::<Rate>(), Err(FeeError::Rate), "{wrong}");
        }
        assert!(serde_json::from_str::<Rate>("0.25").is_err());
    }

    #[test]
    fn a_schedule_travels_as_json_and_unknown_keys_are_errors() {
        let json = r#"{"rates":{"tiered":{"tier_mode":"marginal","tier_base":"collected_to_date",
            "brackets":[{"up_to":300000,"rate":"0.25"},{"rate":"0.18"}]}},
            "fee_basis":["principal","interest"],"minimum":10000,"fee_cap":{"share_of_listed":"0.5"}}"#;
        let schedule: FeeSchedule = serde_json::from_str(json).unwrap();
        assert_eq!(schedule.minimum, 10_000);
        let again = serde_json::to_string(&schedule).unwrap();
        assert_eq!(serde_json::from_str::<FeeSchedule>(&again).unwrap(), schedule);
        assert!(serde_json::from_str::<FeeSchedule>(&json.replace("minimum", "minimun")).is_err());
        assert!(
            serde_json::from_str::<FeeSchedule>(&json.replace("\"up_to\"", "\"upto\"")).is_err()
        );
        let refused = serde_json::from_str::<FeeSchedule>(&json.replace("marginal", "whole"));
        assert!(refused.unwrap_err().to_string().contains("-209.82"));
    }

    #[test]
    fn basis_minimum_and_cap_are_checked() {
        let flat = FeeTerms::flat(rate("0.25"));
        let with = |change: fn(&mut FeeTerms)| {
            let mut terms = flat.clone();
            change(&mut terms);
            terms.validate()
        };
        assert_eq!(with(|t| t.fee_basis.clear()), Err(FeeError::FeeBasis));
        assert_eq!(with(|t| t.fee_basis.push(BalanceBucket::Principal)), Err(FeeError::FeeBasis));
        assert_eq!(with(|t| t.minimum = -1), Err(FeeError::Minimum));
        let cap = with(|t| {
            t.minimum = 100;
            t.fee_cap = Some(FeeCap::AmountMinor(99));
        });
        assert_eq!(cap, Err(FeeError::CapBelowMinimum));
    }
}
