//! What makes a PDF of a letter's data: a value that the composition root gives, so that this service
//! links no typesetting.

use serde_json::Value;

/// A letter that this service knows how to fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Template {
    /// The notice of 12 CFR 1006.34 to a consumer.
    ValidationNotice,
    /// A demand to a business, or to one who answers for its debt.
    CommercialDemand,
}

impl Template {
    /// Every template.
    pub const ALL: [Self; 2] = [Self::ValidationNotice, Self::CommercialDemand];

    /// Its name in strategies and in events, `validation_notice`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ValidationNotice => "validation_notice",
            Self::CommercialDemand => "commercial_demand",
        }
    }

    /// The template of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.name() == name)
    }
}

/// A typeset letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typeset {
    /// The document, the same bytes for the same data.
    pub pdf: Vec<u8>,
    /// Its pages, at least one.
    pub pages: u32,
    /// The version of the template that made it.
    pub template_version: u32,
}

/// Why a letter cannot be typeset, without a value of its data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TypesetError(pub String);

/// Makes PDFs. It reads no file, no network and no clock.
pub trait Typesetter: Send + Sync {
    /// Makes one letter. May take seconds of processor time: it is called where blocking is allowed.
    ///
    /// # Errors
    /// Data that the template cannot show, such as a character that no font has.
    fn typeset(&self, template: Template, data: &Value) -> Result<Typeset, TypesetError>;
}
