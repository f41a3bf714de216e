//! Persons, which parties they are, and the locks: on accounts that are being placed, on keys that link
//! parties, and on persons, always in this order and each kind in the order of its keys.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use duly_platform::fault;
use sqlx::{PgConnection, types::Uuid};

/// Advisory locks per kind: a set of placements takes no more than these, however large it is.
const SLOTS: u8 = 255;

fn slots(bytes: impl Iterator<Item = u8>) -> Vec<i32> {
    let slots: BTreeSet<i32> = bytes.map(|byte| i32::from(byte % SLOTS)).collect();
    slots.into_iter().collect()
}

/// Waits for whoever is placing one of these accounts, and lets no other place it until the commit. So
/// a fact about an account whose parties are not known yet is either seen by the placement or sees it.
pub(crate) async fn lock_accounts(
    conn: &mut PgConnection,
    schema: &str,
    accounts: &[Uuid],
) -> sqlx::Result<()> {
    let slots = slots(accounts.iter().map(|account| account.as_bytes()[15]));
    sqlx::query!(
        r#"SELECT pg_advisory_xact_lock_shared(hashtextextended($1 || ' account ' || slot, 0))
               AS "locked: ()"
           FROM UNNEST($2::int[]) AS s (slot)"#,
        schema,
        &slots
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// Lets no other tell a fact about these accounts until the commit: they are being placed.
pub(crate) async fn lock_placing(
    conn: &mut PgConnection,
    schema: &str,
    accounts: &[Uuid],
) -> sqlx::Result<()> {
    let slots = slots(accounts.iter().map(|account| account.as_bytes()[15]));
    sqlx::query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended($1 || ' account ' || slot, 0))
               AS "locked: ()"
           FROM UNNEST($2::int[]) AS s (slot)"#,
        schema,
        &slots
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// Lets no other link parties by one of these keys until the commit.
pub(crate) async fn lock_keys(
    conn: &mut PgConnection,
    schema: &str,
    lookups: &[Vec<u8>],
) -> sqlx::Result<()> {
    let slots = slots(lookups.iter().filter_map(|lookup| lookup.first().copied()));
    sqlx::query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended($1 || ' key ' || slot, 0)) AS "locked: ()"
           FROM UNNEST($2::int[]) AS s (slot)"#,
        schema,
        &slots
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// Which person each of these parties is. A party that is not known is absent.
pub(crate) async fn of_parties(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> sqlx::Result<BTreeMap<Uuid, Uuid>> {
    let rows = sqlx::query!(
        "SELECT party_id, person_id FROM person_party WHERE party_id = ANY ($1)",
        parties
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.party_id, row.person_id)).collect())
}

/// Locks the persons of these parties until the commit, in the order of their ids, and answers which
/// person each party is under that lock: two persons may have become one while we waited. The fault
/// `no_person_lock` only answers.
pub(crate) async fn lock(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> sqlx::Result<BTreeMap<Uuid, Uuid>> {
    let mut locked: BTreeSet<Uuid> = BTreeSet::new();
    loop {
        let who = of_parties(&mut *conn, parties).await?;
        let wanting: BTreeSet<Uuid> =
            who.values().copied().filter(|person| !locked.contains(person)).collect();
        if wanting.is_empty() || fault::planted("no_person_lock") {
            return Ok(who);
        }
        let persons: Vec<Uuid> = wanting.iter().copied().collect();
        sqlx::query!(
            "SELECT person_id FROM person WHERE person_id = ANY ($1)
             ORDER BY person_id FOR NO KEY UPDATE",
            &persons
        )
        .fetch_all(&mut *conn)
        .await?;
        locked.extend(wanting);
    }
}

/// The parties that each of these persons is.
pub(crate) async fn parties(
    conn: &mut PgConnection,
    persons: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    let rows = sqlx::query!(
        "SELECT person_id, party_id FROM person_party WHERE person_id = ANY ($1)
         ORDER BY person_id, party_id",
        persons
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.person_id, row.party_id)).collect())
}

