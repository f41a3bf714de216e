//! Stops.

use chrono::{DateTime, Utc};
use duly_domain::{Channel, StopKind};
use sqlx::{PgConnection, types::Uuid};

use super::{code, code_opt};
use crate::error::{ContactError, Result};

/// One stop.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    pub id: Uuid,
    pub client: Uuid,
    pub party: Uuid,
    /// `None`: every account of the party.
    pub account: Option<Uuid>,
    /// The account at which it was stated, whatever its scope.
    pub stated_at: Uuid,
    pub kind: StopKind,
    pub channel: Option<Channel>,
    pub address: Option<String>,
    pub received_at: DateTime<Utc>,
    pub placed_at: DateTime<Utc>,
    /// The actor: role and subject.
    pub placed_by: String,
    pub source: String,
    pub evidence: String,
    pub lifted_at: Option<DateTime<Utc>>,
    pub lift_reason: Option<String>,
}

struct Row {
    stop_id: Uuid,
    client_id: Uuid,
    party_id: Uuid,
    account_id: Option<Uuid>,
    stated_at_account_id: Uuid,
    kind: String,
    channel: Option<String>,
    address: Option<String>,
    received_at: DateTime<Utc>,
    placed_at: DateTime<Utc>,
    placed_by: String,
    source: String,
    evidence: String,
    lifted_at: Option<DateTime<Utc>>,
    lift_reason: Option<String>,
}

impl TryFrom<Row> for Stop {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.stop_id;
        Ok(Self {
            id,
            client: row.client_id,
            party: row.party_id,
            account: row.account_id,
            stated_at: row.stated_at_account_id,
            kind: code("stop", id, &row.kind)?,
            channel: code_opt("stop", id, row.channel.as_deref())?,
            address: row.address,
            received_at: row.received_at,
            placed_at: row.placed_at,
            placed_by: row.placed_by,
            source: row.source,
            evidence: row.evidence,
            lifted_at: row.lifted_at,
            lift_reason: row.lift_reason,
        })
    }
}

fn stops(rows: Vec<Row>) -> Result<Vec<Stop>> {
    rows.into_iter().map(Stop::try_from).collect()
}

/// Places stops.
pub(crate) async fn insert(conn: &mut PgConnection, stops: &[Stop]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = stops.iter().map(|stop| stop.id).collect();
    let clients: Vec<Uuid> = stops.iter().map(|stop| stop.client).collect();
    let parties: Vec<Uuid> = stops.iter().map(|stop| stop.party).collect();
    let accounts: Vec<Option<Uuid>> = stops.iter().map(|stop| stop.account).collect();
    let stated: Vec<Uuid> = stops.iter().map(|stop| stop.stated_at).collect();
    let kinds: Vec<String> = stops.iter().map(|stop| stop.kind.as_str().to_owned()).collect();
    let channels: Vec<Option<String>> =
        stops.iter().map(|stop| stop.channel.map(|code| code.as_str().to_owned())).collect();
    let addresses: Vec<Option<String>> = stops.iter().map(|stop| stop.address.clone()).collect();
    let received: Vec<DateTime<Utc>> = stops.iter().map(|stop| stop.received_at).collect();
    let placed: Vec<DateTime<Utc>> = stops.iter().map(|stop| stop.placed_at).collect();
    let placers: Vec<String> = stops.iter().map(|stop| stop.placed_by.clone()).collect();
    let sources: Vec<String> = stops.iter().map(|stop| stop.source.clone()).collect();
    let evidence: Vec<String> = stops.iter().map(|stop| stop.evidence.clone()).collect();
    sqlx::query!(
        "INSERT INTO stop (stop_id, client_id, party_id, account_id, stated_at_account_id, kind, channel,
                           address, placed_at, source, evidence, received_at, placed_by)
         SELECT stop_id, client_id, party_id, account_id, stated_at_account_id, kind, channel, address,
                placed_at, source, evidence, received_at, placed_by
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $11::uuid[], $5::text[], $6::text[],
                     $7::text[], $8::timestamptz[], $9::text[], $10::text[], $12::timestamptz[],
                     $13::text[])
             AS s (stop_id, client_id, party_id, account_id, stated_at_account_id, kind, channel, address,
                   placed_at, source, evidence, received_at, placed_by)",
        &ids,
        &clients,
        &parties,
        &accounts as &[Option<Uuid>],
        &kinds,
        &channels as &[Option<String>],
        &addresses as &[Option<String>],
        &placed,
        &sources,
        &evidence,
        &stated,
        &received,
        &placers
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Standing stops of these parties.
pub(crate) async fn standing(conn: &mut PgConnection, parties: &[Uuid]) -> Result<Vec<Stop>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT stop_id, client_id, party_id, account_id, stated_at_account_id, kind, channel, address,
                received_at, placed_at, placed_by, source, evidence, lifted_at, lift_reason
         FROM stop WHERE party_id = ANY ($1) AND lifted_at IS NULL ORDER BY placed_at, stop_id",
        parties
    )
    .fetch_all(conn)
    .await?;
    stops(rows)
}

/// What the guard reads of these parties: the stops that stand, and opt-outs that were lifted, as each has
/// ended the consents before it.
pub(crate) async fn bearing(conn: &mut PgConnection, parties: &[Uuid]) -> Result<Vec<Stop>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT stop_id, client_id, party_id, account_id, stated_at_account_id, kind, channel, address,
                received_at, placed_at, placed_by, source, evidence, lifted_at, lift_reason
         FROM stop WHERE party_id = ANY ($1) AND (lifted_at IS NULL OR kind = 'opt_out')
         ORDER BY placed_at, stop_id",
        parties
    )
    .fetch_all(conn)
    .await?;
    stops(rows)
}

/// One stop, where the caller may see it.
pub(crate) async fn get(conn: &mut PgConnection, id: Uuid) -> Result<Option<Stop>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT stop_id, client_id, party_id, account_id, stated_at_account_id, kind, channel, address,
                received_at, placed_at, placed_by, source, evidence, lifted_at, lift_reason
         FROM stop WHERE stop_id = $1",
        id
    )
    .fetch_optional(conn)
    .await?;
    row.map(Stop::try_from).transpose()
}

/// Lifts one.
pub(crate) async fn lift(
    conn: &mut PgConnection,
    id: Uuid,
    at: DateTime<Utc>,
    reason: &str,
    by: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE stop SET lifted_at = $2, lift_reason = $3, lifted_by = $4 WHERE stop_id = $1",
        id,
        at,
        reason,
        by
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A page of stops: of one account with those that hold for every account of its parties, or of all.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    with_lifted: bool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Stop>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT stop_id, client_id, party_id, account_id, stated_at_account_id, kind, channel, address,
                received_at, placed_at, placed_by, source, evidence, lifted_at, lift_reason
         FROM stop
         WHERE stop_id > $1 AND ($2 OR lifted_at IS NULL)
           AND ($3::uuid IS NULL OR account_id = $3
                OR account_id IS NULL
                   AND party_id IN (SELECT party_id FROM account_party AS p WHERE p.account_id = $3))
         ORDER BY stop_id LIMIT $4",
        after,
        with_lifted,
        account,
        limit
    )
    .fetch_all(conn)
    .await?;
    stops(rows)
}
