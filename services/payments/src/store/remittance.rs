//! What statements report, which remittance settled it, and the remittances with their exact bytes.

use duly_domain::{ClientId, Currency, Date, Money, PaymentId, ReceivedBy, RemittanceId};
use duly_ledger::{commission::Portion, statement::LineKind};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use super::{code, money, payment::portions_json};
use crate::{
    error::{PaymentsError, Result},
    model::Opening,
};

/// One thing that a statement will report.
pub(crate) struct Item {
    pub id: Uuid,
    pub opening: Opening,
    pub payment: PaymentId,
    pub kind: LineKind,
    pub received_by: ReceivedBy,
    pub gross: Money,
    pub overpayment: Money,
    pub commission: Money,
    pub schedule_version: u32,
    pub portions: Vec<Portion>,
    pub balance_left: Option<Money>,
}

/// Keeps items, dated this day.
pub(crate) async fn keep_items(
    conn: &mut PgConnection,
    items: &[Item],
    on: Date,
) -> sqlx::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = items.iter().map(|i| i.id).collect();
    let clients: Vec<Uuid> = items.iter().map(|i| i.opening.client.uuid()).collect();
    let accounts: Vec<Uuid> = items.iter().map(|i| i.opening.account.uuid()).collect();
    let openings: Vec<i32> = items.iter().map(|i| i.opening.opening).collect();
    let payments: Vec<Uuid> = items.iter().map(|i| i.payment.uuid()).collect();
    let kinds: Vec<String> = items.iter().map(|i| i.kind.as_str().to_owned()).collect();
    let by: Vec<String> = items.iter().map(|i| i.received_by.as_str().to_owned()).collect();
    let currencies: Vec<String> =
        items.iter().map(|i| i.gross.currency().code().to_owned()).collect();
    let gross: Vec<i64> = items.iter().map(|i| i.gross.minor()).collect();
    let over: Vec<i64> = items.iter().map(|i| i.overpayment.minor()).collect();
    let commission: Vec<i64> = items.iter().map(|i| i.commission.minor()).collect();
    let versions: Vec<i32> =
        items.iter().map(|i| i32::try_from(i.schedule_version).unwrap_or(i32::MAX)).collect();
    let portions: Vec<serde_json::Value> =
        items.iter().map(|i| portions_json(&i.portions)).collect();
    let left: Vec<Option<i64>> = items.iter().map(|i| i.balance_left.map(Money::minor)).collect();
    sqlx::query!(
        "INSERT INTO statement_item (item_id, client_id, account_id, opening, payment_id, kind, received_by,
             currency, gross_minor, overpayment_minor, commission_minor, schedule_version, portions,
             balance_left_minor, on_date)
         SELECT item_id, client_id, account_id, opening, payment_id, kind, received_by,
                currency, gross, over, commission, version, portions, balance_left, $15
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::text[],
                     $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::int[], $13::jsonb[],
                     $14::bigint[])
             AS i (item_id, client_id, account_id, opening, payment_id, kind, received_by,
                   currency, gross, over, commission, version, portions, balance_left)",
        &ids,
        &clients,
        &accounts,
        &openings,
        &payments,
        &kinds,
        &by,
        &currencies,
        &gross,
        &over,
        &commission,
        &versions,
        &portions,
        &left as &[Option<i64>],
        on
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Commission on an account's items that remittances have settled.
pub(crate) async fn commission_settled(
    conn: &mut PgConnection,
    opening: &Opening,
) -> sqlx::Result<Money> {
    let minor = sqlx::query_scalar!(
        r#"SELECT coalesce(sum(i.commission_minor), 0)::bigint AS "minor!" FROM statement_item AS i
           JOIN remittance_item USING (item_id)
           WHERE i.account_id = $1 AND i.opening = $2"#,
        opening.account.uuid(),
        opening.opening
    )
    .fetch_one(conn)
    .await?;
    Ok(Money::new(minor, opening.currency()))
}

/// What sealing took.
pub(crate) struct Sealing {
    /// Credits folded by the same statement, hence in the same snapshot.
    pub folded: Money,
    /// Trust money of items that come after the period: not sealed, but in the client's balance.
    pub after: Money,
}

