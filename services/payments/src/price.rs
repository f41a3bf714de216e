//! Commission on one account: which payments earn, what they earn, and what must be posted to get there.

use duly_domain::{ClientPolicy, CloseCode, Date, Money, ReceivedBy, Stage};
use duly_ledger::{Change, Earning, Factor, Priced, PricedLine, Pricing, ScheduleVersion, Source};

use crate::{
    error::Result,
    model::{File, Opening, Payment, State},
};

/// How a payment's money came about.
fn source(payment: &Payment) -> Source {
    match payment.received_by {
        ReceivedBy::Agency | ReceivedBy::Forwarder => Source::Trust,
        ReceivedBy::Client => Source::Direct,
    }
}

/// Whether a payment of this day still earns: within the tail after the account's end as before it,
/// beyond it nothing. A recall that is not closed yet has the tail of its close code.
fn factor(file: &File, opening: &Opening, paid_on: Date) -> Factor {
    let ends = || file.ends.iter().filter(|end| end.opening == opening.opening);
    let Some(end) = ends().find(|end| end.code.is_some()).or_else(|| ends().next()) else {
        return Factor::Full;
    };
    let tail = end.code.unwrap_or(CloseCode::Rcl).terms().tail_days;
    let last = end.on.checked_add_days(chrono::Days::new(tail.into())).unwrap_or(Date::MAX);
    if paid_on > last { Factor::Free } else { Factor::Full }
}

/// The schedules of a client. A version that changes anything but the schedule goes on with the
/// segment of the one before.
fn schedules(policies: &[ClientPolicy]) -> Vec<ScheduleVersion> {
    let mut ordered: Vec<&ClientPolicy> = policies.iter().collect();
    ordered.sort_by_key(|policy| (policy.effective_on, policy.version));
    let mut versions: Vec<ScheduleVersion> = Vec::new();
    for policy in ordered {
        if versions.last().is_none_or(|last| last.schedule != policy.fee_schedule) {
            versions.push(ScheduleVersion {
                version: policy.version,
                effective_on: policy.effective_on,
                stage: None,
                schedule: policy.fee_schedule.clone(),
            });
        }
    }
    versions
}

/// What the surviving payments of an opening earn, line by line.
pub(crate) fn price(file: &File, opening: &Opening, policies: &[ClientPolicy]) -> Result<Priced> {
    let pricing = Pricing::new(opening.listed, opening.listed_on, schedules(policies))?;
    let earnings: Vec<Earning> = file
        .survivors(opening)
        .into_iter()
        .map(|payment| Earning {
            id: payment.id,
            paid_on: payment.payment_on,
            reference: payment.reference.clone(),
            stage: Stage::Agency,
            source: source(payment),
            factor: factor(file, opening, payment.payment_on),
            buckets: crate::model::principal(payment.collected),
        })
        .collect();
    Ok(pricing.price(&earnings)?)
}

/// What was posted so far, as if it had been priced: payments that were ever priced on this opening.
fn posted(file: &File, opening: &Opening) -> Result<Priced> {
    let mut total = Money::zero(opening.currency());
    let mut lines = Vec::new();
    for payment in &file.payments {
        let Some(version) = payment.schedule_version else { continue };
        let given_back = payment.state == State::Reversed && payment.commission.is_zero();
        if given_back || file.opening_of(payment).opening != opening.opening {
            continue;
        }
        total = total.add(payment.commission)?;
        lines.push(PricedLine {
            id: payment.id,
            source: source(payment),
            version,
            commissionable: payment.collected,
            portions: payment.portions.clone(),
            commission: payment.commission,
        });
    }
    Ok(Priced { total, lines })
}

/// Prices an opening anew and writes the outcome into its payments. Answers what must be posted, line
/// by line, and the commission that then stands.
pub(crate) fn reprice(
    file: &mut File,
    opening: &Opening,
    policies: &[ClientPolicy],
) -> Result<(Vec<Change>, Money)> {
    let after = price(file, opening, policies)?;
    let changes = posted(file, opening)?.changes_to(&after)?;
    for change in &changes {
        let changed = file.payments.iter_mut().find(|payment| payment.id == change.id);
        let payment = changed.expect("a change is of a payment in the file");
        payment.commission = change.after;
        payment.schedule_version = Some(change.version);
        payment.portions.clone_from(&change.portions);
    }
    Ok((changes, after.total))
}

/// A payment's commission in words: `3000.00 x 0.25 = 750.00; 2000.00 x 0.18 = 360.00`.
pub(crate) fn steps(payment: &Payment) -> Result<String> {
    let mut parts = Vec::new();
    let mut sum = Money::zero(payment.commission.currency());
    for portion in &payment.portions {
        let money = portion.money.times(portion.rate.decimal())?;
        sum = sum.add(money)?;
        parts.push(format!("{} x {} = {}", portion.money.amount(), portion.rate, money.amount()));
    }
    if parts.is_empty() {
        parts.push("earns nothing".to_owned());
    }
    let rest = payment.commission.sub(sum)?;
    if !rest.is_zero() {
        parts.push(format!("minimum, cap and rounding over the account: {}", rest.amount()));
    }
    Ok(parts.join("; "))
}

#[cfg(test)]
mod tests;
