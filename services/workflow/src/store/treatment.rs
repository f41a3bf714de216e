//! Treatments and the answers to them.

use duly_domain::Instant;
use duly_strategy::Answer;
use sqlx::{PgConnection, types::Uuid};

use super::{code, code_opt};
use crate::{
    error::{Result, WorkflowError},
    model::{Heard, Treatment},
};

/// A treatment as stored.
struct Row {
    treatment_id: Uuid,
    case_id: Uuid,
    client_id: Uuid,
    account_id: Uuid,
    opening: i32,
    party_id: Uuid,
    kind: String,
    channel: String,
    template: String,
    run: i32,
    step: String,
    try_no: i32,
    due_at: Instant,
    expires_at: Instant,
    answer: String,
    answered_at: Option<Instant>,
}

impl TryFrom<Row> for Treatment {
    type Error = WorkflowError;

    fn try_from(row: Row) -> Result<Self> {
        let (table, id) = ("treatment", row.treatment_id);
        let answer: Option<Answer> = code_opt(table, id, &row.answer)?;
        Ok(Self {
            id,
            case: row.case_id,
            client: row.client_id,
            account: row.account_id,
            opening: row.opening,
            party: row.party_id,
            kind: code(table, id, &row.kind)?,
            channel: code_opt(table, id, &row.channel)?,
            template: row.template,
            run: row.run,
            step: row.step,
            try_no: row.try_no,
            due_at: row.due_at,
            expires_at: row.expires_at,
            answer: answer.zip(row.answered_at),
        })
    }
}

/// One select list for every query here; the rest of the statement is the caller's.
macro_rules! treatments {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            "SELECT treatment_id, case_id, client_id, account_id, opening, party_id, kind, channel, template,
                    run, step, try_no, due_at, expires_at, answer, answered_at
             FROM treatment " + $rest
            $(, $arg)*
        )
    };
}

/// These treatments.
pub(crate) async fn get(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Treatment>> {
    let rows = treatments!("WHERE treatment_id = ANY ($1)", ids).fetch_all(conn).await?;
    rows.into_iter().map(Treatment::try_from).collect()
}

/// What was asked for in one opening of an account, newest first.
pub(crate) async fn of_account(
    conn: &mut PgConnection,
    account: Uuid,
    opening: i32,
    limit: i64,
) -> Result<Vec<Treatment>> {
    let rows = treatments!(
        "WHERE account_id = $1 AND opening = $2
         ORDER BY due_at DESC, run DESC, step, try_no DESC, treatment_id LIMIT $3",
        account,
        opening,
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Treatment::try_from).collect()
}

/// Keeps what is asked for.
pub(crate) async fn insert(conn: &mut PgConnection, asked: &[Treatment]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = asked.iter().map(|t| t.id).collect();
    let cases: Vec<Uuid> = asked.iter().map(|t| t.case).collect();
    let clients: Vec<Uuid> = asked.iter().map(|t| t.client).collect();
    let accounts: Vec<Uuid> = asked.iter().map(|t| t.account).collect();
    let openings: Vec<i32> = asked.iter().map(|t| t.opening).collect();
    let parties: Vec<Uuid> = asked.iter().map(|t| t.party).collect();
    let kinds: Vec<String> = asked.iter().map(|t| t.kind.as_str().to_owned()).collect();
    let channels: Vec<String> = asked
        .iter()
        .map(|t| t.channel.map(|channel| channel.as_str().to_owned()).unwrap_or_default())
        .collect();
    let templates: Vec<String> = asked.iter().map(|t| t.template.clone()).collect();
    let runs: Vec<i32> = asked.iter().map(|t| t.run).collect();
    let steps: Vec<String> = asked.iter().map(|t| t.step.clone()).collect();
    let tries: Vec<i32> = asked.iter().map(|t| t.try_no).collect();
    let due: Vec<Instant> = asked.iter().map(|t| t.due_at).collect();
    let expire: Vec<Instant> = asked.iter().map(|t| t.expires_at).collect();
    sqlx::query!(
        "INSERT INTO treatment (treatment_id, case_id, client_id, account_id, opening, party_id, kind,
                                channel, template, run, step, try_no, due_at, expires_at)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::uuid[],
                              $7::text[], $8::text[], $9::text[], $10::int[], $11::text[], $12::int[],
                              $13::timestamptz[], $14::timestamptz[])",
        &ids,
        &cases,
        &clients,
        &accounts,
        &openings,
        &parties,
        &kinds,
        &channels,
        &templates,
        &runs,
        &steps,
        &tries,
        &due,
        &expire
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes how treatments were answered.
pub(crate) async fn answer(
    conn: &mut PgConnection,
    answered: &[(Uuid, Answer, Instant)],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = answered.iter().map(|(id, ..)| *id).collect();
    let answers: Vec<String> =
        answered.iter().map(|(_, answer, _)| answer.as_str().to_owned()).collect();
    let ats: Vec<Instant> = answered.iter().map(|(.., at)| *at).collect();
    sqlx::query!(
        "UPDATE treatment AS t SET answer = n.answer, answered_at = n.at
         FROM UNNEST($1::uuid[], $2::text[], $3::timestamptz[]) AS n (id, answer, at)
         WHERE t.treatment_id = n.id",
        &ids,
        &answers,
        &ats
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Answers to known treatments of these accounts that nobody has looked at, weight aside in no order.
pub(crate) async fn heard(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    before: Instant,
) -> Result<Vec<Heard>> {
    let rows = sqlx::query!(
        "SELECT a.treatment_id, a.answer, a.at
         FROM treatment_answer AS a JOIN treatment USING (treatment_id)
         WHERE a.account_id = ANY ($1) AND NOT a.used AND a.at < $2",
        accounts,
        before
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Heard {
                treatment: row.treatment_id,
                answer: code("treatment_answer", row.treatment_id, &row.answer)?,
                at: row.at,
            })
        })
        .collect()
}

/// Notes that the answers to these treatments were looked at.
pub(crate) async fn note_heard(
    conn: &mut PgConnection,
    heard: &[(Uuid, Answer)],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = heard.iter().map(|(id, _)| *id).collect();
    let answers: Vec<String> = heard.iter().map(|(_, answer)| answer.as_str().to_owned()).collect();
    sqlx::query!(
        "UPDATE treatment_answer AS a SET used = true
         FROM UNNEST($1::uuid[], $2::text[]) AS n (id, answer)
         WHERE a.treatment_id = n.id AND a.answer = n.answer",
        &ids,
        &answers
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// So many treatments of one kind were answered so.
pub(crate) struct Counted {
    pub kind: String,
    pub channel: String,
    pub template: String,
    pub answer: String,
    pub count: i64,
}

/// All treatments, counted.
pub(crate) async fn counts(conn: &mut PgConnection) -> sqlx::Result<Vec<Counted>> {
    sqlx::query_as!(
        Counted,
        r#"SELECT kind, channel, template, answer, count(*) AS "count!" FROM treatment
           GROUP BY kind, channel, template, answer ORDER BY kind, channel, template, answer"#
    )
    .fetch_all(conn)
    .await
}
