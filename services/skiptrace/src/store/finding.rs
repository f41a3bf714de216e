//! What providers found.

use duly_domain::{AddressParts, Date, HitKind, Instant};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use crate::{
    error::{Result, SkiptraceError},
    model::Search,
    result_file::{Found, Point},
};

/// Keeps what was found in these searches, in the answers' order.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    found: &[(&Search, &[Found])],
    now: Instant,
) -> sqlx::Result<()> {
    let mut columns = Columns::default();
    for (search, found) in found {
        for (no, found) in (1..).zip(*found) {
            columns.push(search, no, found);
        }
    }
    sqlx::query!(
        "INSERT INTO finding (search_id, no, client_id, account_id, party_id, provider, found_at, kind, since,
                              detail, chapter, phone, email, address, confidence)
         SELECT search_id, no, client_id, account_id, party_id, provider, $15, kind, since, detail, chapter,
                phone, email, address, confidence
         FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
                     $8::date[], $9::text[], $10::int[], $11::text[], $12::text[], $13::jsonb[],
                     $14::int[])
             AS f (search_id, no, client_id, account_id, party_id, provider, kind, since, detail, chapter,
                   phone, email, address, confidence)",
        &columns.searches,
        &columns.numbers,
        &columns.clients,
        &columns.accounts,
        &columns.parties,
        &columns.providers,
        &columns.kinds,
        &columns.since as _,
        &columns.details as _,
        &columns.chapters as _,
        &columns.phones as _,
        &columns.emails as _,
        &columns.addresses as _,
        &columns.confidences as _,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(Default)]
struct Columns {
    searches: Vec<Uuid>,
    numbers: Vec<i32>,
    clients: Vec<Uuid>,
    accounts: Vec<Uuid>,
    parties: Vec<Uuid>,
    providers: Vec<String>,
    kinds: Vec<String>,
    since: Vec<Option<Date>>,
    details: Vec<Option<String>>,
    chapters: Vec<Option<i32>>,
    phones: Vec<Option<String>>,
    emails: Vec<Option<String>>,
    addresses: Vec<Option<Json<AddressParts>>>,
    confidences: Vec<Option<i32>>,
}

impl Columns {
    fn push(&mut self, search: &Search, no: i32, found: &Found) {
        self.searches.push(search.id);
        self.numbers.push(no);
        self.clients.push(search.client);
        self.accounts.push(search.account);
        self.parties.push(search.party);
        self.providers.push(search.provider.clone());
        let (hit, point) = match found {
            Found::Hit(hit) => (Some(hit), None),
            Found::Point { point, confidence } => (None, Some((point, *confidence))),
        };
        self.since.push(hit.and_then(|hit| hit.since));
        self.details.push(hit.and_then(|hit| hit.detail.clone()));
        self.chapters.push(hit.and_then(|hit| hit.chapter));
        self.confidences.push(point.map(|(_, confidence)| confidence));
        let (mut phone, mut email, mut address) = (None, None, None);
        let kind = match (hit, point) {
            (Some(hit), _) => hit.kind.as_str(),
            (_, Some((Point::Phone(found), _))) => {
                phone = Some(found.as_str().to_owned());
                "phone"
            }
            (_, Some((Point::Email(found), _))) => {
                email = Some(found.as_str().to_owned());
                "email"
            }
            (_, Some((Point::Address(found), _))) => {
                address = Some(Json(AddressParts::from(found.clone())));
                "address"
            }
            (None, None) => unreachable!("a finding is a hit or a point"),
        };
        self.kinds.push(kind.to_owned());
        self.phones.push(phone);
        self.emails.push(email);
        self.addresses.push(address);
    }
}

/// A finding as it stands.
pub(crate) struct Kept {
    pub search: Uuid,
    pub no: i32,
    pub party: Uuid,
    pub provider: String,
    pub found_at: Instant,
    pub what: What,
}

/// What a finding says, as its columns have it.
pub(crate) enum What {
    Hit { kind: HitKind, since: Option<Date>, detail: Option<String>, chapter: Option<i32> },
    Phone(String, i32),
    Email(String, i32),
    Address(AddressParts, i32),
}

/// A page of findings of an account, by search and number.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Uuid,
    after: (Uuid, i32),
    limit: i64,
) -> Result<Vec<Kept>> {
    let rows = sqlx::query!(
        r#"SELECT search_id, no, party_id, provider, found_at, kind, since, detail, chapter, phone, email,
                  address AS "address: Json<AddressParts>", confidence
           FROM finding WHERE account_id = $1 AND (search_id, no) > ($2, $3)
           ORDER BY search_id, no LIMIT $4"#,
        account,
        after.0,
        after.1,
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let sure = row.confidence.unwrap_or_default();
            let what = match (row.phone, row.email, row.address) {
                (Some(phone), ..) => What::Phone(phone, sure),
                (_, Some(email), _) => What::Email(email, sure),
                (_, _, Some(address)) => What::Address(address.0, sure),
                (None, None, None) => What::Hit {
                    kind: row.kind.parse().map_err(|_| SkiptraceError::Corrupt {
                        table: "finding",
                        id: row.search_id,
                    })?,
                    since: row.since,
                    detail: row.detail,
                    chapter: row.chapter,
                },
            };
            Ok(Kept {
                search: row.search_id,
                no: row.no,
                party: row.party_id,
                provider: row.provider,
                found_at: row.found_at,
                what,
            })
        })
        .collect()
}
