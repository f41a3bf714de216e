//! Authorisations of letters: each is answered once.

use chrono::{DateTime, Utc};
use duly_domain::Channel;
use serde::Serialize;
use sqlx::{PgConnection, types::Uuid};

use super::set;

#[derive(Serialize)]
pub(crate) struct PermissionFact {
    pub attempt_id: Uuid,
    pub letter_id: Uuid,
    pub treatment_id: Option<Uuid>,
    pub account_id: Uuid,
    pub opening: i32,
    pub party_id: Uuid,
    pub channel: &'static str,
    pub authorized_at: DateTime<Utc>,
    pub valid_until: DateTime<Utc>,
    pub seal_at: DateTime<Utc>,
}

/// Keeps authorisations, each once.
pub(crate) async fn keep(conn: &mut PgConnection, facts: &[PermissionFact]) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO permission (attempt_id, letter_id, treatment_id, account_id, opening, party_id, channel,
                                 authorized_at, valid_until, seal_at)
         SELECT attempt_id, letter_id, treatment_id, account_id, opening, party_id, channel, authorized_at,
                valid_until, seal_at
         FROM jsonb_to_recordset($1) AS f (attempt_id uuid, letter_id uuid, treatment_id uuid,
             account_id uuid, opening int, party_id uuid, channel text, authorized_at timestamptz,
             valid_until timestamptz, seal_at timestamptz)
         ORDER BY attempt_id
         ON CONFLICT DO NOTHING",
        set(facts)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One that is to be answered.
pub(crate) struct Permission {
    pub attempt_id: Uuid,
    pub letter_id: Uuid,
    pub treatment_id: Option<Uuid>,
    /// Unknown where the account is.
    pub client_id: Option<Uuid>,
    pub account_id: Uuid,
    pub opening: i32,
    pub party_id: Uuid,
}

/// The open ones of a channel whose tick has come, locked, in an order of the business: by the
/// account's references, the party's position and the step.
pub(crate) async fn lock_open(
    conn: &mut PgConnection,
    channel: Channel,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Permission>> {
    sqlx::query_as!(
        Permission,
        r#"SELECT p.attempt_id, p.letter_id, p.treatment_id, a.client_id AS "client_id?", p.account_id,
                p.opening, p.party_id
         FROM permission AS p
         LEFT JOIN account AS a ON a.account_id = p.account_id AND a.opening = p.opening
         LEFT JOIN account_party AS d ON d.account_id = p.account_id AND d.opening = p.opening
              AND d.party_id = p.party_id
         LEFT JOIN treatment AS t ON t.treatment_id = p.treatment_id
         WHERE p.state = 'open' AND p.channel = $1 AND p.seal_at <= $2
         ORDER BY a.client_ref, a.client_account_ref, p.opening, d.position, t.step, t.try_no, p.authorized_at
         FOR UPDATE OF p"#,
        channel.as_str(),
        now
    )
    .fetch_all(conn)
    .await
}

pub(crate) async fn set_sealed(conn: &mut PgConnection, attempts: &[Uuid]) -> sqlx::Result<()> {
    set_state(conn, attempts, "sealed").await
}

pub(crate) async fn set_expired(conn: &mut PgConnection, attempts: &[Uuid]) -> sqlx::Result<()> {
    set_state(conn, attempts, "expired").await
}

async fn set_state(conn: &mut PgConnection, attempts: &[Uuid], state: &str) -> sqlx::Result<()> {
    sqlx::query!("UPDATE permission SET state = $2 WHERE attempt_id = ANY($1)", attempts, state)
        .execute(conn)
        .await?;
    Ok(())
}
