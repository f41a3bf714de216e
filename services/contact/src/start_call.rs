//! The port for dialers: a call starts by the decision that permitted it, once, and only if the guard
//! still permits it at that instant, under the lock on the person.

use chrono::TimeDelta;
use duly_domain::{AttemptState, Channel, DecisionId, Disposition, Verdict};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    error::{ContactError, Result},
    guard, release,
    store::{
        attempt::{self, Attempt},
        call_start::{self, CallStart},
        decision, person,
    },
    wire as to_wire,
};

/// By then the outcome of a started call is told, or it stands as unknown. Policy: no call of a collector
/// lasts longer.
const OUTCOME_WITHIN: TimeDelta = TimeDelta::hours(4);

/// Longest reference of a dialer, in bytes.
const CALL_REF_BYTES_MAX: usize = 200;

/// A call to start.
pub(crate) struct StartCall {
    decision: DecisionId,
    call_ref: String,
}

impl TryFrom<wire::StartCallRequest> for StartCall {
    type Error = ContactError;

    fn try_from(request: wire::StartCallRequest) -> Result<Self> {
        let call_ref = convert::text("call_ref", &request.call_ref)?;
        if call_ref.is_empty() || call_ref.len() > CALL_REF_BYTES_MAX {
            let reason = format!(
                "is the dialer's own name for the call, of 1 to {CALL_REF_BYTES_MAX} bytes: it makes a \
                 repetition of this request the same call"
            );
            return Err(ContactError::field("call_ref", reason));
        }
        Ok(Self { decision: convert::id("decision_id", &request.decision_id)?, call_ref })
    }
}

/// Starts it, where the guard still permits it.
pub(crate) async fn start_call(
    tx: &mut Tx,
    command: &StartCall,
) -> Result<wire::StartCallResponse> {
    let decided = decision::get(tx.conn(), command.decision.uuid()).await?;
    let decided = decided.ok_or_else(|| ContactError::unknown("decision", command.decision))?;
    let seen = match decided.attempt {
        Some(attempt) if decided.channel == Channel::Call => attempt,
        _ => return Err(ContactError::NotPermitting),
    };
    person::lock(tx.conn(), &[decided.party]).await?;
    // Read under the lock: a stop, an outcome or another dialer may have been first.
    let found = attempt::get(tx.conn(), seen).await?.ok_or(ContactError::NotFound("attempt"))?;
    tx.about(duly_domain::AttemptId::from_uuid(found.id));
    let starts = call_start::of(tx.conn(), found.id, &command.call_ref).await?;
    match starts.iter().find(|start| start.attempt == found.id) {
        Some(start) if start.call_ref == command.call_ref => {
            return repeated(tx, &found, start).await;
        }
        Some(_) => return Err(ContactError::Started),
        None if !starts.is_empty() => return Err(ContactError::CallRefUsed),
        None => {}
    }
    let now = tx.now();
    match (found.state, found.disposition) {
        (AttemptState::Authorized, _) if found.decision == Some(decided.id) => {}
        (AttemptState::Concluded, Some(Disposition::NotMade) | None) => {
            return Err(ContactError::Expired);
        }
        (AttemptState::Concluded, Some(before)) => return Err(ContactError::OtherOutcome(before)),
        (AttemptState::Authorized | AttemptState::Planned | AttemptState::Withdrawn, _) => {
            return Err(ContactError::NotPermitting);
        }
    }
    if found.valid_until.is_none_or(|until| until <= now) {
        return Err(ContactError::Expired);
    }
    let people = guard::load(tx, &[found.party]).await?;
    let person = people
        .person(found.party)
        .ok_or(ContactError::Corrupt { table: "attempt", id: found.id })?;
    let judged = person.judge_leaving(&found, now);
    let said = judged.explain(now);
    let allowed = said.verdict == Verdict::Allow;
    let again = release::keep(tx, &found, person, &judged, said)?;
    decision::insert(tx.conn(), std::slice::from_ref(&again)).await?;
    if !allowed {
        return Ok(wire::StartCallResponse {
            decision: Some(to_wire::decision(&again)),
            attempt: None,
            phone: String::new(),
        });
    }
    let start = CallStart {
        attempt: found.id,
        client: found.client,
        decision: again.id,
        call_ref: command.call_ref.clone(),
        started_at: now,
        started_by: tx.actor().to_owned(),
    };
    if !call_start::insert(tx.conn(), &start).await? {
        return Err(ContactError::CallRefUsed);
    }
    let until = tx.tick_at_or_after(now + OUTCOME_WITHIN);
    call_start::await_outcome(tx.conn(), found.id, until).await?;
    tx.mark_due(release::QUEUE, &[found.party], until).await?;
    let started = Attempt { valid_until: Some(until), ..found };
    Ok(answer(to_wire::decision(&again), &started))
}

/// The same call asked for once more: the same answer, as it stands by now.
async fn repeated(
    tx: &mut Tx,
    found: &Attempt,
    start: &CallStart,
) -> Result<wire::StartCallResponse> {
    let decided = decision::get(tx.conn(), start.decision).await?;
    let corrupt = ContactError::Corrupt { table: "call_start", id: start.attempt };
    Ok(answer(to_wire::decision(&decided.ok_or(corrupt)?), found))
}

fn answer(decision: wire::Decision, started: &Attempt) -> wire::StartCallResponse {
    wire::StartCallResponse {
        decision: Some(decision),
        attempt: Some(to_wire::attempt(started)),
        phone: started.target.clone().unwrap_or_default(),
    }
}
