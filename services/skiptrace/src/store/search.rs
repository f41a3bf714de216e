//! Searches.

use duly_domain::{Date, Instant, Money, SearchState};
use sqlx::{PgConnection, types::Uuid};

use super::{code, money};
use crate::{
    error::{Result, SkiptraceError},
    model::{Refusal, Search},
};

struct Row {
    search_id: Uuid,
    treatment_id: Option<Uuid>,
    client_id: Uuid,
    account_id: Uuid,
    opening: i32,
    party_id: Uuid,
    kind: String,
    step: String,
    try_no: i32,
    requested_at: Instant,
    expires_at: Instant,
    state: String,
    provider: String,
    reference: Option<String>,
    currency: String,
    cost_minor: i64,
    spent_month: Option<Date>,
    asked_at: Option<Instant>,
    answered_at: Option<Instant>,
    refusal: Option<String>,
}

impl TryFrom<Row> for Search {
    type Error = SkiptraceError;

    fn try_from(row: Row) -> Result<Self> {
        let (table, id) = ("search", row.search_id);
        Ok(Self {
            id,
            treatment: row.treatment_id,
            client: row.client_id,
            account: row.account_id,
            opening: row.opening,
            party: row.party_id,
            kind: code(table, id, &row.kind)?,
            step: row.step,
            try_no: row.try_no,
            requested_at: row.requested_at,
            expires_at: row.expires_at,
            state: code(table, id, &row.state)?,
            provider: row.provider,
            reference: row.reference,
            cost: money(table, id, row.cost_minor, &row.currency)?,
            spent_month: row.spent_month,
            asked_at: row.asked_at,
            answered_at: row.answered_at,
            refusal: row.refusal,
        })
    }
}

/// One select list for every query here; the rest of the statement is the caller's.
macro_rules! searches {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT s.search_id, s.treatment_id, s.client_id, s.account_id, s.opening, s.party_id, s.kind,
                      s.step, s.try_no, s.requested_at, s.expires_at, s.state, s.provider, s.reference,
                      s.currency, s.cost_minor, s.spent_month, s.asked_at, s.answered_at,
                      s.refusal
               FROM search AS s "#
                + $rest
            $(, $arg)*
        )
    };
}

fn all(rows: Vec<Row>) -> Result<Vec<Search>> {
    rows.into_iter().map(Search::try_from).collect()
}

/// Keeps searches, each treatment once. Answers those that are new.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    searches: &[Search],
    decide_at: Instant,
) -> sqlx::Result<Vec<Uuid>> {
    let ids: Vec<Uuid> = searches.iter().map(|s| s.id).collect();
    let treatments: Vec<Option<Uuid>> = searches.iter().map(|s| s.treatment).collect();
    let clients: Vec<Uuid> = searches.iter().map(|s| s.client).collect();
    let accounts: Vec<Uuid> = searches.iter().map(|s| s.account).collect();
    let openings: Vec<i32> = searches.iter().map(|s| s.opening).collect();
    let parties: Vec<Uuid> = searches.iter().map(|s| s.party).collect();
    let kinds: Vec<String> = searches.iter().map(|s| s.kind.as_str().to_owned()).collect();
    let steps: Vec<String> = searches.iter().map(|s| s.step.clone()).collect();
    let tries: Vec<i32> = searches.iter().map(|s| s.try_no).collect();
    let requested: Vec<Instant> = searches.iter().map(|s| s.requested_at).collect();
    let expires: Vec<Instant> = searches.iter().map(|s| s.expires_at).collect();
    let providers: Vec<String> = searches.iter().map(|s| s.provider.clone()).collect();
    let currencies: Vec<String> =
        searches.iter().map(|s| s.cost.currency().code().to_owned()).collect();
    sqlx::query_scalar!(
        "INSERT INTO search (search_id, treatment_id, client_id, account_id, opening, party_id, kind, step,
                             try_no, requested_at, expires_at, provider, currency, decide_at)
         SELECT f.*, $14 FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::uuid[],
                                $7::text[], $8::text[], $9::int[], $10::timestamptz[],
                                $11::timestamptz[], $12::text[], $13::text[]) AS f (search_id, treatment_id)
         ORDER BY treatment_id
         ON CONFLICT DO NOTHING RETURNING search_id",
        &ids,
        &treatments as _,
        &clients,
        &accounts,
        &openings,
        &parties,
        &kinds,
        &steps,
        &tries,
        &requested,
        &expires,
        &providers,
        &currencies,
        decide_at
    )
    .fetch_all(conn)
    .await
}

/// What these accounts' undecided searches waited for has come: they are decided at this tick. Answers
/// whether there are any.
pub(crate) async fn decide_anew(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    at: Instant,
) -> sqlx::Result<bool> {
    let waiting = sqlx::query!(
        "UPDATE search SET decide_at = $2
         WHERE account_id = ANY ($1) AND decided_at IS NULL AND state = 'queued'",
        accounts,
        at
    )
    .execute(conn)
    .await?;
    Ok(waiting.rows_affected() > 0)
}

/// Searches to be decided now, in an order that follows from the client's references alone, locked.
pub(crate) async fn undecided(
    conn: &mut PgConnection,
    now: Instant,
    limit: i64,
) -> Result<Vec<Search>> {
    let rows = searches!(
        "JOIN (SELECT DISTINCT ON (account_id) account_id, client_ref, client_account_ref FROM account
               ORDER BY account_id, opening) AS a USING (account_id)
         LEFT JOIN account_party AS p
             ON p.account_id = s.account_id AND p.opening = s.opening AND p.party_id = s.party_id
         WHERE s.decided_at IS NULL AND s.state = 'queued' AND s.decide_at <= $1
         ORDER BY a.client_ref, a.client_account_ref, s.opening, p.position, s.kind, s.requested_at,
                  s.step, s.try_no
         LIMIT $2 FOR UPDATE OF s",
        now,
        limit
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}

