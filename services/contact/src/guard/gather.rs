//! Gathers the facts of persons from what contact keeps: one set of queries for all of them, then each
//! fact to the persons whom it is about.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use duly_compliance::{
    self as compliance, Facts, Initiator, LineType, Medium, PointKind, PointState, Region, Zones,
    duties::history::Sign,
};
use duly_domain::{AccountId, AttemptId, DebtClass, DisputeId, PartyId, PersonId, PointId, StopId};
use duly_platform::Tx;
use duly_standing::Standing;
use uuid::Uuid;

use super::{Came, Origin, People, Person, account};
use crate::{
    config::Config,
    error::Result,
    policy::Policy,
    store::{
        attempt::{self, Attempt},
        claim, complaint,
        consent::{self, Consent},
        dated_fact::{self, DatedFact},
        designation::{self, Designation},
        dispute::{self, Dispute},
        inbound::{self, Inbound},
        person,
        point::{self, Kind, Known},
        stop::{self, Stop},
    },
};

/// How far back the guard reads attempts.
const LOOK_BACK: TimeDelta = TimeDelta::days(32);

/// Loads everything about the persons of these parties. The caller holds their locks where it writes.
pub(crate) async fn load(tx: &mut Tx, parties: &[Uuid]) -> Result<People> {
    let today = tx.today();
    let since = tx.now() - LOOK_BACK;
    let policy = tx.host().state::<Config>().policy(tx.host().zone());
    let conn = tx.conn();
    let who = person::of_parties(conn, parties).await?;
    let persons: Vec<Uuid> = who.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let kin = person::parties(conn, &persons).await?;
    let who: BTreeMap<Uuid, Uuid> = kin.iter().map(|(person, party)| (*party, *person)).collect();
    let parties: Vec<Uuid> = who.keys().copied().collect();
    let liable = duly_standing::load_for_parties(conn, &parties).await?;
    let accounts: Vec<Uuid> =
        liable.iter().map(|(_, account)| *account).collect::<BTreeSet<_>>().into_iter().collect();
    let standings = duly_standing::load(conn, &accounts, today).await?;
    let claims = claim::of_accounts(conn, &accounts).await?;
    let claims = claims.into_iter().map(|claim| ((claim.account, claim.opening), claim)).collect();
    let points = point::of_parties(conn, &parties).await?;
    let stops = stop::bearing(conn, &parties).await?;
    let disputes = dispute::open(conn, &accounts).await?;
    let complained = complaint::holding(conn, &accounts).await?;
    let consents = consent::of_parties(conn, &parties).await?;
    let designations = designation::standing(conn, &parties).await?;
    let came = inbound::of_parties(conn, &parties, since).await?;
    let dated = dated_fact::about(conn, &parties, &accounts).await?;
    let mut attempts = attempt::history(conn, &parties, since).await?;
    let conveyed = attempt::first_conveyed(conn, &parties).await?;
    attempts.sort_by_key(made_at);
    let known = account::Known { claims, conveyed, complained };

    let mut people = People {
        persons: persons
            .iter()
            .map(|id| {
                let facts = Facts::new(PersonId::from_uuid(*id), policy);
                let (named, points, inbound) = (BTreeMap::new(), Vec::new(), Vec::new());
                (*id, Person { facts, named, points, inbound, origins: Vec::new() })
            })
            .collect(),
        who,
        standings,
    };
    for point in points {
        if let Some(person) = people.person_mut(point.party) {
            person.add_point(point);
        }
    }
    for (party, account) in liable {
        people.add_account(party, account, &known);
    }
    // Before the attempts: it tells which of them are answers.
    for inbound in &came {
        if let Some(person) = inbound.from.and_then(|from| people.person_mut(from.party)) {
            person.add_inbound(inbound);
        }
    }
    for attempt in &attempts {
        if let Some(person) = people.person_mut(attempt.party) {
            person.add_attempt(attempt);
        }
    }
    for person in people.persons.values_mut() {
        person.facts.attempts.sort_by_key(|attempt| attempt.at);
    }
    for stop in &stops {
        if let Some(person) = people.person_mut(stop.party) {
            person.add_stop(stop);
        }
    }
    for consent in &consents {
        if let Some(person) = people.person_mut(consent.party) {
            person.add_consent(consent);
        }
    }
    for designation in &designations {
        if let Some(person) = people.person_mut(designation.party) {
            person.add_designation(designation);
        }
    }
    let now = tx.now();
    for dispute in &disputes {
        people.add_dispute(dispute, now);
    }
    for fact in &dated {
        people.add_dated(fact);
    }
    people.bind(tx.host().state::<Config>().limits());
    Ok(people)
}

