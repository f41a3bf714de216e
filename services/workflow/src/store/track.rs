//! Tracks.

use duly_domain::Instant;
use duly_strategy::Position;
use sqlx::{PgConnection, types::Uuid};

use super::{code, code_opt, count, stored};
use crate::{error::Result, model::Track};

/// A track as stored.
struct Row {
    account_id: Uuid,
    opening: i32,
    party_id: Uuid,
    case_id: Uuid,
    client_id: Uuid,
    position: i32,
    role: String,
    state: String,
    step: String,
    entered_at: Option<Instant>,
    tries: i32,
    kept_back: i32,
    rests_until: Option<Instant>,
    treatment_id: Option<Uuid>,
    returned_step: Option<String>,
    exhausted_code: String,
    stopped: bool,
    why: String,
    next: String,
    next_at: Option<Instant>,
}

impl TryFrom<Row> for Track {
    type Error = crate::error::WorkflowError;

    fn try_from(row: Row) -> Result<Self> {
        let (table, id) = ("track", row.account_id);
        let position = match row.entered_at {
            None => None,
            Some(entered_at) => Some(Position {
                step: row.step,
                entered_at,
                tries: count(table, id, row.tries)?,
                kept_back: count(table, id, row.kept_back)?,
                rests_until: row.rests_until,
            }),
        };
        Ok(Self {
            account: id,
            opening: row.opening,
            party: row.party_id,
            case: row.case_id,
            client: row.client_id,
            place: row.position,
            role: code(table, id, &row.role)?,
            state: code(table, id, &row.state)?,
            position,
            treatment: row.treatment_id,
            returned_step: row.returned_step,
            exhausted: code_opt(table, id, &row.exhausted_code)?,
            stopped: row.stopped,
            why: row.why,
            next: row.next,
            next_at: row.next_at,
        })
    }
}

/// The tracks of these accounts, in the order of their parties.
pub(crate) async fn of_accounts(conn: &mut PgConnection, accounts: &[Uuid]) -> Result<Vec<Track>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT account_id, opening, party_id, case_id, client_id, position, role, state, step, entered_at,
                tries, kept_back, rests_until, treatment_id, returned_step, exhausted_code, stopped, why,
                next, next_at
         FROM track WHERE account_id = ANY ($1) ORDER BY account_id, opening, position",
        accounts
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Track::try_from).collect()
}

/// Writes tracks, new ones and changed ones.
pub(crate) async fn put(conn: &mut PgConnection, tracks: &[Track]) -> sqlx::Result<()> {
    let at = |track: &Track| track.position.clone();
    let accounts: Vec<Uuid> = tracks.iter().map(|t| t.account).collect();
    let openings: Vec<i32> = tracks.iter().map(|t| t.opening).collect();
    let parties: Vec<Uuid> = tracks.iter().map(|t| t.party).collect();
    let cases: Vec<Uuid> = tracks.iter().map(|t| t.case).collect();
    let clients: Vec<Uuid> = tracks.iter().map(|t| t.client).collect();
    let places: Vec<i32> = tracks.iter().map(|t| t.place).collect();
    let roles: Vec<String> = tracks.iter().map(|t| t.role.as_str().to_owned()).collect();
    let states: Vec<String> = tracks.iter().map(|t| t.state.as_str().to_owned()).collect();
    let steps: Vec<String> =
        tracks.iter().map(|t| at(t).map(|p| p.step).unwrap_or_default()).collect();
    let entered: Vec<Option<Instant>> =
        tracks.iter().map(|t| at(t).map(|p| p.entered_at)).collect();
    let tries: Vec<i32> = tracks.iter().map(|t| at(t).map_or(0, |p| stored(p.tries))).collect();
    let kept_back: Vec<i32> =
        tracks.iter().map(|t| at(t).map_or(0, |p| stored(p.kept_back))).collect();
    let rests: Vec<Option<Instant>> =
        tracks.iter().map(|t| at(t).and_then(|p| p.rests_until)).collect();
    let treatments: Vec<Option<Uuid>> = tracks.iter().map(|t| t.treatment).collect();
    let returned: Vec<Option<String>> = tracks.iter().map(|t| t.returned_step.clone()).collect();
    let codes: Vec<String> = tracks
        .iter()
        .map(|t| t.exhausted.map(|code| code.as_str().to_owned()).unwrap_or_default())
        .collect();
    let stopped: Vec<bool> = tracks.iter().map(|t| t.stopped).collect();
    let why: Vec<String> = tracks.iter().map(|t| t.why.clone()).collect();
    let next: Vec<String> = tracks.iter().map(|t| t.next.clone()).collect();
    let next_at: Vec<Option<Instant>> = tracks.iter().map(|t| t.next_at).collect();
    sqlx::query!(
        "INSERT INTO track (account_id, opening, party_id, case_id, client_id, position, role, state, step,
                            entered_at, tries, kept_back, rests_until, treatment_id, returned_step,
                            exhausted_code, stopped, why, next, next_at)
         SELECT * FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[],
                              $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::int[],
                              $12::int[], $13::timestamptz[], $14::uuid[], $15::text[], $16::text[],
                              $17::bool[], $18::text[], $19::text[], $20::timestamptz[])
             AS f (account_id, opening, party_id)
         ORDER BY account_id, opening, party_id
         ON CONFLICT (account_id, opening, party_id) DO UPDATE
         SET state = excluded.state, step = excluded.step, entered_at = excluded.entered_at,
             tries = excluded.tries, kept_back = excluded.kept_back, rests_until = excluded.rests_until,
             treatment_id = excluded.treatment_id, returned_step = excluded.returned_step,
             exhausted_code = excluded.exhausted_code, stopped = excluded.stopped, why = excluded.why, next = excluded.next,
             next_at = excluded.next_at",
        &accounts,
        &openings,
        &parties,
        &cases,
        &clients,
        &places,
        &roles,
        &states,
        &steps,
        &entered as _,
        &tries,
        &kept_back,
        &rests as _,
        &treatments as _,
        &returned as _,
        &codes,
        &stopped,
        &why,
        &next,
        &next_at as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the tracks of an account that begins another strategy. What was asked for stays.
pub(crate) async fn forget(
    conn: &mut PgConnection,
    account: Uuid,
    opening: i32,
) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM track WHERE account_id = $1 AND opening = $2", account, opening)
        .execute(conn)
        .await?;
    Ok(())
}
