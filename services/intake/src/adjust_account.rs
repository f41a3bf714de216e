//! Corrects the balance of a placed account by the client's word.

use duly_domain::{AccountId, AdjustmentId, Lifecycle, Money};
use duly_platform::{Principal, Refusal, Tx};
use duly_proto::{
    convert::{self, date_to_wire, money_to_wire},
    intake::v1::{self as wire, event::Fact},
};

use crate::{
    close_account::{closed, meta},
    error::AccountError,
    input,
    list_accounts::{must_see, to_wire},
    store::{
        account::{self, Account, Adjustment},
        parts,
    },
};

/// Largest correction in minor units, either way: sums stay within 64 bits.
const AMOUNT_MAX: i64 = 10_000_000_000_000;

/// A correction.
pub struct AdjustAccount {
    who: Principal,
    account: AccountId,
    amount: Money,
    reason: String,
    item_number: String,
}

impl AdjustAccount {
    /// What a request asks for.
    pub fn parse(who: Principal, request: &wire::AdjustAccountRequest) -> Result<Self, Refusal> {
        let amount = convert::money("amount", request.amount.as_ref()).map_err(input::misfit)?;
        if amount.is_zero() {
            return Err(input::wrong("amount", "is zero; a correction changes the balance"));
        }
        if !(-AMOUNT_MAX..=AMOUNT_MAX).contains(&amount.minor()) {
            return Err(input::wrong("amount", format!("is above {AMOUNT_MAX} minor units")));
        }
        let item_number = request.item_number.trim();
        Ok(Self {
            who,
            account: input::id("account_id", &request.account_id)?,
            amount,
            reason: input::text("reason", &request.reason)?,
            item_number: if item_number.is_empty() {
                String::new()
            } else {
                input::reference("item_number", item_number)?
            },
        })
    }
}

/// Adjusts it. A closed account is not corrected any more.
pub async fn adjust_account(
    tx: &mut Tx,
    adjust: &AdjustAccount,
) -> Result<wire::AdjustAccountResponse, Refusal> {
    tx.about(adjust.account);
    must_see(tx, &adjust.who, adjust.account).await?;
    let mut account =
        account::lock(tx.conn(), adjust.account).await?.ok_or(AccountError::Unknown)?;
    if account.lifecycle == Lifecycle::Closed {
        return Err(closed(&account).into());
    }
    let currency = account.listed.currency();
    if adjust.amount.currency() != currency {
        let reason = format!("is not in the account's currency {currency}");
        return Err(input::wrong("amount.currency", reason));
    }
    let item = adjust.item_number.as_str();
    if !item.is_empty() && !parts::has_item(tx.conn(), account.id, account.opening, item).await? {
        return Err(AccountError::UnknownItem.into());
    }
    correct(tx, &mut account, adjust.amount, item, &adjust.reason).await?;
    Ok(wire::AdjustAccountResponse { account: Some(to_wire(&account)) })
}

/// Writes and tells one correction of a locked, open account, as its next version.
pub async fn correct(
    tx: &mut Tx,
    account: &mut Account,
    amount: Money,
    item_number: &str,
    reason: &str,
) -> Result<(), Refusal> {
    let adjusted = account.adjusted.add(amount).map_err(|_| AccountError::BelowZero)?;
    let left = account.listed.add(adjusted).map_err(|_| AccountError::BelowZero)?;
    if left.is_negative() {
        return Err(AccountError::BelowZero.into());
    }
    let (id, today): (AdjustmentId, _) = (tx.id(), tx.today());
    let adjustment = Adjustment {
        id: id.uuid(),
        amount_minor: amount.minor(),
        adjusted_on: today,
        adjusted_at: tx.now(),
        item_number,
        reason,
    };
    account::adjust(tx.conn(), account, &adjustment).await?;
    account.adjusted = adjusted;
    account.version += 1;
    let fact = wire::AccountAdjusted {
        adjustment_id: id.to_string(),
        account_id: account.id.to_string(),
        amount: Some(money_to_wire(amount)),
        adjusted_on: Some(date_to_wire(today)),
        reason: reason.to_owned(),
        item_number: item_number.to_owned(),
        opening: account.opening,
    };
    tx.tell::<wire::Event>(meta(account), Fact::AccountAdjusted(fact));
    Ok(())
}