/// When an attempt was made; as long as it is only authorised, when it was.
fn made_at(attempt: &Attempt) -> DateTime<Utc> {
    attempt.concluded_at.or(attempt.authorized_at).unwrap_or(attempt.planned_at)
}

impl People {
    fn add_account(&mut self, party: Uuid, account: Uuid, known: &account::Known) {
        let Some(standing) = self.standings.get(&account) else { return };
        let Some(row) = known.row(standing, party) else { return };
        if let Some(person) = self.person_mut(party) {
            person.facts.accounts.push(row);
        }
    }

    fn add_dispute(&mut self, dispute: &Dispute, now: DateTime<Utc>) {
        let Some(standing) = self.standings.get(&dispute.account) else { return };
        let until = dispute.ended_at();
        if standing.opening != dispute.opening || until.is_some_and(|until| until <= now) {
            return;
        }
        let fact = dispute_fact(dispute, standing);
        for person in self.who_owe(dispute.account) {
            if let Some(person) = self.persons.get_mut(&person) {
                person.facts.disputes.push(fact);
            }
        }
    }

    /// The persons of those who owe an account.
    pub(super) fn who_owe(&self, account: Uuid) -> BTreeSet<Uuid> {
        let parties = self.standings.get(&account).map(|standing| standing.parties.iter());
        parties.into_iter().flatten().filter_map(|party| self.who.get(&party.id).copied()).collect()
    }

    /// The limits and licences that concern each person.
    fn bind(&mut self, policy: &Policy) {
        for person in self.persons.values_mut() {
            let owed = person.facts.accounts.iter().filter_map(|row| {
                let standing = self.standings.get(&row.id.uuid())?;
                Some((row.id, standing.client_ref.as_str()))
            });
            person.facts.limits = policy.limits(&owed.collect());
            let points = person.facts.points.iter();
            let regions: Vec<Region> = points.filter_map(|point| point.region).collect();
            person.facts.licences = policy.licences(&regions);
        }
    }

    fn add_dated(&mut self, fact: &DatedFact) {
        let persons = match (fact.party, fact.account) {
            (Some(party), _) => self.who.get(&party).copied().into_iter().collect(),
            (None, Some(account)) => self.who_owe(account),
            (None, None) => BTreeSet::new(),
        };
        for person in persons {
            if let Some(person) = self.persons.get_mut(&person) {
                person.add_dated(fact);
            }
        }
    }
}

/// A dispute as the guard reads it.
pub(super) fn dispute_fact(dispute: &Dispute, standing: &Standing) -> compliance::Dispute {
    let whole = dispute.whole() || (dispute.pauses && standing.debt_class == DebtClass::Commercial);
    compliance::Dispute {
        id: DisputeId::from_uuid(dispute.id),
        account: AccountId::from_uuid(dispute.account),
        extent: if whole {
            compliance::DisputeExtent::Whole
        } else {
            compliance::DisputeExtent::Part
        },
        form: dispute.form(),
        from: dispute.received_at,
        until: dispute.ended_at(),
    }
}

