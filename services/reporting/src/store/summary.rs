//! Running sums per client and currency. Not idempotent by themselves, on purpose: each frame is
//! recorded once, so each event adds once.

use duly_domain::Money;
use sqlx::{PgConnection, types::Uuid};

/// What one event adds to its client's sums.
#[derive(Debug, Clone, Copy)]
pub struct Delta {
    /// The client.
    pub client_id: Uuid,
    /// Of all amounts.
    pub currency: &'static str,
    /// Openings placed.
    pub placed: i64,
    /// Their listed amounts.
    pub listed: i64,
    /// Corrections of balances.
    pub adjusted: i64,
    /// Released receipts of the agency, less reversals.
    pub collected: i64,
    /// The same of the client.
    pub direct: i64,
    /// Commission on both.
    pub commission: i64,
    /// Paid out to the client.
    pub remitted: i64,
}

impl Delta {
    /// One that adds nothing yet.
    pub fn of(client_id: Uuid, amount: Money) -> Self {
        let currency = amount.currency().code();
        let (placed, listed, adjusted, collected) = (0, 0, 0, 0);
        let (direct, commission, remitted) = (0, 0, 0);
        Self {
            client_id,
            currency,
            placed,
            listed,
            adjusted,
            collected,
            direct,
            commission,
            remitted,
        }
    }
}

/// Adds all of them.
pub async fn add(conn: &mut PgConnection, deltas: &[Delta]) -> sqlx::Result<()> {
    let column = |of: fn(&Delta) -> i64| deltas.iter().map(of).collect::<Vec<i64>>();
    let clients: Vec<Uuid> = deltas.iter().map(|d| d.client_id).collect();
    let currencies: Vec<String> = deltas.iter().map(|d| d.currency.to_owned()).collect();
    // Sorted, so that two transactions lock the rows in one order.
    sqlx::query!(
        "INSERT INTO client_summary AS s (client_id, currency, accounts_placed, listed_minor,
             adjusted_minor, collected_minor, direct_minor, commission_minor, remitted_minor)
         SELECT client, currency, sum(placed), sum(listed), sum(adjusted), sum(collected),
                sum(direct), sum(commission), sum(remitted)
         FROM UNNEST($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                     $7::bigint[], $8::bigint[], $9::bigint[])
              AS t (client, currency, placed, listed, adjusted, collected, direct, commission, remitted)
         GROUP BY client, currency ORDER BY client, currency
         ON CONFLICT (client_id, currency) DO UPDATE
         SET accounts_placed = s.accounts_placed + excluded.accounts_placed,
             listed_minor = s.listed_minor + excluded.listed_minor,
             adjusted_minor = s.adjusted_minor + excluded.adjusted_minor,
             collected_minor = s.collected_minor + excluded.collected_minor,
             direct_minor = s.direct_minor + excluded.direct_minor,
             commission_minor = s.commission_minor + excluded.commission_minor,
             remitted_minor = s.remitted_minor + excluded.remitted_minor",
        &clients,
        &currencies,
        &column(|d| d.placed),
        &column(|d| d.listed),
        &column(|d| d.adjusted),
        &column(|d| d.collected),
        &column(|d| d.direct),
        &column(|d| d.commission),
        &column(|d| d.remitted)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A client's sums in one currency, with what is open and held now.
pub struct Summary {
    /// The agency's short name for the client; empty while only its money was heard of.
    pub client_ref: String,
    /// Of all amounts.
    pub currency: String,
    /// Openings placed.
    pub accounts_placed: i64,
    /// Accounts whose last opening has not ended.
    pub accounts_open: i64,
    /// Listed amounts.
    pub listed_minor: i64,
    /// Corrections.
    pub adjusted_minor: i64,
    /// Collected by the agency.
    pub collected_minor: i64,
    /// Collected by the client.
    pub direct_minor: i64,
    /// Commission.
    pub commission_minor: i64,
    /// Remitted.
    pub remitted_minor: i64,
    /// Posted, not yet released.
    pub held_minor: i64,
}

/// A client's sums, by currency.
pub async fn of_client(conn: &mut PgConnection, client_id: Uuid) -> sqlx::Result<Vec<Summary>> {
    sqlx::query_as!(
        Summary,
        r#"SELECT coalesce(c.client_ref, '') AS "client_ref!", s.currency, s.accounts_placed,
                  (SELECT count(*) FROM (
                       SELECT DISTINCT ON (account_id) account_id, opening, currency FROM account
                       WHERE client_id = $1 ORDER BY account_id, opening DESC) AS last
                   WHERE last.currency = s.currency AND NOT EXISTS (
                       SELECT FROM account_end AS e
                       WHERE e.account_id = last.account_id AND e.opening = last.opening)
                  ) AS "accounts_open!",
                  s.listed_minor, s.adjusted_minor, s.collected_minor, s.direct_minor,
                  s.commission_minor, s.remitted_minor,
                  (SELECT coalesce(sum(amount_minor), 0)::bigint FROM held AS h
                   WHERE h.client_id = $1 AND h.currency = s.currency AND NOT h.ended
                  ) AS "held_minor!"
           FROM client_summary AS s LEFT JOIN client AS c USING (client_id)
           WHERE s.client_id = $1 ORDER BY s.currency"#,
        client_id
    )
    .fetch_all(conn)
    .await
}
