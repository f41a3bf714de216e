//! Attempts: planned, permitted, concluded.

mod list;

use chrono::{DateTime, Utc};
use duly_domain::{AddressParts, AttemptState, Channel, Disposition};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use super::{code, code_opt};
use crate::error::{ContactError, Result};

pub(crate) use list::{Callable, Filter, callable, newest, of_ids, page};

/// One attempt as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub id: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub party: Uuid,
    pub treatment: Option<Uuid>,
    pub letter: Option<Uuid>,
    pub step: String,
    pub try_no: i32,
    pub channel: Channel,
    /// The number or e-mail address; for post its address on one line.
    pub target: Option<String>,
    pub state: AttemptState,
    pub planned_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub decision: Option<Uuid>,
    pub authorized_at: Option<DateTime<Utc>>,
    pub valid_until: Option<DateTime<Utc>>,
    pub crossing: Option<String>,
    pub concluded_at: Option<DateTime<Utc>>,
    pub disposition: Option<Disposition>,
    pub counted: bool,
    pub crossed: bool,
    pub why: String,
}

struct Row {
    attempt_id: Uuid,
    client_id: Uuid,
    account_id: Uuid,
    opening: i32,
    party_id: Uuid,
    treatment_id: Option<Uuid>,
    letter_id: Option<Uuid>,
    step: String,
    try_no: i32,
    channel: String,
    target: Option<String>,
    state: String,
    planned_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    decision_id: Option<Uuid>,
    authorized_at: Option<DateTime<Utc>>,
    valid_until: Option<DateTime<Utc>>,
    crossing: Option<String>,
    concluded_at: Option<DateTime<Utc>>,
    disposition: Option<String>,
    counted: bool,
    crossed: bool,
    why: String,
}

impl TryFrom<Row> for Attempt {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.attempt_id;
        Ok(Self {
            id,
            client: row.client_id,
            account: row.account_id,
            opening: row.opening,
            party: row.party_id,
            treatment: row.treatment_id,
            letter: row.letter_id,
            step: row.step,
            try_no: row.try_no,
            channel: code("attempt", id, &row.channel)?,
            target: row.target,
            state: code("attempt", id, &row.state)?,
            planned_at: row.planned_at,
            expires_at: row.expires_at,
            decision: row.decision_id,
            authorized_at: row.authorized_at,
            valid_until: row.valid_until,
            crossing: row.crossing,
            concluded_at: row.concluded_at,
            disposition: code_opt("attempt", id, row.disposition.as_deref())?,
            counted: row.counted,
            crossed: row.crossed,
            why: row.why,
        })
    }
}

fn attempts(rows: Vec<Row>) -> Result<Vec<Attempt>> {
    rows.into_iter().map(Attempt::try_from).collect()
}

