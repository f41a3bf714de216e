//! Disputes, and what is told of them elsewhere: the printed end of the validation period, and that
//! verification was sent.

use chrono::{DateTime, Days, Utc};
use duly_compliance::{Arrived, DisputeForm, Medium, dispute_form};
use duly_domain::{Date, DisputeOutcome, DisputeReason, Money};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use super::{code, code_opt};
use crate::{
    codes::{Code as _, Form},
    error::{ContactError, Result},
};

/// Days in which the agency wants a dispute settled, from the day of its receipt. Policy
/// `agency.dispute`: the law asks that collection stand still meanwhile, and names no day.
const SETTLE_DAYS: Days = Days::new(30);

/// One dispute.
#[derive(Debug, Clone)]
pub(crate) struct Dispute {
    pub id: Uuid,
    pub client: Uuid,
    pub account: Uuid,
    pub opening: i32,
    /// `None` where the client stated it for the debt.
    pub party: Option<Uuid>,
    pub reason: DisputeReason,
    pub item_numbers: Vec<String>,
    /// `None`: all of it.
    pub amount: Option<Money>,
    pub opened_on: Date,
    pub opened_at: DateTime<Utc>,
    /// How it came; `None`: not known.
    pub form: Option<Form>,
    pub received_at: DateTime<Utc>,
    /// Its day in the agency's zone.
    pub received_on: Date,
    pub medium: Option<Medium>,
    /// The earlier dispute that it is substantially the same as.
    pub duplicate_of: Option<Uuid>,
    pub detail: String,
    pub pauses: bool,
    pub outcome: Option<DisputeOutcome>,
    pub resolved_on: Option<Date>,
    pub resolved_at: Option<DateTime<Utc>>,
    /// The printed end of the validation period, the latest where several notices went out.
    pub validation_end: Option<Date>,
    /// When verification, or the notice that it is duplicative, was sent after it came.
    pub verified_at: Option<DateTime<Utc>>,
}

/// Who has to do something about a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    /// The client is asked what it says.
    Client,
    /// The agency sends verification, or the notice that it is duplicative.
    Agency,
}

impl Dispute {
    /// Whether it came in writing and within the validation period; `None`: not known.
    pub(crate) fn timely(&self) -> Option<bool> {
        match self.form() {
            DisputeForm::TimelyWritten => Some(true),
            DisputeForm::Other => Some(false),
            DisputeForm::Unknown => None,
        }
    }

    /// The same as the guard reads it.
    pub(crate) fn form(&self) -> DisputeForm {
        let arrived = match self.form {
            Some(Form::Written) => Arrived::ByAcceptedMedium,
            Some(Form::Oral) => Arrived::Spoken,
            None => return DisputeForm::Unknown,
        };
        dispute_form(arrived, self.received_on, self.validation_end)
    }

    /// Whether collection stays ceased until verification is sent: it is known to have come in writing,
    /// is not known to have come late, and was not conceded. 12 CFR 1006.38(d)(2).
    fn needs_verification(&self) -> bool {
        self.form == Some(Form::Written)
            && self.form() != DisputeForm::Other
            && matches!(self.outcome, Some(DisputeOutcome::Invalid | DisputeOutcome::Split))
    }

    /// When it ended for the guard; `None`: it has not.
    pub(crate) fn ended_at(&self) -> Option<DateTime<Utc>> {
        let resolved_at = self.resolved_at?;
        if self.needs_verification() {
            return self.verified_at.map(|verified_at| verified_at.max(resolved_at));
        }
        Some(resolved_at)
    }

    /// Whose move it is; `None`: it is over.
    pub(crate) fn whose_move(&self) -> Option<Move> {
        match (self.outcome, self.duplicate_of) {
            (None, Some(_)) => Some(Move::Agency),
            (None, None) => Some(Move::Client),
            (Some(_), _) => self.ended_at().is_none().then_some(Move::Agency),
        }
    }

