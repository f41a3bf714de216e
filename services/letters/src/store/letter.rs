//! Prepared pieces and their documents.

use chrono::{DateTime, Utc};
use duly_domain::{AddressParts, Channel, Date, LetterState, ReturnReason};
use serde::Serialize;
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use super::{code, set};

/// A new piece, as it is written.
#[derive(Serialize)]
pub(crate) struct NewLetter {
    pub letter_id: Uuid,
    pub treatment_id: Uuid,
    pub client_id: Uuid,
    pub account_id: Uuid,
    pub opening: i32,
    pub party_id: Uuid,
    pub template: &'static str,
    pub template_version: i32,
    pub channel: &'static str,
    pub reference: String,
    pub creditor: String,
    pub recipient: String,
    pub address: Option<AddressParts>,
    pub email: Option<String>,
    /// Hex.
    pub content_sha256: String,
    pub pages: i32,
    pub prepared_at: DateTime<Utc>,
    pub mailing_on: Date,
    pub batch_closes_at: DateTime<Utc>,
    pub mail_by: Date,
    pub validation_period_end: Option<Date>,
}

/// Writes pieces, each once a treatment.
pub(crate) async fn insert(conn: &mut PgConnection, letters: &[NewLetter]) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO letter (letter_id, treatment_id, client_id, account_id, opening, party_id, template,
                             template_version, channel, state, reference, creditor, recipient, address,
                             email, content_sha256, pages, prepared_at, mailing_on, batch_closes_at,
                             mail_by, validation_period_end)
         SELECT letter_id, treatment_id, client_id, account_id, opening, party_id, template,
                template_version, channel, 'prepared', reference, creditor, recipient, address, email,
                decode(content_sha256, 'hex'), pages, prepared_at, mailing_on, batch_closes_at, mail_by,
                validation_period_end
         FROM jsonb_to_recordset($1) AS f (letter_id uuid, treatment_id uuid, client_id uuid,
             account_id uuid, opening int, party_id uuid, template text, template_version int, channel text,
             reference text, creditor text, recipient text, address jsonb, email text, content_sha256 text,
             pages int, prepared_at timestamptz, mailing_on date, batch_closes_at timestamptz, mail_by date,
             validation_period_end date)
         ORDER BY letter_id",
        set(letters)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps documents by content.
