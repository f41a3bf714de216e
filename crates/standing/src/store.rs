//! The rows in: sets, each fact once.

use duly_domain::{AddressParts, Date};
use serde_json::Value;
use sqlx::{
    PgConnection,
    types::{
        Json, Uuid,
        chrono::{DateTime, Utc},
    },
};

pub(crate) struct Client {
    pub client_id: Uuid,
    pub version: i64,
    pub client_ref: String,
    pub name: String,
}

pub(crate) async fn keep_clients(conn: &mut PgConnection, rows: &[Client]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.client_id).collect();
    let versions: Vec<i64> = rows.iter().map(|row| row.version).collect();
    let refs: Vec<String> = rows.iter().map(|row| row.client_ref.clone()).collect();
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    sqlx::query!(
        "INSERT INTO client AS known (client_id, version, client_ref, name)
         SELECT DISTINCT ON (client_id) client_id, version, client_ref, name
         FROM UNNEST($1::uuid[], $2::bigint[], $3::text[], $4::text[])
             AS f (client_id, version, client_ref, name)
         ORDER BY client_id, version DESC
         ON CONFLICT (client_id) DO UPDATE
         SET version = excluded.version, client_ref = excluded.client_ref, name = excluded.name
         WHERE known.version < excluded.version",
        &ids,
        &versions,
        &refs,
        &names
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) struct Account {
    pub account_id: Uuid,
    pub opening: i32,
    pub client_id: Uuid,
    pub client_ref: String,
    pub client_account_ref: String,
    pub debt_class: &'static str,
    pub service_kind: &'static str,
    pub currency: &'static str,
    pub listed_minor: i64,
    pub listed_on: Date,
}

pub(crate) async fn keep_accounts(conn: &mut PgConnection, rows: &[Account]) -> sqlx::Result<()> {
    let accounts: Vec<Uuid> = rows.iter().map(|row| row.account_id).collect();
    let openings: Vec<i32> = rows.iter().map(|row| row.opening).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client_id).collect();
    let client_refs: Vec<String> = rows.iter().map(|row| row.client_ref.clone()).collect();
    let refs: Vec<String> = rows.iter().map(|row| row.client_account_ref.clone()).collect();
    let classes: Vec<String> = rows.iter().map(|row| row.debt_class.to_owned()).collect();
    let kinds: Vec<String> = rows.iter().map(|row| row.service_kind.to_owned()).collect();
    let currencies: Vec<String> = rows.iter().map(|row| row.currency.to_owned()).collect();
    let listed: Vec<i64> = rows.iter().map(|row| row.listed_minor).collect();
    let dates: Vec<Date> = rows.iter().map(|row| row.listed_on).collect();
    sqlx::query!(
        "INSERT INTO account (account_id, opening, client_id, client_ref, client_account_ref, debt_class,
                              service_kind, currency, listed_minor, listed_on)
         SELECT * FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[],
                              $7::text[], $8::text[], $9::bigint[], $10::date[])
             AS f (account_id, opening)
         ORDER BY account_id, opening
         ON CONFLICT DO NOTHING",
        &accounts,
        &openings,
        &clients,
        &client_refs,
        &refs,
        &classes,
        &kinds,
        &currencies,
        &listed,
        &dates
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) struct PartyRow {
    pub account_id: Uuid,
    pub opening: i32,
    pub position: i32,
    pub party_id: Uuid,
    pub client_id: Uuid,
    pub role: &'static str,
    pub debtor_kind: &'static str,
    pub name: String,
    pub address: Option<AddressParts>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub national_id_lookup: Option<Vec<u8>>,
}

