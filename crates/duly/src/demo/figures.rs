//! What a demo came to: the figures of `demo.json` and of the table at its end.

use std::collections::BTreeMap;

use duly_domain::{Currency, Money};
use serde::Serialize;

/// Counts and sums of amounts by currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<Currency, (u64, i64)>);

impl Sums {
    /// One amount more.
    pub fn add(&mut self, money: Money) {
        let (count, minor) = self.0.entry(money.currency()).or_default();
        *count += 1;
        *minor = minor.saturating_add(money.minor());
    }

    /// How many amounts there are in all currencies.
    pub fn count(&self) -> u64 {
        self.0.values().map(|(count, _)| count).sum()
    }

    /// Their sum in one currency, in minor units.
    pub fn minor(&self, currency: Currency) -> i64 {
        self.0.get(&currency).map_or(0, |(_, minor)| *minor)
    }

    /// How many there are in one currency.
    pub fn count_of(&self, currency: Currency) -> u64 {
        self.0.get(&currency).map_or(0, |(count, _)| *count)
    }

    /// The currencies, by code.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> {
        self.0.keys().copied()
    }

    /// The currency of the largest sum.
    pub fn largest(&self) -> Option<Currency> {
        self.0.iter().max_by_key(|(_, (_, minor))| *minor).map(|(currency, _)| *currency)
    }
}

/// Everything that a demo reports, written as `demo.json`.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// The folder of all files.
    pub out: String,
    /// Records of the file that are placements or should have been.
    pub placed: u64,
    /// Accepted without a remark.
    pub accepted: u64,
    /// Accepted with one.
    pub accepted_with_warning: u64,
    /// Not accepted; `rejected.csv` lists them.
    pub rejected: u64,
    /// The same by stable code.
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// Claim items of the accepted accounts.
    pub items: i64,
    /// What was listed with them, in the currency of the largest sum.
    pub listed_minor: i64,
    /// Clients with accepted accounts.
    pub clients: usize,
    /// Items of the largest claim.
    pub largest_claim_items: i32,
    /// Payments posted, direct and returned ones included.
    pub payments: u64,
    /// Their sum.
    pub payments_minor: i64,
    /// Of these, received by the client.
    pub direct_minor: i64,
    /// Of these, taken back.
    pub reversed: u64,
    /// Their sum.
    pub reversed_minor: i64,
    /// What the agency earned.
    pub commission_minor: i64,
    /// What the clients were paid.
    pub remitted_minor: i64,
    /// What is carried into the next period.
    pub carried_forward_minor: i64,
    /// The currency of the sums above.
    pub currency: String,
    /// All sums by currency.
    pub by_currency: BTreeMap<String, CurrencyFigures>,
    /// The trust proof, by currency.
    pub trust: Vec<Trust>,
    /// Wall time.
    pub elapsed_ms: u64,
    /// The statements' files.
    pub statements: Vec<String>,
}

/// The sums of one currency.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CurrencyFigures {
    /// Accepted accounts.
    pub accounts: u64,
    /// What was listed with them.
    pub listed_minor: i64,
    /// Payments posted.
    pub payments: u64,
    /// Their sum.
    pub payments_minor: i64,
    /// Of these, received by the client.
    pub direct_minor: i64,
    /// Of these, taken back.
    pub reversed_minor: i64,
    /// Of these, naming no known account.
    pub unapplied_minor: i64,
    /// What the agency earned.
    pub commission_minor: i64,
    /// What the clients were paid.
    pub remitted_minor: i64,
    /// What is carried into the next period.
    pub carried_forward_minor: i64,
}

/// What is held in trust against what is owed from it, of one currency, in minor units.
#[derive(Debug, Clone, Serialize)]
pub struct Trust {
    /// ISO 4217 code.
    pub currency: String,
    /// The left side.
    pub assets_minor: i64,
    /// The right side.
    pub liabilities_minor: i64,
    /// Money in the trust account.
    pub trust_bank: i64,
    /// Shortage that the agency owes.
    pub deficiency_agency: i64,
    /// Shortage that clients owe.
    pub deficiency_client: i64,
    /// Released and the clients'.
    pub client_trust: i64,
    /// Received for no known account.
    pub unapplied: i64,
    /// To be paid back.
    pub refunds_due: i64,
    /// Received, not yet good funds.
    pub held: i64,
    /// Earned and still in the trust account.
    pub commission_unswept: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_stay_apart_by_currency() {
        let mut sums = Sums::default();
        for (minor, currency) in [(500, Currency::USD), (700, Currency::EUR), (300, Currency::USD)]
        {
            sums.add(Money::new(minor, currency));
        }
        assert_eq!((sums.count(), sums.minor(Currency::USD)), (3, 800));
        assert_eq!(sums.count_of(Currency::EUR), 1);
        assert_eq!(sums.largest(), Some(Currency::USD));
        assert_eq!(sums.minor(Currency::GBP), 0);
    }
}
