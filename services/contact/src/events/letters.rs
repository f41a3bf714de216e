//! What letters tells: pieces to plan, and what became of them.

use std::collections::BTreeMap;

use anyhow::bail;
use chrono::{DateTime, TimeDelta, Utc};
use duly_compliance::EventKind;
use duly_domain::{
    AddressParts, AttemptState, Certainty, Channel, Date, Disposition, ReturnReason,
};
use duly_platform::Tx;
use duly_proto::{
    convert::{self, AddressField},
    letters::v1::{Event, event::Fact},
};
use uuid::Uuid;

use super::{account, client_of, letter, parse, party, treatment, wrong_kind};
use crate::{
    conclude_attempt::ended,
    guard::{VALIDATION_NOTICE, kind_for},
    note_obligations, release,
    store::{
        attempt::{self, Attempt, Gone, Plan},
        dated_fact::{self, DatedFact},
        person,
        point::{self, Bad, Kind, NewPoint, one_line},
    },
    wire as to_wire,
};

/// The least of ranks: letters told us where it sends to, nobody else did.
const RANK: i32 = 900;

/// Plans pieces for the closing of their batch.
pub(super) async fn letter_prepared(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let zone = tx.host().zone();
    let facts = parse(events, |event| {
        let Some(Fact::LetterPrepared(fact)) = &event.fact else { return Err(wrong_kind()) };
        let channel = Channel::try_from(fact.channel())?;
        let address: Option<AddressParts> = fact.address.as_ref().map(AddressField::parts);
        let target = match (channel, &address) {
            (Channel::Mail, Some(address)) => Some(one_line(address)),
            (Channel::Mail, None) => None,
            (Channel::Call | Channel::Text | Channel::Email, _) => {
                Some(fact.email.to_lowercase()).filter(|email| !email.is_empty())
            }
        };
        let closes = convert::instant("batch_closes_at", fact.batch_closes_at.as_ref())?;
        let expires = convert::instant("expires_at", fact.expires_at.as_ref())?;
        let mail_by = convert::date_opt("mail_by", fact.mail_by.as_ref())?;
        let plan = Plan {
            id: Uuid::nil(),
            client: client_of(event)?,
            account: account(&fact.account_id)?,
            opening: fact.opening.max(1),
            party: party(&fact.party_id)?,
            treatment: treatment(&fact.treatment_id)?,
            letter: Some(letter(&fact.letter_id)?),
            step: fact.template.clone(),
            try_no: 1,
            channel,
            target,
            address: address.filter(|_| channel == Channel::Mail),
            planned_at: closes,
            expires_at: expires,
        };
        Ok((plan, mail_by))
    })?;
    let next = tx.next_tick();
    let mut plans = Vec::new();
    for (mut plan, mail_by) in facts {
        plan.id = tx.uuid();
        plan.planned_at = tx.tick_at_or_after(plan.planned_at).max(next);
        // Its printed dates are lawful up to the end of that day.
        let last = mail_by.and_then(|day| day.succ_opt()).map(|day| zone.start_of_day(day));
        plan.expires_at = last
            .map_or(plan.expires_at, |last| plan.expires_at.min(last - TimeDelta::microseconds(1)));
        plans.push(plan);
    }
    let parties: Vec<Uuid> = plans.iter().map(|plan| plan.party).collect();
    person::lock(tx.conn(), &parties).await?;
    let points: Vec<NewPoint> = plans
        .iter()
        .filter_map(|plan| {
            Some(NewPoint {
                id: tx.uuid(),
                party: plan.party,
                client: plan.client,
                account: plan.account,
                kind: kind_for(plan.channel),
                value: plan.target.clone()?,
                address: plan.address.clone(),
                provenance: "letter".to_owned(),
                rank: RANK,
            })
        })
        .collect();
    let now = tx.now();
    point::keep(tx.conn(), &points, now).await?;
    attempt::plan(tx.conn(), &plans).await?;
    let marks = plans.iter().flat_map(|plan| [(plan.party, plan.planned_at), (plan.party, next)]);
    release::mark_planned(tx, marks).await?;
    Ok(())
}

/// The attempts of these letters, under the locks on their persons.
async fn locked(tx: &mut Tx, letters: &[Uuid]) -> anyhow::Result<BTreeMap<Uuid, Attempt>> {
    let seen = attempt::of_letters(tx.conn(), letters).await?;
    let parties: Vec<Uuid> = seen.iter().map(|attempt| attempt.party).collect();
    note_obligations::look_again(tx, &parties).await?;
    person::lock(tx.conn(), &parties).await?;
    let found = attempt::of_letters(tx.conn(), letters).await?;
    Ok(found.into_iter().filter_map(|one| Some((one.letter?, one))).collect())
}