pub(crate) async fn keep_parties(conn: &mut PgConnection, rows: &[PartyRow]) -> sqlx::Result<()> {
    let accounts: Vec<Uuid> = rows.iter().map(|row| row.account_id).collect();
    let openings: Vec<i32> = rows.iter().map(|row| row.opening).collect();
    let positions: Vec<i32> = rows.iter().map(|row| row.position).collect();
    let parties: Vec<Uuid> = rows.iter().map(|row| row.party_id).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client_id).collect();
    let roles: Vec<String> = rows.iter().map(|row| row.role.to_owned()).collect();
    let kinds: Vec<String> = rows.iter().map(|row| row.debtor_kind.to_owned()).collect();
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let addresses: Vec<Option<Value>> =
        rows.iter().map(|row| row.address.as_ref().map(|a| serde_json::json!(a))).collect();
    // An array of arrays must be rectangular in SQL: lists travel as JSON.
    let phones: Vec<Value> = rows.iter().map(|row| serde_json::json!(row.phones)).collect();
    let emails: Vec<Value> = rows.iter().map(|row| serde_json::json!(row.emails)).collect();
    let lookups: Vec<Option<Vec<u8>>> =
        rows.iter().map(|row| row.national_id_lookup.clone()).collect();
    sqlx::query!(
        "INSERT INTO account_party (account_id, opening, position, party_id, client_id, role, debtor_kind,
                                    name, address, phones, emails, national_id_lookup)
         SELECT account_id, opening, position, party_id, client_id, role, debtor_kind, name, address,
                ARRAY(SELECT jsonb_array_elements_text(phones)),
                ARRAY(SELECT jsonb_array_elements_text(emails)), national_id_lookup
         FROM UNNEST($1::uuid[], $2::int[], $3::int[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
                     $8::text[], $9::jsonb[], $10::jsonb[], $11::jsonb[], $12::bytea[])
             AS f (account_id, opening, position, party_id, client_id, role, debtor_kind, name, address,
                   phones, emails, national_id_lookup)
         ORDER BY account_id, opening, position
         ON CONFLICT DO NOTHING",
        &accounts,
        &openings,
        &positions,
        &parties,
        &clients,
        &roles,
        &kinds,
        &names,
        &addresses as _,
        &phones,
        &emails,
        &lookups as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) struct Ending {
    pub account_id: Uuid,
    pub opening: i32,
    pub kind: &'static str,
    pub client_id: Uuid,
    pub ended_on: Date,
    pub close_code: String,
    pub told_at: DateTime<Utc>,
}

pub(crate) async fn keep_ended(conn: &mut PgConnection, rows: &[Ending]) -> sqlx::Result<()> {
    let accounts: Vec<Uuid> = rows.iter().map(|row| row.account_id).collect();
    let openings: Vec<i32> = rows.iter().map(|row| row.opening).collect();
    let kinds: Vec<String> = rows.iter().map(|row| row.kind.to_owned()).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client_id).collect();
    let dates: Vec<Date> = rows.iter().map(|row| row.ended_on).collect();
    let codes: Vec<String> = rows.iter().map(|row| row.close_code.clone()).collect();
    let told: Vec<DateTime<Utc>> = rows.iter().map(|row| row.told_at).collect();
    sqlx::query!(
        "INSERT INTO account_end (account_id, opening, kind, client_id, ended_on, close_code, told_at)
         SELECT * FROM UNNEST($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::date[], $6::text[],
                              $7::timestamptz[])
             AS f (account_id, opening, kind)
         ORDER BY account_id, opening, kind
         ON CONFLICT DO NOTHING",
        &accounts,
        &openings,
        &kinds,
        &clients,
        &dates,
        &codes,
        &told
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) struct Moved {
    pub fact_id: Uuid,
    pub kind: &'static str,
    pub account_id: Uuid,
    pub opening: i32,
    pub client_id: Uuid,
    pub minor: i64,
    pub told_at: DateTime<Utc>,
}

