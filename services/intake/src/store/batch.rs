//! Placement batches and their chunks.

use chrono::{DateTime, Utc};
use duly_domain::{BatchId, ClientId, Currency, Date, Money};
use sqlx::{PgConnection, types::Uuid};

use super::code;

/// A batch as it stands.
#[derive(Debug, Clone)]
pub struct Batch {
    pub id: BatchId,
    pub client: ClientId,
    pub key: String,
    pub listing_date: Date,
    pub currency: Currency,
    /// In force on the listing date.
    pub policy_version: Option<i64>,
    pub declared_count: Option<i64>,
    pub declared_sum: Option<Money>,
    pub next_chunk_no: i32,
    pub counts: Counts,
    pub closed_at: Option<DateTime<Utc>>,
    /// `None` while it is open.
    pub totals_agree: Option<bool>,
}

/// Records and sums by answer, of a chunk or a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub accepted: i64,
    pub accepted_with_warning: i64,
    pub rejected: i64,
    pub accepted_sum_minor: i64,
    pub rejected_sum_minor: i64,
}

impl Counts {
    pub fn received(&self) -> i64 {
        self.accepted + self.accepted_with_warning + self.rejected
    }
}

struct Row {
    batch_id: Uuid,
    client_id: Uuid,
    batch_key: String,
    listing_date: Date,
    currency: String,
    policy_version: Option<i64>,
    declared_count: Option<i64>,
    declared_sum_minor: Option<i64>,
    next_chunk_no: i32,
    accepted: i64,
    accepted_with_warning: i64,
    rejected: i64,
    accepted_sum_minor: i64,
    rejected_sum_minor: i64,
    closed_at: Option<DateTime<Utc>>,
    totals_agree: Option<bool>,
}

impl TryFrom<Row> for Batch {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let currency: Currency = code("placement_batch", "currency", &row.currency)?;
        Ok(Self {
            id: BatchId::from_uuid(row.batch_id),
            client: ClientId::from_uuid(row.client_id),
            key: row.batch_key,
            listing_date: row.listing_date,
            currency,
            policy_version: row.policy_version,
            declared_count: row.declared_count,
            declared_sum: row.declared_sum_minor.map(|minor| Money::new(minor, currency)),
            next_chunk_no: row.next_chunk_no,
            counts: Counts {
                accepted: row.accepted,
                accepted_with_warning: row.accepted_with_warning,
                rejected: row.rejected,
                accepted_sum_minor: row.accepted_sum_minor,
                rejected_sum_minor: row.rejected_sum_minor,
            },
            closed_at: row.closed_at,
            totals_agree: row.totals_agree,
        })
    }
}

/// Inserts a batch unless its key is used. A twin waits here for the first.
pub async fn insert(
    conn: &mut PgConnection,
    batch: &Batch,
    opened_at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO placement_batch (batch_id, client_id, batch_key, listing_date, currency,
             policy_version, declared_count, declared_sum_minor, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (client_id, batch_key) DO NOTHING",
        batch.id.uuid(),
        batch.client.uuid(),
        batch.key,
        batch.listing_date,
        batch.currency.code(),
        batch.policy_version,
        batch.declared_count,
        batch.declared_sum.map(Money::minor),
        opened_at
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn by_key(
    conn: &mut PgConnection,
    client: ClientId,
    key: &str,
) -> sqlx::Result<Option<Batch>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT batch_id, client_id, batch_key, listing_date, currency, policy_version,
                declared_count, declared_sum_minor, next_chunk_no, accepted, accepted_with_warning,
                rejected, accepted_sum_minor, rejected_sum_minor, closed_at, totals_agree
         FROM placement_batch WHERE client_id = $1 AND batch_key = $2",
        client.uuid(),
        key
    )
    .fetch_optional(conn)
    .await?;
    row.map(Batch::try_from).transpose()
}

pub async fn by_id(conn: &mut PgConnection, id: BatchId) -> sqlx::Result<Option<Batch>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT batch_id, client_id, batch_key, listing_date, currency, policy_version,
                declared_count, declared_sum_minor, next_chunk_no, accepted, accepted_with_warning,
                rejected, accepted_sum_minor, rejected_sum_minor, closed_at, totals_agree
         FROM placement_batch WHERE batch_id = $1",
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(Batch::try_from).transpose()
}

/// The batch under its lock: whoever places a chunk or closes it comes after.
pub async fn lock(conn: &mut PgConnection, id: BatchId) -> sqlx::Result<Batch> {
    let row = sqlx::query_as!(
        Row,
        "SELECT batch_id, client_id, batch_key, listing_date, currency, policy_version,
                declared_count, declared_sum_minor, next_chunk_no, accepted, accepted_with_warning,
                rejected, accepted_sum_minor, rejected_sum_minor, closed_at, totals_agree
         FROM placement_batch WHERE batch_id = $1 FOR UPDATE",
        id.uuid()
    )
    .fetch_one(conn)
    .await?;
    row.try_into()
}

pub async fn insert_chunk(
    conn: &mut PgConnection,
    batch: &Batch,
    chunk_no: i32,
    hash: &[u8; 32],
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO placement_chunk (batch_id, chunk_no, client_id, hash) VALUES ($1, $2, $3, $4)",
        batch.id.uuid(),
        chunk_no,
        batch.client.uuid(),
        hash.as_slice()
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn chunk_hash(
    conn: &mut PgConnection,
    id: BatchId,
    chunk_no: i32,
) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!(
        "SELECT hash FROM placement_chunk WHERE batch_id = $1 AND chunk_no = $2",
        id.uuid(),
        chunk_no
    )
    .fetch_optional(conn)
    .await
}

/// Adds a chunk's answers to the batch; the next chunk is expected.
pub async fn add(conn: &mut PgConnection, id: BatchId, counts: &Counts) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE placement_batch
         SET next_chunk_no = next_chunk_no + 1,
             accepted = accepted + $2,
             accepted_with_warning = accepted_with_warning + $3,
             rejected = rejected + $4,
             accepted_sum_minor = accepted_sum_minor + $5,
             rejected_sum_minor = rejected_sum_minor + $6
         WHERE batch_id = $1",
        id.uuid(),
        counts.accepted,
        counts.accepted_with_warning,
        counts.rejected,
        counts.accepted_sum_minor,
        counts.rejected_sum_minor
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn close(
    conn: &mut PgConnection,
    id: BatchId,
    closed_at: DateTime<Utc>,
    totals_agree: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE placement_batch SET closed_at = $2, totals_agree = $3 WHERE batch_id = $1",
        id.uuid(),
        closed_at,
        totals_agree
    )
    .execute(conn)
    .await?;
    Ok(())
}
