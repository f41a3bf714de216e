//! Payments and where each stands.

use duly_domain::{AccountId, ClientId, Date, Money, PaymentId, ReceivedBy};
use duly_ledger::commission::Portion;
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use super::{code, money};
use crate::{
    error::{PaymentsError, Result},
    model::{Named, Payment, State, Whose},
};

/// A payment as stored.
struct Row {
    payment_id: Uuid,
    account_id: Option<Uuid>,
    opening: Option<i32>,
    client_id: Option<Uuid>,
    received_by: String,
    state: String,
    currency: String,
    amount_minor: i64,
    payment_on: Date,
    received_reference: String,
    method: String,
    item_numbers: Vec<String>,
    named_account_id: Option<Uuid>,
    named_client_ref: Option<String>,
    named_account_ref: Option<String>,
    posted_on: Date,
    held_on: Option<Date>,
    release_on: Option<Date>,
    released_on: Option<Date>,
    collected_minor: i64,
    overpayment_minor: i64,
    commission_minor: i64,
    schedule_version: Option<i32>,
    portions: Option<Json<Vec<Portion>>>,
    reversed_on: Option<Date>,
}

impl TryFrom<Row> for Payment {
    type Error = PaymentsError;

    fn try_from(row: Row) -> Result<Self> {
        let (table, id) = ("payment", row.payment_id);
        let amount = money(table, id, row.amount_minor, &row.currency)?;
        let of = |minor| Money::new(minor, amount.currency());
        let named = match (row.named_account_id, row.named_client_ref, row.named_account_ref) {
            (Some(account), ..) => Named::Id(AccountId::from_uuid(account)),
            (None, Some(client), Some(account)) => Named::Reference { client, account },
            (None, ..) => Named::Nothing,
        };
        let whose = row.account_id.zip(row.client_id).map(|(account, client)| Whose {
            account: AccountId::from_uuid(account),
            client: ClientId::from_uuid(client),
        });
        let schedule_version = row
            .schedule_version
            .map(|version| u32::try_from(version).map_err(|_| PaymentsError::Corrupt { table, id }))
            .transpose()?;
        Ok(Self {
            id: PaymentId::from_uuid(id),
            whose,
            opening: row.opening,
            received_by: code::<ReceivedBy>(table, id, &row.received_by)?,
            state: code(table, id, &row.state)?,
            amount,
            payment_on: row.payment_on,
            reference: row.received_reference,
            method: code(table, id, &row.method)?,
            item_numbers: row.item_numbers,
            named,
            posted_on: row.posted_on,
            held_on: row.held_on,
            release_on: row.release_on,
            released_on: row.released_on,
            collected: of(row.collected_minor),
            overpayment: of(row.overpayment_minor),
            commission: of(row.commission_minor),
            schedule_version,
            portions: row.portions.map(|portions| portions.0).unwrap_or_default(),
            reversed_on: row.reversed_on,
        })
    }
}

/// One select list for every query here; the rest of the statement is the caller's.
macro_rules! payments {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT payment_id, account_id, opening, client_id, received_by, state, currency, amount_minor,
                      payment_on, received_reference, method, item_numbers, named_account_id,
                      named_client_ref, named_account_ref, posted_on, held_on, release_on, released_on,
                      collected_minor, overpayment_minor, commission_minor, schedule_version,
                      portions AS "portions: Json<Vec<Portion>>", reversed_on
               FROM payment "#
                + $rest
            $(, $arg)*
        )
    };
}

fn all(rows: Vec<Row>) -> Result<Vec<Payment>> {
    rows.into_iter().map(Payment::try_from).collect()
}

