//! Texts on their way out.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Uuid};

/// What came of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Waiting,
    Sent,
    Refused,
    Unknown,
}

impl Progress {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

/// One text that has not left.
pub(crate) struct Open {
    pub attempt: Uuid,
    pub words: String,
    /// A posting of it was begun, and nobody knows how far it came.
    pub sending: bool,
}

/// A text to send.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    attempt: Uuid,
    client: Uuid,
    words: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO text_message (attempt_id, client_id, words, progress) VALUES ($1, $2, $3, 'waiting')",
        attempt,
        client,
        words
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these that have not left, locked.
pub(crate) async fn open(conn: &mut PgConnection, attempts: &[Uuid]) -> sqlx::Result<Vec<Open>> {
    sqlx::query_as!(
        Open,
        r#"SELECT attempt_id AS attempt, words, progress = 'sending' AS "sending!" FROM text_message
           WHERE attempt_id = ANY ($1) AND progress IN ('waiting', 'sending')
           ORDER BY attempt_id FOR UPDATE"#,
        attempts
    )
    .fetch_all(conn)
    .await
}

/// It is about to be posted, with this body.
pub(crate) async fn begin(
    conn: &mut PgConnection,
    attempt: Uuid,
    body: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE text_message SET progress = 'sending', body = $2, begun_at = $3 WHERE attempt_id = $1",
        attempt,
        body,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What came of it.
pub(crate) async fn advance(
    conn: &mut PgConnection,
    attempt: Uuid,
    progress: Progress,
    gateway_ref: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE text_message SET progress = $2, gateway_ref = $3 WHERE attempt_id = $1",
        attempt,
        progress.as_str(),
        gateway_ref
    )
    .execute(conn)
    .await?;
    Ok(())
}
