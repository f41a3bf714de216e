//! The only conversions between the wire and the domain. What does not fit names the field, never the
//! value.

mod policy;
mod terms;
mod values;

pub use policy::{policy_from_wire, policy_to_wire};
pub use values::{
    AddressField, date, date_opt, date_to_wire, id, id_opt, instant, money, money_opt,
    money_to_wire, sealed_opt, sealed_to_wire, text, timestamp,
};

/// A field of a message that does not fit the domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Misfit {
    /// Path of the field, `amount.currency`.
    pub field: String,
    /// What is wrong and what would be right, without the value.
    pub reason: String,
}

impl Misfit {
    /// A misfit of this field.
    #[must_use]
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }

    /// The same misfit of a message nested in `parent`.
    #[must_use]
    pub fn within(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }

    pub(crate) fn missing(field: &str) -> Self {
        Self::new(field, "is missing")
    }
}
