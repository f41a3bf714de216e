//! What skiptrace tells: searches answered and refused.

use super::{about, account_id, facts};
use crate::{store::timeline, words::skiptrace as words};
use duly_platform::{Listener, Tx};
use duly_proto::{
    convert,
    skiptrace::v1::{Event, event::Fact},
};

/// A listener per kind.
pub fn listeners() -> Vec<Listener> {
    vec![
        Listener::new::<Event>("trace_completed", |tx, e| Box::pin(trace_completed(tx, e))),
        Listener::new::<Event>("scrub_completed", |tx, e| Box::pin(scrub_completed(tx, e))),
        Listener::new::<Event>("trace_refused", |tx, e| Box::pin(trace_refused(tx, e))),
    ]
}

async fn trace_completed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(TraceCompleted)) {
        let (meta, fact) = told?;
        let cost = convert::money_opt("cost", fact.cost.as_ref())?;
        let words = words::traced(fact, cost);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "skiptrace.trace_completed",
            words,
            cost,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn scrub_completed(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(ScrubCompleted)) {
        let (meta, fact) = told?;
        let cost = convert::money_opt("cost", fact.cost.as_ref())?;
        let words = words::scrubbed(fact, cost);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "skiptrace.scrub_completed",
            words,
            cost,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}

async fn trace_refused(tx: &mut Tx, events: &[Event]) -> anyhow::Result<()> {
    let mut entries = Vec::with_capacity(events.len());
    for told in facts(events, only!(TraceRefused)) {
        let (meta, fact) = told?;
        let words = words::refused(fact);
        entries.push(about(meta)?.entry(
            account_id(&fact.account_id)?,
            "skiptrace.trace_refused",
            words,
            None,
        ));
    }
    timeline::keep(tx.conn(), &entries).await?;
    Ok(())
}
