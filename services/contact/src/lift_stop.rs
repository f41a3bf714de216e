//! Lifting a stop: with a reason, by those whom the access table lets, and by another than who placed it
//! where the agency asks for a second person. What the stop had withdrawn stays
//! withdrawn; the next treatment finds the way free.

use duly_domain::StopId;
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};

use crate::{
    config::Config,
    error::{ContactError, Result},
    note_obligations,
    store::{person, stop},
    wire as to_wire,
};

/// A stop to lift.
pub(crate) struct LiftStop {
    stop: StopId,
    reason: String,
}

impl TryFrom<wire::LiftStopRequest> for LiftStop {
    type Error = ContactError;

    fn try_from(request: wire::LiftStopRequest) -> Result<Self> {
        let reason = convert::text("reason", &request.reason)?;
        if reason.is_empty() {
            return Err(ContactError::field("reason", "is missing; say why contact is free again"));
        }
        Ok(Self { stop: convert::id("stop_id", &request.stop_id)?, reason })
    }
}

/// Lifts it.
pub(crate) async fn lift_stop(tx: &mut Tx, command: &LiftStop) -> Result<wire::LiftStopResponse> {
    let id = command.stop.uuid();
    let Some(seen) = stop::get(tx.conn(), id).await? else {
        return Err(ContactError::NotFound("stop"));
    };
    note_obligations::look_again(tx, &[seen.party]).await?;
    person::lock(tx.conn(), &[seen.party]).await?;
    // Read again under the lock: another may have lifted it while we waited.
    let Some(mut found) = stop::get(tx.conn(), id).await? else {
        return Err(ContactError::NotFound("stop"));
    };
    if found.lifted_at.is_some() {
        return Err(ContactError::AlreadyLifted);
    }
    let (now, actor) = (tx.now(), tx.actor().to_owned());
    tx.host().state::<Config>().may_lift(&found.placed_by, &actor)?;
    stop::lift(tx.conn(), id, now, &command.reason, &actor).await?;
    found.lifted_at = Some(now);
    found.lift_reason = Some(command.reason.clone());
    tx.about(command.stop);
    to_wire::tell_stop_lifted(tx, &found, &command.reason);
    Ok(wire::LiftStopResponse { stop: Some(to_wire::stop(&found)) })
}
