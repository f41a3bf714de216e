//! The demand on a commercial claim: to the principal, or to one who answers for it.

use duly_domain::{ClaimItemKind, DebtorKind, Money, MoneyError, PartyRole};
use serde_json::{Value, json};

use super::{Composed, Item, Ready, words};
use crate::{calendar, typesetter::Template};

pub(super) fn compose(ready: &Ready<'_>) -> Composed {
    let mut missing = ready.missing();
    missing.unless(!ready.current_creditor().is_empty(), "current_creditor");
    let Ok(sums) = Sums::of(ready) else {
        missing.unless(false, "claim_items.amount");
        return missing.refused();
    };
    if !missing.0.is_empty() {
        return missing.refused();
    }
    let principal = ready.standing.parties.first().unwrap_or(ready.party);
    let guarantor = ready.party.role != PartyRole::Principal;
    let own = json!({
        "salutation": salutation(ready),
        "guarantor": guarantor,
        "role": role(ready.party.role),
        "debtor": words::shown(principal.name.expose()),
        "creditor": words::shown(ready.current_creditor()),
        "listed_on": words::long_date(ready.standing.listed_on),
        "pay_by": words::long_date(calendar::demand_pay_by(ready.mailing.on)),
        "summary": sums.summary(),
        "items": items(ready.items),
        "totals": sums.totals(),
    });
    let mail_by = calendar::demand_mail_by(ready.mailing.on);
    Composed::Draft(Box::new(ready.draft(Template::CommercialDemand, own, mail_by)))
}

fn salutation(ready: &Ready<'_>) -> String {
    match ready.party.kind {
        DebtorKind::Person => format!("Dear {}:", ready.recipient()),
        DebtorKind::Business => "To whom it may concern:".to_owned(),
    }
}

/// In what capacity a party other than the principal owes, as a letter says it.
fn role(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Principal => "debtor",
        PartyRole::CoDebtor => "co-debtor",
        PartyRole::PersonalGuarantor => "personal guarantor",
        PartyRole::CorporateGuarantor => "guarantor",
        PartyRole::GeneralPartner => "general partner",
        PartyRole::Successor => "successor",
        PartyRole::Estate => "estate",
    }
}

/// What the balance is made of. The lines of each list add up to it.
struct Sums {
    listed: Money,
    charges: Money,
    credits: Money,
    has_items: bool,
    since: Money,
    balance: Money,
}

impl Sums {
    fn of(ready: &Ready<'_>) -> Result<Self, MoneyError> {
        let currency = ready.standing.balance.currency();
        let open = |wanted: fn(&Money) -> bool| {
            Money::sum(currency, ready.items.iter().map(|item| item.open).filter(wanted))
        };
        let (charges, credits) = (open(|m| !m.is_negative())?, open(|m| m.is_negative())?);
        let has_items = !ready.items.is_empty();
        let listed = if has_items { charges.add(credits)? } else { ready.standing.listed };
        let balance = ready.standing.balance;
        Ok(Self { listed, charges, credits, has_items, since: balance.sub(listed)?, balance })
    }

    /// The summary above the balance.
    fn summary(&self) -> Vec<Value> {
        let mut lines = Vec::new();
        if self.has_items {
            lines.push(line("Invoices and charges", self.charges));
            if !self.credits.is_zero() {
                lines.push(line("Credit memos", self.credits));
            }
        } else {
            lines.push(line("Amount placed for collection", self.listed));
        }
        lines.extend(self.since());
        lines
    }

    /// The end of the schedule.
    fn totals(&self) -> Vec<Value> {
        let mut lines = vec![line("Open items at placement", self.listed)];
        lines.extend(self.since());
        lines.push(line("Balance due", self.balance));
        lines
    }

    fn since(&self) -> Option<Value> {
        let label = "Payments and corrections since placement";
        (!self.since.is_zero()).then(|| line(label, self.since))
    }
}

fn line(label: &str, money: Money) -> Value {
    json!({ "label": label, "amount": words::amount(money) })
}

/// The schedule's rows, oldest first; never by arrival.
fn items(items: &[Item]) -> Vec<Value> {
    let mut sorted: Vec<&Item> = items.iter().collect();
    sorted.sort_by_key(|item| {
        (item.item_date, item.due_date, &item.number, item.open.minor(), &item.purchase_order)
    });
    sorted
        .into_iter()
        .map(|item| {
            json!({
                "document": document(item),
                "order": words::word(&item.purchase_order),
                "dated": words::short_date(item.item_date),
                "due": words::short_date(item.due_date),
                "amount": words::amount(item.open),
            })
        })
        .collect()
}

fn document(item: &Item) -> String {
    let kind = match item.kind {
        ClaimItemKind::Invoice => "Invoice",
        ClaimItemKind::CreditMemo => "Credit memo",
        ClaimItemKind::DebitMemo => "Debit memo",
        ClaimItemKind::ServiceCharge => "Service charge",
        ClaimItemKind::Nsf => "Returned item",
    };
    format!("{kind} {}", words::word(&item.number)).trim_end().to_owned()
}
