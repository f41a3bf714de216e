//! Obligations: duties that facts opened, and what became of them.

use chrono::{DateTime, Utc};
use duly_domain::{Date, Force};
use sqlx::{PgConnection, types::Uuid};

use super::code;
use crate::{
    codes::{Code as _, ObligationState},
    error::{ContactError, Result},
};

/// One obligation as it was last noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Obligation {
    pub id: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub party: Uuid,
    /// The number or address that it concerns.
    pub address: Option<String>,
    pub code: String,
    /// `None`: it is not known since when the account is here.
    pub opened_at: Option<DateTime<Utc>>,
    /// Tells apart those that are the same in every other respect.
    pub ordinal: i32,
    pub what: String,
    pub met: String,
    pub authority: String,
    pub force: Force,
    /// What its day rests on.
    pub day_force: Force,
    pub due_on: Option<Date>,
    pub not_before: Option<Date>,
    /// The act that it comes before, where it has no day.
    pub before: Option<String>,
    /// The rule that it makes block contact.
    pub blocks: Option<String>,
    pub state: ObligationState,
    /// Somebody still has to do it.
    pub owed: bool,
    pub discharged_at: Option<DateTime<Utc>>,
    pub lapsed_at: Option<DateTime<Utc>>,
}

/// What makes an obligation the same at two ticks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub party: Uuid,
    pub account: Uuid,
    pub code: String,
    pub opened_at: Option<DateTime<Utc>>,
    pub address: Option<String>,
    pub ordinal: i32,
}

impl Obligation {
    /// What it is known by.
    pub(crate) fn key(&self) -> Key {
        Key {
            party: self.party,
            account: self.account,
            code: self.code.clone(),
            opened_at: self.opened_at,
            address: self.address.clone(),
            ordinal: self.ordinal,
        }
    }
}

struct Row {
    obligation_id: Uuid,
    client_id: Uuid,
    account_id: Uuid,
    opening: i32,
    party_id: Uuid,
    address: Option<String>,
    code: String,
    opened_at: Option<DateTime<Utc>>,
    ordinal: i32,
    what: String,
    met: String,
    authority: String,
    force: String,
    day_force: String,
    due_on: Option<Date>,
    not_before: Option<Date>,
    before_act: Option<String>,
    blocks: Option<String>,
    state: String,
    owed: bool,
    discharged_at: Option<DateTime<Utc>>,
    lapsed_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Obligation {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.obligation_id;
        Ok(Self {
            id,
            client: row.client_id,
            account: row.account_id,
            opening: row.opening,
            party: row.party_id,
            address: row.address,
            code: row.code,
            opened_at: row.opened_at,
            ordinal: row.ordinal,
            what: row.what,
            met: row.met,
            authority: row.authority,
            force: code("obligation", id, &row.force)?,
            day_force: code("obligation", id, &row.day_force)?,
            due_on: row.due_on,
            not_before: row.not_before,
            before: row.before_act,
            blocks: row.blocks,
            state: ObligationState::stored("obligation", id, &row.state)?,
            owed: row.owed,
            discharged_at: row.discharged_at,
            lapsed_at: row.lapsed_at,
        })
    }
}

fn all(rows: Vec<Row>) -> Result<Vec<Obligation>> {
    rows.into_iter().map(Obligation::try_from).collect()
}

/// Those of these parties whose opening facts still stand.
pub(crate) async fn of_parties(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> Result<Vec<Obligation>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT obligation_id, client_id, account_id, opening, party_id, address, code, opened_at, ordinal,
                what, met, authority, force, day_force, due_on, not_before, before_act, blocks, state,
                owed, discharged_at, lapsed_at
         FROM obligation WHERE party_id = ANY ($1) AND state <> 'void'",
        parties
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}

/// Keeps new ones, as this tick noted them.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    rows: &[Obligation],
    noted_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let clients: Vec<Uuid> = rows.iter().map(|row| row.client).collect();
    let accounts: Vec<Uuid> = rows.iter().map(|row| row.account).collect();
    let openings: Vec<i32> = rows.iter().map(|row| row.opening).collect();
    let parties: Vec<Uuid> = rows.iter().map(|row| row.party).collect();
    let addresses: Vec<Option<String>> = rows.iter().map(|row| row.address.clone()).collect();
    let codes: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
    let opened: Vec<Option<DateTime<Utc>>> = rows.iter().map(|row| row.opened_at).collect();
    let ordinals: Vec<i32> = rows.iter().map(|row| row.ordinal).collect();
    let whats: Vec<String> = rows.iter().map(|row| row.what.clone()).collect();
    let mets: Vec<String> = rows.iter().map(|row| row.met.clone()).collect();
    let authorities: Vec<String> = rows.iter().map(|row| row.authority.clone()).collect();
    let forces: Vec<String> = rows.iter().map(|row| row.force.as_str().to_owned()).collect();
    let days: Vec<String> = rows.iter().map(|row| row.day_force.as_str().to_owned()).collect();
    let due: Vec<Option<Date>> = rows.iter().map(|row| row.due_on).collect();
    let not_before: Vec<Option<Date>> = rows.iter().map(|row| row.not_before).collect();
    let before: Vec<Option<String>> = rows.iter().map(|row| row.before.clone()).collect();
    let blocks: Vec<Option<String>> = rows.iter().map(|row| row.blocks.clone()).collect();
    let states: Vec<String> = rows.iter().map(|row| row.state.code().to_owned()).collect();
    let owed: Vec<bool> = rows.iter().map(|row| row.owed).collect();
    let discharged: Vec<Option<DateTime<Utc>>> = rows.iter().map(|row| row.discharged_at).collect();
    let lapsed: Vec<Option<DateTime<Utc>>> = rows.iter().map(|row| row.lapsed_at).collect();
    sqlx::query!(
        "INSERT INTO obligation (obligation_id, client_id, account_id, opening, party_id, address, code,
                                 opened_at, ordinal, what, met, authority, force, day_force, due_on,
                                 not_before, before_act, blocks, state, owed, discharged_at, lapsed_at,
                                 noted_at)
         SELECT obligation_id, client_id, account_id, opening, party_id, address, code, opened_at, ordinal,
                what, met, authority, force, day_force, due_on, not_before, before_act, blocks, state,
                owed, discharged_at, lapsed_at, $23
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::text[],
                     $8::timestamptz[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[],
                     $14::text[], $15::date[], $16::date[], $17::text[], $18::text[], $19::text[],
                     $20::bool[], $21::timestamptz[], $22::timestamptz[])
             AS o (obligation_id, client_id, account_id, opening, party_id, address, code, opened_at,
                   ordinal, what, met, authority, force, day_force, due_on, not_before, before_act,
                   blocks, state, owed, discharged_at, lapsed_at)",
        &ids,
        &clients,
        &accounts,
        &openings,
        &parties,
        &addresses as &[Option<String>],
        &codes,
        &opened as &[Option<DateTime<Utc>>],
        &ordinals,
        &whats,
        &mets,
        &authorities,
        &forces,
        &days,
        &due as &[Option<Date>],
        &not_before as &[Option<Date>],
        &before as &[Option<String>],
        &blocks as &[Option<String>],
        &states,
        &owed,
        &discharged as &[Option<DateTime<Utc>>],
        &lapsed as &[Option<DateTime<Utc>>],
        noted_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes how these stand by now.