impl Person {
    fn add_point(&mut self, point: Known) {
        let state = match point.bad_reason.as_deref() {
            None => PointState::Usable,
            Some("wrong_number") => PointState::Wrong,
            Some(_) => PointState::Undeliverable,
        };
        let key = (point.kind, point.value.clone());
        if let Some(id) = self.named.get(&key) {
            // Bad for one of the person's parties is bad for the person.
            if let Some(known) = self.facts.points.iter_mut().find(|known| known.id == *id) {
                if known.state == PointState::Usable {
                    known.state = state;
                }
                // What is known for one of the parties is known.
                known.place = known.place.or(point.place);
                known.of_employer = known.of_employer.or(point.of_employer);
                if known.line == LineType::Unknown {
                    known.line = point.line;
                }
            }
        } else {
            let id = PointId::from_uuid(point.id);
            let (kind, zones) = match point.kind {
                Kind::Phone => (PointKind::Phone, compliance::zones::of_phone(&point.value)),
                Kind::Email => (PointKind::Email, Zones::NoSignal),
                Kind::Address => {
                    let at = point.address.as_ref().map(|at| {
                        compliance::zones::of_address(&at.country, &at.region, &at.postal_code)
                    });
                    (PointKind::Address, at.unwrap_or(Zones::Unknown))
                }
            };
            self.facts.points.push(compliance::Point {
                state,
                region: region(&point),
                public_domain: public_domain(&point),
                place: point.place,
                line: point.line,
                of_employer: point.of_employer,
                ..compliance::Point::new(id, kind, zones)
            });
            self.named.insert(key, id);
        }
        self.points.push(point);
    }

    pub(super) fn add_attempt(&mut self, attempt: &Attempt) {
        let point = attempt.target.clone().and_then(|target| self.name(attempt.channel, target));
        let at = made_at(attempt);
        let (counted, conversation) = match attempt.disposition {
            // Permitted, not concluded: it counts, or a cap could be raced.
            None => (true, false),
            Some(disposition) => {
                let conversation =
                    compliance::counts(attempt.channel, disposition, at).conversation;
                (attempt.counted, conversation)
            }
        };
        let (id, account) =
            (AttemptId::from_uuid(attempt.id), AccountId::from_uuid(attempt.account));
        let answer = self.inbound.iter().any(|came| came.answered_by == Some(attempt.id));
        self.facts.attempts.push(compliance::Attempt {
            point,
            counted,
            conversation,
            initiator: if answer { Initiator::Debtor } else { Initiator::Agency },
            ..compliance::Attempt::new(id, account, attempt.channel.into(), at)
        });
    }

    fn add_stop(&mut self, stop: &Stop) {
        let Some(point) = self.point_of(stop.address.as_deref()) else { return };
        let sign = Sign::Stopped(stop.kind);
        self.arose(sign, stop.received_at, Some(stop.party), stop.account);
        self.facts.stops.push(compliance::Stop {
            id: StopId::from_uuid(stop.id),
            kind: stop.kind,
            party: PartyId::from_uuid(stop.party),
            account: stop.account.map(AccountId::from_uuid),
            medium: stop.channel.map(Medium::from),
            point,
            from: stop.received_at,
            until: stop.lifted_at,
        });
    }

    /// The point that an instruction names; `Some(None)`: it names none. `None`: one that we do not have;
    /// it means something once we have it.
    #[expect(clippy::option_option, reason = "no point named and no such point are two things")]
    fn point_of(&self, address: Option<&str>) -> Option<Option<PointId>> {
        let Some(address) = address else { return Some(None) };
        let kinds = [Kind::Phone, Kind::Email, Kind::Address];
        let named = kinds.iter().find_map(|kind| self.named.get(&(*kind, address.to_owned())));
        named.map(|id| Some(*id))
    }

