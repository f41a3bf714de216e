//! Settling: waiting, on machine time, until one snapshot over all schemas of a set shows that nothing
//! is on its way: every frame numbered and handled, nothing due, nothing leased, no call outstanding.

use std::{fmt, time::Duration};

use anyhow::{Context as _, anyhow};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::{set::Set, shape::Shape};

/// How often the snapshot is taken.
const EVERY: Duration = Duration::from_millis(10);

/// How long one snapshot may take.
const LOOK_MAX: Duration = Duration::from_secs(10);

/// What one snapshot still found on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsettled(Vec<String>);

impl fmt::Display for Unsettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

/// Waits until the set has settled, as far as these services go: what is not named here, such as a
/// service that does not run, is not waited for.
///
/// # Errors
/// It does not settle within a minute; the error names what is left.
pub async fn settle(set: &Set, running: &[Shape]) -> anyhow::Result<()> {
    settle_within(set, running, set.settle_max()).await
}

/// The same with a limit of its own.
///
/// # Errors
/// It does not settle in this time; the error names what is left.
pub async fn settle_within(set: &Set, running: &[Shape], limit: Duration) -> anyhow::Result<()> {
    let deadline = Instant::now() + limit;
    let mut conn = None;
    let mut every = interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        // The limit is looked at between looks, so that a slow machine gets at least one.
        let left = match timeout(LOOK_MAX, look(set, running, &mut conn)).await {
            Ok(Ok(Unsettled(found))) if found.is_empty() => return Ok(()),
            Ok(Ok(unsettled)) => anyhow!("{unsettled}"),
            // The database may be down on purpose: it is asked again until the limit.
            Ok(Err(error)) => {
                conn = None;
                error
            }
            Err(_) => {
                conn = None;
                anyhow!("the database gave no snapshot in {LOOK_MAX:?}")
            }
        };
        if Instant::now() >= deadline {
            let prefix = &set.config().schema_prefix;
            return Err(left.context(format!("the set {prefix} did not settle in {limit:?}")));
        }
    }
}

async fn look(
    set: &Set,
    running: &[Shape],
    kept: &mut Option<PgConnection>,
) -> anyhow::Result<Unsettled> {
    let conn = match kept {
        Some(conn) => conn,
        None => kept.insert(set.connect().await?),
    };
    snapshot(set, running, conn).await
}

/// What one repeatable-read snapshot finds on its way.
pub(crate) async fn snapshot(
    set: &Set,
    running: &[Shape],
    conn: &mut PgConnection,
) -> anyhow::Result<Unsettled> {
    // Read before the snapshot: what a call that has ended since did is committed and seen.
    let calls = set.calls();
    let mut found = Vec::new();
    if calls > 0 {
        found.push(format!("{calls} calls of the driver are outstanding"));
    }
    let mut tx = conn.begin().await?;
    sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .execute(&mut *tx)
        .await?;
    let schemas = set.schemas_over(&mut tx).await?;
    let parts = parts(set, running, &schemas);
    let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(parts.join(" UNION ALL ")))
        .fetch_all(&mut *tx)
        .await
        .context("taking the snapshot over the set")?;
    tx.rollback().await?;
    found.extend(rows);
    Ok(Unsettled(found))
}

/// One query per service and thing to look at, each giving one text per finding.
fn parts(set: &Set, running: &[Shape], schemas: &[String]) -> Vec<String> {
    let clock = format!(r#"(SELECT now FROM "{}".sim_clock)"#, set.schema("sandbox"));
    let mut parts = vec!["SELECT NULL::text WHERE false".to_owned()];
    for shape in running {
        let (name, own) = (shape.name, set.schema(shape.name));
        parts.push(format!(
            r#"SELECT format('{name}: %s unnumbered frames of %s', count(*), kind)
               FROM "{own}".outbox WHERE no IS NULL GROUP BY kind"#
        ));
        for (source, kind) in &shape.hears {
            let teller = set.schema(source);
            if !schemas.contains(&teller) {
                continue;
            }
            parts.push(format!(
                r#"SELECT format('{name}: {kind} of epoch %s is at floor %s, head is %s',
                                 told.epoch, coalesce(heard.floor, 0), told.no)
                   FROM "{teller}".outbox_head AS told
                   LEFT JOIN "{own}".inbox_floor AS heard USING (kind, epoch)
                   WHERE told.kind = '{kind}' AND coalesce(heard.floor, 0) < told.no"#
            ));
        }
        if !shape.queues.is_empty() {
            let queues =
                shape.queues.iter().map(|q| format!("'{q}'")).collect::<Vec<_>>().join(",");
            parts.push(format!(
                r#"SELECT format('{name}: %s keys of %s due since %s, leased until %s on machine time',
                                 count(*), queue, min(due_at), coalesce(max(machine_lease_until)::text, 'never'))
                   FROM "{own}".due
                   WHERE queue IN ({queues})
                     AND (due_at <= {clock} OR machine_lease_until > clock_timestamp())
                   GROUP BY queue"#
            ));
        }
    }
    parts
}
