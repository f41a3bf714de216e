//! Taking a payment back: its money is inverted exactly, its commission moves to what the survivors give.

use duly_domain::{ClientPolicy, Money, PaymentId, RemitMethod};
use duly_ledger::{Change, commission::ChangeKind, posting, statement::LineKind};
use duly_platform::Tx;
use duly_proto::{convert, payments::v1 as wire};

use crate::{
    error::{PaymentsError, Result},
    judge_promises,
    model::{File, Opening, Payment, State, Whose},
    post_payment::payment_id,
    price::reprice,
    release_payments::item,
    settle_trust::{self, journal_post, make_good},
    store::{
        account,
        journal::Posting,
        payment,
        remittance::{self, Item},
        trust,
    },
    wire as to_wire,
};

/// A payment to take back.
pub(crate) struct ReversePayment {
    payment: PaymentId,
    reason: wire::ReversalReason,
}

impl TryFrom<wire::ReversePaymentRequest> for ReversePayment {
    type Error = PaymentsError;

    fn try_from(request: wire::ReversePaymentRequest) -> Result<Self> {
        let reason = match request.reason() {
            wire::ReversalReason::Unspecified => {
                return Err(PaymentsError::field("reason", "is missing"));
            }
            reason => reason,
        };
        Ok(Self { payment: payment_id(&request.payment_id)?, reason })
    }
}

fn reason_code(reason: wire::ReversalReason) -> &'static str {
    match reason {
        wire::ReversalReason::Unspecified => "unspecified",
        wire::ReversalReason::Nsf => "nsf",
        wire::ReversalReason::Unauthorized => "unauthorized",
        wire::ReversalReason::Chargeback => "chargeback",
        wire::ReversalReason::PostedInError => "posted_in_error",
        wire::ReversalReason::Other => "other",
    }
}

/// Takes it back, today.
pub(crate) async fn reverse_payment(
    tx: &mut Tx,
    command: &ReversePayment,
) -> Result<wire::ReversePaymentResponse> {
    tx.about(command.payment);
    let Some(seen) = payment::get(tx.conn(), command.payment).await? else {
        return Err(PaymentsError::NotFound("payment"));
    };
    let payment = match seen.whose {
        None => {
            match payment::lock_unapplied(tx.conn(), &[command.payment.uuid()]).await?.pop() {
                Some(unapplied) => return_unapplied(tx, unapplied).await?,
                // It was applied or reversed since it was seen: judged as it is now.
                None => reverse_applied(tx, command).await?,
            }
        }
        Some(_) => reverse_applied(tx, command).await?,
    };
    payment::note_reason(tx.conn(), payment.id, reason_code(command.reason)).await?;
    Ok(wire::ReversePaymentResponse { payment: Some(to_wire::payment(&payment)) })
}

/// Unapplied money goes back. Nobody was told of it, so nothing is told.
async fn return_unapplied(tx: &mut Tx, mut payment: Payment) -> Result<Payment> {
    payment.state = State::Reversed;
    payment.reversed_on = Some(tx.today());
    payment::update(tx.conn(), &[&payment]).await?;
    let set = posting::return_unapplied(payment.amount)?;
    let posting =
        Posting { id: tx.uuid(), set, client: None, payment: Some(payment.id), remittance: None };
    journal_post(tx, &[posting]).await?;
    Ok(payment)
}

async fn reverse_applied(tx: &mut Tx, command: &ReversePayment) -> Result<Payment> {
    let seen = payment::get(tx.conn(), command.payment).await?;
    let seen = seen.ok_or(PaymentsError::NotFound("payment"))?;
    let Some(whose) = seen.whose else {
        return Err(match seen.reversed_on {
            Some(on) => PaymentsError::AlreadyReversed(on),
            None => PaymentsError::Corrupt { table: "payment", id: seen.id.uuid() },
        });
    };
    account::lock(tx.conn(), &[whose.account.uuid()]).await?;
    let mut file = account::load_one(tx.conn(), whose.account).await?;
    let payment = file.payments.iter().find(|payment| payment.id == command.payment);
    let payment = payment.ok_or(PaymentsError::NotFound("payment"))?.clone();
    let commission = match payment.state {
        State::Reversed => {
            let on = payment.reversed_on.unwrap_or(payment.posted_on);
            return Err(PaymentsError::AlreadyReversed(on));
        }
        State::Unapplied => {
            return Err(PaymentsError::Corrupt { table: "payment", id: payment.id.uuid() });
        }
        State::Held => {
            reverse_held(tx, &mut file, &payment, whose).await?;
            Money::zero(payment.amount.currency())
        }
        State::Released => reverse_released(tx, &mut file, &payment, whose).await?,
    };
    let today = tx.today();
    let fact = wire::PaymentReversed {
        payment_id: payment.id.to_string(),
        account_id: whose.account.to_string(),
        received_by: wire::ReceivedBy::from(payment.received_by).into(),
        amount: Some(convert::money_to_wire(payment.amount)),
        was_released: payment.state == State::Released,
        commission: Some(convert::money_to_wire(commission)),
        reversed_on: Some(convert::date_to_wire(today)),
        reason: command.reason.into(),
        collected: Some(convert::money_to_wire(payment.collected)),
        opening: file.opening_of(&payment).opening,
    };
    tx.tell::<wire::Event>(to_wire::meta(whose), wire::event::Fact::PaymentReversed(fact));
    judge_promises::mark(tx, &[whose.account.uuid()]).await?;
    let reversed = file.payments.into_iter().find(|other| other.id == payment.id);
    Ok(reversed.expect("the payment was found in this file before"))
}

