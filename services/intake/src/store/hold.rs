//! Holds: the client asks that an account not be worked for now.

use duly_domain::{AccountId, ClientId, Date, HoldId};
use sqlx::{PgConnection, types::Uuid};

/// A hold as it stands.
#[derive(Debug, Clone)]
pub struct Hold {
    pub id: HoldId,
    pub account: AccountId,
    pub client: ClientId,
    pub opening: i32,
    pub reason: String,
    pub from_on: Date,
    /// Its last day; `None`: until it is lifted.
    pub until_on: Option<Date>,
    pub lifted_on: Option<Date>,
}

pub async fn insert(conn: &mut PgConnection, hold: &Hold) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO hold (hold_id, account_id, client_id, opening, reason, from_on, until_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        hold.id.uuid(),
        hold.account.uuid(),
        hold.client.uuid(),
        hold.opening,
        hold.reason,
        hold.from_on,
        hold.until_on
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn by_id(conn: &mut PgConnection, id: HoldId) -> sqlx::Result<Option<Hold>> {
    let row = sqlx::query!(
        "SELECT hold_id, account_id, client_id, opening, reason, from_on, until_on, lifted_on
         FROM hold WHERE hold_id = $1",
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Hold {
        id: HoldId::from_uuid(row.hold_id),
        account: AccountId::from_uuid(row.account_id),
        client: ClientId::from_uuid(row.client_id),
        opening: row.opening,
        reason: row.reason,
        from_on: row.from_on,
        until_on: row.until_on,
        lifted_on: row.lifted_on,
    }))
}

pub async fn lift(
    conn: &mut PgConnection,
    id: HoldId,
    reason: &str,
    lifted_on: Date,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE hold SET lifted_on = $2, lift_reason = $3 WHERE hold_id = $1",
        id.uuid(),
        lifted_on,
        reason
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these accounts that are on hold today, each with the hold's last day (`None`: until it is
/// lifted) where it is known.
pub async fn holding(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    today: Date,
) -> sqlx::Result<Vec<(AccountId, Option<Date>)>> {
    let rows = sqlx::query!(
        r#"SELECT h.account_id,
                  CASE WHEN bool_or(h.until_on IS NULL) THEN NULL ELSE max(h.until_on) END AS until_on
           FROM hold AS h
           JOIN account AS a ON a.account_id = h.account_id AND a.opening = h.opening
           WHERE h.account_id = ANY ($1) AND h.lifted_on IS NULL AND h.from_on <= $2
             AND (h.until_on IS NULL OR h.until_on >= $2)
           GROUP BY h.account_id"#,
        accounts,
        today
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (AccountId::from_uuid(row.account_id), row.until_on)).collect())
}
