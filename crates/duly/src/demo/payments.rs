//! The weeks after the placement: payments come in, some come back, and the clock goes on.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result};
use duly_domain::{Date, Money, PaymentMethod};
use duly_placement::{Behaviour, Owed, PlannedPayment, plan_payments};
use duly_proto::{
    convert,
    intake::v1::Account,
    payments::v1::{
        AccountReference, Payment, PostPaymentRequest, ReportDirectPaymentRequest, ReversalReason,
        ReversePaymentRequest, post_payment_request,
    },
};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::{figures::Sums, sandbox::Sandbox};
use crate::{phases::Phase, placing::Portfolio};

/// Days in which the seeded model has debtors pay.
const DAYS: u32 = 30;

/// Payments of one day that are posted at the same time.
const AT_ONCE: usize = 16;

/// One payment and the items that the debtor directs it to.
pub struct Planned {
    payment: PlannedPayment,
    items: Vec<String>,
}

/// The payments that the file itself reports.
///
/// # Errors
/// The file cannot be read.
pub fn of_file(portfolio: &mut Portfolio) -> Result<Vec<Planned>> {
    let mut planned = Vec::new();
    for payment in portfolio.scan.payments().context("reading the file's payments")? {
        let payment = payment.context("reading the file's payments")?;
        let item = payment.item_number.unwrap_or_else(|| format!("line {}", payment.line));
        planned.push(Planned {
            payment: PlannedPayment {
                received_reference: format!("{} {item}", payment.account_ref),
                client_ref: payment.client_ref,
                account_ref: payment.account_ref,
                on: payment.on,
                amount: payment.amount,
                method: PaymentMethod::Cheque,
                direct: false,
                reversed_on: None,
                behaviour: Behaviour::InFull,
            },
            items: vec![item],
        });
    }
    Ok(planned)
}

/// Payments of these accounts by a seed.
///
/// # Errors
/// An account without an amount.
pub fn by_seed(
    accounts: &[Account],
    client_refs: &HashMap<String, String>,
    seed: u64,
    as_of: Date,
) -> Result<Vec<Planned>> {
    let mut owed: Vec<(&str, &str, Money)> = Vec::new();
    for account in accounts {
        let client_ref = client_refs.get(&account.client_id).context("an account has a client")?;
        let amount = convert::money("listed_amount", account.listed_amount.as_ref())?;
        owed.push((client_ref, &account.client_account_ref, amount));
    }
    let owed = owed.into_iter().map(|(client_ref, account_ref, amount)| Owed {
        client_ref,
        account_ref,
        amount,
    });
    let planned = plan_payments(owed, seed, as_of, DAYS);
    Ok(planned.into_iter().map(|payment| Planned { payment, items: Vec::new() }).collect())
}

/// Steps of the weeks: each payment and each return.
pub fn steps(planned: &[Planned]) -> u64 {
    let returns = planned.iter().filter(|one| one.payment.reversed_on.is_some()).count();
    u64::try_from(planned.len() + returns).unwrap_or(u64::MAX)
}

/// What the weeks brought.
#[derive(Default)]
pub struct Weeks {
    /// Everything posted, returned payments included.
    pub posted: Sums,
    /// Of these, what the clients received themselves.
    pub direct: Sums,
    /// Of these, what was taken back.
    pub reversed: Sums,
    /// Of these, what names no known account.
    pub unapplied: Sums,
    /// The last day on which something happens: a payment, a return or a release.
    pub last_on: Option<Date>,
}

#[derive(Default)]
struct Day<'a> {
    posts: Vec<&'a Planned>,
    returns: Vec<&'a Planned>,
}

