//! Accounts: placed in sets, read and corrected one by one.

mod read;

use chrono::{DateTime, Utc};
use duly_domain::{
    AccountId, BatchId, ClaimKind, ClientId, CloseCode, CreditorKind, Currency, Date, Lifecycle,
};
use sqlx::{PgConnection, types::Uuid};

pub use read::{Account, Between, by_id, by_ref, lock, lock_all, of_batch, ordered};

use super::code;
use crate::claim::Claim;

/// A claim and the account that it becomes.
#[derive(Clone, Copy)]
pub struct Placing<'a> {
    pub id: AccountId,
    pub opening: i32,
    pub version: i64,
    /// Position of the record in its chunk.
    pub position: usize,
    pub reference: &'a str,
    pub claim: &'a Claim,
}

/// An account that stands under a reference that is placed again.
#[derive(Debug)]
pub struct Standing {
    pub id: AccountId,
    pub reference: String,
    pub batch: BatchId,
    pub opening: i32,
    pub version: i64,
    pub lifecycle: Lifecycle,
    pub currency: Currency,
}

/// Columns of a set of placings, as both statements take them.
struct Columns<'a> {
    id: Vec<Uuid>,
    opening: Vec<i32>,
    version: Vec<i64>,
    reference: Vec<&'a str>,
    debt_class: Vec<&'a str>,
    service_kind: Vec<&'a str>,
    listed: Vec<i64>,
    age_from: Vec<Option<Date>>,
    items: Vec<i32>,
    original_creditor: Vec<&'a str>,
    current_creditor: Vec<&'a str>,
    creditor_kind: Vec<Option<&'a str>>,
    claim_kind: Vec<Option<&'a str>>,
}

impl<'a> Columns<'a> {
    fn of(placings: &[Placing<'a>]) -> Self {
        fn column<'a, T>(placings: &[Placing<'a>], of: impl Fn(&Placing<'a>) -> T) -> Vec<T> {
            placings.iter().map(of).collect()
        }
        Self {
            id: column(placings, |p| p.id.uuid()),
            opening: column(placings, |p| p.opening),
            version: column(placings, |p| p.version),
            reference: column(placings, |p| p.reference),
            debt_class: column(placings, |p| p.claim.debt_class.as_str()),
            service_kind: column(placings, |p| p.claim.service_kind.as_str()),
            listed: column(placings, |p| p.claim.amount.minor()),
            age_from: column(placings, |p| p.claim.age_from),
            items: column(placings, |p| count(p.claim.items.len())),
            original_creditor: column(placings, |p| p.claim.original_creditor.as_str()),
            current_creditor: column(placings, |p| p.claim.current_creditor.as_str()),
            creditor_kind: column(placings, |p| p.claim.creditor_kind.map(CreditorKind::as_str)),
            claim_kind: column(placings, |p| p.claim.kind.map(ClaimKind::as_str)),
        }
    }
}

/// A number of elements of one message, which is far below two thousand million.
pub fn count(elements: usize) -> i32 {
    i32::try_from(elements).expect("a message has fewer than 2^31 elements")
}

