//! The journal: sets of entries, all of them by one statement, whose trigger proves that they balance.

use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use duly_domain::{ClientId, Currency, Date, Money, PaymentId, RemittanceId};
use duly_ledger::{EntrySet, Ledger};
use sqlx::{PgConnection, types::Uuid};

use super::code;
use crate::error::{PaymentsError, Result};

/// A set with what it is about.
pub(crate) struct Posting {
    pub id: Uuid,
    pub set: EntrySet,
    pub client: Option<ClientId>,
    pub payment: Option<PaymentId>,
    pub remittance: Option<RemittanceId>,
}

/// When and by whom sets are posted.
pub(crate) struct Stamp<'a> {
    pub on: Date,
    pub at: DateTime<Utc>,
    pub actor: &'a str,
}

/// Posts sets.
pub(crate) async fn post(
    conn: &mut PgConnection,
    postings: &[Posting],
    stamp: &Stamp<'_>,
) -> sqlx::Result<()> {
    if postings.is_empty() {
        return Ok(());
    }
    let (mut sets, mut kinds, mut clients, mut payments, mut remittances) =
        (vec![], vec![], vec![], vec![], vec![]);
    let (mut of_set, mut lines, mut ledgers, mut of_client, mut of_account) =
        (vec![], vec![], vec![], vec![], vec![]);
    let (mut currencies, mut amounts) = (vec![], vec![]);
    for posting in postings {
        sets.push(posting.id);
        kinds.push(posting.set.kind().as_str().to_owned());
        clients.push(posting.client.map(ClientId::uuid));
        payments.push(posting.payment.map(PaymentId::uuid));
        remittances.push(posting.remittance.map(RemittanceId::uuid));
        for (line, entry) in (1i32..).zip(posting.set.entries()) {
            of_set.push(posting.id);
            lines.push(line);
            ledgers.push(entry.ledger.as_str().to_owned());
            of_client.push(entry.client.map(ClientId::uuid));
            of_account.push(entry.account.map(duly_domain::AccountId::uuid));
            currencies.push(entry.money.currency().code().to_owned());
            amounts.push(entry.money.minor());
        }
    }
    sqlx::query!(
        "WITH posted AS (
             INSERT INTO entry_set (set_id, kind, client_id, payment_id, remittance_id, posted_on,
                                    posted_at, actor)
             SELECT set_id, kind, client_id, payment_id, remittance_id, $13, $14, $15
             FROM UNNEST($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[])
                 AS s (set_id, kind, client_id, payment_id, remittance_id))
         INSERT INTO entry (set_id, line, ledger, client_id, account_id, currency, amount_minor, posted_on)
         SELECT set_id, line, ledger, client_id, account_id, currency, amount_minor, $13
         FROM UNNEST($6::uuid[], $7::int[], $8::text[], $9::uuid[], $10::uuid[], $11::text[], $12::bigint[])
             AS e (set_id, line, ledger, client_id, account_id, currency, amount_minor)",
        &sets,
        &kinds,
        &clients as &[Option<Uuid>],
        &payments as &[Option<Uuid>],
        &remittances as &[Option<Uuid>],
        &of_set,
        &lines,
        &ledgers,
        &of_client as &[Option<Uuid>],
        &of_account as &[Option<Uuid>],
        &currencies,
        &amounts,
        stamp.on,
        stamp.at,
        stamp.actor
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What stands in each ledger, from the entries alone: debits less credits.
pub(crate) async fn balances(
    conn: &mut PgConnection,
) -> Result<Vec<(Currency, Vec<(Ledger, Money)>)>> {
    let rows = sqlx::query!(
        r#"SELECT currency, ledger, sum(amount_minor)::bigint AS "minor!" FROM entry
           GROUP BY currency, ledger ORDER BY currency, ledger"#
    )
    .fetch_all(conn)
    .await?;
    let mut balances: Vec<(Currency, Vec<(Ledger, Money)>)> = Vec::new();
    for row in rows {
        let corrupt = PaymentsError::Corrupt { table: "entry", id: Uuid::nil() };
        let currency = Currency::from_str(&row.currency).map_err(|_| corrupt)?;
        let ledger = code::<Ledger>("entry", Uuid::nil(), &row.ledger)?;
        let balance = (ledger, Money::new(row.minor, currency));
        match balances.last_mut() {
            Some((last, of_it)) if *last == currency => of_it.push(balance),
            _ => balances.push((currency, vec![balance])),
        }
    }
    Ok(balances)
}