    fn add_inbound(&mut self, inbound: &Inbound) {
        let point = self.point_of(inbound.address.as_deref()).flatten();
        let account = inbound.from.and_then(|from| from.account).map(AccountId::from_uuid);
        let from = inbound.from.map(|from| from.party);
        let of = inbound.from.and_then(|from| from.account);
        for sign in [Sign::Texted, Sign::WroteAndRead, Sign::WroteUnread] {
            self.arose(sign, inbound.received_at, from, of);
        }
        self.facts.inbound.push(compliance::Inbound {
            point,
            account,
            read: inbound.read_at.is_some(),
            answered: inbound.answered_by.is_some(),
            ..compliance::Inbound::new(inbound.medium, inbound.received_at)
        });
        self.inbound.push(Came { id: inbound.id, answered_by: inbound.answered_by });
        if let Some(account) = account.filter(|_| inbound.conversation) {
            // Whoever began it, a conversation is one: 12 CFR 1006, comment 14(b)(2)(i)-1.
            let id = AttemptId::from_uuid(inbound.id);
            self.facts.attempts.push(compliance::Attempt {
                point,
                initiator: Initiator::Debtor,
                counted: false,
                conversation: true,
                ..compliance::Attempt::new(id, account, inbound.medium, inbound.received_at)
            });
        }
    }

    fn add_consent(&mut self, consent: &Consent) {
        let Some(point) = self.point_of(consent.address.as_deref()) else { return };
        let (party, of) = (Some(consent.party), consent.account);
        self.arose(Sign::Consented(consent.what), consent.given_at, party, of);
        if let Some(at) = consent.withdrawn_at {
            self.arose(Sign::Withdrew(consent.what), at, party, of);
        }
        self.facts.consents.push(compliance::Consent {
            what: consent.what,
            given_to: consent.given_to,
            account: consent.account.map(AccountId::from_uuid),
            medium: consent.medium,
            point,
            from: consent.given_at,
            until: consent.until,
            withdrawn_at: consent.withdrawn_at,
        });
    }

    fn add_designation(&mut self, designation: &Designation) {
        let Some(point) = self.point_of(designation.address.as_deref()) else { return };
        for sign in [Sign::Designated, Sign::WorkBanOral] {
            self.arose(sign, designation.received_at, Some(designation.party), None);
        }
        self.facts.designations.push(compliance::Designation {
            kind: designation.kind,
            medium: designation.medium,
            point,
            from: designation.received_at,
            until: designation.lifted_at,
            oral: designation.oral,
        });
    }

    /// Keeps at which party and account a fact arose.
    pub(super) fn arose(
        &mut self,
        sign: Sign,
        at: DateTime<Utc>,
        party: Option<Uuid>,
        account: Option<Uuid>,
    ) {
        self.origins.push(Origin { sign, at, party, account });
    }

    fn add_dated(&mut self, fact: &DatedFact) {
        let Some(point) = self.point_of(fact.address.as_deref()) else { return };
        self.arose(Sign::Told(fact.kind), fact.at, fact.party, fact.account);
        self.facts.events.push(compliance::Event {
            account: fact.account.map(AccountId::from_uuid),
            party: fact.party.map(PartyId::from_uuid),
            point,
            medium: fact.medium,
            on: fact.stated_on,
            ..compliance::Event::new(fact.kind, fact.at)
        });
    }
}

/// The state, and the city with rules of its own, that a number or address says the person may be in.
fn region(point: &Known) -> Option<Region> {
    match point.kind {
        Kind::Phone => compliance::region::of_phone(&point.value),
        Kind::Email => None,
        Kind::Address => {
            let at = point.address.as_ref()?;
            compliance::region::of_address(&at.country, &at.region, &at.postal_code, &at.city)
        }
    }
}

/// Whether anybody can have an address at an e-mail address's domain; `None`: not known.
fn public_domain(point: &Known) -> Option<bool> {
    let (_, domain) = point.value.rsplit_once('@').filter(|_| point.kind == Kind::Email)?;
    compliance::path::domain::public_domain(domain, &[])
}
