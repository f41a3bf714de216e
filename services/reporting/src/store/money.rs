//! What was collected, what is held, and what that makes of a batch.

use duly_domain::Date;
use sqlx::{PgConnection, types::Uuid};

/// Money that counts as collected from one event on; negative for a reversal.
pub struct Collection {
    /// The event's id.
    pub event_id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    /// Of the amount.
    pub currency: &'static str,
    /// Added to what was collected.
    pub amount_minor: i64,
    /// The legal date on which it counts.
    pub collected_on: Date,
}

/// Keeps each once, whether its account is known or not.
pub async fn keep_collections(
    conn: &mut PgConnection,
    collections: &[Collection],
) -> sqlx::Result<()> {
    let (mut events, mut accounts, mut clients) = (vec![], vec![], vec![]);
    let (mut currencies, mut amounts, mut dates) = (vec![], vec![], vec![]);
    for collection in collections {
        events.push(collection.event_id);
        accounts.push(collection.account_id);
        clients.push(collection.client_id);
        currencies.push(collection.currency.to_owned());
        amounts.push(collection.amount_minor);
        dates.push(collection.collected_on);
    }
    sqlx::query!(
        "INSERT INTO collection (event_id, account_id, client_id, currency, amount_minor, collected_on)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::date[])
         ON CONFLICT (event_id) DO NOTHING",
        &events,
        &accounts,
        &clients,
        &currencies,
        &amounts,
        &dates
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A payment to the agency, from its posting or from its end.
pub struct Held {
    /// The payment's id.
    pub payment_id: Uuid,
    /// Whose account it paid.
    pub client_id: Uuid,
    /// Of the amount.
    pub currency: &'static str,
    /// Without overpayment.
    pub amount_minor: i64,
}

struct Columns {
    payments: Vec<Uuid>,
    clients: Vec<Uuid>,
    currencies: Vec<String>,
    amounts: Vec<i64>,
}

fn columns(held: &[Held]) -> Columns {
    Columns {
        payments: held.iter().map(|h| h.payment_id).collect(),
        clients: held.iter().map(|h| h.client_id).collect(),
        currencies: held.iter().map(|h| h.currency.to_owned()).collect(),
        amounts: held.iter().map(|h| h.amount_minor).collect(),
    }
}

/// Holds each payment from its posting on, unless it ended before it was heard of.
pub async fn hold(conn: &mut PgConnection, held: &[Held]) -> sqlx::Result<()> {
    let columns = columns(held);
    sqlx::query!(
        "INSERT INTO held (payment_id, client_id, currency, amount_minor, ended)
         SELECT DISTINCT ON (id) id, client, currency, amount, false
         FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) AS t (id, client, currency, amount)
         ORDER BY id
         ON CONFLICT (payment_id) DO UPDATE SET amount_minor = excluded.amount_minor",
        &columns.payments,
        &columns.clients,
        &columns.currencies,
        &columns.amounts
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the holding of each payment: it was released or reversed. Its amount is that of its posting.
pub async fn end_holding(conn: &mut PgConnection, ended: &[Held]) -> sqlx::Result<()> {
    let columns = columns(ended);
    sqlx::query!(
        "INSERT INTO held (payment_id, client_id, currency, amount_minor, ended)
         SELECT DISTINCT ON (id) id, client, currency, 0, true
         FROM UNNEST($1::uuid[], $2::uuid[], $3::text[]) AS t (id, client, currency)
         ORDER BY id
         ON CONFLICT (payment_id) DO UPDATE SET ended = true",
        &columns.payments,
        &columns.clients,
        &columns.currencies
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A client's batch in one currency, as placed.
pub struct BatchRow {
    /// Its id.
    pub batch_id: Uuid,
    /// Of the amounts.
    pub currency: String,
    /// Openings that it placed.
    pub accounts: i64,
    /// Their listed amounts together.
    pub listed_minor: i64,
}

/// A client's batches after this key, in the order of their ids.
pub async fn batches(
    conn: &mut PgConnection,
    client_id: Uuid,
    after: Option<(Uuid, String)>,
    limit: i64,
) -> sqlx::Result<Vec<BatchRow>> {
    let (batch, currency) = after.unzip();
    sqlx::query_as!(
        BatchRow,
        r#"SELECT batch_id, currency, count(*) AS "accounts!",
                  sum(listed_minor)::bigint AS "listed_minor!"
           FROM account
           WHERE client_id = $1 AND ($2::uuid IS NULL OR (batch_id, currency) > ($2, $3))
           GROUP BY batch_id, currency ORDER BY batch_id, currency LIMIT $4"#,
        client_id,
        batch,
        currency,
        limit
    )
    .fetch_all(conn)
    .await
}

/// What one batch collected in one month since placement.
pub struct MonthRow {
    /// The batch.
    pub batch_id: Uuid,
    /// Of the amount.
    pub currency: String,
    /// 0 is the month of placement.
    pub month: i32,
    /// Collected in that month alone.
    pub amount_minor: i64,
}

/// What these batches collected, by month. Money belongs to the last opening listed by its date; money
/// from before the first listing belongs to the first opening.
pub async fn months(
    conn: &mut PgConnection,
    client_id: Uuid,
    batches: &[Uuid],
) -> sqlx::Result<Vec<MonthRow>> {
    sqlx::query_as!(
        MonthRow,
        r#"SELECT opening.batch_id, opening.currency, opening.month AS "month!",
                  sum(c.amount_minor)::bigint AS "amount_minor!"
           FROM collection AS c
           CROSS JOIN LATERAL (
               SELECT a.batch_id, a.currency,
                      GREATEST(0, (extract(year FROM c.collected_on) - extract(year FROM a.listing_date)) * 12
                          + extract(month FROM c.collected_on) - extract(month FROM a.listing_date))::int
                          AS month
               FROM account AS a WHERE a.account_id = c.account_id
               ORDER BY a.listing_date <= c.collected_on DESC,
                        CASE WHEN a.listing_date <= c.collected_on THEN -a.opening ELSE a.opening END
               LIMIT 1) AS opening
           WHERE c.client_id = $1 AND opening.batch_id = ANY ($2) AND opening.currency = c.currency
           GROUP BY opening.batch_id, opening.currency, opening.month
           ORDER BY opening.batch_id, opening.currency, opening.month"#,
        client_id,
        batches
    )
    .fetch_all(conn)
    .await
}
