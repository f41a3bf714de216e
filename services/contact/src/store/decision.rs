//! Decisions of the guard. Only ever inserted.

use chrono::{DateTime, Utc};
use duly_compliance::Reason;
use duly_domain::{Channel, Verdict};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use super::{code, code_opt};
use crate::error::Result;

/// One decision.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    pub id: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub party: Uuid,
    pub attempt: Option<Uuid>,
    pub channel: Channel,
    pub decided_at: DateTime<Utc>,
    /// The instant judged.
    pub about_at: DateTime<Utc>,
    pub verdict: Verdict,
    pub reasons: Vec<Reason>,
    pub next_permitted_at: Option<DateTime<Utc>>,
    pub requires: Vec<String>,
    pub rule_packs: Vec<String>,
    /// What the guard was shown.
    pub facts: serde_json::Value,
    /// What it said, before rules of our own.
    pub said: String,
}

/// Keeps decisions.
pub(crate) async fn insert(conn: &mut PgConnection, rows: &[Decision]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client).collect();
    let accounts: Vec<Uuid> = rows.iter().map(|row| row.account).collect();
    let openings: Vec<i32> = rows.iter().map(|row| row.opening).collect();
    let parties: Vec<Uuid> = rows.iter().map(|row| row.party).collect();
    let attempts: Vec<Option<Uuid>> = rows.iter().map(|row| row.attempt).collect();
    let channels: Vec<String> = rows.iter().map(|row| row.channel.as_str().to_owned()).collect();
    let decided: Vec<DateTime<Utc>> = rows.iter().map(|row| row.decided_at).collect();
    let about: Vec<DateTime<Utc>> = rows.iter().map(|row| row.about_at).collect();
    let verdicts: Vec<String> = rows.iter().map(|row| row.verdict.as_str().to_owned()).collect();
    let first = |of: fn(&Reason) -> String| -> Vec<String> {
        rows.iter().map(|row| row.reasons.first().map(of).unwrap_or_default()).collect()
    };
    let rules = first(|reason| reason.rule.to_string());
    let authorities = first(|reason| reason.authority.to_string());
    let forces: Vec<Option<String>> = rows
        .iter()
        .map(|row| row.reasons.first().map(|reason| reason.force.as_str().to_owned()))
        .collect();
    let reasons: Vec<Json<&Vec<Reason>>> = rows.iter().map(|row| Json(&row.reasons)).collect();
    let next: Vec<Option<DateTime<Utc>>> = rows.iter().map(|row| row.next_permitted_at).collect();
    // Arrays of arrays do not unnest into rows: one text per row, of codes without commas.
    let requires: Vec<String> = rows.iter().map(|row| row.requires.join(",")).collect();
    let packs: Vec<String> = rows.iter().map(|row| row.rule_packs.join(",")).collect();
    let said: Vec<String> = rows.iter().map(|row| row.said.clone()).collect();
    let facts: Vec<serde_json::Value> = rows.iter().map(|row| row.facts.clone()).collect();
    sqlx::query!(
        "INSERT INTO decision (decision_id, client_id, account_id, opening, party_id, attempt_id, channel,
                               decided_at, about_at, verdict, rule, authority, force, reasons,
                               next_permitted_at, requires, rule_packs, facts, said)
         SELECT decision_id, client_id, account_id, opening, party_id, attempt_id, channel, decided_at,
                about_at, verdict, rule, authority, force, reasons, next_permitted_at,
                string_to_array(requires, ','), string_to_array(rule_packs, ','), facts, said
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::uuid[], $7::text[],
                     $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::text[],
                     $13::text[], $14::jsonb[], $15::timestamptz[], $16::text[], $17::text[], $18::jsonb[],
                     $19::text[])
             AS d (decision_id, client_id, account_id, opening, party_id, attempt_id, channel, decided_at,
                   about_at, verdict, rule, authority, force, reasons, next_permitted_at, requires,
                   rule_packs, facts, said)",
        &ids,
        &clients,
        &accounts,
        &openings,
        &parties,
        &attempts as &[Option<Uuid>],
        &channels,
        &decided,
        &about,
        &verdicts,
        &rules,
        &authorities,
        &forces as &[Option<String>],
        &reasons as &[Json<&Vec<Reason>>],
        &next as &[Option<DateTime<Utc>>],
        &requires,
        &packs,
        &facts,
        &said
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What the content of a decided attempt must carry.
pub(crate) async fn requires(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Vec<String>> {
    let found = sqlx::query_scalar!("SELECT requires FROM decision WHERE decision_id = $1", id)
        .fetch_optional(conn)
        .await?;
    Ok(found.unwrap_or_default())
}

/// The newest decisions about an account, without their facts.
pub(crate) async fn newest(conn: &mut PgConnection, account: Uuid) -> Result<Vec<Decision>> {
    let rows = sqlx::query!(
        r#"SELECT decision_id, client_id, account_id, opening, party_id, attempt_id, channel, decided_at,
                  about_at, verdict, reasons AS "reasons: Json<Vec<Reason>>", next_permitted_at, requires,
                  rule_packs
           FROM decision WHERE account_id = $1 ORDER BY decided_at DESC, decision_id DESC LIMIT 100"#,
        account
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Decision {
                id: row.decision_id,
                client: row.client_id,
                account: row.account_id,
                opening: row.opening,
                party: row.party_id,
                attempt: row.attempt_id,
                channel: code("decision", row.decision_id, &row.channel)?,
                decided_at: row.decided_at,
                about_at: row.about_at,
                verdict: code("decision", row.decision_id, &row.verdict)?,
                reasons: row.reasons.0,
                next_permitted_at: row.next_permitted_at,
                requires: row.requires,
                rule_packs: row.rule_packs,
                facts: serde_json::Value::Null,
                said: String::new(),
            })
        })
        .collect()
}

