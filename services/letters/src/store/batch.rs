//! Batches: what is handed over together.

use chrono::{DateTime, Utc};
use duly_domain::{Channel, Date};
use sqlx::{PgConnection, types::Uuid};

use super::code;

/// One batch.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    pub batch_id: Uuid,
    pub channel: Channel,
    pub mailing_on: Date,
    /// Counts the batches of a channel and day from 1.
    pub no: i32,
    pub state: String,
    pub letters: i32,
    pub pages: i32,
    pub sealed_at: DateTime<Utc>,
    pub handed_over_at: Option<DateTime<Utc>>,
    pub confirmed_on: Option<Date>,
    pub folder: String,
}

struct Row {
    batch_id: Uuid,
    channel: String,
    mailing_on: Date,
    no: i32,
    state: String,
    letters: i32,
    pages: i32,
    sealed_at: DateTime<Utc>,
    handed_over_at: Option<DateTime<Utc>>,
    confirmed_on: Option<Date>,
    folder: String,
}

impl TryFrom<Row> for Batch {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            batch_id: row.batch_id,
            channel: code("mail_batch", &row.channel)?,
            mailing_on: row.mailing_on,
            no: row.no,
            state: row.state,
            letters: row.letters,
            pages: row.pages,
            sealed_at: row.sealed_at,
            handed_over_at: row.handed_over_at,
            confirmed_on: row.confirmed_on,
            folder: row.folder,
        })
    }
}

/// Seals a new one: the next of its channel and day. Two sealers of one channel wait for each other on
/// the authorisations that they lock, so that no number is given twice.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    batch: Uuid,
    channel: Channel,
    mailing_on: Date,
    (letters, pages): (i32, i32),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO mail_batch (batch_id, channel, mailing_on, no, letters, pages, sealed_at)
         SELECT $1, $2, $3, coalesce(max(no), 0) + 1, $4, $5, $6
         FROM mail_batch WHERE channel = $2 AND mailing_on = $3",
        batch,
        channel.as_str(),
        mailing_on,
        letters,
        pages,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// These batches, locked, in the order of their days and numbers.
pub(crate) async fn lock(conn: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<Batch>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT batch_id, channel, mailing_on, no, state, letters, pages, sealed_at, handed_over_at,
                confirmed_on, folder
         FROM mail_batch WHERE batch_id = ANY($1) ORDER BY channel, mailing_on, no FOR UPDATE",
        ids
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Batch::try_from).collect()
}

/// A page of batches, by id.
pub(crate) async fn page(
    conn: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Batch>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT batch_id, channel, mailing_on, no, state, letters, pages, sealed_at, handed_over_at,
                confirmed_on, folder
         FROM mail_batch WHERE batch_id > $1 AND state <> 'dropped' ORDER BY batch_id LIMIT $2",
        after,
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Batch::try_from).collect()
}

/// Its hand-over may happen from here on.
pub(crate) async fn set_begun(
    conn: &mut PgConnection,
    batch: Uuid,
    folder: &str,
    (letters, pages): (i32, i32),
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE mail_batch SET state = 'begun', folder = $2, letters = $3, pages = $4 WHERE batch_id = $1",
        batch,
        folder,
        letters,
        pages
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Nothing of it was handed over: it may still be dropped.
pub(crate) async fn set_not_begun(conn: &mut PgConnection, batch: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE mail_batch SET state = 'sealed' WHERE batch_id = $1 AND state = 'begun'",
        batch
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn set_handed_over(
    conn: &mut PgConnection,
    batch: Uuid,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE mail_batch SET state = 'handed_over', handed_over_at = $2 WHERE batch_id = $1",
        batch,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// No letter of it is left.
pub(crate) async fn set_dropped(conn: &mut PgConnection, batch: Uuid) -> sqlx::Result<()> {
    sqlx::query!("UPDATE mail_batch SET state = 'dropped' WHERE batch_id = $1", batch)
        .execute(conn)
        .await?;
    Ok(())
}

/// Closes those of these batches of single messages of which none is on its way any more.
pub(crate) async fn close_done(
    conn: &mut PgConnection,
    batches: &[Uuid],
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE mail_batch AS b
         SET state = CASE WHEN left_over.letters = 0 THEN 'dropped' ELSE 'handed_over' END,
             handed_over_at = CASE WHEN left_over.letters = 0 THEN NULL ELSE $2::timestamptz END,
             letters = left_over.letters, pages = left_over.pages
         FROM (SELECT id, (SELECT count(*)::int FROM letter WHERE batch_id = id) AS letters,
                      (SELECT coalesce(sum(pages), 0)::int FROM letter WHERE batch_id = id) AS pages,
                      (SELECT count(*) FROM letter WHERE batch_id = id AND state = 'sending') AS sending
               FROM UNNEST($1::uuid[]) AS f (id)) AS left_over
         WHERE b.batch_id = left_over.id AND left_over.sending = 0 AND b.state <> 'handed_over'",
        batches,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn set_confirmed(
    conn: &mut PgConnection,
    batch: Uuid,
    on: Date,
) -> sqlx::Result<()> {
    sqlx::query!("UPDATE mail_batch SET confirmed_on = $2 WHERE batch_id = $1", batch, on)
        .execute(conn)
        .await?;
    Ok(())
}
