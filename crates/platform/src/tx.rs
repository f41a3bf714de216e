//! One unit of work: a database transaction with its business instant, its actor, and the events that
//! it tells. State and frames commit together or not at all.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use duly_domain::{Date, Id, IdSource as _, id::IdKind, local_date};
use duly_proto::{
    Event,
    common::v1::{EventMeta, Frame},
};
use futures::future::BoxFuture;
use prost::Message as _;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction, types::Uuid};

use crate::{
    auth::{Principal, Role},
    db,
    error::Refusal,
    fault,
    host::Host,
    ids::SystemIds,
    run::retried,
    telemetry,
};

/// Bytes of events in one frame; more become several frames. NATS takes 1 MiB by default.
const FRAME_BYTES_MAX: usize = 256 * 1024;

/// Largest event. A frame holds at least one, and what is larger than the broker's 1 MiB can neither
/// be published nor be sent again: the kind would stand still for ever.
const EVENT_BYTES_MAX: usize = 768 * 1024;

/// How often a transaction is tried again after a serialization failure or a deadlock.
const TRIES_MAX: u32 = 12;

/// SQLSTATEs that only say "at another time": serialization failure and deadlock.
const TRY_AGAIN: [&str; 2] = ["40001", "40P01"];

/// Where a transaction can go back to.
pub(crate) struct Savepoint {
    told: usize,
    depth: u32,
}

/// A running transaction.
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    host: Host,
    now: DateTime<Utc>,
    actor: String,
    cause: String,
    about: String,
    told: Vec<Told>,
    due: bool,
    depth: u32,
}

/// An event that no frame can carry.
#[derive(Debug, thiserror::Error)]
#[error(
    "an event {service}.{kind} of {bytes} bytes is larger than {EVENT_BYTES_MAX}; tell it in parts"
)]
struct EventTooLarge {
    service: &'static str,
    kind: &'static str,
    bytes: usize,
}

struct Told {
    kind: &'static str,
    service: &'static str,
    bytes: Vec<u8>,
}

impl Tx {
    /// Begins one, and fixes its instant.
    pub(crate) async fn begin(host: &Host, actor: &str) -> sqlx::Result<Self> {
        let mut inner = db::begin(host.pool()).await?;
        let now = host.clock().now(&mut inner).await?;
        Ok(Self {
            inner,
            host: host.clone(),
            now,
            actor: actor.to_owned(),
            cause: String::new(),
            about: String::new(),
            told: Vec::new(),
            due: false,
            depth: 0,
        })
    }

    /// The connection, for the functions of a service's `store`.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// The service's surroundings.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Business time, the same throughout the transaction.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Today in the agency's zone.
    #[must_use]
    pub fn today(&self) -> Date {
        local_date(self.now, self.host.zone())
    }

    /// `<role>:<subject>`, or `service:<name>`.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// A new typed id.
    #[must_use]
    pub fn id<T: IdKind>(&mut self) -> Id<T> {
        SystemIds.next()
    }

    /// A new untyped id.
    #[must_use]
    pub fn uuid(&mut self) -> Uuid {
        SystemIds.uuid()
    }

    /// Names what the transaction is about, for its audit row.
    pub fn about(&mut self, target: impl std::fmt::Display) {
        self.about = target.to_string();
    }

    /// Tells a fact. It leaves with this transaction's commit, in a frame with its kin. Id, time, actor
    /// and cause are filled in where `meta` leaves them empty.
    ///
    /// # Panics
    /// An event without a fact: services only tell what they know.
    pub fn tell<E: Event>(&mut self, meta: EventMeta, fact: E::Fact) {
        let mut event = E::new(meta, fact);
        let kind = event.kind().expect("an event that we make carries a fact");
        let (now, actor, cause) = (self.now, self.actor.clone(), self.cause.clone());
        let id: Id<duly_domain::id::Event> = self.id();
        let meta = event.meta_mut();
        if meta.event_id.is_empty() {
            meta.event_id = id.to_string();
        }
        if meta.occurred_at.is_none() {
            meta.occurred_at = Some(duly_proto::convert::timestamp(now));
        }
        if meta.actor.is_empty() {
            meta.actor = actor;
        }
        if meta.cause_id.is_empty() {
            meta.cause_id = cause;
        }
        self.told.push(Told { kind, service: E::SERVICE, bytes: event.encode_to_vec() });
    }