/// What a decision keeps to be taken again.
pub(crate) struct Kept {
    pub id: Uuid,
    pub decided_at: DateTime<Utc>,
    pub rule_packs: Vec<String>,
    pub facts: serde_json::Value,
    pub said: String,
}

/// One decision as it is kept.
pub(crate) async fn kept(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Kept>> {
    sqlx::query_as!(
        Kept,
        "SELECT decision_id AS id, decided_at, rule_packs, facts, said FROM decision
         WHERE decision_id = $1",
        id
    )
    .fetch_optional(conn)
    .await
}

/// A page of them, or of those since an instant, in the order of their ids.
pub(crate) async fn kept_page(
    conn: &mut PgConnection,
    since: Option<DateTime<Utc>>,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Kept>> {
    sqlx::query_as!(
        Kept,
        "SELECT decision_id AS id, decided_at, rule_packs, facts, said FROM decision
         WHERE decision_id > $2 AND ($1::timestamptz IS NULL OR decided_at >= $1)
         ORDER BY decision_id LIMIT $3",
        since,
        after,
        limit
    )
    .fetch_all(conn)
    .await
}

/// So many decisions of a kind.
pub(crate) struct Count {
    pub verdict: Verdict,
    pub channel: Channel,
    pub rule: String,
    pub authority: String,
    pub force: Option<duly_domain::Force>,
    pub count: i64,
}

/// How many decisions there were, by verdict, channel and first reason.
pub(crate) async fn count(conn: &mut PgConnection) -> Result<Vec<Count>> {
    let rows = sqlx::query!(
        r#"SELECT verdict, channel, rule, authority, force, count(*) AS "count!" FROM decision
           GROUP BY verdict, channel, rule, authority, force
           ORDER BY verdict, channel, rule, authority, force"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Count {
                verdict: code("decision", Uuid::nil(), &row.verdict)?,
                channel: code("decision", Uuid::nil(), &row.channel)?,
                rule: row.rule,
                authority: row.authority,
                force: code_opt("decision", Uuid::nil(), row.force.as_deref())?,
                count: row.count,
            })
        })
        .collect()
}
