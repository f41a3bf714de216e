//! Published strategies.

use duly_domain::Instant;
use sqlx::{PgConnection, types::Uuid};

use crate::model::StrategyKey;

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    pub name: String,
    pub version: i32,
    pub document: String,
    pub published_by: String,
    pub published_at: Instant,
}

/// Waits for whoever else publishes under this name, until the end of the transaction.
pub(crate) async fn lock_name(conn: &mut PgConnection, name: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
        format!("strategy {name}")
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// The latest version of each of these names.
pub(crate) async fn latest(
    conn: &mut PgConnection,
    names: &[String],
) -> sqlx::Result<Vec<Published>> {
    sqlx::query_as!(
        Published,
        "SELECT DISTINCT ON (name) name, version, document, published_by, published_at
         FROM strategy WHERE name = ANY ($1) ORDER BY name, version DESC",
        names
    )
    .fetch_all(conn)
    .await
}

/// One version.
pub(crate) async fn version(
    conn: &mut PgConnection,
    name: &str,
    version: i32,
) -> sqlx::Result<Option<Published>> {
    sqlx::query_as!(
        Published,
        "SELECT name, version, document, published_by, published_at
         FROM strategy WHERE name = $1 AND version = $2",
        name,
        version
    )
    .fetch_optional(conn)
    .await
}

/// These versions.
pub(crate) async fn versions(
    conn: &mut PgConnection,
    keys: &[StrategyKey],
) -> sqlx::Result<Vec<Published>> {
    let names: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
    let versions: Vec<i32> = keys.iter().map(|key| key.version).collect();
    sqlx::query_as!(
        Published,
        "SELECT s.name, s.version, s.document, s.published_by, s.published_at
         FROM UNNEST($1::text[], $2::int[]) AS k (name, version)
         JOIN strategy AS s ON s.name = k.name AND s.version = k.version",
        &names,
        &versions
    )
    .fetch_all(conn)
    .await
}

/// Every name.
pub(crate) async fn names(conn: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("SELECT DISTINCT name FROM strategy ORDER BY name").fetch_all(conn).await
}

/// Publishes a version. One that is there already stays.
pub(crate) async fn insert(conn: &mut PgConnection, published: &Published) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO strategy (name, version, document, published_by, published_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        published.name,
        published.version,
        published.document,
        published.published_by,
        published.published_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Cases whose accounts wait for a strategy that fits.
pub(crate) async fn cases_without(conn: &mut PgConnection) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "SELECT DISTINCT case_id FROM case_account
         WHERE strategy = '' AND begun_at IS NOT NULL AND ended = ''"
    )
    .fetch_all(conn)
    .await
}
