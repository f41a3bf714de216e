//! Booking a payment that the agency received. Money in hand is never refused: what names no account
//! known here stands as unapplied and is applied at the first tick after that account is heard of.

use duly_domain::{ClientPolicy, Date, Money, PaymentId, PaymentMethod, ReceivedBy};
use duly_ledger::posting;
use duly_platform::Tx;
use duly_proto::{convert, payments::v1 as wire};
use uuid::Uuid;

use crate::{
    apply_payment, dates,
    error::{PaymentsError, Result},
    judge_promises,
    model::{Named, Payment, State, Whose, begun_by},
    release_payments,
    settle_trust::journal_post,
    store::{
        account::{self, Known},
        journal::Posting,
        payment,
    },
    wire as to_wire,
};

/// Most minor units in one payment: sums of very many still fit 64 bits.
const AMOUNT_MINOR_MAX: i64 = 1_000_000_000_000_000;

/// Most claim items that one payment is directed to.
const ITEMS_MAX: usize = 1_000;

/// A payment to book.
pub(crate) struct PostPayment {
    named: Named,
    amount: Money,
    payment_on: Option<Date>,
    reference: String,
    method: PaymentMethod,
    item_numbers: Vec<String>,
}

impl TryFrom<wire::PostPaymentRequest> for PostPayment {
    type Error = PaymentsError;

    fn try_from(request: wire::PostPaymentRequest) -> Result<Self> {
        use wire::post_payment_request::Account;
        let method = request.method().try_into()?;
        let named = match request.account {
            None => {
                return Err(PaymentsError::field(
                    "account",
                    "is missing; name an id or a reference",
                ));
            }
            Some(Account::AccountId(id)) => Named::Id(convert::id("account_id", &id)?),
            Some(Account::Reference(reference)) => Named::Reference {
                client: required("reference.client_ref", &reference.client_ref)?,
                account: required("reference.client_account_ref", &reference.client_account_ref)?,
            },
        };
        Ok(Self {
            named,
            amount: amount(request.amount.as_ref())?,
            payment_on: convert::date_opt("payment_on", request.payment_on.as_ref())?,
            reference: convert::text("received_reference", &request.received_reference)?,
            method,
            item_numbers: item_numbers(&request.item_numbers)?,
        })
    }
}

fn required(field: &str, text: &str) -> Result<String> {
    let text = convert::text(field, text)?;
    if text.is_empty() { Err(PaymentsError::field(field, "is missing")) } else { Ok(text) }
}

/// An amount that can have been paid.
pub(crate) fn amount(amount: Option<&duly_proto::common::v1::Money>) -> Result<Money> {
    let amount = convert::money("amount", amount)?;
    match amount.minor() {
        ..=0 => Err(PaymentsError::field("amount.minor", "is not above zero")),
        1..=AMOUNT_MINOR_MAX => Ok(amount),
        _ => Err(PaymentsError::field("amount.minor", "is larger than any payment can be")),
    }
}

/// The items that a payment is directed to.
pub(crate) fn item_numbers(numbers: &[String]) -> Result<Vec<String>> {
    if numbers.len() > ITEMS_MAX {
        return Err(PaymentsError::field("item_numbers", "names more than 1000 items"));
    }
    numbers.iter().map(|number| required("item_numbers", number)).collect()
}

/// A payment date: today where none is given, never in the future.
pub(crate) fn payment_date(given: Option<Date>, today: Date) -> Result<Date> {
    match given {
        None => Ok(today),
        Some(on) if on <= today => Ok(on),
        Some(_) => Err(PaymentsError::field("payment_on", "is in the future; post it on its day")),
    }
}

