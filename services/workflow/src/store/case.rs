//! Cases and the accounts in them.

use duly_domain::{Date, Instant};
use sqlx::{PgConnection, types::Uuid};

use super::code_opt;
use crate::{
    error::Result,
    model::{CaseAccount, StrategyKey},
};

/// An account to be put into the case of its debtor.
pub(crate) struct Joining {
    /// The case's id if it is new.
    pub new_case: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub client: Uuid,
    pub debtor_key: Vec<u8>,
    pub due_from: Date,
}

/// Puts accounts into their cases, which are made where there are none.
pub(crate) async fn join(conn: &mut PgConnection, joining: &[Joining]) -> sqlx::Result<()> {
    let cases: Vec<Uuid> = joining.iter().map(|j| j.new_case).collect();
    let accounts: Vec<Uuid> = joining.iter().map(|j| j.account).collect();
    let openings: Vec<i32> = joining.iter().map(|j| j.opening).collect();
    let clients: Vec<Uuid> = joining.iter().map(|j| j.client).collect();
    let keys: Vec<Vec<u8>> = joining.iter().map(|j| j.debtor_key.clone()).collect();
    let due: Vec<Date> = joining.iter().map(|j| j.due_from).collect();
    // In the order of keys: two transactions that make the same cases wait for one another.
    sqlx::query!(
        "INSERT INTO case_file (case_id, client_id, debtor_key)
         SELECT DISTINCT ON (client_id, debtor_key) case_id, client_id, debtor_key
         FROM UNNEST($1::uuid[], $2::uuid[], $3::bytea[]) AS f (case_id, client_id, debtor_key)
         ORDER BY client_id, debtor_key, case_id
         ON CONFLICT (client_id, debtor_key) DO NOTHING",
        &cases,
        &clients,
        &keys
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO case_account (account_id, opening, case_id, client_id, due_from)
         SELECT f.account_id, f.opening, c.case_id, f.client_id, f.due_from
         FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::bytea[], $5::date[])
             AS f (account_id, opening, client_id, debtor_key, due_from)
         JOIN case_file AS c ON c.client_id = f.client_id AND c.debtor_key = f.debtor_key
         ORDER BY f.account_id, f.opening
         ON CONFLICT DO NOTHING",
        &accounts,
        &openings,
        &clients,
        &keys,
        &due
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Each of these accounts that is known, with each of its cases.
pub(crate) async fn of_accounts(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    let rows = sqlx::query!(
        "SELECT DISTINCT account_id, case_id FROM case_account WHERE account_id = ANY ($1)",
        accounts
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.case_id)).collect())
}

/// Locks cases against whoever else decides about them, in the order of their keys.
pub(crate) async fn lock(conn: &mut PgConnection, cases: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT case_id FROM case_file WHERE case_id = ANY ($1) ORDER BY case_id FOR NO KEY UPDATE",
        cases
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// An account's row as stored.
struct Row {
    account_id: Uuid,
    opening: i32,
    case_id: Uuid,
    client_id: Uuid,
    due_from: Date,
    begun_at: Option<Instant>,
    strategy: String,
    strategy_version: i32,
    run: i32,
    ended: String,
    proposed_code: String,
}

impl TryFrom<Row> for CaseAccount {
    type Error = crate::error::WorkflowError;

    fn try_from(row: Row) -> Result<Self> {
        let key = StrategyKey { name: row.strategy, version: row.strategy_version };
        Ok(Self {
            account: row.account_id,
            opening: row.opening,
            case: row.case_id,
            client: row.client_id,
            due_from: row.due_from,
            begun_at: row.begun_at,
            strategy: (!key.name.is_empty()).then_some(key),
            run: row.run,
            ended: row.ended,
            proposed: code_opt("case_account", row.account_id, &row.proposed_code)?,
        })
    }
}

/// The accounts of these cases.
pub(crate) async fn accounts(conn: &mut PgConnection, cases: &[Uuid]) -> Result<Vec<CaseAccount>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT account_id, opening, case_id, client_id, due_from, begun_at, strategy, strategy_version,
                run, ended, proposed_code
         FROM case_account WHERE case_id = ANY ($1)",
        cases
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(CaseAccount::try_from).collect()
}

