//! Disputes.

use chrono::{DateTime, Utc};
use duly_domain::{Date, DisputeOutcome, DisputeReason, Money};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use super::{code, code_opt};
use crate::error::{ContactError, Result};

/// One dispute.
#[derive(Debug, Clone)]
pub(crate) struct Dispute {
    pub id: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    /// `None` where the client stated it for the debt.
    pub party: Option<Uuid>,
    pub reason: DisputeReason,
    pub item_numbers: Vec<String>,
    /// `None`: all of it.
    pub amount: Option<Money>,
    pub opened_on: Date,
    pub opened_at: DateTime<Utc>,
    pub detail: String,
    pub pauses: bool,
    pub outcome: Option<DisputeOutcome>,
    pub resolved_on: Option<Date>,
}

impl Dispute {
    /// Whether it contests the whole account.
    pub(crate) fn whole(&self) -> bool {
        self.item_numbers.is_empty() && self.amount.is_none()
    }
}

struct Row {
    dispute_id: Uuid,
    client_id: Uuid,
    account_id: Uuid,
    opening: i32,
    party_id: Option<Uuid>,
    reason: String,
    item_numbers: Vec<String>,
    currency: Option<String>,
    amount_minor: Option<i64>,
    opened_on: Date,
    opened_at: DateTime<Utc>,
    detail: String,
    pauses: bool,
    outcome: Option<String>,
    resolved_on: Option<Date>,
}

impl TryFrom<Row> for Dispute {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.dispute_id;
        let currency = code_opt("dispute", id, row.currency.as_deref())?;
        Ok(Self {
            id,
            client: row.client_id,
            account: row.account_id,
            opening: row.opening,
            party: row.party_id,
            reason: code("dispute", id, &row.reason)?,
            item_numbers: row.item_numbers,
            amount: row.amount_minor.zip(currency).map(|(minor, of)| Money::new(minor, of)),
            opened_on: row.opened_on,
            opened_at: row.opened_at,
            detail: row.detail,
            pauses: row.pauses,
            outcome: code_opt("dispute", id, row.outcome.as_deref())?,
            resolved_on: row.resolved_on,
        })
    }
}

fn disputes(rows: Vec<Row>) -> Result<Vec<Dispute>> {
    rows.into_iter().map(Dispute::try_from).collect()
}

/// Opens disputes.
pub(crate) async fn insert(conn: &mut PgConnection, disputes: &[Dispute]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = disputes.iter().map(|dispute| dispute.id).collect();
    let clients: Vec<Uuid> = disputes.iter().map(|dispute| dispute.client).collect();
    let accounts: Vec<Uuid> = disputes.iter().map(|dispute| dispute.account).collect();
    let openings: Vec<i32> = disputes.iter().map(|dispute| dispute.opening).collect();
    let parties: Vec<Option<Uuid>> = disputes.iter().map(|dispute| dispute.party).collect();
    let reasons: Vec<String> =
        disputes.iter().map(|dispute| dispute.reason.as_str().to_owned()).collect();
    // Arrays of arrays do not unnest into rows.
    let items: Vec<Json<Vec<String>>> =
        disputes.iter().map(|dispute| Json(dispute.item_numbers.clone())).collect();
    let currencies: Vec<Option<String>> = disputes
        .iter()
        .map(|dispute| dispute.amount.map(|money| money.currency().code().to_owned()))
        .collect();
    let amounts: Vec<Option<i64>> =
        disputes.iter().map(|dispute| dispute.amount.map(Money::minor)).collect();
    let on: Vec<Date> = disputes.iter().map(|dispute| dispute.opened_on).collect();
    let at: Vec<DateTime<Utc>> = disputes.iter().map(|dispute| dispute.opened_at).collect();
    let details: Vec<String> = disputes.iter().map(|dispute| dispute.detail.clone()).collect();
    let pauses: Vec<bool> = disputes.iter().map(|dispute| dispute.pauses).collect();
    sqlx::query!(
        "INSERT INTO dispute (dispute_id, client_id, account_id, opening, party_id, reason, item_numbers,
                              currency, amount_minor, opened_on, opened_at, detail, pauses)
         SELECT dispute_id, client_id, account_id, opening, party_id, reason,
                ARRAY(SELECT jsonb_array_elements_text(items)), currency, amount_minor, opened_on,
                opened_at, detail, pauses
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::jsonb[],
                     $8::text[], $9::bigint[], $10::date[], $11::timestamptz[], $12::text[], $13::bool[])
             AS d (dispute_id, client_id, account_id, opening, party_id, reason, items, currency,
                   amount_minor, opened_on, opened_at, detail, pauses)",
        &ids,
        &clients,
        &accounts,
        &openings,
        &parties as &[Option<Uuid>],
        &reasons,
        &items as &[Json<Vec<String>>],
        &currencies as &[Option<String>],
        &amounts as &[Option<i64>],
        &on,
        &at,
        &details,
        &pauses
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Open disputes of these accounts.
pub(crate) async fn open(conn: &mut PgConnection, accounts: &[Uuid]) -> Result<Vec<Dispute>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT dispute_id, client_id, account_id, opening, party_id, reason, item_numbers, currency,
                amount_minor, opened_on, opened_at, detail, pauses, outcome, resolved_on
         FROM dispute WHERE account_id = ANY ($1) AND outcome IS NULL ORDER BY opened_at, dispute_id",
        accounts
    )
    .fetch_all(conn)
    .await?;
    disputes(rows)
}

/// These disputes, where the caller may see them.
pub(crate) async fn get(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Dispute>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT dispute_id, client_id, account_id, opening, party_id, reason, item_numbers, currency,
                amount_minor, opened_on, opened_at, detail, pauses, outcome, resolved_on
         FROM dispute WHERE dispute_id = ANY ($1) ORDER BY dispute_id",
        ids
    )
    .fetch_all(conn)
    .await?;
    disputes(rows)
}

/// Writes how disputes ended.
pub(crate) async fn resolve(
    conn: &mut PgConnection,
    resolved: &[Dispute],
    at: DateTime<Utc>,
    why: &str,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = resolved.iter().map(|dispute| dispute.id).collect();
    let outcomes: Vec<Option<String>> = resolved
        .iter()
        .map(|dispute| dispute.outcome.map(|outcome| outcome.as_str().to_owned()))
        .collect();
    let on: Vec<Option<Date>> = resolved.iter().map(|dispute| dispute.resolved_on).collect();
    sqlx::query!(
        "UPDATE dispute
         SET outcome = r.outcome, resolved_on = r.resolved_on, resolved_at = $4, resolved_why = $5
         FROM UNNEST($1::uuid[], $2::text[], $3::date[]) AS r (dispute_id, outcome, resolved_on)
         WHERE dispute.dispute_id = r.dispute_id",
        &ids,
        &outcomes as &[Option<String>],
        &on as &[Option<Date>],
        at,
        why
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A page of disputes, first opened first.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    with_resolved: bool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Dispute>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT dispute_id, client_id, account_id, opening, party_id, reason, item_numbers, currency,
                amount_minor, opened_on, opened_at, detail, pauses, outcome, resolved_on
         FROM dispute
         WHERE dispute_id > $1 AND ($2 OR outcome IS NULL) AND ($3::uuid IS NULL OR account_id = $3)
         ORDER BY dispute_id LIMIT $4",
        after,
        with_resolved,
        account,
        limit
    )
    .fetch_all(conn)
    .await?;
    disputes(rows)
}