/// Every party of the persons that these parties are, these included. Unknown ones stand for themselves.
pub(crate) async fn with_kin(conn: &mut PgConnection, parties: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    let kin = sqlx::query_scalar!(
        "SELECT DISTINCT o.party_id FROM person_party AS p JOIN person_party AS o USING (person_id)
         WHERE p.party_id = ANY ($1)",
        parties
    )
    .fetch_all(conn)
    .await?;
    let all: BTreeSet<Uuid> = kin.into_iter().chain(parties.iter().copied()).collect();
    Ok(all.into_iter().collect())
}

/// A key of a party.
pub(crate) struct Key {
    pub lookup: Vec<u8>,
    pub party: Uuid,
    pub client: Uuid,
}

/// Keeps keys, each once.
pub(crate) async fn keep_keys(conn: &mut PgConnection, keys: &[Key]) -> sqlx::Result<()> {
    let lookups: Vec<Vec<u8>> = keys.iter().map(|key| key.lookup.clone()).collect();
    let parties: Vec<Uuid> = keys.iter().map(|key| key.party).collect();
    let clients: Vec<Uuid> = keys.iter().map(|key| key.client).collect();
    sqlx::query!(
        "INSERT INTO link_key (lookup, party_id, client_id)
         SELECT lookup, party_id, client_id
         FROM UNNEST($1::bytea[], $2::uuid[], $3::uuid[]) AS k (lookup, party_id, client_id)
         ON CONFLICT DO NOTHING",
        &lookups,
        &parties,
        &clients
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The keys of a party.
pub(crate) async fn keys_of(conn: &mut PgConnection, party: Uuid) -> sqlx::Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!("SELECT lookup FROM link_key WHERE party_id = $1", party)
        .fetch_all(conn)
        .await
}

/// Every party that one of these keys links.
pub(crate) async fn sharing(
    conn: &mut PgConnection,
    lookups: &[Vec<u8>],
) -> sqlx::Result<Vec<(Vec<u8>, Uuid)>> {
    let rows = sqlx::query!(
        "SELECT k.lookup, k.party_id FROM link_key AS k
         WHERE k.lookup = ANY ($1)
           AND NOT EXISTS (SELECT FROM link_apart AS l
                           WHERE l.lookup = k.lookup AND l.party_id = k.party_id)
         ORDER BY k.lookup, k.party_id",
        lookups
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.lookup, row.party_id)).collect())
}

/// Makes persons.
pub(crate) async fn insert(conn: &mut PgConnection, persons: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!("INSERT INTO person (person_id) SELECT * FROM UNNEST($1::uuid[])", persons)
        .execute(conn)
        .await?;
    Ok(())
}

/// A party and the person that it is.
pub(crate) struct Belongs {
    pub party: Uuid,
    pub client: Uuid,
    pub person: Uuid,
}

