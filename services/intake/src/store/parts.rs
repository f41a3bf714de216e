//! What hangs on an account: claim items, liable parties, contact persons, known facts. Each table is
//! written by one statement for a whole chunk.

use duly_domain::{
    AccountId, Address, ClientId, Date, DebtorKind, Email, Id, PartyId, PartyRole, Phone, id,
};
use prost::Message;
use sqlx::{PgConnection, types::Uuid};

use super::account::{Placing, count};
use super::code;
use crate::claim::Item;

/// Elements of a list of each claim, with account, opening and position.
fn spread<'a, T>(
    placings: &'a [Placing<'a>],
    list: impl Fn(&'a Placing<'a>) -> &'a [T],
) -> (Vec<Uuid>, Vec<i32>, Vec<i32>, Vec<&'a T>) {
    let (mut ids, mut openings, mut positions, mut elements) = (vec![], vec![], vec![], vec![]);
    for placing in placings {
        for (position, element) in list(placing).iter().enumerate() {
            ids.push(placing.id.uuid());
            openings.push(placing.opening);
            positions.push(count(position));
            elements.push(element);
        }
    }
    (ids, openings, positions, elements)
}

pub async fn insert_items(
    conn: &mut PgConnection,
    client: ClientId,
    placings: &[Placing<'_>],
) -> sqlx::Result<()> {
    let (ids, openings, positions, items) = spread(placings, |p| &p.claim.items);
    if ids.is_empty() {
        return Ok(());
    }
    fn column<'a, T>(items: &[&'a Item], of: impl Fn(&'a Item) -> T) -> Vec<T> {
        items.iter().map(|item| of(item)).collect()
    }
    sqlx::query!(
        "INSERT INTO claim_item (account_id, opening, number, client_id, position, kind, item_date,
             due_date, original_minor, open_minor, disputed_minor, purchase_order,
             debtor_invoice_key)
         SELECT t.id, t.opening, t.number, $1, t.position, t.kind, t.item_date, t.due_date,
                t.original, t.open, t.disputed, t.purchase_order, t.key
         FROM UNNEST($2::uuid[], $3::int[], $4::int[], $5::text[], $6::text[], $7::date[], $8::date[],
                     $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::bigint[])
              AS t (id, opening, position, number, kind, item_date, due_date, original, open,
                    disputed, purchase_order, key)",
        client.uuid(),
        &ids,
        &openings,
        &positions,
        &column(&items, |i| i.number.as_str()) as &[&str],
        &column(&items, |i| i.kind.as_str()) as &[&str],
        &column(&items, |i| i.item_date) as &[Option<Date>],
        &column(&items, |i| i.due_date) as &[Option<Date>],
        &column(&items, |i| i.original_minor) as &[Option<i64>],
        &column(&items, |i| i.open_minor),
        &column(&items, |i| i.disputed_minor) as &[Option<i64>],
        &column(&items, |i| i.purchase_order.as_str()) as &[&str],
        &column(&items, |i| i.debtor_invoice_key)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which of these claims have an item that another client placed against the same debtor. Each look-up
/// stops at its first hit; written as a lateral join, because a plan made while the table was small
/// must not read all of it later.
pub async fn listed_elsewhere(
    conn: &mut PgConnection,
    client: ClientId,
    placings: &[Placing<'_>],
) -> sqlx::Result<Vec<usize>> {
    let (mut keys, mut positions) = (Vec::new(), Vec::new());
    for placing in placings {
        keys.extend(placing.claim.items.iter().map(|item| item.debtor_invoice_key));
        positions.resize(keys.len(), count(placing.position));
    }
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let found = sqlx::query_scalar!(
        r#"SELECT DISTINCT t.position AS "position!"
           FROM UNNEST($1::bigint[], $2::int[]) AS t (key, position)
           CROSS JOIN LATERAL (
               SELECT FROM claim_item AS c
               WHERE c.debtor_invoice_key = t.key AND c.client_id <> $3 LIMIT 1
           ) AS other"#,
        &keys,
        &positions,
        client.uuid()
    )
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().filter_map(|position| usize::try_from(position).ok()).collect())
}

/// Whether the claim of this opening has an item of this number.
pub async fn has_item(
    conn: &mut PgConnection,
    account: AccountId,
    opening: i32,
    number: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM claim_item
                          WHERE account_id = $1 AND opening = $2 AND number = $3) AS "found!""#,
        account.uuid(),
        opening,
        number
    )
    .fetch_one(conn)
    .await
}

