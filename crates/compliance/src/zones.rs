//! Where a person may be: candidate zones from telephone numbers and postal addresses.
//!
//! What is not known is [`Zones::Unknown`] and holds; it never allows. A number without a place, toll-free
//! for example, says nothing and is left out.

use duly_domain::Zone;
use serde::{Deserialize, Serialize};

mod address;
mod phone;

pub(crate) use address::is_american;
pub use address::of_address;
pub use phone::of_phone;

/// What one number or address says about where the person is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zones {
    /// Nothing: an e-mail address, a toll-free number.
    NoSignal,
    /// It is somewhere, and we do not know where.
    Unknown,
    /// In one of these.
    In(Vec<Zone>),
}

/// The zones of a row of data, joined by `&`. One name that is not known makes the row unknown.
fn named(zones: &str) -> Zones {
    zones
        .split('&')
        .map(|name| name.parse().ok())
        .collect::<Option<_>>()
        .map_or(Zones::Unknown, Zones::In)
}
