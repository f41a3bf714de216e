//! The strategies that Duly brings.

use duly_domain::DebtClass;

/// The standard strategy for commercial claims.
pub const STANDARD_COMMERCIAL: &str = "commercial-standard";

/// The standard strategy for consumer claims.
pub const STANDARD_CONSUMER: &str = "consumer-standard";

/// A document that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    /// The document.
    pub document: &'static str,
}

/// All of them. Where none of a name was published, this is its version 1.
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        name: STANDARD_COMMERCIAL,
        document: include_str!("../strategies/commercial-standard.yaml"),
    },
    BuiltIn {
        name: STANDARD_CONSUMER,
        document: include_str!("../strategies/consumer-standard.yaml"),
    },
];

/// The name of the strategy that claims of this class begin with, in its latest version.
#[must_use]
pub const fn standard_for(debt_class: DebtClass) -> &'static str {
    match debt_class {
        DebtClass::Commercial => STANDARD_COMMERCIAL,
        DebtClass::Consumer => STANDARD_CONSUMER,
    }
}
