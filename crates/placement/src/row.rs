//! One row of the file read through the mapping: cells become texts, amounts, dates and terms.

use std::fmt;
use std::str::FromStr;

use duly_domain::date::InvalidDate;
use duly_domain::money::InvalidAmount;
use duly_domain::{Currency, Date, DateFormat, Money, parse_date};

use crate::csv_reader::RawRow;
use crate::error::{Cause, Code};

/// Longest text of a placement, in bytes.
pub(crate) const TEXT_BYTES_MAX: usize = 4 * 1024;

/// Where a value comes from, and how it is written there.
#[derive(Clone)]
pub(crate) struct Cell {
    /// What errors call it: the column, or the mapping key of a constant.
    pub label: String,
    pub origin: Origin,
    pub format: DateFormat,
    pub thousands: bool,
}

#[derive(Clone)]
pub(crate) enum Origin {
    Column(usize),
    Constant(String),
}

/// A row with the names of its columns.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub raw: &'a RawRow,
    pub header: &'a [String],
}

impl Row<'_> {
    /// What is wrong with the row before any field is read.
    pub fn check_shape(&self) -> Result<(), Cause> {
        if let Some((code, field)) = self.raw.broken {
            let reason = match code {
                Code::RowTooLong => "the row is longer than 256 KiB",
                _ => "a quoted field does not end, or goes on behind its closing quote",
            };
            return Err(Cause::new(self.column(field), code, reason));
        }
        if self.raw.len() == self.header.len() {
            return Ok(());
        }
        let reason =
            format!("the row has {} fields, the header has {}", self.raw.len(), self.header.len());
        Err(Cause::new("", Code::WrongFieldCount, reason))
    }

    /// That every field of the row is UTF-8, whether it is mapped or not.
    pub fn check_encoding(&self) -> Result<(), Cause> {
        if self.raw.is_utf8() {
            return Ok(());
        }
        for at in 0..self.raw.len() {
            utf8(self.raw.field(at).unwrap_or_default(), self.column(at))?;
        }
        Ok(())
    }

    fn column(&self, at: usize) -> &str {
        self.header.get(at).map_or("", String::as_str)
    }
}

fn utf8<'r>(bytes: &'r [u8], label: &str) -> Result<&'r str, Cause> {
    std::str::from_utf8(bytes).map_err(|_| {
        Cause::new(label, Code::InvalidUtf8, "the text is not UTF-8: save the file as UTF-8")
    })
}

/// As [`str::trim`], which looks at every text's ends as characters; most end in plain letters.
fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

impl Cell {
    /// Whether the file says it, and not the mapping.
    pub fn is_column(&self) -> bool {
        matches!(self.origin, Origin::Column(_))
    }

    /// The text without surrounding white space; empty where there is none.
    pub fn text<'r>(&'r self, row: Row<'r>) -> Result<&'r str, Cause> {
        let at = match &self.origin {
            Origin::Constant(value) => return Ok(value),
            Origin::Column(at) => *at,
        };
        let text = trim(utf8(row.raw.field(at).unwrap_or_default(), &self.label)?);
        if text.len() > TEXT_BYTES_MAX {
            return Err(self.cause(Code::FieldTooLong, "the text is longer than 4 KiB"));
        }
        Ok(text)
    }

    /// The text, which must be there.
    pub fn required<'r>(&'r self, row: Row<'r>) -> Result<&'r str, Cause> {
        let text = self.text(row)?;
        if text.is_empty() { Err(self.missing()) } else { Ok(text) }
    }

    pub fn cause(&self, code: Code, reason: impl fmt::Display) -> Cause {
        Cause::new(&self.label, code, reason)
    }

    pub fn missing(&self) -> Cause {
        self.cause(Code::MissingValue, "a value is required here")
    }

    /// A date, if there is one.
    pub fn date(&self, row: Row<'_>) -> Result<Option<Date>, Cause> {
        let text = self.text(row)?;
        if text.is_empty() { Ok(None) } else { self.as_date(text).map(Some) }
    }

    pub fn as_date(&self, text: &str) -> Result<Date, Cause> {
        parse_date(text, &self.format).map_err(|error| {
            let code = match error {
                InvalidDate::Malformed { .. } => Code::InvalidDate,
                InvalidDate::NoSuchDay => Code::NoSuchDate,
            };
            self.cause(code, error)
        })
    }

    /// An amount, if there is one.
    pub fn money(&self, row: Row<'_>, currency: Currency) -> Result<Option<Money>, Cause> {
        let text = self.text(row)?;
        if text.is_empty() {
            return Ok(None);
        }
        let parse = if self.thousands { Money::parse_grouped } else { Money::parse };
        let amount = parse(text, currency).map_err(|error| {
            let code = match error {
                InvalidAmount::Malformed => Code::InvalidAmount,
                InvalidAmount::OverPrecise { .. } => Code::AmountTooPrecise,
                InvalidAmount::TooLarge => Code::AmountTooLarge,
            };
            self.cause(code, error)
        })?;
        Ok(Some(amount))
    }

    pub fn currency(&self, row: Row<'_>) -> Result<Currency, Cause> {
        self.required(row)?.parse().map_err(|error| self.cause(Code::UnknownCurrency, error))
    }

    /// One of the codes of a vocabulary, if there is one.
    pub fn term<T>(&self, row: Row<'_>) -> Result<Option<T>, Cause>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let text = self.text(row)?;
        if text.is_empty() { Ok(None) } else { self.as_term(text).map(Some) }
    }

    pub fn as_term<T>(&self, text: &str) -> Result<T, Cause>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        text.parse().map_err(|error| self.cause(Code::UnknownTerm, error))
    }
}
