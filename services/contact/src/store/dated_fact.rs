//! Dated facts. Only ever inserted.

use chrono::{DateTime, Utc};
use duly_compliance::{EventKind, Medium};
use duly_domain::Date;
use sqlx::{PgConnection, types::Uuid};

use crate::{
    codes::{Code as _, event_of},
    error::{ContactError, Result},
};

/// One fact.
#[derive(Debug, Clone)]
pub(crate) struct DatedFact {
    pub id: Uuid,
    pub client: Uuid,
    pub kind: EventKind,
    pub at: DateTime<Utc>,
    /// `None`: it concerns the person.
    pub account: Option<Uuid>,
    /// `None`: everyone who owes the account.
    pub party: Option<Uuid>,
    pub medium: Option<Medium>,
    pub address: Option<String>,
    pub stated_on: Option<Date>,
    /// Of a bankruptcy.
    pub chapter: Option<i16>,
    pub source: String,
    /// What it was told about there.
    pub source_id: Option<Uuid>,
    pub evidence: String,
    pub recorded_at: DateTime<Utc>,
}

struct Row {
    fact_id: Uuid,
    client_id: Uuid,
    kind: String,
    at: DateTime<Utc>,
    account_id: Option<Uuid>,
    party_id: Option<Uuid>,
    medium: Option<String>,
    address: Option<String>,
    stated_on: Option<Date>,
    chapter: Option<i16>,
    source: String,
    source_id: Option<Uuid>,
    evidence: String,
    recorded_at: DateTime<Utc>,
}

impl TryFrom<Row> for DatedFact {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.fact_id;
        Ok(Self {
            id,
            client: row.client_id,
            kind: event_of(&row.kind).ok_or(ContactError::Corrupt { table: "dated_fact", id })?,
            at: row.at,
            account: row.account_id,
            party: row.party_id,
            medium: Medium::stored_opt("dated_fact", id, row.medium.as_deref())?,
            address: row.address,
            stated_on: row.stated_on,
            chapter: row.chapter,
            source: row.source,
            source_id: row.source_id,
            evidence: row.evidence,
            recorded_at: row.recorded_at,
        })
    }
}

fn facts(rows: Vec<Row>) -> Result<Vec<DatedFact>> {
    rows.into_iter().map(DatedFact::try_from).collect()
}

/// Keeps facts; of what a source told twice, the first stays.
pub(crate) async fn insert(conn: &mut PgConnection, rows: &[DatedFact]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client).collect();
    let kinds: Vec<String> = rows.iter().map(|row| row.kind.as_str().to_owned()).collect();
    let at: Vec<DateTime<Utc>> = rows.iter().map(|row| row.at).collect();
    let accounts: Vec<Option<Uuid>> = rows.iter().map(|row| row.account).collect();
    let parties: Vec<Option<Uuid>> = rows.iter().map(|row| row.party).collect();
    let media: Vec<Option<String>> =
        rows.iter().map(|row| row.medium.map(|medium| medium.as_str().to_owned())).collect();
    let addresses: Vec<Option<String>> = rows.iter().map(|row| row.address.clone()).collect();
    let stated: Vec<Option<Date>> = rows.iter().map(|row| row.stated_on).collect();
    let sources: Vec<String> = rows.iter().map(|row| row.source.clone()).collect();
    let source_ids: Vec<Option<Uuid>> = rows.iter().map(|row| row.source_id).collect();
    let evidence: Vec<String> = rows.iter().map(|row| row.evidence.clone()).collect();
    let chapters: Vec<Option<i16>> = rows.iter().map(|row| row.chapter).collect();
    let recorded: Vec<DateTime<Utc>> = rows.iter().map(|row| row.recorded_at).collect();
    sqlx::query!(
        "INSERT INTO dated_fact (fact_id, client_id, kind, at, account_id, party_id, medium, address,
                                 stated_on, source, source_id, evidence, recorded_at, chapter)
         SELECT fact_id, client_id, kind, at, account_id, party_id, medium, address, stated_on, source,
                source_id, evidence, recorded_at, chapter
         FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::uuid[],
                     $7::text[], $8::text[], $9::date[], $10::text[], $11::uuid[], $12::text[],
                     $13::timestamptz[], $14::smallint[])
             AS f (fact_id, client_id, kind, at, account_id, party_id, medium, address, stated_on, source,
                   source_id, evidence, recorded_at, chapter)
         ON CONFLICT (kind, source_id) DO NOTHING",
        &ids,
        &clients,
        &kinds,
        &at,
        &accounts as &[Option<Uuid>],
        &parties as &[Option<Uuid>],
        &media as &[Option<String>],
        &addresses as &[Option<String>],
        &stated as &[Option<Date>],
        &sources,
        &source_ids as &[Option<Uuid>],
        &evidence,
        &recorded,
        &chapters as &[Option<i16>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Facts about these parties, or about these accounts as a whole, oldest first.
pub(crate) async fn about(
    conn: &mut PgConnection,
    parties: &[Uuid],
    accounts: &[Uuid],
) -> Result<Vec<DatedFact>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT fact_id, client_id, kind, at, account_id, party_id, medium, address, stated_on, chapter,
                source, source_id, evidence, recorded_at
         FROM dated_fact
         WHERE party_id = ANY ($1) OR party_id IS NULL AND account_id = ANY ($2)
         ORDER BY at, kind, fact_id",
        parties,
        accounts
    )
    .fetch_all(conn)
    .await?;
    facts(rows)
}