    /// The day by which the agency wants it settled, while it is not.
    pub(crate) fn due_on(&self) -> Option<Date> {
        self.whose_move()?;
        self.received_on.checked_add_days(SETTLE_DAYS)
    }

    /// Whether it contests the whole account.
    pub(crate) fn whole(&self) -> bool {
        self.item_numbers.is_empty() && self.amount.is_none()
    }
}

struct Row {
    dispute_id: Uuid,
    client_id: Uuid,
    account_id: Uuid,
    opening: i32,
    party_id: Option<Uuid>,
    reason: String,
    item_numbers: Vec<String>,
    currency: Option<String>,
    amount_minor: Option<i64>,
    opened_on: Date,
    opened_at: DateTime<Utc>,
    form: String,
    received_at: DateTime<Utc>,
    received_on: Date,
    medium: Option<String>,
    duplicate_of: Option<Uuid>,
    detail: String,
    pauses: bool,
    outcome: Option<String>,
    resolved_on: Option<Date>,
    resolved_at: Option<DateTime<Utc>>,
    validation_end: Option<Date>,
    verified_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Dispute {
    type Error = ContactError;

    fn try_from(row: Row) -> Result<Self> {
        let id = row.dispute_id;
        let currency = code_opt("dispute", id, row.currency.as_deref())?;
        Ok(Self {
            id,
            client: row.client_id,
            account: row.account_id,
            opening: row.opening,
            party: row.party_id,
            reason: code("dispute", id, &row.reason)?,
            item_numbers: row.item_numbers,
            amount: row.amount_minor.zip(currency).map(|(minor, of)| Money::new(minor, of)),
            opened_on: row.opened_on,
            opened_at: row.opened_at,
            form: match row.form.as_str() {
                "unknown" => None,
                known => Some(Form::stored("dispute", id, known)?),
            },
            received_at: row.received_at,
            received_on: row.received_on,
            medium: Medium::stored_opt("dispute", id, row.medium.as_deref())?,
            duplicate_of: row.duplicate_of,
            detail: row.detail,
            pauses: row.pauses,
            outcome: code_opt("dispute", id, row.outcome.as_deref())?,
            resolved_on: row.resolved_on,
            resolved_at: row.resolved_at,
            validation_end: row.validation_end,
            verified_at: row.verified_at,
        })
    }
}

fn disputes(rows: Vec<Row>) -> Result<Vec<Dispute>> {
    rows.into_iter().map(Dispute::try_from).collect()
}

/// Opens disputes.
pub(crate) async fn insert(conn: &mut PgConnection, disputes: &[Dispute]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = disputes.iter().map(|dispute| dispute.id).collect();
    let clients: Vec<Uuid> = disputes.iter().map(|dispute| dispute.client).collect();
    let accounts: Vec<Uuid> = disputes.iter().map(|dispute| dispute.account).collect();
    let openings: Vec<i32> = disputes.iter().map(|dispute| dispute.opening).collect();
    let parties: Vec<Option<Uuid>> = disputes.iter().map(|dispute| dispute.party).collect();
    let reasons: Vec<String> =
        disputes.iter().map(|dispute| dispute.reason.as_str().to_owned()).collect();
    // Arrays of arrays do not unnest into rows.
    let items: Vec<Json<Vec<String>>> =
        disputes.iter().map(|dispute| Json(dispute.item_numbers.clone())).collect();
    let currencies: Vec<Option<String>> = disputes
        .iter()
        .map(|dispute| dispute.amount.map(|money| money.currency().code().to_owned()))
        .collect();
    let amounts: Vec<Option<i64>> =
        disputes.iter().map(|dispute| dispute.amount.map(Money::minor)).collect();
    let on: Vec<Date> = disputes.iter().map(|dispute| dispute.opened_on).collect();
    let at: Vec<DateTime<Utc>> = disputes.iter().map(|dispute| dispute.opened_at).collect();
    let forms: Vec<String> = disputes
        .iter()
        .map(|dispute| dispute.form.map_or("unknown", Form::code).to_owned())
        .collect();
    let received: Vec<DateTime<Utc>> = disputes.iter().map(|dispute| dispute.received_at).collect();
    let received_on: Vec<Date> = disputes.iter().map(|dispute| dispute.received_on).collect();
    let media: Vec<Option<String>> = disputes
        .iter()
        .map(|dispute| dispute.medium.map(|medium| medium.as_str().to_owned()))
        .collect();
    let duplicates: Vec<Option<Uuid>> =
        disputes.iter().map(|dispute| dispute.duplicate_of).collect();
    let details: Vec<String> = disputes.iter().map(|dispute| dispute.detail.clone()).collect();
    let pauses: Vec<bool> = disputes.iter().map(|dispute| dispute.pauses).collect();
    sqlx::query!(
        "INSERT INTO dispute (dispute_id, client_id, account_id, opening, party_id, reason, item_numbers,
                              currency, amount_minor, opened_on, opened_at, detail, pauses, form,
                              received_at, received_on, medium, duplicate_of)
         SELECT dispute_id, client_id, account_id, opening, party_id, reason,
                ARRAY(SELECT jsonb_array_elements_text(items)), currency, amount_minor, opened_on,
                opened_at, detail, pauses, form, received_at, received_on, medium, duplicate_of
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::text[], $7::jsonb[],
                     $8::text[], $9::bigint[], $10::date[], $11::timestamptz[], $12::text[], $13::bool[],
                     $14::text[], $15::timestamptz[], $16::date[], $17::text[], $18::uuid[])
             AS d (dispute_id, client_id, account_id, opening, party_id, reason, items, currency,
                   amount_minor, opened_on, opened_at, detail, pauses, form, received_at, received_on,
                   medium, duplicate_of)",
        &ids,
        &clients,
        &accounts,
        &openings,
        &parties as &[Option<Uuid>],
        &reasons,
        &items as &[Json<Vec<String>>],
        &currencies as &[Option<String>],
        &amounts as &[Option<i64>],
        &on,
        &at,
        &details,
        &pauses,
        &forms,
        &received,
        &received_on,
        &media as &[Option<String>],
        &duplicates as &[Option<Uuid>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Disputes of these accounts that are open, or that may still block until verification is sent.
pub(crate) async fn open(conn: &mut PgConnection, accounts: &[Uuid]) -> Result<Vec<Dispute>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT d.dispute_id, d.client_id, d.account_id, d.opening, d.party_id, d.reason, d.item_numbers,
                  d.currency, d.amount_minor, d.opened_on, d.opened_at, d.form, d.received_at,
                  d.received_on, d.medium, d.duplicate_of, d.detail, d.pauses, d.outcome, d.resolved_on,
                  d.resolved_at, t.validation_end, t.verified_at
           FROM dispute AS d
           LEFT JOIN LATERAL (
               SELECT max(f.stated_on) FILTER (WHERE f.kind = 'validation_sent') AS validation_end,
                      min(f.at) FILTER (WHERE f.at >= d.received_at AND f.kind IN
                          ('verification_sent', 'duplicative_notice_sent')) AS verified_at
               FROM dated_fact AS f WHERE f.account_id = d.account_id) AS t ON true
           WHERE d.account_id = ANY ($1)
             AND (d.outcome IS NULL OR d.form = 'written' AND d.outcome IN ('invalid', 'split'))
           ORDER BY d.opened_at, d.dispute_id"#,
        accounts
    )
    .fetch_all(conn)
    .await?;
    disputes(rows)
}

