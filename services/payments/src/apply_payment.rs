//! Giving unapplied money its account: by itself once the account that it named is heard of, or by hand.

use duly_domain::{AccountId, PaymentId};
use duly_ledger::posting;
use duly_platform::{DueItem, Tx};
use duly_proto::{convert, payments::v1 as wire};
use uuid::Uuid;

use crate::{
    error::{PaymentsError, Result},
    judge_promises,
    model::{Named, Payment, State},
    post_payment::{hold, mark_release, payment_id, tell_posted},
    settle_trust::journal_post,
    store::{
        account::{self, Known},
        journal::Posting,
        payment,
    },
    wire as to_wire,
};

/// Queue of unapplied payments whose account may be known by now.
pub(crate) const QUEUE: &str = "apply";

/// Marks unapplied payments, to be looked at on the next tick.
pub(crate) async fn mark(tx: &mut Tx, payments: &[Uuid]) -> Result<()> {
    if !payments.is_empty() {
        let at = tx.next_tick();
        tx.mark_due(QUEUE, payments, at).await?;
    }
    Ok(())
}

/// Due work: applies each payment whose account and policy are known and kept in its currency. The
/// others stay unapplied until their account is heard of, or somebody names another.
pub(crate) async fn apply_due(tx: &mut Tx, due: &[DueItem]) -> Result<()> {
    let ids: Vec<Uuid> = due.iter().map(|item| item.key).collect();
    let unapplied = payment::lock_unapplied(tx.conn(), &ids).await?;
    let named: Vec<Named> = unapplied.iter().map(|payment| payment.named.clone()).collect();
    let known = account::find_all(tx.conn(), &named).await?;
    let found = unapplied.into_iter().zip(known).filter_map(|(payment, known)| {
        let known = known?;
        (known.currency == payment.amount.currency().code()).then_some((payment, known))
    });
    let mut found: Vec<(Payment, Known)> = found.collect();
    found.sort_by(|(left, _), (right, _)| left.order().cmp(&right.order()));
    apply(tx, &mut found).await
}

/// Holds payments for accounts that are known.
async fn apply(tx: &mut Tx, found: &mut [(Payment, Known)]) -> Result<()> {
    let today = tx.today();
    let mut postings = Vec::with_capacity(found.len());
    for (payment, known) in &mut *found {
        hold(payment, known, today);
        postings.push(Posting {
            id: tx.uuid(),
            set: posting::apply_unapplied(known.whose.into(), payment.amount)?,
            client: Some(known.whose.client),
            payment: Some(payment.id),
            remittance: None,
        });
    }
    let applied: Vec<&Payment> = found.iter().map(|(payment, _)| payment).collect();
    payment::update(tx.conn(), &applied).await?;
    journal_post(tx, &postings).await?;
    mark_release(tx, &applied).await?;
    let accounts: Vec<Uuid> = found.iter().map(|(_, known)| known.whose.account.uuid()).collect();
    judge_promises::mark(tx, &accounts).await?;
    for (payment, known) in &*found {
        tell_posted(tx, payment, known.whose);
    }
    Ok(())
}

/// An unapplied payment to be given an account.
pub(crate) struct ApplyPayment {
    payment: PaymentId,
    account: AccountId,
}

impl TryFrom<wire::ApplyPaymentRequest> for ApplyPayment {
    type Error = PaymentsError;

    fn try_from(request: wire::ApplyPaymentRequest) -> Result<Self> {
        Ok(Self {
            payment: payment_id(&request.payment_id)?,
            account: convert::id("account_id", &request.account_id)?,
        })
    }
}

/// Applies it by hand.
pub(crate) async fn apply_payment(
    tx: &mut Tx,
    command: &ApplyPayment,
) -> Result<wire::ApplyPaymentResponse> {
    tx.about(command.payment);
    let Some(payment) = payment::lock_unapplied(tx.conn(), &[command.payment.uuid()]).await?.pop()
    else {
        return Err(match payment::get(tx.conn(), command.payment).await? {
            None => PaymentsError::NotFound("payment"),
            Some(Payment { state: State::Reversed, reversed_on: Some(on), .. }) => {
                PaymentsError::AlreadyReversed(on)
            }
            Some(_) => PaymentsError::NotUnapplied,
        });
    };
    let Some(known) = account::find(tx.conn(), &Named::Id(command.account)).await? else {
        return Err(PaymentsError::unknown("account", command.account));
    };
    if known.currency != payment.amount.currency().code() {
        let reason = format!("names an account in another currency: {}", known.currency);
        return Err(PaymentsError::field("account_id", reason));
    }
    let mut found = [(payment, known)];
    apply(tx, &mut found).await?;
    let [(payment, _)] = found;
    Ok(wire::ApplyPaymentResponse { payment: Some(to_wire::payment(&payment)) })
}