/// Books it: held for its account, or unapplied.
pub(crate) async fn post_payment(
    tx: &mut Tx,
    command: &PostPayment,
) -> Result<wire::PostPaymentResponse> {
    let today = tx.today();
    let payment_on = payment_date(command.payment_on, today)?;
    let known = account::find(tx.conn(), &command.named).await?;
    let mut payment = Payment {
        id: tx.id(),
        whose: None,
        opening: None,
        received_by: ReceivedBy::Agency,
        state: State::Unapplied,
        amount: command.amount,
        payment_on,
        reference: command.reference.clone(),
        method: command.method,
        item_numbers: command.item_numbers.clone(),
        named: command.named.clone(),
        posted_on: today,
        held_on: None,
        release_on: None,
        released_on: None,
        collected: Money::zero(command.amount.currency()),
        overpayment: Money::zero(command.amount.currency()),
        commission: Money::zero(command.amount.currency()),
        schedule_version: None,
        portions: Vec::new(),
        reversed_on: None,
    };
    tx.about(payment.id);
    let set = match known {
        Some(known) => {
            if known.currency != command.amount.currency().code() {
                let reason = format!("is not the account's, which is kept in {}", known.currency);
                return Err(PaymentsError::field("amount.currency", reason));
            }
            hold(&mut payment, &known, today);
            posting::receive(known.whose.into(), payment.amount)?
        }
        None => posting::receive_unapplied(payment.amount)?,
    };
    payment::insert(tx.conn(), &payment).await?;
    let posting = Posting {
        id: tx.uuid(),
        set,
        client: payment.whose.map(|whose| whose.client),
        payment: Some(payment.id),
        remittance: None,
    };
    journal_post(tx, &[posting]).await?;
    match payment.whose {
        Some(whose) => {
            tell_posted(tx, &payment, whose);
            mark_release(tx, &[&payment]).await?;
            judge_promises::mark(tx, &[whose.account.uuid()]).await?;
        }
        // Its account may be told of in a transaction that does not see this one: looked for again.
        None => apply_payment::mark(tx, &[payment.id.uuid()]).await?,
    }
    Ok(wire::PostPaymentResponse { payment: Some(to_wire::payment(&payment)) })
}

/// Holds a payment for its account until it counts as good funds.
pub(crate) fn hold(payment: &mut Payment, known: &Known, today: Date) {
    let policy = ClientPolicy::in_force(&known.policies, payment.posted_on);
    let opening = begun_by(&known.openings, payment.payment_on, |(_, listed_on)| *listed_on);
    payment.whose = Some(known.whose);
    payment.opening = opening.map(|(opening, _)| *opening);
    payment.state = State::Held;
    payment.held_on = Some(today);
    payment.release_on =
        policy.map(|policy| policy.hold_days.release_on(payment.method, payment.posted_on));
}

/// Marks the accounts of held payments due when they count as good funds, by one mark per day.
pub(crate) async fn mark_release(tx: &mut Tx, payments: &[&Payment]) -> Result<()> {
    let mut by_day: std::collections::BTreeMap<Date, Vec<Uuid>> = std::collections::BTreeMap::new();
    for payment in payments {
        let on = payment.release_on.unwrap_or(payment.posted_on);
        by_day.entry(on).or_default().push(payment.whose()?.account.uuid());
    }
    for (day, accounts) in by_day {
        let at = dates::tick_of_day(tx, day);
        tx.mark_due(release_payments::QUEUE, &accounts, at).await?;
    }
    Ok(())
}

/// Tells that a payment stands on its account.
pub(crate) fn tell_posted(tx: &mut Tx, payment: &Payment, whose: Whose) {
    let fact = wire::PaymentPosted {
        payment_id: payment.id.to_string(),
        account_id: whose.account.to_string(),
        received_by: wire::ReceivedBy::from(payment.received_by).into(),
        amount: Some(convert::money_to_wire(payment.amount)),
        payment_on: Some(convert::date_to_wire(payment.payment_on)),
        received_reference: payment.reference.clone(),
        method: wire::PaymentMethod::from(payment.method).into(),
        overpayment: Some(convert::money_to_wire(payment.overpayment)),
        release_on: payment.release_on.map(convert::date_to_wire),
        opening: payment.opening.unwrap_or_default(),
    };
    tx.tell::<wire::Event>(to_wire::meta(whose), wire::event::Fact::PaymentPosted(fact));
}

/// The id of a payment that a request names.
pub(crate) fn payment_id(id: &str) -> Result<PaymentId> {
    Ok(convert::id("payment_id", id)?)
}
