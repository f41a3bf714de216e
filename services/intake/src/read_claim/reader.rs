//! Field by field: each value that does not fit leaves a problem and the reading goes on.

use std::fmt;

use duly_domain::{Currency, Date};
use duly_platform::Sealer;
use duly_proto::{
    common::v1 as common,
    convert::{self, Misfit},
};

use super::AMOUNT_MAX;
use crate::{
    claim::{Problem, Terms},
    input::REFERENCE_BYTES_MAX,
};

/// Longest text, in bytes.
pub const TEXT_BYTES_MAX: usize = 4 * 1024;

/// Where a field stands in its record.
#[derive(Clone, Copy)]
pub struct At {
    item: Option<(&'static str, usize)>,
    leaf: &'static str,
}

impl At {
    /// A field of the record itself.
    pub fn field(leaf: &'static str) -> Self {
        Self { item: None, leaf }
    }

    /// A field of one element of a list.
    pub fn item(list: &'static str, index: usize, leaf: &'static str) -> Self {
        Self { item: Some((list, index)), leaf }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.item {
            Some((list, index)) => write!(f, "{list}[{index}].{}", self.leaf),
            None => f.write_str(self.leaf),
        }
    }
}

/// Reads fields and keeps what is wrong with them.
pub struct Reader<'a> {
    pub terms: &'a Terms,
    pub sealer: &'a Sealer,
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub fn new(terms: &'a Terms, sealer: &'a Sealer) -> Self {
        Self { terms, sealer, problems: Vec::new(), warnings: Vec::new() }
    }

    /// The record cannot be placed.
    pub fn wrong(&mut self, code: &'static str, at: At, reason: impl Into<String>) {
        self.problems.push(problem(code, at, reason));
    }

    /// The record is placed without this.
    pub fn warn(&mut self, code: &'static str, at: At, reason: impl Into<String>) {
        self.warnings.push(problem(code, at, reason));
    }

    /// A text of one line, trimmed; empty where it is missing or does not fit.
    pub fn text(&mut self, at: At, text: &str, bytes_max: usize) -> String {
        self.text_of(at, text, bytes_max, char::is_control)
    }

    /// A text that may have several lines.
    pub fn long_text(&mut self, at: At, text: &str) -> String {
        self.text_of(at, text, TEXT_BYTES_MAX, |c| {
            c.is_control() && !matches!(c, '\n' | '\r' | '\t')
        })
    }

    fn text_of(&mut self, at: At, text: &str, bytes_max: usize, bad: fn(char) -> bool) -> String {
        let text = text.trim();
        if text.len() > bytes_max {
            self.wrong("text_too_long", at, format!("is longer than {bytes_max} bytes"));
        } else if text.chars().any(bad) {
            self.wrong("text_invalid", at, "contains control characters");
        } else {
            return text.to_owned();
        }
        String::new()
    }

    /// The client's reference for the account; empty where it is missing or does not fit.
    pub fn reference(&mut self, text: &str) -> String {
        let at = At::field("client_account_ref");
        if text.trim().is_empty() {
            self.wrong("reference_missing", at, "is missing");
        }
        self.text(at, text, REFERENCE_BYTES_MAX)
    }

    /// A value of a closed vocabulary.
    pub fn term<T>(&mut self, code: &'static str, at: At, term: Result<T, Misfit>) -> Option<T> {
        term.inspect_err(|_| self.wrong(code, at, "is missing or unknown")).ok()
    }

    /// Minor units of an amount in the client's currency.
    pub fn money(&mut self, at: At, money: Option<&common::Money>) -> Option<i64> {
        let money = money?;
        match money.currency.parse::<Currency>() {
            Err(unknown) => self.wrong("currency_unknown", at, unknown.to_string()),
            Ok(currency) if currency != self.terms.currency => {
                let reason = format!("is not in the client's currency {}", self.terms.currency);
                self.wrong("currency_differs", at, reason);
            }
            Ok(_) if !(-AMOUNT_MAX..=AMOUNT_MAX).contains(&money.minor) => {
                self.wrong("amount_too_large", at, format!("is above {AMOUNT_MAX} minor units"));
            }
            Ok(_) => return Some(money.minor),
        }
        None
    }

    /// A date that may be missing.
    pub fn date(&mut self, at: At, date: Option<&common::Date>) -> Option<Date> {
        match convert::date_opt("", date) {
            Ok(date) => date,
            Err(_) => {
                self.wrong("date_invalid", at, "is no day of the calendar");
                None
            }
        }
    }

    /// A date that may be missing, of something that has happened.
    pub fn past_date(&mut self, at: At, date: Option<&common::Date>) -> Option<Date> {
        let date = self.date(at, date)?;
        if date > self.terms.today {
            self.wrong("date_in_future", at, "is in the future");
            return None;
        }
        Some(date)
    }

    /// Whether a list is short enough for the events that carry it.
    pub fn few<T>(&mut self, list: &'static str, elements: &[T], max: usize) -> bool {
        let few = elements.len() <= max;
        if !few {
            self.wrong("too_many", At::field(list), format!("has more than {max} elements"));
        }
        few
    }
}

fn problem(code: &'static str, at: At, reason: impl Into<String>) -> Problem {
    Problem { code: code.into(), field: at.to_string(), reason: reason.into() }
}
