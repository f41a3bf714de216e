//! The client asks that an account not be worked for now. Balance and placement stay.

use duly_domain::{AccountId, Date, Lifecycle};
use duly_platform::{Principal, Refusal, Tx};
use duly_proto::{
    convert::{self, date_to_wire},
    intake::v1::{self as wire, event::Fact},
};

use crate::{
    close_account::{closed, meta},
    error::AccountError,
    input,
    list_accounts::must_see,
    store::{
        account,
        hold::{self, Hold},
    },
};

/// A hold to place.
pub struct HoldAccount {
    who: Principal,
    account: AccountId,
    reason: String,
    until_on: Option<Date>,
}

impl HoldAccount {
    /// What a request asks for.
    pub fn parse(who: Principal, request: &wire::HoldAccountRequest) -> Result<Self, Refusal> {
        Ok(Self {
            who,
            account: input::id("account_id", &request.account_id)?,
            reason: input::text("reason", &request.reason)?,
            until_on: convert::date_opt("until_on", request.until_on.as_ref())
                .map_err(input::misfit)?,
        })
    }
}

/// Places it from today on. An account may have several; it is on hold while any of them stands.
pub async fn hold_account(
    tx: &mut Tx,
    place: &HoldAccount,
) -> Result<wire::HoldAccountResponse, Refusal> {
    tx.about(place.account);
    must_see(tx, &place.who, place.account).await?;
    let account = account::lock(tx.conn(), place.account).await?.ok_or(AccountError::Unknown)?;
    if account.lifecycle == Lifecycle::Closed {
        return Err(closed(&account).into());
    }
    let today = tx.today();
    if place.until_on.is_some_and(|last| last < today) {
        return Err(input::wrong("until_on", "is in the past; it is the hold's last day"));
    }
    let hold = Hold {
        id: tx.id(),
        account: account.id,
        client: account.client,
        opening: account.opening,
        reason: place.reason.clone(),
        from_on: today,
        until_on: place.until_on,
        lifted_on: None,
    };
    hold::insert(tx.conn(), &hold).await?;
    let fact = wire::HoldPlaced {
        hold_id: hold.id.to_string(),
        account_id: account.id.to_string(),
        opening: account.opening,
        reason: hold.reason.clone(),
        from_on: Some(date_to_wire(today)),
        until_on: hold.until_on.map(date_to_wire),
    };
    tx.tell::<wire::Event>(meta(&account), Fact::HoldPlaced(fact));
    Ok(wire::HoldAccountResponse { hold: Some(to_wire(&hold)) })
}

/// A hold on the wire.
pub fn to_wire(hold: &Hold) -> wire::Hold {
    wire::Hold {
        hold_id: hold.id.to_string(),
        account_id: hold.account.to_string(),
        reason: hold.reason.clone(),
        from_on: Some(date_to_wire(hold.from_on)),
        until_on: hold.until_on.map(date_to_wire),
        lifted: hold.lifted_on.is_some(),
    }
}
