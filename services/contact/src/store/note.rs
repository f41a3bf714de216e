//! Notes. Only ever inserted.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Uuid};

/// What somebody wrote down about an account.
pub(crate) struct Note {
    pub id: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub text: String,
    pub author: String,
    pub written_at: DateTime<Utc>,
    pub visible_to_client: bool,
}

/// Keeps one.
pub(crate) async fn insert(conn: &mut PgConnection, note: &Note) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO note (note_id, client_id, account_id, text, author, written_at, visible_to_client)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        note.id,
        note.client,
        note.account,
        note.text,
        note.author,
        note.written_at,
        note.visible_to_client
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A page of notes, first written first.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Uuid,
    for_client: bool,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Note>> {
    sqlx::query_as!(
        Note,
        "SELECT note_id AS id, client_id AS client, account_id AS account, text, author, written_at,
                visible_to_client
         FROM note
         WHERE account_id = $1 AND note_id > $2 AND (visible_to_client OR NOT $3)
         ORDER BY note_id LIMIT $4",
        account,
        after,
        for_client,
        limit
    )
    .fetch_all(conn)
    .await
}
