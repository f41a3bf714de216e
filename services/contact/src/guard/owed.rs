//! What is owed about persons: the guard's duties, read from the same facts with those that have ended,
//! and each shown at the party and account at which it arose.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use duly_compliance::{
    DisputeForm, Event, EventKind,
    duties::{Kind, Obligation, Per, due, history::Sign},
};
use duly_domain::{AccountId, EventId, PartyId, PointId};
use duly_platform::Tx;
use uuid::Uuid;

use super::{Origin, People, Person, gather};
use crate::{
    error::Result,
    store::{
        complaint::{self, Complaint},
        dispute::{self, Dispute},
        obligation,
    },
};

/// An obligation with whom it is kept for.
#[derive(Debug)]
pub(crate) struct Owed {
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub party: Uuid,
    /// The number or address that it concerns.
    pub address: Option<String>,
    /// Tells apart those that are the same in every other respect.
    pub ordinal: i32,
    pub obligation: Obligation,
}

/// Loads what [`gather::load`] does, with what no rule blocks by any more and duties are met by: disputes
/// that ended, complaints, and that accounts ended.
pub(crate) async fn load_past(tx: &mut Tx, parties: &[Uuid]) -> Result<People> {
    let mut people = gather::load(tx, parties).await?;
    let accounts: Vec<Uuid> = people.standings.keys().copied().collect();
    let disputes = dispute::of_accounts(tx.conn(), &accounts).await?;
    let complaints = complaint::of_accounts(tx.conn(), &accounts).await?;
    let ends = obligation::ends_of(tx.conn(), &accounts).await?;
    for person in people.persons.values_mut() {
        person.facts.disputes.clear();
    }
    for dispute in &disputes {
        people.add_past_dispute(dispute);
    }
    for complaint in &complaints {
        people.add_complaint(complaint);
    }
    for (account, at) in ends {
        // Whatever had to come before the debt is collected further has nothing to come before.
        let ended = Event::new(EventKind::CollectionEnded, at).about(AccountId::from_uuid(account));
        people.add_event(None, Some(account), ended);
    }
    for person in people.persons.values_mut() {
        person.facts.events.sort_by_key(|event| event.at);
    }
    Ok(people)
}

impl People {
    fn add_past_dispute(&mut self, dispute: &Dispute) {
        let Some(standing) = self.standings.get(&dispute.account) else { return };
        let fact = gather::dispute_fact(dispute, standing);
        let sign = match fact.form {
            DisputeForm::TimelyWritten => Sign::DisputedTimely,
            DisputeForm::Other => Sign::DisputedOther,
            DisputeForm::Unknown => Sign::DisputedUnknown,
        };
        for person in self.who_owe(dispute.account) {
            if let Some(person) = self.persons.get_mut(&person) {
                person.arose(sign, dispute.received_at, dispute.party, Some(dispute.account));
                person.facts.disputes.push(fact);
            }
        }
    }

    fn add_complaint(&mut self, complaint: &Complaint) {
        let told = [
            (EventKind::ComplaintReceived, Some(complaint.received_at)),
            (EventKind::ComplaintAcknowledged, complaint.acknowledged_at),
            (EventKind::ComplaintAnswered, complaint.answered_at),
        ];
        for (kind, at) in told {
            let Some(at) = at else { continue };
            let event = Event {
                account: complaint.account.map(AccountId::from_uuid),
                party: complaint.party.map(PartyId::from_uuid),
                ..Event::new(kind, at).in_matter(EventId::from_uuid(complaint.id))
            };
            self.add_event(complaint.party, complaint.account, event);
        }
    }

    /// Adds what took place, to the party's person or to all who owe the account.
    fn add_event(&mut self, party: Option<Uuid>, account: Option<Uuid>, event: Event) {
        let persons = match (party, account) {
            (Some(party), _) => self.who.get(&party).copied().into_iter().collect(),
            (None, Some(account)) => self.who_owe(account),
            (None, None) => return,
        };
        for person in persons {
            if let Some(person) = self.persons.get_mut(&person) {
                person.arose(Sign::Told(event.kind), event.at, party, account);
                person.facts.events.push(event);
            }
        }
    }

