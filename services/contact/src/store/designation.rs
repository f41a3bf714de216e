//! Designations, and that they were lifted. Only ever inserted.

use chrono::{DateTime, Utc};
use duly_compliance::{DesignationKind, Medium, Place, Times};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use crate::{
    codes::Code as _,
    error::{ContactError, Result},
};

/// One designation.
#[derive(Debug, Clone)]
pub(crate) struct Designation {
    pub id: Uuid,
    pub client: Uuid,
    pub party: Uuid,
    pub stated_at: Uuid,
    pub kind: DesignationKind,
    pub medium: Option<Medium>,
    pub address: Option<String>,
    pub oral: bool,
    pub received_at: DateTime<Utc>,
    pub evidence: String,
    pub source: String,
    pub recorded_by: String,
    pub recorded_at: DateTime<Utc>,
    pub lifted_at: Option<DateTime<Utc>>,
    pub lift_reason: Option<String>,
}

fn kind_code(kind: &DesignationKind) -> &'static str {
    match kind {
        DesignationKind::NotAt(_) => "not_at",
        DesignationKind::NotAtPlace(_) => "not_at_place",
        DesignationKind::EmployerForbids => "employer_forbids",
        DesignationKind::Please(_) => "please",
    }
}

struct Row {
    designation_id: Uuid,
    client_id: Uuid,
    party_id: Uuid,
    stated_at_account_id: Uuid,
    kind: String,
    times: Option<Json<Times>>,
    place: Option<String>,
    medium: Option<String>,
    address: Option<String>,
    oral: bool,
    received_at: DateTime<Utc>,
    evidence: String,
    source: String,
    recorded_by: String,
    recorded_at: DateTime<Utc>,
    lifted_at: Option<DateTime<Utc>>,
    lift_reason: Option<String>,
}

impl TryFrom<Row> for Designation {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.designation_id;
        let corrupt = || ContactError::Corrupt { table: "designation", id };
        let place = Place::stored_opt("designation", id, row.place.as_deref())?;
        let kind = match (row.kind.as_str(), row.times, place) {
            ("not_at", Some(Json(times)), _) => DesignationKind::NotAt(times),
            ("please", Some(Json(times)), _) => DesignationKind::Please(times),
            ("not_at_place", _, Some(place)) => DesignationKind::NotAtPlace(place),
            ("employer_forbids", _, _) => DesignationKind::EmployerForbids,
            _ => return Err(corrupt()),
        };
        Ok(Self {
            id,
            client: row.client_id,
            party: row.party_id,
            stated_at: row.stated_at_account_id,
            kind,
            medium: Medium::stored_opt("designation", id, row.medium.as_deref())?,
            address: row.address,
            oral: row.oral,
            received_at: row.received_at,
            evidence: row.evidence,
            source: row.source,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
            lifted_at: row.lifted_at,
            lift_reason: row.lift_reason,
        })
    }
}

fn designations(rows: Vec<Row>) -> Result<Vec<Designation>> {
    rows.into_iter().map(Designation::try_from).collect()
}

/// Keeps them.
pub(crate) async fn insert(conn: &mut PgConnection, rows: &[Designation]) -> sqlx::Result<()> {
    for row in rows {
        let times = match &row.kind {
            DesignationKind::NotAt(times) | DesignationKind::Please(times) => Some(Json(*times)),
            DesignationKind::NotAtPlace(_) | DesignationKind::EmployerForbids => None,
        };
        let place = match row.kind {
            DesignationKind::NotAtPlace(place) => Some(place.code()),
            _ => None,
        };
        sqlx::query!(
            "INSERT INTO designation (designation_id, client_id, party_id, stated_at_account_id, kind,
                                      times, place, medium, address, oral, received_at, evidence, source,
                                      recorded_by, recorded_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            row.id,
            row.client,
            row.party,
            row.stated_at,
            kind_code(&row.kind),
            times as Option<Json<Times>>,
            place,
            row.medium.map(Medium::as_str),
            row.address,
            row.oral,
            row.received_at,
            row.evidence,
            row.source,
            row.recorded_by,
            row.recorded_at
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Keeps that one was lifted.
pub(crate) async fn lift(
    conn: &mut PgConnection,
    designation: &Designation,
    at: DateTime<Utc>,
    reason: &str,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO designation_lifted (designation_id, client_id, lifted_at, reason, lifted_by)
         VALUES ($1, $2, $3, $4, $5)",
        designation.id,
        designation.client,
        at,
        reason,
        by
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One designation, where the caller may see it.
pub(crate) async fn get(conn: &mut PgConnection, id: Uuid) -> Result<Option<Designation>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT d.designation_id, d.client_id, d.party_id, d.stated_at_account_id, d.kind,
                  d.times AS "times: Json<Times>", d.place, d.medium, d.address, d.oral, d.received_at,
                  d.evidence, d.source, d.recorded_by, d.recorded_at, l.lifted_at AS "lifted_at?",
                  l.reason AS "lift_reason?"
           FROM designation AS d LEFT JOIN designation_lifted AS l USING (designation_id)
           WHERE d.designation_id = $1"#,
        id
    )
    .fetch_optional(conn)
    .await?;
    row.map(Designation::try_from).transpose()
}

/// Standing designations of these parties.
pub(crate) async fn standing(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> Result<Vec<Designation>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT d.designation_id, d.client_id, d.party_id, d.stated_at_account_id, d.kind,
                  d.times AS "times: Json<Times>", d.place, d.medium, d.address, d.oral, d.received_at,
                  d.evidence, d.source, d.recorded_by, d.recorded_at, l.lifted_at AS "lifted_at?",
                  l.reason AS "lift_reason?"
           FROM designation AS d LEFT JOIN designation_lifted AS l USING (designation_id)
           WHERE d.party_id = ANY ($1) AND l.designation_id IS NULL
           ORDER BY d.received_at, d.designation_id"#,
        parties
    )
    .fetch_all(conn)
    .await?;
    designations(rows)
}

/// A page of designations: of the parties of one account, or of all.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    with_lifted: bool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Designation>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT d.designation_id, d.client_id, d.party_id, d.stated_at_account_id, d.kind,
                  d.times AS "times: Json<Times>", d.place, d.medium, d.address, d.oral, d.received_at,
                  d.evidence, d.source, d.recorded_by, d.recorded_at, l.lifted_at AS "lifted_at?",
                  l.reason AS "lift_reason?"
           FROM designation AS d LEFT JOIN designation_lifted AS l USING (designation_id)
           WHERE d.designation_id > $1 AND ($2 OR l.designation_id IS NULL)
             AND ($3::uuid IS NULL
                  OR d.party_id IN (SELECT party_id FROM account_party AS p WHERE p.account_id = $3))
           ORDER BY d.designation_id LIMIT $4"#,
        after,
        with_lifted,
        account,
        limit
    )
    .fetch_all(conn)
    .await?;
    designations(rows)
}
