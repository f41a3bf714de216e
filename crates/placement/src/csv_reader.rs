//! Rows of a CSV file with their line and byte offset, each at most 256 KiB.
//!
//! Our own and not a library's, for three reasons that readers of CSV do not offer together: a row
//! has a limit, so that one broken quote cannot pull the whole file into memory; a quote that does
//! not end, or goes on behind its end, is that row's error and never a guess; and reading goes on
//! at the line after the one on which the broken row began, so that no good row is swallowed.

use std::io::{self, BufRead, BufReader, Read, Seek};

use crate::error::Code;

/// Longest row in bytes, and how far a quoted field may run on over lines.
const ROW_BYTES_MAX: usize = 256 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads rows one after the other, from any row on.
pub(crate) struct CsvReader<R> {
    input: BufReader<R>,
    delimiter: u8,
    offset: u64,
    line: u64,
}

/// One row, as bytes; its buffers are used again for the next.
#[derive(Default)]
pub(crate) struct RawRow {
    /// Where it begins.
    pub offset: u64,
    /// On which line it begins, from 1.
    pub line: u64,
    /// Why it has no fields, and which field was being read.
    pub broken: Option<(Code, usize)>,
    raw: Vec<u8>,
    /// How much of `raw` is split.
    read: usize,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl RawRow {
    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a field, without its quotes.
    pub fn field(&self, at: usize) -> Option<&[u8]> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }

    /// Whether all fields are UTF-8: quotes and delimiters are ASCII, so the row as written tells.
    pub fn is_utf8(&self) -> bool {
        std::str::from_utf8(&self.raw).is_ok()
    }

    fn clear(&mut self) {
        self.broken = None;
        self.raw.clear();
        self.read = 0;
        self.text.clear();
        self.ends.clear();
    }
}

/// Where a row stands that is split into fields.
enum Split {
    Whole,
    /// The last field is quoted and has not ended.
    Open,
    /// Something stands behind a closing quote.
    Broken,
}

impl<R: Read + Seek> CsvReader<R> {
    pub fn new(input: R, delimiter: u8) -> Self {
        Self { input: BufReader::with_capacity(16 * 1024, input), delimiter, offset: 0, line: 1 }
    }

    /// Goes back to the first line. A byte order mark there is left out.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.input.rewind()?;
        (self.offset, self.line) = (0, 1);
        if self.input.fill_buf()?.starts_with(BYTE_ORDER_MARK) {
            self.input.consume(BYTE_ORDER_MARK.len());
            self.offset = wide(BYTE_ORDER_MARK.len());
        }
        Ok(())
    }

    /// Goes to a row that was read before.
    pub fn go_to(&mut self, offset: u64, line: u64) -> io::Result<()> {
        let by = i128::from(offset) - i128::from(self.offset);
        let by = i64::try_from(by).map_err(io::Error::other)?;
        self.input.seek_relative(by)?;
        (self.offset, self.line) = (offset, line);
        Ok(())
    }

    /// Reads the next row that is not blank. False at the end of the file.
    pub fn next(&mut self, row: &mut RawRow) -> io::Result<bool> {
        loop {
            row.clear();
            (row.offset, row.line) = (self.offset, self.line);
            let whole_line = self.append_line(&mut row.raw)?;
            if row.raw.is_empty() {
                return Ok(false);
            }
            let (after_offset, after_line) = (self.offset, self.line);
            row.broken = if whole_line {
                self.split(row)?.map(|code| (code, row.ends.len()))
            } else {
                // Cut off at the limit: the field that was cut is the last one.
                let ended = usize::from(matches!(split(row, self.delimiter, false), Split::Whole));
                Some((Code::RowTooLong, row.ends.len() - ended))
            };
            if row.broken.is_some() {
                self.go_to(after_offset, after_line)?;
                return Ok(true);
            }
            if !row.text.iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
    }

    /// Splits into fields, taking further lines where a quoted field runs on.
    fn split(&mut self, row: &mut RawRow) -> io::Result<Option<Code>> {
        let mut goes_on = false;
        loop {
            match split(row, self.delimiter, goes_on) {
                Split::Whole => return Ok(None),
                Split::Broken => return Ok(Some(Code::InvalidQuote)),
                Split::Open => goes_on = true,
            }
            let before = row.raw.len();
            let whole_line = self.append_line(&mut row.raw)?;
            if !whole_line {
                return Ok(Some(Code::RowTooLong));
            }
            if row.raw.len() == before {
                return Ok(Some(Code::InvalidQuote));
            }
        }
    }

    /// Appends a line with its line break, as far as the row may grow, and skips the rest of it.
    /// False if there was a rest.
    fn append_line(&mut self, raw: &mut Vec<u8>) -> io::Result<bool> {
        let room = ROW_BYTES_MAX.saturating_sub(raw.len());
        let read = self.input.by_ref().take(wide(room)).read_until(b'\n', raw)?;
        self.offset += wide(read);
        let mut whole = true;
        if read == room && (room == 0 || raw.last() != Some(&b'\n')) {
            loop {
                let buffer = self.input.fill_buf()?;
                let line_end = buffer.iter().position(|byte| *byte == b'\n');
                let rest = line_end.map_or(buffer.len(), |at| at + 1);
                whole &= rest == 0;
                self.input.consume(rest);
                self.offset += wide(rest);
                if rest == 0 || line_end.is_some() {
                    break;
                }
            }
        }
        self.line += 1;
        Ok(whole)
    }
}

/// Splits `row.raw` into `row.text` and `row.ends`: from its start, or from `row.read` on, inside a
/// quoted field.
fn split(row: &mut RawRow, delimiter: u8, mut quoted: bool) -> Split {
    let raw = &row.raw;
    let line = raw.strip_suffix(b"\n").unwrap_or(raw);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut at = row.read;
    loop {
        if !quoted && line.get(at) == Some(&b'"') {
            quoted = true;
            at += 1;
        }
        if quoted {
            loop {
                let rest = raw.get(at..).unwrap_or_default();
                let quote = rest.iter().position(|byte| *byte == b'"');
                row.text.extend_from_slice(&rest[..quote.unwrap_or(rest.len())]);
                let Some(quote) = quote else {
                    row.read = raw.len();
                    return Split::Open;
                };
                at += quote;
                if raw.get(at + 1) != Some(&b'"') {
                    break;
                }
                row.text.push(b'"');
                at += 2;
            }
            quoted = false;
            at += 1;
            if line.get(at).is_some_and(|byte| *byte != delimiter) {
                return Split::Broken;
            }
        } else {
            let rest = line.get(at..).unwrap_or_default();
            let len = rest.iter().position(|byte| *byte == delimiter).unwrap_or(rest.len());
            row.text.extend_from_slice(&rest[..len]);
            at += len;
        }
        row.ends.push(row.text.len());
        if at >= line.len() {
            return Split::Whole;
        }
        at += 1;
    }
}

/// A count of bytes as an offset.
fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
