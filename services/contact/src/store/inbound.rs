//! What came in.

use chrono::{DateTime, Utc};
use duly_compliance::Medium;
use sqlx::{PgConnection, types::Uuid};

use crate::{
    codes::{Code as _, InboundClass},
    error::{ContactError, Result},
};

/// What came in, as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Inbound {
    pub id: Uuid,
    /// `None` while nobody is known to have sent it.
    pub from: Option<Sender>,
    pub medium: Medium,
    /// The number or e-mail address, as points are kept.
    pub address: Option<String>,
    pub text: String,
    pub received_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    pub recorded_by: String,
    pub bounced: bool,
    pub conversation: bool,
    /// All that it says is that messages shall stop.
    pub stop_word: bool,
    pub stop: Option<Uuid>,
    pub read_at: Option<DateTime<Utc>>,
    pub read_by: Option<String>,
    pub class: Option<InboundClass>,
    pub answered_by: Option<Uuid>,
}

/// Who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sender {
    pub client: Uuid,
    pub party: Uuid,
    /// `None` where it is not known which.
    pub account: Option<Uuid>,
}

struct Row {
    inbound_id: Uuid,
    client_id: Option<Uuid>,
    party_id: Option<Uuid>,
    account_id: Option<Uuid>,
    medium: String,
    from_address: Option<String>,
    text: String,
    received_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
    bounced: bool,
    conversation: bool,
    stop_word: bool,
    stop_id: Option<Uuid>,
    read_at: Option<DateTime<Utc>>,
    read_by: Option<String>,
    class: Option<String>,
    answered_attempt_id: Option<Uuid>,
}

impl TryFrom<Row> for Inbound {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.inbound_id;
        let from = row.client_id.zip(row.party_id);
        Ok(Self {
            id,
            from: from.map(|(client, party)| Sender { client, party, account: row.account_id }),
            medium: Medium::stored("inbound", id, &row.medium)?,
            address: row.from_address,
            text: row.text,
            received_at: row.received_at,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            bounced: row.bounced,
            conversation: row.conversation,
            stop_word: row.stop_word,
            stop: row.stop_id,
            read_at: row.read_at,
            read_by: row.read_by,
            class: InboundClass::stored_opt("inbound", id, row.class.as_deref())?,
            answered_by: row.answered_attempt_id,
        })
    }
}

fn all(rows: Vec<Row>) -> Result<Vec<Inbound>> {
    rows.into_iter().map(Inbound::try_from).collect()
}

/// Keeps what came in.
pub(crate) async fn insert(conn: &mut PgConnection, inbound: &Inbound) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO inbound (inbound_id, client_id, party_id, account_id, medium, from_address, text,
                              received_at, recorded_at, recorded_by, bounced, conversation, stop_word,
                              stop_id, matched_at, read_at, read_by, class)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        inbound.id,
        inbound.from.map(|from| from.client),
        inbound.from.map(|from| from.party),
        inbound.from.and_then(|from| from.account),
        inbound.medium.as_str(),
        inbound.address,
        inbound.text,
        inbound.received_at,
        inbound.recorded_at,
        inbound.recorded_by,
        inbound.bounced,
        inbound.conversation,
        inbound.stop_word,
        inbound.stop,
        inbound.from.map(|_| inbound.recorded_at),
        inbound.read_at,
        inbound.read_by,
        inbound.class.map(InboundClass::code)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes who sent it, what it placed, and that it was read, as it stands now.
