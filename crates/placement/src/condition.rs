//! Conditions on a row: is it an open item, is it disputed, is something known.

use std::cmp::Ordering;

use duly_domain::Date;
use rust_decimal::Decimal;

use crate::error::{Cause, Code, MappingError};
use crate::mapping::{Comparison, Condition, Operator};
use crate::row::{Cell, Row};

/// The word that stands for the date of the placement.
const AS_OF: &str = "as_of";

/// A condition, bound to a column of the file.
pub(crate) struct Test {
    cell: Cell,
    op: Operator,
    with: With,
    when_empty: Option<bool>,
}

enum With {
    Nothing,
    Text(String),
    Number(Decimal),
    Day(Date),
    AsOf,
}

impl Test {
    /// Checks a condition; `key` is its place in the mapping.
    pub fn new(key: &str, condition: &Condition, cell: Cell) -> Result<Self, MappingError> {
        let with = With::of(key, condition)?;
        Ok(Self { cell, op: condition.op, with, when_empty: condition.when_empty })
    }

    /// Whether the row meets the condition.
    pub fn holds(&self, row: Row<'_>, as_of: Date) -> Result<bool, Cause> {
        let text = self.cell.text(row)?;
        let order = match &self.with {
            With::Nothing => return Ok(text.is_empty() == (self.op == Operator::Empty)),
            With::Text(value) => text.cmp(value),
            With::Number(_) | With::Day(_) | With::AsOf if text.is_empty() => {
                return self.when_empty.ok_or_else(|| self.cell.missing());
            }
            With::Number(value) => self.number(text)?.cmp(value),
            With::Day(day) => self.cell.as_date(text)?.cmp(day),
            With::AsOf => self.cell.as_date(text)?.cmp(&as_of),
        };
        Ok(match self.op {
            Operator::Less => order == Ordering::Less,
            Operator::AtMost => order != Ordering::Greater,
            Operator::Greater => order == Ordering::Greater,
            Operator::AtLeast => order != Ordering::Less,
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Empty | Operator::NotEmpty => {
                unreachable!("an operator without a value compares with nothing")
            }
        })
    }

    fn number(&self, text: &str) -> Result<Decimal, Cause> {
        Decimal::from_str_exact(text)
            .map_err(|_| self.cell.cause(Code::InvalidNumber, "not a decimal number"))
    }
}

/// Whether all conditions are met. Stops at the first that is not.
pub(crate) fn all_hold(tests: &[Test], row: Row<'_>, as_of: Date) -> Result<bool, Cause> {
    for test in tests {
        if !test.holds(row, as_of)? {
            return Ok(false);
        }
    }
    Ok(true)
}

impl With {
    fn of(key: &str, condition: &Condition) -> Result<Self, MappingError> {
        let alone = matches!(condition.op, Operator::Empty | Operator::NotEmpty);
        let value = match (&condition.value, alone) {
            (None, true) => return Ok(Self::Nothing),
            (Some(value), false) => value,
            (Some(_), true) => {
                return Err(MappingError::key(
                    format!("{key}.value"),
                    "`empty` and `not_empty` compare with nothing",
                    "leave `value` out",
                ));
            }
            (None, false) => {
                return Err(MappingError::key(
                    format!("{key}.value"),
                    "there is nothing to compare with",
                    "write `as_of`, a date, a number or a text in quotes",
                ));
            }
        };
        match comparison(condition, value) {
            Comparison::Text => Ok(Self::Text(value.clone())),
            Comparison::Date if value == AS_OF => Ok(Self::AsOf),
            Comparison::Date => value.parse().map(Self::Day).map_err(|_| {
                MappingError::key(
                    format!("{key}.value"),
                    "not a date",
                    "write `as_of` or a date such as \"2026-01-31\"",
                )
            }),
            Comparison::Number => Decimal::from_str_exact(value).map(Self::Number).map_err(|_| {
                MappingError::key(
                    format!("{key}.value"),
                    "not a number",
                    "write a number such as \"0\", or `as: date` or `as: text` beside it",
                )
            }),
        }
    }
}

fn comparison(condition: &Condition, value: &str) -> Comparison {
    if let Some(said) = condition.compare_as {
        return said;
    }
    match condition.op {
        _ if value == AS_OF || condition.format.is_some() => Comparison::Date,
        Operator::Less | Operator::AtMost | Operator::Greater | Operator::AtLeast => {
            Comparison::Number
        }
        Operator::Equal | Operator::NotEqual | Operator::Empty | Operator::NotEmpty => {
            Comparison::Text
        }
    }
}
