//! The release tick: for the parties that are due, every plan of their persons whose time has come, or
//! whose facts have changed, is permitted, put off or refused, and calls that were not made in time are
//! concluded. The last thing before the carrier, under the locks on the persons: what was committed
//! before is seen, and what comes later waits and finds the attempt.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use duly_compliance::{Explanation, Reason, Span};
use duly_domain::{AttemptState, Disposition, Effect, Force, Verdict};
use duly_platform::{DueItem, Tx};
use duly_standing::Standing;
use uuid::Uuid;

use crate::{
    conclude_attempt,
    error::Result,
    guard::{self, Ask, Judged, People, Person},
    store::{
        attempt::{self, Attempt},
        decision::{self, Decision},
        inbound, person,
    },
    wire as to_wire,
};

/// Queue of parties about whom something is to be decided.
pub(crate) const QUEUE: &str = "release";

/// Marks the parties of these plans due when each is planned.
pub(crate) async fn mark_planned(
    tx: &mut Tx,
    plans: impl IntoIterator<Item = (Uuid, DateTime<Utc>)>,
) -> sqlx::Result<()> {
    let mut by_time: BTreeMap<DateTime<Utc>, Vec<Uuid>> = BTreeMap::new();
    for (party, at) in plans {
        by_time.entry(at).or_default().push(party);
    }
    for (at, parties) in by_time {
        tx.mark_due(QUEUE, &parties, at).await?;
    }
    Ok(())
}

/// What a set of decisions writes.
#[derive(Default)]
struct Writes {
    decisions: Vec<Decision>,
    changed: Vec<Attempt>,
    expired: Vec<Attempt>,
    marks: Vec<(Uuid, DateTime<Utc>)>,
}

/// Due work: decides.
pub(crate) async fn release_due(tx: &mut Tx, due: &[DueItem]) -> Result<()> {
    let now = tx.now();
    let parties: Vec<Uuid> = due.iter().map(|item| item.key).collect();
    person::lock(tx.conn(), &parties).await?;
    // All parties of the persons: what is decided must not depend on which of them are in this set.
    let parties = person::with_kin(tx.conn(), &parties).await?;
    let open = attempt::to_decide(tx.conn(), &parties, now).await?;
    if open.is_empty() {
        return Ok(());
    }
    let (plans, late): (Vec<Attempt>, Vec<Attempt>) = open.into_iter().partition(guard::is_planned);
    let mut writes = Writes::default();
    for attempt in late {
        writes.expired.push(conclude_attempt::ended(attempt, Disposition::NotMade, now));
    }
    // What was not made does not count for what is planned.
    attempt::concluded(tx.conn(), &writes.expired).await?;
    let expired: Vec<Uuid> = writes.expired.iter().map(|attempt| attempt.id).collect();
    inbound::unanswered(tx.conn(), &expired).await?;
    if plans.is_empty() {
        return write(tx, writes).await;
    }
    let owing: Vec<Uuid> =
        plans.iter().map(|plan| plan.party).collect::<BTreeSet<_>>().into_iter().collect();
    let mut people = guard::load(tx, &owing).await?;
    for plan in in_order(plans, &people.standings) {
        decide(tx, plan, &mut people, &mut writes)?;
    }
    write(tx, writes).await
}

/// By the clients' references and the place of the party: what is permitted first counts for the rest,
/// and which is first must not depend on ids or on arrival.
fn in_order(mut plans: Vec<Attempt>, standings: &BTreeMap<Uuid, Standing>) -> Vec<Attempt> {
    let key = |plan: &Attempt| {
        let standing = standings.get(&plan.account);
        let refs = standing
            .map(|standing| (standing.client_ref.clone(), standing.client_account_ref.clone()));
        let place = standing.and_then(|standing| standing.party(plan.party));
        (refs, place.map(|party| party.position), plan.channel, plan.step.clone(), plan.try_no)
    };
    plans.sort_by_cached_key(key);
    plans
}

