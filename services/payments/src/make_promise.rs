//! Recording a debtor's promise to pay.

use duly_domain::{AccountId, Date, Money, PartyId, PaymentMethod, PromiseState};
use duly_platform::Tx;
use duly_proto::{convert, payments::v1 as wire};

use crate::{
    dates,
    error::{PaymentsError, Result},
    judge_promises,
    model::{File, Opening, Whose},
    post_payment::amount,
    promise::{Promise, owed},
    store::{account, promise},
    wire as to_wire,
};

/// Furthest day that can be promised: the account rests until then, so a mistyped year must not
/// pass. The agency's own rule (default).
const DUE_DAYS_MAX: u64 = 366;

/// A promise to record.
pub(crate) struct MakePromise {
    account: AccountId,
    party: Option<PartyId>,
    amount: Money,
    due_on: Date,
    method: PaymentMethod,
}

impl TryFrom<wire::MakePromiseRequest> for MakePromise {
    type Error = PaymentsError;

    fn try_from(request: wire::MakePromiseRequest) -> Result<Self> {
        Ok(Self {
            account: convert::id("account_id", &request.account_id)?,
            party: convert::id_opt("party_id", &request.party_id)?,
            amount: amount(request.amount.as_ref())?,
            due_on: convert::date("due_on", request.due_on.as_ref())?,
            method: request.method().try_into()?,
        })
    }
}

/// Records it and tells it at once. What becomes of it, a tick decides.
pub(crate) async fn make_promise(
    tx: &mut Tx,
    command: &MakePromise,
) -> Result<wire::MakePromiseResponse> {
    let today = tx.today();
    if command.due_on < today {
        return Err(PaymentsError::field("due_on", "is in the past"));
    }
    if command.due_on > today.checked_add_days(chrono::Days::new(DUE_DAYS_MAX)).unwrap_or(today) {
        return Err(PaymentsError::field("due_on", "is more than a year ahead"));
    }
    account::lock(tx.conn(), &[command.account.uuid()]).await?;
    let file = match account::load_one(tx.conn(), command.account).await {
        Err(PaymentsError::NotFound(what)) => {
            return Err(PaymentsError::unknown(what, command.account));
        }
        loaded => loaded?,
    };
    let opening = file.latest();
    still_owed(&file, opening, command.amount)?;
    if let Some(party) = command.party
        && !promise::owes(tx.conn(), opening.account, opening.opening, party).await?
    {
        return Err(PaymentsError::field("party_id", "is no liable party of the account"));
    }
    if promise::has_open(tx.conn(), opening.account, opening.opening).await? {
        return Err(PaymentsError::PromiseOpen);
    }
    let made = Promise {
        id: tx.id(),
        whose: Whose { account: opening.account, client: opening.client },
        opening: opening.opening,
        party: command.party,
        amount: command.amount,
        due_on: command.due_on,
        method: command.method,
        state: PromiseState::Open,
        made_on: today,
        earlier: file.payments.iter().filter(|p| p.payment_on >= today).map(|p| p.id).collect(),
        counted: Vec::new(),
        paid: Money::zero(command.amount.currency()),
        ended_on: None,
        cancel_reason: None,
    };
    tx.about(made.id);
    promise::insert(tx.conn(), &made).await?;
    to_wire::tell_promise_made(tx, &made);
    // A payment or an end that committed beside us is looked at on the next tick.
    let account = made.whose.account.uuid();
    judge_promises::mark(tx, &[account]).await?;
    let over = made.last_day().succ_opt().unwrap_or(Date::MAX);
    let at = dates::tick_of_day(tx, over);
    tx.mark_due(judge_promises::QUEUE, &[account], at).await?;
    Ok(wire::MakePromiseResponse { promise: Some(to_wire::promise(&made)) })
}

/// Whether so much can be promised on an opening.
fn still_owed(file: &File, opening: &Opening, promised: Money) -> Result<()> {
    let ends = || file.ends.iter().filter(|end| end.opening == opening.opening);
    if ends().any(|end| end.code.is_some()) {
        return Err(PaymentsError::AccountEnded("closed"));
    }
    if ends().next().is_some() {
        return Err(PaymentsError::AccountEnded("recalled"));
    }
    if opening.settled_on.is_some() {
        return Err(PaymentsError::AccountEnded("settled"));
    }
    if promised.currency() != opening.currency() {
        let reason = format!("is not the account's, which is kept in {}", opening.currency());
        return Err(PaymentsError::field("amount.currency", reason));
    }
    if promised.minor() > owed(file, opening)?.minor() {
        return Err(PaymentsError::field("amount.minor", "is above what is owed"));
    }
    Ok(())
}
