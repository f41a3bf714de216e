//! Questions to clients and their answers.

use duly_domain::{
    AccountId, ClientAnswer, ClientId, ClientRequestId, Currency, Date, DisputeId, DisputeOutcome,
    DisputeReason, Lifecycle,
};
use sqlx::{PgConnection, types::Uuid};

use super::code;

/// A question as the dispute asks it.
pub struct Asked {
    pub id: Uuid,
    pub dispute: Uuid,
    pub account: Uuid,
    pub client: Uuid,
    pub opening: i32,
    pub reason: DisputeReason,
    pub item_numbers: Vec<String>,
    pub disputed_minor: Option<i64>,
    pub asked_on: Date,
    pub due_on: Date,
}

/// The end of a dispute.
pub struct DisputeEnd {
    pub dispute: Uuid,
    pub client: Uuid,
    pub outcome: DisputeOutcome,
    pub resolved_on: Date,
}

/// A question with what is known of it by now.
#[derive(Debug)]
pub struct ClientRequest {
    pub id: ClientRequestId,
    pub dispute: DisputeId,
    pub account: AccountId,
    pub client: ClientId,
    pub opening: i32,
    pub reason: DisputeReason,
    pub item_numbers: Vec<String>,
    /// As the debtor put it, else the open amounts of the items, else what was listed. Not known where
    /// the whole of an earlier placement without items was contested.
    pub disputed_minor: Option<i64>,
    /// The debtor named an amount.
    pub has_amount: bool,
    pub asked_on: Date,
    pub due_on: Date,
    pub currency: Currency,
    /// The account was closed, or placed again since.
    pub account_ended: bool,
    pub resolved: Option<DisputeOutcome>,
    pub answered: Option<Answered>,
}

/// What the client said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub answer: ClientAnswer,
    pub credit_minor: i64,
    pub text: String,
    pub on: Date,
}

/// Which questions, in which order from where.
pub struct Filter {
    pub client: Option<ClientId>,
    pub account: Option<AccountId>,
    /// Those that need no answer any more too.
    pub all: bool,
    /// The last one of the page before.
    pub after: (Date, Uuid),
}

/// Keeps questions, each once per dispute.
pub async fn keep_asked(conn: &mut PgConnection, asked: &[Asked]) -> sqlx::Result<()> {
    // An array of arrays needs equal lengths; each list of numbers travels as JSON.
    let ids: Vec<Uuid> = asked.iter().map(|a| a.id).collect();
    let disputes: Vec<Uuid> = asked.iter().map(|a| a.dispute).collect();
    let accounts: Vec<Uuid> = asked.iter().map(|a| a.account).collect();
    let clients: Vec<Uuid> = asked.iter().map(|a| a.client).collect();
    let openings: Vec<i32> = asked.iter().map(|a| a.opening).collect();
    let reasons: Vec<&str> = asked.iter().map(|a| a.reason.as_str()).collect();
    let items: Vec<serde_json::Value> =
        asked.iter().map(|a| serde_json::Value::from(a.item_numbers.clone())).collect();
    let disputed: Vec<Option<i64>> = asked.iter().map(|a| a.disputed_minor).collect();
    let asked_on: Vec<Date> = asked.iter().map(|a| a.asked_on).collect();
    let due_on: Vec<Date> = asked.iter().map(|a| a.due_on).collect();
    sqlx::query!(
        "INSERT INTO client_request (client_request_id, dispute_id, account_id, client_id, opening,
             dispute_reason, item_numbers, disputed_minor, asked_on, due_on)
         SELECT id, dispute, account, client, opening, reason,
                ARRAY(SELECT jsonb_array_elements_text(items)), disputed, asked_on, due_on
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[],
                     $7::jsonb[], $8::bigint[], $9::date[], $10::date[])
              AS t (id, dispute, account, client, opening, reason, items, disputed, asked_on, due_on)
         ON CONFLICT (dispute_id) DO NOTHING",
        &ids,
        &disputes,
        &accounts,
        &clients,
        &openings,
        &reasons as &[&str],
        &items,
        &disputed as &[Option<i64>],
        &asked_on,
        &due_on
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps ends of disputes, each once.
pub async fn keep_ends(conn: &mut PgConnection, ends: &[DisputeEnd]) -> sqlx::Result<()> {
    let disputes: Vec<Uuid> = ends.iter().map(|e| e.dispute).collect();
    let clients: Vec<Uuid> = ends.iter().map(|e| e.client).collect();
    let outcomes: Vec<&str> = ends.iter().map(|e| e.outcome.as_str()).collect();
    let dates: Vec<Date> = ends.iter().map(|e| e.resolved_on).collect();
    sqlx::query!(
        "INSERT INTO dispute_end (dispute_id, client_id, outcome, resolved_on)
         SELECT dispute, client, outcome, resolved_on
         FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::date[])
              AS t (dispute, client, outcome, resolved_on)
         ON CONFLICT DO NOTHING",
        &disputes,
        &clients,
        &outcomes as &[&str],
        &dates
    )
    .execute(conn)
    .await?;
    Ok(())
}

struct Row {
    client_request_id: Uuid,
    dispute_id: Uuid,
    account_id: Uuid,
    client_id: Uuid,
    opening: i32,
    dispute_reason: String,
    item_numbers: Vec<String>,
    amount_minor: Option<i64>,
    items_minor: Option<i64>,
    asked_on: Date,
    due_on: Date,
    account_opening: i32,
    lifecycle: String,
    currency: String,
    listed_minor: i64,
    outcome: Option<String>,
    answer: Option<String>,
    credit_minor: Option<i64>,
    text: Option<String>,
    answered_on: Option<Date>,
}

