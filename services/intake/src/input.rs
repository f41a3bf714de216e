//! Requests' fields as typed values: what does not fit is refused by its name.

use duly_domain::{Date, Id, id::IdKind};
use duly_platform::{Refusal, Violation};
use duly_proto::{
    common::v1::Date as WireDate,
    convert::{self, Misfit},
};

/// Longest reference, in bytes: references stand in indexes, whose entries are bounded.
pub const REFERENCE_BYTES_MAX: usize = 200;

/// The refusal of a field that does not fit.
pub fn misfit(misfit: Misfit) -> Refusal {
    Refusal::invalid(vec![Violation::new(misfit.field, misfit.reason)])
}

/// The refusal of one field for this reason.
pub fn wrong(field: &str, reason: impl Into<String>) -> Refusal {
    Refusal::invalid(vec![Violation::new(field, reason)])
}

/// A reference: one line, not empty, within the limit.
pub fn reference(field: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(field, "is missing"));
    }
    if text.len() > REFERENCE_BYTES_MAX {
        return Err(wrong(field, format!("is longer than {REFERENCE_BYTES_MAX} bytes")));
    }
    if text.chars().any(char::is_control) {
        return Err(wrong(field, "contains control characters"));
    }
    Ok(text.to_owned())
}

/// A text that must be there.
pub fn text(field: &str, text: &str) -> Result<String, Refusal> {
    let text = text_opt(field, text)?;
    if text.is_empty() { Err(wrong(field, "is missing")) } else { Ok(text) }
}

/// A text that may be empty.
pub fn text_opt(field: &str, text: &str) -> Result<String, Refusal> {
    convert::text(field, text).map_err(misfit)
}

/// A typed id that must be there.
pub fn id<T: IdKind>(field: &str, id: &str) -> Result<Id<T>, Refusal> {
    convert::id(field, id).map_err(misfit)
}

/// A typed id that may be empty.
pub fn id_opt<T: IdKind>(field: &str, id: &str) -> Result<Option<Id<T>>, Refusal> {
    convert::id_opt(field, id).map_err(misfit)
}

/// A legal date that must be there.
pub fn date(field: &str, date: Option<&WireDate>) -> Result<Date, Refusal> {
    convert::date(field, date).map_err(misfit)
}
