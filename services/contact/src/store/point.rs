//! Contact points.

use chrono::{DateTime, Utc};
use duly_compliance::{LineType, Place};
use duly_domain::AddressParts;
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use crate::codes::{Code as _, line_code, line_of};

/// What a point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Phone,
    Email,
    Address,
}

impl Kind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
        }
    }

    fn of(code: &str) -> Self {
        match code {
            "phone" => Self::Phone,
            "email" => Self::Email,
            // The table's CHECK knows no fourth.
            _ => Self::Address,
        }
    }
}

/// A point to keep.
#[derive(Debug, Clone)]
pub(crate) struct NewPoint {
    pub id: Uuid,
    pub party: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub kind: Kind,
    pub value: String,
    pub address: Option<AddressParts>,
    pub provenance: String,
    /// The lower, the better known.
    pub rank: i32,
}

/// A postal address on one line in lower case: equal addresses have equal lines.
pub(crate) fn one_line(address: &AddressParts) -> String {
    let parts = address.lines.iter().map(String::as_str);
    let country = if address.country.is_empty() { "US" } else { &address.country };
    let rest = [&*address.city, &*address.region, &*address.postal_code, country];
    let words = parts.chain(rest).flat_map(str::split_whitespace);
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Keeps points, each once per party; of several who told one, the best known stays its source. Answers
/// their ids in the order given.
pub(crate) async fn keep(
    conn: &mut PgConnection,
    points: &[NewPoint],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if points.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = points.iter().map(|point| point.id).collect();
    let parties: Vec<Uuid> = points.iter().map(|point| point.party).collect();
    let clients: Vec<Uuid> = points.iter().map(|point| point.client).collect();
    let accounts: Vec<Uuid> = points.iter().map(|point| point.account).collect();
    let kinds: Vec<String> = points.iter().map(|point| point.kind.as_str().to_owned()).collect();
    let values: Vec<String> = points.iter().map(|point| point.value.clone()).collect();
    let addresses: Vec<Option<Json<AddressParts>>> =
        points.iter().map(|point| point.address.clone().map(Json)).collect();
    let provenances: Vec<String> = points.iter().map(|point| point.provenance.clone()).collect();
    let ranks: Vec<i32> = points.iter().map(|point| point.rank).collect();
    sqlx::query!(
        "INSERT INTO contact_point (point_id, party_id, client_id, account_id, kind, value, address,
                                    provenance, rank, added_at)
         SELECT DISTINCT ON (party_id, kind, value)
                point_id, party_id, client_id, account_id, kind, value, address, provenance, rank, $10
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::jsonb[],
                     $8::text[], $9::int[])
             AS p (point_id, party_id, client_id, account_id, kind, value, address, provenance, rank)
         ORDER BY party_id, kind, value, rank, provenance
         ON CONFLICT (party_id, kind, value) DO UPDATE
         SET rank = excluded.rank, provenance = excluded.provenance
         WHERE (excluded.rank, excluded.provenance) < (contact_point.rank, contact_point.provenance)",
        &ids,
        &parties,
        &clients,
        &accounts,
        &kinds,
        &values,
        &addresses as &[Option<Json<AddressParts>>],
        &provenances,
        &ranks,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The id of a point of a party.
pub(crate) async fn find(
    conn: &mut PgConnection,
    party: Uuid,
    kind: Kind,
    value: &str,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "SELECT point_id FROM contact_point WHERE party_id = $1 AND kind = $2 AND value = $3",
        party,
        kind.as_str(),
        value
    )
    .fetch_optional(conn)
    .await
}

/// A point found bad, with all parties for whom it is.
pub(crate) struct Bad {
    pub parties: Vec<Uuid>,
    pub kind: Kind,
    pub value: String,
    pub reason: &'static str,
}

