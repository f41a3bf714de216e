//! Letters that a strategy asks for, until each is a letter or refused.

use chrono::{DateTime, Utc};
use duly_domain::Channel;
use serde::Serialize;
use sqlx::{PgConnection, types::Uuid};

use super::{code, set};

#[derive(Serialize)]
pub(crate) struct TreatmentFact {
    pub treatment_id: Uuid,
    pub client_id: Uuid,
    pub account_id: Uuid,
    pub opening: i32,
    pub party_id: Uuid,
    pub channel: &'static str,
    pub template: String,
    pub step: String,
    pub try_no: i32,
    pub expires_at: DateTime<Utc>,
}

/// Keeps treatments, each once.
pub(crate) async fn keep(conn: &mut PgConnection, facts: &[TreatmentFact]) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO treatment (treatment_id, client_id, account_id, opening, party_id, channel, template,
                                step, try_no, expires_at)
         SELECT treatment_id, client_id, account_id, opening, party_id, channel, template, step, try_no,
                expires_at
         FROM jsonb_to_recordset($1) AS f (treatment_id uuid, client_id uuid, account_id uuid, opening int,
             party_id uuid, channel text, template text, step text, try_no int, expires_at timestamptz)
         ORDER BY treatment_id
         ON CONFLICT DO NOTHING",
        set(facts)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One that waits.
#[derive(Clone)]
pub(crate) struct Waiting {
    pub treatment_id: Uuid,
    pub client_id: Uuid,
    pub account_id: Uuid,
    pub opening: i32,
    pub party_id: Uuid,
    pub channel: Channel,
    pub template: String,
    pub step: String,
    pub try_no: i32,
    pub expires_at: DateTime<Utc>,
}

/// Those of these treatments that still wait, locked, in the order of the keys.
pub(crate) async fn lock_waiting(
    conn: &mut PgConnection,
    keys: &[Uuid],
) -> sqlx::Result<Vec<Waiting>> {
    let rows = sqlx::query!(
        "SELECT treatment_id, client_id, account_id, opening, party_id, channel, template, step, try_no,
                expires_at
         FROM treatment WHERE treatment_id = ANY($1) AND state = 'waiting'
         ORDER BY treatment_id FOR UPDATE",
        keys
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Waiting {
                treatment_id: row.treatment_id,
                client_id: row.client_id,
                account_id: row.account_id,
                opening: row.opening,
                party_id: row.party_id,
                channel: code("treatment", &row.channel)?,
                template: row.template,
                step: row.step,
                try_no: row.try_no,
                expires_at: row.expires_at,
            })
        })
        .collect()
}

/// Those that wait on these accounts or for these clients' names.
pub(crate) async fn waiting_on(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    clients: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "SELECT treatment_id FROM treatment
         WHERE state = 'waiting' AND (account_id = ANY($1) OR client_id = ANY($2))",
        accounts,
        clients
    )
    .fetch_all(conn)
    .await
}

pub(crate) async fn set_refused(
    conn: &mut PgConnection,
    treatment: Uuid,
    missing: &[String],
    why: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE treatment SET state = 'refused', missing = $2, why = $3 WHERE treatment_id = $1",
        treatment,
        missing,
        why
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn set_prepared(conn: &mut PgConnection, treatments: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE treatment SET state = 'prepared' WHERE treatment_id = ANY($1)",
        treatments
    )
    .execute(conn)
    .await?;
    Ok(())
}
