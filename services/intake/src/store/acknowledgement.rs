//! The answer to each record of a batch.

use duly_domain::{AccountId, AckStatus, BatchId, ClientId};
use sqlx::{PgConnection, types::Uuid};

use super::code;

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub line: i64,
    pub reference: String,
    pub status: AckStatus,
    /// Code, field and reason are empty where the record was accepted without a warning.
    pub code: String,
    pub field: String,
    pub reason: String,
    /// The account and its opening; `None` where the record was rejected.
    pub placed: Option<(AccountId, i32)>,
    pub amount_minor: Option<i64>,
}

/// An answer and where it stands in its batch.
#[derive(Debug, Clone)]
pub struct Listed {
    pub chunk_no: i32,
    pub position: i32,
    pub answer: Answer,
}

struct Row {
    chunk_no: i32,
    position: i32,
    line: i64,
    client_account_ref: String,
    status: String,
    code: String,
    field: String,
    reason: String,
    account_id: Option<Uuid>,
    opening: Option<i32>,
    amount_minor: Option<i64>,
}

impl TryFrom<Row> for Listed {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let answer = Answer {
            line: row.line,
            reference: row.client_account_ref,
            status: code("acknowledgement", "status", &row.status)?,
            code: row.code,
            field: row.field,
            reason: row.reason,
            placed: row.account_id.map(AccountId::from_uuid).zip(row.opening),
            amount_minor: row.amount_minor,
        };
        Ok(Self { chunk_no: row.chunk_no, position: row.position, answer })
    }
}

/// Inserts the answers of a chunk, in their order.
pub async fn insert(
    conn: &mut PgConnection,
    client: ClientId,
    batch: BatchId,
    chunk_no: i32,
    answers: &[Answer],
) -> sqlx::Result<()> {
    let column = |of: fn(&Answer) -> &str| answers.iter().map(of).collect::<Vec<&str>>();
    let line: Vec<i64> = answers.iter().map(|a| a.line).collect();
    let account: Vec<Option<Uuid>> = answers.iter().map(|a| a.placed.map(|p| p.0.uuid())).collect();
    let opening: Vec<Option<i32>> = answers.iter().map(|a| a.placed.map(|p| p.1)).collect();
    let amount: Vec<Option<i64>> = answers.iter().map(|a| a.amount_minor).collect();
    sqlx::query!(
        "INSERT INTO acknowledgement (batch_id, chunk_no, position, client_id, line,
             client_account_ref, status, code, field, reason, account_id, opening, amount_minor)
         SELECT $1, $2, t.position, $3, t.line, t.reference, t.status, t.code, t.field, t.reason,
                t.account_id, t.opening, t.amount
         FROM UNNEST($4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                     $10::uuid[], $11::int[], $12::bigint[]) WITH ORDINALITY
              AS t (line, reference, status, code, field, reason, account_id, opening, amount, position)",
        batch.uuid(),
        chunk_no,
        client.uuid(),
        &line,
        &column(|a| &a.reference) as &[&str],
        &column(|a| a.status.as_str()) as &[&str],
        &column(|a| &a.code) as &[&str],
        &column(|a| &a.field) as &[&str],
        &column(|a| &a.reason) as &[&str],
        &account as &[Option<Uuid>],
        &opening as &[Option<i32>],
        &amount as &[Option<i64>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The answers of one chunk, in their order.
pub async fn of_chunk(
    conn: &mut PgConnection,
    batch: BatchId,
    chunk_no: i32,
) -> sqlx::Result<Vec<Answer>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT chunk_no, position, line, client_account_ref, status, code, field, reason,
                account_id, opening, amount_minor
         FROM acknowledgement WHERE batch_id = $1 AND chunk_no = $2 ORDER BY position",
        batch.uuid(),
        chunk_no
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| Listed::try_from(row).map(|listed| listed.answer)).collect()
}

/// The answers of a batch after a place in it.
pub async fn after(
    conn: &mut PgConnection,
    batch: BatchId,
    status: Option<AckStatus>,
    (chunk_no, position): (i32, i32),
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT chunk_no, position, line, client_account_ref, status, code, field, reason,
                account_id, opening, amount_minor
         FROM acknowledgement
         WHERE batch_id = $1 AND ($2::text IS NULL OR status = $2)
           AND (chunk_no, position) > ($3, $4)
         ORDER BY chunk_no, position LIMIT $5",
        batch.uuid(),
        status.map(AckStatus::as_str),
        chunk_no,
        position,
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Listed::try_from).collect()
}
