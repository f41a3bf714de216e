//! The clients of a demo and the policy that each is given.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result};
use duly_domain::{
    Bracket, ClientPolicy, Currency, Date, FeeRates, FeeSchedule, FeeTerms, Money, PolicyTerms,
    Rate, RemitMethod, TierBase, TierMode,
};
use duly_placement::{Totals, generate::CLIENTS};
use duly_proto::{
    convert::{date_to_wire, policy_to_wire},
    intake::v1::PutClientRequest,
};
use rust_decimal::Decimal;

use super::sandbox::Sandbox;
use crate::phases::Phase;

/// Commission of every client of a real file, and the first bracket of a made one.
const RATE: Decimal = Decimal::from_parts(25, 0, 0, false, 2);

/// The second bracket.
const RATE_ABOVE: Decimal = Decimal::from_parts(18, 0, 0, false, 2);

/// Where it begins, in minor units collected to date.
const BRACKET_MINOR: i64 = 300_000;

/// Whose portfolio it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Made by a seed: the clients are known, parents included.
    Made,
    /// Out of a file: the clients are those that it names.
    Given,
}

impl Kind {
    /// The policy in words.
    pub fn policy(self) -> &'static str {
        match self {
            Self::Made => {
                "net remittance with consent; commission 25 % of the first 3,000.00 collected on an \
                 account and 18 % above"
            }
            Self::Given => "net remittance with consent; commission 25 % of what is collected",
        }
    }
}

/// One client to be put.
pub struct Wanted {
    client_ref: String,
    name: String,
    parent_ref: String,
    currency: Currency,
}

/// The clients of a portfolio, parents first, each in the currency of its largest sum.
pub fn wanted(kind: Kind, found: &[String], totals: &Totals) -> Vec<Wanted> {
    let largest = |sums: &BTreeMap<Currency, Money>| {
        sums.iter().max_by_key(|(_, sum)| sum.minor()).map(|(currency, _)| *currency)
    };
    let usual = largest(&totals.all.sums).unwrap_or(Currency::USD);
    let currency = |client_ref: &str| {
        totals.by_client.get(client_ref).and_then(|counts| largest(&counts.sums)).unwrap_or(usual)
    };
    match kind {
        Kind::Made => CLIENTS
            .iter()
            .map(|client| Wanted {
                client_ref: client.client_ref.to_owned(),
                name: client.name.to_owned(),
                parent_ref: client.parent_ref.unwrap_or_default().to_owned(),
                currency: currency(client.client_ref),
            })
            .collect(),
        Kind::Given => found
            .iter()
            .map(|client_ref| Wanted {
                client_ref: client_ref.clone(),
                name: format!("Client {client_ref}"),
                parent_ref: String::new(),
                currency: currency(client_ref),
            })
            .collect(),
    }
}

/// Puts them; gives their ids by reference.
///
/// # Errors
/// A client that is refused.
pub async fn put(
    sandbox: &Sandbox,
    kind: Kind,
    wanted: &[Wanted],
    as_of: Date,
    phase: &Phase,
) -> Result<HashMap<String, String>> {
    let mut ids = HashMap::new();
    for client in wanted {
        let policy = policy(kind, client.currency, as_of)?;
        let request = PutClientRequest {
            request_id: format!("demo put {}", client.client_ref),
            client_ref: client.client_ref.clone(),
            name: client.name.clone(),
            parent_client_ref: client.parent_ref.clone(),
            policy: Some(policy_to_wire(&policy)),
            effective_on: Some(date_to_wire(as_of)),
        };
        let answer = sandbox.door.intake()?.put_client(request).await;
        let made = answer
            .map_err(|status| sandbox.door.explain(&status))
            .with_context(|| format!("putting the client {}", client.client_ref))?
            .into_inner()
            .client
            .context("an answer without the client")?;
        ids.insert(client.client_ref.clone(), made.client_id);
        phase.inc(1);
    }
    Ok(ids)
}

fn policy(kind: Kind, currency: Currency, as_of: Date) -> Result<ClientPolicy> {
    let rates = match kind {
        Kind::Made => FeeRates::Tiered {
            tier_mode: TierMode::Marginal,
            tier_base: TierBase::CollectedToDate,
            brackets: vec![
                Bracket { up_to: Some(BRACKET_MINOR), rate: Rate::new(RATE)? },
                Bracket { up_to: None, rate: Rate::new(RATE_ABOVE)? },
            ],
        },
        Kind::Given => FeeRates::Flat { rate: Rate::new(RATE)? },
    };
    let schedule = FeeSchedule::new(FeeTerms::of(rates))?;
    let mut terms = PolicyTerms::new(1, as_of, currency, RemitMethod::Net, schedule);
    terms.offset_consent_on = Some(as_of);
    Ok(ClientPolicy::new(terms)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_policies_are_such_as_the_agency_can_work_under() {
        let as_of = "2026-01-15".parse().unwrap();
        for kind in [Kind::Made, Kind::Given] {
            policy(kind, Currency::USD, as_of).unwrap();
        }
    }
}
