//! What contact tells of stops and disputes, and which letters they keep in the house.

use serde::Serialize;
use sqlx::{PgConnection, types::Uuid};

use super::set;

#[derive(Serialize)]
pub(crate) struct StopFact {
    pub stop_id: Uuid,
    pub kind: &'static str,
    pub party_id: Uuid,
    pub account_id: Option<Uuid>,
    pub channel: Option<&'static str>,
    pub address: String,
}

pub(crate) async fn keep_stops(conn: &mut PgConnection, facts: &[StopFact]) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO stop (stop_id, kind, party_id, account_id, channel, address)
         SELECT stop_id, kind, party_id, account_id, channel, address
         FROM jsonb_to_recordset($1) AS f (stop_id uuid, kind text, party_id uuid, account_id uuid,
             channel text, address text)
         ORDER BY stop_id
         ON CONFLICT DO NOTHING",
        set(facts)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn keep_stops_lifted(conn: &mut PgConnection, stops: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO stop_lifted (stop_id) SELECT DISTINCT id FROM UNNEST($1::uuid[]) AS f (id)
         ORDER BY id ON CONFLICT DO NOTHING",
        stops
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(Serialize)]
pub(crate) struct DisputeFact {
    pub dispute_id: Uuid,
    pub account_id: Uuid,
    pub opening: i32,
    pub pauses_account: bool,
}

pub(crate) async fn keep_disputes(
    conn: &mut PgConnection,
    facts: &[DisputeFact],
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO dispute (dispute_id, account_id, opening, pauses_account)
         SELECT dispute_id, account_id, opening, pauses_account
         FROM jsonb_to_recordset($1) AS f (dispute_id uuid, account_id uuid, opening int,
             pauses_account boolean)
         ORDER BY dispute_id
         ON CONFLICT DO NOTHING",
        set(facts)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn keep_disputes_resolved(
    conn: &mut PgConnection,
    disputes: &[Uuid],
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO dispute_resolved (dispute_id) SELECT DISTINCT id FROM UNNEST($1::uuid[]) AS f (id)
         ORDER BY id ON CONFLICT DO NOTHING",
        disputes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which of these letters a stop keeps in the house, with the stop's kind. An attorney, a cease request,
/// a bankruptcy and a death stop all letters to the party; a refusal stops its medium or address.
pub(crate) async fn stopped(
    conn: &mut PgConnection,
    letters: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, String)>> {
    let rows = sqlx::query!(
        "SELECT DISTINCT ON (l.letter_id) l.letter_id, s.kind
         FROM letter AS l
         JOIN stop AS s ON s.party_id = l.party_id
         LEFT JOIN stop_lifted AS gone USING (stop_id)
         WHERE l.letter_id = ANY($1) AND gone.stop_id IS NULL
           AND (s.account_id IS NULL OR s.account_id = l.account_id)
           AND (s.channel IS NULL OR s.channel = l.channel)
           AND (s.kind IN ('attorney', 'cease', 'bankruptcy', 'deceased')
                OR s.kind = 'opt_out' AND (s.address = '' OR lower(s.address) = lower(coalesce(l.email, ''))))
         ORDER BY l.letter_id, s.kind",
        letters
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.letter_id, row.kind)).collect())
}

/// Which of these accounts a dispute pauses.
pub(crate) async fn disputed(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, i32)>> {
    let rows = sqlx::query!(
        "SELECT DISTINCT d.account_id, d.opening
         FROM dispute AS d LEFT JOIN dispute_resolved AS over USING (dispute_id)
         WHERE d.account_id = ANY($1) AND d.pauses_account AND over.dispute_id IS NULL",
        accounts
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.opening)).collect())
}
