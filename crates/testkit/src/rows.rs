//! Everything that a set keeps, cell by cell, to be searched for what must not be there.

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use crate::set::Set;

/// One stored value.
#[derive(Clone)]
pub struct Cell {
    /// `schema.table.column`.
    pub place: String,
    /// Bytes as they are, anything else as Postgres prints it.
    pub value: Vec<u8>,
}

/// Every value of every table of the set, the mechanisms' tables included.
///
/// # Errors
/// The database's.
pub async fn dump(set: &Set) -> anyhow::Result<Vec<Cell>> {
    let schemas = set.schemas().await?;
    let mut conn = set.connect().await?;
    let columns = sqlx::query(
        "SELECT table_schema::text AS s, table_name::text AS t, column_name::text AS c,
                data_type::text AS kind
         FROM information_schema.columns JOIN information_schema.tables
              USING (table_schema, table_name)
         WHERE table_schema = ANY ($1) AND table_type = 'BASE TABLE' ORDER BY 1, 2, ordinal_position",
    )
    .bind(&schemas)
    .fetch_all(&mut conn)
    .await?;
    let mut cells = Vec::new();
    for column in columns {
        let get = |name: &str| column.try_get::<String, _>(name);
        let (schema, table, name) = (get("s")?, get("t")?, get("c")?);
        let place = format!("{schema}.{table}.{name}");
        let bytes = match get("kind")?.as_str() {
            "bytea" => format!(r#""{name}""#),
            _ => format!(r#"convert_to("{name}"::text, 'UTF8')"#),
        };
        let sql = format!(r#"SELECT {bytes} FROM "{schema}"."{table}" WHERE "{name}" IS NOT NULL"#);
        let values: Vec<Vec<u8>> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(&mut conn)
            .await
            .with_context(|| format!("dumping {place}"))?;
        cells.extend(values.into_iter().map(|value| Cell { place: place.clone(), value }));
    }
    conn.close().await?;
    Ok(cells)
}

/// The places that hold this text, plain or in hex, each once.
#[must_use]
pub fn holding(cells: &[Cell], text: &str) -> Vec<String> {
    let hex: String = text.bytes().map(|b| format!("{b:02x}")).collect();
    let needles = [text.as_bytes(), hex.as_bytes()];
    let mut places: Vec<String> = cells
        .iter()
        .filter(|cell| {
            needles
                .iter()
                .any(|n| !n.is_empty() && cell.value.windows(n.len()).any(|window| window == *n))
        })
        .map(|cell| cell.place.clone())
        .collect();
    places.dedup();
    places
}