pub(crate) async fn update(
    conn: &mut PgConnection,
    inbound: &Inbound,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE inbound
         SET client_id = $2, party_id = $3, account_id = $4, stop_id = $5, read_at = $6, read_by = $7,
             class = $8, matched_at = CASE WHEN $3::uuid IS NULL THEN NULL ELSE coalesce(matched_at, $9) END
         WHERE inbound_id = $1",
        inbound.id,
        inbound.from.map(|from| from.client),
        inbound.from.map(|from| from.party),
        inbound.from.and_then(|from| from.account),
        inbound.stop,
        inbound.read_at,
        inbound.read_by,
        inbound.class.map(InboundClass::code),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One of them.
pub(crate) async fn get(conn: &mut PgConnection, id: Uuid) -> Result<Option<Inbound>> {
    let row = sqlx::query_as!(
        Row,
        "SELECT inbound_id, client_id, party_id, account_id, medium, from_address, text, received_at,
                recorded_at, recorded_by, bounced, conversation, stop_word, stop_id, read_at, read_by,
                class, answered_attempt_id
         FROM inbound WHERE inbound_id = $1",
        id
    )
    .fetch_optional(conn)
    .await?;
    row.map(Inbound::try_from).transpose()
}

/// The same, locked until the commit: it may have no person whose lock would do.
pub(crate) async fn lock(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("SELECT inbound_id FROM inbound WHERE inbound_id = $1 FOR UPDATE", id)
        .fetch_optional(conn)
        .await?;
    Ok(())
}

/// What these parties sent since then, and whatever of theirs nobody has read, first received first.
/// What only came back is none of theirs.
pub(crate) async fn of_parties(
    conn: &mut PgConnection,
    parties: &[Uuid],
    since: DateTime<Utc>,
) -> Result<Vec<Inbound>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT inbound_id, client_id, party_id, account_id, medium, from_address, text, received_at,
                recorded_at, recorded_by, bounced, conversation, stop_word, stop_id, read_at, read_by,
                class, answered_attempt_id
         FROM inbound
         WHERE party_id = ANY ($1) AND NOT bounced AND (received_at >= $2 OR read_at IS NULL)
         ORDER BY received_at, inbound_id",
        parties,
        since
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}

/// Words to stop that came from these numbers and addresses before anybody was known by them.
pub(crate) async fn stops_waiting(
    conn: &mut PgConnection,
    addresses: &[String],
) -> Result<Vec<Inbound>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT inbound_id, client_id, party_id, account_id, medium, from_address, text, received_at,
                recorded_at, recorded_by, bounced, conversation, stop_word, stop_id, read_at, read_by,
                class, answered_attempt_id
         FROM inbound
         WHERE stop_word AND party_id IS NULL AND from_address = ANY ($1)
         ORDER BY received_at, inbound_id",
        addresses
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}

/// An attempt was permitted as its one answer.
pub(crate) async fn answer(conn: &mut PgConnection, id: Uuid, attempt: Uuid) -> sqlx::Result<()> {
    sqlx::query!("UPDATE inbound SET answered_attempt_id = $2 WHERE inbound_id = $1", id, attempt)
        .execute(conn)
        .await?;
    Ok(())
}

/// These attempts were not made: what they were to answer has its answer still to come.
pub(crate) async fn unanswered(conn: &mut PgConnection, attempts: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE inbound SET answered_attempt_id = NULL WHERE answered_attempt_id = ANY ($1)",
        attempts
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A page of what came in: from the parties of one account, or from all who are known.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    with_read: bool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Inbound>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT inbound_id, client_id, party_id, account_id, medium, from_address, text, received_at,
                recorded_at, recorded_by, bounced, conversation, stop_word, stop_id, read_at, read_by,
                class, answered_attempt_id
         FROM inbound
         WHERE inbound_id > $1 AND party_id IS NOT NULL AND ($2 OR read_at IS NULL)
           AND ($3::uuid IS NULL OR account_id = $3
                OR account_id IS NULL
                   AND party_id IN (SELECT party_id FROM account_party AS p WHERE p.account_id = $3))
         ORDER BY inbound_id LIMIT $4",
        after,
        with_read,
        account,
        limit
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}

/// A page of what nobody is known to have sent and nobody has read.
pub(crate) async fn unmatched(
    conn: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Inbound>> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT inbound_id, client_id, party_id, account_id, medium, from_address, text, received_at,
                recorded_at, recorded_by, bounced, conversation, stop_word, stop_id, read_at, read_by,
                class, answered_attempt_id
         FROM inbound WHERE inbound_id > $1 AND party_id IS NULL AND read_at IS NULL
         ORDER BY inbound_id LIMIT $2",
        after,
        limit
    )
    .fetch_all(conn)
    .await?;
    all(rows)
}
