//! All SQL of letters, a file per table family, as free functions on the caller's transaction.
//!
//! Sets of facts travel to Postgres as one JSON array: the rows are written once, by their columns'
//! names, and a set of any size is one statement.

pub(crate) mod batch;
pub(crate) mod contact;
pub(crate) mod dispatch;
pub(crate) mod fact;
pub(crate) mod gather;
pub(crate) mod letter;
pub(crate) mod permission;
pub(crate) mod treatment;

use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;

/// What stands in a row is none of ours: written by another version, or by hand.
#[derive(Debug, thiserror::Error)]
#[error("a row of {table} does not fit the domain")]
struct Corrupt {
    table: &'static str,
}

fn corrupt(table: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(Corrupt { table }))
}

/// A stored code as its term.
fn code<T: FromStr>(table: &'static str, code: &str) -> sqlx::Result<T> {
    T::from_str(code).map_err(|_| corrupt(table))
}

/// A set of rows as one parameter.
fn set<T: Serialize>(rows: &[T]) -> sqlx::Result<Value> {
    serde_json::to_value(rows).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}
