//! Resolving disputes: by a person, or by what the client answered.

use duly_domain::{DisputeId, DisputeOutcome};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};
use uuid::Uuid;

use crate::{
    affected,
    error::{ContactError, Result},
    store::dispute::{self, Dispute},
    wire as to_wire,
};

/// A dispute to resolve.
pub(crate) struct ResolveDispute {
    dispute: DisputeId,
    outcome: DisputeOutcome,
    reason: String,
}

impl TryFrom<wire::ResolveDisputeRequest> for ResolveDispute {
    type Error = ContactError;

    fn try_from(request: wire::ResolveDisputeRequest) -> Result<Self> {
        Ok(Self {
            dispute: convert::id("dispute_id", &request.dispute_id)?,
            outcome: DisputeOutcome::try_from(request.outcome())?,
            reason: convert::text("reason", &request.reason)?,
        })
    }
}

/// Resolves it.
pub(crate) async fn resolve_dispute(
    tx: &mut Tx,
    command: &ResolveDispute,
) -> Result<wire::ResolveDisputeResponse> {
    let id = command.dispute.uuid();
    let seen = dispute::get(tx.conn(), &[id]).await?;
    let Some(seen) = seen.into_iter().next() else {
        return Err(ContactError::NotFound("dispute"));
    };
    tx.about(command.dispute);
    affected::lock_accounts(tx, &[seen.account]).await?;
    let resolved = resolve(tx, &[(id, command.outcome)], &command.reason).await?;
    let resolved = resolved.first().ok_or(ContactError::AlreadyResolved)?;
    Ok(wire::ResolveDisputeResponse { dispute: Some(to_wire::dispute(resolved)) })
}

/// Resolves those that are open, under the locks on who owes their accounts, and answers them.
pub(crate) async fn resolve(
    tx: &mut Tx,
    outcomes: &[(Uuid, DisputeOutcome)],
    why: &str,
) -> Result<Vec<Dispute>> {
    let ids: Vec<Uuid> = outcomes.iter().map(|(id, _)| *id).collect();
    let mut open = dispute::get(tx.conn(), &ids).await?;
    open.retain(|dispute| dispute.outcome.is_none());
    let (now, today) = (tx.now(), tx.today());
    for dispute in &mut open {
        dispute.outcome =
            outcomes.iter().find(|(id, _)| *id == dispute.id).map(|(_, outcome)| *outcome);
        dispute.resolved_on = Some(today);
        dispute.resolved_at = Some(now);
    }
    dispute::resolve(tx.conn(), &open, now, why).await?;
    for dispute in &open {
        to_wire::tell_dispute_resolved(tx, dispute);
    }
    Ok(open)
}
