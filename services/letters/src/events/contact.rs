//! What contact decides: authorisations and refusals of letters, stops, disputes.

use duly_domain::{Channel, StopKind, id};
use duly_platform::{Listener, Tx};
use duly_proto::{
    common::v1 as common,
    contact::v1::{Event, event::Fact},
    convert,
};
use uuid::Uuid;

use super::{read, uuid, uuid_opt, wrong_kind};
use crate::{
    seal_batches,
    store::{
        contact::{self, DisputeFact, StopFact},
        letter,
        permission::{self, PermissionFact},
    },
};

pub(super) fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Event>("attempt_authorized", |tx, e| Box::pin(authorized(tx, e))),
        Listener::new::<Event>("treatment_refused", |tx, e| Box::pin(refused(tx, e))),
        Listener::new::<Event>("stop_placed", |tx, e| Box::pin(stop_placed(tx, e))),
        Listener::new::<Event>("stop_lifted", |tx, e| Box::pin(stop_lifted(tx, e))),
        Listener::new::<Event>("dispute_opened", |tx, e| Box::pin(dispute_opened(tx, e))),
        Listener::new::<Event>("dispute_resolved", |tx, e| Box::pin(dispute_resolved(tx, e))),
    ]
}

fn fact(event: &Event) -> Option<&Fact> {
    event.fact.as_ref()
}

/// Keeps authorisations of letters. The tick strictly after the instant seals them: by then all
/// that contact authorised at one instant is in.
async fn authorized(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let seal_at = tx.next_tick();
    let rows = read(events, fact, |_, fact| {
        let Fact::AttemptAuthorized(fact) = fact else { return Err(wrong_kind()) };
        if fact.letter_id.is_empty() {
            return Ok(vec![]);
        }
        Ok(vec![PermissionFact {
            attempt_id: uuid::<id::Attempt>("attempt_id", &fact.attempt_id)?,
            letter_id: uuid::<id::Letter>("letter_id", &fact.letter_id)?,
            treatment_id: uuid_opt::<id::Treatment>("treatment_id", &fact.treatment_id)?,
            account_id: uuid::<id::Account>("account_id", &fact.account_id)?,
            opening: fact.opening,
            party_id: uuid::<id::Party>("party_id", &fact.party_id)?,
            channel: Channel::try_from(fact.channel())?.as_str(),
            authorized_at: convert::instant("authorized_at", fact.authorized_at.as_ref())?,
            valid_until: convert::instant("valid_until", fact.valid_until.as_ref())?,
            seal_at,
        }])
    })?;
    permission::keep(tx.conn(), &rows).await?;
    let letters: Vec<Uuid> = rows.iter().map(|row| row.letter_id).collect();
    let attempts: Vec<Uuid> = rows.iter().map(|row| row.attempt_id).collect();
    let until: Vec<_> = rows.iter().map(|row| row.valid_until).collect();
    letter::set_authorized(tx.conn(), &letters, &attempts, &until).await?;
    let keys: Vec<Uuid> = [Channel::Mail, Channel::Email]
        .into_iter()
        .filter(|channel| rows.iter().any(|row| row.channel == channel.as_str()))
        .filter_map(seal_batches::key)
        .collect();
    Ok(tx.mark_due(seal_batches::QUEUE, &keys, seal_at).await?)
}

/// Ends letters that contact will not authorise. It has told the treatment's end itself.
async fn refused(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let rows = read(events, fact, |_, fact| {
        let Fact::TreatmentRefused(fact) = fact else { return Err(wrong_kind()) };
        let rules: Vec<&str> = fact.reasons.iter().map(|reason| reason.rule.as_str()).collect();
        let why = format!("contact refused it: {}", rules.join(", "));
        let letter = uuid_opt::<id::Letter>("letter_id", &fact.letter_id)?;
        Ok(letter.map(|letter| (letter, why)).into_iter().collect())
    })?;
    let (letters, whys): (Vec<Uuid>, Vec<String>) = rows.into_iter().unzip();
    Ok(letter::set_refused_by_contact(tx.conn(), &letters, &whys).await?)
}

async fn stop_placed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let rows = read(events, fact, |_, fact| {
        let Fact::StopPlaced(fact) = fact else { return Err(wrong_kind()) };
        let channel = match fact.channel() {
            common::Channel::Unspecified => None,
            channel => Some(Channel::try_from(channel)?.as_str()),
        };
        Ok(vec![StopFact {
            stop_id: uuid::<id::Stop>("stop_id", &fact.stop_id)?,
            kind: StopKind::try_from(fact.kind())?.as_str(),
            party_id: uuid::<id::Party>("party_id", &fact.party_id)?,
            account_id: uuid_opt::<id::Account>("account_id", &fact.account_id)?,
            channel,
            address: fact.address.clone(),
        }])
    })?;
    Ok(contact::keep_stops(tx.conn(), &rows).await?)
}

async fn stop_lifted(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let rows = read(events, fact, |_, fact| {
        let Fact::StopLifted(fact) = fact else { return Err(wrong_kind()) };
        Ok(vec![uuid::<id::Stop>("stop_id", &fact.stop_id)?])
    })?;
    Ok(contact::keep_stops_lifted(tx.conn(), &rows).await?)
}

async fn dispute_opened(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let rows = read(events, fact, |_, fact| {
        let Fact::DisputeOpened(fact) = fact else { return Err(wrong_kind()) };
        Ok(vec![DisputeFact {
            dispute_id: uuid::<id::Dispute>("dispute_id", &fact.dispute_id)?,
            account_id: uuid::<id::Account>("account_id", &fact.account_id)?,
            opening: fact.opening,
            pauses_account: fact.pauses_account,
        }])
    })?;
    Ok(contact::keep_disputes(tx.conn(), &rows).await?)
}

async fn dispute_resolved(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let rows = read(events, fact, |_, fact| {
        let Fact::DisputeResolved(fact) = fact else { return Err(wrong_kind()) };
        Ok(vec![uuid::<id::Dispute>("dispute_id", &fact.dispute_id)?])
    })?;
    Ok(contact::keep_disputes_resolved(tx.conn(), &rows).await?)
}
