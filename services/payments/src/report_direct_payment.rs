//! A payment that the client received itself: no trust money, but it pays the balance and earns at once.

use duly_domain::{AccountId, Date, Money, PaymentMethod, ReceivedBy};
use duly_ledger::{commission::ChangeKind, statement::LineKind};
use duly_platform::{Principal, Tx};
use duly_proto::{convert, payments::v1 as wire};

use crate::{
    error::{PaymentsError, Result},
    judge_promises,
    model::{Named, Payment, State, Whose, apply_to},
    post_payment::{amount, item_numbers, payment_date, tell_posted},
    price::reprice,
    release_payments::{item, tell},
    store::{account, payment, remittance},
    wire as to_wire,
};

/// A direct payment to book.
pub(crate) struct ReportDirectPayment {
    who: Principal,
    account: AccountId,
    amount: Money,
    payment_on: Option<Date>,
    reference: String,
    item_numbers: Vec<String>,
}

impl ReportDirectPayment {
    /// The command of a request by this principal.
    pub(crate) fn parse(
        who: &Principal,
        request: &wire::ReportDirectPaymentRequest,
    ) -> Result<Self> {
        Ok(Self {
            who: who.clone(),
            account: convert::id("account_id", &request.account_id)?,
            amount: amount(request.amount.as_ref())?,
            payment_on: convert::date_opt("payment_on", request.payment_on.as_ref())?,
            reference: convert::text("received_reference", &request.received_reference)?,
            item_numbers: item_numbers(&request.item_numbers)?,
        })
    }
}

/// Books it.
pub(crate) async fn report_direct_payment(
    tx: &mut Tx,
    command: &ReportDirectPayment,
) -> Result<wire::ReportDirectPaymentResponse> {
    tx.as_reader_of(&command.who).await?;
    let visible = account::visible(tx.conn(), command.account).await?;
    tx.as_app().await?;
    if !visible {
        return Err(PaymentsError::unknown("account", command.account));
    }
    account::lock(tx.conn(), &[command.account.uuid()]).await?;
    let mut file = account::load_one(tx.conn(), command.account).await?;
    let client = file.latest().client;
    let Some(policies) = account::policies(tx.conn(), &[client.uuid()]).await?.remove(&client)
    else {
        return Err(PaymentsError::NotYet("client's policy"));
    };
    let today = tx.today();
    let payment_on = payment_date(command.payment_on, today)?;
    let first = file.openings.first().map(|opening| opening.listed_on);
    if let Some(listed_on) = first.filter(|listed_on| payment_on < *listed_on) {
        return Err(PaymentsError::BeforePlacement(listed_on));
    }
    let opening = file.opening_on(payment_on).clone();
    if command.amount.currency() != opening.currency() {
        let reason = format!("is not the account's, which is kept in {}", opening.currency());
        return Err(PaymentsError::field("amount.currency", reason));
    }
    let whose = Whose { account: command.account, client };
    let balance = file.balance(&opening)?;
    let allocation = apply_to(balance, command.amount)?;
    let mut payment = Payment {
        id: tx.id(),
        whose: Some(whose),
        opening: Some(opening.opening),
        received_by: ReceivedBy::Client,
        state: State::Released,
        amount: command.amount,
        payment_on,
        reference: command.reference.clone(),
        method: PaymentMethod::Other,
        item_numbers: command.item_numbers.clone(),
        named: Named::Nothing,
        posted_on: today,
        held_on: None,
        release_on: Some(today),
        released_on: Some(today),
        collected: allocation.applied()?,
        overpayment: allocation.overpayment,
        commission: Money::zero(command.amount.currency()),
        schedule_version: None,
        portions: Vec::new(),
        reversed_on: None,
    };
    tx.about(payment.id);
    payment::insert(tx.conn(), &payment).await?;
    tell_posted(tx, &payment, whose);
    judge_promises::mark(tx, &[whose.account.uuid()]).await?;
    let left = balance.sub(payment.collected)?;
    file.payments.push(payment.clone());
    let (changes, _) = reprice(&mut file, &opening, &policies)?;
    let mut items = Vec::new();
    for change in &changes {
        let own = change.id == payment.id && change.kind == ChangeKind::Earned;
        let kind = if own { LineKind::Payment } else { LineKind::Repriced };
        let of = file.payments.iter().find(|other| other.id == change.id);
        let of = of.expect("a change is of a payment in the file");
        items.push(item(tx, &opening, of, change, kind, own.then_some(left)));
        if own {
            payment = of.clone();
        }
    }
    remittance::keep_items(tx.conn(), &items, today).await?;
    let changed: Vec<&Payment> = file
        .payments
        .iter()
        .filter(|other| changes.iter().any(|change| change.id == other.id))
        .collect();
    payment::update(tx.conn(), &changed).await?;
    tell(tx, &file, &[payment.id], &changes)?;
    if opening.settled_on.is_none()
        && !left.is_positive()
        && file.collected(&opening)?.is_positive()
    {
        let settled = [(opening.account, opening.opening, Some(today))];
        account::note_settled(tx.conn(), &settled).await?;
        to_wire::tell_settled(tx, whose, opening.opening);
    }
    Ok(wire::ReportDirectPaymentResponse { payment: Some(to_wire::payment(&payment)) })
}
