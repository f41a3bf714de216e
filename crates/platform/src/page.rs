//! Pages of lists: a bounded size, and an opaque token that holds the last key in hex.

use duly_proto::common::v1::{PageInfo, PageRequest};
use sqlx::types::Uuid;

use crate::error::{Failure, Kind, Violation};

/// Rows of a page whose caller does not say.
const SIZE_DEFAULT: i64 = 100;

/// Rows of a page, at most.
const SIZE_MAX: i64 = 1_000;

/// One page as its caller asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Rows wanted.
    pub size: i64,
    /// The last key of the page before; empty for the first.
    pub after: Vec<u8>,
}

/// A page that cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Too many rows, or fewer than none.
    #[error("is none of 0 (for {SIZE_DEFAULT}) and 1 to {SIZE_MAX}")]
    Size,
    /// A token that no list gave, or another list did.
    #[error("is not a token that an earlier page gave; begin with an empty one")]
    Token,
}

impl PageError {
    /// The field at fault.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::Size => "page.page_size",
            Self::Token => "page.page_token",
        }
    }
}

impl Failure for PageError {
    fn kind(&self) -> Kind {
        Kind::InvalidInput
    }

    fn reason(&self) -> &'static str {
        "invalid_input"
    }

    fn violations(&self) -> Vec<Violation> {
        vec![Violation::new(self.field(), self.to_string())]
    }
}

impl Page {
    /// The page that a request asks for.
    ///
    /// # Errors
    /// A size or a token that is none.
    pub fn of(page: Option<&PageRequest>) -> Result<Self, PageError> {
        let (size, token) = page.map_or((0, ""), |p| (i64::from(p.page_size), &p.page_token));
        let size = match size {
            0 => SIZE_DEFAULT,
            1..=SIZE_MAX => size,
            _ => return Err(PageError::Size),
        };
        Ok(Self { size, after: unhex(token).ok_or(PageError::Token)? })
    }

    /// Rows to read: one more than shown tells whether there is another page.
    #[must_use]
    pub fn limit(&self) -> i64 {
        self.size + 1
    }

    /// The id after which the page begins, where tokens are ids; nil for the first page.
    ///
    /// # Errors
    /// A token that is no id.
    pub fn after_id(&self) -> Result<Uuid, PageError> {
        match self.after.as_slice() {
            [] => Ok(Uuid::nil()),
            key => Uuid::from_slice(key).map_err(|_| PageError::Token),
        }
    }

    /// Cuts what was read to the page, and says where the next one begins.
    pub fn cut<T>(&self, rows: &mut Vec<T>, key: impl Fn(&T) -> Vec<u8>) -> PageInfo {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let last = rows.last().filter(|_| more);
        PageInfo { next_page_token: last.map(|row| hex(&key(row))).unwrap_or_default() }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(page_size: i32, page_token: &str) -> Result<Page, PageError> {
        Page::of(Some(&PageRequest { page_size, page_token: page_token.into() }))
    }

    #[test]
    fn a_token_that_is_no_id_is_refused_where_ids_are_tokens() {
        let id = Uuid::from_u128(7);
        let after = |token: &str| of(10, token).unwrap().after_id();
        assert_eq!(after(""), Ok(Uuid::nil()));
        assert_eq!(after(&hex(id.as_bytes())), Ok(id));
        assert_eq!(after("00ff"), Err(PageError::Token));
    }

    #[test]
    fn a_page_has_a_hundred_rows_unless_told() {
        assert_eq!(Page::of(None), Ok(Page { size: 100, after: vec![] }));
        assert_eq!(of(7, "").map(|p| p.size), Ok(7));
        assert_eq!(of(1_000, "").map(|p| p.size), Ok(1_000));
    }

    #[test]
    fn a_token_leads_to_the_row_after_it() {
        let first = of(2, "").unwrap();
        let mut rows = vec!["a", "b", "c"];
        let info = first.cut(&mut rows, |row| row.as_bytes().to_vec());
        assert_eq!(rows, ["a", "b"]);
        let second = of(2, &info.next_page_token).unwrap();
        assert_eq!(second.after, b"b");
        let mut rest = vec!["c"];
        assert_eq!(second.cut(&mut rest, |row| row.as_bytes().to_vec()), PageInfo::default());
    }

    #[test]
    fn a_size_or_token_out_of_range_is_refused_by_its_field() {
        for (size, text, field) in [
            (-1, "", "page.page_size"),
            (1_001, "", "page.page_size"),
            (1, "0", "page.page_token"),
            (1, "zz", "page.page_token"),
            (1, "é", "page.page_token"),
        ] {
            assert_eq!(of(size, text).unwrap_err().violations()[0].field, field);
        }
    }
}
