//! What the program says: results on standard output, remarks on standard error. A reader that closes
//! the pipe ends the program quietly and never makes it panic.

use std::{
    fmt,
    io::{self, Write as _},
};

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};

use crate::files;

/// Standard output was closed by its reader, who has seen enough.
#[derive(Debug, thiserror::Error)]
#[error("standard output was closed")]
pub struct Closed;

/// Prints one line to standard output.
///
/// # Errors
/// [`Closed`], or that it cannot be written, as on a full disk.
pub fn say(line: impl fmt::Display) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|error| {
        if error.kind() == io::ErrorKind::BrokenPipe {
            anyhow::Error::new(Closed)
        } else {
            files::trouble_of_output(error)
        }
    })
}

/// Prints one remark to standard error. Nobody is left to tell when that fails.
pub fn note(line: impl fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A table as every verb prints it, its header set.
pub fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    let lines = presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none());
    table.load_style(lines).set_header(header);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// Lets the columns of numbers stand on the right.
pub fn right(table: &mut Table, columns: impl IntoIterator<Item = usize>) {
    for at in columns {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// A count with its thousands marked: `9,526`.
pub fn count(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Minor units of a currency by its code: `305,513,376.01 USD`; of an unknown currency as they are.
pub fn amount(minor: i64, currency: &str) -> String {
    let digits = currency.parse::<duly_domain::Currency>().map_or(0, duly_domain::Currency::digits);
    let unit = 10_u64.pow(digits);
    let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let sign = if minor < 0 { "-" } else { "" };
    let whole = count(whole);
    match usize::try_from(digits) {
        Ok(width) if width > 0 => format!("{sign}{whole}.{part:0width$} {currency}"),
        _ => format!("{sign}{whole} {currency}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(9_526), "9,526");
        assert_eq!(count(-1_234_567), "-1,234,567");
    }

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        assert_eq!(amount(30_551_337_601, "USD"), "305,513,376.01 USD");
        assert_eq!(amount(-5, "EUR"), "-0.05 EUR");
        assert_eq!(amount(1_500, "JPY"), "1,500 JPY");
        assert_eq!(amount(1_500, "KWD"), "1.500 KWD");
    }
}
