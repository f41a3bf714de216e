//! All SQL of skiptrace, a file per table family.

pub(crate) mod file;
pub(crate) mod finding;
pub(crate) mod search;
pub(crate) mod spend;
pub(crate) mod stop;

use std::str::FromStr;

use duly_domain::{Currency, Money};
use sqlx::types::Uuid;

use crate::error::{Result, SkiptraceError};

/// The term that a code names.
fn code<T: FromStr>(table: &'static str, id: Uuid, code: &str) -> Result<T> {
    code.parse().map_err(|_| SkiptraceError::Corrupt { table, id })
}

fn money(table: &'static str, id: Uuid, minor: i64, currency: &str) -> Result<Money> {
    Ok(Money::new(minor, code::<Currency>(table, id, currency)?))
}
