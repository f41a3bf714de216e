//! The facts of persons as the guard reads them, and its answers for attempts as contact keeps them. Loaded
//! under the lock on the persons, in sets; judged in memory by `duly-compliance`.

mod account;
mod ahead;
mod gather;
mod owed;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use duly_compliance::{
    self as compliance, Against, Evaluation, Explanation, Facts, PointState, Proposed, Purpose,
    Snapshot, Span, Zones, duties::history::Sign,
};
use duly_domain::{AccountId, AttemptState, Channel, PartyId, PointId};
use duly_standing::Standing;
use uuid::Uuid;

use crate::{
    error::Result,
    store::{
        attempt::Attempt,
        point::{Kind, Known},
    },
};

pub(crate) use ahead::Piece;
pub(crate) use gather::load;
pub(crate) use owed::{Owed, load_past};

/// The template that the guard knows for a validation notice.
pub(crate) const VALIDATION_NOTICE: &str = "validation_notice";

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
    /// What came in, in the order of the facts.
    inbound: Vec<Came>,
    /// At which party and account facts arose.
    origins: Vec<Origin>,
}

/// At which party and account a fact arose. The guard's facts are the person's; an obligation that one of
/// them opens is shown where it arose, so that no client learns of another's.
#[derive(Debug, Clone, Copy)]
struct Origin {
    sign: Sign,
    at: DateTime<Utc>,
    /// `None`: everyone who owes the account.
    party: Option<Uuid>,
    account: Option<Uuid>,
}

/// What came in, as far as its answer goes.
struct Came {
    id: Uuid,
    answered_by: Option<Uuid>,
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
    /// What came in that it is the one answer to.
    pub answers: Option<Uuid>,
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
            answers: None,
        }
    }
}

/// An answer of the guard for one number or address.
pub(crate) struct Judged {
    pub target: Option<String>,
    pub evaluation: Evaluation,
    pub proposed: Proposed,
    /// The facts that were judged, where they are not the person's as they stand.
    facts: Option<Facts>,
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
        let (facts, proposed) = match ask.answers {
            None => (None, proposed),
            Some(inbound) => (Some(self.answering(inbound)), proposed.as_response()),
        };
        let known = facts.as_ref().unwrap_or(&self.facts);
        let evaluation = compliance::evaluate(known, &proposed, span);
        Judged { target, evaluation, proposed, facts }
    }

    /// The facts for the answer to one that came in: that one has no other, and no other is answered.
    fn answering(&self, inbound: Uuid) -> Facts {
        let mut facts = self.facts.clone();
        for (fact, came) in facts.inbound.iter_mut().zip(&self.inbound) {
            fact.answered = came.id != inbound;
        }
        facts
    }

    /// What stands against a permitted attempt by now: a stop, a dispute or the account's standing.
    pub(crate) fn against(&self, attempt: &Attempt, now: DateTime<Utc>) -> Option<&'static str> {
        let span = Span::new(now, now + TimeDelta::seconds(1));
        let answers = self.inbound.iter().find(|came| came.answered_by == Some(attempt.id));
        let answers = answers.map(|came| came.id);
        let ask = Ask { target: attempt.target.as_deref(), answers, ..Ask::of(attempt) };
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
        let facts = judged.facts.as_ref().unwrap_or(&self.facts);
        let snapshot = Snapshot::of(facts, &judged.proposed, &judged.evaluation, at);
        Ok(serde_json::to_value(snapshot)?)
    }
}

impl Judged {
    /// When it will not be permitted any more, where it is permitted at an instant: the next stretch that is
    /// shut in the time that was judged.
    pub(crate) fn permitted_until(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let shut = self.evaluation.blocked().into_iter().map(|blocked| blocked.span.from);
        shut.filter(|from| *from > at).min()
    }

    /// The answer at an instant, in words.
    pub(crate) fn explain(&self, at: DateTime<Utc>) -> Explanation {
        self.evaluation.explain(at)
    }
}

/// Whether an attempt may be decided on at all: only what is planned.
pub(crate) fn is_planned(attempt: &Attempt) -> bool {
    attempt.state == AttemptState::Planned
}
