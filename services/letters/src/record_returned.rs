//! A letter came back, or an e-mail bounced.

use duly_domain::{Channel, Date, Id, LetterId, LetterState, ReturnReason, id};
use duly_platform::Tx;
use duly_proto::{
    convert,
    letters::v1::{self as wire, event::Fact},
};

use crate::{
    conclude_letters::meta,
    error::{LettersError, Result},
    store::letter::{self, Letter},
    wire as to_wire,
};

/// A letter that came back.
pub(crate) struct RecordReturned {
    letter: LetterId,
    reason: ReturnReason,
    returned_on: Option<Date>,
}

impl TryFrom<wire::RecordReturnedRequest> for RecordReturned {
    type Error = LettersError;

    fn try_from(request: wire::RecordReturnedRequest) -> Result<Self> {
        Ok(Self {
            letter: convert::id("letter_id", &request.letter_id)?,
            reason: request.reason().try_into()?,
            returned_on: convert::date_opt("returned_on", request.returned_on.as_ref())?,
        })
    }
}

/// Records it, once. Without a date it came back today.
pub(crate) async fn record_returned(
    tx: &mut Tx,
    command: &RecordReturned,
) -> Result<wire::RecordReturnedResponse> {
    tx.about(command.letter);
    let letter = letter::lock(tx.conn(), &[command.letter.uuid()]).await?.pop();
    let letter = letter.ok_or(LettersError::NotFound("letter"))?;
    if letter.state == LetterState::Returned {
        return again(&letter, command);
    }
    // What may have left may come back: then it is known that it left.
    if !matches!(letter.state, LetterState::Mailed | LetterState::Unknown) {
        return Err(LettersError::NeverSent(letter.state));
    }
    let bounced = command.reason == ReturnReason::Bounced;
    if bounced != (letter.channel == Channel::Email) {
        let reason = "does not fit: bounced is for e-mail, every other reason for post";
        return Err(LettersError::field("reason", reason));
    }
    let (today, mailed_on) = (tx.today(), letter.mailed_on.unwrap_or(letter.mailing_on));
    let returned_on = command.returned_on.unwrap_or(today);
    if returned_on < mailed_on || returned_on > today {
        let reason = format!("is not between the mailing on {mailed_on} and today, {today}");
        return Err(LettersError::field("returned_on", reason));
    }
    letter::set_returned(tx.conn(), letter.letter_id, command.reason, returned_on).await?;
    let fact = wire::LetterReturned {
        letter_id: command.letter.to_string(),
        treatment_id: Id::<id::Treatment>::from_uuid(letter.treatment_id).to_string(),
        account_id: Id::<id::Account>::from_uuid(letter.account_id).to_string(),
        opening: letter.opening,
        party_id: Id::<id::Party>::from_uuid(letter.party_id).to_string(),
        reason: wire::ReturnReason::from(command.reason).into(),
        returned_on: Some(convert::date_to_wire(returned_on)),
    };
    tx.tell::<wire::Event>(meta(&letter), Fact::LetterReturned(fact));
    let letter = Letter { state: LetterState::Returned, ..letter };
    Ok(wire::RecordReturnedResponse { letter: Some(to_wire::letter(&letter)) })
}

/// The same words get the same answer, others are a conflict.
fn again(letter: &Letter, command: &RecordReturned) -> Result<wire::RecordReturnedResponse> {
    let said = letter.returned_on.zip(letter.return_reason);
    let Some((on, reason)) = said else {
        return Err(LettersError::NeverSent(letter.state));
    };
    if reason != command.reason || command.returned_on.is_some_and(|day| day != on) {
        return Err(LettersError::ReturnedOtherwise(on));
    }
    Ok(wire::RecordReturnedResponse { letter: Some(to_wire::letter(letter)) })
}
