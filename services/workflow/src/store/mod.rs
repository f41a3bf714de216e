//! All SQL of workflow, a file per table family, as free functions on the caller's transaction.

pub(crate) mod case;
pub(crate) mod fact;
pub(crate) mod load;
pub(crate) mod obligation;
pub(crate) mod strategy;
pub(crate) mod task;
pub(crate) mod track;
pub(crate) mod treatment;

use std::str::FromStr;

use uuid::Uuid;

use crate::error::WorkflowError;

/// A stored code as its term.
pub(crate) fn code<T: FromStr>(
    table: &'static str,
    id: Uuid,
    code: &str,
) -> Result<T, WorkflowError> {
    T::from_str(code).map_err(|_| WorkflowError::Corrupt { table, id })
}

/// A stored code that may be empty.
pub(crate) fn code_opt<T: FromStr>(
    table: &'static str,
    id: Uuid,
    text: &str,
) -> Result<Option<T>, WorkflowError> {
    if text.is_empty() { Ok(None) } else { code(table, id, text).map(Some) }
}

/// A stored count.
pub(crate) fn count(table: &'static str, id: Uuid, count: i32) -> Result<u32, WorkflowError> {
    u32::try_from(count).map_err(|_| WorkflowError::Corrupt { table, id })
}

/// A count as it is stored.
pub(crate) fn stored(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
