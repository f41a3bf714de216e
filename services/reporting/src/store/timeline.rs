//! What happened to each account.

use chrono::{DateTime, Utc};
use duly_domain::Money;
use sqlx::{PgConnection, types::Uuid};

/// One event in an account's history.
pub struct Entry {
    /// The event's id.
    pub event_id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    /// Business time.
    pub occurred_at: DateTime<Utc>,
    /// `<service>.<kind>`.
    pub kind: &'static str,
    /// Who did it.
    pub actor: String,
    /// In plain words.
    pub summary: String,
    /// The amount concerned, where there is one.
    pub amount: Option<Money>,
}

/// Keeps each once, and when the latest of each account happened.
pub async fn keep(conn: &mut PgConnection, entries: &[Entry]) -> sqlx::Result<()> {
    let (mut events, mut accounts, mut clients, mut times) = (vec![], vec![], vec![], vec![]);
    let (mut kinds, mut actors, mut summaries) = (vec![], vec![], vec![]);
    let (mut amounts, mut currencies) = (vec![], vec![]);
    for entry in entries {
        events.push(entry.event_id);
        accounts.push(entry.account_id);
        clients.push(entry.client_id);
        times.push(entry.occurred_at);
        kinds.push(entry.kind.to_owned());
        actors.push(entry.actor.clone());
        summaries.push(entry.summary.clone());
        amounts.push(entry.amount.map(Money::minor));
        currencies.push(entry.amount.map(|amount| amount.currency().code().to_owned()));
    }
    sqlx::query!(
        "INSERT INTO timeline (event_id, account_id, client_id, occurred_at, kind, actor, summary,
                               amount_minor, currency)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[],
                              $6::text[], $7::text[], $8::bigint[], $9::text[])
         ON CONFLICT (event_id) DO NOTHING",
        &events,
        &accounts,
        &clients,
        &times,
        &kinds,
        &actors,
        &summaries,
        &amounts as &[Option<i64>],
        &currencies as &[Option<String>]
    )
    .execute(&mut *conn)
    .await?;
    // Sorted, so that two transactions lock the rows in one order.
    sqlx::query!(
        "INSERT INTO account_change AS c (account_id, client_id, changed_at)
         SELECT account, client, max(at)
         FROM UNNEST($1::uuid[], $2::uuid[], $3::timestamptz[]) AS t (account, client, at)
         GROUP BY account, client ORDER BY account
         ON CONFLICT (account_id) DO UPDATE SET changed_at = excluded.changed_at
         WHERE c.changed_at < excluded.changed_at",
        &accounts,
        &clients,
        &times
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One row as it is read.
pub struct Row {
    /// The event's id.
    pub event_id: Uuid,
    /// Business time.
    pub occurred_at: DateTime<Utc>,
    /// `<service>.<kind>`.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// In plain words.
    pub summary: String,
    /// The amount concerned, where there is one.
    pub amount_minor: Option<i64>,
    /// Of the amount.
    pub currency: Option<String>,
}

/// An account's history after this key, oldest first.
pub async fn of_account(
    conn: &mut PgConnection,
    account_id: Uuid,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    let (at, event) = after.unzip();
    sqlx::query_as!(
        Row,
        "SELECT event_id, occurred_at, kind, actor, summary, amount_minor, currency
         FROM timeline
         WHERE account_id = $1
           AND ($2::timestamptz IS NULL OR (occurred_at, event_id) > ($2, $3))
         ORDER BY occurred_at, event_id LIMIT $4",
        account_id,
        at,
        event,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Whether anything of the account was heard of and may be seen.
pub async fn knows_account(conn: &mut PgConnection, account_id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM timeline WHERE account_id = $1) AS "known!""#,
        account_id
    )
    .fetch_one(conn)
    .await
}
