//! Money: whole minor units with their currency, and the one rounding there is.
//!
//! All arithmetic is checked. A product with a rate becomes money by one explicit rounding, half
//! away from zero. No error here repeats the text or amount that it refuses.

use std::fmt;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::currency::Currency;

/// An amount of money. Negative amounts are ordinary: a credit, a reversal, a balance owed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Money that cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies met; Duly never converts.
    #[error("{left} and {right} cannot be added: amounts must share a currency")]
    CurrencyMismatch {
        /// The currency of the first amount.
        left: Currency,
        /// The currency of the second amount.
        right: Currency,
    },
    /// The result does not fit 64 bits of minor units.
    #[error("the amount is too large to be held")]
    Overflow,
    /// A split was asked over no weight at all.
    #[error("an amount cannot be split over weights that sum to zero")]
    NoWeights,
}

/// Text that is not an amount. The text is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAmount {
    /// Not an optional sign, digits and optional decimals.
    #[error("not an amount: expected digits with an optional sign and decimal point")]
    Malformed,
    /// More decimals than the currency has.
    #[error("{currency} has {digits} decimals, the amount has more")]
    OverPrecise {
        /// The currency that was expected.
        currency: Currency,
        /// Its minor digits.
        digits: u32,
    },
    /// The amount does not fit 64 bits of minor units.
    #[error("the amount is too large to be held")]
    TooLarge,
}

#[expect(
    clippy::should_implement_trait,
    reason = "the operators cannot fail, and this arithmetic can"
)]
impl Money {
    /// This many minor units, e.g. cents.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in this currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount in minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether this is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether this is below zero.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Whether this is above zero.
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }

    fn held(minor: Option<i64>, currency: Currency) -> Result<Self, MoneyError> {
        minor.map(|minor| Self { minor, currency }).ok_or(MoneyError::Overflow)
    }

    /// The sum of the two.
    pub fn add(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Self::held(self.minor.checked_add(other.minor), self.currency)
    }

    /// This less the other.
    pub fn sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Self::held(self.minor.checked_sub(other.minor), self.currency)
    }

    /// The same amount with the other sign.
    pub fn neg(self) -> Result<Self, MoneyError> {
        Self::held(self.minor.checked_neg(), self.currency)
    }

    /// The lesser of the two.
    pub fn min(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Ok(if other.minor < self.minor { other } else { self })
    }

    /// The greater of the two.
    pub fn max(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        Ok(if other.minor > self.minor { other } else { self })
    }

    /// The sum of all, which must share `currency`; nothing when there are none.
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        // Summed wide, so that the order of amounts cannot decide whether the sum overflows.
        let mut wide: i128 = 0;
        for amount in amounts {
            Self::zero(currency).same(amount)?;
            wide += i128::from(amount.minor);
        }
        Self::held(i64::try_from(wide).ok(), currency)
    }

    /// This amount at a rate, rounded once, half away from zero, to the minor unit.
    /// Exact before rounding for rates of at most nine decimals.
    pub fn times(self, rate: Decimal) -> Result<Self, MoneyError> {
        let product = Decimal::from(self.minor).checked_mul(rate).ok_or(MoneyError::Overflow)?;
        Self::round_minor(product, self.currency)
    }

    /// So many minor units, given exactly, rounded once, half away from zero.
    pub fn round_minor(minor: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let whole = minor.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        Self::held(whole.to_i64(), currency)
    }

    /// Shares out the amount by weights without losing a minor unit: each share is rounded
    /// towards zero and the rest goes, one unit each, to the largest remainders, ties to the
    /// earliest. A negative amount is shared as its positive and negated.
    pub fn split(self, weights: &[u64]) -> Result<Vec<Self>, MoneyError> {
        let total: u128 = weights.iter().copied().map(u128::from).sum();
        if total == 0 {
            return Err(MoneyError::NoWeights);
        }
        let amount = u128::from(self.minor.unsigned_abs());
        let mut shares: Vec<u128> = Vec::with_capacity(weights.len());
        let mut remainders: Vec<(usize, u128)> = Vec::with_capacity(weights.len());
        for (at, weight) in weights.iter().enumerate() {
            let product = amount * u128::from(*weight);
            shares.push(product / total);
            remainders.push((at, product % total));
        }
        let mut left = amount - shares.iter().sum::<u128>();
        remainders.sort_by_key(|&(at, remainder)| (std::cmp::Reverse(remainder), at));
        for (at, _) in remainders {
            if left == 0 {
                break;
            }
            shares[at] += 1;
            left -= 1;
        }
        let sign: i128 = if self.is_negative() { -1 } else { 1 };
        shares
            .into_iter()
            .map(|share| {
                let minor = i128::try_from(share).ok().map(|share| share * sign);
                Self::held(minor.and_then(|minor| i64::try_from(minor).ok()), self.currency)
            })
            .collect()
    }

    /// The amount in major units, exactly: 123456 cents are `1234.56`.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.digits())
    }

    /// The amount alone, without its currency, e.g. `-1234.56`.
    pub fn amount(self) -> String {
        self.to_decimal().to_string()
    }

    /// Reads `1234.56`, `-1234.5`, `+7`: an optional sign, digits, and at most as many decimals
    /// as the currency has. No spaces, no separators, no currency sign.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, InvalidAmount> {
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, decimals) = match rest.split_once('.') {
            Some((_, "")) => return Err(InvalidAmount::Malformed),
            Some((whole, decimals)) => (whole, decimals),
            None => (rest, ""),
        };
        let all_digits = whole.bytes().chain(decimals.bytes()).all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits {
            return Err(InvalidAmount::Malformed);
        }
        let digits = currency.digits();
        let given = u32::try_from(decimals.len()).unwrap_or(u32::MAX);
        if given > digits {
            return Err(InvalidAmount::OverPrecise { currency, digits });
        }
        let mut minor: i128 = 0;
        for digit in whole.bytes().chain(decimals.bytes()) {
            minor = minor * 10 + i128::from(digit - b'0');
            if minor > i128::from(i64::MAX) + 1 {
                return Err(InvalidAmount::TooLarge);
            }
        }
        minor *= 10i128.pow(digits - given);
        let minor = if negative { -minor } else { minor };
        i64::try_from(minor)
            .map(|minor| Self { minor, currency })
            .map_err(|_| InvalidAmount::TooLarge)
    }

    /// As [`Money::parse`], also with commas between thousands, each where it belongs:
    /// `1,234,567.89`, never `12,34.50`.
    pub fn parse_grouped(text: &str, currency: Currency) -> Result<Self, InvalidAmount> {
        let (whole, decimals) = text.split_at(text.find('.').unwrap_or(text.len()));
        let bare = whole.trim_start_matches(['+', '-']);
        if bare.contains(',') {
            let mut groups = bare.split(',');
            let first = groups.next().unwrap_or_default();
            let in_place = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
            if !in_place {
                return Err(InvalidAmount::Malformed);
            }
        }
        Self::parse(&format!("{}{decimals}", whole.replace(',', "")), currency)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