/// Seals every open item of the client up to a day into a remittance, and folds the client's credits in
/// the same snapshot. The caller holds the client's lock.
pub(crate) async fn seal(
    conn: &mut PgConnection,
    client: ClientId,
    currency: Currency,
    period_to: Date,
    remittance: RemittanceId,
) -> sqlx::Result<Sealing> {
    let row = sqlx::query!(
        r#"WITH folded AS (
               DELETE FROM trust_credit WHERE client_id = $1 AND currency = $2 RETURNING amount_minor),
           open AS (
               SELECT item_id, on_date, received_by, gross_minor FROM statement_item AS i
               WHERE client_id = $1 AND currency = $2
                 AND NOT EXISTS (SELECT FROM remittance_item AS r WHERE r.item_id = i.item_id)),
           sealed AS (
               INSERT INTO remittance_item (item_id, remittance_id, client_id)
               SELECT item_id, $4, $1 FROM open WHERE on_date <= $3)
           SELECT (SELECT coalesce(sum(amount_minor), 0)::bigint FROM folded) AS "folded!",
                  (SELECT coalesce(sum(gross_minor), 0)::bigint FROM open
                   WHERE on_date > $3 AND received_by <> 'client') AS "after!""#,
        client.uuid(),
        currency.code(),
        period_to,
        remittance.uuid()
    )
    .fetch_one(conn)
    .await?;
    let money = |minor| Money::new(minor, currency);
    Ok(Sealing { folded: money(row.folded), after: money(row.after) })
}

/// A sealed item with what its line prints of its payment.
pub(crate) struct SealedItem {
    pub account: Uuid,
    pub opening: i32,
    pub kind: LineKind,
    pub received_by: ReceivedBy,
    pub gross: Money,
    pub overpayment: Money,
    pub commission: Money,
    pub schedule_version: u32,
    pub portions: Vec<Portion>,
    pub balance_left: Option<Money>,
    pub posted_on: Date,
    pub paid_on: Date,
    pub reference: String,
}

/// The items of a remittance.
pub(crate) async fn sealed_items(
    conn: &mut PgConnection,
    remittance: RemittanceId,
) -> Result<Vec<SealedItem>> {
    let rows = sqlx::query!(
        r#"SELECT i.item_id, i.account_id, i.opening, i.kind, i.received_by, i.currency, i.gross_minor,
                  i.overpayment_minor, i.commission_minor, i.schedule_version,
                  i.portions AS "portions: Json<Vec<Portion>>", i.balance_left_minor, i.on_date,
                  p.payment_on, p.received_reference
           FROM remittance_item AS r
           JOIN statement_item AS i USING (item_id)
           JOIN payment AS p USING (payment_id)
           WHERE r.remittance_id = $1"#,
        remittance.uuid()
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let (table, id) = ("statement_item", row.item_id);
            let corrupt = || PaymentsError::Corrupt { table, id };
            let of = |minor| money(table, id, minor, &row.currency);
            Ok(SealedItem {
                account: row.account_id,
                opening: row.opening,
                kind: kind(&row.kind).ok_or_else(corrupt)?,
                received_by: code(table, id, &row.received_by)?,
                gross: of(row.gross_minor)?,
                overpayment: of(row.overpayment_minor)?,
                commission: of(row.commission_minor)?,
                schedule_version: u32::try_from(row.schedule_version).map_err(|_| corrupt())?,
                portions: row.portions.0,
                balance_left: row.balance_left_minor.map(of).transpose()?,
                posted_on: row.on_date,
                paid_on: row.payment_on,
                reference: row.received_reference,
            })
        })
        .collect()
}

fn kind(code: &str) -> Option<LineKind> {
    [LineKind::Payment, LineKind::Reversal, LineKind::Credit, LineKind::Repriced]
        .into_iter()
        .find(|kind| kind.as_str() == code)
}