pub(crate) async fn insert_documents(
    conn: &mut PgConnection,
    clients: &[Uuid],
    hashes: &[Vec<u8>],
    pages: &[i32],
    pdfs: &[Vec<u8>],
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO document (client_id, sha256, pages, pdf)
         SELECT client_id, sha256, pages, pdf
         FROM UNNEST($1::uuid[], $2::bytea[], $3::int[], $4::bytea[]) AS f (client_id, sha256, pages, pdf)
         ORDER BY client_id, sha256
         ON CONFLICT DO NOTHING",
        clients,
        hashes,
        pages,
        pdfs
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One piece. Not `Debug`: it names a person.
#[derive(Clone)]
pub(crate) struct Letter {
    pub letter_id: Uuid,
    pub treatment_id: Uuid,
    pub client_id: Uuid,
    pub account_id: Uuid,
    pub opening: i32,
    pub party_id: Uuid,
    pub template: String,
    pub template_version: i32,
    pub channel: Channel,
    pub state: LetterState,
    pub reference: String,
    pub creditor: String,
    pub recipient: String,
    pub address: Option<AddressParts>,
    pub email: Option<String>,
    pub content_sha256: Vec<u8>,
    pub pages: i32,
    pub mailing_on: Date,
    pub mail_by: Date,
    pub validation_period_end: Option<Date>,
    pub attempt_id: Option<Uuid>,
    pub valid_until: Option<DateTime<Utc>>,
    pub batch_id: Option<Uuid>,
    pub mailed_on: Option<Date>,
    pub file_name: String,
    pub returned_on: Option<Date>,
    pub return_reason: Option<ReturnReason>,
    pub why: String,
}

struct Row {
    letter_id: Uuid,
    treatment_id: Uuid,
    client_id: Uuid,
    account_id: Uuid,
    opening: i32,
    party_id: Uuid,
    template: String,
    template_version: i32,
    channel: String,
    state: String,
    reference: String,
    creditor: String,
    recipient: String,
    address: Option<Json<AddressParts>>,
    email: Option<String>,
    content_sha256: Vec<u8>,
    pages: i32,
    mailing_on: Date,
    mail_by: Date,
    validation_period_end: Option<Date>,
    attempt_id: Option<Uuid>,
    valid_until: Option<DateTime<Utc>>,
    batch_id: Option<Uuid>,
    mailed_on: Option<Date>,
    file_name: String,
    returned_on: Option<Date>,
    return_reason: Option<String>,
    why: String,
}

impl TryFrom<Row> for Letter {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        Ok(Self {
            letter_id: row.letter_id,
            treatment_id: row.treatment_id,
            client_id: row.client_id,
            account_id: row.account_id,
            opening: row.opening,
            party_id: row.party_id,
            template: row.template,
            template_version: row.template_version,
            channel: code("letter", &row.channel)?,
            state: code("letter", &row.state)?,
            reference: row.reference,
            creditor: row.creditor,
            recipient: row.recipient,
            address: row.address.map(|address| address.0),
            email: row.email,
            content_sha256: row.content_sha256,
            pages: row.pages,
            mailing_on: row.mailing_on,
            mail_by: row.mail_by,
            validation_period_end: row.validation_period_end,
            attempt_id: row.attempt_id,
            valid_until: row.valid_until,
            batch_id: row.batch_id,
            mailed_on: row.mailed_on,
            file_name: row.file_name,
            returned_on: row.returned_on,
            return_reason: row.return_reason.map(|r| code("letter", &r)).transpose()?,
            why: row.why,
        })
    }
}

/// The list of a letter's columns, so that each query gives whole letters.
macro_rules! letters {
    ($rest:literal $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT letter_id, treatment_id, client_id, account_id, opening, party_id, template,
                      template_version, channel, state, reference, creditor, recipient,
                      address AS "address: Json<AddressParts>", email, content_sha256, pages, mailing_on,
                      mail_by, validation_period_end, attempt_id, valid_until, batch_id, mailed_on,
                      file_name, returned_on, return_reason, why
               FROM letter "# + $rest
            $(, $arg)*
        )
    };
}

fn all(rows: Vec<Row>) -> sqlx::Result<Vec<Letter>> {
    rows.into_iter().map(Letter::try_from).collect()
}