fn decide(tx: &mut Tx, mut plan: Attempt, people: &mut People, writes: &mut Writes) -> Result<()> {
    let Some(standing) = people.standings.get(&plan.account) else { return Ok(()) };
    // Placed again, as we have not heard yet: it waits for that.
    if plan.opening > standing.opening {
        return Ok(());
    }
    let placed_again = plan.opening < standing.opening;
    let Some(person) = people.person(plan.party) else { return Ok(()) };
    let now = tx.now();
    let at = plan.planned_at.max(now);
    let until = plan.expires_at + TimeDelta::microseconds(1);
    let judged = person.judge(&Ask::of(&plan), Span::new(now, until.max(at)), at);
    let mut said = judged.explain(at);
    if placed_again {
        refuse_for(
            &mut said,
            "placed_again",
            "policy contract.placed_accounts",
            "the account was \
             closed and placed again since this was planned",
        );
    } else if at >= until {
        refuse_for(
            &mut said,
            "too_late",
            "policy strategy.expires",
            "the time in which the \
             strategy wanted it is over",
        );
    }
    let next = slot(tx, &judged, &said).filter(|next| *next <= plan.expires_at);
    match (said.verdict, next) {
        (Verdict::Allow, _) if at > now => {
            // It was only asked whether the plan still stands: it does.
            writes.changed.push(plan);
            return Ok(());
        }
        (Verdict::Allow, _) => permit(tx, &mut plan, &judged),
        (Verdict::Defer | Verdict::Refuse, Some(next)) if said.verdict == Verdict::Defer => {
            plan.planned_at = next;
            plan.why = first_sentence(&said);
            writes.marks.push((plan.party, next));
        }
        (Verdict::Defer | Verdict::Refuse, _) => {
            said.verdict = Verdict::Refuse;
            plan.state = AttemptState::Withdrawn;
            plan.why = first_sentence(&said);
            to_wire::tell_refused(tx, &plan, &said.reasons);
        }
    }
    let decision = keep(tx, &plan, person, &judged, said)?;
    plan.decision = Some(decision.id);
    writes.decisions.push(decision);
    if plan.state == AttemptState::Authorized {
        to_wire::tell_authorized(tx, &plan);
        if plan.letter.is_none() {
            let over = plan.valid_until.map(|until| tx.tick_at_or_after(until));
            writes.marks.extend(over.map(|over| (plan.party, over)));
        }
        people.permitted(&plan);
    }
    writes.changed.push(plan);
    Ok(())
}

/// The first tick at which it is permitted.
fn slot(tx: &Tx, judged: &Judged, said: &Explanation) -> Option<DateTime<Utc>> {
    let mut next = said.next_permitted_at?;
    loop {
        let tick = tx.tick_at_or_after(next);
        match judged.evaluation.next_permitted(tick)? {
            permitted if permitted == tick => return Some(tick),
            permitted => next = permitted,
        }
    }
}

fn first_sentence(said: &Explanation) -> String {
    said.reasons.first().map(|reason| reason.sentence.clone()).unwrap_or_default()
}

/// A reason of our own, before those of the guard.
fn refuse_for(said: &mut Explanation, rule: &'static str, authority: &'static str, sentence: &str) {
    said.verdict = Verdict::Refuse;
    said.next_permitted_at = None;
    let reason = Reason {
        rule: rule.into(),
        authority: authority.into(),
        force: Force::Policy,
        effect: Effect::Deny,
        sentence: sentence.to_owned(),
        until: None,
    };
    said.reasons.insert(0, reason);
}

/// Permits an attempt for two ticks from now on, and no longer than it is lawful: a call that may be made at
/// a quarter to nine is not offered at nine. Nor is one for which the time is over in which it was wanted.
pub(crate) fn permit(tx: &Tx, plan: &mut Attempt, judged: &Judged) {
    plan.state = AttemptState::Authorized;
    plan.target.clone_from(&judged.target);
    plan.authorized_at = Some(tx.now());
    let now = tx.now();
    let two_ticks = now + tx.host().ticks().every() * 2;
    let wanted = plan.treatment.filter(|_| plan.letter.is_none()).map(|_| plan.expires_at);
    let ends = [judged.permitted_until(now), wanted.filter(|until| *until > now)];
    plan.valid_until = ends.into_iter().flatten().chain([two_ticks]).min();
    plan.why = String::new();
}

/// The decision row of an answer about an attempt.
pub(crate) fn keep(
    tx: &mut Tx,
    plan: &Attempt,
    person: &Person,
    judged: &Judged,
    said: Explanation,
) -> Result<Decision> {
    Ok(Decision {
        id: tx.uuid(),
        client: plan.client,
        account: plan.account,
        opening: plan.opening,
        party: plan.party,
        attempt: Some(plan.id),
        channel: plan.channel,
        decided_at: tx.now(),
        about_at: said.at,
        verdict: said.verdict,
        facts: person.snapshot(judged, said.at)?,
        said: to_wire::said(&judged.explain(said.at))?,
        reasons: if said.verdict == Verdict::Allow { Vec::new() } else { said.reasons },
        next_permitted_at: said.next_permitted_at,
        requires: said.requires.iter().map(ToString::to_string).collect(),
        rule_packs: said.rule_packs,
    })
}

async fn write(tx: &mut Tx, writes: Writes) -> Result<()> {
    decision::insert(tx.conn(), &writes.decisions).await?;
    attempt::decided(tx.conn(), &writes.changed).await?;
    for expired in &writes.expired {
        to_wire::tell_concluded(tx, expired);
    }
    mark_planned(tx, writes.marks).await?;
    Ok(())
}