/// Money that was held at some time of a period.
pub(crate) struct HeldFunds {
    pub payment: Uuid,
    pub account: Uuid,
    pub money: Money,
    pub paid_on: Date,
    pub posted_on: Date,
    pub reference: String,
    pub received_by: ReceivedBy,
    pub release_on: Option<Date>,
    /// It closed the last statement as held.
    pub held_before: bool,
    /// Its release is an item of this remittance.
    pub released: bool,
    /// It came back before release, up to the period's end.
    pub reversed: bool,
}

/// The held funds of a client in the period that a remittance seals: what the last statement left held,
/// and what came since.
pub(crate) async fn held_funds(
    conn: &mut PgConnection,
    client: ClientId,
    currency: Currency,
    period_to: Date,
    remittance: RemittanceId,
) -> Result<Vec<HeldFunds>> {
    let rows = sqlx::query!(
        r#"SELECT payment_id, account_id AS "account_id!", amount_minor, payment_on, held_on AS "held_on!",
                  received_reference, received_by, release_on, (stated IS NOT NULL) AS "held_before!",
                  EXISTS (SELECT FROM statement_item AS i JOIN remittance_item AS r USING (item_id)
                          WHERE i.payment_id = p.payment_id AND i.kind = 'payment'
                            AND r.remittance_id = $4) AS "released!",
                  (released_on IS NULL AND coalesce(reversed_on <= $3, false)) AS "reversed!"
           FROM payment AS p
           WHERE client_id = $1 AND currency = $2 AND held_on <= $3
             AND held_on IS NOT NULL AND stated IS DISTINCT FROM 'done'"#,
        client.uuid(),
        currency.code(),
        period_to,
        remittance.uuid()
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(HeldFunds {
                payment: row.payment_id,
                account: row.account_id,
                money: Money::new(row.amount_minor, currency),
                paid_on: row.payment_on,
                posted_on: row.held_on,
                reference: row.received_reference,
                received_by: code("payment", row.payment_id, &row.received_by)?,
                release_on: row.release_on,
                held_before: row.held_before,
                released: row.released,
                reversed: row.reversed,
            })
        })
        .collect()
}

/// Notes how a statement showed held funds.
pub(crate) async fn note_stated(
    conn: &mut PgConnection,
    held: &[Uuid],
    done: &[Uuid],
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE payment SET stated = CASE WHEN payment_id = ANY($1) THEN 'held' ELSE 'done' END
         WHERE payment_id = ANY($1) OR payment_id = ANY($2)",
        held,
        done
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A remittance without its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Remittance {
    pub remittance_id: Uuid,
    pub client_id: Uuid,
    pub currency: String,
    pub period_from: Date,
    pub period_to: Date,
    pub statement_no: String,
    pub method: String,
    pub collected_minor: i64,
    pub direct_minor: i64,
    pub commission_minor: i64,
    pub prior_carry_forward_minor: i64,
    pub remitted_minor: i64,
    pub held_minor: i64,
    pub carry_forward_minor: i64,
    pub to_operating_minor: i64,
    pub held_funds_minor: i64,
    pub lines: i64,
    pub csv_sha256: String,
    pub json_sha256: String,
}

/// One select list for every query here; the rest of the statement is the caller's.
macro_rules! remittances {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Remittance,
            r#"SELECT remittance_id, client_id, currency, period_from, period_to, statement_no, method,
                      collected_minor, direct_minor, commission_minor, prior_carry_forward_minor,
                      remitted_minor, held_minor, carry_forward_minor, to_operating_minor,
                      held_funds_minor, lines, encode(csv_sha256, 'hex') AS "csv_sha256!",
                      encode(json_sha256, 'hex') AS "json_sha256!"
               FROM remittance "#
                + $rest
            $(, $arg)*
        )
    };
}

/// The remittance of a period, if it was sealed.
pub(crate) async fn of_period(
    conn: &mut PgConnection,
    client: ClientId,
    period_to: Date,
) -> sqlx::Result<Option<Remittance>> {
    remittances!("WHERE client_id = $1 AND period_to = $2", client.uuid(), period_to)
        .fetch_optional(conn)
        .await
}

/// The last sealed remittance of a client.
pub(crate) async fn last(
    conn: &mut PgConnection,
    client: ClientId,
) -> sqlx::Result<Option<Remittance>> {
    remittances!("WHERE client_id = $1 ORDER BY period_to DESC LIMIT 1", client.uuid())
        .fetch_optional(conn)
        .await
}

