//! Opening disputes: what pauses an account pauses it before the command returns.

use std::collections::BTreeSet;

use duly_domain::{AccountId, DebtClass, DisputeReason, Money, PartyId};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};
use duly_standing::Standing;

use crate::{
    affected,
    error::{ContactError, Result},
    look_up,
    store::dispute::{self, Dispute},
    wire as to_wire,
};

/// Items that one dispute can name.
const ITEMS_MAX: usize = 500;

/// A dispute to open.
pub(crate) struct OpenDispute {
    account: AccountId,
    party: Option<PartyId>,
    reason: DisputeReason,
    item_numbers: Vec<String>,
    amount: Option<Money>,
    detail: String,
}

impl TryFrom<wire::OpenDisputeRequest> for OpenDispute {
    type Error = ContactError;

    fn try_from(request: wire::OpenDisputeRequest) -> Result<Self> {
        let amount = convert::money_opt("amount", request.amount.as_ref())?;
        if amount.is_some_and(|amount| !amount.is_positive()) {
            return Err(ContactError::field("amount", "is not above zero"));
        }
        let reason = DisputeReason::try_from(request.reason())?;
        Ok(Self {
            account: look_up::account_id(&request.account_id)?,
            party: convert::id_opt("party_id", &request.party_id)?,
            reason,
            item_numbers: item_numbers(&request.item_numbers)?,
            amount,
            detail: convert::text("detail", &request.detail)?,
        })
    }
}

fn item_numbers(numbers: &[String]) -> Result<Vec<String>> {
    let wrong = |reason: String| ContactError::field("item_numbers", reason);
    if numbers.len() > ITEMS_MAX {
        return Err(wrong(format!("are more than {ITEMS_MAX}; dispute the whole account")));
    }
    let mut seen = BTreeSet::new();
    for number in numbers {
        let number = convert::text("item_numbers", number)?;
        if number.is_empty() {
            return Err(wrong("hold an empty number".to_owned()));
        }
        if !seen.insert(number) {
            return Err(wrong("name an item twice".to_owned()));
        }
    }
    Ok(seen.into_iter().collect())
}

/// Whether a dispute pauses an account: a consumer's always, another where it is about the whole.
pub(crate) fn pauses(standing: &Standing, item_numbers: &[String], amount: Option<Money>) -> bool {
    let part = !item_numbers.is_empty()
        || amount.is_some_and(|amount| amount.minor() < standing.balance.minor());
    match standing.debt_class {
        DebtClass::Consumer => true,
        DebtClass::Commercial => !part,
    }
}

/// Opens it.
pub(crate) async fn open_dispute(
    tx: &mut Tx,
    command: &OpenDispute,
) -> Result<wire::OpenDisputeResponse> {
    let account = command.account.uuid();
    let seen = look_up::account(tx, command.account).await?;
    if let Some(party) = command.party {
        look_up::liable(&seen, party)?;
    }
    affected::lock_accounts(tx, &[account]).await?;
    let standing = look_up::account(tx, command.account).await?;
    let currency = standing.listed.currency();
    if command.amount.is_some_and(|amount| amount.currency() != currency) {
        let reason = format!("is not the account's, which is kept in {currency}");
        return Err(ContactError::field("amount.currency", reason));
    }
    let dispute = Dispute {
        id: tx.uuid(),
        client: standing.client,
        account,
        opening: standing.opening,
        party: command.party.map(PartyId::uuid),
        reason: command.reason,
        pauses: pauses(&standing, &command.item_numbers, command.amount),
        item_numbers: command.item_numbers.clone(),
        amount: command.amount,
        opened_on: tx.today(),
        opened_at: tx.now(),
        detail: command.detail.clone(),
        outcome: None,
        resolved_on: None,
    };
    let answer = to_wire::dispute(&dispute);
    tx.about(&answer.dispute_id);
    let owing: Vec<uuid::Uuid> = standing.parties.iter().map(|party| party.id).collect();
    open(tx, &[dispute], &owing).await?;
    Ok(wire::OpenDisputeResponse { dispute: Some(answer) })
}

/// Opens disputes of accounts that these parties owe, whose persons are locked.
pub(crate) async fn open(tx: &mut Tx, disputes: &[Dispute], parties: &[uuid::Uuid]) -> Result<()> {
    if disputes.is_empty() {
        return Ok(());
    }
    dispute::insert(tx.conn(), disputes).await?;
    for dispute in disputes {
        to_wire::tell_dispute_opened(tx, dispute);
    }
    affected::parties(tx, parties).await
}
