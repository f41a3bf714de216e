//! Cancelling a promise: it no longer stands, and counts neither as kept nor as broken.

use duly_domain::{PromiseId, PromiseState};
use duly_platform::Tx;
use duly_proto::{convert, payments::v1 as wire};

use crate::{
    error::{PaymentsError, Result},
    promise::Promise,
    store::{account, promise},
    wire as to_wire,
};

/// A promise to cancel.
pub(crate) struct CancelPromise {
    promise: PromiseId,
    reason: String,
}

impl TryFrom<wire::CancelPromiseRequest> for CancelPromise {
    type Error = PaymentsError;

    fn try_from(request: wire::CancelPromiseRequest) -> Result<Self> {
        let reason = convert::text("reason", &request.reason)?;
        if reason.is_empty() {
            return Err(PaymentsError::field("reason", "is missing"));
        }
        Ok(Self { promise: convert::id("promise_id", &request.promise_id)?, reason })
    }
}

/// Cancels it, today. Whoever waits for it is told that it no longer stands.
pub(crate) async fn cancel_promise(
    tx: &mut Tx,
    command: &CancelPromise,
) -> Result<wire::CancelPromiseResponse> {
    tx.about(command.promise);
    let seen = load(tx, command.promise).await?;
    account::lock(tx.conn(), &[seen.whose.account.uuid()]).await?;
    let mut promise = load(tx, command.promise).await?;
    if promise.state != PromiseState::Open {
        return Err(PaymentsError::PromiseEnded(promise.state));
    }
    promise.state = PromiseState::Cancelled;
    promise.ended_on = Some(tx.today());
    promise.cancel_reason = Some(command.reason.clone());
    promise::update(tx.conn(), std::slice::from_ref(&promise)).await?;
    to_wire::tell_promise_broken(tx, &promise);
    Ok(wire::CancelPromiseResponse { promise: Some(to_wire::promise(&promise)) })
}

async fn load(tx: &mut Tx, id: PromiseId) -> Result<Promise> {
    promise::get(tx.conn(), id).await?.ok_or(PaymentsError::NotFound("promise"))
}