    /// Marks keys due in a queue. Marking again is harmless. A fact marks at
    /// [`Tx::next_tick`]; a time computed from policy at [`Tx::tick_at_or_after`].
    ///
    /// # Errors
    /// The database's.
    pub async fn mark_due(
        &mut self,
        queue: &'static str,
        keys: &[Uuid],
        at: DateTime<Utc>,
    ) -> sqlx::Result<()> {
        // Sorted, so that two transactions lock the rows in one order. The no-op update takes the row
        // lock: a worker that holds this very row cannot delete it before this fact has committed.
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        sqlx::query!(
            "INSERT INTO due (queue, key, due_at) SELECT $1, k, $3 FROM UNNEST($2::uuid[]) AS k
             ON CONFLICT (queue, key, due_at) DO UPDATE SET due_at = excluded.due_at",
            queue,
            &keys,
            at
        )
        .execute(&mut *self.inner)
        .await?;
        self.due |= at <= self.now;
        Ok(())
    }

    /// The first tick strictly after this instant: by then all facts of one instant are in.
    #[must_use]
    pub fn next_tick(&self) -> DateTime<Utc> {
        self.host.ticks().next_after(self.now)
    }

    /// The tick for a due time computed from policy: rounded up, itself included.
    #[must_use]
    pub fn tick_at_or_after(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.host.ticks().at_or_after(at)
    }

    /// Writes an audit row. Ids and codes only, never personal data.
    ///
    /// # Errors
    /// The database's.
    pub async fn audit(&mut self, action: &str, target: &str) -> sqlx::Result<()> {
        let id = self.uuid();
        sqlx::query!(
            "INSERT INTO audit (id, at, actor, action, target) VALUES ($1, $2, $3, $4, $5)",
            id,
            self.now,
            self.actor,
            action,
            target
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Until [`Tx::as_app`], a client principal's reads see its own tree and nothing else. For every
    /// other role this changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn as_reader_of(&mut self, who: &Principal) -> sqlx::Result<()> {
        if who.role != Role::Client {
            return Ok(());
        }
        let role = format!("SET LOCAL ROLE \"{}\"", self.host.reader_role());
        sqlx::query(AssertSqlSafe(role)).execute(&mut *self.inner).await?;
        let tree = who.tree.iter().map(Uuid::to_string).collect::<Vec<_>>().join(",");
        // Nothing at all for an empty tree: the policies take that for an error, not for no rows.
        let tree = if tree.is_empty() { tree } else { format!("{{{tree}}}") };
        sqlx::query("SELECT set_config('duly.tree', $1, true)")
            .bind(tree)
            .execute(&mut *self.inner)
            .await?;
        Ok(())
    }

    /// Back to the service's own rights, to write.
    ///
    /// # Errors
    /// The database's.
    pub async fn as_app(&mut self) -> sqlx::Result<()> {
        let role = format!("SET LOCAL ROLE \"{}\"", self.host.app_role());
        sqlx::query(AssertSqlSafe(role)).execute(&mut *self.inner).await?;
        Ok(())
    }

    /// The event whose handling causes what is told from here on.
    pub(crate) fn caused_by(&mut self, event_id: &str) {
        event_id.clone_into(&mut self.cause);
    }

    pub(crate) fn audit_target(&self) -> &str {
        &self.about
    }

    /// Opens a savepoint: rows, events and marks since then can be dropped together.
    pub(crate) async fn savepoint(&mut self) -> sqlx::Result<Savepoint> {
        self.depth += 1;
        let sql = format!("SAVEPOINT s{}", self.depth);
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *self.inner).await?;
        Ok(Savepoint { told: self.told.len(), depth: self.depth })
    }

