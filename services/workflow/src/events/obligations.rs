//! What contact tells of duties: opened, missed, over. They may come in any order.

use duly_domain::{ObligationId, id};
use duly_platform::{BoxFuture, Tx};
use duly_proto::{
    Event as _,
    contact::v1::{self as contact, event::Fact as Contact},
    convert::{self, Misfit},
};
use uuid::Uuid;

use super::answers::occurred_at;
use super::{account, client, mark_accounts, opening, read, wrong_kind};
use crate::store::obligation::{self, ObligationFact};

type Handled<'a> = BoxFuture<'a, anyhow::Result<()>>;

async fn keep(tx: &mut Tx, facts: Vec<ObligationFact>) -> anyhow::Result<()> {
    obligation::keep(tx.conn(), &facts).await?;
    let accounts: Vec<Uuid> = facts.iter().map(|fact| fact.account).collect();
    mark_accounts(tx, &accounts).await
}

fn blank(
    event: &contact::Event,
    obligation_id: &str,
    account_id: &str,
    told_opening: i32,
) -> Result<ObligationFact, Misfit> {
    let id: ObligationId = convert::id::<id::Obligation>("obligation_id", obligation_id)?;
    Ok(ObligationFact {
        obligation: id.uuid(),
        account: account(account_id)?,
        opening: opening(told_opening),
        client: client(event.meta())?,
        ..ObligationFact::default()
    })
}

pub(super) fn obligation_opened<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Contact::ObligationOpened(fact)) = &event.fact else {
                return Err(wrong_kind());
            };
            let party = convert::id_opt::<id::Party>("party_id", &fact.party_id)?;
            Ok(ObligationFact {
                party: party.map(duly_domain::PartyId::uuid),
                code: fact.code.clone(),
                what: fact.what.clone(),
                authority: fact.authority.clone(),
                due_on: convert::date_opt("due_on", fact.due_on.as_ref())?,
                before: fact.before.clone(),
                ask_on: convert::date_opt("ask_on", fact.ask_on.as_ref())?,
                opened_told_at: Some(occurred_at(event.meta())?),
                ..blank(event, &fact.obligation_id, &fact.account_id, fact.opening)?
            })
        })?;
        keep(tx, facts).await
    })
}

pub(super) fn obligation_missed<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Contact::ObligationMissed(fact)) = &event.fact else {
                return Err(wrong_kind());
            };
            Ok(ObligationFact {
                missed_at: Some(convert::instant("missed_at", fact.missed_at.as_ref())?),
                missed_told_at: Some(occurred_at(event.meta())?),
                ..blank(event, &fact.obligation_id, &fact.account_id, fact.opening)?
            })
        })?;
        keep(tx, facts).await
    })
}

pub(super) fn obligation_met<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let facts = read(events, |event| {
            let Some(Contact::ObligationMet(fact)) = &event.fact else { return Err(wrong_kind()) };
            Ok(ObligationFact {
                over_told_at: Some(occurred_at(event.meta())?),
                void: fact.void,
                ..blank(event, &fact.obligation_id, &fact.account_id, fact.opening)?
            })
        })?;
        keep(tx, facts).await
    })
}
