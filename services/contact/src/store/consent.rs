//! Consents, and that they were taken back. Only ever inserted.

use chrono::{DateTime, Utc};
use duly_compliance::{ConsentFor, GivenTo, Medium, Times};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use crate::{
    codes::{Code as _, consent_code, consent_of},
    error::{ContactError, Result},
};

/// One consent.
#[derive(Debug, Clone)]
pub(crate) struct Consent {
    pub id: Uuid,
    pub client: Uuid,
    pub party: Uuid,
    /// `None`: every account of the party.
    pub account: Option<Uuid>,
    pub stated_at: Uuid,
    pub what: ConsentFor,
    pub given_to: GivenTo,
    pub medium: Option<Medium>,
    pub address: Option<String>,
    pub given_at: DateTime<Utc>,
    pub until: Option<DateTime<Utc>>,
    pub evidence: String,
    pub source: String,
    pub recorded_at: DateTime<Utc>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub withdrawal_evidence: Option<String>,
}

struct Row {
    consent_id: Uuid,
    client_id: Uuid,
    party_id: Uuid,
    account_id: Option<Uuid>,
    stated_at_account_id: Uuid,
    what: String,
    times: Option<Json<Times>>,
    given_to: String,
    medium: Option<String>,
    address: Option<String>,
    given_at: DateTime<Utc>,
    until_at: Option<DateTime<Utc>>,
    evidence: String,
    source: String,
    recorded_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
    withdrawal_evidence: Option<String>,
}

impl TryFrom<Row> for Consent {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.consent_id;
        Ok(Self {
            id,
            client: row.client_id,
            party: row.party_id,
            account: row.account_id,
            stated_at: row.stated_at_account_id,
            what: consent_of(&row.what, row.times.map(|json| json.0))
                .ok_or(ContactError::Corrupt { table: "consent", id })?,
            given_to: GivenTo::stored("consent", id, &row.given_to)?,
            medium: Medium::stored_opt("consent", id, row.medium.as_deref())?,
            address: row.address,
            given_at: row.given_at,
            until: row.until_at,
            evidence: row.evidence,
            source: row.source,
            recorded_at: row.recorded_at,
            withdrawn_at: row.withdrawn_at,
            withdrawal_evidence: row.withdrawal_evidence,
        })
    }
}

fn consents(rows: Vec<Row>) -> Result<Vec<Consent>> {
    rows.into_iter().map(Consent::try_from).collect()
}

/// Keeps one.
pub(crate) async fn insert(conn: &mut PgConnection, consent: &Consent) -> sqlx::Result<()> {
    let (code, times) = consent_code(consent.what);
    sqlx::query!(
        "INSERT INTO consent (consent_id, client_id, party_id, account_id, stated_at_account_id, what,
                              given_to, medium, address, given_at, until_at, evidence, source, recorded_at,
                              times)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        consent.id,
        consent.client,
        consent.party,
        consent.account,
        consent.stated_at,
        code,
        consent.given_to.code(),
        consent.medium.map(Medium::as_str),
        consent.address,
        consent.given_at,
        consent.until,
        consent.evidence,
        consent.source,
        consent.recorded_at,
        times.map(Json) as Option<Json<Times>>
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps that it was taken back.
pub(crate) async fn withdraw(
    conn: &mut PgConnection,
    consent: &Consent,
    at: DateTime<Utc>,
    evidence: &str,
    by: &str,
    recorded_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO consent_withdrawn (consent_id, client_id, withdrawn_at, evidence, recorded_by,
                                        recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        consent.id,
        consent.client,
        at,
        evidence,
        by,
        recorded_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One consent, where the caller may see it.
pub(crate) async fn get(conn: &mut PgConnection, id: Uuid) -> Result<Option<Consent>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT c.consent_id, c.client_id, c.party_id, c.account_id, c.stated_at_account_id, c.what,
                  c.times AS "times: Json<Times>", c.given_to, c.medium, c.address, c.given_at, c.until_at, c.evidence, c.source,
                  c.recorded_at, w.withdrawn_at AS "withdrawn_at?", w.evidence AS "withdrawal_evidence?"
           FROM consent AS c LEFT JOIN consent_withdrawn AS w USING (consent_id)
           WHERE c.consent_id = $1"#,
        id
    )
    .fetch_optional(conn)
    .await?;
    row.map(Consent::try_from).transpose()
}

/// Every consent of these parties, first given first, withdrawn ones too: some rules ask whether there
/// ever was one.
pub(crate) async fn of_parties(conn: &mut PgConnection, parties: &[Uuid]) -> Result<Vec<Consent>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.consent_id, c.client_id, c.party_id, c.account_id, c.stated_at_account_id, c.what,
                  c.times AS "times: Json<Times>", c.given_to, c.medium, c.address, c.given_at, c.until_at, c.evidence, c.source,
                  c.recorded_at, w.withdrawn_at AS "withdrawn_at?", w.evidence AS "withdrawal_evidence?"
           FROM consent AS c LEFT JOIN consent_withdrawn AS w USING (consent_id)
           WHERE c.party_id = ANY ($1) ORDER BY c.given_at, c.consent_id"#,
        parties
    )
    .fetch_all(conn)
    .await?;
    consents(rows)
}

/// A page of consents: of one account with those that hold for every account of its parties, or of all.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    with_withdrawn: bool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Consent>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT c.consent_id, c.client_id, c.party_id, c.account_id, c.stated_at_account_id, c.what,
                  c.times AS "times: Json<Times>", c.given_to, c.medium, c.address, c.given_at, c.until_at, c.evidence, c.source,
                  c.recorded_at, w.withdrawn_at AS "withdrawn_at?", w.evidence AS "withdrawal_evidence?"
           FROM consent AS c LEFT JOIN consent_withdrawn AS w USING (consent_id)
           WHERE c.consent_id > $1 AND ($2 OR w.consent_id IS NULL)
             AND ($3::uuid IS NULL OR c.account_id = $3
                  OR c.account_id IS NULL
                     AND c.party_id IN (SELECT party_id FROM account_party AS p WHERE p.account_id = $3))
           ORDER BY c.consent_id LIMIT $4"#,
        after,
        with_withdrawn,
        account,
        limit
    )
    .fetch_all(conn)
    .await?;
    consents(rows)
}
