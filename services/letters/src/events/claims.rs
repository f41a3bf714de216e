//! What letters state: placements and their items, treatments, addresses that searches found.

use duly_domain::{ClaimItemKind, CreditorKind, id};
use duly_platform::{Listener, Tx};
use duly_proto::{
    Event as _,
    common::v1::TreatmentKind,
    convert::{self, AddressField as _, Misfit},
    intake::v1::{self as intake, event::Fact as Intake},
    skiptrace::v1::{self as skiptrace, event::Fact as Skiptrace, found_point::Point},
    workflow::v1::{self as workflow, event::Fact as Workflow},
};
use uuid::Uuid;

use super::{look_again, read, uuid, wrong_kind};
use crate::{
    prepare_letters,
    store::{
        fact::{self, ClaimFact, ItemFact, PointFact},
        treatment::{self, TreatmentFact},
    },
};

pub(super) fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<intake::Event>("account_placed", |tx, e| Box::pin(account_placed(tx, e))),
        Listener::new::<intake::Event>("claim_items_listed", |tx, e| Box::pin(items_listed(tx, e))),
        Listener::new::<workflow::Event>("treatment_due", |tx, e| Box::pin(treatment_due(tx, e))),
        Listener::new::<skiptrace::Event>("trace_completed", |tx, e| {
            Box::pin(trace_completed(tx, e))
        }),
    ]
}

async fn account_placed(tx: &mut Tx, events: &[intake::Event]) -> anyhow::Result<()> {
    let accounts = duly_standing::keep_placed(tx, events).await?;
    let claims = read(
        events,
        |event| event.fact.as_ref(),
        |_, fact| {
            let Intake::AccountPlaced(fact) = fact else { return Err(wrong_kind()) };
            let kind = match fact.creditor_kind() {
                intake::CreditorKind::Unspecified => "",
                kind => CreditorKind::try_from(kind)?.as_str(),
            };
            Ok(vec![ClaimFact {
                account_id: uuid::<id::Account>("account_id", &fact.account_id)?,
                opening: fact.opening,
                client_id: uuid::<id::Client>("client_id", &fact.client_id)?,
                original_creditor: fact.original_creditor.clone(),
                current_creditor: fact.current_creditor.clone(),
                creditor_kind: kind,
                claim_items: fact.claim_items,
            }])
        },
    )?;
    fact::keep_claims(tx.conn(), &claims).await?;
    look_again(tx, &accounts, &[]).await
}

async fn items_listed(tx: &mut Tx, events: &[intake::Event]) -> anyhow::Result<()> {
    let items = read(
        events,
        |event| event.fact.as_ref(),
        |event, fact| {
            let Intake::ClaimItemsListed(fact) = fact else { return Err(wrong_kind()) };
            let client_id = uuid::<id::Client>("meta.client_id", &event.meta().client_id)?;
            let account_id = uuid::<id::Account>("account_id", &fact.account_id)?;
            (0i32..)
                .zip(&fact.items)
                .map(|(line, item)| {
                    let open = convert::money("items.open_amount", item.open_amount.as_ref())?;
                    let original =
                        convert::money_opt("items.original_amount", item.original_amount.as_ref())?;
                    Ok(ItemFact {
                        account_id,
                        opening: fact.opening,
                        part: fact.part,
                        line,
                        client_id,
                        kind: ClaimItemKind::try_from(item.kind())?.as_str(),
                        number: item.number.clone(),
                        purchase_order: item.purchase_order.clone(),
                        item_date: convert::date_opt("items.item_date", item.item_date.as_ref())?,
                        due_date: convert::date_opt("items.due_date", item.due_date.as_ref())?,
                        currency: open.currency().code(),
                        open_minor: open.minor(),
                        // In another currency than the claim's it says nothing here.
                        original_minor: original
                            .filter(|original| original.currency() == open.currency())
                            .map(duly_domain::Money::minor),
                    })
                })
                .collect()
        },
    )?;
    fact::keep_items(tx.conn(), &items).await?;
    let mut accounts: Vec<Uuid> = items.iter().map(|item| item.account_id).collect();
    accounts.dedup();
    look_again(tx, &accounts, &[]).await
}

async fn treatment_due(tx: &mut Tx, events: &[workflow::Event]) -> anyhow::Result<()> {
    let treatments = read(
        events,
        |event| event.fact.as_ref(),
        |_, fact| {
            let Workflow::TreatmentDue(fact) = fact else { return Err(wrong_kind()) };
            // Calls are contact's, searches skiptrace's.
            if fact.kind() != TreatmentKind::Letter {
                return Ok(vec![]);
            }
            let channel = duly_domain::Channel::try_from(fact.channel())?;
            if !matches!(channel, duly_domain::Channel::Mail | duly_domain::Channel::Email) {
                return Err(Misfit::new("channel", "is none that a letter takes"));
            }
            Ok(vec![TreatmentFact {
                treatment_id: uuid::<id::Treatment>("treatment_id", &fact.treatment_id)?,
                client_id: uuid::<id::Client>("client_id", &fact.client_id)?,
                account_id: uuid::<id::Account>("account_id", &fact.account_id)?,
                opening: fact.opening,
                party_id: uuid::<id::Party>("party_id", &fact.party_id)?,
                channel: channel.as_str(),
                template: fact.template.clone(),
                step: fact.step.clone(),
                try_no: fact.try_no,
                expires_at: convert::instant("expires_at", fact.expires_at.as_ref())?,
            }])
        },
    )?;
    treatment::keep(tx.conn(), &treatments).await?;
    let keys: Vec<Uuid> = treatments.iter().map(|treatment| treatment.treatment_id).collect();
    let at = tx.next_tick();
    Ok(tx.mark_due(prepare_letters::QUEUE, &keys, at).await?)
}

async fn trace_completed(tx: &mut Tx, events: &[skiptrace::Event]) -> anyhow::Result<()> {
    let points = read(
        events,
        |event| event.fact.as_ref(),
        |event, fact| {
            let Skiptrace::TraceCompleted(fact) = fact else { return Err(wrong_kind()) };
            let meta = event.meta();
            let search_id = uuid::<id::Search>("search_id", &fact.search_id)?;
            let client_id = uuid::<id::Client>("meta.client_id", &meta.client_id)?;
            let party_id = uuid::<id::Party>("party_id", &fact.party_id)?;
            let found_at = convert::instant("meta.occurred_at", meta.occurred_at.as_ref())?;
            let points = (0i32..).zip(&fact.points).filter_map(|(line, point)| {
                let (address, email) = match point.point.as_ref()? {
                    Point::Phone(_) => return None,
                    Point::Email(email) => (None, Some(email.clone())),
                    Point::Address(address) => (Some(address.parts()), None),
                };
                let confidence = point.confidence;
                Some(PointFact {
                    search_id,
                    line,
                    client_id,
                    party_id,
                    address,
                    email,
                    confidence,
                    found_at,
                })
            });
            Ok(points.collect())
        },
    )?;
    Ok(fact::keep_points(tx.conn(), &points).await?)
}
