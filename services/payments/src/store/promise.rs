//! Promises, and who of an account may make one.

use duly_domain::{AccountId, ClientId, Date, Money, PartyId, PaymentId, PromiseId, PromiseState};
use sqlx::{PgConnection, types::Uuid};

use super::{code, money};
use crate::{
    error::{PaymentsError, Result},
    model::Whose,
    promise::Promise,
};

/// A promise as stored.
struct Row {
    promise_id: Uuid,
    account_id: Uuid,
    opening: i32,
    client_id: Uuid,
    party_id: Option<Uuid>,
    currency: String,
    amount_minor: i64,
    due_on: Date,
    method: String,
    state: String,
    made_on: Date,
    earlier_payments: Vec<Uuid>,
    counted_payments: Vec<Uuid>,
    paid_minor: i64,
    ended_on: Option<Date>,
    cancel_reason: Option<String>,
}

fn payments(ids: Vec<Uuid>) -> Vec<PaymentId> {
    ids.into_iter().map(PaymentId::from_uuid).collect()
}

impl TryFrom<Row> for Promise {
    type Error = PaymentsError;

    fn try_from(row: Row) -> Result<Self> {
        let (table, id) = ("promise", row.promise_id);
        let amount = money(table, id, row.amount_minor, &row.currency)?;
        Ok(Self {
            id: PromiseId::from_uuid(id),
            whose: Whose {
                account: AccountId::from_uuid(row.account_id),
                client: ClientId::from_uuid(row.client_id),
            },
            opening: row.opening,
            party: row.party_id.map(PartyId::from_uuid),
            amount,
            due_on: row.due_on,
            method: code(table, id, &row.method)?,
            state: code(table, id, &row.state)?,
            made_on: row.made_on,
            earlier: payments(row.earlier_payments),
            counted: payments(row.counted_payments),
            paid: Money::new(row.paid_minor, amount.currency()),
            ended_on: row.ended_on,
            cancel_reason: row.cancel_reason,
        })
    }
}

/// One select list for every query here; the rest of the statement is the caller's.
macro_rules! promises {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT promise_id, account_id, opening, client_id, party_id, currency, amount_minor, due_on,
                      method, state, made_on, earlier_payments, counted_payments, paid_minor, ended_on,
                      cancel_reason
               FROM promise "#
                + $rest
            $(, $arg)*
        )
    };
}

fn all(rows: Vec<Row>) -> Result<Vec<Promise>> {
    rows.into_iter().map(Promise::try_from).collect()
}

/// One promise.
pub(crate) async fn get(conn: &mut PgConnection, id: PromiseId) -> Result<Option<Promise>> {
    promises!("WHERE promise_id = $1", id.uuid())
        .fetch_optional(conn)
        .await?
        .map(Promise::try_from)
        .transpose()
}

/// Those of these accounts that have a promise whose fate may still change.
pub(crate) async fn accounts_with_live(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "SELECT DISTINCT account_id FROM promise
         WHERE account_id = ANY($1) AND state IN ('open', 'kept')",
        accounts
    )
    .fetch_all(conn)
    .await
}

/// Their promises whose fate may still change.
pub(crate) async fn live(conn: &mut PgConnection, accounts: &[Uuid]) -> Result<Vec<Promise>> {
    all(promises!(
        "WHERE account_id = ANY($1) AND state IN ('open', 'kept') ORDER BY account_id, promise_id",
        accounts
    )
    .fetch_all(conn)
    .await?)
}

/// Whether an opening has an open promise.
pub(crate) async fn has_open(
    conn: &mut PgConnection,
    account: AccountId,
    opening: i32,
) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        "SELECT promise_id FROM promise WHERE account_id = $1 AND opening = $2 AND state = 'open'",
        account.uuid(),
        opening
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Whether a party owes an opening.
pub(crate) async fn owes(
    conn: &mut PgConnection,
    account: AccountId,
    opening: i32,
    party: PartyId,
) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        "SELECT position FROM liable_party WHERE account_id = $1 AND opening = $2 AND party_id = $3",
        account.uuid(),
        opening,
        party.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Which promises a list is of.
pub(crate) struct Filter {
    pub account: Option<AccountId>,
    pub state: Option<PromiseState>,
}

/// A page of promises after a key, in the order of keys.
pub(crate) async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Promise>> {
    all(promises!(
        "WHERE ($1::uuid IS NULL OR account_id = $1) AND ($2::text IS NULL OR state = $2)
           AND promise_id > $3
         ORDER BY promise_id LIMIT $4",
        filter.account.map(AccountId::uuid),
        filter.state.map(PromiseState::as_str),
        after,
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// Keeps a new promise.
pub(crate) async fn insert(conn: &mut PgConnection, promise: &Promise) -> sqlx::Result<()> {
    let earlier: Vec<Uuid> = promise.earlier.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "INSERT INTO promise (promise_id, account_id, opening, client_id, party_id, currency, amount_minor,
                              due_on, method, state, made_on, earlier_payments)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        promise.id.uuid(),
        promise.whose.account.uuid(),
        promise.opening,
        promise.whose.client.uuid(),
        promise.party.map(PartyId::uuid),
        promise.amount.currency().code(),
        promise.amount.minor(),
        promise.due_on,
        promise.method.as_str(),
        promise.state.as_str(),
        promise.made_on,
        &earlier
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes back what can change of promises: what came for them, and what became of them.
pub(crate) async fn update(conn: &mut PgConnection, promises: &[Promise]) -> sqlx::Result<()> {
    if promises.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = promises.iter().map(|p| p.id.uuid()).collect();
    let states: Vec<String> = promises.iter().map(|p| p.state.as_str().to_owned()).collect();
    let paid: Vec<i64> = promises.iter().map(|p| p.paid.minor()).collect();
    let ended: Vec<Option<Date>> = promises.iter().map(|p| p.ended_on).collect();
    let reasons: Vec<Option<String>> = promises.iter().map(|p| p.cancel_reason.clone()).collect();
    // An array of arrays would have to be rectangular: which payment counts travels as pairs.
    let (mut of, mut counted) = (Vec::new(), Vec::new());
    for promise in promises {
        of.extend(promise.counted.iter().map(|_| promise.id.uuid()));
        counted.extend(promise.counted.iter().map(|payment| payment.uuid()));
    }
    sqlx::query!(
        "UPDATE promise SET state = n.state, paid_minor = n.paid, ended_on = n.ended_on,
             cancel_reason = n.reason,
             counted_payments = ARRAY(
                 SELECT c.payment_id FROM UNNEST($6::uuid[], $7::uuid[]) AS c (promise_id, payment_id)
                 WHERE c.promise_id = n.promise_id)
         FROM UNNEST($1::uuid[], $2::text[], $3::bigint[], $4::date[], $5::text[])
             AS n (promise_id, state, paid, ended_on, reason)
         WHERE promise.promise_id = n.promise_id",
        &ids,
        &states,
        &paid,
        &ended as &[Option<Date>],
        &reasons as &[Option<String>],
        &of,
        &counted
    )
    .execute(conn)
    .await?;
    Ok(())
}
