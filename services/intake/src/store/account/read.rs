//! Accounts as they stand.

use duly_domain::{
    AccountId, BatchId, ClientId, CloseCode, Currency, Date, DebtClass, Lifecycle, Money,
    ServiceKind,
};
use sqlx::{PgConnection, types::Uuid};

use super::super::code;

/// An account as it stands.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: AccountId,
    pub client: ClientId,
    pub reference: String,
    pub batch: BatchId,
    pub opening: i32,
    pub version: i64,
    pub lifecycle: Lifecycle,
    pub debt_class: DebtClass,
    pub service_kind: ServiceKind,
    pub listed: Money,
    pub adjusted: Money,
    pub listing_date: Date,
    pub claim_items: i32,
    pub close_code: Option<CloseCode>,
    pub closed_on: Option<Date>,
}

struct Row {
    account_id: Uuid,
    client_id: Uuid,
    client_account_ref: String,
    batch_id: Uuid,
    opening: i32,
    version: i64,
    lifecycle: String,
    debt_class: String,
    service_kind: String,
    currency: String,
    listed_minor: i64,
    adjusted_minor: i64,
    listing_date: Date,
    claim_items: i32,
    close_code: Option<String>,
    closed_on: Option<Date>,
}

impl TryFrom<Row> for Account {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let table = "account";
        let currency: Currency = code(table, "currency", &row.currency)?;
        let close_code = row.close_code.as_deref();
        Ok(Self {
            id: AccountId::from_uuid(row.account_id),
            client: ClientId::from_uuid(row.client_id),
            reference: row.client_account_ref,
            batch: BatchId::from_uuid(row.batch_id),
            opening: row.opening,
            version: row.version,
            lifecycle: code(table, "lifecycle", &row.lifecycle)?,
            debt_class: code(table, "debt_class", &row.debt_class)?,
            service_kind: code(table, "service_kind", &row.service_kind)?,
            listed: Money::new(row.listed_minor, currency),
            adjusted: Money::new(row.adjusted_minor, currency),
            listing_date: row.listing_date,
            claim_items: row.claim_items,
            close_code: close_code.map(|text| code(table, "close_code", text)).transpose()?,
            closed_on: row.closed_on,
        })
    }
}

pub async fn by_id(conn: &mut PgConnection, id: AccountId) -> sqlx::Result<Option<Account>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT account_id, client_id, client_account_ref, batch_id, opening, version, lifecycle,
                debt_class, service_kind, currency, listed_minor, adjusted_minor, listing_date,
                claim_items, close_code, closed_on
         FROM account WHERE account_id = $1",
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(Account::try_from).transpose()
}

/// The account under its lock: what is decided about it stays true until the commit.
pub async fn lock(conn: &mut PgConnection, id: AccountId) -> sqlx::Result<Option<Account>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT account_id, client_id, client_account_ref, batch_id, opening, version, lifecycle,
                debt_class, service_kind, currency, listed_minor, adjusted_minor, listing_date,
                claim_items, close_code, closed_on
         FROM account WHERE account_id = $1 FOR UPDATE",
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(Account::try_from).transpose()
}

/// Those of these accounts that there are, under their locks, in the order of their ids.
pub async fn lock_all(conn: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<Account>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT account_id, client_id, client_account_ref, batch_id, opening, version, lifecycle,
                debt_class, service_kind, currency, listed_minor, adjusted_minor, listing_date,
                claim_items, close_code, closed_on
         FROM account WHERE account_id = ANY ($1) ORDER BY account_id FOR UPDATE",
        ids
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Account::try_from).collect()
}

/// The account under the client's own references.
pub async fn by_ref(
    conn: &mut PgConnection,
    client_ref: &str,
    reference: &str,
) -> sqlx::Result<Option<Account>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT a.account_id, a.client_id, a.client_account_ref, a.batch_id, a.opening, a.version,
                a.lifecycle, a.debt_class, a.service_kind, a.currency, a.listed_minor,
                a.adjusted_minor, a.listing_date, a.claim_items, a.close_code, a.closed_on
         FROM client AS c JOIN account AS a ON a.client_id = c.client_id
         WHERE c.client_ref = $1 AND a.client_account_ref = $2",
        client_ref,
        reference
    )
    .fetch_optional(conn)
    .await?;
    row.map(Account::try_from).transpose()
}

/// Which part of the order (client, reference) a list covers.
pub struct Between<'a> {
    /// Clients from and to, both included.
    pub clients: (Uuid, Uuid),
    /// The last account of the page before.
    pub after: (Uuid, &'a str),
}

/// Accounts in the order of (client, reference), which is that of one index.
pub async fn ordered(
    conn: &mut PgConnection,
    between: &Between<'_>,
    lifecycle: Option<Lifecycle>,
    limit: i64,
) -> sqlx::Result<Vec<Account>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT account_id, client_id, client_account_ref, batch_id, opening, version, lifecycle,
                debt_class, service_kind, currency, listed_minor, adjusted_minor, listing_date,
                claim_items, close_code, closed_on
         FROM account
         WHERE client_id >= $1 AND client_id <= $2 AND (client_id, client_account_ref) > ($3, $4)
           AND ($5::text IS NULL OR lifecycle = $5)
         ORDER BY client_id, client_account_ref LIMIT $6",
        between.clients.0,
        between.clients.1,
        between.after.0,
        between.after.1,
        lifecycle.map(Lifecycle::as_str),
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Account::try_from).collect()
}

/// Accounts whose last placement came with this batch, in the order of the batch, each with its place
/// there.
pub async fn of_batch(
    conn: &mut PgConnection,
    batch: BatchId,
    clients: (Uuid, Uuid),
    (chunk_no, position): (i32, i32),
    lifecycle: Option<Lifecycle>,
    limit: i64,
) -> sqlx::Result<Vec<((i32, i32), Account)>> {
    let rows = sqlx::query!(
        "SELECT k.chunk_no, k.position, a.account_id, a.client_id, a.client_account_ref, a.batch_id,
                a.opening, a.version, a.lifecycle, a.debt_class, a.service_kind, a.currency,
                a.listed_minor, a.adjusted_minor, a.listing_date, a.claim_items, a.close_code,
                a.closed_on
         FROM acknowledgement AS k
         JOIN account AS a ON a.account_id = k.account_id AND a.batch_id = k.batch_id
         WHERE k.batch_id = $1 AND (k.chunk_no, k.position) > ($2, $3)
           AND a.client_id >= $4 AND a.client_id <= $5 AND ($6::text IS NULL OR a.lifecycle = $6)
         ORDER BY k.chunk_no, k.position LIMIT $7",
        batch.uuid(),
        chunk_no,
        position,
        clients.0,
        clients.1,
        lifecycle.map(Lifecycle::as_str),
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|r| {
            let row = Row {
                account_id: r.account_id,
                client_id: r.client_id,
                client_account_ref: r.client_account_ref,
                batch_id: r.batch_id,
                opening: r.opening,
                version: r.version,
                lifecycle: r.lifecycle,
                debt_class: r.debt_class,
                service_kind: r.service_kind,
                currency: r.currency,
                listed_minor: r.listed_minor,
                adjusted_minor: r.adjusted_minor,
                listing_date: r.listing_date,
                claim_items: r.claim_items,
                close_code: r.close_code,
                closed_on: r.closed_on,
            };
            Ok(((r.chunk_no, r.position), row.try_into()?))
        })
        .collect()
}