/// Lives through the weeks day by day: the clock goes to the morning of each day on which something
/// happens, and everything that falls due before is done first.
///
/// # Errors
/// A payment that is refused.
pub async fn live_through(
    sandbox: &Sandbox,
    planned: &[Planned],
    account_ids: &HashMap<(String, String), String>,
    phase: &Phase,
) -> Result<Weeks> {
    let mut days: BTreeMap<Date, Day> = BTreeMap::new();
    for one in planned {
        days.entry(one.payment.on).or_default().posts.push(one);
        if let Some(on) = one.payment.reversed_on {
            days.entry(on).or_default().returns.push(one);
        }
    }
    let mut weeks = Weeks::default();
    let mut payment_ids: HashMap<&str, String> = HashMap::new();
    for (on, day) in days {
        sandbox.advance_to(on).await?;
        let posted: Vec<(&Planned, Payment)> = stream::iter(day.posts)
            .map(async |one| {
                let payment = post(sandbox, one, account_ids).await?;
                phase.inc(1);
                anyhow::Ok((one, payment))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        for (one, payment) in posted {
            weeks.count(one, &payment)?;
            payment_ids.insert(&one.payment.received_reference, payment.payment_id);
        }
        stream::iter(&day.returns)
            .map(async |one| {
                let reference = one.payment.received_reference.as_str();
                let payment_id =
                    payment_ids.get(reference).context("a return follows its payment")?;
                reverse(sandbox, reference, payment_id).await?;
                phase.inc(1);
                anyhow::Ok(())
            })
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        for one in day.returns {
            weeks.reversed.add(one.payment.amount);
        }
        weeks.last_on = weeks.last_on.max(Some(on));
    }
    Ok(weeks)
}

impl Weeks {
    fn count(&mut self, one: &Planned, answered: &Payment) -> Result<()> {
        self.posted.add(one.payment.amount);
        if one.payment.direct {
            self.direct.add(one.payment.amount);
        }
        if answered.account_id.is_empty() {
            self.unapplied.add(one.payment.amount);
        }
        let release_on = convert::date_opt("release_on", answered.release_on.as_ref())?;
        self.last_on = self.last_on.max(release_on);
        Ok(())
    }
}

async fn post(
    sandbox: &Sandbox,
    one: &Planned,
    account_ids: &HashMap<(String, String), String>,
) -> Result<Payment> {
    let Planned { payment, items } = one;
    let doing = || format!("posting the payment {}", payment.received_reference);
    let request_id = format!("demo post {}", payment.received_reference);
    let amount = Some(convert::money_to_wire(payment.amount));
    let payment_on = Some(convert::date_to_wire(payment.on));
    let mut client = sandbox.door.payments()?;
    let answered = if payment.direct {
        let key = (payment.client_ref.clone(), payment.account_ref.clone());
        let request = ReportDirectPaymentRequest {
            request_id,
            account_id: account_ids.get(&key).cloned().unwrap_or_default(),
            amount,
            payment_on,
            received_reference: payment.received_reference.clone(),
            item_numbers: items.clone(),
        };
        client.report_direct_payment(request).await.map(|answer| answer.into_inner().payment)
    } else {
        let mut request = PostPaymentRequest {
            request_id,
            account: Some(post_payment_request::Account::Reference(AccountReference {
                client_ref: payment.client_ref.clone(),
                client_account_ref: payment.account_ref.clone(),
            })),
            amount,
            payment_on,
            received_reference: payment.received_reference.clone(),
            item_numbers: items.clone(),
            ..PostPaymentRequest::default()
        };
        request.set_method(payment.method.into());
        client.post_payment(request).await.map(|answer| answer.into_inner().payment)
    };
    let answered = answered.map_err(|status| sandbox.door.explain(&status)).with_context(doing)?;
    answered.context("an answer without the payment").with_context(doing)
}

async fn reverse(sandbox: &Sandbox, reference: &str, payment_id: &str) -> Result<()> {
    let mut request = ReversePaymentRequest {
        request_id: format!("demo return {reference}"),
        payment_id: payment_id.to_owned(),
        ..ReversePaymentRequest::default()
    };
    request.set_reason(ReversalReason::Nsf);
    let answer = sandbox.door.payments()?.reverse_payment(request).await;
    answer
        .map(drop)
        .map_err(|status| sandbox.door.explain(&status))
        .with_context(|| format!("taking back the payment {reference}"))
}
