//! Complaints.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use duly_compliance::Medium;
use duly_domain::Date;
use sqlx::{PgConnection, types::Uuid};

use crate::{
    codes::{Code as _, ComplaintOutcome, ComplaintSource},
    error::{ContactError, Result},
};

/// One complaint.
#[derive(Debug, Clone)]
pub(crate) struct Complaint {
    pub id: Uuid,
    /// `None` where it is about no account.
    pub client: Option<Uuid>,
    pub account: Option<Uuid>,
    pub party: Option<Uuid>,
    pub source: ComplaintSource,
    pub medium: Medium,
    pub reference: String,
    pub detail: String,
    pub owner: String,
    pub received_at: DateTime<Utc>,
    pub acknowledge_by: Date,
    pub answer_by: Date,
    pub acknowledged_at: Option<DateTime<Utc>>,
    pub answered_at: Option<DateTime<Utc>>,
    pub outcome: Option<ComplaintOutcome>,
    pub answer: Option<String>,
}

impl Complaint {
    /// Whether contact about its account is held by it.
    pub(crate) fn holds(&self) -> bool {
        self.source == ComplaintSource::Regulator
            && self.account.is_some()
            && self.answered_at.is_none()
    }
}

struct Row {
    complaint_id: Uuid,
    client_id: Option<Uuid>,
    account_id: Option<Uuid>,
    party_id: Option<Uuid>,
    source: String,
    medium: String,
    reference: String,
    detail: String,
    owner: String,
    received_at: DateTime<Utc>,
    acknowledge_by: Date,
    answer_by: Date,
    acknowledged_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    outcome: Option<String>,
    answer: Option<String>,
}

impl TryFrom<Row> for Complaint {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.complaint_id;
        Ok(Self {
            id,
            client: row.client_id,
            account: row.account_id,
            party: row.party_id,
            source: ComplaintSource::stored("complaint", id, &row.source)?,
            medium: Medium::stored("complaint", id, &row.medium)?,
            reference: row.reference,
            detail: row.detail,
            owner: row.owner,
            received_at: row.received_at,
            acknowledge_by: row.acknowledge_by,
            answer_by: row.answer_by,
            acknowledged_at: row.acknowledged_at,
            answered_at: row.answered_at,
            outcome: ComplaintOutcome::stored_opt("complaint", id, row.outcome.as_deref())?,
            answer: row.answer,
        })
    }
}

/// Opens one.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    complaint: &Complaint,
    at: DateTime<Utc>,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO complaint (complaint_id, client_id, account_id, party_id, source, medium, reference,
                                detail, owner, received_at, acknowledge_by, answer_by, recorded_at,
                                recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        complaint.id,
        complaint.client,
        complaint.account,
        complaint.party,
        complaint.source.code(),
        complaint.medium.as_str(),
        complaint.reference,
        complaint.detail,
        complaint.owner,
        complaint.received_at,
        complaint.acknowledge_by,
        complaint.answer_by,
        at,
        by
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One complaint, locked until the commit.
pub(crate) async fn get_locked(conn: &mut PgConnection, id: Uuid) -> Result<Option<Complaint>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT complaint_id, client_id, account_id, party_id, source, medium, reference, detail, owner,
                received_at, acknowledge_by, answer_by, acknowledged_at, answered_at, outcome, answer
         FROM complaint WHERE complaint_id = $1 FOR UPDATE",
        id
    )
    .fetch_optional(conn)
    .await?;
    row.map(Complaint::try_from).transpose()
}

/// The account that a complaint is about, where it is about one.
pub(crate) async fn account_of(
    conn: &mut PgConnection,
    id: Uuid,
) -> sqlx::Result<Option<Option<Uuid>>> {
    sqlx::query_scalar!("SELECT account_id FROM complaint WHERE complaint_id = $1", id)
        .fetch_optional(conn)
        .await
}

/// Writes that it was acknowledged, and its owner.
pub(crate) async fn acknowledge(
    conn: &mut PgConnection,
    id: Uuid,
    owner: &str,
    at: DateTime<Utc>,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE complaint SET owner = $2, acknowledged_at = $3, acknowledged_by = $4
         WHERE complaint_id = $1",
        id,
        owner,
        at,
        by
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what it came to.
pub(crate) async fn answer(
    conn: &mut PgConnection,
    id: Uuid,
    outcome: ComplaintOutcome,
    answer: &str,
    at: DateTime<Utc>,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE complaint SET outcome = $2, answer = $3, answered_at = $4, answered_by = $5
         WHERE complaint_id = $1",
        id,
        outcome.code(),
        answer,
        at,
        by
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these accounts about which a regulator's complaint is open.
pub(crate) async fn holding(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> sqlx::Result<BTreeSet<Uuid>> {
    let held = sqlx::query_scalar!(
        r#"SELECT DISTINCT account_id AS "account_id!" FROM complaint
           WHERE account_id = ANY ($1) AND source = 'regulator' AND answered_at IS NULL"#,
        accounts
    )
    .fetch_all(conn)
    .await?;
    Ok(held.into_iter().collect())
}

/// Every complaint about these accounts.
pub(crate) async fn of_accounts(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> Result<Vec<Complaint>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT complaint_id, client_id, account_id, party_id, source, medium, reference, detail, owner,
                received_at, acknowledge_by, answer_by, acknowledged_at, answered_at, outcome, answer
         FROM complaint WHERE account_id = ANY ($1) ORDER BY received_at, complaint_id",
        accounts
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Complaint::try_from).collect()
}

/// A page of complaints, first opened first.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    with_answered: bool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Complaint>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT complaint_id, client_id, account_id, party_id, source, medium, reference, detail, owner,
                received_at, acknowledge_by, answer_by, acknowledged_at, answered_at, outcome, answer
         FROM complaint
         WHERE complaint_id > $1 AND ($2 OR answered_at IS NULL) AND ($3::uuid IS NULL OR account_id = $3)
         ORDER BY complaint_id LIMIT $4",
        after,
        with_answered,
        account,
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Complaint::try_from).collect()
}
