//! All SQL of contact, a file per table family, as free functions on the caller's transaction.

pub(crate) mod attempt;
pub(crate) mod claim;
pub(crate) mod complaint;
pub(crate) mod consent;
pub(crate) mod conversation;
pub(crate) mod dated_fact;
pub(crate) mod decision;
pub(crate) mod designation;
pub(crate) mod dispute;
pub(crate) mod inbound;
pub(crate) mod note;
pub(crate) mod obligation;
pub(crate) mod person;
pub(crate) mod point;
pub(crate) mod stop;

use std::str::FromStr;

use uuid::Uuid;

use crate::error::ContactError;

/// A stored code as its term.
pub(crate) fn code<T: FromStr>(
    table: &'static str,
    id: Uuid,
    code: &str,
) -> Result<T, ContactError> {
    T::from_str(code).map_err(|_| ContactError::Corrupt { table, id })
}

/// A stored code that may be absent.
pub(crate) fn code_opt<T: FromStr>(
    table: &'static str,
    id: Uuid,
    stored: Option<&str>,
) -> Result<Option<T>, ContactError> {
    stored.map(|stored| code(table, id, stored)).transpose()
}
