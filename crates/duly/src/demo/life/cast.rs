//! Who takes part: each account with its liable parties as the model has them, by the ids that the
//! services gave them.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use duly_domain::{DebtClass, DebtorKind};
use duly_proto::intake::v1::{
    Account, GetAccountRequest, LiableParty, get_account_request::Key as AccountKey,
};
use duly_simulation::{Creditor, Debtor, Key, MoneyModel};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{AT_ONCE, agenda::Who};
use crate::{demo::largest, door::Door, phases::Phase};

/// One liable party.
pub struct Party {
    /// Its id.
    pub party_id: String,
    /// What it does.
    pub debtor: Debtor,
    /// Whether the client gave an address.
    pub is_located: bool,
}

/// One account.
pub struct Actor {
    /// Its id.
    pub account_id: String,
    /// The client's short name.
    pub client_ref: String,
    /// The client's reference of it.
    pub account_ref: String,
    /// What the client does with it.
    pub creditor: Creditor,
    /// Who owes, the principal debtor first.
    pub parties: Vec<Party>,
    /// What was done so far, by anybody: each deed is named by its number.
    pub deeds: u32,
    /// Questions to the client so far.
    pub questions: u32,
    /// Who opened which dispute, by its id.
    pub disputes: HashMap<String, usize>,
}

/// Everybody, in the order of the references.
pub struct Cast {
    actors: Vec<Actor>,
    by_account: HashMap<String, usize>,
    by_party: HashMap<String, Who>,
    by_refs: HashMap<(String, String), usize>,
    followed: Option<usize>,
}

impl Cast {
    /// Asks intake for the parties of these accounts. Where nobody's payments are on record, the principal
    /// debtor of the largest claim answers its demand with a payment, and its client lets it: so there is
    /// one claim that is followed from end to end, whatever was drawn.
    ///
    /// # Errors
    /// An account that is refused.
    pub async fn meet(
        door: &Door,
        accounts: &[Account],
        client_refs: &HashMap<String, String>,
        seed: u64,
        money: MoneyModel,
        phase: &Phase,
    ) -> Result<Self> {
        let mut actors: Vec<Actor> = stream::iter(accounts)
            .map(async |account| {
                let parties = parties(door, &account.account_id).await?;
                phase.inc(1);
                actor(account, parties, client_refs, seed, money)
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        actors.sort_by(|one, other| {
            (&one.client_ref, &one.account_ref).cmp(&(&other.client_ref, &other.account_ref))
        });
        let mut cast = Self {
            by_account: HashMap::new(),
            by_party: HashMap::new(),
            by_refs: HashMap::new(),
            followed: None,
            actors,
        };
        let largest =
            largest::pick(accounts, client_refs).filter(|_| money == MoneyModel::Invented);
        for (at, actor) in cast.actors.iter().enumerate() {
            cast.by_account.insert(actor.account_id.clone(), at);
            cast.by_refs.insert((actor.client_ref.clone(), actor.account_ref.clone()), at);
            for (position, party) in actor.parties.iter().enumerate() {
                let who = Who { actor: at, party: position };
                cast.by_party.insert(party.party_id.clone(), who);
            }
        }
        cast.followed = largest.and_then(|of| cast.by_account.get(&of.account_id).copied());
        if let Some(at) = cast.followed
            && let Some(principal) = cast.actors[at].parties.first_mut()
        {
            principal.debtor = principal.debtor.clone().followed();
        }
        Ok(cast)
    }

    /// One account.
    pub fn actor(&self, who: Who) -> &Actor {
        &self.actors[who.actor]
    }

    /// The same, to be changed.
    pub fn actor_mut(&mut self, who: Who) -> &mut Actor {
        &mut self.actors[who.actor]
    }

    /// One liable party.
    pub fn party(&self, who: Who) -> &Party {
        &self.actors[who.actor].parties[who.party]
    }

    /// What it does.
    pub fn debtor_mut(&mut self, who: Who) -> &mut Debtor {
        &mut self.actors[who.actor].parties[who.party].debtor
    }

    /// Parties without an address, each with its account.
    pub fn unlocated(&self) -> impl Iterator<Item = (&Actor, &Party)> {
        let parties = self
            .actors
            .iter()
            .flat_map(|actor| actor.parties.iter().map(move |party| (actor, party)));
        parties.filter(|(_, party)| !party.is_located)
    }

    /// A party by its id.
    ///
    /// # Errors
    /// Nobody of that id was placed.
    pub fn by_party(&self, party_id: &str) -> Result<Who> {
        self.by_party.get(party_id).copied().context("a service names a party that nobody placed")
    }

    /// The principal debtor of an account by its id.
    ///
    /// # Errors
    /// No account of that id was placed.
    pub fn by_account(&self, account_id: &str) -> Result<Who> {
        let actor = self.by_account.get(account_id).copied();
        let actor = actor.context("a service names an account that nobody placed")?;
        Ok(Who { actor, party: 0 })
    }

    /// The principal debtor of an account by the client's references.
    pub fn by_refs(&self, client_ref: &str, account_ref: &str) -> Option<Who> {
        let actor = *self.by_refs.get(&(client_ref.to_owned(), account_ref.to_owned()))?;
        Some(Who { actor, party: 0 })
    }

    /// Anybody, to whom what belongs to nobody is put down.
    pub fn anybody(&self) -> Option<Who> {
        (!self.actors.is_empty()).then_some(Who { actor: 0, party: 0 })
    }

    /// The creditor of each account that may do something by itself: not of the one that is followed.
    pub fn creditors(&self) -> impl Iterator<Item = (Who, &Creditor)> {
        let of = |(at, actor): (usize, _)| (Who { actor: at, party: 0 }, actor);
        let creditors = self.actors.iter().map(|actor| &actor.creditor).enumerate();
        creditors.filter(|(at, _)| Some(*at) != self.followed).map(of)
    }
}

async fn parties(door: &Door, account_id: &str) -> Result<Vec<LiableParty>> {
    let key = Some(AccountKey::AccountId(account_id.to_owned()));
    let answer = door.intake()?.get_account(GetAccountRequest { key }).await;
    let account = answer
        .map_err(|status| door.explain(&status))
        .context("asking for an account")?
        .into_inner()
        .account
        .context("an answer without the account")?;
    Ok(account.liable_parties)
}

fn actor(
    account: &Account,
    parties: Vec<LiableParty>,
    client_refs: &HashMap<String, String>,
    seed: u64,
    money: MoneyModel,
) -> Result<Actor> {
    let client_ref = client_refs.get(&account.client_id).context("an account has a client")?;
    let account_ref = &account.client_account_ref;
    let class = DebtClass::try_from(account.debt_class())?;
    let mut met = Vec::new();
    for (position, party) in (0..).zip(parties) {
        let kind = DebtorKind::try_from(party.debtor_kind())?;
        let debtor =
            Debtor::of(seed, Key { client_ref, account_ref, position }, class, kind, money);
        let is_located = party.address.is_some();
        met.push(Party { party_id: party.party_id, debtor, is_located });
    }
    Ok(Actor {
        account_id: account.account_id.clone(),
        client_ref: client_ref.clone(),
        account_ref: account_ref.clone(),
        creditor: Creditor::of(seed, client_ref, account_ref, money),
        parties: met,
        deeds: 0,
        questions: 0,
        disputes: HashMap::new(),
    })
}
