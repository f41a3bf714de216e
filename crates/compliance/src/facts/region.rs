//! Where rules of states and cities may reach a person: everywhere that a number or address says it may be.

use duly_domain::UsState;
use serde::{Deserialize, Serialize};

/// A city with rules of its own. 12 CFR 1006.2(l): political subdivisions are States.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum City {
    /// New York City, by its five counties.
    NewYork,
    /// Buffalo, New York.
    Buffalo,
    /// Carson City, Nevada.
    CarsonCity,
    /// Chicago, Illinois.
    Chicago,
}

/// A state, district or territory, and the city where it matters and is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// The state.
    pub state: UsState,
    /// The city, where it has rules of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<City>,
}
