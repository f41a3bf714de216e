//! All SQL of intake, a file per family of tables. The caller owns the transaction.

pub mod account;
pub mod acknowledgement;
pub mod batch;
pub mod client;
pub mod client_request;
pub mod close_proposal;
pub mod hold;
pub mod parts;

/// A row that does not fit the domain: somebody wrote around the service.
#[derive(Debug, thiserror::Error)]
#[error("corrupt row in {table}: {what}")]
pub struct Corrupt {
    /// The table.
    pub table: &'static str,
    /// The column, and what is wrong with it.
    pub what: String,
}

impl Corrupt {
    /// A column whose text is no code of its vocabulary.
    pub fn column(table: &'static str, column: &str, error: &dyn std::error::Error) -> sqlx::Error {
        let what = format!("{column}: {error}");
        sqlx::Error::Decode(Box::new(Self { table, what }))
    }
}

/// A code of a closed vocabulary, as a row holds it.
pub fn code<T>(table: &'static str, column: &str, text: &str) -> sqlx::Result<T>
where
    T: std::str::FromStr,
    T::Err: std::error::Error,
{
    text.parse().map_err(|e| Corrupt::column(table, column, &e))
}
