//! The facts of persons as the guard reads them, and its answers for attempts as contact keeps them. Loaded
//! under the lock on the persons, in sets; judged in memory by `duly-compliance`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use duly_compliance::{
    self as compliance, AccountState, Against, Evaluation, Explanation, Facts, Medium, PointKind,
    PointState, Proposed, Purpose, Snapshot, Span, Zones,
};
use duly_domain::{
    AccountId, AttemptId, AttemptState, Channel, DebtClass, DisputeId, PartyId, PersonId, PointId,
    StopId,
};
use duly_platform::Tx;
use duly_standing::{EndKind, Standing};
use uuid::Uuid;

use crate::{
    config::Config,
    error::Result,
    store::{
        attempt::{self, Attempt, Conveyed},
        dispute::{self, Dispute},
        person,
        point::{self, Kind, Known},
        stop::{self, Stop},
    },
};

/// How far back the guard reads attempts.
const LOOK_BACK: TimeDelta = TimeDelta::days(32);

/// The template that the guard knows for a validation notice.
const VALIDATION_NOTICE: &str = "validation_notice";

/// What is known of some persons and of the accounts that they owe.
pub(crate) struct People {
    /// Which person each party is.
    pub who: BTreeMap<Uuid, Uuid>,
    /// Accounts that are known, as they stand today.
    pub standings: BTreeMap<Uuid, Standing>,
    persons: BTreeMap<Uuid, Person>,
}

/// One person's facts, and the numbers and addresses behind its points.
pub(crate) struct Person {
    facts: Facts,
    /// Which id stands for a number or address in the facts.
    named: BTreeMap<(Kind, String), PointId>,
    /// Of each party, best known first.
    points: Vec<Known>,
}

/// What to judge: an attempt of a party on an account.
pub(crate) struct Ask<'a> {
    pub party: Uuid,
    pub account: Uuid,
    pub channel: Channel,
    /// The number or address to use; `None`: the best that is known.
    pub target: Option<&'a str>,
    /// The letter's template, or the strategy's step.
    pub step: &'a str,
}

impl<'a> Ask<'a> {
    /// What an attempt asks.
    pub(crate) fn of(attempt: &'a Attempt) -> Self {
        Self {
            party: attempt.party,
            account: attempt.account,
            channel: attempt.channel,
            // A call's number is chosen anew each time: what was best may have turned out bad.
            target: attempt.letter.and(attempt.target.as_deref()),
            step: &attempt.step,
        }
    }
}