/// One opening of an account.
pub(crate) async fn account(
    conn: &mut PgConnection,
    account: Uuid,
    opening: i32,
) -> Result<Option<CaseAccount>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT account_id, opening, case_id, client_id, due_from, begun_at, strategy, strategy_version,
                run, ended, proposed_code
         FROM case_account WHERE account_id = $1 AND opening = $2",
        account,
        opening
    )
    .fetch_optional(conn)
    .await?;
    row.map(CaseAccount::try_from).transpose()
}

/// Writes back what can change of accounts.
pub(crate) async fn update(conn: &mut PgConnection, changed: &[CaseAccount]) -> sqlx::Result<()> {
    let accounts: Vec<Uuid> = changed.iter().map(|a| a.account).collect();
    let openings: Vec<i32> = changed.iter().map(|a| a.opening).collect();
    let begun: Vec<Option<Instant>> = changed.iter().map(|a| a.begun_at).collect();
    let names: Vec<String> = changed
        .iter()
        .map(|a| a.strategy.as_ref().map(|key| key.name.clone()).unwrap_or_default())
        .collect();
    let versions: Vec<i32> =
        changed.iter().map(|a| a.strategy.as_ref().map_or(0, |key| key.version)).collect();
    let runs: Vec<i32> = changed.iter().map(|a| a.run).collect();
    let ended: Vec<String> = changed.iter().map(|a| a.ended.clone()).collect();
    let codes: Vec<String> = changed
        .iter()
        .map(|a| a.proposed.map(|code| code.as_str().to_owned()).unwrap_or_default())
        .collect();
    sqlx::query!(
        "UPDATE case_account AS a
         SET begun_at = n.begun_at, strategy = n.strategy, strategy_version = n.version, run = n.run,
             ended = n.ended, proposed_code = n.code
         FROM UNNEST($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::int[], $6::int[], $7::text[],
                     $8::text[])
             AS n (account_id, opening, begun_at, strategy, version, run, ended, code)
         WHERE a.account_id = n.account_id AND a.opening = n.opening",
        &accounts,
        &openings,
        &begun as _,
        &names,
        &versions,
        &runs,
        &ended,
        &codes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a case's row says of its accounts.
pub(crate) struct Summary {
    pub case: Uuid,
    pub open_accounts: i32,
    pub next_at: Option<Instant>,
}

/// Writes what the cases' rows say.
pub(crate) async fn summarise(conn: &mut PgConnection, summaries: &[Summary]) -> sqlx::Result<()> {
    let cases: Vec<Uuid> = summaries.iter().map(|s| s.case).collect();
    let open: Vec<i32> = summaries.iter().map(|s| s.open_accounts).collect();
    let next: Vec<Option<Instant>> = summaries.iter().map(|s| s.next_at).collect();
    sqlx::query!(
        "UPDATE case_file AS c SET open_accounts = n.open, next_at = n.next_at
         FROM UNNEST($1::uuid[], $2::int[], $3::timestamptz[]) AS n (case_id, open, next_at)
         WHERE c.case_id = n.case_id
           AND (c.open_accounts, c.next_at) IS DISTINCT FROM (n.open, n.next_at)",
        &cases,
        &open,
        &next as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A case of the worklist.
pub(crate) struct Listed {
    pub case_id: Uuid,
    pub client_id: Uuid,
    pub open_accounts: i32,
    pub next_at: Option<Instant>,
}

/// A page of cases with open accounts after a key, what is due first ahead; `after` is a time, or none for
/// the end of time, and an id.
pub(crate) async fn page(
    conn: &mut PgConnection,
    client: Option<Uuid>,
    after: Option<(Option<Instant>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<Listed>> {
    let (after_at, after_case) = after.unzip();
    sqlx::query_as!(
        Listed,
        "SELECT case_id, client_id, open_accounts, next_at FROM case_file
         WHERE open_accounts > 0 AND ($1::uuid IS NULL OR client_id = $1)
           AND ($3::uuid IS NULL
                OR (coalesce(next_at, 'infinity'), case_id) > (coalesce($2::timestamptz, 'infinity'), $3))
         ORDER BY coalesce(next_at, 'infinity'), case_id LIMIT $4",
        client,
        after_at.flatten(),
        after_case,
        limit
    )
    .fetch_all(conn)
    .await
}
