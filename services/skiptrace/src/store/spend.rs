//! What was spent.

use duly_domain::{Date, Money};
use sqlx::{PgConnection, types::Uuid};

use super::money;
use crate::error::Result;

/// What was spent with a provider in a month; the row is locked, so that one at a time decides.
pub(crate) async fn lock(
    conn: &mut PgConnection,
    provider: &str,
    month: Date,
    currency: &str,
) -> Result<Money> {
    sqlx::query!(
        "INSERT INTO spend (provider, month, currency) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        provider,
        month,
        currency
    )
    .execute(&mut *conn)
    .await?;
    let row = sqlx::query!(
        "SELECT currency, spent_minor FROM spend WHERE provider = $1 AND month = $2 FOR UPDATE",
        provider,
        month
    )
    .fetch_one(conn)
    .await?;
    money("spend", Uuid::nil(), row.spent_minor, &row.currency)
}

/// Adds to what was spent in a month, or gives back.
pub(crate) async fn add(
    conn: &mut PgConnection,
    provider: &str,
    month: Date,
    amount: Money,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE spend SET spent_minor = spent_minor + $3 WHERE provider = $1 AND month = $2",
        provider,
        month,
        amount.minor()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One provider's month.
pub(crate) struct Spend {
    pub provider: String,
    pub month: Date,
    pub spent: Money,
}

/// All months, newest first.
pub(crate) async fn list(conn: &mut PgConnection) -> Result<Vec<Spend>> {
    let rows = sqlx::query!(
        "SELECT provider, month, currency, spent_minor FROM spend ORDER BY month DESC, provider"
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let spent = money("spend", Uuid::nil(), row.spent_minor, &row.currency)?;
            Ok(Spend { provider: row.provider, month: row.month, spent })
        })
        .collect()
}
