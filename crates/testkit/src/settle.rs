//! Settling: waiting, on machine time, until one snapshot over all schemas of a set shows that nothing
//! is on its way: every frame numbered and handled, nothing due, nothing leased, no call outstanding.

use std::{collections::BTreeMap, fmt, time::Duration};

use anyhow::{Context as _, anyhow};
use duly_platform::Host;
use sqlx::AssertSqlSafe;
use tokio::time::{Instant, sleep, timeout};

use crate::{set::Set, shape::Shape};

/// Pauses between snapshots: short at first, since most instants settle soon.
const PAUSE_MIN: Duration = Duration::from_millis(1);
const PAUSE_MAX: Duration = Duration::from_millis(10);

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
    settle_near(set, running, &[], limit).await
}

/// The same, with looks only while none of these services of this process says that it is at work: while
/// one is, a look finds what is known already and takes time from it.
#[expect(clippy::disallowed_methods, reason = "machine time between two looks of the driver")]
pub(crate) async fn settle_near(
    set: &Set,
    running: &[Shape],
    here: &[Host],
    limit: Duration,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + limit;
    let (mut sql, mut pause) = (None, PAUSE_MIN);
    loop {
        while here.iter().any(Host::is_at_work) && Instant::now() < deadline {
            sleep(PAUSE_MIN).await;
            pause = PAUSE_MIN;
        }
        // The limit is looked at between looks, so that a slow machine gets at least one.
        let left = match timeout(LOOK_MAX, look(set, running, &mut sql)).await {
            Ok(Ok(Unsettled(found))) if found.is_empty() => return Ok(()),
            Ok(Ok(unsettled)) => anyhow!("{unsettled}"),
            // The database may be down on purpose: it is asked again until the limit.
            Ok(Err(error)) => error,
            Err(_) => anyhow!("the database gave no snapshot in {LOOK_MAX:?}"),
        };
        if Instant::now() >= deadline {
            let prefix = &set.config().schema_prefix;
            return Err(left.context(format!("the set {prefix} did not settle in {limit:?}")));
        }
        sleep(pause).await;
        pause = (pause * 3 / 2).min(PAUSE_MAX);
    }
}

/// What one snapshot finds on its way. `sql` is the question, once it is known.
async fn look(set: &Set, running: &[Shape], sql: &mut Option<String>) -> anyhow::Result<Unsettled> {
    // Read before the snapshot: what a call that has ended since did is committed and seen.
    let calls = set.calls();
    let mut found = Vec::new();
    if calls > 0 {
        found.push(format!("{calls} calls of the driver are outstanding"));
    }
    let mut kept = set.kept().await?;
    let sql = match sql {
        Some(sql) => sql,
        None => {
            let schemas = set.schemas_over(&mut kept.conn).await?;
            sql.insert(parts(set, running, &schemas).join(" UNION ALL "))
        }
    };
    // One statement has one snapshot.
    let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql.clone()))
        .fetch_all(&mut kept.conn)
        .await
        .context("taking the snapshot over the set")?;
    kept.done();
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
        for (source, kinds) in by_source(shape) {
            let teller = set.schema(source);
            if !schemas.contains(&teller) {
                continue;
            }
            parts.push(format!(
                r#"SELECT format('{name}: %s of epoch %s is at floor %s, head is %s',
                                 told.kind, told.epoch, coalesce(heard.floor, 0), told.no)
                   FROM "{teller}".outbox_head AS told
                   LEFT JOIN "{own}".inbox_floor AS heard USING (kind, epoch)
                   WHERE told.kind IN ({kinds}) AND coalesce(heard.floor, 0) < told.no"#
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

/// The kinds that a service hears of each source, quoted.
fn by_source(shape: &Shape) -> BTreeMap<&str, String> {
    let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (source, kind) in &shape.hears {
        kinds.entry(source).or_default().push(format!("'{kind}'"));
    }
    kinds.into_iter().map(|(source, kinds)| (source, kinds.join(","))).collect()
}