pub(crate) async fn keep_moved(conn: &mut PgConnection, rows: &[Moved]) -> sqlx::Result<()> {
    let facts: Vec<Uuid> = rows.iter().map(|row| row.fact_id).collect();
    let kinds: Vec<String> = rows.iter().map(|row| row.kind.to_owned()).collect();
    let accounts: Vec<Uuid> = rows.iter().map(|row| row.account_id).collect();
    let openings: Vec<i32> = rows.iter().map(|row| row.opening).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client_id).collect();
    let minors: Vec<i64> = rows.iter().map(|row| row.minor).collect();
    let told: Vec<DateTime<Utc>> = rows.iter().map(|row| row.told_at).collect();
    sqlx::query!(
        "INSERT INTO account_money (fact_id, kind, account_id, opening, client_id, minor, told_at)
         SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::uuid[], $6::bigint[],
                              $7::timestamptz[])
             AS f (fact_id, kind)
         ORDER BY fact_id, kind
         ON CONFLICT DO NOTHING",
        &facts,
        &kinds,
        &accounts,
        &openings,
        &clients,
        &minors,
        &told
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) struct Hold {
    pub hold_id: Uuid,
    pub account_id: Uuid,
    pub opening: i32,
    pub client_id: Uuid,
    pub reason: String,
    pub from_on: Date,
    pub until_on: Option<Date>,
    pub told_at: DateTime<Utc>,
}

pub(crate) async fn keep_holds(conn: &mut PgConnection, rows: &[Hold]) -> sqlx::Result<()> {
    let holds: Vec<Uuid> = rows.iter().map(|row| row.hold_id).collect();
    let accounts: Vec<Uuid> = rows.iter().map(|row| row.account_id).collect();
    let openings: Vec<i32> = rows.iter().map(|row| row.opening).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client_id).collect();
    let reasons: Vec<String> = rows.iter().map(|row| row.reason.clone()).collect();
    let froms: Vec<Date> = rows.iter().map(|row| row.from_on).collect();
    let untils: Vec<Option<Date>> = rows.iter().map(|row| row.until_on).collect();
    let told: Vec<DateTime<Utc>> = rows.iter().map(|row| row.told_at).collect();
    sqlx::query!(
        "INSERT INTO account_hold (hold_id, account_id, opening, client_id, reason, from_on, until_on,
                                   told_at)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::date[],
                              $7::date[], $8::timestamptz[]) AS f (hold_id)
         ORDER BY hold_id
         ON CONFLICT DO NOTHING",
        &holds,
        &accounts,
        &openings,
        &clients,
        &reasons,
        &froms,
        &untils as _,
        &told
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) struct Lifted {
    pub hold_id: Uuid,
    pub client_id: Uuid,
    pub told_at: DateTime<Utc>,
}

