//! All SQL of payments, a file per table family, as free functions on the caller's transaction.

pub(crate) mod account;
pub(crate) mod fact;
pub(crate) mod journal;
pub(crate) mod payment;
pub(crate) mod promise;
pub(crate) mod remittance;
pub(crate) mod trust;

use std::str::FromStr;

use duly_domain::{Currency, Money};
use uuid::Uuid;

use crate::error::PaymentsError;

/// A stored code as its term.
pub(crate) fn code<T: FromStr>(
    table: &'static str,
    id: Uuid,
    code: &str,
) -> Result<T, PaymentsError> {
    T::from_str(code).map_err(|_| PaymentsError::Corrupt { table, id })
}

/// A stored amount with its currency.
pub(crate) fn money(
    table: &'static str,
    id: Uuid,
    minor: i64,
    currency: &str,
) -> Result<Money, PaymentsError> {
    Ok(Money::new(minor, code::<Currency>(table, id, currency)?))
}