/// Marks points as bad, the first reason stays.
pub(crate) async fn mark_bad(
    conn: &mut PgConnection,
    bad: &[Bad],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (mut parties, mut kinds, mut values, mut reasons) = (vec![], vec![], vec![], vec![]);
    for bad in bad {
        for party in &bad.parties {
            parties.push(*party);
            kinds.push(bad.kind.as_str().to_owned());
            values.push(bad.value.clone());
            reasons.push(bad.reason.to_owned());
        }
    }
    sqlx::query!(
        "UPDATE contact_point SET bad_reason = b.reason, bad_at = $5
         FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::text[]) AS b (party_id, kind, value, reason)
         WHERE contact_point.party_id = b.party_id AND contact_point.kind = b.kind
           AND contact_point.value = b.value AND bad_reason IS NULL",
        &parties,
        &kinds,
        &values,
        &reasons,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A known point.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub id: Uuid,
    pub party: Uuid,
    pub kind: Kind,
    pub value: String,
    pub address: Option<AddressParts>,
    pub bad_reason: Option<String>,
    pub place: Option<Place>,
    pub line: LineType,
    pub of_employer: Option<bool>,
}

/// Every point of these parties, best known first.
pub(crate) async fn of_parties(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> sqlx::Result<Vec<Known>> {
    let rows = sqlx::query!(
        r#"SELECT point_id, party_id, kind, value, address AS "address: Json<AddressParts>",
                  bad_reason, place, line, of_employer
           FROM contact_point WHERE party_id = ANY ($1) ORDER BY rank, kind, value, point_id"#,
        parties
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Known {
            id: row.point_id,
            party: row.party_id,
            kind: Kind::of(&row.kind),
            value: row.value,
            address: row.address.map(|json| json.0),
            bad_reason: row.bad_reason,
            place: row.place.as_deref().and_then(Place::of_code),
            line: line_of(row.line.as_deref()),
            of_employer: row.of_employer,
        })
        .collect())
}

/// What a party wants of us.
pub(crate) struct Wish {
    pub id: Uuid,
    pub party: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub kind: &'static str,
    pub detail: String,
}

/// Keeps wishes that a placement states.
pub(crate) async fn keep_wishes(
    conn: &mut PgConnection,
    wishes: &[Wish],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = wishes.iter().map(|wish| wish.id).collect();
    let parties: Vec<Uuid> = wishes.iter().map(|wish| wish.party).collect();
    let clients: Vec<Uuid> = wishes.iter().map(|wish| wish.client).collect();
    let accounts: Vec<Uuid> = wishes.iter().map(|wish| wish.account).collect();
    let kinds: Vec<String> = wishes.iter().map(|wish| wish.kind.to_owned()).collect();
    let details: Vec<String> = wishes.iter().map(|wish| wish.detail.clone()).collect();
    sqlx::query!(
        "INSERT INTO wish (wish_id, party_id, client_id, account_id, kind, detail, source, noted_at)
         SELECT wish_id, party_id, client_id, account_id, kind, detail, 'placement', $7
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[])
             AS w (wish_id, party_id, client_id, account_id, kind, detail)",
        &ids,
        &parties,
        &clients,
        &accounts,
        &kinds,
        &details,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What somebody knows of a point; what is not told stays as it was.
pub(crate) async fn describe(
    conn: &mut PgConnection,
    id: Uuid,
    place: Option<Place>,
    line: LineType,
    of_employer: Option<bool>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE contact_point
         SET place = coalesce($2, place), line = coalesce($3, line),
             of_employer = coalesce($4, of_employer)
         WHERE point_id = $1",
        id,
        place.map(Place::code),
        line_code(line),
        of_employer
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A person says that a point is good.
pub(crate) async fn revive(
    conn: &mut PgConnection,
    party: Uuid,
    kind: Kind,
    value: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE contact_point SET bad_reason = NULL, bad_at = NULL
         WHERE party_id = $1 AND kind = $2 AND value = $3 AND bad_reason IS NOT NULL",
        party,
        kind.as_str(),
        value
    )
    .execute(conn)
    .await?;
    Ok(())
}
