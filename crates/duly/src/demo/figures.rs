//! What a demo came to: the figures of `demo.json` and of the table at its end.

use std::{collections::BTreeMap, time::Duration};

use duly_domain::{Currency, Money};
use serde::Serialize;

use super::{largest::Largest, life::Clockwork, work::Work};

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

    /// All of these more.
    pub fn add_all(&mut self, more: &Self) {
        for (currency, (count, minor)) in &more.0 {
            let (counted, sum) = self.0.entry(*currency).or_default();
            *counted += count;
            *sum = sum.saturating_add(*minor);
        }
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
    /// What became of it.
    pub largest_claim: Option<Largest>,
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
    /// Days that were lived through.
    pub days: u64,
    /// Treatments, decisions, letters, promises, disputes, ends of accounts, tasks.
    pub work: Work,
    /// Calls by their result.
    pub calls: BTreeMap<&'static str, u64>,
    /// What debtors said and wrote.
    pub debtors: BTreeMap<&'static str, u64>,
    /// What clients did.
    pub client_acts: BTreeMap<&'static str, u64>,
    /// What came too late and was refused, by reason.
    pub too_late: BTreeMap<String, u64>,
    /// Searches that the provider answered.
    pub searches: u64,
    /// Of these, those that found something.
    pub searches_found: u64,
    /// What debtors promised.
    pub promised_minor: i64,
    /// E-mails that the mailbox took.
    pub emails_taken: u64,
    /// The folder of printed letters.
    pub letters_dir: String,
    /// The folder of e-mails.
    pub mail_dir: String,
    /// Wall time.
    pub elapsed_ms: u64,
    /// Where it went. All that differs between two demos of one seed is this, `elapsed_ms` and paths.
    pub timings: Timings,
    /// The statements' files.
    pub statements: Vec<String>,
}

/// Machine time of the days.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Timings {
    /// How often everything was waited for.
    pub settles: u64,
    /// How long that took.
    pub settling_ms: u64,
    /// How long one took, in tenths of a millisecond.
    pub settle_ms_tenths: u64,
    /// Instants at which the clock stood.
    pub instants: u64,
    /// How long callers were at work.
    pub acting_ms: u64,
}

impl Timings {
    /// Of a life.
    pub fn of(clockwork: &Clockwork) -> Self {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            settles: clockwork.settles,
            settling_ms: ms(clockwork.settling),
            settle_ms_tenths: ms(clockwork.settling * 10) / clockwork.settles.max(1),
            instants: clockwork.instants,
            acting_ms: ms(clockwork.acting),
        }
    }
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
