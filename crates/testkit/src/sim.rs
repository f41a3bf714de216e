//! The driver of simulated time: from one due instant to the next, settling at each.

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use duly_platform::Host;
use sqlx::AssertSqlSafe;

use crate::{set::Set, settle::settle_near, shape::Shape};

/// Moves the clock of one set while these services run on it, in this process or in others.
#[derive(Clone)]
pub struct Driver {
    set: Set,
    running: Vec<Shape>,
    here: Vec<Host>,
}

impl Driver {
    /// A driver of this set that waits for these services.
    #[must_use]
    pub fn new(set: &Set, running: Vec<Shape>) -> Self {
        Self { set: set.clone(), running, here: Vec::new() }
    }

    /// The same for services of this process: they look for due work when the clock moves, where those
    /// of other processes come to it by their polls.
    #[must_use]
    pub fn of_hosts(mut self, here: impl IntoIterator<Item = Host>) -> Self {
        self.here.extend(here);
        self
    }

    /// Business time.
    ///
    /// # Errors
    /// The set is no sandbox, or its database is not there.
    pub async fn now(&self) -> anyhow::Result<DateTime<Utc>> {
        let mut kept = self.set.kept().await?;
        let sql = format!(r#"SELECT now FROM "{}".sim_clock"#, self.set.schema("sandbox"));
        let now = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut kept.conn)
            .await
            .context("reading the simulated clock")?;
        kept.done();
        Ok(now)
    }

    /// Sets the clock without settling first: what is due in between comes late. For tests of that.
    ///
    /// # Errors
    /// The instant is past: business time never goes back.
    pub async fn set_now(&self, at: DateTime<Utc>) -> anyhow::Result<()> {
        let mut kept = self.set.kept().await?;
        let clock = self.set.schema("sandbox");
        let sql = format!(r#"UPDATE "{clock}".sim_clock SET now = $1 WHERE now <= $1"#);
        let moved =
            sqlx::query(AssertSqlSafe(sql)).bind(at).execute(&mut kept.conn).await?.rows_affected();
        kept.done();
        if moved != 1 {
            bail!("the simulated clock is past {at}, and business time never goes back");
        }
        self.here.iter().for_each(Host::look_for_due);
        Ok(())
    }

    /// The least due time of the services that run.
    ///
    /// # Errors
    /// The database's.
    pub async fn next_due(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let mut kept = self.set.kept().await?;
        let mut parts = vec!["SELECT NULL::timestamptz AS due_at".to_owned()];
        for shape in self.running.iter().filter(|shape| !shape.queues.is_empty()) {
            let queues =
                shape.queues.iter().map(|q| format!("'{q}'")).collect::<Vec<_>>().join(",");
            let schema = self.set.schema(shape.name);
            parts.push(format!(
                r#"SELECT min(due_at) FROM "{schema}".due WHERE queue IN ({queues})"#
            ));
        }
        let sql = format!("SELECT min(due_at) FROM ({}) AS next", parts.join(" UNION ALL "));
        let next = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut kept.conn).await?;
        kept.done();
        Ok(next)
    }

    /// Waits until everything at this instant is done.
    ///
    /// # Errors
    /// It does not settle; the error names what is left.
    pub async fn settle(&self) -> anyhow::Result<()> {
        settle_near(&self.set, &self.running, &self.here, self.set.settle_max()).await
    }

    /// Moves the clock to an instant, stopping and settling at each due time up to it and at the end.
    ///
    /// # Errors
    /// The instant is past, or something does not settle.
    pub async fn advance_to(&self, target: DateTime<Utc>) -> anyhow::Result<()> {
        self.settle().await?;
        while let Some(next) = self.next_due().await?.filter(|next| *next <= target) {
            self.set_now(next).await?;
            self.settle().await.with_context(|| format!("at {next}"))?;
        }
        self.set_now(target).await?;
        self.settle().await.with_context(|| format!("at {target}"))
    }

    /// Moves the clock by so much, as [`Driver::advance_to`].
    ///
    /// # Errors
    /// Something does not settle.
    pub async fn advance(&self, by: chrono::TimeDelta) -> anyhow::Result<()> {
        self.advance_to(self.now().await? + by).await
    }
}
