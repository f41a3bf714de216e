//! Persons, which parties they are, and the locks: on accounts that are being placed, on keys that link
//! parties, and on persons, always in this order and each kind in the order of its keys.

use std::collections::{BTreeMap, BTreeSet};

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

/// Every party that has one of these keys.
pub(crate) async fn sharing(
    conn: &mut PgConnection,
    lookups: &[Vec<u8>],
) -> sqlx::Result<Vec<(Vec<u8>, Uuid)>> {
    let rows = sqlx::query!(
        "SELECT lookup, party_id FROM link_key WHERE lookup = ANY ($1) ORDER BY lookup, party_id",
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

/// The client of a party, where the caller may see it.
pub(crate) async fn client_of(conn: &mut PgConnection, party: Uuid) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("SELECT client_id FROM person_party WHERE party_id = $1", party)
        .fetch_optional(conn)
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
