//! What came of a permitted attempt: told by the collector for calls, by letters for the rest, and by the
//! clock for calls that nobody made.

use chrono::{DateTime, Utc};
use duly_domain::{AttemptId, AttemptState, Channel, Disposition};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    error::{ContactError, Result},
    store::{
        attempt::{self, Attempt},
        note::{self, Note},
        person,
        point::{self, Bad, Kind},
    },
    wire as to_wire,
};

/// An outcome to record.
pub(crate) struct ConcludeAttempt {
    attempt: AttemptId,
    disposition: Disposition,
    note: String,
}

impl TryFrom<wire::ConcludeAttemptRequest> for ConcludeAttempt {
    type Error = ContactError;

    fn try_from(request: wire::ConcludeAttemptRequest) -> Result<Self> {
        let disposition = Disposition::try_from(request.disposition())?;
        if disposition == Disposition::Sent {
            return Err(ContactError::field("disposition", "is of letters; a call is not sent"));
        }
        Ok(Self {
            attempt: convert::id("attempt_id", &request.attempt_id)?,
            disposition,
            note: convert::text("note", &request.note)?,
        })
    }
}

/// Records it.
pub(crate) async fn conclude_attempt(
    tx: &mut Tx,
    command: &ConcludeAttempt,
) -> Result<wire::ConcludeAttemptResponse> {
    let seen = find(tx, command.attempt).await?;
    person::lock(tx.conn(), &[seen.party]).await?;
    // Read again under the lock: the clock or another collector may have been first.
    let found = find(tx, command.attempt).await?;
    tx.about(command.attempt);
    if found.channel != Channel::Call {
        return Err(ContactError::NotACall);
    }
    let now = tx.now();
    match (found.state, found.disposition) {
        (AttemptState::Planned | AttemptState::Withdrawn, _) => {
            return Err(ContactError::NotAuthorized);
        }
        (AttemptState::Concluded, Some(before)) if before == command.disposition => {
            return Ok(wire::ConcludeAttemptResponse { attempt: Some(to_wire::attempt(&found)) });
        }
        (AttemptState::Concluded, Some(Disposition::NotMade) | None) => {
            return Err(ContactError::Expired);
        }
        (AttemptState::Concluded, Some(before)) => return Err(ContactError::OtherOutcome(before)),
        (AttemptState::Authorized, _) => {}
    }
    if found.valid_until.is_some_and(|until| until <= now) {
        return Err(ContactError::Expired);
    }
    let ended = ended(found, command.disposition, now);
    attempt::concluded(tx.conn(), std::slice::from_ref(&ended)).await?;
    to_wire::tell_concluded(tx, &ended);
    if let (Some(reason), Some(value)) = (bad(command.disposition), ended.target.clone()) {
        // The number is as bad for every account of the person.
        let parties = person::with_kin(tx.conn(), &[ended.party]).await?;
        let bad = Bad { parties, kind: Kind::Phone, value, reason };
        point::mark_bad(tx.conn(), &[bad], now).await?;
    }
    if !command.note.is_empty() {
        let note = Note {
            id: tx.uuid(),
            client: ended.client,
            account: ended.account,
            text: command.note.clone(),
            author: tx.actor().to_owned(),
            written_at: now,
            visible_to_client: false,
        };
        note::insert(tx.conn(), &note).await?;
    }
    Ok(wire::ConcludeAttemptResponse { attempt: Some(to_wire::attempt(&ended)) })
}

async fn find(tx: &mut Tx, id: AttemptId) -> Result<Attempt> {
    attempt::get(tx.conn(), id.uuid()).await?.ok_or(ContactError::NotFound("attempt"))
}

/// Why a number is not used again after this outcome.
fn bad(disposition: Disposition) -> Option<&'static str> {
    match disposition {
        Disposition::NotInService => Some("not_in_service"),
        Disposition::WrongNumber => Some("wrong_number"),
        Disposition::Reached
        | Disposition::ThirdParty
        | Disposition::NoAnswer
        | Disposition::Busy
        | Disposition::Voicemail
        | Disposition::Sent
        | Disposition::NotMade
        | Disposition::Unknown => None,
    }
}

/// A permitted attempt with its outcome: whether it counts, and whether it crossed with a fact.
pub(crate) fn ended(mut attempt: Attempt, disposition: Disposition, now: DateTime<Utc>) -> Attempt {
    attempt.state = AttemptState::Concluded;
    attempt.concluded_at = Some(now);
    attempt.disposition = Some(disposition);
    attempt.counted = duly_compliance::counts(attempt.channel, disposition, now).counted;
    attempt.crossed = attempt.crossing.is_some() && disposition != Disposition::NotMade;
    let against = match attempt.crossing.as_deref() {
        Some("stop") => "a stop",
        Some("dispute") => "a dispute",
        _ => "the end or a hold of the account",
    };
    attempt.why = if attempt.crossed {
        format!("{against} was told after it had been permitted")
    } else {
        String::new()
    };
    attempt
}
