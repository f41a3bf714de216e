//! What letters tells: prepared, refused, mailed, expired, returned.

use super::{about, account_id, facts};
use crate::{
    store::{
        standing::{self, WorkDelta},
        timeline,
    },
    words::letters as words,
};
use duly_platform::{Listener, Tx};
use duly_proto::{
    convert,
    letters::v1::{Event, event::Fact},
};

/// A listener per kind.
pub fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Event>("letter_prepared", |tx, e| Box::pin(letter_prepared(tx, e))),
        Listener::new::<Event>("letter_refused", |tx, e| Box::pin(letter_refused(tx, e))),
        Listener::new::<Event>("letter_mailed", |tx, e| Box::pin(letter_mailed(tx, e))),
        Listener::new::<Event>("letter_expired", |tx, e| Box::pin(letter_expired(tx, e))),
        Listener::new::<Event>("letter_returned", |tx, e| Box::pin(letter_returned(tx, e))),
    ]
}

async fn letter_prepared(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(LetterPrepared)) {
        let (meta, fact) = told?;
        let mailing_on = convert::date("mailing_on", fact.mailing_on.as_ref())?;
        let words = words::prepared(fact, mailing_on);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "letters.letter_prepared",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn letter_refused(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(LetterRefused)) {
        let (meta, fact) = told?;
        let words = words::refused(fact);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "letters.letter_refused",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn letter_mailed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let (mut work, mut entries) = (vec![], vec![]);
    for told in facts(events, only!(LetterMailed)) {
        let (meta, fact) = told?;
        let (account, about) = (account_id(&fact.account_id)?, about(meta)?);
        let mailed_on = convert::date("mailed_on", fact.mailed_on.as_ref())?;
        let period_end = fact.validation_period_end.as_ref();
        let validation_until = convert::date_opt("validation_period_end", period_end)?;
        let whose = about.whose(account, fact.opening);
        work.push(WorkDelta { letters: 1, validation_until, ..WorkDelta::of(whose) });
        let words = words::mailed(fact, mailed_on, validation_until);
        entries.push(about.entry(account, "letters.letter_mailed", words, None));
    }
    standing::add_work(tx.conn(), &work).await?;
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn letter_expired(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(LetterExpired)) {
        let (meta, fact) = told?;
        let words = words::expired(fact);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "letters.letter_expired",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn letter_returned(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(LetterReturned)) {
        let (meta, fact) = told?;
        let returned_on = convert::date("returned_on", fact.returned_on.as_ref())?;
        let words = words::returned(fact, returned_on);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "letters.letter_returned",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}
