//! Receipts, returns and promises.

use anyhow::{Context as _, Result};
use duly_domain::{Date, Money, PaymentMethod};
use duly_proto::{
    convert,
    payments::v1::{
        AccountReference, GetBalanceRequest, GetBalanceResponse, MakePromiseRequest,
        PostPaymentRequest, ReportDirectPaymentRequest, ReversalReason, ReversePaymentRequest,
        post_payment_request,
    },
};
use duly_simulation::{Debtor, Kept, Payment, Promise, Via};

use super::{
    Life,
    agenda::{What, Who},
    deeds::Done,
};
use crate::placing::Portfolio;

/// A payment that the file itself reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The client's short name.
    pub client_ref: String,
    /// The client's reference of the account.
    pub account_ref: String,
    /// The day on which it was paid.
    pub on: Date,
    /// How much.
    pub amount: Money,
    /// Names the receipt.
    pub received_reference: String,
    /// The item that it pays.
    pub item: String,
}

/// The payments that a file reports.
///
/// # Errors
/// The file cannot be read.
pub fn recorded(portfolio: &mut Portfolio) -> Result<Vec<Recorded>> {
    let mut found = Vec::new();
    for payment in portfolio.scan.payments().context("reading the file's payments")? {
        let payment = payment.context("reading the file's payments")?;
        let item = payment.item_number.unwrap_or_else(|| format!("line {}", payment.line));
        found.push(Recorded {
            received_reference: format!("{} {item}", payment.account_ref),
            client_ref: payment.client_ref,
            account_ref: payment.account_ref,
            on: payment.on,
            amount: payment.amount,
            item,
        });
    }
    Ok(found)
}

/// A payment that stands.
pub struct Posted {
    payment_id: String,
    amount: Money,
    /// What it was by the model; none for a recorded one.
    payment: Option<Payment>,
    unapplied: bool,
    release_on: Option<Date>,
}

