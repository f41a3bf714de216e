//! What is owed on an account, and on each of its claim items.

use std::collections::BTreeMap;

use duly_domain::{AccountId, BalanceBucket, ClaimItemId, Money, MoneyError};
use duly_ledger::{Balance, Directed, OpenItem, allocate};
use duly_platform::Tx;
use duly_proto::{convert, payments::v1 as wire};
use uuid::Uuid;

use crate::{
    error::{PaymentsError, Result},
    model::{File, Opening, Payment, State, principal},
    store::account::{self, Item},
};

/// The balance of an account's latest opening.
pub(crate) async fn get_balance(tx: &mut Tx, id: AccountId) -> Result<wire::GetBalanceResponse> {
    let file = match account::load_one(tx.conn(), id).await {
        Err(PaymentsError::NotFound(what)) => return Err(PaymentsError::unknown(what, id)),
        loaded => loaded?,
    };
    let opening = file.latest();
    let corrections: Vec<(String, i64)> = account::item_adjustments(tx.conn(), id)
        .await?
        .into_iter()
        .filter(|item| file.adjusts(item.opening, item.on, opening))
        .map(|item| (item.number, item.minor))
        .collect();
    let listed_items = account::items(tx.conn(), opening).await?;
    let counted = count(&file, opening, &listed_items, &corrections)?;
    let wire_money = |money| Some(convert::money_to_wire(money));
    let survivors = file.survivors(opening);
    let commission =
        Money::sum(opening.currency(), survivors.iter().map(|payment| payment.commission))?;
    let adjusted = file.adjusted(opening)?;
    let paid = counted.paid.add(counted.held)?;
    Ok(wire::GetBalanceResponse {
        account_id: id.to_string(),
        listed: wire_money(opening.listed),
        adjusted: wire_money(adjusted),
        paid: wire_money(paid),
        held: wire_money(counted.held),
        balance: wire_money(opening.listed.add(adjusted)?.sub(paid)?),
        commission: wire_money(commission),
        items: counted.items,
    })
}

/// What payments came to.
struct Counted {
    paid: Money,
    held: Money,
    items: Vec<wire::ItemBalance>,
}

/// Lets the payments fill the items one after another: released ones by what they collected, held ones
/// by what they will. A direction is the debtor's word and comes before the oldest.
fn count(
    file: &File,
    opening: &Opening,
    listed: &[Item],
    corrections: &[(String, i64)],
) -> Result<Counted> {
    let zero = Money::zero(opening.currency());
    let money = |minor| Money::new(minor, opening.currency());
    let mut items: Vec<OpenItem> = (1u128..)
        .zip(listed)
        .map(|(place, item)| OpenItem {
            id: ClaimItemId::from_uuid(Uuid::from_u128(place)),
            number: item.number.clone(),
            bucket: BalanceBucket::Principal,
            item_on: item.item_date,
            due_on: item.due_date,
            open: money(item.open_minor),
            disputed: money(item.disputed_minor),
        })
        .collect();
    for (number, minor) in corrections {
        if let Some(item) = items.iter_mut().find(|item| item.number == *number) {
            item.open = item.open.add(money(*minor))?;
            item.disputed = item.disputed.min(item.open.max(zero)?)?;
        }
    }
    let mut paid_items: BTreeMap<ClaimItemId, Money> = BTreeMap::new();
    let mut left = opening.listed.add(file.adjusted(opening)?)?.max(zero)?;
    let (mut paid, mut held) = (zero, zero);
    let mut payments: Vec<&Payment> = file.survivors(opening);
    payments.extend(file.of_state(opening, State::Held));
    for payment in payments {
        let (amount, sum) = match payment.state {
            State::Held => (payment.amount, &mut held),
            State::Unapplied | State::Released | State::Reversed => (payment.collected, &mut paid),
        };
        let directed = directed(payment, &items);
        let balance = Balance {
            currency: opening.currency(),
            buckets: principal(left),
            items: items.clone(),
        };
        let allocation = allocate(amount, &[BalanceBucket::Principal], &balance, &directed)?;
        let applied = allocation.applied()?;
        *sum = sum.add(applied)?;
        left = left.sub(applied)?;
        for (id, money) in allocation.items {
            let to = paid_items.entry(id).or_insert(zero);
            *to = to.add(money)?;
            if let Some(item) = items.iter_mut().find(|item| item.id == id) {
                item.open = item.open.sub(money)?;
            }
        }
    }
    let items = items
        .iter()
        .map(|item| {
            let paid = paid_items.get(&item.id).copied().unwrap_or(zero);
            Ok(wire::ItemBalance {
                number: item.number.clone(),
                listed: Some(convert::money_to_wire(item.open.add(paid)?)),
                paid: Some(convert::money_to_wire(paid)),
                open: Some(convert::money_to_wire(item.open)),
            })
        })
        .collect::<std::result::Result<_, MoneyError>>()?;
    Ok(Counted { paid, held, items })
}

fn directed(payment: &Payment, items: &[OpenItem]) -> Vec<Directed> {
    let named = payment.item_numbers.iter();
    named
        .filter_map(|number| items.iter().find(|item| item.number == *number))
        .map(|item| Directed { item: item.id, money: item.open })
        .collect()
}