/// One letter.
pub(crate) async fn get(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Letter>> {
    let row = letters!("WHERE letter_id = $1", id).fetch_optional(conn).await?;
    row.map(Letter::try_from).transpose()
}

/// The same, locked until the end of the transaction.
pub(crate) async fn lock(conn: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<Letter>> {
    all(letters!("WHERE letter_id = ANY($1) ORDER BY letter_id FOR UPDATE", ids)
        .fetch_all(conn)
        .await?)
}

/// The letters of these batches, locked.
pub(crate) async fn lock_of_batches(
    conn: &mut PgConnection,
    batches: &[Uuid],
) -> sqlx::Result<Vec<Letter>> {
    all(letters!("WHERE batch_id = ANY($1) ORDER BY letter_id FOR UPDATE", batches)
        .fetch_all(conn)
        .await?)
}

/// What a list is about.
pub(crate) struct Filter {
    pub account: Option<Uuid>,
    pub batch: Option<Uuid>,
    pub state: Option<LetterState>,
}

/// A page of letters, by id: in the order in which they were prepared.
pub(crate) async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Letter>> {
    let state = filter.state.map(LetterState::as_str);
    all(letters!(
        "WHERE letter_id > $1 AND ($2::uuid IS NULL OR account_id = $2)
           AND ($3::uuid IS NULL OR batch_id = $3) AND ($4::text IS NULL OR state = $4)
         ORDER BY letter_id LIMIT $5",
        after,
        filter.account,
        filter.batch,
        state,
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// A document's bytes.
pub(crate) async fn pdf(
    conn: &mut PgConnection,
    client: Uuid,
    sha256: &[u8],
) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!(
        "SELECT pdf FROM document WHERE client_id = $1 AND sha256 = $2",
        client,
        sha256
    )
    .fetch_optional(conn)
    .await
}

/// How many there are of one kind.
pub(crate) struct Count {
    pub template: String,
    pub channel: String,
    pub state: String,
    pub count: i64,
    pub pages: i64,
}

pub(crate) async fn count(conn: &mut PgConnection) -> sqlx::Result<Vec<Count>> {
    sqlx::query_as!(
        Count,
        r#"SELECT template, channel, state, count(*) AS "count!", sum(pages)::bigint AS "pages!"
           FROM letter GROUP BY template, channel, state ORDER BY template, channel, state"#
    )
    .fetch_all(conn)
    .await
}

/// Marks those that still wait as authorised.
pub(crate) async fn set_authorized(
    conn: &mut PgConnection,
    letters: &[Uuid],
    attempts: &[Uuid],
    valid_until: &[DateTime<Utc>],
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE letter SET state = 'authorized', attempt_id = f.attempt, valid_until = f.until
         FROM (SELECT DISTINCT ON (letter) letter, attempt, until
               FROM UNNEST($1::uuid[], $2::uuid[], $3::timestamptz[]) AS g (letter, attempt, until)
               ORDER BY letter, until DESC) AS f
         WHERE letter_id = f.letter AND state = 'prepared'",
        letters,
        attempts,
        valid_until
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends those that contact will not authorise.
pub(crate) async fn set_refused_by_contact(
    conn: &mut PgConnection,
    letters: &[Uuid],
    whys: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE letter SET state = 'expired', why = f.why
         FROM UNNEST($1::uuid[], $2::text[]) AS f (letter, why)
         WHERE letter_id = f.letter AND state = 'prepared'",
        letters,
        whys
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts them into a batch.
pub(crate) async fn set_sending(
    conn: &mut PgConnection,
    letters: &[Uuid],
    batch: Uuid,
    mailing_on: Date,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE letter SET state = 'sending', batch_id = $2, mailing_on = $3 WHERE letter_id = ANY($1)",
        letters,
        batch,
        mailing_on
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// They left on this day, or may have.
pub(crate) async fn set_left(
    conn: &mut PgConnection,
    letters: &[Uuid],
    state: LetterState,
    mailed_on: Date,
    files: &[String],
    why: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE letter SET state = $2, mailed_on = $3, file_name = f.file, why = $5
         FROM UNNEST($1::uuid[], $4::text[]) AS f (letter, file) WHERE letter_id = f.letter",
        letters,
        state.as_str(),
        mailed_on,
        files,
        why
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// They stay.
pub(crate) async fn set_expired(
    conn: &mut PgConnection,
    letters: &[Uuid],
    whys: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE letter SET state = 'expired', batch_id = NULL, why = f.why
         FROM UNNEST($1::uuid[], $2::text[]) AS f (letter, why) WHERE letter_id = f.letter",
        letters,
        whys
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It came back.
pub(crate) async fn set_returned(
    conn: &mut PgConnection,
    letter: Uuid,
    reason: ReturnReason,
    returned_on: Date,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE letter SET state = 'returned', return_reason = $2, returned_on = $3 WHERE letter_id = $1",
        letter,
        reason.as_str(),
        returned_on
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes on the batch's letters whose printed dates had run out when the mail house mailed them.
pub(crate) async fn note_late(
    conn: &mut PgConnection,
    batch: Uuid,
    mailed_on: Date,
    why: &str,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "UPDATE letter SET why = $3 WHERE batch_id = $1 AND mail_by < $2",
        batch,
        mailed_on,
        why
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
