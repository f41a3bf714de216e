//! The validation notice to a consumer, 12 CFR 1006.34(c): every field stands in it or the notice is
//! refused with the name of the field.

use duly_domain::{Channel, ClaimItemKind, CreditorKind, Date, Money, MoneyError};
use serde_json::json;

use super::{Composed, Item, Ready, words};
use crate::{calendar, typesetter::Template};

pub(super) fn compose(ready: &Ready<'_>) -> Composed {
    let mut missing = ready.missing();
    // (c)(2)(ii): the consumer's mailing address, by whatever medium the notice travels.
    missing.unless(ready.address.is_some(), "liable_party.address");
    // (c)(3)(v): how to dispute electronically, where the notice is sent electronically.
    let writes = !ready.house.config.agency_email.is_empty();
    missing.unless(ready.channel != Channel::Email || writes, "agency_email");
    // (c)(2)(vi): a client that says of a consumer's debt neither who owns it nor who owned it first
    // cannot be taken for the creditor.
    missing.unless(creditor_is_stated(ready), "current_creditor");
    let itemized = Itemization::of(ready.items, ready.standing.balance);
    let itemized = match itemized {
        Ok(itemized) => Some(itemized),
        Err(field) => {
            missing.unless(false, field);
            None
        }
    };
    let Some(itemized) = itemized.filter(|_| missing.0.is_empty()) else {
        return missing.refused();
    };
    let end = calendar::validation_period_end(ready.mailing.on);
    let creditor = words::shown(ready.current_creditor());
    let original = words::shown(&ready.claim.original_creditor);
    let own = json!({
        "creditor": creditor,
        "original_creditor": if original.is_empty() { creditor.clone() } else { original },
        "product": "an account",
        "itemization_date": words::long_date(itemized.on),
        "amount_then": words::amount(itemized.amount),
        "interest": words::amount(Money::zero(itemized.amount.currency())),
        "fees": words::amount(itemized.fees),
        "credits": words::amount(itemized.credits),
        "end_date": words::long_date(end),
    });
    let mail_by = calendar::notice_mail_by(ready.mailing.on);
    let mut draft = ready.draft(Template::ValidationNotice, own, mail_by);
    draft.validation_period_end = Some(end);
    Composed::Draft(Box::new(draft))
}

fn creditor_is_stated(ready: &Ready<'_>) -> bool {
    let claim = ready.claim;
    let stated = |name: &str| !name.trim().is_empty();
    stated(&claim.current_creditor)
        || stated(&claim.original_creditor)
        || claim.creditor_kind == Some(CreditorKind::DebtBuyer)
}

/// How the debt grew and shrank since the itemization date: the transaction date of the last invoice,
/// 12 CFR 1006.34(b)(3)(iv). The amount then, plus fees, less credits, is what is owed now.
struct Itemization {
    on: Date,
    amount: Money,
    fees: Money,
    credits: Money,
}

impl Itemization {
    /// The field that is missing, where it cannot be told.
    fn of(items: &[Item], balance: Money) -> Result<Self, &'static str> {
        let principal =
            |item: &&Item| matches!(item.kind, ClaimItemKind::Invoice | ClaimItemKind::DebitMemo);
        let dates: Option<Vec<Date>> =
            items.iter().filter(principal).map(|item| item.item_date).collect();
        let on = dates.and_then(|dates| dates.into_iter().max()).ok_or("itemization_date")?;
        Self::on(on, items, balance).map_err(|_: MoneyError| "itemization")?.ok_or("itemization")
    }

    fn on(on: Date, items: &[Item], balance: Money) -> Result<Option<Self>, MoneyError> {
        let zero = Money::zero(balance.currency());
        let (mut amount, mut fees) = (zero, zero);
        for item in items {
            let charged = item.original.unwrap_or(item.open);
            let then = item.item_date.is_some_and(|date| date <= on);
            match item.kind {
                ClaimItemKind::Invoice | ClaimItemKind::DebitMemo => {
                    amount = amount.add(charged)?;
                }
                ClaimItemKind::ServiceCharge | ClaimItemKind::Nsf if then => {
                    amount = amount.add(charged)?;
                }
                ClaimItemKind::ServiceCharge | ClaimItemKind::Nsf => fees = fees.add(charged)?,
                // A later credit is part of what was paid or credited since.
                ClaimItemKind::CreditMemo if then => amount = amount.add(charged)?,
                ClaimItemKind::CreditMemo => {}
            }
        }
        let credits = amount.add(fees)?.sub(balance)?;
        // More is owed than the items show: what was added cannot be named interest or fees by guess.
        let told = !credits.is_negative() && !amount.is_negative();
        Ok(told.then_some(Self { on, amount, fees, credits }))
    }
}
