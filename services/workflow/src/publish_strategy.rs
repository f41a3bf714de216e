//! Publishing a strategy: read, checked, and kept as the next version of its name. What accounts run
//! stays as it is; new accounts take the latest.

use duly_platform::{Principal, Tx};
use duly_proto::workflow::v1 as wire;
use duly_strategy::{BUILT_IN, Document};

use crate::{
    documents::latest,
    error::{Result, WorkflowError},
    store::strategy::{self, Published},
    tick_cases, wire as to_wire,
};

/// A document to be published.
#[derive(Debug)]
pub(crate) struct PublishStrategy {
    name: String,
    document: String,
    by: String,
}

impl PublishStrategy {
    /// Reads and checks it.
    pub(crate) fn parse(who: &Principal, request: wire::PublishStrategyRequest) -> Result<Self> {
        if request.document.trim().is_empty() {
            let reason = "is missing; give a strategy as YAML";
            return Err(WorkflowError::field("document", reason));
        }
        if request.document.contains('\0') {
            return Err(WorkflowError::field("document", "contains a NUL character"));
        }
        let document = Document::parse(&request.document).map_err(WorkflowError::Document)?;
        Ok(Self { name: document.name, document: request.document, by: who.actor() })
    }
}

/// Publishes it. The same document as the latest of its name is that version.
pub(crate) async fn publish_strategy(
    tx: &mut Tx,
    command: &PublishStrategy,
) -> Result<wire::PublishStrategyResponse> {
    tx.about(&command.name);
    strategy::lock_name(tx.conn(), &command.name).await?;
    let before = latest(tx, &command.name).await?;
    if let Some(same) = before.as_ref().filter(|it| it.document == command.document) {
        return Ok(wire::PublishStrategyResponse { strategy: Some(to_wire::strategy(same)) });
    }
    let published = Published {
        name: command.name.clone(),
        version: before.map_or(0, |before| before.version) + 1,
        document: command.document.clone(),
        published_by: command.by.clone(),
        published_at: tx.now(),
    };
    strategy::insert(tx.conn(), &published).await?;
    if BUILT_IN.iter().any(|built_in| built_in.name == command.name) {
        // It may fit what none has fitted.
        let waiting = strategy::cases_without(tx.conn()).await?;
        let at = tx.next_tick();
        tx.mark_due(tick_cases::QUEUE, &waiting, at).await?;
    }
    Ok(wire::PublishStrategyResponse { strategy: Some(to_wire::strategy(&published)) })
}
