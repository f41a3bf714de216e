//! Starting over: empty read models that will ask for every frame again.

use sqlx::{Connection as _, PgConnection};

/// Empties the read models and sets the floors to 0; a running service, or the next one that starts,
/// asks for everything again. On a connection to reporting's schema with the owner's or the login
/// role's rights.
///
/// # Errors
/// The database's.
pub async fn rebuild(conn: &mut PgConnection) -> sqlx::Result<()> {
    let mut tx = conn.begin().await?;
    // Waits for every handler that is at work, and lets none begin before the floors are down.
    sqlx::raw_sql(
        "SELECT 1 FROM inbox_floor FOR UPDATE;
         TRUNCATE client, batch, account, account_end, collection, held, client_summary, timeline,
             account_change, account_money, account_work, account_close, liable_party, stop, hold, dispute,
             promise, inbox;
         UPDATE parked SET machine_replayed_at = clock_timestamp() WHERE machine_replayed_at IS NULL;
         UPDATE inbox_floor SET floor = 0;",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
