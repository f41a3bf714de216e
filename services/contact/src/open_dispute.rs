//! Opening disputes: what pauses an account pauses it before the command returns.

use std::collections::BTreeSet;

use duly_compliance::{EventKind, Medium};
use duly_domain::{AccountId, DebtClass, DisputeId, DisputeReason, Money, PartyId};
use duly_platform::Tx;
use duly_proto::{contact::v1 as wire, convert};
use duly_standing::Standing;

use crate::{
    affected,
    codes::{Code as _, Form},
    error::{ContactError, Result},
    look_up,
    scope::Received,
    store::{
        dated_fact::{self, DatedFact},
        dispute::{self, Dispute},
    },
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
    form: Option<Form>,
    received: Received,
    medium: Option<Medium>,
    duplicate_of: Option<DisputeId>,
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
            form: Form::of_wire(request.form()),
            received: Received::parse("received_at", request.received_at.as_ref())?,
            medium: Medium::of_wire(request.medium()),
            duplicate_of: convert::id_opt("duplicate_of", &request.duplicate_of)?,
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
    let received_at = command.received.by(tx.now())?;
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
    if let Some(first) = command.duplicate_of {
        check_duplicate(tx, first, account).await?;
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
        form: command.form,
        received_at,
        received_on: tx.host().zone().local_date(received_at),
        medium: command.medium,
        duplicate_of: command.duplicate_of.map(DisputeId::uuid),
        detail: command.detail.clone(),
        outcome: None,
        resolved_on: None,
        resolved_at: None,
        validation_end: None,
        verified_at: None,
    };
    let id = DisputeId::from_uuid(dispute.id);
    tx.about(id);
    let owing: Vec<uuid::Uuid> = standing.parties.iter().map(|party| party.id).collect();
    open(tx, &[dispute], &owing).await?;
    // Read again: whether it is in time is told by the notices that went out.
    let opened = dispute::get(tx.conn(), &[id.uuid()]).await?;
    Ok(wire::OpenDisputeResponse { dispute: opened.first().map(to_wire::dispute) })
}

/// A duplicate repeats an earlier dispute of the same account that was answered.
async fn check_duplicate(tx: &mut Tx, first: DisputeId, account: uuid::Uuid) -> Result<()> {
    let wrong = |reason| Err(ContactError::field("duplicate_of", reason));
    let found = dispute::get(tx.conn(), &[first.uuid()]).await?;
    match found.first() {
        Some(first) if first.account != account => wrong("is a dispute of another account"),
        Some(first) if first.outcome.is_none() => {
            wrong("is still open: what it repeats is answered there")
        }
        Some(_) => Ok(()),
        None => Err(ContactError::unknown("dispute", first)),
    }
}

/// Opens disputes of accounts that these parties owe, whose persons are locked.
pub(crate) async fn open(tx: &mut Tx, disputes: &[Dispute], parties: &[uuid::Uuid]) -> Result<()> {
    if disputes.is_empty() {
        return Ok(());
    }
    dispute::insert(tx.conn(), disputes).await?;
    let mut facts = Vec::new();
    for dispute in disputes {
        to_wire::tell_dispute_opened(tx, dispute);
        facts.extend(fact(tx, dispute));
    }
    dated_fact::insert(tx.conn(), &facts).await?;
    affected::parties(tx, parties).await
}

/// That a dispute was received, where it is known how.
fn fact(tx: &mut Tx, dispute: &Dispute) -> Option<DatedFact> {
    let kind = match dispute.form? {
        Form::Written => EventKind::DisputedInWriting,
        Form::Oral => EventKind::DisputedOrally,
    };
    Some(DatedFact {
        id: tx.uuid(),
        client: dispute.client,
        kind,
        at: dispute.received_at,
        account: Some(dispute.account),
        party: dispute.party,
        medium: dispute.medium,
        address: None,
        stated_on: None,
        chapter: None,
        source: "dispute".to_owned(),
        source_id: Some(dispute.id),
        evidence: String::new(),
        recorded_at: tx.now(),
    })
}