/// What is known of a bankruptcy of somebody who owes some accounts.
pub(crate) struct OfBankruptcy {
    /// Who filed.
    pub person: Uuid,
    pub kind: EventKind,
    pub at: DateTime<Utc>,
    pub stated_on: Option<Date>,
    pub chapter: Option<i16>,
    /// Which of the accounts the filer owes.
    pub accounts: Vec<Uuid>,
}

/// The bankruptcies of everybody who owes one of these accounts, in the order in which they were learned.
pub(crate) async fn bankruptcies(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> Result<Vec<OfBankruptcy>> {
    let rows = sqlx::query!(
        r#"SELECT f.fact_id, f.kind, f.at, f.stated_on, f.chapter, filer.person_id,
                  ARRAY (SELECT DISTINCT owes.account_id
                         FROM person_party AS kin JOIN account_party AS owes USING (party_id)
                         WHERE kin.person_id = filer.person_id AND owes.account_id = ANY ($1)
                         ORDER BY owes.account_id) AS "accounts!"
           FROM dated_fact AS f JOIN person_party AS filer USING (party_id)
           WHERE f.kind IN ('bankruptcy_verified', 'bankruptcy_ended')
             AND filer.person_id IN (
                 SELECT kin.person_id
                 FROM account_party AS owes JOIN person_party AS kin USING (party_id)
                 WHERE owes.account_id = ANY ($1))
           ORDER BY f.at, f.fact_id"#,
        accounts
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let corrupt = ContactError::Corrupt { table: "dated_fact", id: row.fact_id };
            Ok(OfBankruptcy {
                person: row.person_id,
                kind: event_of(&row.kind).ok_or(corrupt)?,
                at: row.at,
                stated_on: row.stated_on,
                chapter: row.chapter,
                accounts: row.accounts,
            })
        })
        .collect()
}

/// A page of facts: about one account and its parties, or of all. None of them ends.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    _with_ended: bool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<DatedFact>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT fact_id, client_id, kind, at, account_id, party_id, medium, address, stated_on, chapter,
                source, source_id, evidence, recorded_at
         FROM dated_fact
         WHERE fact_id > $1
           AND ($2::uuid IS NULL OR account_id = $2
                OR account_id IS NULL
                   AND party_id IN (SELECT party_id FROM account_party AS p WHERE p.account_id = $2))
         ORDER BY fact_id LIMIT $3",
        after,
        account,
        limit
    )
    .fetch_all(conn)
    .await?;
    facts(rows)
}
