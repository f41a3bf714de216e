//! Facts as they are heard, each in a shape in which order and repetition do not matter.

use duly_domain::{Date, Instant};
use sqlx::{PgConnection, types::Uuid};

/// An answer to a treatment.
pub(crate) struct AnswerFact {
    pub treatment: Uuid,
    pub answer: &'static str,
    pub account: Uuid,
    pub client: Option<Uuid>,
    pub at: Instant,
    pub detail: String,
}

/// Keeps answers, each word once per treatment.
pub(crate) async fn keep_answers(
    conn: &mut PgConnection,
    facts: &[AnswerFact],
) -> sqlx::Result<()> {
    let treatments: Vec<Uuid> = facts.iter().map(|f| f.treatment).collect();
    let answers: Vec<String> = facts.iter().map(|f| f.answer.to_owned()).collect();
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let clients: Vec<Option<Uuid>> = facts.iter().map(|f| f.client).collect();
    let ats: Vec<Instant> = facts.iter().map(|f| f.at).collect();
    let details: Vec<String> = facts.iter().map(|f| f.detail.clone()).collect();
    sqlx::query!(
        "INSERT INTO treatment_answer (treatment_id, answer, account_id, client_id, at, detail)
         SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[])
             AS f (treatment_id, answer)
         ORDER BY treatment_id, answer
         ON CONFLICT DO NOTHING",
        &treatments,
        &answers,
        &accounts,
        &clients as _,
        &ats,
        &details
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A permission of the guard.
pub(crate) struct AuthorizedFact {
    pub treatment: Uuid,
    pub account: Uuid,
    pub client: Option<Uuid>,
    pub authorized_at: Instant,
    pub valid_until: Instant,
}

/// Keeps until when what was permitted may be made: the last permission counts.
pub(crate) async fn keep_authorized(
    conn: &mut PgConnection,
    facts: &[AuthorizedFact],
) -> sqlx::Result<()> {
    let treatments: Vec<Uuid> = facts.iter().map(|f| f.treatment).collect();
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let clients: Vec<Option<Uuid>> = facts.iter().map(|f| f.client).collect();
    let at: Vec<Instant> = facts.iter().map(|f| f.authorized_at).collect();
    let untils: Vec<Instant> = facts.iter().map(|f| f.valid_until).collect();
    sqlx::query!(
        "INSERT INTO treatment_authorized AS known (treatment_id, account_id, client_id, authorized_at,
                                                    valid_until)
         SELECT DISTINCT ON (treatment_id) treatment_id, account_id, client_id, authorized_at, valid_until
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[])
             AS f (treatment_id, account_id, client_id, authorized_at, valid_until)
         ORDER BY treatment_id, valid_until DESC
         ON CONFLICT (treatment_id) DO UPDATE
         SET authorized_at = excluded.authorized_at, valid_until = excluded.valid_until
         WHERE known.valid_until < excluded.valid_until",
        &treatments,
        &accounts,
        &clients as _,
        &at,
        &untils
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What one event says of a promise; the rest of it another says.
pub(crate) struct PromiseFact {
    pub promise: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub client: Option<Uuid>,
    pub made: bool,
    pub party: Option<Uuid>,
    pub due_on: Option<Date>,
    pub kept_on: Option<Date>,
    pub broken_on: Option<Date>,
    pub cancelled: bool,
    /// When it was told kept or broken.
    pub ended_at: Option<Instant>,
}

/// Keeps what is said of promises.
pub(crate) async fn keep_promises(
    conn: &mut PgConnection,
    facts: &[PromiseFact],
) -> sqlx::Result<()> {
    let promises: Vec<Uuid> = facts.iter().map(|f| f.promise).collect();
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let openings: Vec<i32> = facts.iter().map(|f| f.opening).collect();
    let clients: Vec<Option<Uuid>> = facts.iter().map(|f| f.client).collect();
    let made: Vec<bool> = facts.iter().map(|f| f.made).collect();
    let parties: Vec<Option<Uuid>> = facts.iter().map(|f| f.party).collect();
    let due: Vec<Option<Date>> = facts.iter().map(|f| f.due_on).collect();
    let kept: Vec<Option<Date>> = facts.iter().map(|f| f.kept_on).collect();
    let broken: Vec<Option<Date>> = facts.iter().map(|f| f.broken_on).collect();
    let cancelled: Vec<bool> = facts.iter().map(|f| f.cancelled).collect();
    let ended: Vec<Option<Instant>> = facts.iter().map(|f| f.ended_at).collect();
    sqlx::query!(
        "INSERT INTO promise AS known (promise_id, account_id, opening, client_id, made, party_id, due_on,
                                       kept_on, broken_on, cancelled, ended_at)
         SELECT DISTINCT ON (promise_id) promise_id, account_id, opening, client_id, made, party_id,
                due_on, kept_on, broken_on, cancelled, ended_at
         FROM UNNEST($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::bool[], $6::uuid[], $7::date[],
                     $8::date[], $9::date[], $10::bool[], $11::timestamptz[])
             AS f (promise_id, account_id, opening, client_id, made, party_id, due_on, kept_on, broken_on,
                   cancelled, ended_at)
         ORDER BY promise_id
         ON CONFLICT (promise_id) DO UPDATE
         SET made = known.made OR excluded.made,
             client_id = coalesce(known.client_id, excluded.client_id),
             party_id = coalesce(known.party_id, excluded.party_id),
             due_on = coalesce(known.due_on, excluded.due_on),
             kept_on = coalesce(known.kept_on, excluded.kept_on),
             broken_on = coalesce(known.broken_on, excluded.broken_on),
             cancelled = known.cancelled OR excluded.cancelled,
             ended_at = greatest(known.ended_at, excluded.ended_at)",
        &promises,
        &accounts,
        &openings,
        &clients as _,
        &made,
        &parties as _,
        &due as _,
        &kept as _,
        &broken as _,
        &cancelled,
        &ended as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What one event says of a dispute.
pub(crate) struct DisputeFact {
    pub dispute: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub client: Option<Uuid>,
    pub opened: bool,
    pub reason: String,
    pub pauses: bool,
    pub resolved_on: Option<Date>,
    pub outcome: String,
}

/// Keeps what is said of disputes.
pub(crate) async fn keep_disputes(
    conn: &mut PgConnection,
    facts: &[DisputeFact],
) -> sqlx::Result<()> {
    let disputes: Vec<Uuid> = facts.iter().map(|f| f.dispute).collect();
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let openings: Vec<i32> = facts.iter().map(|f| f.opening).collect();
    let clients: Vec<Option<Uuid>> = facts.iter().map(|f| f.client).collect();
    let opened: Vec<bool> = facts.iter().map(|f| f.opened).collect();
    let reasons: Vec<String> = facts.iter().map(|f| f.reason.clone()).collect();
    let pauses: Vec<bool> = facts.iter().map(|f| f.pauses).collect();
    let resolved: Vec<Option<Date>> = facts.iter().map(|f| f.resolved_on).collect();
    let outcomes: Vec<String> = facts.iter().map(|f| f.outcome.clone()).collect();
    sqlx::query!(
        "INSERT INTO dispute AS known (dispute_id, account_id, opening, client_id, opened, reason, pauses,
                                       resolved_on, outcome)
         SELECT DISTINCT ON (dispute_id) dispute_id, account_id, opening, client_id, opened, reason, pauses,
                resolved_on, outcome
         FROM UNNEST($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::bool[], $6::text[], $7::bool[],
                     $8::date[], $9::text[])
             AS f (dispute_id, account_id, opening, client_id, opened, reason, pauses, resolved_on, outcome)
         ORDER BY dispute_id
         ON CONFLICT (dispute_id) DO UPDATE
         SET opened = known.opened OR excluded.opened,
             client_id = coalesce(known.client_id, excluded.client_id),
             reason = CASE WHEN known.opened THEN known.reason ELSE excluded.reason END,
             pauses = known.pauses OR excluded.pauses,
             resolved_on = coalesce(known.resolved_on, excluded.resolved_on),
             outcome = CASE WHEN known.resolved_on IS NULL THEN excluded.outcome ELSE known.outcome END",
        &disputes,
        &accounts,
        &openings,
        &clients as _,
        &opened,
        &reasons,
        &pauses,
        &resolved as _,
        &outcomes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What one event says of a stop.
pub(crate) struct StopFact {
    pub stop: Uuid,
    pub client: Option<Uuid>,
    pub party: Uuid,
    pub account: Option<Uuid>,
    pub kind: &'static str,
    pub whole: bool,
    pub placed: bool,
    pub lifted: bool,
}

/// Keeps what is said of stops.
pub(crate) async fn keep_stops(conn: &mut PgConnection, facts: &[StopFact]) -> sqlx::Result<()> {
    let stops: Vec<Uuid> = facts.iter().map(|f| f.stop).collect();
    let clients: Vec<Option<Uuid>> = facts.iter().map(|f| f.client).collect();
    let parties: Vec<Uuid> = facts.iter().map(|f| f.party).collect();
    let accounts: Vec<Option<Uuid>> = facts.iter().map(|f| f.account).collect();
    let kinds: Vec<String> = facts.iter().map(|f| f.kind.to_owned()).collect();
    let whole: Vec<bool> = facts.iter().map(|f| f.whole).collect();
    let placed: Vec<bool> = facts.iter().map(|f| f.placed).collect();
    let lifted: Vec<bool> = facts.iter().map(|f| f.lifted).collect();
    sqlx::query!(
        "INSERT INTO stop AS known (stop_id, client_id, party_id, account_id, kind, whole, placed, lifted)
         SELECT DISTINCT ON (stop_id) stop_id, client_id, party_id, account_id, kind, whole, placed, lifted
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::bool[], $7::bool[],
                     $8::bool[])
             AS f (stop_id, client_id, party_id, account_id, kind, whole, placed, lifted)
         ORDER BY stop_id
         ON CONFLICT (stop_id) DO UPDATE
         SET client_id = coalesce(known.client_id, excluded.client_id),
             kind = CASE WHEN known.placed THEN known.kind ELSE excluded.kind END,
             whole = known.whole OR excluded.whole,
             placed = known.placed OR excluded.placed,
             lifted = known.lifted OR excluded.lifted",
        &stops,
        &clients as _,
        &parties,
        &accounts as _,
        &kinds,
        &whole,
        &placed,
        &lifted
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a search found of a party.
pub(crate) struct FindingFact {
    pub party: Uuid,
    pub kind: &'static str,
    pub account: Uuid,
    pub client: Option<Uuid>,
    pub chapter: i32,
}

/// Keeps findings, each kind once per party.
pub(crate) async fn keep_findings(
    conn: &mut PgConnection,
    facts: &[FindingFact],
) -> sqlx::Result<()> {
    let parties: Vec<Uuid> = facts.iter().map(|f| f.party).collect();
    let kinds: Vec<String> = facts.iter().map(|f| f.kind.to_owned()).collect();
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let clients: Vec<Option<Uuid>> = facts.iter().map(|f| f.client).collect();
    let chapters: Vec<i32> = facts.iter().map(|f| f.chapter).collect();
    sqlx::query!(
        "INSERT INTO finding AS known (party_id, kind, account_id, client_id, chapter)
         SELECT DISTINCT ON (party_id, kind) party_id, kind, account_id, client_id, chapter
         FROM UNNEST($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::int[])
             AS f (party_id, kind, account_id, client_id, chapter)
         ORDER BY party_id, kind, chapter DESC
         ON CONFLICT (party_id, kind) DO UPDATE SET chapter = excluded.chapter
         WHERE known.chapter < excluded.chapter",
        &parties,
        &kinds,
        &accounts,
        &clients as _,
        &chapters
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A validation notice that was mailed.
pub(crate) struct NoticeFact {
    pub letter: Uuid,
    pub account: Uuid,
    pub opening: i32,
    pub client: Option<Uuid>,
    pub party: Uuid,
    pub period_end: Date,
}

/// Keeps when validation periods end, each notice once.
pub(crate) async fn keep_notices(
    conn: &mut PgConnection,
    facts: &[NoticeFact],
) -> sqlx::Result<()> {
    let letters: Vec<Uuid> = facts.iter().map(|f| f.letter).collect();
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let openings: Vec<i32> = facts.iter().map(|f| f.opening).collect();
    let clients: Vec<Option<Uuid>> = facts.iter().map(|f| f.client).collect();
    let parties: Vec<Uuid> = facts.iter().map(|f| f.party).collect();
    let ends: Vec<Date> = facts.iter().map(|f| f.period_end).collect();
    sqlx::query!(
        "INSERT INTO validation_notice (letter_id, account_id, opening, client_id, party_id, period_end)
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::date[])
             AS f (letter_id)
         ORDER BY letter_id
         ON CONFLICT DO NOTHING",
        &letters,
        &accounts,
        &openings,
        &clients as _,
        &parties,
        &ends
    )
    .execute(conn)
    .await?;
    Ok(())
}
