//! From the rows to the facts of letters, for a set of treatments at once.

use std::collections::{BTreeMap, BTreeSet};

use duly_domain::AddressParts;
use duly_platform::Tx;
use duly_standing::{Party, Standing};
use uuid::Uuid;

use crate::{
    compose::{Claim, Facts, Item},
    store::{
        gather::{self, Reach},
        letter::Letter,
    },
};

/// Facts of some accounts and parties.
pub(crate) struct Known {
    standings: BTreeMap<Uuid, Standing>,
    claims: BTreeMap<(Uuid, i32), Claim>,
    items: BTreeMap<(Uuid, i32), Vec<Item>>,
    clients: BTreeSet<Uuid>,
    reach: BTreeMap<Uuid, Reach>,
}

impl Known {
    /// Reads them.
    pub(crate) async fn read(
        tx: &mut Tx,
        accounts: &[Uuid],
        parties: &[Uuid],
    ) -> sqlx::Result<Self> {
        let today = tx.today();
        let standings = duly_standing::load(tx.conn(), accounts, today).await?;
        let clients: Vec<Uuid> = standings.values().map(|standing| standing.client).collect();
        Ok(Self {
            claims: gather::claims(tx.conn(), accounts).await?,
            items: gather::items(tx.conn(), accounts).await?,
            clients: gather::known_clients(tx.conn(), &clients).await?,
            reach: gather::reach(tx.conn(), parties).await?,
            standings,
        })
    }

    pub(crate) fn standing(&self, account: Uuid) -> Option<&Standing> {
        self.standings.get(&account)
    }

    /// The facts of a letter to this party about this account.
    pub(crate) fn of(&self, account: Uuid, party: Uuid) -> Facts<'_> {
        let standing = self.standings.get(&account);
        let key = standing.map(|standing| (account, standing.opening));
        let none = Reach::default();
        let reach = self.reach.get(&party).unwrap_or(&none);
        let placed = standing.and_then(|standing| standing.party(party));
        Facts {
            standing,
            client_known: standing.is_some_and(|s| self.clients.contains(&s.client)),
            claim: key.and_then(|key| self.claims.get(&key)),
            items: key.and_then(|key| self.items.get(&key)).map_or(&[], Vec::as_slice),
            addresses: addresses(placed, reach),
            emails: emails(placed, reach),
        }
    }
}

/// As placed, then as found, without those from which a letter came back.
fn addresses(placed: Option<&Party>, reach: &Reach) -> Vec<AddressParts> {
    let placed = placed.and_then(|party| party.address.as_ref()).map(|a| a.expose().clone());
    placed
        .into_iter()
        .chain(reach.found_addresses.iter().cloned())
        .filter(|address| !reach.bad_addresses.contains(address) && is_complete(address))
        .collect()
}

/// Whether the post can find it.
fn is_complete(address: &AddressParts) -> bool {
    address.lines.iter().any(|line| !line.trim().is_empty())
        && !(address.city.trim().is_empty() && address.postal_code.trim().is_empty())
}

fn emails(placed: Option<&Party>, reach: &Reach) -> Vec<String> {
    if reach.no_email {
        return Vec::new();
    }
    let placed = placed.map_or(&[][..], |party| party.emails.as_slice());
    placed
        .iter()
        .map(|email| email.expose().clone())
        .chain(reach.found_emails.iter().cloned())
        .filter(|email| !reach.bad_emails.contains(&email.to_lowercase()))
        .collect()
}

/// The accounts of these letters on which nothing is to be collected any more, with the reason.
pub(crate) async fn over_accounts(
    tx: &mut Tx,
    letters: &[&Letter],
) -> sqlx::Result<BTreeMap<Uuid, &'static str>> {
    let today = tx.today();
    let accounts: Vec<Uuid> = letters.iter().map(|letter| letter.account_id).collect();
    let standings = duly_standing::load(tx.conn(), &accounts, today).await?;
    let why = |letter: &Letter| match standings.get(&letter.account_id) {
        None => Some("the account is not known"),
        Some(standing) if standing.opening != letter.opening => Some("the account was placed anew"),
        Some(standing) if !standing.balance.is_positive() => Some("nothing is owed any more"),
        Some(standing) if standing.ended.is_some() => Some("the account has ended"),
        Some(standing) if standing.held.is_some() => Some("the client holds the account"),
        Some(_) => None,
    };
    Ok(letters.iter().filter_map(|letter| Some((letter.account_id, why(letter)?))).collect())
}