pub(crate) async fn update(
    conn: &mut PgConnection,
    rows: &[Obligation],
    noted_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let due: Vec<Option<Date>> = rows.iter().map(|row| row.due_on).collect();
    let not_before: Vec<Option<Date>> = rows.iter().map(|row| row.not_before).collect();
    let blocks: Vec<Option<String>> = rows.iter().map(|row| row.blocks.clone()).collect();
    let states: Vec<String> = rows.iter().map(|row| row.state.code().to_owned()).collect();
    let owed: Vec<bool> = rows.iter().map(|row| row.owed).collect();
    let discharged: Vec<Option<DateTime<Utc>>> = rows.iter().map(|row| row.discharged_at).collect();
    let lapsed: Vec<Option<DateTime<Utc>>> = rows.iter().map(|row| row.lapsed_at).collect();
    sqlx::query!(
        "UPDATE obligation
         SET due_on = o.due_on, not_before = o.not_before, blocks = o.blocks, state = o.state,
             owed = o.owed, discharged_at = o.discharged_at, lapsed_at = o.lapsed_at, noted_at = $9
         FROM UNNEST($1::uuid[], $2::date[], $3::date[], $4::text[], $5::text[], $6::bool[],
                     $7::timestamptz[], $8::timestamptz[])
             AS o (obligation_id, due_on, not_before, blocks, state, owed, discharged_at, lapsed_at)
         WHERE obligation.obligation_id = o.obligation_id",
        &ids,
        &due as &[Option<Date>],
        &not_before as &[Option<Date>],
        &blocks as &[Option<String>],
        &states,
        &owed,
        &discharged as &[Option<DateTime<Utc>>],
        &lapsed as &[Option<DateTime<Utc>>],
        noted_at
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which obligations a list is of.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub account: Option<Uuid>,
    pub client: Option<Uuid>,
    pub state: Option<ObligationState>,
    pub due_before: Option<Date>,
    pub owed_only: bool,
}

/// Where a row stands in the list: what has no day comes last.
pub(crate) type Place = (Date, Uuid);

/// The place of an obligation.
pub(crate) fn place(row: &Obligation) -> Place {
    (row.due_on.unwrap_or(NO_DAY), row.id)
}

/// Later than every day that a duty can have.
const NO_DAY: Date = Date::from_ymd_opt(9999, 12, 31).expect("a day");

/// A page of obligations, what is due first ahead.
pub(crate) async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Obligation>> {
    let (after_on, after_id) = after.unzip();
    let rows = sqlx::query_as!(
        Row,
        "SELECT obligation_id, client_id, account_id, opening, party_id, address, code, opened_at, ordinal,
                what, met, authority, force, day_force, due_on, not_before, before_act, blocks, state,
                owed, discharged_at, lapsed_at
         FROM obligation
         WHERE ($1::uuid IS NULL OR account_id = $1) AND ($2::uuid IS NULL OR client_id = $2)
           AND ($3::text IS NULL OR state = $3) AND ($4::date IS NULL OR due_on < $4)
           AND (owed OR NOT $5)
           AND ($7::uuid IS NULL OR (coalesce(due_on, '9999-12-31'), obligation_id) > ($6, $7))
         ORDER BY coalesce(due_on, '9999-12-31'), obligation_id LIMIT $8",
        filter.account,
        filter.client,
        filter.state.map(ObligationState::code),
        filter.due_before,
        filter.owed_only,
        after_on,
        after_id,
        limit
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}

/// When these accounts ended, in each of their openings.
pub(crate) async fn ends_of(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, DateTime<Utc>)>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, min(told_at) AS "at!" FROM account_end
           WHERE account_id = ANY ($1) AND kind <> 'settled'
           GROUP BY account_id, opening ORDER BY account_id, opening"#,
        accounts
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.at)).collect())
}