/// Says of new parties which persons they are.
pub(crate) async fn insert_parties(conn: &mut PgConnection, rows: &[Belongs]) -> sqlx::Result<()> {
    let parties: Vec<Uuid> = rows.iter().map(|row| row.party).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client).collect();
    let persons: Vec<Uuid> = rows.iter().map(|row| row.person).collect();
    sqlx::query!(
        "INSERT INTO person_party (party_id, client_id, person_id)
         SELECT party_id, client_id, person_id
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[]) AS p (party_id, client_id, person_id)",
        &parties,
        &clients,
        &persons
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes persons one: every party of the first is from now on the second.
pub(crate) async fn merge(conn: &mut PgConnection, from_to: &[(Uuid, Uuid)]) -> sqlx::Result<()> {
    let (from, to): (Vec<Uuid>, Vec<Uuid>) = from_to.iter().copied().unzip();
    sqlx::query!(
        "UPDATE person_party SET person_id = m.winner
         FROM UNNEST($1::uuid[], $2::uuid[]) AS m (loser, winner)
         WHERE person_party.person_id = m.loser",
        &from,
        &to
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes a party a person of its own, and lets the keys that it shares with others link it no more.
pub(crate) async fn set_apart(
    conn: &mut PgConnection,
    party: Uuid,
    person: Uuid,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO link_apart (lookup, party_id, client_id)
         SELECT k.lookup, k.party_id, k.client_id FROM link_key AS k
         WHERE k.party_id = $1
           AND EXISTS (SELECT FROM link_key AS o WHERE o.lookup = k.lookup AND o.party_id <> $1)
         ON CONFLICT DO NOTHING",
        party
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("UPDATE person_party SET person_id = $2 WHERE party_id = $1", party, person)
        .execute(conn)
        .await?;
    Ok(())
}

/// What somebody said about who is one person.
pub(crate) struct Change {
    pub id: Uuid,
    pub kind: &'static str,
    pub party: Uuid,
    pub other: Option<Uuid>,
    pub reason: String,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// Keeps it.
pub(crate) async fn keep_change(conn: &mut PgConnection, change: &Change) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO person_change (change_id, kind, party_id, other_id, reason, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        change.id,
        change.kind,
        change.party,
        change.other,
        change.reason,
        change.by,
        change.at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The client of a party, where the caller may see it.
pub(crate) async fn client_of(conn: &mut PgConnection, party: Uuid) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("SELECT client_id FROM person_party WHERE party_id = $1", party)
        .fetch_optional(conn)
        .await
}

/// A party that is known by a number or address.
pub(crate) struct Owner {
    pub party: Uuid,
    pub client: Uuid,
    pub person: Uuid,
    /// The account of its person, where that owes no other.
    pub only_account: Option<Uuid>,
}

/// Who is known by a number or address that is not somebody else's, first by the clients' references.
pub(crate) async fn owners(conn: &mut PgConnection, address: &str) -> sqlx::Result<Vec<Owner>> {
    sqlx::query_as!(
        Owner,
        r#"SELECT t.party_id AS party, t.client_id AS client, pp.person_id AS person,
                  (SELECT CASE WHEN count(DISTINCT owed.account_id) = 1
                               THEN (array_agg(owed.account_id))[1] END
                   FROM person_party AS kin JOIN account_party AS owed USING (party_id)
                   WHERE kin.person_id = pp.person_id) AS only_account
           FROM contact_point AS t
           JOIN person_party AS pp USING (party_id)
           LEFT JOIN account AS a ON a.account_id = t.account_id AND a.opening = 1
           LEFT JOIN account_party AS p
             ON p.account_id = t.account_id AND p.opening = 1 AND p.party_id = t.party_id
           WHERE t.value = $1 AND t.kind <> 'address' AND t.bad_reason IS DISTINCT FROM 'wrong_number'
           ORDER BY a.client_ref, a.client_account_ref, p.position, t.party_id"#,
        address
    )
    .fetch_all(conn)
    .await
}

/// Whoever owes one of these accounts, in any of its openings.
pub(crate) async fn of_accounts(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "SELECT DISTINCT party_id FROM account_party WHERE account_id = ANY ($1)",
        accounts
    )
    .fetch_all(conn)
    .await
}

/// The account at which a party was stated, the first by its reference.
pub(crate) async fn account_of(conn: &mut PgConnection, party: Uuid) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "SELECT p.account_id FROM account_party AS p JOIN account AS a USING (account_id, opening)
         WHERE p.party_id = $1 ORDER BY a.client_account_ref, a.account_id LIMIT 1",
        party
    )
    .fetch_optional(conn)
    .await
}

/// Every account that a party's person owes.
pub(crate) async fn accounts_of(conn: &mut PgConnection, party: Uuid) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "SELECT DISTINCT owes.account_id
         FROM person_party AS p
         JOIN person_party AS kin USING (person_id)
         JOIN account_party AS owes ON owes.party_id = kin.party_id
         WHERE p.party_id = $1 ORDER BY owes.account_id",
        party
    )
    .fetch_all(conn)
    .await
}