/// Every dispute of these accounts, ended or not.
pub(crate) async fn of_accounts(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> Result<Vec<Dispute>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT d.dispute_id, d.client_id, d.account_id, d.opening, d.party_id, d.reason, d.item_numbers,
                  d.currency, d.amount_minor, d.opened_on, d.opened_at, d.form, d.received_at,
                  d.received_on, d.medium, d.duplicate_of, d.detail, d.pauses, d.outcome, d.resolved_on,
                  d.resolved_at, t.validation_end, t.verified_at
           FROM dispute AS d
           LEFT JOIN LATERAL (
               SELECT max(f.stated_on) FILTER (WHERE f.kind = 'validation_sent') AS validation_end,
                      min(f.at) FILTER (WHERE f.at >= d.received_at AND f.kind IN
                          ('verification_sent', 'duplicative_notice_sent')) AS verified_at
               FROM dated_fact AS f WHERE f.account_id = d.account_id) AS t ON true
           WHERE d.account_id = ANY ($1) ORDER BY d.opened_at, d.dispute_id"#,
        accounts
    )
    .fetch_all(conn)
    .await?;
    disputes(rows)
}

/// These disputes, where the caller may see them.
pub(crate) async fn get(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Dispute>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT d.dispute_id, d.client_id, d.account_id, d.opening, d.party_id, d.reason, d.item_numbers,
                  d.currency, d.amount_minor, d.opened_on, d.opened_at, d.form, d.received_at,
                  d.received_on, d.medium, d.duplicate_of, d.detail, d.pauses, d.outcome, d.resolved_on,
                  d.resolved_at, t.validation_end, t.verified_at
           FROM dispute AS d
           LEFT JOIN LATERAL (
               SELECT max(f.stated_on) FILTER (WHERE f.kind = 'validation_sent') AS validation_end,
                      min(f.at) FILTER (WHERE f.at >= d.received_at AND f.kind IN
                          ('verification_sent', 'duplicative_notice_sent')) AS verified_at
               FROM dated_fact AS f WHERE f.account_id = d.account_id) AS t ON true
           WHERE d.dispute_id = ANY ($1) ORDER BY d.dispute_id"#,
        ids
    )
    .fetch_all(conn)
    .await?;
    disputes(rows)
}