    /// Every duty that facts told by this instant opened, and every timer or standing duty that was broken,
    /// as they stood then.
    pub(crate) fn owed(&self, as_of: DateTime<Utc>) -> Vec<Owed> {
        let mut all = Vec::new();
        for (id, person) in &self.persons {
            let mut alike: BTreeMap<_, i32> = BTreeMap::new();
            for obligation in due(&person.facts, as_of) {
                if obligation.duty.kind != Kind::Duty && !obligation.has_lapsed() {
                    continue;
                }
                let Some(mut owed) = self.attribute(*id, person, obligation) else { continue };
                let key = (
                    owed.party,
                    owed.account,
                    obligation.duty.code,
                    obligation.opened_at,
                    owed.address.clone(),
                );
                let count = alike.entry(key).or_default();
                owed.ordinal = *count;
                *count += 1;
                all.push(owed);
            }
        }
        all
    }

    /// At which party and account an obligation arose; `None` where it is another's to keep: what
    /// everyone who owes an account was told is kept once, for the first of them.
    pub(crate) fn attribute(&self, id: Uuid, person: &Person, owed: Obligation) -> Option<Owed> {
        let whom = owed.whom;
        let (about, row_party) = (whom.account.map(AccountId::uuid), whom.party.map(PartyId::uuid));
        let origin = self.origin(person, &owed);
        let (party, account) = match about {
            Some(account) => {
                let party = match origin.filter(|origin| origin.account == Some(account)) {
                    Some(origin) => self.liable(account, origin.party),
                    None => row_party.or_else(|| self.liable(account, None)),
                }?;
                if owed.duty.per == Per::Account && row_party != Some(party) {
                    return None;
                }
                (party, account)
            }
            None => match (origin.and_then(|o| o.party).or(row_party), origin) {
                (Some(party), origin) => {
                    let account = origin.and_then(|origin| origin.account);
                    (party, account.or_else(|| self.account_of(person, party))?)
                }
                (None, Some(Origin { account: Some(account), .. })) => {
                    (self.liable(*account, None)?, *account)
                }
                (None, _) => {
                    let code = owed.duty.code;
                    tracing::error!(code, "obligation {code} arose at no account that is known");
                    return None;
                }
            },
        };
        if self.who.get(&party) != Some(&id) {
            return None;
        }
        let standing = self.standings.get(&account)?;
        Some(Owed {
            client: standing.client,
            account,
            opening: standing.opening,
            party,
            address: whom.point.and_then(|point| person.value_of(point)),
            ordinal: 0,
            obligation: owed,
        })
    }

    /// The fact that opened it, as it arose; the first by the clients' references of facts alike.
    fn origin<'a>(&self, person: &'a Person, owed: &Obligation) -> Option<&'a Origin> {
        fn may_be<T: PartialEq + Copy>(one: Option<T>, other: Option<T>) -> bool {
            one.is_none() || other.is_none() || one == other
        }
        let (account, party) =
            (owed.whom.account.map(AccountId::uuid), owed.whom.party.map(PartyId::uuid));
        let fits = |origin: &&Origin| {
            origin.sign == owed.opened_by
                && Some(origin.at) == owed.opened_at
                && may_be(origin.account, account)
                && (owed.duty.per == Per::Account || may_be(origin.party, party))
        };
        person.origins.iter().filter(fits).min_by_key(|origin| {
            let account = origin.account.or_else(|| self.account_of(person, origin.party?));
            account.and_then(|account| self.refs(account)).map(|refs| (refs, origin.party))
        })
    }

    fn refs(&self, account: Uuid) -> Option<(&str, &str)> {
        let standing = self.standings.get(&account)?;
        Some((&standing.client_ref, &standing.client_account_ref))
    }

    /// The party where it is liable on an account; else the first that is.
    fn liable(&self, account: Uuid, party: Option<Uuid>) -> Option<Uuid> {
        let standing = self.standings.get(&account)?;
        let named = party.filter(|party| standing.party(*party).is_some());
        named.or_else(|| standing.parties.first().map(|party| party.id))
    }

    /// The account of a party, the first by its references.
    fn account_of(&self, person: &Person, party: Uuid) -> Option<Uuid> {
        let rows = person.facts.accounts.iter().filter(|row| row.party.uuid() == party);
        rows.map(|row| row.id.uuid()).min_by_key(|account| self.refs(*account))
    }

    /// The person's id and facts of a party.
    pub(crate) fn person_of(&self, party: Uuid) -> Option<(Uuid, &Person)> {
        let id = *self.who.get(&party)?;
        Some((id, self.persons.get(&id)?))
    }
}

impl Person {
    /// The number or address that a point of the facts stands for.
    fn value_of(&self, point: PointId) -> Option<String> {
        let named = self.named.iter().find(|(_, id)| **id == point);
        named.map(|((_, value), _)| value.clone())
    }
}