impl TryFrom<Row> for ClientRequest {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let lifecycle: Lifecycle = code("account", "lifecycle", &row.lifecycle)?;
        let is_current = row.account_opening == row.opening;
        let whole = if is_current { Some(row.listed_minor) } else { row.items_minor };
        let of_items = if row.item_numbers.is_empty() { whole } else { row.items_minor };
        let answered = match (row.answer, row.credit_minor, row.text, row.answered_on) {
            (Some(answer), Some(credit_minor), Some(text), Some(on)) => Some(Answered {
                answer: code("client_answer", "answer", &answer)?,
                credit_minor,
                text,
                on,
            }),
            _ => None,
        };
        let outcome = row.outcome.as_deref();
        Ok(Self {
            id: ClientRequestId::from_uuid(row.client_request_id),
            dispute: DisputeId::from_uuid(row.dispute_id),
            account: AccountId::from_uuid(row.account_id),
            client: ClientId::from_uuid(row.client_id),
            opening: row.opening,
            reason: code("client_request", "dispute_reason", &row.dispute_reason)?,
            item_numbers: row.item_numbers,
            disputed_minor: row.amount_minor.or(of_items),
            has_amount: row.amount_minor.is_some(),
            asked_on: row.asked_on,
            due_on: row.due_on,
            currency: code("account", "currency", &row.currency)?,
            account_ended: lifecycle == Lifecycle::Closed || !is_current,
            resolved: outcome.map(|text| code("dispute_end", "outcome", text)).transpose()?,
            answered,
        })
    }
}

/// One question. One about an account that is not known waits and is not found.
pub async fn by_id(
    conn: &mut PgConnection,
    id: ClientRequestId,
) -> sqlx::Result<Option<ClientRequest>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT r.client_request_id, r.dispute_id, r.account_id, r.client_id, r.opening,
                  r.dispute_reason, r.item_numbers, r.disputed_minor AS amount_minor,
                  (SELECT sum(i.open_minor)::bigint FROM claim_item AS i
                   WHERE i.account_id = r.account_id AND i.opening = r.opening
                     AND (r.item_numbers = '{}' OR i.number = ANY (r.item_numbers))) AS items_minor,
                  r.asked_on, r.due_on, a.opening AS account_opening, a.lifecycle, a.currency,
                  a.listed_minor, e.outcome AS "outcome?", w.answer AS "answer?",
                  w.credit_minor AS "credit_minor?", w.text AS "text?",
                  w.answered_on AS "answered_on?"
           FROM client_request AS r
           JOIN account AS a USING (account_id)
           LEFT JOIN dispute_end AS e USING (dispute_id)
           LEFT JOIN client_answer AS w USING (client_request_id)
           WHERE r.client_request_id = $1"#,
        id.uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(ClientRequest::try_from).transpose()
}

/// Questions, what is due first ahead.
pub async fn page(
    conn: &mut PgConnection,
    filter: &Filter,
    limit: i64,
) -> sqlx::Result<Vec<ClientRequest>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT r.client_request_id, r.dispute_id, r.account_id, r.client_id, r.opening,
                  r.dispute_reason, r.item_numbers, r.disputed_minor AS amount_minor,
                  (SELECT sum(i.open_minor)::bigint FROM claim_item AS i
                   WHERE i.account_id = r.account_id AND i.opening = r.opening
                     AND (r.item_numbers = '{}' OR i.number = ANY (r.item_numbers))) AS items_minor,
                  r.asked_on, r.due_on, a.opening AS account_opening, a.lifecycle, a.currency,
                  a.listed_minor, e.outcome AS "outcome?", w.answer AS "answer?",
                  w.credit_minor AS "credit_minor?", w.text AS "text?",
                  w.answered_on AS "answered_on?"
           FROM client_request AS r
           JOIN account AS a USING (account_id)
           LEFT JOIN dispute_end AS e USING (dispute_id)
           LEFT JOIN client_answer AS w USING (client_request_id)
           WHERE ($1::uuid IS NULL OR r.client_id = $1)
             AND ($2::uuid IS NULL OR r.account_id = $2)
             AND ($3 OR (w.client_request_id IS NULL AND e.dispute_id IS NULL
                         AND a.lifecycle <> 'closed' AND a.opening = r.opening))
             AND (r.due_on, r.client_request_id) > ($4, $5)
           ORDER BY r.due_on, r.client_request_id LIMIT $6"#,
        filter.client.map(ClientId::uuid),
        filter.account.map(AccountId::uuid),
        filter.all,
        filter.after.0,
        filter.after.1,
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(ClientRequest::try_from).collect()
}

/// Writes an answer down.
pub async fn answer(
    conn: &mut PgConnection,
    request: &ClientRequest,
    answered: &Answered,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO client_answer
             (client_request_id, client_id, answer, credit_minor, text, answered_on)
         VALUES ($1, $2, $3, $4, $5, $6)",
        request.id.uuid(),
        request.client.uuid(),
        answered.answer.as_str(),
        answered.credit_minor,
        answered.text,
        answered.on
    )
    .execute(conn)
    .await?;
    Ok(())
}
