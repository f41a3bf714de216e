//! Ends an account with a close code. Only intake does this; everybody else proposes or hears of it.

use duly_domain::{AccountId, CloseCode, Lifecycle};
use duly_platform::{Refusal, Tx};
use duly_proto::{
    common::v1::EventMeta,
    convert::date_to_wire,
    intake::v1::{self as wire, event::Fact},
};

use crate::{
    error::AccountError,
    input,
    list_accounts::to_wire,
    store::account::{self, Account, End},
};

/// The end of an account.
pub struct CloseAccount {
    account: AccountId,
    code: CloseCode,
    reason: String,
}

impl CloseAccount {
    /// What a request asks for.
    pub fn parse(request: &wire::CloseAccountRequest) -> Result<Self, Refusal> {
        let code: CloseCode = request
            .close_code
            .trim()
            .parse()
            .map_err(|e: duly_domain::UnknownTerm| input::wrong("close_code", e.to_string()))?;
        if code == CloseCode::Rcl {
            return Err(input::wrong(
                "close_code",
                "is RCL; recall the account with RecallAccount",
            ));
        }
        let reason = match code {
            CloseCode::Oth => input::text("reason", &request.reason)?,
            _ => input::text_opt("reason", &request.reason)?,
        };
        Ok(Self { account: input::id("account_id", &request.account_id)?, code, reason })
    }
}

/// Closes it.
pub async fn close_account(
    tx: &mut Tx,
    close: &CloseAccount,
) -> Result<wire::CloseAccountResponse, Refusal> {
    tx.about(close.account);
    let mut account =
        account::lock(tx.conn(), close.account).await?.ok_or(AccountError::Unknown)?;
    if account.lifecycle == Lifecycle::Closed {
        return Err(closed(&account).into());
    }
    end(tx, &mut account, close.code, &close.reason).await?;
    Ok(wire::CloseAccountResponse { account: Some(to_wire(&account)) })
}

/// Writes and tells the end, as the next version of the account.
pub async fn end(
    tx: &mut Tx,
    account: &mut Account,
    code: CloseCode,
    reason: &str,
) -> Result<(), Refusal> {
    let ended = End { id: account.id, close_code: code, reason, version: account.version + 1 };
    let today = tx.today();
    account::close(tx.conn(), &[ended], today).await?;
    tell_closed(tx, account, code);
    Ok(())
}

/// Tells the end of an account that was just written as closed, and has the account say so too.
pub fn tell_closed(tx: &mut Tx, account: &mut Account, code: CloseCode) {
    let today = tx.today();
    account.version += 1;
    account.lifecycle = Lifecycle::Closed;
    account.close_code = Some(code);
    account.closed_on = Some(today);
    let fact = wire::AccountClosed {
        account_id: account.id.to_string(),
        opening: account.opening,
        close_code: code.to_string(),
        closed_on: Some(date_to_wire(today)),
    };
    tx.tell::<wire::Event>(meta(account), Fact::AccountClosed(fact));
}

/// What an event about the account as it stands says of itself.
pub fn meta(account: &Account) -> EventMeta {
    EventMeta {
        account_id: account.id.to_string(),
        client_id: account.client.to_string(),
        version: account.version,
        ..EventMeta::default()
    }
}

/// The refusal of a command to an account that has ended.
pub fn closed(account: &Account) -> AccountError {
    let code = account.close_code.unwrap_or(CloseCode::Oth);
    AccountError::Closed { account: account.id, code }
}
