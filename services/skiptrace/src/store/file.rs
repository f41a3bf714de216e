//! Files that ask a provider.

use duly_domain::Instant;
use sqlx::{PgConnection, types::Uuid};

/// A file as it stands.
pub(crate) enum File {
    /// Its searches are known, its bytes are not.
    Planned(Uuid),
    /// Its bytes stand.
    Begun { id: Uuid, name: String, content: Vec<u8> },
}

/// Plans files for a provider.
pub(crate) async fn plan(
    conn: &mut PgConnection,
    files: &[Uuid],
    provider: &str,
    now: Instant,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO request_file (file_id, provider, planned_at)
         SELECT f, $2, $3 FROM UNNEST($1::uuid[]) AS f",
        files,
        provider,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these files that are not handed over, locked.
pub(crate) async fn open(conn: &mut PgConnection, files: &[Uuid]) -> sqlx::Result<Vec<File>> {
    let rows = sqlx::query!(
        "SELECT file_id, name, content FROM request_file
         WHERE file_id = ANY ($1) AND state IN ('planned', 'begun') ORDER BY file_id FOR UPDATE",
        files
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| match (row.name, row.content) {
            (Some(name), Some(content)) => File::Begun { id: row.file_id, name, content },
            _ => File::Planned(row.file_id),
        })
        .collect())
}

/// Fixes a file's bytes: from here on every try writes these.
pub(crate) async fn begin(
    conn: &mut PgConnection,
    file: Uuid,
    name: &str,
    content: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE request_file SET state = 'begun', name = $2, content = $3 WHERE file_id = $1",
        file,
        name,
        content
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// None of the file's searches is to be made any more.
pub(crate) async fn drop(conn: &mut PgConnection, file: Uuid) -> sqlx::Result<()> {
    sqlx::query!("UPDATE request_file SET state = 'dropped' WHERE file_id = $1", file)
        .execute(conn)
        .await?;
    Ok(())
}

/// The provider has these files; what they say of persons is forgotten here.
pub(crate) async fn handed_over(
    conn: &mut PgConnection,
    files: &[Uuid],
    now: Instant,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE request_file SET state = 'handed_over', handed_over_at = $2, content = NULL
         WHERE file_id = ANY ($1)",
        files,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Files that wait for a folder to go to.
pub(crate) async fn planned(conn: &mut PgConnection) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!("SELECT file_id FROM request_file WHERE state = 'planned' ORDER BY file_id")
        .fetch_all(conn)
        .await
}