/// An attempt to plan.
pub(crate) struct Plan {
    pub id: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub party: Uuid,
    pub treatment: Uuid,
    pub letter: Option<Uuid>,
    pub step: String,
    pub try_no: i32,
    pub channel: Channel,
    pub target: Option<String>,
    pub address: Option<AddressParts>,
    pub planned_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Plans attempts, one per treatment. A letter that will not be sent, as was heard before, is withdrawn.
/// Each is looked at by the next tick, so that a stop of the same instant withdraws it whichever of the
/// two was heard first.
pub(crate) async fn plan(conn: &mut PgConnection, plans: &[Plan]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = plans.iter().map(|plan| plan.id).collect();
    let clients: Vec<Uuid> = plans.iter().map(|plan| plan.client).collect();
    let accounts: Vec<Uuid> = plans.iter().map(|plan| plan.account).collect();
    let openings: Vec<i32> = plans.iter().map(|plan| plan.opening).collect();
    let parties: Vec<Uuid> = plans.iter().map(|plan| plan.party).collect();
    let treatments: Vec<Uuid> = plans.iter().map(|plan| plan.treatment).collect();
    let letters: Vec<Option<Uuid>> = plans.iter().map(|plan| plan.letter).collect();
    let steps: Vec<String> = plans.iter().map(|plan| plan.step.clone()).collect();
    let tries: Vec<i32> = plans.iter().map(|plan| plan.try_no).collect();
    let channels: Vec<String> = plans.iter().map(|plan| plan.channel.as_str().to_owned()).collect();
    let targets: Vec<Option<String>> = plans.iter().map(|plan| plan.target.clone()).collect();
    let addresses: Vec<Option<Json<AddressParts>>> =
        plans.iter().map(|plan| plan.address.clone().map(Json)).collect();
    let planned: Vec<DateTime<Utc>> = plans.iter().map(|plan| plan.planned_at).collect();
    let expires: Vec<DateTime<Utc>> = plans.iter().map(|plan| plan.expires_at).collect();
    sqlx::query!(
        "INSERT INTO attempt (attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id,
                              step, try_no, channel, target, address, planned_at, expires_at, review,
                              state, why)
         SELECT p.attempt_id, p.client_id, p.account_id, p.opening, p.party_id, p.treatment_id, p.letter_id,
                p.step, p.try_no, p.channel, p.target, p.address, p.planned_at, p.expires_at, true,
                CASE WHEN g.letter_id IS NULL THEN 'planned' ELSE 'withdrawn' END, coalesce(g.reason, '')
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::uuid[], $7::uuid[],
                     $8::text[], $9::int[], $10::text[], $11::text[], $12::jsonb[],
                     $13::timestamptz[], $14::timestamptz[])
             AS p (attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id,
                   step, try_no, channel, target, address, planned_at, expires_at)
         LEFT JOIN letter_gone AS g ON g.letter_id = p.letter_id
         ON CONFLICT DO NOTHING",
        &ids,
        &clients,
        &accounts,
        &openings,
        &parties,
        &treatments,
        &letters as &[Option<Uuid>],
        &steps,
        &tries,
        &channels,
        &targets as &[Option<String>],
        &addresses as &[Option<Json<AddressParts>>],
        &planned,
        &expires
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a tick decides about these parties: plans whose time has come or whose facts have changed, and
/// calls that were permitted and not made in time.
pub(crate) async fn to_decide(
    conn: &mut PgConnection,
    parties: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id, step, try_no,
                channel, target, state, planned_at, expires_at, decision_id, authorized_at, valid_until,
                crossing, concluded_at, disposition, counted, crossed, why
         FROM attempt
         WHERE party_id = ANY ($1)
           AND (state = 'planned' AND (planned_at <= $2 OR review)
                OR state = 'authorized' AND channel = 'call' AND valid_until <= $2)
         ORDER BY attempt_id",
        parties,
        now
    )
    .fetch_all(conn)
    .await?;
    attempts(rows)
}

/// Attempts of these parties that were permitted since then, and were made or may be.
pub(crate) async fn history(
    conn: &mut PgConnection,
    parties: &[Uuid],
    since: DateTime<Utc>,
) -> Result<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id, step, try_no,
                channel, target, state, planned_at, expires_at, decision_id, authorized_at, valid_until,
                crossing, concluded_at, disposition, counted, crossed, why
         FROM attempt
         WHERE party_id = ANY ($1)
           AND (state = 'authorized'
                OR state = 'concluded' AND disposition <> 'not_made' AND concluded_at >= $2)",
        parties,
        since
    )
    .fetch_all(conn)
    .await?;
    attempts(rows)
}

/// When the debt was first spoken of, or written about, to a party.
pub(crate) struct Conveyed {
    pub account: Uuid,
    pub party: Uuid,
    pub spoken_at: Option<DateTime<Utc>>,
    pub written_at: Option<DateTime<Utc>>,
}

