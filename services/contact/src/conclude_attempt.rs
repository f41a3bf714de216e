//! What came of a permitted attempt: told by the collector for calls, by letters for the rest, and by the
//! clock for calls that nobody made.

use chrono::{DateTime, Utc};
use duly_domain::{AttemptId, AttemptState, Channel, Disposition};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    error::{ContactError, Result},
    note_obligations,
    store::{
        attempt::{self, Attempt},
        conversation::{self, Conversation},
        decision, inbound,
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
    right_party_verified: Option<bool>,
    disclosures: Vec<String>,
    undisclosed_because: String,
}

/// Disclosures that one call can name.
const DISCLOSURES_MAX: usize = 20;
/// Longest code of a disclosure, in bytes.
const DISCLOSURE_BYTES_MAX: usize = 64;

impl TryFrom<wire::ConcludeAttemptRequest> for ConcludeAttempt {
    type Error = ContactError;

    fn try_from(request: wire::ConcludeAttemptRequest) -> Result<Self> {
        let disposition = Disposition::try_from(request.disposition())?;
        if disposition == Disposition::Sent {
            return Err(ContactError::field("disposition", "is of letters; a call is not sent"));
        }
        let given = &request.disclosures_given;
        if given.len() > DISCLOSURES_MAX
            || given.iter().any(|code| code.is_empty() || code.len() > DISCLOSURE_BYTES_MAX)
        {
            let reason = "holds up to 20 codes of the decision's requires, such as mini_miranda";
            return Err(ContactError::field("disclosures_given", reason));
        }
        let disclosures = given.iter().map(|code| convert::text("disclosures_given", code));
        Ok(Self {
            right_party_verified: request.right_party_verified,
            disclosures: disclosures.collect::<std::result::Result<_, _>>()?,
            undisclosed_because: convert::text(
                "undisclosed_because",
                &request.undisclosed_because,
            )?,
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
    note_obligations::look_again(tx, &[seen.party]).await?;
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
    let told = told(tx, command, &found).await?;
    if let Some(told) = &told {
        conversation::insert(tx.conn(), told).await?;
    }
    let ended = ended(found, command.disposition, now);
    attempt::concluded(tx.conn(), std::slice::from_ref(&ended)).await?;
    to_wire::tell_concluded(tx, &ended);
    if command.disposition == Disposition::NotMade {
        inbound::unanswered(tx.conn(), &[ended.id]).await?;
    }
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

/// The check and the disclosures, where they are told. A conversation that is told with them had both: a
/// missing one is refused, unless it is said why it is missing, so that a call that was made is not lost.
async fn told(
    tx: &mut Tx,
    command: &ConcludeAttempt,
    found: &Attempt,
) -> Result<Option<Conversation>> {
    let checked =
        command.disposition == Disposition::Reached && command.right_party_verified.is_some();
    if command.right_party_verified.is_none() && command.disclosures.is_empty() {
        return Ok(None);
    }
    let mut missing = Vec::new();
    if checked {
        if command.right_party_verified == Some(false) {
            return Err(ContactError::NotVerified);
        }
        if let Some(decision) = found.decision {
            missing = decision::requires(tx.conn(), decision).await?;
        }
        missing.retain(|code| !command.disclosures.contains(code));
        if !missing.is_empty() && command.undisclosed_because.is_empty() {
            return Err(ContactError::NotDisclosed(missing.join(", ")));
        }
    }
    Ok(Some(Conversation {
        attempt: found.id,
        client: found.client,
        right_party_verified: command.right_party_verified,
        disclosures: command.disclosures.clone(),
        missing,
        undisclosed_because: command.undisclosed_because.clone(),
        by: tx.actor().to_owned(),
        at: tx.now(),
    }))
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
