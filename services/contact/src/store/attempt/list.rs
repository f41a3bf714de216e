//! Lists of attempts.

use chrono::{DateTime, Utc};
use duly_domain::AttemptState;
use sqlx::{PgConnection, types::Uuid};

use super::{Attempt, Row, attempts};
use crate::error::Result;

/// Which attempts to list.
pub(crate) struct Filter {
    pub account: Option<Uuid>,
    pub state: Option<AttemptState>,
    pub crossed_only: bool,
}

/// A page of attempts, first planned first.
pub(crate) async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id, step, try_no,
                channel, target, state, planned_at, expires_at, decision_id, authorized_at, valid_until,
                crossing, concluded_at, disposition, counted, crossed, why
         FROM attempt
         WHERE attempt_id > $1 AND ($2::uuid IS NULL OR account_id = $2)
           AND ($3::text IS NULL OR state = $3) AND (NOT $4 OR crossed)
         ORDER BY attempt_id LIMIT $5",
        after,
        filter.account,
        filter.state.map(AttemptState::as_str),
        filter.crossed_only,
        limit
    )
    .fetch_all(conn)
    .await?;
    attempts(rows)
}

/// The newest attempts of an account.
pub(crate) async fn newest(conn: &mut PgConnection, account: Uuid) -> Result<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id, step, try_no,
                channel, target, state, planned_at, expires_at, decision_id, authorized_at, valid_until,
                crossing, concluded_at, disposition, counted, crossed, why
         FROM attempt WHERE account_id = $1 ORDER BY planned_at DESC, attempt_id DESC LIMIT 100",
        account
    )
    .fetch_all(conn)
    .await?;
    attempts(rows)
}

/// These attempts.
pub(crate) async fn of_ids(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id, step, try_no,
                channel, target, state, planned_at, expires_at, decision_id, authorized_at, valid_until,
                crossing, concluded_at, disposition, counted, crossed, why
         FROM attempt WHERE attempt_id = ANY ($1) ORDER BY attempt_id",
        ids
    )
    .fetch_all(conn)
    .await?;
    attempts(rows)
}

/// A call that may be made now, with the references by which the list is ordered.
pub(crate) struct Callable {
    pub attempt: Attempt,
    pub client_ref: String,
    pub client_account_ref: String,
    pub position: i32,
    pub name: String,
    pub requires: Vec<String>,
}

/// Calls that may be made now: permitted, in time, not started, nothing told against them since. Ordered by the
/// clients' references.
pub(crate) async fn callable(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<Callable>> {
    let rows = sqlx::query!(
        "SELECT t.attempt_id, t.client_id, t.account_id, t.opening, t.party_id, t.treatment_id, t.letter_id,
                t.step, t.try_no, t.channel, t.target, t.state, t.planned_at, t.expires_at, t.decision_id,
                t.authorized_at, t.valid_until, t.crossing, t.concluded_at, t.disposition, t.counted,
                t.crossed, t.why, a.client_ref, a.client_account_ref, p.position, p.name, d.requires
         FROM attempt AS t
         JOIN account AS a ON a.account_id = t.account_id AND a.opening = t.opening
         JOIN account_party AS p
           ON p.account_id = t.account_id AND p.opening = t.opening AND p.party_id = t.party_id
         JOIN decision AS d ON d.decision_id = t.decision_id
         WHERE t.state = 'authorized' AND t.channel = 'call' AND t.valid_until > $1
           AND t.crossing IS NULL
           AND NOT EXISTS (SELECT FROM call_start AS s WHERE s.attempt_id = t.attempt_id)
         ORDER BY a.client_ref, a.client_account_ref, p.position, t.step, t.try_no, t.attempt_id",
        now
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let attempt = Row {
                attempt_id: row.attempt_id,
                client_id: row.client_id,
                account_id: row.account_id,
                opening: row.opening,
                party_id: row.party_id,
                treatment_id: row.treatment_id,
                letter_id: row.letter_id,
                step: row.step,
                try_no: row.try_no,
                channel: row.channel,
                target: row.target,
                state: row.state,
                planned_at: row.planned_at,
                expires_at: row.expires_at,
                decision_id: row.decision_id,
                authorized_at: row.authorized_at,
                valid_until: row.valid_until,
                crossing: row.crossing,
                concluded_at: row.concluded_at,
                disposition: row.disposition,
                counted: row.counted,
                crossed: row.crossed,
                why: row.why,
            };
            Ok(Callable {
                attempt: attempt.try_into()?,
                client_ref: row.client_ref,
                client_account_ref: row.client_account_ref,
                position: row.position,
                name: row.name,
                requires: row.requires,
            })
        })
        .collect()
}
