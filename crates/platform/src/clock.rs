//! Business time. What rules, timers, dates and money see comes from here and from nowhere else.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection};

/// Where business time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// One row that a driver moves, for sandboxes and tests.
    Sim(SimClock),
}

impl Clock {
    /// The instant now, fixed by the caller for one unit of work.
    ///
    /// # Errors
    /// The simulated clock's row cannot be read.
    pub async fn now(&self, conn: &mut PgConnection) -> sqlx::Result<DateTime<Utc>> {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the clock that others are passed"
            )]
            Self::System => Ok(Utc::now()),
            Self::Sim(sim) => sim.now(conn).await,
        }
    }
}

impl Clock {
    /// Business time where no database is needed to know it.
    pub(crate) fn known(&self) -> Option<DateTime<Utc>> {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the clock that others are passed"
            )]
            Self::System => Some(Utc::now()),
            Self::Sim(_) => None,
        }
    }

    /// Business time in a query whose parameter is bound to [`Clock::known`].
    pub(crate) fn sql(&self, parameter: &str) -> String {
        match self {
            Self::System => parameter.to_owned(),
            Self::Sim(sim) => format!("coalesce({parameter}::timestamptz, ({}))", sim.read),
        }
    }
}

/// Simulated time: the row `sim_clock` in the schema `<prefix>sandbox`. Only a sandbox has that schema.
#[derive(Clone, Debug)]
pub struct SimClock {
    read: String,
}

impl SimClock {
    /// The clock of the set of schemas with this prefix.
    #[must_use]
    pub fn of_set(prefix: &str) -> Self {
        Self { read: format!("SELECT now FROM {prefix}sandbox.sim_clock") }
    }

    async fn now(&self, conn: &mut PgConnection) -> sqlx::Result<DateTime<Utc>> {
        sqlx::query_scalar(AssertSqlSafe(self.read.clone())).fetch_one(conn).await
    }

    /// Checks that this database is a sandbox.
    ///
    /// # Errors
    /// It is not: a simulated clock must never run on real accounts.
    pub async fn assert_sandbox(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        self.now(conn).await.map(drop).context(
            "clock = \"sim\" needs a sandbox database, and this one has no sim_clock row; \
             remove DULY_CLOCK to run on the machine's clock",
        )
    }
}