/// The first conversations and letters of these parties.
pub(crate) async fn first_conveyed(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> sqlx::Result<Vec<Conveyed>> {
    sqlx::query_as!(
        Conveyed,
        r#"SELECT account_id AS account, party_id AS party,
                  min(concluded_at) FILTER (WHERE channel = 'call') AS spoken_at,
                  min(concluded_at) FILTER (WHERE channel <> 'call') AS written_at
           FROM attempt
           WHERE party_id = ANY ($1) AND disposition IN ('reached', 'sent')
           GROUP BY account_id, party_id"#,
        parties
    )
    .fetch_all(conn)
    .await
}

/// One attempt, where the caller may see it.
pub(crate) async fn get(conn: &mut PgConnection, id: Uuid) -> Result<Option<Attempt>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id, step, try_no,
                channel, target, state, planned_at, expires_at, decision_id, authorized_at, valid_until,
                crossing, concluded_at, disposition, counted, crossed, why
         FROM attempt WHERE attempt_id = $1",
        id
    )
    .fetch_optional(conn)
    .await?;
    row.map(Attempt::try_from).transpose()
}

/// The attempts of these letters.
pub(crate) async fn of_letters(conn: &mut PgConnection, letters: &[Uuid]) -> Result<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id, step, try_no,
                channel, target, state, planned_at, expires_at, decision_id, authorized_at, valid_until,
                crossing, concluded_at, disposition, counted, crossed, why
         FROM attempt WHERE letter_id = ANY ($1)",
        letters
    )
    .fetch_all(conn)
    .await?;
    attempts(rows)
}

/// A collector's own call, permitted at once.
pub(crate) async fn insert_authorized(
    conn: &mut PgConnection,
    attempt: &Attempt,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO attempt (attempt_id, client_id, account_id, opening, party_id, step, try_no, channel,
                              target, state, planned_at, expires_at, decision_id, authorized_at, valid_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'authorized', $10, $11, $12, $13, $14)",
        attempt.id,
        attempt.client,
        attempt.account,
        attempt.opening,
        attempt.party,
        attempt.step,
        attempt.try_no,
        attempt.channel.as_str(),
        attempt.target,
        attempt.planned_at,
        attempt.expires_at,
        attempt.decision,
        attempt.authorized_at,
        attempt.valid_until
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what a tick decided: state, plan, permission, target and why.
pub(crate) async fn decided(conn: &mut PgConnection, changed: &[Attempt]) -> sqlx::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = changed.iter().map(|attempt| attempt.id).collect();
    let states: Vec<String> =
        changed.iter().map(|attempt| attempt.state.as_str().to_owned()).collect();
    let targets: Vec<Option<String>> =
        changed.iter().map(|attempt| attempt.target.clone()).collect();
    let planned: Vec<DateTime<Utc>> = changed.iter().map(|attempt| attempt.planned_at).collect();
    let decisions: Vec<Option<Uuid>> = changed.iter().map(|attempt| attempt.decision).collect();
    let authorized: Vec<Option<DateTime<Utc>>> =
        changed.iter().map(|attempt| attempt.authorized_at).collect();
    let valid: Vec<Option<DateTime<Utc>>> =
        changed.iter().map(|attempt| attempt.valid_until).collect();
    let whys: Vec<String> = changed.iter().map(|attempt| attempt.why.clone()).collect();
    sqlx::query!(
        "UPDATE attempt
         SET state = d.state, target = d.target, planned_at = d.planned_at, decision_id = d.decision_id,
             authorized_at = d.authorized_at, valid_until = d.valid_until, why = d.why, review = false
         FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::uuid[],
                     $6::timestamptz[], $7::timestamptz[], $8::text[])
             AS d (attempt_id, state, target, planned_at, decision_id, authorized_at, valid_until, why)
         WHERE attempt.attempt_id = d.attempt_id",
        &ids,
        &states,
        &targets as &[Option<String>],
        &planned,
        &decisions as &[Option<Uuid>],
        &authorized as &[Option<DateTime<Utc>>],
        &valid as &[Option<DateTime<Utc>>],
        &whys
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes outcomes.
pub(crate) async fn concluded(conn: &mut PgConnection, changed: &[Attempt]) -> sqlx::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = changed.iter().map(|attempt| attempt.id).collect();
    let at: Vec<Option<DateTime<Utc>>> =
        changed.iter().map(|attempt| attempt.concluded_at).collect();
    let dispositions: Vec<Option<String>> = changed
        .iter()
        .map(|attempt| attempt.disposition.map(|code| code.as_str().to_owned()))
        .collect();
    let counted: Vec<bool> = changed.iter().map(|attempt| attempt.counted).collect();
    let crossed: Vec<bool> = changed.iter().map(|attempt| attempt.crossed).collect();
    let whys: Vec<String> = changed.iter().map(|attempt| attempt.why.clone()).collect();
    sqlx::query!(
        "UPDATE attempt
         SET state = 'concluded', concluded_at = c.at, disposition = c.disposition, counted = c.counted,
             crossed = c.crossed, why = c.why
         FROM UNNEST($1::uuid[], $2::timestamptz[], $3::text[], $4::bool[], $5::bool[], $6::text[])
             AS c (attempt_id, at, disposition, counted, crossed, why)
         WHERE attempt.attempt_id = c.attempt_id",
        &ids,
        &at as &[Option<DateTime<Utc>>],
        &dispositions as &[Option<String>],
        &counted,
        &crossed,
        &whys
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Asks the next tick whether the plans of these parties still stand. Answers the parties that have any.
pub(crate) async fn review_parties(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "UPDATE attempt SET review = true WHERE party_id = ANY ($1) AND state = 'planned'
         RETURNING party_id",
        parties
    )
    .fetch_all(conn)
    .await
}

/// The same for the plans of these accounts.
pub(crate) async fn review_accounts(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "UPDATE attempt SET review = true WHERE account_id = ANY ($1) AND state = 'planned'
         RETURNING party_id",
        accounts
    )
    .fetch_all(conn)
    .await
}

