//! Tasks of people.

use duly_domain::{Date, Instant};
use sqlx::{PgConnection, types::Uuid};

use super::code;
use crate::{
    error::{Result, WorkflowError},
    model::Task,
};

/// A task as stored.
struct Row {
    task_id: Uuid,
    case_id: Uuid,
    client_id: Uuid,
    account_id: Uuid,
    opening: i32,
    party_id: Option<Uuid>,
    kind: String,
    subject_id: Option<Uuid>,
    reason: String,
    due_on: Date,
    opened_at: Instant,
    closed_at: Option<Instant>,
    resolution: String,
    missed_at: Option<Instant>,
}

impl TryFrom<Row> for Task {
    type Error = WorkflowError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.task_id,
            case: row.case_id,
            client: row.client_id,
            account: row.account_id,
            opening: row.opening,
            party: row.party_id,
            kind: code("task", row.task_id, &row.kind)?,
            subject: row.subject_id,
            reason: row.reason,
            due_on: row.due_on,
            opened_at: row.opened_at,
            closed: row.closed_at.map(|at| (at, row.resolution)),
            missed_at: row.missed_at,
        })
    }
}

/// One select list for every query here; the rest of the statement is the caller's.
macro_rules! tasks {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            "SELECT task_id, case_id, client_id, account_id, opening, party_id, kind, subject_id, reason,
                    due_on, opened_at, closed_at, resolution, missed_at
             FROM task " + $rest
            $(, $arg)*
        )
    };
}

fn all(rows: Vec<Row>) -> Result<Vec<Task>> {
    rows.into_iter().map(Task::try_from).collect()
}

/// The open tasks of these accounts.
pub(crate) async fn open(conn: &mut PgConnection, accounts: &[Uuid]) -> Result<Vec<Task>> {
    all(tasks!("WHERE account_id = ANY ($1) AND closed_at IS NULL", accounts)
        .fetch_all(conn)
        .await?)
}

/// The tasks of one opening of an account, newest first.
pub(crate) async fn of_account(
    conn: &mut PgConnection,
    account: Uuid,
    opening: i32,
    limit: i64,
) -> Result<Vec<Task>> {
    all(tasks!(
        "WHERE account_id = $1 AND opening = $2 ORDER BY opened_at DESC, task_id DESC LIMIT $3",
        account,
        opening,
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// One task, locked.
pub(crate) async fn lock(conn: &mut PgConnection, id: Uuid) -> Result<Option<Task>> {
    let row = tasks!("WHERE task_id = $1 FOR NO KEY UPDATE", id).fetch_optional(conn).await?;
    row.map(Task::try_from).transpose()
}

/// Which tasks a list is of.
pub(crate) struct Filter {
    pub client: Option<Uuid>,
    pub account: Option<Uuid>,
    pub kind: Option<&'static str>,
    pub with_closed: bool,
}

/// A page of tasks after a key, first opened first.
pub(crate) async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Option<(Instant, Uuid)>,
    limit: i64,
) -> Result<Vec<Task>> {
    let (after_at, after_id) = after.unzip();
    all(tasks!(
        "WHERE ($1::uuid IS NULL OR client_id = $1) AND ($2::uuid IS NULL OR account_id = $2)
           AND ($3::text IS NULL OR kind = $3) AND ($4 OR closed_at IS NULL)
           AND ($6::uuid IS NULL OR (opened_at, task_id) > ($5, $6))
         ORDER BY opened_at, task_id LIMIT $7",
        filter.client,
        filter.account,
        filter.kind,
        filter.with_closed,
        after_at,
        after_id,
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// Keeps new tasks.
pub(crate) async fn insert(conn: &mut PgConnection, opened: &[Task]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = opened.iter().map(|t| t.id).collect();
    let cases: Vec<Uuid> = opened.iter().map(|t| t.case).collect();
    let clients: Vec<Uuid> = opened.iter().map(|t| t.client).collect();
    let accounts: Vec<Uuid> = opened.iter().map(|t| t.account).collect();
    let openings: Vec<i32> = opened.iter().map(|t| t.opening).collect();
    let parties: Vec<Option<Uuid>> = opened.iter().map(|t| t.party).collect();
    let kinds: Vec<String> = opened.iter().map(|t| t.kind.as_str().to_owned()).collect();
    let subjects: Vec<Option<Uuid>> = opened.iter().map(|t| t.subject).collect();
    let reasons: Vec<String> = opened.iter().map(|t| t.reason.clone()).collect();
    let due: Vec<Date> = opened.iter().map(|t| t.due_on).collect();
    let at: Vec<Instant> = opened.iter().map(|t| t.opened_at).collect();
    sqlx::query!(
        "INSERT INTO task (task_id, case_id, client_id, account_id, opening, party_id, kind, subject_id,
                           reason, due_on, opened_at)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::uuid[],
                              $7::text[], $8::uuid[], $9::text[], $10::date[], $11::timestamptz[])",
        &ids,
        &cases,
        &clients,
        &accounts,
        &openings,
        &parties as _,
        &kinds,
        &subjects as _,
        &reasons,
        &due,
        &at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks open tasks, each with since when it is missed.
pub(crate) async fn mark_missed(
    conn: &mut PgConnection,
    missed: &[(Uuid, Instant)],
) -> sqlx::Result<()> {
    let (ids, at): (Vec<Uuid>, Vec<Instant>) = missed.iter().copied().unzip();
    sqlx::query!(
        "UPDATE task AS t SET missed_at = n.missed_at
         FROM UNNEST($1::uuid[], $2::timestamptz[]) AS n (id, missed_at) WHERE t.task_id = n.id",
        &ids,
        &at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes tasks, each with its resolution.
pub(crate) async fn close(
    conn: &mut PgConnection,
    closed: &[(Uuid, String)],
    at: Instant,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = closed.iter().map(|(id, _)| *id).collect();
    let resolutions: Vec<String> = closed.iter().map(|(_, text)| text.clone()).collect();
    sqlx::query!(
        "UPDATE task AS t SET closed_at = $3, resolution = n.resolution
         FROM UNNEST($1::uuid[], $2::text[]) AS n (id, resolution)
         WHERE t.task_id = n.id AND t.closed_at IS NULL",
        &ids,
        &resolutions,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}
