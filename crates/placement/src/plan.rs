//! A mapping bound to the columns of one file: everything that reading a row needs to know.

use duly_domain::Date;

use crate::bind::Binder;
use crate::condition::{Test, all_hold};
use crate::error::{Cause, MappingError};
use crate::mapping::{FactParty, Mapping, OverdueScope};
use crate::row::{Cell, Row};

/// Everything that reading needs to know.
pub(crate) struct Plan {
    pub header: Vec<String>,
    pub group_by: Vec<Cell>,
    pub open_filter: Vec<Test>,
    pub overdue: Option<Overdue>,
    pub currency: Cell,
    pub balance: Option<Cell>,
    /// What a refused amount of the claim as a whole is called.
    pub amount_label: String,
    pub item: Option<ItemPlan>,
    pub facts: Vec<FactPlan>,
    pub payments: Option<PaymentsPlan>,
    pub parts: Vec<Part>,
    pub client: PartId,
    pub account: PartId,
    pub debt_class: PartId,
    pub service_kind: Option<PartId>,
    pub original_creditor: Option<PartId>,
    pub current_creditor: Option<PartId>,
    pub creditor_kind: Option<PartId>,
    pub claim_kind: Option<PartId>,
    /// The debtor first.
    pub parties: Vec<PartyPlan>,
    pub contacts: Vec<PartId>,
}

/// Cells that belong together and are stated once per claim, though every row repeats them.
pub(crate) struct Part {
    pub cells: Vec<Cell>,
    pub rule: Rule,
}

/// Which of a claim's rows is believed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Two values are an error.
    Agree,
    /// The most frequent value; among equals the least in byte order, so that the order of rows
    /// decides nothing.
    MostFrequent,
}

/// Index into [`Plan::parts`].
pub(crate) type PartId = usize;

pub(crate) struct Overdue {
    pub due: Cell,
    pub at_least: u32,
    pub scope: OverdueScope,
}

pub(crate) struct ItemPlan {
    pub amount: Cell,
    pub original_amount: Option<Cell>,
    pub number: Option<Cell>,
    pub kind: Option<Cell>,
    pub item_date: Option<Cell>,
    pub due_date: Option<Cell>,
    pub purchase_order: Option<Cell>,
    pub disputed_amount: Option<Cell>,
    pub disputed_when: Vec<Test>,
}

pub(crate) struct FactPlan {
    pub kind: Cell,
    pub when: Vec<Test>,
    pub since: Option<Cell>,
    pub detail: Option<Cell>,
    pub party: FactParty,
}

pub(crate) struct PaymentsPlan {
    pub on: Cell,
    pub amount: Option<Cell>,
}

pub(crate) struct PartyPlan {
    pub name: PartId,
    pub kind: PartId,
    pub role: Option<PartId>,
    /// Street lines, then city, region, postal code and country.
    pub address: Option<PartId>,
    pub phones: Vec<PartId>,
    pub emails: Vec<PartId>,
    pub national_id: Option<PartId>,
    pub birth_date: Option<PartId>,
}

impl Plan {
    /// Checks everything that can be checked without a file.
    pub fn check(mapping: &Mapping) -> Result<(), MappingError> {
        if !mapping.csv.delimiter.is_ascii() || matches!(mapping.csv.delimiter, '"' | '\n' | '\r') {
            return Err(MappingError::key(
                "csv.delimiter",
                "not a delimiter",
                "write one ASCII character such as \",\", \";\" or \"\\t\"",
            ));
        }
        Binder::new(None, &mapping.date_format).plan(mapping).map(|_| ())
    }

    /// Binds a mapping to a header.
    pub fn bind(mapping: &Mapping, header: Vec<String>) -> Result<Self, MappingError> {
        Self::check(mapping)?;
        let mut binder = Binder::new(Some(&header), &mapping.date_format);
        let mut plan = binder.plan(mapping)?;
        if !binder.missing.is_empty() {
            return Err(if binder.found {
                MappingError::MissingColumns { missing: binder.missing, found: header }
            } else {
                MappingError::NoHeader { fields: header.len() }
            });
        }
        plan.header = header;
        Ok(plan)
    }

    /// Whether the row is an open item.
    pub fn is_open(&self, row: Row<'_>, as_of: Date) -> Result<bool, Cause> {
        row.check_shape()?;
        all_hold(&self.open_filter, row, as_of)
    }
}

impl Overdue {
    /// Whether the row is overdue enough. An item without due date is not.
    pub fn holds(&self, row: Row<'_>, as_of: Date) -> Result<bool, Cause> {
        let due = self.due.date(row)?;
        Ok(due.is_some_and(|due| (as_of - due).num_days() >= i64::from(self.at_least)))
    }
}