/// An answer of the guard for one number or address.
pub(crate) struct Judged {
    pub target: Option<String>,
    pub evaluation: Evaluation,
    pub proposed: Proposed,
}

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
    let points = point::of_parties(conn, &parties).await?;
    let stops = stop::standing(conn, &parties).await?;
    let disputes = dispute::open(conn, &accounts).await?;
    let mut attempts = attempt::history(conn, &parties, since).await?;
    let conveyed = attempt::first_conveyed(conn, &parties).await?;
    attempts.sort_by_key(made_at);

    let mut people = People {
        persons: persons
            .iter()
            .map(|id| {
                let facts = Facts::new(PersonId::from_uuid(*id), policy);
                (*id, Person { facts, named: BTreeMap::new(), points: Vec::new() })
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
        people.add_account(party, account, &conveyed);
    }
    for attempt in &attempts {
        if let Some(person) = people.person_mut(attempt.party) {
            person.add_attempt(attempt);
        }
    }
    for stop in &stops {
        if let Some(person) = people.person_mut(stop.party) {
            person.add_stop(stop);
        }
    }
    for dispute in &disputes {
        people.add_dispute(dispute);
    }
    Ok(people)
}

/// When an attempt was made; as long as it is only authorised, when it was.
fn made_at(attempt: &Attempt) -> DateTime<Utc> {
    attempt.concluded_at.or(attempt.authorized_at).unwrap_or(attempt.planned_at)
}

impl People {
    fn person_mut(&mut self, party: Uuid) -> Option<&mut Person> {
        self.persons.get_mut(self.who.get(&party)?)
    }

    /// The person that a party is.
    pub(crate) fn person(&self, party: Uuid) -> Option<&Person> {
        self.persons.get(self.who.get(&party)?)
    }

    /// An attempt was permitted: it counts for those judged after it.
    pub(crate) fn permitted(&mut self, attempt: &Attempt) {
        if let Some(person) = self.person_mut(attempt.party) {
            person.add_attempt(attempt);
        }
    }

    fn add_account(&mut self, party: Uuid, account: Uuid, conveyed: &[Conveyed]) {
        let Some(standing) = self.standings.get(&account) else { return };
        // One that is not liable on the current opening has no row: the guard then holds.
        let Some(liable) = standing.party(party) else { return };
        let first = conveyed.iter().find(|row| row.account == account && row.party == party);
        let row = compliance::Account {
            state: state(standing),
            first_spoken_at: first.and_then(|row| row.spoken_at),
            first_written_at: first.and_then(|row| row.written_at),
            ..compliance::Account::new(
                AccountId::from_uuid(account),
                PartyId::from_uuid(party),
                liable.kind,
                liable.role,
                standing.debt_class,
            )
        };
        if let Some(person) = self.person_mut(party) {
            person.facts.accounts.push(row);
        }
    }

    fn add_dispute(&mut self, dispute: &Dispute) {
        let Some(standing) = self.standings.get(&dispute.account) else { return };
        if standing.opening != dispute.opening {
            return;
        }
        let whole =
            dispute.whole() || (dispute.pauses && standing.debt_class == DebtClass::Commercial);
        let fact = compliance::Dispute {
            id: DisputeId::from_uuid(dispute.id),
            account: AccountId::from_uuid(dispute.account),
            extent: if whole {
                compliance::DisputeExtent::Whole
            } else {
                compliance::DisputeExtent::Part
            },
            // Whether it came in writing and in time is not recorded yet: the guard holds.
            form: compliance::DisputeForm::Unknown,
            from: dispute.opened_at,
            until: None,
        };
        let parties: BTreeSet<Uuid> =
            standing.parties.iter().filter_map(|party| self.who.get(&party.id).copied()).collect();
        for person in parties {
            if let Some(person) = self.persons.get_mut(&person) {
                person.facts.disputes.push(fact);
            }
        }
    }
}

/// How the guard calls what an account's standing is.
fn state(standing: &Standing) -> AccountState {
    match standing.ended.map(|end| end.kind) {
        Some(EndKind::Recalled) => AccountState::Recalled,
        Some(EndKind::Closed) => AccountState::Closed,
        None if standing.settled => AccountState::Settled,
        None if !standing.balance.is_positive() => AccountState::NoBalance,
        None if standing.held.is_some() => AccountState::Held,
        None => AccountState::Workable,
    }
}

/// What a point of a channel is.
pub(crate) fn kind_for(channel: Channel) -> Kind {
    match channel {
        Channel::Call | Channel::Text => Kind::Phone,
        Channel::Email => Kind::Email,
        Channel::Mail => Kind::Address,
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
            if let Some(known) = self.facts.points.iter_mut().find(|known| known.id == *id)
                && known.state == PointState::Usable
            {
                known.state = state;
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
            self.facts
                .points
                .push(compliance::Point { state, ..compliance::Point::new(id, kind, zones) });
            self.named.insert(key, id);
        }
        self.points.push(point);
    }

    fn add_attempt(&mut self, attempt: &Attempt) {
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
        self.facts.attempts.push(compliance::Attempt {
            point,
            counted,
            conversation,
            ..compliance::Attempt::new(id, account, attempt.channel.into(), at)
        });
    }

    fn add_stop(&mut self, stop: &Stop) {
        let point = match &stop.address {
            None => None,
            Some(address) => {
                let kinds = [Kind::Phone, Kind::Email, Kind::Address];
                let named = kinds.iter().find_map(|kind| self.named.get(&(*kind, address.clone())));
                // It names a number that we do not have: it stands once we have it.
                let Some(id) = named else { return };
                Some(*id)
            }
        };
        self.facts.stops.push(compliance::Stop {
            id: StopId::from_uuid(stop.id),
            kind: stop.kind,
            party: PartyId::from_uuid(stop.party),
            account: stop.account.map(AccountId::from_uuid),
            medium: stop.channel.map(Medium::from),
            point,
            from: stop.placed_at,
            until: stop.lifted_at,
        });
    }

    fn name(&self, channel: Channel, target: String) -> Option<PointId> {
        self.named.get(&(kind_for(channel), target)).copied()
    }

    /// Where the person may be, by everything that is usable.
    pub(crate) fn zones(&self) -> Vec<duly_domain::Zone> {
        let mut zones = Vec::new();
        for point in &self.facts.points {
            if let (Zones::In(all), true) = (&point.zones, point.state != PointState::Wrong) {
                zones.extend(all.iter().copied());
            }
        }
        zones.sort_by_key(|zone| zone.name());
        zones.dedup();
        zones
    }

    /// How many points of a kind a party has that are not known to be bad.
    pub(crate) fn usable(&self, party: Uuid, kind: Kind) -> usize {
        let usable = |point: &&Known| {
            point.party == party && point.kind == kind && point.bad_reason.is_none()
        };
        self.points.iter().filter(usable).count()
    }

    /// Judges an attempt over a span: by the number or address asked for, else by the best known one
    /// that may be used at `at`, else by the best known one.
    pub(crate) fn judge(&self, ask: &Ask<'_>, span: Span, at: DateTime<Utc>) -> Judged {
        let kind = kind_for(ask.channel);
        let targets: Vec<String> = match ask.target {
            Some(target) => vec![target.to_owned()],
            None => {
                let known = self.points.iter().filter(|point| {
                    point.party == ask.party && point.kind == kind && point.bad_reason.is_none()
                });
                known.map(|point| point.value.clone()).collect()
            }
        };
        let mut first = None;
        for target in targets {
            let point = self.name(ask.channel, target.clone());
            let judged = self.judge_point(ask, span, Some(target), point);
            if judged.evaluation.permits(at) {
                return judged;
            }
            first.get_or_insert(judged);
        }
        first.unwrap_or_else(|| self.judge_point(ask, span, None, None))
    }

    fn judge_point(
        &self,
        ask: &Ask<'_>,
        span: Span,
        target: Option<String>,
        point: Option<PointId>,
    ) -> Judged {
        let purpose = if ask.step == VALIDATION_NOTICE {
            Purpose::ValidationNotice
        } else {
            Purpose::Collect
        };
        let (party, account) = (PartyId::from_uuid(ask.party), AccountId::from_uuid(ask.account));
        let proposed = Proposed::collect(party, account, ask.channel, point).with_purpose(purpose);
        let evaluation = compliance::evaluate(&self.facts, &proposed, span);
        Judged { target, evaluation, proposed }
    }

    /// What stands against a permitted attempt by now: a stop, a dispute or the account's standing.
    pub(crate) fn against(&self, attempt: &Attempt, now: DateTime<Utc>) -> Option<&'static str> {
        let span = Span::new(now, now + TimeDelta::seconds(1));
        let ask = Ask { target: attempt.target.as_deref(), ..Ask::of(attempt) };
        let judged = self.judge(&ask, span, now);
        let said = judged.evaluation.decide(now).reasons;
        said.iter().find_map(|blocked| {
            Some(match blocked.evidence.against()? {
                Against::Stop => "stop",
                Against::Dispute => "dispute",
                Against::Account => "account",
            })
        })
    }

    /// What a decision keeps of the facts.
    pub(crate) fn snapshot(&self, judged: &Judged, at: DateTime<Utc>) -> Result<serde_json::Value> {
        let snapshot = Snapshot::of(&self.facts, &judged.proposed, &judged.evaluation, at);
        Ok(serde_json::to_value(snapshot)?)
    }
}

impl Judged {
    /// The answer at an instant, in words.
    pub(crate) fn explain(&self, at: DateTime<Utc>) -> Explanation {
        self.evaluation.explain(at)
    }
}

/// Whether an attempt may be decided on at all: only what is planned.
pub(crate) fn is_planned(attempt: &Attempt) -> bool {
    attempt.state == AttemptState::Planned
}
