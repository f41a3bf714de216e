//! What workflow tells: cases, treatments, tasks, proposals to close.

use super::{about, account_id, facts};
use crate::{store::timeline, words::workflow as words};
use duly_platform::{Listener, Tx};
use duly_proto::{
    convert,
    workflow::v1::{Event, event::Fact},
};

/// A listener per kind.
pub fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Event>("case_opened", |tx, e| Box::pin(case_opened(tx, e))),
        Listener::new::<Event>("treatment_due", |tx, e| Box::pin(treatment_due(tx, e))),
        Listener::new::<Event>("task_opened", |tx, e| Box::pin(task_opened(tx, e))),
        Listener::new::<Event>("close_proposed", |tx, e| Box::pin(close_proposed(tx, e))),
    ]
}

async fn case_opened(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(CaseOpened)) {
        let (meta, fact) = told?;
        let words = words::case_opened(fact);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "workflow.case_opened",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn treatment_due(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(TreatmentDue)) {
        let (meta, fact) = told?;
        let words = words::treatment_due(fact);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "workflow.treatment_due",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn task_opened(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(TaskOpened)) {
        let (meta, fact) = told?;
        let due_on = convert::date_opt("due_on", fact.due_on.as_ref())?;
        let words = words::task_opened(fact, due_on);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "workflow.task_opened",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn close_proposed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(CloseProposed)) {
        let (meta, fact) = told?;
        let words = words::close_proposed(fact);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "workflow.close_proposed",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}
