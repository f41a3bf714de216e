//! Stops that contact placed.

use std::collections::BTreeSet;

use duly_domain::Instant;
use sqlx::{PgConnection, types::Uuid};

/// A stop as contact told it.
pub(crate) struct Stop {
    pub id: Uuid,
    pub kind: &'static str,
    pub party: Uuid,
    pub account: Option<Uuid>,
    pub placed_at: Instant,
}

/// Keeps stops, each once.
pub(crate) async fn place(conn: &mut PgConnection, stops: &[Stop]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = stops.iter().map(|s| s.id).collect();
    let kinds: Vec<String> = stops.iter().map(|s| s.kind.to_owned()).collect();
    let parties: Vec<Uuid> = stops.iter().map(|s| s.party).collect();
    let accounts: Vec<Option<Uuid>> = stops.iter().map(|s| s.account).collect();
    let placed: Vec<Instant> = stops.iter().map(|s| s.placed_at).collect();
    sqlx::query!(
        "INSERT INTO stop (stop_id, kind, party_id, account_id, placed_at)
         SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[])
             AS f (stop_id)
         ORDER BY stop_id
         ON CONFLICT DO NOTHING",
        &ids,
        &kinds,
        &parties,
        &accounts as _,
        &placed
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps that stops were lifted.
pub(crate) async fn lift(conn: &mut PgConnection, stops: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO stop_lifted (stop_id) SELECT s FROM UNNEST($1::uuid[]) AS s ORDER BY s
         ON CONFLICT DO NOTHING",
        stops
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these (account, party) for whom a stop stands that ends all reaching. What was placed at
/// this very instant counts from the next.
pub(crate) async fn stopped(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    parties: &[Uuid],
    now: Instant,
) -> sqlx::Result<BTreeSet<(Uuid, Uuid)>> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT f.account_id AS "account_id!", f.party_id AS "party_id!"
           FROM UNNEST($1::uuid[], $2::uuid[]) AS f (account_id, party_id)
           JOIN stop AS s ON s.party_id = f.party_id
                          AND (s.account_id IS NULL OR s.account_id = f.account_id)
           WHERE s.kind IN ('attorney', 'cease', 'bankruptcy', 'deceased') AND s.placed_at < $3
             AND NOT EXISTS (SELECT FROM stop_lifted AS l WHERE l.stop_id = s.stop_id)"#,
        accounts,
        parties,
        now
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.party_id)).collect())
}