/// What is left of these claim items after the client's corrections of them, above zero, in the order
/// of the claim.
pub async fn left_on_items(
    conn: &mut PgConnection,
    account: AccountId,
    opening: i32,
    numbers: &[String],
) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"SELECT number, left_minor AS "left_minor!" FROM (
               SELECT i.number, i.position, i.open_minor + coalesce((
                          SELECT sum(j.amount_minor)::bigint FROM adjustment AS j
                          WHERE j.account_id = $1 AND j.opening = $2 AND j.item_number = i.number
                      ), 0) AS left_minor
               FROM claim_item AS i
               WHERE i.account_id = $1 AND i.opening = $2 AND i.number = ANY ($3)) AS items
           WHERE left_minor > 0 ORDER BY position"#,
        account.uuid(),
        opening,
        numbers
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.number, row.left_minor)).collect())
}

/// Inserts the parties, whose ids are given in the order of claims and parties.
pub async fn insert_parties(
    conn: &mut PgConnection,
    client: ClientId,
    placings: &[Placing<'_>],
    party_ids: &[Uuid],
) -> sqlx::Result<()> {
    let (ids, openings, positions, parties) = spread(placings, |p| &p.claim.parties);
    let (mut roles, mut kinds, mut names) = (vec![], vec![], vec![]);
    let (mut lines, mut cities, mut regions) = (vec![], vec![], vec![]);
    let (mut postal_codes, mut countries, mut phones, mut emails) =
        (vec![], vec![], vec![], vec![]);
    let (mut national_ids, mut birth_dates) = (vec![], vec![]);
    for party in &parties {
        let address = party.address.as_ref();
        roles.push(party.role.as_str());
        kinds.push(party.debtor_kind.as_str());
        names.push(party.name.expose().as_str());
        // Arrays of arrays do not unnest: lines, numbers and mail addresses travel as one text each.
        // Lines have no control characters, the others no spaces.
        lines.push(address.map(|a| a.lines().join("\n")).unwrap_or_default());
        cities.push(address.map_or("", Address::city));
        regions.push(address.map_or("", Address::region));
        postal_codes.push(address.map_or("", Address::postal_code));
        countries.push(address.map(|a| a.country().code().to_owned()).unwrap_or_default());
        phones.push(party.phones.iter().map(Phone::as_str).collect::<Vec<_>>().join(" "));
        emails.push(party.emails.iter().map(Email::as_str).collect::<Vec<_>>().join(" "));
        national_ids.push(party.national_id.as_ref().map(Message::encode_to_vec));
        birth_dates.push(party.birth_date.as_ref().map(Message::encode_to_vec));
    }
    sqlx::query!(
        r"INSERT INTO liable_party (account_id, opening, position, client_id, party_id, role,
              debtor_kind, name, address_lines, city, region, postal_code, country, phones, emails,
              sealed_national_id, sealed_birth_date)
          SELECT t.id, t.opening, t.position, $1, t.party, t.role, t.kind, t.name,
                 string_to_array(t.lines, E'\n'), t.city, t.region, t.postal_code, t.country,
                 string_to_array(t.phones, ' '), string_to_array(t.emails, ' '), t.national_id,
                 t.birth_date
          FROM UNNEST($2::uuid[], $3::int[], $4::int[], $5::uuid[], $6::text[], $7::text[],
                      $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
                      $14::text[], $15::text[], $16::bytea[], $17::bytea[])
               AS t (id, opening, position, party, role, kind, name, lines, city, region,
                     postal_code, country, phones, emails, national_id, birth_date)",
        client.uuid(),
        &ids,
        &openings,
        &positions,
        party_ids,
        &roles as &[&str],
        &kinds as &[&str],
        &names as &[&str],
        &lines,
        &cities as &[&str],
        &regions as &[&str],
        &postal_codes as &[&str],
        &countries,
        &phones,
        &emails,
        &national_ids as &[Option<Vec<u8>>],
        &birth_dates as &[Option<Vec<u8>>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Inserts the contact persons, whose ids are given in the order of claims and persons.
pub async fn insert_persons(
    conn: &mut PgConnection,
    client: ClientId,
    placings: &[Placing<'_>],
    person_ids: &[Uuid],
) -> sqlx::Result<()> {
    let (ids, openings, positions, persons) = spread(placings, |p| &p.claim.persons);
    if ids.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = persons.iter().map(|p| p.name.expose().as_str()).collect();
    let titles: Vec<&str> = persons.iter().map(|p| p.title.as_str()).collect();
    let phones: Vec<&str> =
        persons.iter().map(|p| p.phone.as_ref().map_or("", Phone::as_str)).collect();
    let emails: Vec<&str> =
        persons.iter().map(|p| p.email.as_ref().map_or("", Email::as_str)).collect();
    sqlx::query!(
        "INSERT INTO contact_person (account_id, opening, position, client_id, contact_person_id,
             name, title, phone, email)
         SELECT t.id, t.opening, t.position, $1, t.person, t.name, t.title, t.phone, t.email
         FROM UNNEST($2::uuid[], $3::int[], $4::int[], $5::uuid[], $6::text[], $7::text[],
                     $8::text[], $9::text[])
              AS t (id, opening, position, person, name, title, phone, email)",
        client.uuid(),
        &ids,
        &openings,
        &positions,
        person_ids,
        &names as &[&str],
        &titles as &[&str],
        &phones as &[&str],
        &emails as &[&str]
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_facts(
    conn: &mut PgConnection,
    client: ClientId,
    placings: &[Placing<'_>],
) -> sqlx::Result<()> {
    let (ids, openings, positions, facts) = spread(placings, |p| &p.claim.facts);
    if ids.is_empty() {
        return Ok(());
    }
    let kinds: Vec<&str> = facts.iter().map(|f| f.kind.as_str()).collect();
    let parties: Vec<Option<i32>> = facts.iter().map(|f| f.party).collect();
    let since: Vec<Option<Date>> = facts.iter().map(|f| f.since).collect();
    let details: Vec<&str> = facts.iter().map(|f| f.detail.expose().as_str()).collect();
    sqlx::query!(
        "INSERT INTO known_fact (account_id, opening, position, client_id, kind, party_position,
             since, detail)
         SELECT t.id, t.opening, t.position, $1, t.kind, t.party, t.since, t.detail
         FROM UNNEST($2::uuid[], $3::int[], $4::int[], $5::text[], $6::int[], $7::date[], $8::text[])
              AS t (id, opening, position, kind, party, since, detail)",
        client.uuid(),
        &ids,
        &openings,
        &positions,
        &kinds as &[&str],
        &parties as &[Option<i32>],
        &since as &[Option<Date>],
        &details as &[&str]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A party as a reader sees it: without what is sealed.
#[derive(Debug)]
pub struct PartyRow {
    pub id: PartyId,
    pub role: PartyRole,
    pub debtor_kind: DebtorKind,
    pub name: String,
    pub address_lines: Vec<String>,
    pub city: String,
    pub region: String,
    pub postal_code: String,
    /// Empty where no usable address was given.
    pub country: String,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
}

/// The parties of one opening of an account, in their order.
pub async fn parties(
    conn: &mut PgConnection,
    account: AccountId,
    opening: i32,
) -> sqlx::Result<Vec<PartyRow>> {
    let rows = sqlx::query!(
        "SELECT party_id, role, debtor_kind, name, address_lines, city, region, postal_code, country,
                phones, emails
         FROM liable_party WHERE account_id = $1 AND opening = $2 ORDER BY position",
        account.uuid(),
        opening
    )
    .fetch_all(conn)
    .await?;
    let table = "liable_party";
    rows.into_iter()
        .map(|row| {
            Ok(PartyRow {
                id: Id::<id::Party>::from_uuid(row.party_id),
                role: code(table, "role", &row.role)?,
                debtor_kind: code(table, "debtor_kind", &row.debtor_kind)?,
                name: row.name,
                address_lines: row.address_lines,
                city: row.city,
                region: row.region,
                postal_code: row.postal_code,
                country: row.country,
                phones: row.phones,
                emails: row.emails,
            })
        })
        .collect()
}