/// Every payment of these accounts.
pub(crate) async fn of_accounts(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> Result<Vec<Payment>> {
    all(payments!("WHERE account_id = ANY($1)", accounts).fetch_all(conn).await?)
}

/// One payment.
pub(crate) async fn get(conn: &mut PgConnection, id: PaymentId) -> Result<Option<Payment>> {
    payments!("WHERE payment_id = $1", id.uuid())
        .fetch_optional(conn)
        .await?
        .map(Payment::try_from)
        .transpose()
}

/// The unapplied among these payments, locked in the order of their keys.
pub(crate) async fn lock_unapplied(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Payment>> {
    all(payments!(
        "WHERE payment_id = ANY($1) AND state = 'unapplied' ORDER BY payment_id FOR NO KEY UPDATE",
        ids
    )
    .fetch_all(conn)
    .await?)
}

/// Which payments a list is of.
pub(crate) struct Filter {
    pub account: Option<AccountId>,
    pub client: Option<ClientId>,
    pub state: Option<State>,
}

/// A page of payments after a key, in the order of keys.
pub(crate) async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Payment>> {
    all(payments!(
        "WHERE ($1::uuid IS NULL OR account_id = $1) AND ($2::uuid IS NULL OR client_id = $2)
           AND ($3::text IS NULL OR state = $3) AND payment_id > $4
         ORDER BY payment_id LIMIT $5",
        filter.account.map(AccountId::uuid),
        filter.client.map(ClientId::uuid),
        filter.state.map(State::as_str),
        after,
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// Keeps a new payment.
pub(crate) async fn insert(conn: &mut PgConnection, payment: &Payment) -> sqlx::Result<()> {
    let (named_id, named_client, named_account) = match &payment.named {
        Named::Id(id) => (Some(id.uuid()), None, None),
        Named::Reference { client, account } => {
            (None, Some(client.as_str()), Some(account.as_str()))
        }
        Named::Nothing => (None, None, None),
    };
    sqlx::query!(
        "INSERT INTO payment (payment_id, account_id, client_id, received_by, state, currency, amount_minor,
             payment_on, received_reference, method, item_numbers, named_account_id, named_client_ref,
             named_account_ref, posted_on, held_on, release_on, opening)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        payment.id.uuid(),
        payment.whose.map(|whose| whose.account.uuid()),
        payment.whose.map(|whose| whose.client.uuid()),
        payment.received_by.as_str(),
        payment.state.as_str(),
        payment.amount.currency().code(),
        payment.amount.minor(),
        payment.payment_on,
        payment.reference,
        payment.method.as_str(),
        &payment.item_numbers,
        named_id,
        named_client,
        named_account,
        payment.posted_on,
        payment.held_on,
        payment.release_on,
        payment.opening
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes back what can change of payments: whose they are, where they stand, what they earned.
pub(crate) async fn update(conn: &mut PgConnection, payments: &[&Payment]) -> sqlx::Result<()> {
    if payments.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = payments.iter().map(|p| p.id.uuid()).collect();
    let accounts: Vec<Option<Uuid>> =
        payments.iter().map(|p| p.whose.map(|whose| whose.account.uuid())).collect();
    let clients: Vec<Option<Uuid>> =
        payments.iter().map(|p| p.whose.map(|whose| whose.client.uuid())).collect();
    let openings: Vec<Option<i32>> = payments.iter().map(|p| p.opening).collect();
    let states: Vec<String> = payments.iter().map(|p| p.state.as_str().to_owned()).collect();
    let held: Vec<Option<Date>> = payments.iter().map(|p| p.held_on).collect();
    let release: Vec<Option<Date>> = payments.iter().map(|p| p.release_on).collect();
    let released: Vec<Option<Date>> = payments.iter().map(|p| p.released_on).collect();
    let collected: Vec<i64> = payments.iter().map(|p| p.collected.minor()).collect();
    let over: Vec<i64> = payments.iter().map(|p| p.overpayment.minor()).collect();
    let commission: Vec<i64> = payments.iter().map(|p| p.commission.minor()).collect();
    let versions: Vec<Option<i32>> = payments
        .iter()
        .map(|p| p.schedule_version.and_then(|version| i32::try_from(version).ok()))
        .collect();
    let portions: Vec<serde_json::Value> =
        payments.iter().map(|p| portions_json(&p.portions)).collect();
    let reversed: Vec<Option<Date>> = payments.iter().map(|p| p.reversed_on).collect();
    sqlx::query!(
        "UPDATE payment SET account_id = n.account_id, client_id = n.client_id, opening = n.opening,
             state = n.state, held_on = n.held_on, release_on = n.release_on,
             released_on = n.released_on, collected_minor = n.collected, overpayment_minor = n.over,
             commission_minor = n.commission, schedule_version = n.version, portions = n.portions,
             reversed_on = n.reversed_on
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::date[], $7::date[],
                     $8::date[], $9::bigint[], $10::bigint[], $11::bigint[], $12::int[], $13::jsonb[],
                     $14::date[])
             AS n (payment_id, account_id, client_id, opening, state, held_on, release_on,
                   released_on, collected, over, commission, version, portions, reversed_on)
         WHERE payment.payment_id = n.payment_id",
        &ids,
        &accounts as &[Option<Uuid>],
        &clients as &[Option<Uuid>],
        &openings as &[Option<i32>],
        &states,
        &held as &[Option<Date>],
        &release as &[Option<Date>],
        &released as &[Option<Date>],
        &collected,
        &over,
        &commission,
        &versions as &[Option<i32>],
        &portions,
        &reversed as &[Option<Date>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps why a payment was taken back.
pub(crate) async fn note_reason(
    conn: &mut PgConnection,
    id: PaymentId,
    reason: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE payment SET reversal_reason = $2 WHERE payment_id = $1",
        id.uuid(),
        reason
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Parts and rates, as stored.
pub(crate) fn portions_json(portions: &[Portion]) -> serde_json::Value {
    serde_json::to_value(portions).expect("portions are plain data")
}
