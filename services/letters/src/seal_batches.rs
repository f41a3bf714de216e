//! Sealing: what contact has authorised for a channel is closed into one batch per mailing day. What may
//! no longer leave expires instead: its authorisation or its printed dates ran out, or a stop, a dispute
//! or an end came in between.

use std::collections::{BTreeMap, BTreeSet};

use duly_domain::{Channel, Date, LetterState};
use duly_platform::{DueItem, Tx};
use uuid::Uuid;

use crate::{
    conclude_letters,
    gather_facts::over_accounts,
    hand_over_print, send_email,
    settings::Settings,
    store::{
        batch, contact,
        letter::{self, Letter},
        permission,
    },
};

/// Keys: one for each channel, so that all that is due together is sealed together.
pub(crate) const QUEUE: &str = "seal";

const MAIL: Uuid = Uuid::from_u128(1);
const EMAIL: Uuid = Uuid::from_u128(2);

/// The key of a channel that letters use.
pub(crate) fn key(channel: Channel) -> Option<Uuid> {
    match channel {
        Channel::Mail => Some(MAIL),
        Channel::Email => Some(EMAIL),
        Channel::Call | Channel::Text => None,
    }
}

/// Seals what is due.
pub(crate) async fn seal_due(tx: &mut Tx, due: &[DueItem]) -> sqlx::Result<()> {
    for (key, channel) in [(MAIL, Channel::Mail), (EMAIL, Channel::Email)] {
        if due.iter().any(|item| item.key == key) {
            seal(tx, channel).await?;
        }
    }
    Ok(())
}

async fn seal(tx: &mut Tx, channel: Channel) -> sqlx::Result<()> {
    let now = tx.now();
    let permissions = permission::lock_open(tx.conn(), channel, now).await?;
    let ids: Vec<Uuid> = permissions.iter().map(|permission| permission.letter_id).collect();
    let letters = letter::lock(tx.conn(), &ids).await?;
    let letters: BTreeMap<Uuid, Letter> =
        letters.into_iter().map(|letter| (letter.letter_id, letter)).collect();
    let (mut wanted, mut pointless) = (Vec::new(), Vec::new());
    for permission in &permissions {
        let own = letters.get(&permission.letter_id).filter(|letter| {
            letter.state == LetterState::Authorized
                && letter.attempt_id == Some(permission.attempt_id)
        });
        match own {
            Some(letter) => wanted.push(letter),
            None => pointless.push(permission),
        }
    }
    conclude_letters::pointless(tx, &pointless).await?;
    let why_not = why_not(tx, &wanted).await?;
    let stays: Vec<(&Letter, String)> = wanted
        .iter()
        .filter_map(|letter| Some((*letter, why_not.get(&letter.letter_id)?.clone())))
        .collect();
    conclude_letters::expired(tx, &stays).await?;
    wanted.retain(|letter| !why_not.contains_key(&letter.letter_id));

    let host = tx.host().clone();
    let calendar = Settings::of(&host).calendar(&host);
    let mut days: BTreeMap<Date, Vec<&Letter>> = BTreeMap::new();
    for letter in wanted {
        days.entry(calendar.leaves_on(letter.mailing_on, now)).or_default().push(letter);
    }
    for (day, letters) in days {
        close(tx, channel, day, &letters).await?;
    }
    Ok(())
}

/// One batch, and the work of handing it over, at once.
async fn close(tx: &mut Tx, channel: Channel, day: Date, letters: &[&Letter]) -> sqlx::Result<()> {
    let (now, id) = (tx.now(), tx.uuid());
    let count = i32::try_from(letters.len()).unwrap_or(i32::MAX);
    let pages = letters.iter().map(|letter| letter.pages).sum();
    let ids: Vec<Uuid> = letters.iter().map(|letter| letter.letter_id).collect();
    let attempts: Vec<Uuid> = letters.iter().filter_map(|letter| letter.attempt_id).collect();
    batch::insert(tx.conn(), id, channel, day, (count, pages), now).await?;
    letter::set_sending(tx.conn(), &ids, id, day).await?;
    permission::set_sealed(tx.conn(), &attempts).await?;
    if channel == Channel::Email {
        tx.mark_due(send_email::QUEUE, &ids, now).await
    } else {
        tx.mark_due(hand_over_print::QUEUE, &[id], now).await
    }
}

/// Why some of these authorised letters may not leave now, by letter.
pub(crate) async fn why_not(
    tx: &mut Tx,
    letters: &[&Letter],
) -> sqlx::Result<BTreeMap<Uuid, String>> {
    let now = tx.now();
    let host = tx.host().clone();
    let calendar = Settings::of(&host).calendar(&host);
    let ids: Vec<Uuid> = letters.iter().map(|letter| letter.letter_id).collect();
    let accounts: Vec<Uuid> = letters.iter().map(|letter| letter.account_id).collect();
    let over = over_accounts(tx, letters).await?;
    let stops: BTreeMap<Uuid, String> =
        contact::stopped(tx.conn(), &ids).await?.into_iter().collect();
    let disputed: BTreeSet<(Uuid, i32)> =
        contact::disputed(tx.conn(), &accounts).await?.into_iter().collect();
    let why = |letter: &Letter| -> Option<String> {
        if letter.valid_until.is_none_or(|until| until <= now) {
            Some("its authorisation ran out".to_owned())
        } else if let Some(over) = over.get(&letter.account_id) {
            Some((*over).to_owned())
        } else if let Some(kind) = stops.get(&letter.letter_id) {
            Some(format!("a stop stands: {kind}"))
        } else if disputed.contains(&(letter.account_id, letter.opening)) {
            Some("the account is disputed".to_owned())
        } else if calendar.leaves_on(letter.mailing_on, now) > letter.mail_by {
            Some("the dates that it prints ran out".to_owned())
        } else {
            None
        }
    };
    Ok(letters.iter().filter_map(|letter| Some((letter.letter_id, why(letter)?))).collect())
}