impl Life<'_> {
    /// What is still owed; nothing where nothing is.
    pub(super) async fn balance(&self, who: Who) -> Result<Option<GetBalanceResponse>> {
        let door = &self.desks.accounting;
        let account_id = self.cast.actor(who).account_id.clone();
        let answer = door.payments()?.get_balance(GetBalanceRequest { account_id }).await;
        let balance = answer
            .map_err(|status| door.explain(&status))
            .context("asking for a balance")?
            .into_inner();
        let owed = convert::money("balance", balance.balance.as_ref())?;
        Ok(owed.is_positive().then_some(balance))
    }

    async fn owed(&self, who: Who) -> Result<Option<Money>> {
        let Some(balance) = self.balance(who).await? else { return Ok(None) };
        Ok(Some(convert::money("balance", balance.balance.as_ref())?))
    }

    pub(super) async fn post_recorded(&self, recorded: &Recorded) -> Result<Done> {
        self.post(Receipt {
            client_ref: &recorded.client_ref,
            account_ref: recorded.account_ref.clone(),
            amount: recorded.amount,
            on: recorded.on,
            method: PaymentMethod::Cheque,
            reference: recorded.received_reference.clone(),
            items: vec![recorded.item.clone()],
            payment: None,
        })
        .await
    }

    /// The debtor pays: this amount, or by its share of what is owed.
    pub(super) async fn pay(
        &self,
        who: Who,
        payment: Payment,
        amount: Option<Money>,
        nth: u32,
        today: Date,
    ) -> Result<Done> {
        let Some(owed) = self.owed(who).await? else { return Ok(Done::Nothing) };
        let amount = amount.unwrap_or_else(|| Debtor::share(payment.percent, owed));
        let actor = self.cast.actor(who);
        let number = actor.deeds + nth;
        let reference = format!("{}/{} {number}", actor.client_ref, actor.account_ref);
        match payment.via {
            Via::Creditor => self.report(who, payment, amount, reference, today).await,
            Via::Agency | Via::AgencyUnnamed => {
                let account_ref = match payment.via {
                    Via::AgencyUnnamed => self.cast.party(who).debtor.misnamed(number),
                    Via::Agency | Via::Creditor => actor.account_ref.clone(),
                };
                self.post(Receipt {
                    client_ref: &actor.client_ref,
                    account_ref,
                    amount,
                    on: today,
                    method: payment.method,
                    reference,
                    items: Vec::new(),
                    payment: Some(payment),
                })
                .await
            }
        }
    }

    async fn post(&self, receipt: Receipt<'_>) -> Result<Done> {
        let mut request = PostPaymentRequest {
            request_id: format!("demo post {}", receipt.reference),
            account: Some(post_payment_request::Account::Reference(AccountReference {
                client_ref: receipt.client_ref.to_owned(),
                client_account_ref: receipt.account_ref,
            })),
            amount: Some(convert::money_to_wire(receipt.amount)),
            payment_on: Some(convert::date_to_wire(receipt.on)),
            received_reference: receipt.reference,
            item_numbers: receipt.items,
            ..PostPaymentRequest::default()
        };
        request.set_method(receipt.method.into());
        let door = &self.desks.accounting;
        let answer = door.payments()?.post_payment(request).await;
        Done::of(door, answer, |answer| {
            posted(answer.payment.as_ref(), receipt.amount, receipt.payment)
        })
    }

    /// The client reports what it received itself.
    async fn report(
        &self,
        who: Who,
        payment: Payment,
        amount: Money,
        received_reference: String,
        today: Date,
    ) -> Result<Done> {
        let actor = self.cast.actor(who);
        let request = ReportDirectPaymentRequest {
            request_id: format!("demo report {received_reference}"),
            account_id: actor.account_id.clone(),
            amount: Some(convert::money_to_wire(amount)),
            payment_on: Some(convert::date_to_wire(today)),
            received_reference,
            item_numbers: Vec::new(),
        };
        let door = self.desks.client(&actor.client_ref)?;
        let answer = door.payments()?.report_direct_payment(request).await;
        Done::of(door, answer, |answer| posted(answer.payment.as_ref(), amount, Some(payment)))
    }

    pub(super) async fn take_back(
        &self,
        payment_id: &str,
        amount: Money,
        payment: Payment,
    ) -> Result<Done> {
        let mut request = ReversePaymentRequest {
            request_id: format!("demo return {payment_id}"),
            payment_id: payment_id.to_owned(),
            ..ReversePaymentRequest::default()
        };
        request.set_reason(ReversalReason::Nsf);
        let door = &self.desks.accounting;
        let answer = door.payments()?.reverse_payment(request).await;
        Done::of(door, answer, |_| Ok(Done::TakenBack { amount, payment }))
    }

    pub(super) async fn promise(
        &self,
        who: Who,
        promise: Promise,
        nth: u32,
        today: Date,
    ) -> Result<Done> {
        let Some(owed) = self.owed(who).await? else { return Ok(Done::Nothing) };
        let amount = Debtor::share(promise.percent, owed);
        let actor = self.cast.actor(who);
        let mut request = MakePromiseRequest {
            request_id: format!("demo promise {} {}", actor.account_id, actor.deeds + nth),
            account_id: actor.account_id.clone(),
            party_id: self.cast.party(who).party_id.clone(),
            amount: Some(convert::money_to_wire(amount)),
            due_on: Some(convert::date_to_wire(super::after_days(today, promise.due_in))),
            ..MakePromiseRequest::default()
        };
        request.set_method(promise.method.into());
        let door = &self.desks.collector;
        let answer = door.payments()?.make_promise(request).await;
        Done::of(door, answer, |_| Ok(Done::Promised(amount, promise)))
    }

    /// The promised money is put on the agenda, as far as it will come.
    pub(super) fn keep(&mut self, today: Date, who: Who, promised: Money, promise: Promise) {
        let (after, amount) = match promise.kept {
            Kept::After(after) => (after, promised),
            Kept::Part { percent, after } => (after, Debtor::share(percent, promised)),
            Kept::Not => return,
        };
        let payment = Payment {
            percent: 100,
            method: promise.method,
            via: Via::Agency,
            returned_after: None,
            again_after: None,
        };
        self.agenda.put(super::after_days(today, after), who, What::PayAmount(amount, payment));
    }

    pub(super) fn follow_payment(&mut self, today: Date, who: Who, posted: Posted) {
        let Posted { payment_id, amount, payment, unapplied, release_on } = posted;
        let direct = payment.is_some_and(|payment| payment.via == Via::Creditor);
        self.log.posted(amount, direct, unapplied);
        self.log.moves_on(Some(today).max(release_on));
        let Some(payment) = payment else { return };
        if let Some(after) = payment.returned_after {
            let what = What::TakeBack { payment_id, amount, payment };
            self.agenda.put(super::after_days(today, after), who, what);
        }
    }
}

/// A payment that the agency received.
struct Receipt<'a> {
    client_ref: &'a str,
    account_ref: String,
    amount: Money,
    on: Date,
    method: PaymentMethod,
    reference: String,
    items: Vec<String>,
    payment: Option<Payment>,
}

fn posted(
    answered: Option<&duly_proto::payments::v1::Payment>,
    amount: Money,
    payment: Option<Payment>,
) -> Result<Done> {
    let answered = answered.context("an answer without the payment")?;
    Ok(Done::Posted(Posted {
        payment_id: answered.payment_id.clone(),
        amount,
        payment,
        unapplied: answered.account_id.is_empty(),
        release_on: convert::date_opt("release_on", answered.release_on.as_ref())?,
    }))
}
