//! The release tick: for the parties that are due, every plan of their persons whose time has come, or
//! whose facts have changed, is permitted, put off or refused, and calls that were not made in time are
//! concluded. The last thing before the carrier, under the locks on the persons: what was committed
//! before is seen, and what comes later waits and finds the attempt.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use duly_compliance::{Explanation, Reason, Span};
use duly_domain::{AttemptState, Channel, Disposition, Effect, Force, Verdict};
use duly_platform::{DueItem, Tx};
use duly_standing::Standing;
use uuid::Uuid;

use crate::{
    conclude_attempt,
    error::Result,
    guard::{self, Ask, Judged, People, Person},
    slots::{self, By, NoSlot, Seats, Within},
    store::{
        attempt::{self, Attempt},
        call_start,
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

/// As long as an instant of the database lasts.
const INSTANT: TimeDelta = TimeDelta::microseconds(1);

/// Why a plan comes earlier than it was to.
const EARLIER: &str = "what stood against an earlier time is over";

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
    let ids: Vec<Uuid> = late.iter().map(|attempt| attempt.id).collect();
    let started: BTreeSet<Uuid> = call_start::started(tx.conn(), &ids).await?.into_iter().collect();
    for attempt in late {
        // What a dialer started, and never told the outcome of, may have been a conversation: it counts.
        let outcome =
            if started.contains(&attempt.id) { Disposition::Unknown } else { Disposition::NotMade };
        writes.expired.push(conclude_attempt::ended(attempt, outcome, now));
    }
    // What was not made does not count for what is planned.
    attempt::concluded(tx.conn(), &writes.expired).await?;
    let not_made = |attempt: &&Attempt| attempt.disposition == Some(Disposition::NotMade);
    let expired: Vec<Uuid> =
        writes.expired.iter().filter(not_made).map(|attempt| attempt.id).collect();
    inbound::unanswered(tx.conn(), &expired).await?;
    if plans.is_empty() {
        return write(tx, writes).await;
    }
    let owing: Vec<Uuid> =
        plans.iter().map(|plan| plan.party).collect::<BTreeSet<_>>().into_iter().collect();
    let mut people = guard::load(tx, &owing).await?;
    let calls = plans.iter().any(|plan| plan.channel == Channel::Call);
    let mut seats = if calls { Seats::load(tx).await? } else { None };
    for plan in in_order(plans, &people.standings) {
        decide(tx, plan, &mut people, &mut seats, &mut writes)?;
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

fn decide(
    tx: &mut Tx,
    mut plan: Attempt,
    people: &mut People,
    seats: &mut Option<Seats>,
    writes: &mut Writes,
) -> Result<()> {
    let Some(standing) = people.standings.get(&plan.account) else { return Ok(()) };
    // Placed again, as we have not heard yet: it waits for that.
    if plan.opening > standing.opening {
        return Ok(());
    }
    let placed_again = plan.opening < standing.opening;
    let Some(person) = people.person(plan.party) else { return Ok(()) };
    let now = tx.now();
    let at = plan.planned_at.max(now);
    let until = plan.expires_at + INSTANT;
    let judged = person.judge(&Ask::of(&plan), Span::new(now, until.max(at)), at);
    let mut said = judged.explain(at);
    let next = if placed_again {
        refuse_for(
            &mut said,
            "placed_again",
            "policy contract.placed_accounts",
            "the account was \
             closed and placed again since this was planned",
        );
        Next::Refused
    } else if at >= until {
        refuse_for(
            &mut said,
            "too_late",
            "policy strategy.expires",
            "the time in which the \
             strategy wanted it is over",
        );
        Next::Refused
    } else if plan.letter.is_some() {
        with_batch(tx, &plan, &judged, &said)
    } else {
        in_slot(tx, &plan, person, &judged, &mut said, seats.as_mut())
    };
    match next {
        Next::Stands => {
            writes.changed.push(plan);
            return Ok(());
        }
        Next::Now { why } => {
            permit(tx, &mut plan, &judged);
            plan.why = why;
        }
        Next::At { at: next, why } => {
            plan.planned_at = next;
            plan.why = why;
            writes.marks.push((plan.party, next));
            if said.verdict == Verdict::Allow {
                // Nothing stands against it: it only comes at another time.
                writes.changed.push(plan);
                return Ok(());
            }
        }
        Next::Refused => {
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

/// What becomes of a plan.
enum Next {
    /// It was only asked whether it still stands: it does.
    Stands,
    /// It is permitted; why not as the person asked, where that is so.
    Now { why: String },
    /// It is planned for another time.
    At { at: DateTime<Utc>, why: String },
    /// It is withdrawn.
    Refused,
}

/// A piece leaves with its batch, or at the first tick after it that is permitted.
fn with_batch(tx: &Tx, plan: &Attempt, judged: &Judged, said: &Explanation) -> Next {
    match said.verdict {
        Verdict::Allow if said.at > tx.now() => Next::Stands,
        Verdict::Allow => Next::Now { why: String::new() },
        Verdict::Refuse => Next::Refused,
        Verdict::Defer => match tick_permitted(tx, judged, said) {
            Some(at) if at <= plan.expires_at => Next::At { at, why: first_sentence(said) },
            _ => Next::Refused,
        },
    }
}

/// Anything else takes the best slot from now on: what stood against an earlier one may be gone.
fn in_slot(
    tx: &Tx,
    plan: &Attempt,
    person: &Person,
    judged: &Judged,
    said: &mut Explanation,
    seats: Option<&mut Seats>,
) -> Next {
    let now = tx.now();
    let seats = seats.filter(|_| plan.channel == Channel::Call);
    let within = Within { ticks: tx.host().ticks(), now, expires_at: plan.expires_at };
    let wishes = person.wishes(judged, now);
    let slot = match within.find(&judged.evaluation, &wishes, seats.as_deref()) {
        Ok(slot) => slot,
        Err(none) => {
            if let (NoSlot::Full, Some(seats)) = (none, seats) {
                said.next_permitted_at = None;
                said.reasons.insert(0, slots::full(seats, false));
            }
            return Next::Refused;
        }
    };
    // Not within what was asked for, because no permitted time is.
    let wished_in_vain = !wishes.is_empty() && wishes.next(slot.at, slot.at + INSTANT).is_none();
    let in_vain = || {
        let asked = slots::asked(&wishes);
        format!("{asked}, and no permitted time that the strategy leaves lies within it")
    };
    let reason = match (slot.by, seats.as_deref()) {
        (By::Wish, _) => Some(slots::wished(&wishes)),
        (By::Capacity, Some(seats)) => Some(slots::full(seats, true)),
        (By::Guard | By::Capacity, _) => None,
    };
    within.take(seats, slot);
    if slot.at <= now {
        if said.at != now {
            *said = judged.explain(now);
        }
        return Next::Now { why: if wished_in_vain { in_vain() } else { String::new() } };
    }
    if slot.at == plan.planned_at {
        return Next::Stands;
    }
    let why = match &reason {
        Some(reason) => reason.sentence.clone(),
        None if wished_in_vain => in_vain(),
        None if said.verdict == Verdict::Allow => EARLIER.to_owned(),
        None => first_sentence(said),
    };
    if reason.is_some() || said.verdict == Verdict::Refuse {
        said.verdict = Verdict::Defer;
        said.next_permitted_at = Some(slot.at);
        said.reasons.extend(reason);
    }
    Next::At { at: slot.at, why }
}

/// The first tick at which it is permitted.
fn tick_permitted(tx: &Tx, judged: &Judged, said: &Explanation) -> Option<DateTime<Utc>> {
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
pub(crate) fn refuse_for(
    said: &mut Explanation,
    rule: &'static str,
    authority: &'static str,
    sentence: &str,
) {
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