pub(crate) async fn keep_holds_lifted(
    conn: &mut PgConnection,
    rows: &[Lifted],
) -> sqlx::Result<()> {
    let holds: Vec<Uuid> = rows.iter().map(|row| row.hold_id).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client_id).collect();
    let told: Vec<DateTime<Utc>> = rows.iter().map(|row| row.told_at).collect();
    sqlx::query!(
        "INSERT INTO account_hold_lifted (hold_id, client_id, told_at)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::timestamptz[]) AS f (hold_id)
         ORDER BY hold_id
         ON CONFLICT DO NOTHING",
        &holds,
        &clients,
        &told
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One account's row with its sums.
pub(crate) struct Row {
    pub account_id: Uuid,
    pub opening: i32,
    pub client_id: Uuid,
    pub client_ref: String,
    pub client_name: String,
    pub client_account_ref: String,
    pub debt_class: String,
    pub service_kind: String,
    pub currency: String,
    pub listed_minor: i64,
    pub listed_on: Date,
    pub moved_minor: i64,
    pub end_kind: Option<String>,
    pub ended_on: Option<Date>,
    pub close_code: Option<String>,
    pub settled: bool,
    pub hold_reason: Option<String>,
    pub hold_until: Option<Date>,
}

/// The current openings of these accounts, of the facts told before an instant where one is given. A
/// recall ends an account as a close does; where both are known the earlier counts.
pub(crate) async fn accounts(
    conn: &mut PgConnection,
    ids: &[Uuid],
    today: Date,
    before: Option<DateTime<Utc>>,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"SELECT a.account_id, a.opening, a.client_id, a.client_ref,
                  coalesce(c.name, a.client_ref) AS "client_name!", a.client_account_ref, a.debt_class,
                  a.service_kind, a.currency, a.listed_minor, a.listed_on,
                  m.minor AS "moved_minor!", e.kind AS "end_kind?", e.ended_on AS "ended_on?",
                  e.close_code AS "close_code?", s.kind IS NOT NULL AS "settled!",
                  h.reason AS "hold_reason?", h.until_on AS "hold_until?"
           FROM (SELECT DISTINCT ON (account_id) * FROM account WHERE account_id = ANY ($1)
                 ORDER BY account_id, opening DESC) AS a
           LEFT JOIN client AS c USING (client_id)
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(minor), 0)::bigint AS minor FROM account_money
               WHERE account_id = a.account_id AND opening = a.opening
                 AND ($3::timestamptz IS NULL OR told_at < $3)) AS m
           LEFT JOIN LATERAL (
               SELECT kind, ended_on, close_code FROM account_end
               WHERE account_id = a.account_id AND opening = a.opening AND kind <> 'settled'
                 AND ($3::timestamptz IS NULL OR told_at < $3)
               ORDER BY ended_on, kind LIMIT 1) AS e ON true
           LEFT JOIN account_end AS s
               ON s.account_id = a.account_id AND s.opening = a.opening AND s.kind = 'settled'
              AND ($3::timestamptz IS NULL OR s.told_at < $3)
           LEFT JOIN LATERAL (
               SELECT reason, until_on FROM account_hold AS held
               WHERE held.account_id = a.account_id AND held.opening = a.opening
                 AND from_on <= $2 AND coalesce(until_on, 'infinity') >= $2
                 AND ($3::timestamptz IS NULL OR held.told_at < $3)
                 AND NOT EXISTS (SELECT FROM account_hold_lifted AS l WHERE l.hold_id = held.hold_id
                                 AND ($3::timestamptz IS NULL OR l.told_at < $3))
               ORDER BY until_on DESC NULLS FIRST, reason LIMIT 1) AS h ON true
           ORDER BY a.client_ref, a.client_account_ref"#,
        ids,
        today,
        before
    )
    .fetch_all(conn)
    .await
}

pub(crate) struct StoredParty {
    pub account_id: Uuid,
    pub party_id: Uuid,
    pub position: i32,
    pub role: String,
    pub debtor_kind: String,
    pub name: String,
    pub address: Option<Json<AddressParts>>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub national_id_lookup: Option<Vec<u8>>,
}

/// The parties of the current openings of these accounts, principal debtor first.
pub(crate) async fn parties(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> sqlx::Result<Vec<StoredParty>> {
    sqlx::query_as!(
        StoredParty,
        r#"SELECT p.account_id, p.party_id, p.position, p.role, p.debtor_kind, p.name,
                  p.address AS "address: Json<AddressParts>", p.phones, p.emails, p.national_id_lookup
           FROM account_party AS p
           WHERE p.account_id = ANY ($1)
             AND p.opening = (SELECT max(opening) FROM account AS a WHERE a.account_id = p.account_id)
           ORDER BY p.account_id, p.position"#,
        ids
    )
    .fetch_all(conn)
    .await
}

/// The accounts on which these parties are liable.
pub(crate) async fn accounts_of_parties(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    let rows = sqlx::query!(
        "SELECT DISTINCT party_id, account_id FROM account_party WHERE party_id = ANY ($1)
         ORDER BY party_id, account_id",
        parties
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.party_id, row.account_id)).collect())
}
