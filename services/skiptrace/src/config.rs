//! Settings of skiptrace: where its provider's files go, and what may be spent.

use std::path::PathBuf;

use duly_domain::{Currency, Money, SearchKind};
use serde::{Deserialize, Deserializer, de};

/// The section `[services.skiptrace]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder that the provider watches: files that ask go to `requests/` in it. Unset: searches wait.
    pub provider_dir: Option<PathBuf>,
    /// The provider's name, as findings and spending show it.
    pub provider: String,
    /// What one scrub costs.
    pub scrub_price: Dollars,
    /// What one trace costs.
    pub trace_price: Dollars,
    /// What may be spent with the provider in one month of the agency's zone.
    pub monthly_cap: Dollars,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            provider_dir: None,
            provider: "file".to_owned(),
            scrub_price: Dollars::of_cents(10),
            trace_price: Dollars::of_cents(150),
            monthly_cap: Dollars::of_cents(500_000),
        }
    }
}

impl Config {
    /// What one search of this kind costs.
    pub(crate) fn price(&self, kind: SearchKind) -> Money {
        match kind {
            SearchKind::Scrub => self.scrub_price.0,
            SearchKind::Trace => self.trace_price.0,
        }
    }
}

/// An amount of US dollars that is not negative, written `"1.50"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dollars(pub(crate) Money);

impl Dollars {
    /// So many cents.
    #[must_use]
    pub fn of_cents(minor: u32) -> Self {
        Self(Money::new(i64::from(minor), Currency::USD))
    }
}

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match Money::parse(&text, Currency::USD) {
            Ok(money) if !money.is_negative() => Ok(Self(money)),
            _ => {
                Err(de::Error::custom("no amount of US dollars; it takes a text such as \"1.50\""))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use duly_platform::config::Config as All;

    use super::*;

    fn section(toml: &str) -> Result<Config, String> {
        let file = ("duly.toml".to_owned(), format!("[services.skiptrace]\n{toml}"));
        let all = All::assemble(Some(file), []).map_err(|e| e.to_string())?;
        all.section("skiptrace").map_err(|e| e.to_string())
    }

    #[test]
    fn prices_and_cap_are_texts_in_dollars() {
        let config = section("scrub_price = \"0.25\"\nmonthly_cap = \"10\"").unwrap();
        assert_eq!(config.scrub_price, Dollars::of_cents(25));
        assert_eq!(config.monthly_cap, Dollars::of_cents(1_000));
        assert_eq!(config.trace_price, Dollars::of_cents(150));
    }

    #[test]
    fn a_wrong_price_names_its_key_and_an_example() {
        for wrong in ["\"-1.00\"", "\"1.505\"", "\"much\""] {
            let text = section(&format!("trace_price = {wrong}")).unwrap_err();
            assert!(
                text.contains("services.skiptrace.trace_price (duly.toml): no amount"),
                "{text}"
            );
        }
        assert!(section("cap = \"1\"").unwrap_err().contains("unknown key"));
    }
}
