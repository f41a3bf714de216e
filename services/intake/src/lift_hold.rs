//! Ends a hold before its last day.

use duly_domain::HoldId;
use duly_platform::{Principal, Refusal, Tx};
use duly_proto::intake::v1::{self as wire, event::Fact};

use crate::{
    close_account::meta,
    close_proposed,
    error::{AccountError, HoldError},
    hold_account::to_wire,
    input,
    store::{account, hold},
};

/// A hold to lift.
pub struct LiftHold {
    who: Principal,
    hold: HoldId,
    reason: String,
}

impl LiftHold {
    /// What a request asks for.
    pub fn parse(who: Principal, request: &wire::LiftHoldRequest) -> Result<Self, Refusal> {
        Ok(Self {
            who,
            hold: input::id("hold_id", &request.hold_id)?,
            reason: input::text_opt("reason", &request.reason)?,
        })
    }
}

/// Lifts it. What was to be closed while it stood is looked at again.
pub async fn lift_hold(tx: &mut Tx, lift: &LiftHold) -> Result<wire::LiftHoldResponse, Refusal> {
    tx.about(lift.hold);
    tx.as_reader_of(&lift.who).await?;
    let seen = hold::by_id(tx.conn(), lift.hold).await?.ok_or(HoldError::Unknown)?;
    tx.as_app().await?;
    let account = account::lock(tx.conn(), seen.account).await?.ok_or(AccountError::Unknown)?;
    let mut hold = hold::by_id(tx.conn(), lift.hold).await?.ok_or(HoldError::Unknown)?;
    let today = tx.today();
    if let Some(lifted_on) = hold.lifted_on {
        return Err(HoldError::Lifted(lifted_on).into());
    }
    if let Some(over) = hold.until_on.filter(|last| *last < today) {
        return Err(HoldError::Over(over).into());
    }
    hold::lift(tx.conn(), hold.id, &lift.reason, today).await?;
    hold.lifted_on = Some(today);
    let fact = wire::HoldLifted {
        hold_id: hold.id.to_string(),
        account_id: account.id.to_string(),
        opening: hold.opening,
        reason: lift.reason.clone(),
    };
    tx.tell::<wire::Event>(meta(&account), Fact::HoldLifted(fact));
    let at = tx.next_tick();
    tx.mark_due(close_proposed::QUEUE, &[account.id.uuid()], at).await?;
    Ok(wire::LiftHoldResponse { hold: Some(to_wire(&hold)) })
}
