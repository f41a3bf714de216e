//! Clients, batches, accounts as placed, and their ends.

use duly_domain::Date;
use sqlx::{PgConnection, types::Uuid};

/// A client as one version of it was told.
pub struct Client {
    /// Its id.
    pub client_id: Uuid,
    /// Counts the versions; the latest stands.
    pub version: i64,
    /// The agency's short name for it.
    pub client_ref: String,
    /// Its name.
    pub name: String,
    /// Its parent, where it has one.
    pub parent_client_id: Option<Uuid>,
}

/// Keeps the latest version of each.
pub async fn keep_clients(conn: &mut PgConnection, clients: &[Client]) -> sqlx::Result<()> {
    let (mut ids, mut versions, mut refs, mut names, mut parents) =
        (vec![], vec![], vec![], vec![], vec![]);
    for client in clients {
        ids.push(client.client_id);
        versions.push(client.version);
        refs.push(client.client_ref.clone());
        names.push(client.name.clone());
        parents.push(client.parent_client_id);
    }
    sqlx::query!(
        "INSERT INTO client (client_id, version, client_ref, name, parent_client_id)
         SELECT DISTINCT ON (id) id, version, ref, name, parent
         FROM UNNEST($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::uuid[])
              AS t (id, version, ref, name, parent)
         ORDER BY id, version DESC
         ON CONFLICT (client_id) DO UPDATE
         SET version = excluded.version, client_ref = excluded.client_ref,
             name = excluded.name, parent_client_id = excluded.parent_client_id
         WHERE client.version < excluded.version",
        &ids,
        &versions,
        &refs,
        &names,
        &parents as &[Option<Uuid>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the client was heard of and may be seen.
pub async fn knows_client(conn: &mut PgConnection, client_id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM client WHERE client_id = $1) AS "known!""#,
        client_id
    )
    .fetch_one(conn)
    .await
}

/// A batch that ended.
pub struct Batch {
    /// Its id.
    pub batch_id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    /// The client's name for it.
    pub batch_key: String,
    /// Records that became accounts.
    pub accepted: i64,
    /// Records that did not.
    pub rejected: i64,
}

/// Keeps each once.
pub async fn keep_batches(conn: &mut PgConnection, batches: &[Batch]) -> sqlx::Result<()> {
    let (mut ids, mut clients, mut keys, mut accepted, mut rejected) =
        (vec![], vec![], vec![], vec![], vec![]);
    for batch in batches {
        ids.push(batch.batch_id);
        clients.push(batch.client_id);
        keys.push(batch.batch_key.clone());
        accepted.push(batch.accepted);
        rejected.push(batch.rejected);
    }
    sqlx::query!(
        "INSERT INTO batch (batch_id, client_id, batch_key, accepted, rejected)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[])
         ON CONFLICT (batch_id) DO NOTHING",
        &ids,
        &clients,
        &keys,
        &accepted,
        &rejected
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One opening of an account.
pub struct Account {
    /// Its id.
    pub account_id: Uuid,
    /// 1 at first placement, one more at each reopening.
    pub opening: i32,
    /// Whose it is.
    pub client_id: Uuid,
    /// The batch that placed it.
    pub batch_id: Uuid,
    /// The client's own reference.
    pub client_account_ref: String,
    /// Of the listed amount.
    pub currency: &'static str,
    /// The balance as placed.
    pub listed_minor: i64,
    /// When it was placed.
    pub listing_date: Date,
    /// Code of the glossary.
    pub debt_class: &'static str,
}

/// Keeps each opening once.
pub async fn keep_accounts(conn: &mut PgConnection, accounts: &[Account]) -> sqlx::Result<()> {
    let (mut ids, mut openings, mut clients, mut batches) = (vec![], vec![], vec![], vec![]);
    let (mut refs, mut currencies, mut listed, mut dates) = (vec![], vec![], vec![], vec![]);
    let mut classes = vec![];
    for account in accounts {
        ids.push(account.account_id);
        openings.push(account.opening);
        clients.push(account.client_id);
        batches.push(account.batch_id);
        refs.push(account.client_account_ref.clone());
        currencies.push(account.currency.to_owned());
        listed.push(account.listed_minor);
        dates.push(account.listing_date);
        classes.push(account.debt_class.to_owned());
    }
    sqlx::query!(
        "INSERT INTO account (account_id, opening, client_id, batch_id, client_account_ref,
                              currency, listed_minor, listing_date, debt_class)
         SELECT * FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::text[],
                              $6::text[], $7::bigint[], $8::date[], $9::text[])
         ON CONFLICT (account_id, opening) DO NOTHING",
        &ids,
        &openings,
        &clients,
        &batches,
        &refs,
        &currencies,
        &listed,
        &dates,
        &classes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One opening's end: recalled or closed.
pub struct End {
    /// The account's id.
    pub account_id: Uuid,
    /// Which opening.
    pub opening: i32,
    /// Whose it is.
    pub client_id: Uuid,
}

/// Keeps the end of each opening, whether the account is known or not.
pub async fn end_accounts(conn: &mut PgConnection, ends: &[End]) -> sqlx::Result<()> {
    let (mut ids, mut openings, mut clients) = (vec![], vec![], vec![]);
    for end in ends {
        ids.push(end.account_id);
        openings.push(end.opening);
        clients.push(end.client_id);
    }
    sqlx::query!(
        "INSERT INTO account_end (account_id, opening, client_id)
         SELECT * FROM UNNEST($1::uuid[], $2::int[], $3::uuid[])
         ON CONFLICT (account_id, opening) DO NOTHING",
        &ids,
        &openings,
        &clients
    )
    .execute(conn)
    .await?;
    Ok(())
}