/// What left, or may have, is concluded.
pub(super) async fn letter_mailed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let facts: Vec<(Uuid, Disposition, Option<Date>)> = parse(events, |event| {
        let Some(Fact::LetterMailed(fact)) = &event.fact else { return Err(wrong_kind()) };
        let end = convert::date_opt("validation_period_end", fact.validation_period_end.as_ref())?;
        let disposition = match Certainty::try_from(fact.certainty())? {
            Certainty::Known => Disposition::Sent,
            Certainty::Unknown => Disposition::Unknown,
        };
        Ok((letter(&fact.letter_id)?, disposition, end))
    })?;
    let letters: Vec<Uuid> = facts.iter().map(|(letter, ..)| *letter).collect();
    let found = locked(tx, &letters).await?;
    let (mut outcomes, mut sent) = (Vec::new(), Vec::new());
    for (letter, disposition, end) in facts {
        match found.get(&letter) {
            Some(attempt) if attempt.state == AttemptState::Authorized => {
                outcomes.push((attempt.clone(), disposition));
                // What may not have left has given nobody its validation information.
                if attempt.step == VALIDATION_NOTICE && disposition == Disposition::Sent {
                    let fact = told_of(tx, attempt, EventKind::ValidationSent);
                    sent.push(DatedFact { stated_on: end, ..fact });
                }
            }
            Some(attempt) if attempt.disposition == Some(disposition) => {}
            _ => bail!("letter {letter} is told as mailed and no authorisation of it stands"),
        }
    }
    dated_fact::insert(tx.conn(), &sent).await?;
    conclude(tx, outcomes).await
}

/// A dated fact that letters tells of an attempt.
fn told_of(tx: &mut Tx, attempt: &Attempt, kind: EventKind) -> DatedFact {
    DatedFact {
        id: tx.uuid(),
        client: attempt.client,
        kind,
        at: tx.now(),
        account: Some(attempt.account),
        party: Some(attempt.party),
        medium: Some(attempt.channel.into()),
        address: attempt.target.clone(),
        stated_on: None,
        source: "letters".to_owned(),
        source_id: attempt.letter,
        evidence: String::new(),
        recorded_at: tx.now(),
    }
}

/// What will not be sent is concluded as not made, or withdrawn where it was never permitted.
pub(super) async fn letter_expired(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let facts: Vec<Gone> = parse(events, |event| {
        let Some(Fact::LetterExpired(fact)) = &event.fact else { return Err(wrong_kind()) };
        Ok(Gone {
            letter: letter(&fact.letter_id)?,
            client: client_of(event)?,
            reason: fact.reason.clone(),
        })
    })?;
    let letters: Vec<Uuid> = facts.iter().map(|gone| gone.letter).collect();
    attempt::keep_gone(tx.conn(), &facts).await?;
    let found = locked(tx, &letters).await?;
    let (mut outcomes, mut withdrawn) = (Vec::new(), Vec::new());
    for gone in facts {
        let Some(attempt) = found.get(&gone.letter) else { continue };
        match attempt.state {
            AttemptState::Authorized => outcomes.push((attempt.clone(), Disposition::NotMade)),
            AttemptState::Planned => withdrawn.push(Attempt {
                state: AttemptState::Withdrawn,
                why: gone.reason,
                ..attempt.clone()
            }),
            AttemptState::Concluded | AttemptState::Withdrawn => {}
        }
    }
    attempt::decided(tx.conn(), &withdrawn).await?;
    conclude(tx, outcomes).await
}

async fn conclude(tx: &mut Tx, outcomes: Vec<(Attempt, Disposition)>) -> anyhow::Result<()> {
    let now: DateTime<Utc> = tx.now();
    let ended: Vec<Attempt> = outcomes
        .into_iter()
        .map(|(attempt, disposition)| ended(attempt, disposition, now))
        .collect();
    attempt::concluded(tx.conn(), &ended).await?;
    for attempt in &ended {
        to_wire::tell_concluded(tx, attempt);
    }
    Ok(())
}

/// An address from which mail comes back is not used again.
pub(super) async fn letter_returned(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let facts: Vec<(Uuid, &'static str)> = parse(events, |event| {
        let Some(Fact::LetterReturned(fact)) = &event.fact else { return Err(wrong_kind()) };
        let reason = ReturnReason::try_from(fact.reason())?;
        Ok((letter(&fact.letter_id)?, reason.as_str()))
    })?;
    let letters: Vec<Uuid> = facts.iter().map(|(letter, _)| *letter).collect();
    let found = locked(tx, &letters).await?;
    let (mut bad, mut came_back) = (Vec::new(), Vec::new());
    for (letter, reason) in facts {
        let Some(attempt) = found.get(&letter) else {
            bail!("letter {letter} is told as returned and no attempt of it stands");
        };
        let fact = told_of(tx, attempt, EventKind::Undeliverable);
        came_back.push(DatedFact { evidence: reason.to_owned(), ..fact });
        let Some(value) = attempt.target.clone() else { continue };
        let kind: Kind = kind_for(attempt.channel);
        // For the party alone: another of the same person may well live there.
        bad.push(Bad { parties: vec![attempt.party], kind, value, reason });
    }
    let now = tx.now();
    dated_fact::insert(tx.conn(), &came_back).await?;
    point::mark_bad(tx.conn(), &bad, now).await?;
    Ok(())
}