/// Writes how disputes ended.
pub(crate) async fn resolve(
    conn: &mut PgConnection,
    resolved: &[Dispute],
    at: DateTime<Utc>,
    why: &str,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = resolved.iter().map(|dispute| dispute.id).collect();
    let outcomes: Vec<Option<String>> = resolved
        .iter()
        .map(|dispute| dispute.outcome.map(|outcome| outcome.as_str().to_owned()))
        .collect();
    let on: Vec<Option<Date>> = resolved.iter().map(|dispute| dispute.resolved_on).collect();
    sqlx::query!(
        "UPDATE dispute
         SET outcome = r.outcome, resolved_on = r.resolved_on, resolved_at = $4, resolved_why = $5
         FROM UNNEST($1::uuid[], $2::text[], $3::date[]) AS r (dispute_id, outcome, resolved_on)
         WHERE dispute.dispute_id = r.dispute_id",
        &ids,
        &outcomes as &[Option<String>],
        &on as &[Option<Date>],
        at,
        why
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A page of disputes, first opened first.
pub(crate) async fn page(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    with_resolved: bool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Dispute>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT d.dispute_id, d.client_id, d.account_id, d.opening, d.party_id, d.reason, d.item_numbers,
                  d.currency, d.amount_minor, d.opened_on, d.opened_at, d.form, d.received_at,
                  d.received_on, d.medium, d.duplicate_of, d.detail, d.pauses, d.outcome, d.resolved_on,
                  d.resolved_at, t.validation_end, t.verified_at
           FROM dispute AS d
           LEFT JOIN LATERAL (
               SELECT max(f.stated_on) FILTER (WHERE f.kind = 'validation_sent') AS validation_end,
                      min(f.at) FILTER (WHERE f.at >= d.received_at AND f.kind IN
                          ('verification_sent', 'duplicative_notice_sent')) AS verified_at
               FROM dated_fact AS f WHERE f.account_id = d.account_id) AS t ON true
           WHERE d.dispute_id > $1 AND ($2 OR d.outcome IS NULL)
             AND ($3::uuid IS NULL OR d.account_id = $3)
           ORDER BY d.dispute_id LIMIT $4"#,
        after,
        with_resolved,
        account,
        limit
    )
    .fetch_all(conn)
    .await?;
    disputes(rows)
}