/// A page of remittances after a key, in the order of keys.
pub(crate) async fn page(
    conn: &mut PgConnection,
    client: Option<ClientId>,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Remittance>> {
    remittances!(
        "WHERE ($1::uuid IS NULL OR client_id = $1) AND remittance_id > $2
         ORDER BY remittance_id LIMIT $3",
        client.map(ClientId::uuid),
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

/// The exact bytes of a statement, with its number.
pub(crate) async fn statement(
    conn: &mut PgConnection,
    remittance: RemittanceId,
    as_json: bool,
) -> sqlx::Result<Option<(String, Vec<u8>)>> {
    let row = sqlx::query!(
        r#"SELECT statement_no, CASE WHEN $2 THEN json ELSE csv END AS "content!"
           FROM remittance WHERE remittance_id = $1"#,
        remittance.uuid(),
        as_json
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.statement_no, row.content)))
}

/// A remittance to keep, with the bytes of its statement.
pub(crate) struct NewRemittance<'a> {
    pub remittance: Remittance,
    pub client_ref: &'a str,
    pub set_aside: Money,
    pub csv: Vec<u8>,
    pub json: Vec<u8>,
    pub sealed_at: chrono::DateTime<chrono::Utc>,
}

/// Keeps a remittance; the hashes are the database's of the bytes that it keeps.
pub(crate) async fn insert(conn: &mut PgConnection, new: &NewRemittance<'_>) -> sqlx::Result<()> {
    let r = &new.remittance;
    sqlx::query!(
        "INSERT INTO remittance (remittance_id, client_id, client_ref, currency, period_from, period_to,
             statement_no, method, collected_minor, direct_minor, commission_minor,
             prior_carry_forward_minor, remitted_minor, held_minor, carry_forward_minor,
             to_operating_minor, set_aside_minor, held_funds_minor, lines, csv, json, csv_sha256,
             json_sha256, sealed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                 $20::bytea, $21::bytea, sha256($20::bytea), sha256($21::bytea), $22)",
        r.remittance_id,
        r.client_id,
        new.client_ref,
        r.currency,
        r.period_from,
        r.period_to,
        r.statement_no,
        r.method,
        r.collected_minor,
        r.direct_minor,
        r.commission_minor,
        r.prior_carry_forward_minor,
        r.remitted_minor,
        r.held_minor,
        r.carry_forward_minor,
        r.to_operating_minor,
        new.set_aside.minor(),
        r.held_funds_minor,
        r.lines,
        &new.csv,
        &new.json,
        new.sealed_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The first day of a client's first period: when its first account was listed, or its first item came.
pub(crate) async fn first_day(
    conn: &mut PgConnection,
    client: ClientId,
    period_to: Date,
) -> sqlx::Result<Date> {
    sqlx::query_scalar!(
        r#"SELECT LEAST($2::date, (SELECT min(listing_date) FROM account WHERE client_id = $1),
                        (SELECT min(on_date) FROM statement_item WHERE client_id = $1)) AS "first!""#,
        client.uuid(),
        period_to
    )
    .fetch_one(conn)
    .await
}

/// How a client is called now.
pub(crate) async fn client_name(
    conn: &mut PgConnection,
    client: ClientId,
) -> sqlx::Result<Option<(String, String)>> {
    let row = sqlx::query!(
        "SELECT client_ref, client_name FROM client_policy WHERE client_id = $1
         ORDER BY version DESC LIMIT 1",
        client.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.client_ref, row.client_name)))
}

/// Currencies of open items of a client other than this one.
pub(crate) async fn other_currency(
    conn: &mut PgConnection,
    client: ClientId,
    currency: Currency,
    period_to: Date,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "SELECT currency FROM statement_item AS i
         WHERE client_id = $1 AND currency <> $2 AND on_date <= $3
           AND NOT EXISTS (SELECT FROM remittance_item AS r WHERE r.item_id = i.item_id)
         ORDER BY currency LIMIT 1",
        client.uuid(),
        currency.code(),
        period_to
    )
    .fetch_optional(conn)
    .await
}
