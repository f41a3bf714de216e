//! What every hand-over ends in: a letter that left, that may have left, or that stays.

use duly_domain::{Certainty, Date, LetterState};
use duly_domain::{
    Id,
    id::{Account, Attempt, Client, Letter, MailBatch, Party, Treatment},
};
use duly_platform::Tx;
use duly_proto::{
    common::v1::{self as common, EventMeta},
    convert,
    letters::v1::{self as wire, event::Fact},
};
use uuid::Uuid;

use crate::store::{
    letter::{self, Letter as Piece},
    permission::{self, Permission},
};

/// Letters that left on this day, each with the name of its file, in the order given.
pub(crate) async fn left(
    tx: &mut Tx,
    letters: &[(&Piece, String)],
    mailed_on: Date,
    certainty: Certainty,
    why: &str,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = letters.iter().map(|(letter, _)| letter.letter_id).collect();
    let files: Vec<String> = letters.iter().map(|(_, file)| file.clone()).collect();
    let state = match certainty {
        Certainty::Known => LetterState::Mailed,
        Certainty::Unknown => LetterState::Unknown,
    };
    letter::set_left(tx.conn(), &ids, state, mailed_on, &files, why).await?;
    for (letter, _) in letters {
        let fact = wire::LetterMailed {
            letter_id: Id::<Letter>::from_uuid(letter.letter_id).to_string(),
            treatment_id: Id::<Treatment>::from_uuid(letter.treatment_id).to_string(),
            attempt_id: named::<Attempt>(letter.attempt_id),
            account_id: Id::<Account>::from_uuid(letter.account_id).to_string(),
            opening: letter.opening,
            party_id: Id::<Party>::from_uuid(letter.party_id).to_string(),
            template: letter.template.clone(),
            channel: common::Channel::from(letter.channel).into(),
            batch_id: named::<MailBatch>(letter.batch_id),
            mailed_on: Some(convert::date_to_wire(mailed_on)),
            certainty: wire::Certainty::from(certainty).into(),
            validation_period_end: letter.validation_period_end.map(convert::date_to_wire),
            pages: letter.pages,
        };
        tx.tell::<wire::Event>(meta(letter), Fact::LetterMailed(fact));
    }
    Ok(())
}

/// Authorised letters that stay, each with the reason.
pub(crate) async fn expired(tx: &mut Tx, letters: &[(&Piece, String)]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = letters.iter().map(|(letter, _)| letter.letter_id).collect();
    let whys: Vec<String> = letters.iter().map(|(_, why)| why.clone()).collect();
    let attempts: Vec<Uuid> = letters.iter().filter_map(|(letter, _)| letter.attempt_id).collect();
    letter::set_expired(tx.conn(), &ids, &whys).await?;
    permission::set_expired(tx.conn(), &attempts).await?;
    for (letter, why) in letters {
        let fact = wire::LetterExpired {
            letter_id: Id::<Letter>::from_uuid(letter.letter_id).to_string(),
            treatment_id: Id::<Treatment>::from_uuid(letter.treatment_id).to_string(),
            attempt_id: named::<Attempt>(letter.attempt_id),
            account_id: Id::<Account>::from_uuid(letter.account_id).to_string(),
            opening: letter.opening,
            party_id: Id::<Party>::from_uuid(letter.party_id).to_string(),
            reason: why.clone(),
        };
        tx.tell::<wire::Event>(meta(letter), Fact::LetterExpired(fact));
    }
    Ok(())
}

/// Authorisations of letters that are none of ours, or that have left or ended already: they are
/// answered all the same, so that no attempt stays open.
pub(crate) async fn pointless(tx: &mut Tx, permissions: &[&Permission]) -> sqlx::Result<()> {
    let attempts: Vec<Uuid> = permissions.iter().map(|p| p.attempt_id).collect();
    permission::set_expired(tx.conn(), &attempts).await?;
    for permission in permissions {
        let account_id = Id::<Account>::from_uuid(permission.account_id).to_string();
        let fact = wire::LetterExpired {
            letter_id: Id::<Letter>::from_uuid(permission.letter_id).to_string(),
            treatment_id: named::<Treatment>(permission.treatment_id),
            attempt_id: Id::<Attempt>::from_uuid(permission.attempt_id).to_string(),
            account_id: account_id.clone(),
            opening: permission.opening,
            party_id: Id::<Party>::from_uuid(permission.party_id).to_string(),
            reason: "the letter does not wait to be sent".to_owned(),
        };
        let client_id = named::<Client>(permission.client_id);
        let meta = EventMeta { account_id, client_id, ..EventMeta::default() };
        tx.tell::<wire::Event>(meta, Fact::LetterExpired(fact));
    }
    Ok(())
}

/// What an event about a letter says about itself.
pub(crate) fn meta(letter: &Piece) -> EventMeta {
    EventMeta {
        account_id: Id::<Account>::from_uuid(letter.account_id).to_string(),
        client_id: Id::<Client>::from_uuid(letter.client_id).to_string(),
        ..EventMeta::default()
    }
}

fn named<T: duly_domain::id::IdKind>(id: Option<Uuid>) -> String {
    id.map(|id| Id::<T>::from_uuid(id).to_string()).unwrap_or_default()
}
