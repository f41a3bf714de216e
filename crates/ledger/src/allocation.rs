//! Which part of a balance a payment pays: buckets in the client's order, inside a bucket the claim
//! items as the debtor directs, else the oldest first, never a disputed item unless directed.

use std::collections::BTreeMap;

use duly_domain::{BalanceBucket, ClaimItemId, Currency, Date, Money, MoneyError};
use serde::{Deserialize, Serialize};

/// An open claim item of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem {
    /// The item.
    pub id: ClaimItemId,
    /// Its number with the client.
    pub number: String,
    /// Which bucket it is part of.
    pub bucket: BalanceBucket,
    /// Its own date.
    pub item_on: Option<Date>,
    /// When it was due.
    pub due_on: Option<Date>,
    /// What is open; below zero for a credit memo, which is never paid.
    pub open: Money,
    /// How much of it is disputed.
    pub disputed: Money,
}

impl OpenItem {
    /// Oldest first: by due date, then item date, then number. Undated items come last.
    fn age(&self) -> (bool, Option<Date>, bool, Option<Date>, &str) {
        (
            self.due_on.is_none(),
            self.due_on,
            self.item_on.is_none(),
            self.item_on,
            self.number.as_str(),
        )
    }
}

/// What is open on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The account's currency.
    pub currency: Currency,
    /// What is open per bucket. A bucket may hold money that no item explains.
    pub buckets: BTreeMap<BalanceBucket, Money>,
    /// The items, which sum to at most their buckets.
    pub items: Vec<OpenItem>,
}

/// The debtor's word that so much of a payment is for one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directed {
    /// The item.
    pub item: ClaimItemId,
    /// At most so much.
    pub money: Money,
}

/// Where a payment went. Buckets and overpayment sum to the payment; a bucket's items and what is
/// on account sum to the bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// Per bucket, above zero each.
    pub buckets: BTreeMap<BalanceBucket, Money>,
    /// Per item, above zero each, in the order in which they were filled.
    pub items: Vec<(ClaimItemId, Money)>,
    /// What pays a bucket and no item: money no item explains, or only disputed items are left.
    pub on_account: Money,
    /// What exceeds the balance: owed back to the debtor, never commissioned.
    pub overpayment: Money,
}

impl Allocation {
    /// What the payment pays of the balance.
    pub fn applied(&self) -> Result<Money, MoneyError> {
        Money::sum(self.overpayment.currency(), self.buckets.values().copied())
    }
}

/// What is left while a payment is being allocated.
struct Filling {
    left: Money,
    allocation: Allocation,
    /// Where in `allocation.items` an item stands.
    per_item: BTreeMap<ClaimItemId, usize>,
}

impl Filling {
    fn take(
        &mut self,
        bucket: BalanceBucket,
        room: Money,
        wanted: Money,
    ) -> Result<Money, MoneyError> {
        let zero = Money::zero(self.left.currency());
        let taken = self.left.min(room)?.min(wanted)?.max(zero)?;
        if taken.is_positive() {
            self.left = self.left.sub(taken)?;
            let sum = self.allocation.buckets.entry(bucket).or_insert(zero);
            *sum = sum.add(taken)?;
        }
        Ok(taken)
    }

    fn pay_item(&mut self, item: &OpenItem, taken: Money) -> Result<(), MoneyError> {
        if !taken.is_positive() {
            return Ok(());
        }
        let items = &mut self.allocation.items;
        if let Some(at) = self.per_item.get(&item.id) {
            items[*at].1 = items[*at].1.add(taken)?;
        } else {
            self.per_item.insert(item.id, items.len());
            items.push((item.id, taken));
        }
        Ok(())
    }

    fn paid(&self, item: &OpenItem) -> Money {
        let at = self.per_item.get(&item.id);
        at.map_or(Money::zero(self.left.currency()), |at| self.allocation.items[*at].1)
    }

    fn filled(&self, bucket: BalanceBucket) -> Money {
        let zero = Money::zero(self.left.currency());
        self.allocation.buckets.get(&bucket).copied().unwrap_or(zero)
    }
}

/// Allocates a payment. Directions to items that are not open here, or for more than is open, fall
/// back to the common order: money in hand is never refused.
pub fn allocate(
    payment: Money,
    order: &[BalanceBucket],
    balance: &Balance,
    directed: &[Directed],
) -> Result<Allocation, MoneyError> {
    let zero = Money::zero(balance.currency);
    let mut filling = Filling {
        left: zero.add(payment)?.max(zero)?,
        allocation: Allocation {
            buckets: BTreeMap::new(),
            items: Vec::new(),
            on_account: zero,
            overpayment: zero,
        },
        per_item: BTreeMap::new(),
    };
    let mut oldest: Vec<&OpenItem> = balance.items.iter().collect();
    oldest.sort_by(|left, right| left.age().cmp(&right.age()));
    let open_in = |bucket| balance.buckets.get(&bucket).copied().unwrap_or(zero);

    for bucket in order.iter().copied() {
        let open = open_in(bucket);
        for direction in directed {
            let to = oldest.iter().find(|item| item.id == direction.item && item.bucket == bucket);
            if let Some(item) = to {
                let wanted = direction.money.min(item.open.sub(filling.paid(item))?)?;
                let room = open.sub(filling.filled(bucket))?;
                let taken = filling.take(bucket, room, wanted)?;
                filling.pay_item(item, taken)?;
            }
        }
        let mut explained = zero;
        for item in oldest.iter().filter(|item| item.bucket == bucket) {
            explained = explained.add(item.open)?;
            let wanted = item.open.sub(item.disputed)?.sub(filling.paid(item))?;
            let room = open.sub(filling.filled(bucket))?;
            let taken = filling.take(bucket, room, wanted)?;
            filling.pay_item(item, taken)?;
        }
        let room = open.sub(filling.filled(bucket))?;
        let taken = filling.take(bucket, room, open.sub(explained)?)?;
        filling.allocation.on_account = filling.allocation.on_account.add(taken)?;
    }
    // Only disputed money is open now. It is owed until the dispute is decided, so the payment is no
    // overpayment, but no disputed item is paid by it.
    for bucket in order.iter().copied() {
        let room = open_in(bucket).sub(filling.filled(bucket))?;
        let taken = filling.take(bucket, room, room)?;
        filling.allocation.on_account = filling.allocation.on_account.add(taken)?;
    }
    filling.allocation.overpayment = filling.left;
    Ok(filling.allocation)
}

#[cfg(test)]
mod tests;
