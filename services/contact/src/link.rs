//! Who is one person: parties that share a phone number, an e-mail address or a national id, directly or
//! through others. A newly heard key joins or merges persons in the transaction that hears of it, under
//! locks on the keys; which persons there are in the end does not depend on the order of hearing.

use std::collections::{BTreeMap, BTreeSet};

use duly_platform::Tx;
use uuid::Uuid;

use crate::store::person::{self, Belongs, Key};

/// A party with exact keys that were heard.
pub(crate) struct Heard {
    pub party: Uuid,
    pub client: Uuid,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub national_id: Option<Vec<u8>>,
}

impl Heard {
    /// A party of which no key was heard yet.
    pub(crate) fn new(party: Uuid, client: Uuid) -> Self {
        Self { party, client, phones: Vec::new(), emails: Vec::new(), national_id: None }
    }

    fn keys(&self, tx: &Tx) -> Vec<Vec<u8>> {
        let sealer = tx.host().sealer();
        let phones = self.phones.iter().map(|phone| sealer.lookup("link.phone", phone).to_vec());
        let emails = self
            .emails
            .iter()
            .map(|email| sealer.lookup("link.email", &email.to_lowercase()).to_vec());
        // A look-up already: only intake saw the number.
        phones.chain(emails).chain(self.national_id.clone()).collect()
    }
}

/// Lets nobody else come to be known by a number or e-mail address until the commit.
pub(crate) async fn lock_address(tx: &mut Tx, address: &str) -> sqlx::Result<()> {
    let purpose = if address.contains('@') { "link.email" } else { "link.phone" };
    let lookup = tx.host().sealer().lookup(purpose, address).to_vec();
    let schema = tx.host().schema().to_owned();
    person::lock_keys(tx.conn(), &schema, &[lookup]).await
}

/// Joins these parties to the persons that they are. Every person concerned is locked afterwards.
pub(crate) async fn join(tx: &mut Tx, heard: &[Heard]) -> sqlx::Result<()> {
    let keys: Vec<Key> = heard
        .iter()
        .flat_map(|one| {
            let (party, client) = (one.party, one.client);
            one.keys(tx).into_iter().map(move |lookup| Key { lookup, party, client })
        })
        .collect();
    let lookups: Vec<Vec<u8>> =
        keys.iter().map(|key| key.lookup.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let schema = tx.host().schema().to_owned();
    person::lock_keys(tx.conn(), &schema, &lookups).await?;
    person::keep_keys(tx.conn(), &keys).await?;
    let sharing = person::sharing(tx.conn(), &lookups).await?;
    let parties: BTreeSet<Uuid> =
        sharing.iter().map(|(_, party)| *party).chain(heard.iter().map(|one| one.party)).collect();
    let parties: Vec<Uuid> = parties.into_iter().collect();
    let known = person::lock(tx.conn(), &parties).await?;

    let mut groups = Groups::default();
    // A party that was set apart shares a key and is not linked by it.
    for (lookup, party) in &sharing {
        groups.join(&Node::Party(*party), &Node::Key(lookup.clone()));
    }
    for (party, person) in &known {
        groups.join(&Node::Party(*party), &Node::Person(*person));
    }
    for one in heard {
        groups.root(&Node::Party(one.party));
    }
    write(tx, heard, &known, &groups.all()).await
}

async fn write(
    tx: &mut Tx,
    heard: &[Heard],
    known: &BTreeMap<Uuid, Uuid>,
    groups: &[BTreeSet<Node>],
) -> sqlx::Result<()> {
    let clients: BTreeMap<Uuid, Uuid> = heard.iter().map(|one| (one.party, one.client)).collect();
    let (mut made, mut belong, mut merged) = (Vec::new(), Vec::new(), Vec::new());
    for group in groups {
        let mut persons = group.iter().filter_map(Node::person);
        let winner = persons.next().unwrap_or_else(|| {
            let person = tx.uuid();
            made.push(person);
            person
        });
        merged.extend(persons.map(|loser| (loser, winner)));
        for party in group.iter().filter_map(Node::party).filter(|party| !known.contains_key(party))
        {
            // Whoever has a key and is no person yet is among those heard: keys and persons are
            // written together.
            if let Some(client) = clients.get(&party) {
                belong.push(Belongs { party, client: *client, person: winner });
            }
        }
    }
    person::insert(tx.conn(), &made).await?;
    person::insert_parties(tx.conn(), &belong).await?;
    person::merge(tx.conn(), &merged).await
}

/// What hangs together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Person(Uuid),
    Party(Uuid),
    Key(Vec<u8>),
}

impl Node {
    fn person(&self) -> Option<Uuid> {
        match self {
            Self::Person(id) => Some(*id),
            Self::Party(_) | Self::Key(_) => None,
        }
    }

    fn party(&self) -> Option<Uuid> {
        match self {
            Self::Party(id) => Some(*id),
            Self::Person(_) | Self::Key(_) => None,
        }
    }
}

/// Disjoint sets.
#[derive(Default)]
struct Groups {
    parents: BTreeMap<Node, Node>,
}

impl Groups {
    fn root(&mut self, node: &Node) -> Node {
        let mut at = node.clone();
        loop {
            let parent = self.parents.entry(at.clone()).or_insert_with(|| at.clone()).clone();
            if parent == at {
                break;
            }
            at = parent;
        }
        self.parents.insert(node.clone(), at.clone());
        at
    }

    fn join(&mut self, one: &Node, other: &Node) {
        let (one, other) = (self.root(one), self.root(other));
        if one != other {
            let (low, high) = if one < other { (one, other) } else { (other, one) };
            self.parents.insert(high, low);
        }
    }

    fn all(mut self) -> Vec<BTreeSet<Node>> {
        let nodes: Vec<Node> = self.parents.keys().cloned().collect();
        let mut groups: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
        for node in nodes {
            let root = self.root(&node);
            groups.entry(root).or_default().insert(node);
        }
        groups.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn partition(pairs: &[(u128, u8)]) -> Vec<BTreeSet<Node>> {
        let mut groups = Groups::default();
        for (party, key) in pairs {
            groups.join(&Node::Party(Uuid::from_u128(*party)), &Node::Key(vec![*key]));
        }
        groups.all()
    }

    proptest! {
        #[test]
        fn the_order_of_hearing_changes_nothing(
            pairs in proptest::collection::vec((0u128..20, 0u8..20), 0..60)
                .prop_flat_map(|pairs| (Just(pairs.clone()), Just(pairs).prop_shuffle())),
        ) {
            prop_assert_eq!(partition(&pairs.0), partition(&pairs.1));
        }
    }

    #[test]
    fn a_shared_key_makes_one_group_of_two() {
        assert_eq!(partition(&[(1, 1), (2, 2)]).len(), 2);
        assert_eq!(partition(&[(1, 1), (2, 2), (3, 1), (3, 2)]).len(), 1);
    }
}
