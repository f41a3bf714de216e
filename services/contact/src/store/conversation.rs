//! What was made sure of, and said, before conversations. Only ever inserted.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Uuid};

/// The right-party check and the disclosures of one call.
pub(crate) struct Conversation {
    pub attempt: Uuid,
    pub client: Uuid,
    /// `None`: not told.
    pub right_party_verified: Option<bool>,
    pub disclosures: Vec<String>,
    /// What the decision required and was not said.
    pub missing: Vec<String>,
    pub undisclosed_because: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// Keeps one.
pub(crate) async fn insert(conn: &mut PgConnection, told: &Conversation) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO conversation (attempt_id, client_id, right_party_verified, disclosures, missing,
                                   undisclosed_because, recorded_by, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        told.attempt,
        told.client,
        told.right_party_verified,
        &told.disclosures,
        &told.missing,
        told.undisclosed_because,
        told.by,
        told.at
    )
    .execute(conn)
    .await?;
    Ok(())
}