/// Inserts those whose reference is free, and answers how many that were. `placings` stand in the order
/// of their references, so that two batches wait for one another in one order.
pub async fn insert(
    conn: &mut PgConnection,
    client: ClientId,
    batch: &super::batch::Batch,
    placings: &[Placing<'_>],
) -> sqlx::Result<usize> {
    let c = Columns::of(placings);
    let done = sqlx::query!(
        "INSERT INTO account (account_id, client_id, client_account_ref, batch_id, debt_class,
             service_kind, currency, listed_minor, listing_date, age_from, claim_items,
             original_creditor, current_creditor, creditor_kind, claim_kind)
         SELECT t.id, $1, t.reference, $2, t.debt_class, t.service_kind, $3, t.listed, $4,
                t.age_from, t.items, t.original_creditor, t.current_creditor, t.creditor_kind,
                t.claim_kind
         FROM UNNEST($5::uuid[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::date[],
                     $11::int[], $12::text[], $13::text[], $14::text[], $15::text[])
              AS t (id, reference, debt_class, service_kind, listed, age_from, items,
                    original_creditor, current_creditor, creditor_kind, claim_kind)
         ON CONFLICT (client_id, client_account_ref) DO NOTHING",
        client.uuid(),
        batch.id.uuid(),
        batch.currency.code(),
        batch.listing_date,
        &c.id,
        &c.reference as &[&str],
        &c.debt_class as &[&str],
        &c.service_kind as &[&str],
        &c.listed,
        &c.age_from as &[Option<Date>],
        &c.items,
        &c.original_creditor as &[&str],
        &c.current_creditor as &[&str],
        &c.creditor_kind as &[Option<&str>],
        &c.claim_kind as &[Option<&str>]
    )
    .execute(conn)
    .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

/// Writes a new placement over closed accounts.
pub async fn reopen(
    conn: &mut PgConnection,
    batch: &super::batch::Batch,
    placings: &[Placing<'_>],
) -> sqlx::Result<()> {
    let c = Columns::of(placings);
    sqlx::query!(
        "UPDATE account
         SET batch_id = $1, opening = t.opening, version = t.version, lifecycle = 'open',
             debt_class = t.debt_class, service_kind = t.service_kind, listed_minor = t.listed,
             adjusted_minor = 0, listing_date = $2, age_from = t.age_from, claim_items = t.items,
             original_creditor = t.original_creditor, current_creditor = t.current_creditor,
             creditor_kind = t.creditor_kind, claim_kind = t.claim_kind, close_code = NULL,
             close_reason = '', closed_on = NULL
         FROM UNNEST($3::uuid[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::bigint[],
                     $9::date[], $10::int[], $11::text[], $12::text[], $13::text[], $14::text[])
              AS t (id, opening, version, debt_class, service_kind, listed, age_from, items,
                    original_creditor, current_creditor, creditor_kind, claim_kind)
         WHERE account.account_id = t.id",
        batch.id.uuid(),
        batch.listing_date,
        &c.id,
        &c.opening,
        &c.version,
        &c.debt_class as &[&str],
        &c.service_kind as &[&str],
        &c.listed,
        &c.age_from as &[Option<Date>],
        &c.items,
        &c.original_creditor as &[&str],
        &c.current_creditor as &[&str],
        &c.creditor_kind as &[Option<&str>],
        &c.claim_kind as &[Option<&str>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The accounts under these references, locked in the order of the references.
pub async fn standing(
    conn: &mut PgConnection,
    client: ClientId,
    references: &[&str],
) -> sqlx::Result<Vec<Standing>> {
    let rows = sqlx::query!(
        "SELECT account_id, client_account_ref, batch_id, opening, version, lifecycle, currency
         FROM account WHERE client_id = $1 AND client_account_ref = ANY ($2)
         ORDER BY client_account_ref FOR UPDATE",
        client.uuid(),
        references as &[&str]
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Standing {
                id: AccountId::from_uuid(row.account_id),
                reference: row.client_account_ref,
                batch: BatchId::from_uuid(row.batch_id),
                opening: row.opening,
                version: row.version,
                lifecycle: code("account", "lifecycle", &row.lifecycle)?,
                currency: code("account", "currency", &row.currency)?,
            })
        })
        .collect()
}

/// A correction that is written down.
pub struct Adjustment<'a> {
    pub id: Uuid,
    pub amount_minor: i64,
    pub adjusted_on: Date,
    pub adjusted_at: DateTime<Utc>,
    pub item_number: &'a str,
    pub reason: &'a str,
}

/// Writes a correction down and adds it to the account, whose version goes up by one.
pub async fn adjust(
    conn: &mut PgConnection,
    account: &Account,
    adjustment: &Adjustment<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO adjustment (adjustment_id, account_id, client_id, opening, amount_minor,
             adjusted_on, item_number, reason, adjusted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        adjustment.id,
        account.id.uuid(),
        account.client.uuid(),
        account.opening,
        adjustment.amount_minor,
        adjustment.adjusted_on,
        adjustment.item_number,
        adjustment.reason,
        adjustment.adjusted_at
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE account SET adjusted_minor = adjusted_minor + $2, version = version + 1
         WHERE account_id = $1",
        account.id.uuid(),
        adjustment.amount_minor
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One end, with the version that it makes.
pub struct End<'a> {
    pub id: AccountId,
    pub close_code: CloseCode,
    pub reason: &'a str,
    pub version: i64,
}

/// Closes accounts; the version of each goes up to that of its end.
pub async fn close(conn: &mut PgConnection, ends: &[End<'_>], closed_on: Date) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = ends.iter().map(|end| end.id.uuid()).collect();
    let codes: Vec<&str> = ends.iter().map(|end| end.close_code.as_str()).collect();
    let reasons: Vec<&str> = ends.iter().map(|end| end.reason).collect();
    let versions: Vec<i64> = ends.iter().map(|end| end.version).collect();
    sqlx::query!(
        "UPDATE account
         SET lifecycle = 'closed', close_code = t.code, close_reason = t.reason, closed_on = $5,
             version = t.version
         FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::bigint[])
              AS t (id, code, reason, version)
         WHERE account_id = t.id",
        &ids,
        &codes as &[&str],
        &reasons as &[&str],
        &versions,
        closed_on
    )
    .execute(conn)
    .await?;
    Ok(())
}