    /// Keeps what happened since the savepoint.
    pub(crate) async fn keep(&mut self, savepoint: Savepoint) -> sqlx::Result<()> {
        self.depth = savepoint.depth - 1;
        let sql = format!("RELEASE SAVEPOINT s{}", savepoint.depth);
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *self.inner).await?;
        Ok(())
    }

    /// Drops what happened since the savepoint, the events told included.
    pub(crate) async fn drop_since(&mut self, savepoint: Savepoint) -> sqlx::Result<()> {
        self.told.truncate(savepoint.told);
        self.depth = savepoint.depth - 1;
        let sql = format!("ROLLBACK TO SAVEPOINT s{0}; RELEASE SAVEPOINT s{0}", savepoint.depth);
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *self.inner).await?;
        Ok(())
    }

    /// Whether everything told so far can travel.
    pub(crate) fn told_fits(&self) -> sqlx::Result<()> {
        match self.told.iter().find(|told| told.bytes.len() > EVENT_BYTES_MAX) {
            None => Ok(()),
            Some(Told { kind, service, bytes }) => {
                let too_large = EventTooLarge { kind, service, bytes: bytes.len() };
                Err(sqlx::Error::Encode(Box::new(too_large)))
            }
        }
    }

    /// Commits state and frames, then pokes this process's relay and due workers.
    pub(crate) async fn commit(
        mut self,
        before: &'static str,
        after: &'static str,
    ) -> sqlx::Result<()> {
        let told = !self.told.is_empty();
        self.write_frames().await?;
        fault::point(before);
        self.inner.commit().await?;
        fault::point(after);
        if told {
            self.host.relay_poke().notify_one();
        }
        if self.due {
            self.host.look_for_due();
        }
        Ok(())
    }

    async fn write_frames(&mut self) -> sqlx::Result<()> {
        self.told_fits()?;
        let mut by_kind: BTreeMap<(&str, &str), Vec<Vec<Vec<u8>>>> = BTreeMap::new();
        for told in std::mem::take(&mut self.told) {
            let frames = by_kind.entry((told.service, told.kind)).or_default();
            let full = frames.last().is_none_or(|frame| {
                let size: usize = frame.iter().map(Vec::len).sum();
                size + told.bytes.len() > FRAME_BYTES_MAX
            });
            if full {
                frames.push(Vec::new());
            }
            frames.last_mut().expect("a frame was just made sure of").push(told.bytes);
        }
        let (mut ids, mut kinds, mut bodies, mut counts) = (vec![], vec![], vec![], vec![]);
        for ((service, kind), frames) in by_kind {
            for events in frames {
                ids.push(self.uuid());
                kinds.push(format!("{service}.{kind}"));
                counts.push(i32::try_from(events.len()).expect("a frame's events fit an i32"));
                bodies.push(Frame { events, ..Frame::default() }.encode_to_vec());
            }
        }
        if ids.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "INSERT INTO outbox (id, kind, schema, told_at, traceparent, body, events)
             SELECT id, kind, 'v1', $5, $6, body, events
             FROM UNNEST($1::uuid[], $2::text[], $3::bytea[], $4::int[]) AS t (id, kind, body, events)",
            &ids,
            &kinds,
            &bodies,
            &counts,
            self.now,
            telemetry::traceparent()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}

impl Host {
    /// Runs `work` in a transaction and commits it; serialization failures and deadlocks are tried
    /// again, counted. `work` must have no effect outside the transaction.
    ///
    /// # Errors
    /// What `work` refuses, or the database's.
    pub async fn write<C, A, F>(&self, actor: &str, command: &C, work: F) -> Result<A, Refusal>
    where
        C: Sync + ?Sized,
        F: for<'a> Fn(&'a mut Tx, &'a C) -> BoxFuture<'a, Result<A, Refusal>> + Sync,
    {
        let mut tries = 0;
        loop {
            tries += 1;
            let outcome = self.write_once(actor, command, &work).await;
            match outcome {
                Err(refusal) if tries < TRIES_MAX && try_again(&refusal) => {
                    retried(self, "request");
                    backoff(tries).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn write_once<C, A, F>(&self, actor: &str, command: &C, work: &F) -> Result<A, Refusal>
    where
        C: Sync + ?Sized,
        F: for<'a> Fn(&'a mut Tx, &'a C) -> BoxFuture<'a, Result<A, Refusal>> + Sync,
    {
        let mut tx = Tx::begin(self, actor).await?;
        let answer = work(&mut tx, command).await?;
        tx.commit("mutation.before_commit", "mutation.after_commit").await?;
        Ok(answer)
    }

    /// Runs `query` in a read-only transaction; a client principal's sees its own tree only.
    ///
    /// # Errors
    /// What `query` refuses, or the database's.
    pub async fn read<C, A, F>(&self, who: &Principal, command: &C, query: F) -> Result<A, Refusal>
    where
        C: Sync + ?Sized,
        F: for<'a> Fn(&'a mut Tx, &'a C) -> BoxFuture<'a, Result<A, Refusal>> + Sync,
    {
        let mut tx = Tx::begin(self, &who.actor()).await?;
        sqlx::query("SET TRANSACTION READ ONLY").execute(&mut *tx.inner).await?;
        tx.as_reader_of(who).await?;
        let answer = query(&mut tx, command).await?;
        tx.inner.rollback().await?;
        Ok(answer)
    }

    /// The instant now, outside any transaction.
    ///
    /// # Errors
    /// The database's.
    pub async fn now(&self) -> sqlx::Result<DateTime<Utc>> {
        let mut conn = self.pool().acquire().await?;
        self.clock().now(&mut conn).await
    }
}

fn try_again(refusal: &Refusal) -> bool {
    refusal
        .database()
        .and_then(sqlx::Error::as_database_error)
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| TRY_AGAIN.contains(&code.as_ref()))
}

/// Waits longer from try to try, with jitter, on machine time.
#[expect(clippy::disallowed_methods, reason = "machine time between tries, not business time")]
pub(crate) async fn backoff(tries: u32) {
    let cap = std::time::Duration::from_millis(10 << tries.min(8));
    tokio::time::sleep(cap.mul_f64(rand::random_range(0.5..1.0))).await;
}