fn mark_reversed(file: &mut File, id: PaymentId, on: duly_domain::Date) {
    for payment in file.payments.iter_mut().filter(|payment| payment.id == id) {
        payment.state = State::Reversed;
        payment.reversed_on = Some(on);
    }
}

/// It never was anybody's money to spend: it enters no total.
async fn reverse_held(tx: &mut Tx, file: &mut File, payment: &Payment, whose: Whose) -> Result<()> {
    mark_reversed(file, payment.id, tx.today());
    let reversed: Vec<&Payment> = file.payments.iter().filter(|p| p.id == payment.id).collect();
    payment::update(tx.conn(), &reversed).await?;
    let posting = Posting {
        id: tx.uuid(),
        set: posting::reverse_held(whose.into(), payment.amount)?,
        client: Some(whose.client),
        payment: Some(payment.id),
        remittance: None,
    };
    journal_post(tx, &[posting]).await
}

/// Inverts a released payment. Answers the commission posted by it, re-priced payments included.
async fn reverse_released(
    tx: &mut Tx,
    file: &mut File,
    payment: &Payment,
    whose: Whose,
) -> Result<Money> {
    let today = tx.today();
    let opening = file.opening_of(payment).clone();
    let policies = account::policies(tx.conn(), &[whose.client.uuid()]).await?;
    let policies = policies.get(&whose.client).map_or(&[][..], Vec::as_slice);
    mark_reversed(file, payment.id, today);
    let (changes, stands) = reprice(file, &opening, policies)?;
    let posted = Money::sum(opening.currency(), changes.iter().map(|change| change.posted))?;
    let left = file.balance(&opening)?;
    let items = items(tx, file, &opening, payment, &changes, left);
    if payment.in_trust() {
        let method = method(policies, today);
        take_from_trust(tx, payment, whose, &opening, method, posted, stands).await?;
    }
    remittance::keep_items(tx.conn(), &items, today).await?;
    let changed: Vec<&Payment> = file
        .payments
        .iter()
        .filter(|p| p.id == payment.id || changes.iter().any(|change| change.id == p.id))
        .collect();
    payment::update(tx.conn(), &changed).await?;
    if opening.settled_on.is_some() && left.is_positive() {
        account::note_settled(tx.conn(), &[(opening.account, opening.opening, None)]).await?;
    }
    Ok(posted)
}

fn method(policies: &[ClientPolicy], on: duly_domain::Date) -> RemitMethod {
    ClientPolicy::in_force(policies, on).map_or(RemitMethod::Net, |policy| policy.remit_method)
}

/// The reversal's own item, then one per payment that it re-priced.
fn items(
    tx: &mut Tx,
    file: &File,
    opening: &Opening,
    payment: &Payment,
    changes: &[Change],
    left: Money,
) -> Vec<Item> {
    let zero = Money::zero(opening.currency());
    let negative = |money: Money| zero.sub(money).expect("amounts of payments are bounded");
    let own = changes.iter().find(|change| change.id == payment.id);
    let in_trust = payment.in_trust();
    let mut items = vec![Item {
        id: tx.uuid(),
        opening: opening.clone(),
        payment: payment.id,
        kind: LineKind::Reversal,
        received_by: payment.received_by,
        gross: negative(payment.collected),
        overpayment: if in_trust { negative(payment.overpayment) } else { zero },
        commission: own.map_or(zero, |change| change.posted),
        schedule_version: payment.schedule_version.unwrap_or_default(),
        portions: payment.portions.clone(),
        balance_left: Some(left),
    }];
    for change in changes.iter().filter(|change| change.kind != ChangeKind::Reversed) {
        let other = file.payments.iter().find(|other| other.id == change.id);
        let other = other.expect("a change is of a payment in the file");
        items.push(item(tx, opening, other, change, LineKind::Repriced, None));
    }
    items
}

/// Takes the money out of what the client has released; what is then missing stands as a deficiency the
/// same day.
async fn take_from_trust(
    tx: &mut Tx,
    payment: &Payment,
    whose: Whose,
    opening: &Opening,
    method: RemitMethod,
    posted: Money,
    stands: Money,
) -> Result<()> {
    let mut balances = trust::lock(tx.conn(), whose.client, opening.currency()).await?;
    trust::fold(tx.conn(), &mut balances).await?;
    make_good(tx, &mut balances).await?;
    let settled = remittance::commission_settled(tx.conn(), opening).await?;
    // Taken from trust and no longer earned: what still stands is kept by right.
    let taken = settled.sub(stands)?.max(Money::zero(opening.currency()))?;
    let reversal = posting::Reversal {
        to_client: payment.collected,
        overpayment: payment.overpayment,
        available: balances.free()?,
        refunds_due: payment.overpayment,
        give_back: posting::give_back(method, posted, taken)?,
    };
    let set = posting::reverse_released(whose.into(), &reversal)?;
    balances.post(&set)?;
    trust::write(tx.conn(), &balances).await?;
    let posting = Posting {
        id: tx.uuid(),
        set,
        client: Some(whose.client),
        payment: Some(payment.id),
        remittance: None,
    };
    journal_post(tx, &[posting]).await?;
    let missing = balances.deficiency.total()?;
    if missing.is_positive() {
        tracing::error!(
            client.id = %whose.client,
            payment.id = %payment.id,
            missing_minor = missing.minor(),
            due_from_agency_minor = balances.deficiency.agency.minor(),
            "trust money of {} is missing: a bank took back what was paid out",
            whose.client
        );
        // A credit that was on its way while we held the lock cures at the next tick.
        let at = tx.next_tick();
        tx.mark_due(settle_trust::QUEUE, &[whose.client.uuid()], at).await?;
    }
    Ok(())
}
