//! Balances folded from entries, and the proof that no trust money is missing unseen.

use std::collections::BTreeMap;

use duly_domain::{ClientId, Currency, Money, MoneyError};
use serde::Serialize;

use crate::chart::{EntrySet, Ledger};
use crate::posting::Deficiency;

/// What stands in each ledger, per client, as folded from entries. Debit positive, credit negative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balances {
    by: BTreeMap<(Currency, Ledger, Option<ClientId>), Money>,
}

impl Balances {
    /// Adds the entries of a set.
    pub fn post(&mut self, set: &EntrySet) -> Result<(), MoneyError> {
        for entry in set.entries() {
            let currency = entry.money.currency();
            let sum = self
                .by
                .entry((currency, entry.ledger, entry.client))
                .or_insert_with(|| Money::zero(currency));
            *sum = sum.add(entry.money)?;
        }
        Ok(())
    }

    /// One ledger of one client, as debit less credit.
    pub fn of(&self, currency: Currency, ledger: Ledger, client: Option<ClientId>) -> Money {
        self.by.get(&(currency, ledger, client)).copied().unwrap_or(Money::zero(currency))
    }

    /// One ledger over all clients, as debit less credit.
    pub fn total(&self, currency: Currency, ledger: Ledger) -> Result<Money, MoneyError> {
        let of_ledger = self.by.iter().filter(|((c, l, _), _)| (*c, *l) == (currency, ledger));
        Money::sum(currency, of_ledger.map(|(_, money)| *money))
    }

    /// A client's deficiency.
    pub fn deficiency(&self, currency: Currency, client: ClientId) -> Deficiency {
        Deficiency {
            agency: self.of(currency, Ledger::DeficiencyAgency, Some(client)),
            client: self.of(currency, Ledger::DeficiencyClient, Some(client)),
        }
    }

    /// A client's released money, as a positive amount.
    pub fn client_trust(&self, currency: Currency, client: ClientId) -> Result<Money, MoneyError> {
        self.of(currency, Ledger::ClientTrust, Some(client)).neg()
    }

    /// Every currency that has entries.
    pub fn currencies(&self) -> Vec<Currency> {
        let mut currencies: Vec<Currency> =
            self.by.keys().map(|(currency, ..)| *currency).collect();
        currencies.dedup();
        currencies
    }

    /// The proof of one currency.
    pub fn proof(&self, currency: Currency) -> Result<TrustProof, MoneyError> {
        let balances = self.by.iter().filter(|((c, ..), _)| *c == currency);
        TrustProof::new(currency, balances.map(|((_, ledger, _), money)| (*ledger, *money)))
    }
}

/// `trust bank + deficiency = client ledgers + unapplied + refunds due + held + commission unswept`,
/// in one currency. Every figure is shown with its normal sign: positive is what one expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TrustProof {
    /// The currency.
    pub currency: Currency,
    /// The bank, by the book. Below zero when a bank took more than was there.
    pub trust_bank: Money,
    /// Missing, due from the agency.
    pub deficiency_agency: Money,
    /// Missing, due from clients.
    pub deficiency_client: Money,
    /// Released money of all clients.
    pub client_trust: Money,
    /// Money whose account is unknown.
    pub unapplied: Money,
    /// Overpayments owed to debtors.
    pub refunds_due: Money,
    /// Money that is not yet good funds.
    pub held: Money,
    /// Commission that waits for its sweep.
    pub commission_unswept: Money,
}

impl TrustProof {
    /// The proof of these balances (debit positive), which may name a ledger more than once.
    /// Ledgers of the operating book are passed over.
    pub fn new(
        currency: Currency,
        balances: impl IntoIterator<Item = (Ledger, Money)>,
    ) -> Result<Self, MoneyError> {
        let mut sums: BTreeMap<Ledger, Money> = BTreeMap::new();
        for (ledger, money) in balances {
            let sum = sums.entry(ledger).or_insert_with(|| Money::zero(currency));
            *sum = sum.add(money)?;
        }
        let shown = |ledger: Ledger| {
            let sum = sums.get(&ledger).copied().unwrap_or(Money::zero(currency));
            if ledger.is_asset() { Ok(sum) } else { sum.neg() }
        };
        Ok(Self {
            currency,
            trust_bank: shown(Ledger::TrustBank)?,
            deficiency_agency: shown(Ledger::DeficiencyAgency)?,
            deficiency_client: shown(Ledger::DeficiencyClient)?,
            client_trust: shown(Ledger::ClientTrust)?,
            unapplied: shown(Ledger::Unapplied)?,
            refunds_due: shown(Ledger::RefundsDue)?,
            held: shown(Ledger::Held)?,
            commission_unswept: shown(Ledger::CommissionUnswept)?,
        })
    }

    /// Each ledger with its figure: assets, then liabilities.
    pub fn lines(&self) -> [(Ledger, Money); 8] {
        [
            (Ledger::TrustBank, self.trust_bank),
            (Ledger::DeficiencyAgency, self.deficiency_agency),
            (Ledger::DeficiencyClient, self.deficiency_client),
            (Ledger::ClientTrust, self.client_trust),
            (Ledger::Unapplied, self.unapplied),
            (Ledger::RefundsDue, self.refunds_due),
            (Ledger::Held, self.held),
            (Ledger::CommissionUnswept, self.commission_unswept),
        ]
    }

    fn side(&self, assets: bool) -> Result<Money, MoneyError> {
        let lines = self.lines();
        let side = lines.iter().filter(|(ledger, _)| ledger.is_asset() == assets);
        Money::sum(self.currency, side.map(|(_, money)| *money))
    }

    /// What there is, and what is missing with an owner.
    pub fn assets(&self) -> Result<Money, MoneyError> {
        self.side(true)
    }

    /// What is owed to others.
    pub fn liabilities(&self) -> Result<Money, MoneyError> {
        self.side(false)
    }

    /// Assets less liabilities: zero, or money is missing unseen.
    pub fn difference(&self) -> Result<Money, MoneyError> {
        self.assets()?.sub(self.liabilities()?)
    }

    /// Whether the proof is exact.
    pub fn holds(&self) -> bool {
        self.difference().is_ok_and(Money::is_zero)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    #[test]
    fn the_proof_holds_to_the_cent_or_not_at_all() {
        let balances = [
            (Ledger::TrustBank, usd(700)),
            (Ledger::DeficiencyAgency, usd(100)),
            (Ledger::DeficiencyClient, usd(200)),
            (Ledger::ClientTrust, usd(-250)),
            (Ledger::ClientTrust, usd(-250)),
            (Ledger::Held, usd(-500)),
            (Ledger::OperatingBank, usd(999)),
        ];
        let proof = TrustProof::new(Currency::USD, balances).unwrap();
        assert!(proof.holds());
        assert_eq!(proof.client_trust, usd(500));
        assert_eq!(proof.assets(), Ok(usd(1_000)));
        let short = balances.into_iter().chain([(Ledger::Unapplied, usd(-1))]);
        let off = TrustProof::new(Currency::USD, short).unwrap();
        assert!(!off.holds());
        assert_eq!(off.difference(), Ok(usd(-1)));
    }
}
