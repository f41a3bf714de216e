//! The client takes an account back. No contract has a period to object yet, so a recall does not rest
//! in `pending_recall`: it is final at once and closes the account with `RCL`.

use duly_domain::{AccountId, CloseCode, Lifecycle};
use duly_platform::{Principal, Refusal, Tx};
use duly_proto::{
    convert::date_to_wire,
    intake::v1::{self as wire, event::Fact},
};

use crate::{
    close_account::{closed, end, meta},
    error::AccountError,
    input,
    list_accounts::{must_see, to_wire},
    store::account,
};

/// A recall.
pub struct RecallAccount {
    who: Principal,
    account: AccountId,
    reason: String,
}

impl RecallAccount {
    /// What a request asks for.
    pub fn parse(who: Principal, request: &wire::RecallAccountRequest) -> Result<Self, Refusal> {
        Ok(Self {
            who,
            account: input::id("account_id", &request.account_id)?,
            reason: input::text_opt("reason", &request.reason)?,
        })
    }
}

/// Recalls it: told as recalled and, a version later, as closed.
pub async fn recall_account(
    tx: &mut Tx,
    recall: &RecallAccount,
) -> Result<wire::RecallAccountResponse, Refusal> {
    tx.about(recall.account);
    must_see(tx, &recall.who, recall.account).await?;
    let mut account =
        account::lock(tx.conn(), recall.account).await?.ok_or(AccountError::Unknown)?;
    if account.lifecycle == Lifecycle::Closed {
        return Err(closed(&account).into());
    }
    account.version += 1;
    let fact = wire::AccountRecalled {
        account_id: account.id.to_string(),
        opening: account.opening,
        recalled_on: Some(date_to_wire(tx.today())),
        reason: recall.reason.clone(),
    };
    tx.tell::<wire::Event>(meta(&account), Fact::AccountRecalled(fact));
    end(tx, &mut account, CloseCode::Rcl, &recall.reason).await?;
    Ok(wire::RecallAccountResponse { account: Some(to_wire(&account)) })
}
