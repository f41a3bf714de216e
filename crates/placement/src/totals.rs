//! Control counts and sums of a file.

use std::collections::BTreeMap;

use duly_domain::{Currency, Money};

use crate::error::OpenError;
use crate::placement::Record;

/// What a file holds, before anything is placed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows below the header, blank ones not counted.
    pub rows: u64,
    /// Rows that the open filter leaves out.
    pub rows_not_open: u64,
    /// Claims that are not overdue enough.
    pub claims_not_overdue: u64,
    /// Everything that is left.
    pub all: Counts,
    /// The same by client, of the records whose client could be read.
    pub by_client: BTreeMap<String, Counts>,
}

/// Counts and sums of records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records that are placements.
    pub placements: u64,
    /// Records that are not.
    pub unreadable: u64,
    /// Items of the placements.
    pub items: u64,
    /// Items of the largest of them.
    pub items_max: u64,
    /// Payments of the placements' items after the as-of date.
    pub payments: u64,
    /// Sum of the placements' amounts, by currency.
    pub sums: BTreeMap<Currency, Money>,
}

impl Counts {
    /// Records of either kind.
    pub fn records(&self) -> u64 {
        self.placements + self.unreadable
    }
}

impl Totals {
    pub(crate) fn add(&mut self, record: &Record, payments: usize) -> Result<(), OpenError> {
        self.all.add(record, payments)?;
        if let Some(client) = &record.client_ref {
            if !self.by_client.contains_key(client) {
                self.by_client.insert(client.clone(), Counts::default());
            }
            if let Some(counts) = self.by_client.get_mut(client) {
                counts.add(record, payments)?;
            }
        }
        Ok(())
    }
}

impl Counts {
    fn add(&mut self, record: &Record, payments: usize) -> Result<(), OpenError> {
        let Ok(placement) = &record.outcome else {
            self.unreadable += 1;
            return Ok(());
        };
        let count = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
        self.placements += 1;
        self.items += count(placement.items.len());
        self.items_max = self.items_max.max(count(placement.items.len()));
        self.payments += count(payments);
        let currency = placement.amount.currency();
        let sum = self.sums.entry(currency).or_insert(Money::zero(currency));
        *sum = sum.add(placement.amount).map_err(|_| OpenError::SumTooLarge)?;
        Ok(())
    }
}
