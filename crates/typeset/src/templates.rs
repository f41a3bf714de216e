//! The templates, and which version of each is in force.

/// One template. Its data is described at the head of its file.
pub struct Template {
    /// `validation_notice`.
    pub name: &'static str,
    /// Raised with every change of what a letter says or how it looks: a letter keeps the version that
    /// it was made with.
    pub version: u32,
    pub(crate) source: &'static str,
}

/// The version of the validation notice.
pub const VALIDATION_NOTICE_VERSION: u32 = 1;

/// The version of the commercial demand.
pub const COMMERCIAL_DEMAND_VERSION: u32 = 1;

/// Every template.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "validation_notice",
        version: VALIDATION_NOTICE_VERSION,
        source: include_str!("../templates/validation_notice.typ"),
    },
    Template {
        name: "commercial_demand",
        version: COMMERCIAL_DEMAND_VERSION,
        source: include_str!("../templates/commercial_demand.typ"),
    },
];

/// What all of them import, as `/letterhead.typ`.
pub(crate) const LETTERHEAD: &str = include_str!("../templates/letterhead.typ");
