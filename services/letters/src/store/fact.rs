//! Facts of claims heard from intake and skiptrace, each kept once whatever the order and repetition of
//! its delivery.

use chrono::{DateTime, Utc};
use duly_domain::{AddressParts, Date};
use serde::Serialize;
use sqlx::{PgConnection, types::Uuid};

use super::set;

#[derive(Serialize)]
pub(crate) struct ClaimFact {
    pub account_id: Uuid,
    pub opening: i32,
    pub client_id: Uuid,
    pub original_creditor: String,
    pub current_creditor: String,
    pub creditor_kind: &'static str,
    pub claim_items: i32,
}

pub(crate) async fn keep_claims(conn: &mut PgConnection, facts: &[ClaimFact]) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO claim (account_id, opening, client_id, original_creditor, current_creditor,
                            creditor_kind, claim_items)
         SELECT account_id, opening, client_id, original_creditor, current_creditor, creditor_kind,
                claim_items
         FROM jsonb_to_recordset($1) AS f (account_id uuid, opening int, client_id uuid,
             original_creditor text, current_creditor text, creditor_kind text, claim_items int)
         ORDER BY account_id, opening
         ON CONFLICT DO NOTHING",
        set(facts)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(Serialize)]
pub(crate) struct ItemFact {
    pub account_id: Uuid,
    pub opening: i32,
    pub part: i32,
    pub line: i32,
    pub client_id: Uuid,
    pub kind: &'static str,
    pub number: String,
    pub purchase_order: String,
    pub item_date: Option<Date>,
    pub due_date: Option<Date>,
    pub currency: &'static str,
    pub open_minor: i64,
    pub original_minor: Option<i64>,
}

pub(crate) async fn keep_items(conn: &mut PgConnection, facts: &[ItemFact]) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO claim_item (account_id, opening, part, line, client_id, kind, number, purchase_order,
                                 item_date, due_date, currency, open_minor, original_minor)
         SELECT account_id, opening, part, line, client_id, kind, number, purchase_order, item_date,
                due_date, currency, open_minor, original_minor
         FROM jsonb_to_recordset($1) AS f (account_id uuid, opening int, part int, line int,
             client_id uuid, kind text, number text, purchase_order text, item_date date, due_date date,
             currency text, open_minor bigint, original_minor bigint)
         ORDER BY account_id, opening, part, line
         ON CONFLICT DO NOTHING",
        set(facts)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(Serialize)]
pub(crate) struct PointFact {
    pub search_id: Uuid,
    pub line: i32,
    pub client_id: Uuid,
    pub party_id: Uuid,
    pub address: Option<AddressParts>,
    pub email: Option<String>,
    pub confidence: i32,
    pub found_at: DateTime<Utc>,
}

pub(crate) async fn keep_points(conn: &mut PgConnection, facts: &[PointFact]) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO found_point (search_id, line, client_id, party_id, address, email, confidence, found_at)
         SELECT search_id, line, client_id, party_id, address, email, confidence, found_at
         FROM jsonb_to_recordset($1) AS f (search_id uuid, line int, client_id uuid, party_id uuid,
             address jsonb, email text, confidence int, found_at timestamptz)
         ORDER BY search_id, line
         ON CONFLICT DO NOTHING",
        set(facts)?
    )
    .execute(conn)
    .await?;
    Ok(())
}
