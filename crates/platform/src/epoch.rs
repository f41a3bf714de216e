//! Epochs: a restored database must not give numbers that its listeners have seen. It notices that its
//! cluster or timeline changed and refuses to start until its epoch was raised.

use anyhow::bail;
use sqlx::{Connection as _, PgConnection};

/// The epoch in force.
///
/// # Errors
/// The database's; `RowNotFound` before the first migration.
pub async fn current(conn: &mut PgConnection) -> sqlx::Result<i32> {
    sqlx::query_scalar!(r#"SELECT epoch FROM epoch ORDER BY epoch DESC LIMIT 1"#)
        .fetch_one(conn)
        .await
}

/// The epoch in force, for a transaction that gives numbers.
///
/// None is raised before it ends: with two epochs in force at once, two relays would take different
/// heads and number one frame twice. And its commit is on disk before it returns, whatever the database
/// prefers: a number that was published and then forgotten would be given again, to another frame, which
/// every listener then takes for one that it has handled.
pub(crate) async fn hold(conn: &mut PgConnection) -> sqlx::Result<i32> {
    // The lock is the one that every relay takes anyway with its first row of outbox_head.
    sqlx::raw_sql(
        "LOCK TABLE outbox_head IN ROW EXCLUSIVE MODE;
         SELECT set_config('synchronous_commit', 'on', true)
         WHERE current_setting('synchronous_commit') = 'off';",
    )
    .execute(&mut *conn)
    .await?;
    current(conn).await
}

struct Cluster {
    system_identifier: i64,
    timeline: i32,
}

/// Where the database is now. The timeline is that of the log being written: the control file names
/// the one before until the first checkpoint after a promotion is done, minutes later. Both functions
/// are open to every role.
async fn cluster(conn: &mut PgConnection) -> sqlx::Result<Cluster> {
    sqlx::query_as!(
        Cluster,
        r#"SELECT system_identifier AS "system_identifier!",
                  ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer
                  AS "timeline!"
           FROM pg_control_system()"#
    )
    .fetch_one(conn)
    .await
}

/// Begins epoch 1 in a new schema.
pub(crate) async fn begin(conn: &mut PgConnection) -> sqlx::Result<()> {
    let now = cluster(&mut *conn).await?;
    sqlx::query!(
        "INSERT INTO epoch (epoch, system_identifier, timeline)
         SELECT 1, $1, $2 WHERE NOT EXISTS (SELECT FROM epoch)",
        now.system_identifier,
        now.timeline
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Raises the epoch of the schema that this connection works on, and answers the new one. Relays that
/// are at work finish in the old one before.
///
/// # Errors
/// The database's.
pub async fn raise(conn: &mut PgConnection) -> sqlx::Result<i32> {
    let mut tx = conn.begin().await?;
    sqlx::query("LOCK TABLE outbox_head IN EXCLUSIVE MODE").execute(&mut *tx).await?;
    let now = cluster(&mut tx).await?;
    let raised = sqlx::query_scalar!(
        r#"INSERT INTO epoch (epoch, system_identifier, timeline)
           SELECT max(epoch) + 1, $1, $2 FROM epoch RETURNING epoch"#,
        now.system_identifier,
        now.timeline
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(raised)
}

/// Refuses a database that is not where its epoch began.
pub(crate) async fn check(conn: &mut PgConnection, schema: &str) -> anyhow::Result<()> {
    let now = cluster(&mut *conn).await?;
    let then = sqlx::query_as!(
        Cluster,
        "SELECT system_identifier, timeline FROM epoch ORDER BY epoch DESC LIMIT 1"
    )
    .fetch_one(conn)
    .await?;
    if then.system_identifier != now.system_identifier || then.timeline != now.timeline {
        bail!(
            "the database of {schema} is a restored copy: its cluster or timeline is not the one in \
             which its epoch began; run `duly admin epoch raise` once, then start again"
        );
    }
    Ok(())
}
