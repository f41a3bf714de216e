//! Calls that a dialer started. Only ever inserted.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Uuid};

/// One start.
pub(crate) struct CallStart {
    pub attempt: Uuid,
    pub client: Uuid,
    /// The decision at the instant of the start.
    pub decision: Uuid,
    /// The dialer's name for the call.
    pub call_ref: String,
    pub started_at: DateTime<Utc>,
    pub started_by: String,
}

/// Keeps it; false where another call of another person has just taken its reference.
pub(crate) async fn insert(conn: &mut PgConnection, start: &CallStart) -> sqlx::Result<bool> {
    let kept = sqlx::query!(
        "INSERT INTO call_start (attempt_id, client_id, decision_id, call_ref, started_at, started_by)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (call_ref) DO NOTHING",
        start.attempt,
        start.client,
        start.decision,
        start.call_ref,
        start.started_at,
        start.started_by
    )
    .execute(conn)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// A call was started: its outcome is awaited until then.
pub(crate) async fn await_outcome(
    conn: &mut PgConnection,
    id: Uuid,
    until: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("UPDATE attempt SET valid_until = $2 WHERE attempt_id = $1", id, until)
        .execute(conn)
        .await?;
    Ok(())
}

/// The start of this attempt, and the start by this reference.
pub(crate) async fn of(
    conn: &mut PgConnection,
    attempt: Uuid,
    call_ref: &str,
) -> sqlx::Result<Vec<CallStart>> {
    sqlx::query_as!(
        CallStart,
        "SELECT attempt_id AS attempt, client_id AS client, decision_id AS decision, call_ref, started_at,
                started_by
         FROM call_start WHERE attempt_id = $1 OR call_ref = $2",
        attempt,
        call_ref
    )
    .fetch_all(conn)
    .await
}

/// Which of these attempts were started.
pub(crate) async fn started(conn: &mut PgConnection, attempts: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!("SELECT attempt_id FROM call_start WHERE attempt_id = ANY ($1)", attempts)
        .fetch_all(conn)
        .await
}
