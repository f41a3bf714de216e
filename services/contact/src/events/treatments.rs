//! What workflow asks for: calls. Letters come from letters once they are prepared.

use duly_domain::{Channel, TreatmentKind};
use duly_platform::Tx;
use duly_proto::{
    convert,
    workflow::v1::{Event, event::Fact},
};

use super::{account, client, parse, party, treatment, wrong_kind};
use crate::{
    config::Config,
    release,
    store::attempt::{self, Plan},
};

/// Plans calls for the first tick at which the agency calls.
pub(super) async fn treatment_due(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let facts = parse(events, |event| {
        let Some(Fact::TreatmentDue(fact)) = &event.fact else { return Err(wrong_kind()) };
        if TreatmentKind::try_from(fact.kind())? != TreatmentKind::Call {
            return Ok(None);
        }
        Ok(Some((
            fact,
            client(&fact.client_id)?,
            account(&fact.account_id)?,
            party(&fact.party_id)?,
            treatment(&fact.treatment_id)?,
            convert::instant("expires_at", fact.expires_at.as_ref())?,
        )))
    })?;
    let next = tx.next_tick();
    let opens = tx.host().state::<Config>().open_at(next, tx.host().zone());
    let opens = tx.tick_at_or_after(opens);
    let mut plans = Vec::new();
    for (fact, client, account, party, treatment, expires_at) in facts.into_iter().flatten() {
        plans.push(Plan {
            id: tx.uuid(),
            client,
            account,
            opening: fact.opening.max(1),
            party,
            treatment,
            letter: None,
            step: fact.step.clone(),
            try_no: fact.try_no,
            channel: Channel::Call,
            target: None,
            address: None,
            // What expires before the agency calls is refused at once: somebody waits for the answer.
            planned_at: if opens <= expires_at { opens } else { next },
            expires_at,
        });
    }
    if plans.is_empty() {
        return Ok(());
    }
    attempt::plan(tx.conn(), &plans).await?;
    let marks = plans.iter().flat_map(|plan| [(plan.party, plan.planned_at), (plan.party, next)]);
    release::mark_planned(tx, marks).await?;
    Ok(())
}
