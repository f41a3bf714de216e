//! Events in: facts are kept, work is marked due, nothing is decided.

use duly_domain::{Instant, SearchKind, SearchState, StopId, StopKind, id};
use duly_platform::{Listener, Tx};
use duly_proto::{
    Event as _,
    common::v1::TreatmentKind,
    contact::v1::{self as contact, event::Fact as Contact},
    convert::{self, Misfit},
    intake::v1 as intake,
    payments::v1 as payments,
    workflow::v1::{self as workflow, event::Fact as Workflow},
};
use sqlx::types::Uuid;

use crate::{
    Config, decide_searches, expire_searches,
    model::Search,
    store::{
        search,
        stop::{self, Stop},
    },
};

/// Keeps facts about accounts; searches that waited for them are decided at the next tick.
macro_rules! standing {
    ($event:path, $kind:literal, $keep:path) => {
        Listener::new::<$event>($kind, |tx, events| {
            Box::pin(async move {
                let touched = $keep(tx, events).await?;
                look_again(tx, &touched).await
            })
        })
    };
}

/// What skiptrace hears.
pub(crate) fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<intake::Event>("client_changed", |tx, events| {
            Box::pin(duly_standing::keep_clients(tx, events))
        }),
        standing!(intake::Event, "account_placed", duly_standing::keep_placed),
        standing!(intake::Event, "account_adjusted", duly_standing::keep_adjusted),
        standing!(intake::Event, "account_recalled", duly_standing::keep_recalled),
        standing!(intake::Event, "account_closed", duly_standing::keep_closed),
        standing!(intake::Event, "hold_placed", duly_standing::keep_holds_placed),
        standing!(intake::Event, "hold_lifted", duly_standing::keep_holds_lifted),
        standing!(payments::Event, "payment_posted", duly_standing::keep_posted),
        standing!(payments::Event, "payment_reversed", duly_standing::keep_reversed),
        standing!(payments::Event, "balance_settled", duly_standing::keep_settled),
        Listener::new::<workflow::Event>("treatment_due", |tx, events| {
            Box::pin(treatments_due(tx, events))
        }),
        Listener::new::<contact::Event>("stop_placed", |tx, events| {
            Box::pin(stops_placed(tx, events))
        }),
        Listener::new::<contact::Event>("stop_lifted", |tx, events| {
            Box::pin(stops_lifted(tx, events))
        }),
    ]
}

async fn look_again(tx: &mut Tx, accounts: &[Uuid]) -> anyhow::Result<()> {
    let at = tx.next_tick();
    if search::decide_anew(tx.conn(), accounts, at).await? {
        decide_searches::mark(tx, at).await?;
    }
    Ok(())
}

async fn treatments_due(tx: &mut Tx, events: &[workflow::Event]) -> anyhow::Result<()> {
    let mut searches = Vec::new();
    for event in events {
        let Some(Workflow::TreatmentDue(fact)) = &event.fact else {
            return Err(wrong_kind().into());
        };
        let kind = match fact.kind() {
            TreatmentKind::Scrub => SearchKind::Scrub,
            TreatmentKind::Trace => SearchKind::Trace,
            // Carried out by others.
            TreatmentKind::Letter | TreatmentKind::Call => continue,
            TreatmentKind::Unspecified => return Err(Misfit::new("kind", "is missing").into()),
        };
        let asked_at = convert::instant("meta.occurred_at", event.meta().occurred_at.as_ref())?;
        searches.push(treatment(tx, fact, kind, asked_at)?);
    }
    Ok(keep_searches(tx, &searches).await?)
}

/// Keeps new searches: each is decided at the next tick, and ends when its time is over.
pub(crate) async fn keep_searches(tx: &mut Tx, searches: &[Search]) -> sqlx::Result<()> {
    let at = tx.next_tick();
    let new = search::insert(tx.conn(), searches, at).await?;
    if new.is_empty() {
        return Ok(());
    }
    decide_searches::mark(tx, at).await?;
    expire_searches::mark(tx, searches.iter().filter(|s| new.contains(&s.id))).await?;
    Ok(())
}

fn treatment(
    tx: &mut Tx,
    fact: &workflow::TreatmentDue,
    kind: SearchKind,
    requested_at: Instant,
) -> Result<Search, Misfit> {
    let config = tx.host().state::<Config>();
    let (provider, currency) = (config.provider.clone(), config.price(kind).currency());
    let treatment = convert::id::<id::Treatment>("treatment_id", &fact.treatment_id)?;
    Ok(Search {
        id: tx.uuid(),
        treatment: Some(treatment.uuid()),
        client: convert::id::<id::Client>("client_id", &fact.client_id)?.uuid(),
        account: convert::id::<id::Account>("account_id", &fact.account_id)?.uuid(),
        opening: fact.opening.max(1),
        party: convert::id::<id::Party>("party_id", &fact.party_id)?.uuid(),
        kind,
        step: fact.step.clone(),
        try_no: fact.try_no,
        requested_at,
        expires_at: convert::instant("expires_at", fact.expires_at.as_ref())?,
        state: SearchState::Queued,
        provider,
        reference: None,
        cost: duly_domain::Money::zero(currency),
        spent_month: None,
        asked_at: None,
        answered_at: None,
        refusal: None,
    })
}

async fn stops_placed(tx: &mut Tx, events: &[contact::Event]) -> anyhow::Result<()> {
    let stops = events.iter().map(|event| {
        let Some(Contact::StopPlaced(fact)) = &event.fact else { return Err(wrong_kind()) };
        let account = convert::id_opt::<id::Account>("account_id", &fact.account_id)?;
        Ok(Stop {
            id: convert::id::<id::Stop>("stop_id", &fact.stop_id)?.uuid(),
            kind: StopKind::try_from(fact.kind())?.as_str(),
            party: convert::id::<id::Party>("party_id", &fact.party_id)?.uuid(),
            account: account.map(duly_domain::AccountId::uuid),
            placed_at: convert::instant("placed_at", fact.placed_at.as_ref())?,
        })
    });
    let stops = stops.collect::<Result<Vec<_>, Misfit>>()?;
    stop::place(tx.conn(), &stops).await?;
    Ok(())
}

async fn stops_lifted(tx: &mut Tx, events: &[contact::Event]) -> anyhow::Result<()> {
    let stops = events.iter().map(|event| {
        let Some(Contact::StopLifted(fact)) = &event.fact else { return Err(wrong_kind()) };
        convert::id::<id::Stop>("stop_id", &fact.stop_id).map(StopId::uuid)
    });
    let stops = stops.collect::<Result<Vec<_>, Misfit>>()?;
    stop::lift(tx.conn(), &stops).await?;
    Ok(())
}

fn wrong_kind() -> Misfit {
    Misfit::new("fact", "is not of the kind of its frame")
}
