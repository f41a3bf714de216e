//! Duties as contact tells them: opened, missed, over, in whatever order they are heard.

use duly_domain::{Date, Instant};
use sqlx::{PgConnection, types::Uuid};

use crate::model::{Facts, Obligation};

/// What one event says of an obligation; the rest of it another says.
#[derive(Debug, Default)]
pub(crate) struct ObligationFact {
    pub obligation: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub client: Option<Uuid>,
    pub party: Option<Uuid>,
    pub code: String,
    pub what: String,
    pub authority: String,
    pub due_on: Option<Date>,
    pub before: String,
    pub ask_on: Option<Date>,
    pub opened_told_at: Option<Instant>,
    pub missed_at: Option<Instant>,
    pub missed_told_at: Option<Instant>,
    pub over_told_at: Option<Instant>,
    pub void: bool,
}

/// Keeps what is said of obligations.
pub(crate) async fn keep(conn: &mut PgConnection, facts: &[ObligationFact]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = facts.iter().map(|f| f.obligation).collect();
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let openings: Vec<i32> = facts.iter().map(|f| f.opening).collect();
    let clients: Vec<Option<Uuid>> = facts.iter().map(|f| f.client).collect();
    let parties: Vec<Option<Uuid>> = facts.iter().map(|f| f.party).collect();
    let codes: Vec<String> = facts.iter().map(|f| f.code.clone()).collect();
    let whats: Vec<String> = facts.iter().map(|f| f.what.clone()).collect();
    let authorities: Vec<String> = facts.iter().map(|f| f.authority.clone()).collect();
    let due: Vec<Option<Date>> = facts.iter().map(|f| f.due_on).collect();
    let before: Vec<String> = facts.iter().map(|f| f.before.clone()).collect();
    let ask: Vec<Option<Date>> = facts.iter().map(|f| f.ask_on).collect();
    let opened: Vec<Option<Instant>> = facts.iter().map(|f| f.opened_told_at).collect();
    let missed: Vec<Option<Instant>> = facts.iter().map(|f| f.missed_at).collect();
    let missed_told: Vec<Option<Instant>> = facts.iter().map(|f| f.missed_told_at).collect();
    let over: Vec<Option<Instant>> = facts.iter().map(|f| f.over_told_at).collect();
    let void: Vec<bool> = facts.iter().map(|f| f.void).collect();
    sqlx::query!(
        "INSERT INTO obligation AS known (obligation_id, account_id, opening, client_id, party_id, code, what,
                                          authority, due_on, before_act, ask_on, opened_told_at, missed_at,
                                          missed_told_at, over_told_at, void)
         SELECT DISTINCT ON (obligation_id) obligation_id, account_id, opening, client_id, party_id, code,
                what, authority, due_on, before_act, ask_on, opened_told_at, missed_at, missed_told_at,
                over_told_at, void
         FROM UNNEST($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
                     $8::text[], $9::date[], $10::text[], $11::date[], $12::timestamptz[],
                     $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::bool[])
             AS f (obligation_id, account_id, opening, client_id, party_id, code, what, authority, due_on,
                   before_act, ask_on, opened_told_at, missed_at, missed_told_at, over_told_at, void)
         ORDER BY obligation_id
         ON CONFLICT (obligation_id) DO UPDATE
         SET client_id = coalesce(known.client_id, excluded.client_id),
             party_id = coalesce(known.party_id, excluded.party_id),
             code = CASE WHEN known.code = '' THEN excluded.code ELSE known.code END,
             what = CASE WHEN known.what = '' THEN excluded.what ELSE known.what END,
             authority = CASE WHEN known.authority = '' THEN excluded.authority ELSE known.authority END,
             due_on = coalesce(known.due_on, excluded.due_on),
             before_act = CASE WHEN known.before_act = '' THEN excluded.before_act ELSE known.before_act END,
             ask_on = coalesce(known.ask_on, excluded.ask_on),
             opened_told_at = coalesce(known.opened_told_at, excluded.opened_told_at),
             missed_at = coalesce(known.missed_at, excluded.missed_at),
             missed_told_at = coalesce(known.missed_told_at, excluded.missed_told_at),
             over_told_at = coalesce(known.over_told_at, excluded.over_told_at),
             void = known.void OR excluded.void",
        &ids,
        &accounts,
        &openings,
        &clients as _,
        &parties as _,
        &codes,
        &whats,
        &authorities,
        &due as _,
        &before,
        &ask as _,
        &opened as _,
        &missed as _,
        &missed_told as _,
        &over as _,
        &void
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these accounts that are not done with, as told before this instant.
pub(crate) async fn load(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    before: Instant,
    facts: &mut Facts,
) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"SELECT obligation_id, account_id, opening, party_id, what, authority, due_on, before_act, ask_on,
                  missed_at, missed_told_at < $2 AS missed, coalesce(over_told_at < $2, false) AS "over!", void, tasked
           FROM obligation
           WHERE account_id = ANY ($1) AND NOT done AND opened_told_at < $2
           ORDER BY due_on, code, what, obligation_id"#,
        accounts,
        before
    )
    .fetch_all(conn)
    .await?;
    for row in rows {
        let known = facts.obligations.entry((row.account_id, row.opening)).or_default();
        known.push(Obligation {
            id: row.obligation_id,
            party: row.party_id,
            what: row.what,
            authority: row.authority,
            due_on: row.due_on,
            before: row.before_act,
            ask_on: row.ask_on,
            missed_at: row.missed_at.filter(|_| row.missed == Some(true)),
            over: row.over,
            void: row.void,
            tasked: row.tasked,
        });
    }
    Ok(())
}

/// Notes that these have their task.
pub(crate) async fn note_tasked(conn: &mut PgConnection, tasked: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!("UPDATE obligation SET tasked = true WHERE obligation_id = ANY ($1)", tasked)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that these are done with.
pub(crate) async fn note_done(conn: &mut PgConnection, done: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!("UPDATE obligation SET done = true WHERE obligation_id = ANY ($1)", done)
        .execute(conn)
        .await?;
    Ok(())
}
