//! What planned calls have taken of the agency's time.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Lets no other plan calls until the commit: two would take the same place. After the persons' locks.
pub(crate) async fn lock(conn: &mut PgConnection, schema: &str) -> sqlx::Result<()> {
    sqlx::query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended($1 || ' capacity', 0)) AS "locked: ()""#,
        schema
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// How many calls that a strategy asked for are planned for each instant to come, and were permitted since
/// the tick that has begun. A plan that is to be looked at again holds no place: whoever looks gives it one.
pub(crate) async fn taken(
    conn: &mut PgConnection,
    begun: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<(DateTime<Utc>, i64)>> {
    let rows = sqlx::query!(
        r#"SELECT planned_at AS "at!", count(*) AS "count!" FROM attempt
           WHERE state = 'planned' AND channel = 'call' AND NOT review AND planned_at > $2
           GROUP BY planned_at
           UNION ALL
           SELECT $1, count(*) FROM attempt
           WHERE channel = 'call' AND treatment_id IS NOT NULL AND authorized_at >= $1"#,
        begun,
        now
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.at, row.count)).collect())
}
