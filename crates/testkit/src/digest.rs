//! Digests: SHA-256 per table over its business columns, so that equal states are equal digests, in
//! one process or many, whatever the ids and the order of arrival were.

use std::{collections::BTreeMap, fmt};

use anyhow::{Context as _, ensure};
use sha2::{Digest as _, Sha256};
use sqlx::Connection as _;

use crate::{set::Set, shape::Shape};

/// Rows of one table that are kept to show a difference; beyond it only their digest is.
const ROWS_KEPT: usize = 20_000;

/// Differing rows shown per table.
const ROWS_SHOWN: usize = 5;

/// One table's digest.
#[derive(Clone)]
pub struct TableDigest {
    /// SHA-256 over the sorted rows, hex.
    pub sha256: String,
    /// How many rows there are.
    pub count: usize,
    rows: Vec<String>,
}

impl PartialEq for TableDigest {
    fn eq(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

impl Eq for TableDigest {}

impl fmt::Debug for TableDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} rows", self.sha256, self.count)
    }
}

/// The state of some services, by `service.table`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Digests(pub BTreeMap<String, TableDigest>);

/// Digests the business state of these services.
///
/// # Errors
/// The database's, or a row that is null: a query forgot a `coalesce`.
pub async fn digest(set: &Set, shapes: &[Shape]) -> anyhow::Result<Digests> {
    let mut tables = BTreeMap::new();
    for shape in shapes {
        let mut conn = set.connect_to(&set.schema(shape.name)).await?;
        for query in shape.digest {
            let name = format!("{}.{}", shape.name, query.table);
            let rows: Vec<Option<String>> = sqlx::query_scalar(query.sql)
                .fetch_all(&mut conn)
                .await
                .with_context(|| format!("digesting {name}"))?;
            let rows: Option<Vec<String>> = rows.into_iter().collect();
            let rows = rows.with_context(|| format!("a row of the digest of {name} is null"))?;
            let before = tables.insert(name.clone(), table(rows));
            ensure!(before.is_none(), "{name} is digested twice");
        }
        conn.close().await?;
    }
    Ok(Digests(tables))
}

fn table(mut rows: Vec<String>) -> TableDigest {
    rows.sort_unstable();
    let mut hash = Sha256::new();
    for row in &rows {
        // The length keeps the rows apart whatever they contain.
        hash.update(row.len().to_be_bytes());
        hash.update(row.as_bytes());
    }
    let count = rows.len();
    rows.truncate(ROWS_KEPT);
    rows.shrink_to_fit();
    TableDigest { sha256: hex(&hash.finalize()), count, rows }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Where two states differ. Empty where they are equal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference(pub Vec<String>);

impl Difference {
    /// Whether the states are equal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl Digests {
    /// One digest over all tables, hex.
    #[must_use]
    pub fn all(&self) -> String {
        let mut hash = Sha256::new();
        for (name, table) in &self.0 {
            hash.update(format!("{name}={}\n", table.sha256));
        }
        hex(&hash.finalize())
    }

    /// The tables that differ, with the first rows that only one side has.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Difference {
        let mut found = Vec::new();
        for name in self.0.keys().chain(other.0.keys().filter(|n| !self.0.contains_key(*n))) {
            match (self.0.get(name), other.0.get(name)) {
                (Some(one), Some(two)) if one == two => {}
                (Some(one), Some(two)) => {
                    found.push(format!("{name}: {} rows against {}", one.count, two.count));
                    found.extend(only_in(one, two).map(|row| format!("  - {row}")));
                    found.extend(only_in(two, one).map(|row| format!("  + {row}")));
                }
                (Some(_), None) => found.push(format!("{name}: only on the first side")),
                (None, _) => found.push(format!("{name}: only on the second side")),
            }
        }
        Difference(found)
    }
}

/// Rows of one side, as often as the other side does not have them.
fn only_in<'a>(one: &'a TableDigest, two: &'a TableDigest) -> impl Iterator<Item = &'a String> {
    let mut spare: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &two.rows {
        *spare.entry(row).or_default() += 1;
    }
    one.rows
        .iter()
        .filter(move |row| match spare.get_mut(row.as_str()) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        })
        .take(ROWS_SHOWN)
}

impl fmt::Display for Digests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.keys().map(String::len).max().unwrap_or_default();
        for (name, table) in &self.0 {
            writeln!(f, "{}  {name:width$}  {:>9}", table.sha256, table.count)?;
        }
        write!(f, "{}  all", self.all())
    }
}

impl fmt::Debug for Digests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&str]) -> Digests {
        let rows = rows.iter().map(|r| (*r).to_owned()).collect();
        Digests(BTreeMap::from([("x.account".to_owned(), table(rows))]))
    }

    #[test]
    fn order_of_rows_does_not_matter() {
        assert_eq!(of(&["a", "b"]), of(&["b", "a"]));
        assert_eq!(of(&["a", "b"]).all(), of(&["b", "a"]).all());
    }

    #[test]
    fn a_row_more_is_another_state() {
        assert_ne!(of(&["a"]), of(&["a", "a"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&[]), Digests::default());
    }

    #[test]
    fn a_difference_names_the_table_and_its_rows() {
        let found = of(&["a", "b", "b"]).difference(&of(&["b", "c"])).to_string();
        assert_eq!(found, "x.account: 3 rows against 2\n  - a\n  - b\n  + c");
        assert_eq!(of(&["a"]).difference(&of(&["a"])), Difference::default());
        let missing = of(&["a"]).difference(&Digests::default()).to_string();
        assert_eq!(missing, "x.account: only on the first side");
    }
}
