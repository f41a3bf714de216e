//! What can be wrong with a mapping, a file or a row of it.

use std::fmt;
use std::io;

/// A mapping that cannot be used, alone or with this file. Names the key and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Not YAML, an unknown key, or a key with the wrong kind of value.
    #[error("the mapping cannot be read: {0}")]
    Yaml(String),
    /// One key has a value that cannot be used.
    #[error("mapping key `{key}`: {problem}; {remedy}")]
    Key {
        /// Path of the key, e.g. `item.due_date`.
        key: String,
        /// What is wrong with it.
        problem: String,
        /// What to write instead.
        remedy: String,
    },
    /// Columns that the mapping names and the file has not.
    #[error(
        "the file has no column {}; it has: {}",
        missing.iter().map(|(key, column)| format!("`{column}` (mapping key `{key}`)"))
            .collect::<Vec<_>>().join(", "),
        found.join(", ")
    )]
    MissingColumns {
        /// Key and column of each.
        missing: Vec<(String, String)>,
        /// The columns that the first line names.
        found: Vec<String>,
    },
    /// The first line names none of the mapped columns: probably a data row, so it is not repeated.
    #[error(
        "the first line names none of the columns of the mapping (it has {fields} fields): \
         the file needs a header line, and `csv.delimiter` must be its delimiter"
    )]
    NoHeader {
        /// How many fields the first line has.
        fields: usize,
    },
    /// A column that the mapping names stands twice in the header.
    #[error("column `{column}` stands more than once in the header: rename one of them")]
    AmbiguousColumn {
        /// Its name.
        column: String,
    },
    /// The header line is empty, too long, not UTF-8 or has a quote that does not end.
    #[error("the header line cannot be read: {0}")]
    BrokenHeader(&'static str),
}

impl MappingError {
    pub(crate) fn key(
        key: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Key { key: key.into(), problem: problem.into(), remedy: remedy.into() }
    }
}

/// A file that cannot be scanned.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The mapping does not suit the file.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The file cannot be read on.
    #[error("reading the file")]
    Read(#[from] io::Error),
    /// A control sum does not fit 64 bits of minor units.
    #[error("the sum of all placements is too large to be held")]
    SumTooLarge,
}

/// Why a row is no placement. The text of a code is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A required value is not there.
    MissingValue,
    /// Not an amount.
    InvalidAmount,
    /// More decimals than the currency has.
    AmountTooPrecise,
    /// Does not fit 64 bits of minor units.
    AmountTooLarge,
    /// Not a date of the expected form.
    InvalidDate,
    /// A date that the calendar does not have.
    NoSuchDate,
    /// Not an ISO 4217 currency.
    UnknownCurrency,
    /// Not one of the codes of a vocabulary.
    UnknownTerm,
    /// Not a number where one is compared.
    InvalidNumber,
    /// Not UTF-8.
    InvalidUtf8,
    /// A text of more than 4 KiB.
    FieldTooLong,
    /// A row of more than 256 KiB.
    RowTooLong,
    /// A quoted field that does not end, or goes on behind its closing quote.
    InvalidQuote,
    /// More or fewer fields than the header.
    WrongFieldCount,
    /// Two rows of one claim say different things.
    ConflictingValues,
    /// One claim holds the same item twice.
    DuplicateItem,
    /// The claim's amount is zero or less.
    AmountNotPositive,
}

impl Code {
    /// The stable text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingValue => "missing_value",
            Self::InvalidAmount => "invalid_amount",
            Self::AmountTooPrecise => "amount_too_precise",
            Self::AmountTooLarge => "amount_too_large",
            Self::InvalidDate => "invalid_date",
            Self::NoSuchDate => "no_such_date",
            Self::UnknownCurrency => "unknown_currency",
            Self::UnknownTerm => "unknown_term",
            Self::InvalidNumber => "invalid_number",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::FieldTooLong => "field_too_long",
            Self::RowTooLong => "row_too_long",
            Self::InvalidQuote => "invalid_quote",
            Self::WrongFieldCount => "wrong_field_count",
            Self::ConflictingValues => "conflicting_values",
            Self::DuplicateItem => "duplicate_item",
            Self::AmountNotPositive => "amount_not_positive",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a record of the file is no placement. Never repeats a value of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {reason} ({code})", if field.is_empty() { String::new() } else { format!(", {field}") })]
pub struct RowError {
    /// Line of the bad row, from 1, the header included.
    pub line: u64,
    /// Column of the file, or mapping key where no column is to blame; empty for the row as a whole.
    pub field: String,
    /// Stable code.
    pub code: Code,
    /// In words.
    pub reason: String,
}

/// A [`RowError`] whose line is not yet said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    pub field: String,
    pub code: Code,
    pub reason: String,
}

impl Cause {
    pub fn new(field: &str, code: Code, reason: impl fmt::Display) -> Self {
        Self { field: field.to_owned(), code, reason: reason.to_string() }
    }

    pub fn at(self, line: u64) -> RowError {
        RowError { line, field: self.field, code: self.code, reason: self.reason }
    }
}