/// What is permitted to these parties at present.
pub(crate) async fn authorized_to(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> Result<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT attempt_id, client_id, account_id, opening, party_id, treatment_id, letter_id, step, try_no,
                channel, target, state, planned_at, expires_at, decision_id, authorized_at, valid_until,
                crossing, concluded_at, disposition, counted, crossed, why
         FROM attempt WHERE party_id = ANY ($1) AND state = 'authorized' AND crossing IS NULL",
        parties
    )
    .fetch_all(conn)
    .await?;
    attempts(rows)
}

/// Notes on these that a stop came against them.
pub(crate) async fn cross(conn: &mut PgConnection, ids: &[Uuid], by: &str) -> sqlx::Result<()> {
    sqlx::query!("UPDATE attempt SET crossing = $2 WHERE attempt_id = ANY ($1)", ids, by)
        .execute(conn)
        .await?;
    Ok(())
}

/// A letter that will not be sent.
pub(crate) struct Gone {
    pub letter: Uuid,
    pub client: Uuid,
    pub reason: String,
}

/// Keeps that letters will not be sent, for the case that they are not yet known as prepared.
pub(crate) async fn keep_gone(conn: &mut PgConnection, gone: &[Gone]) -> sqlx::Result<()> {
    let letters: Vec<Uuid> = gone.iter().map(|gone| gone.letter).collect();
    let clients: Vec<Uuid> = gone.iter().map(|gone| gone.client).collect();
    let reasons: Vec<String> = gone.iter().map(|gone| gone.reason.clone()).collect();
    sqlx::query!(
        "INSERT INTO letter_gone (letter_id, client_id, reason)
         SELECT letter_id, client_id, reason
         FROM UNNEST($1::uuid[], $2::uuid[], $3::text[]) AS g (letter_id, client_id, reason)
         ON CONFLICT DO NOTHING",
        &letters,
        &clients,
        &reasons
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these parties for whom something is planned.
pub(crate) async fn planned_for(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "SELECT DISTINCT party_id FROM attempt WHERE party_id = ANY ($1) AND state = 'planned'",
        parties
    )
    .fetch_all(conn)
    .await
}