/// A search that will be made.
pub(crate) struct Allowed {
    pub id: Uuid,
    pub reference: String,
    pub file: Uuid,
    pub cost: Money,
}

/// Records that these will be made, and what they cost.
pub(crate) async fn allow(
    conn: &mut PgConnection,
    allowed: &[Allowed],
    month: Date,
    now: Instant,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = allowed.iter().map(|a| a.id).collect();
    let references: Vec<String> = allowed.iter().map(|a| a.reference.clone()).collect();
    let files: Vec<Uuid> = allowed.iter().map(|a| a.file).collect();
    let costs: Vec<i64> = allowed.iter().map(|a| a.cost.minor()).collect();
    sqlx::query!(
        "UPDATE search AS s
         SET decided_at = $5, reference = f.reference, file_id = f.file_id, cost_minor = f.cost_minor,
             spent_month = $6
         FROM UNNEST($1::uuid[], $2::text[], $3::uuid[], $4::bigint[])
             AS f (search_id, reference, file_id, cost_minor)
         WHERE s.search_id = f.search_id",
        &ids,
        &references,
        &files,
        &costs,
        now,
        month
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records that these are not made or not answered. `cost` says whether they cost something all the
/// same.
pub(crate) async fn refuse(
    conn: &mut PgConnection,
    refused: &[(Uuid, Refusal)],
    cost: Cost,
    now: Instant,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = refused.iter().map(|(id, _)| *id).collect();
    let codes: Vec<String> = refused.iter().map(|(_, why)| why.code().to_owned()).collect();
    sqlx::query!(
        "UPDATE search AS s
         SET state = 'refused', refusal = f.refusal, decided_at = coalesce(s.decided_at, $3),
             cost_minor = CASE WHEN $4 THEN s.cost_minor ELSE 0 END
         FROM UNNEST($1::uuid[], $2::text[]) AS f (search_id, refusal)
         WHERE s.search_id = f.search_id",
        &ids,
        &codes,
        now,
        cost == Cost::Stays
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What becomes of the cost of a search that is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    /// The provider was asked.
    Stays,
    /// It was never asked, or takes nothing for what it could not answer.
    GivenBack,
}

/// The searches of a file that are still to be asked, locked, by reference.
pub(crate) async fn queued_of_file(conn: &mut PgConnection, file: Uuid) -> Result<Vec<Search>> {
    let rows = searches!(
        "WHERE s.file_id = $1 AND s.state = 'queued' ORDER BY s.reference FOR UPDATE",
        file
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}

/// Records that a file of searches is with the provider.
pub(crate) async fn asked(
    conn: &mut PgConnection,
    files: &[Uuid],
    now: Instant,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE search SET asked_at = coalesce(asked_at, $2),
                           state = CASE WHEN state = 'queued' THEN 'asked' ELSE state END
         WHERE file_id = ANY ($1)",
        files,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Searches by what the provider calls them, locked in that order.
pub(crate) async fn by_reference(
    conn: &mut PgConnection,
    provider: &str,
    references: &[String],
) -> Result<Vec<Search>> {
    let rows = searches!(
        "WHERE s.provider = $1 AND s.reference = ANY ($2) ORDER BY s.reference FOR UPDATE",
        provider,
        references
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}

/// Records that these are answered.
pub(crate) async fn answered(
    conn: &mut PgConnection,
    ids: &[Uuid],
    now: Instant,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE search SET state = 'answered', answered_at = $2, asked_at = coalesce(asked_at, $2),
                           refusal = NULL
         WHERE search_id = ANY ($1)",
        ids,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these searches that are open and whose time is over, locked.
pub(crate) async fn expired(
    conn: &mut PgConnection,
    ids: &[Uuid],
    now: Instant,
) -> Result<Vec<Search>> {
    let rows = searches!(
        "WHERE s.search_id = ANY ($1) AND s.state IN ('queued', 'asked') AND s.expires_at <= $2
         ORDER BY s.search_id FOR UPDATE",
        ids,
        now
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}

/// Whether an open search of this kind stands for the party.
pub(crate) async fn has_open(
    conn: &mut PgConnection,
    account: Uuid,
    party: Uuid,
    kind: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM search WHERE account_id = $1 AND party_id = $2 AND kind = $3
                                               AND state IN ('queued', 'asked')) AS "is_open!""#,
        account,
        party,
        kind
    )
    .fetch_one(conn)
    .await
}

/// What a list of searches is narrowed to.
pub(crate) struct Filter {
    pub account: Option<Uuid>,
    pub provider: Option<String>,
    pub state: Option<SearchState>,
}

/// A page of searches, by id.
pub(crate) async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Search>> {
    let rows = searches!(
        "WHERE s.search_id > $1 AND ($2::uuid IS NULL OR s.account_id = $2)
           AND ($3::text IS NULL OR s.provider = $3) AND ($4::text IS NULL OR s.state = $4)
         ORDER BY s.search_id LIMIT $5",
        after,
        filter.account,
        filter.provider,
        filter.state.map(SearchState::as_str),
        limit
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}
