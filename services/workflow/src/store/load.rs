//! All that bears on a set of accounts, in a few queries.

use duly_domain::{Instant, PromiseId};
use sqlx::{PgConnection, types::Uuid};

use super::{code, obligation, task, track, treatment};
use crate::{
    error::Result,
    model::{Dispute, Facts, Promise, Stop},
};

/// Loads the facts of these accounts and parties, of what other services decide at their own ticks only
/// what was told before this instant.
pub(crate) async fn facts(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    parties: &[Uuid],
    before: Instant,
) -> Result<Facts> {
    let mut facts = Facts::default();
    for track in track::of_accounts(conn, accounts).await? {
        facts.tracks.entry((track.account, track.opening)).or_default().push(track);
    }
    let heard = treatment::heard(conn, accounts, before).await?;
    let mut wanted: Vec<Uuid> = heard.iter().map(|heard| heard.treatment).collect();
    wanted.extend(facts.tracks.values().flatten().filter_map(|track| track.treatment));
    wanted.sort_unstable();
    wanted.dedup();
    for treatment in treatment::get(conn, &wanted).await? {
        facts.treatments.insert(treatment.id, treatment);
    }
    for heard in heard {
        if let Some(treatment) = facts.treatments.get(&heard.treatment) {
            let key = (treatment.account, treatment.opening);
            facts.heard.entry(key).or_default().push(heard);
        }
    }
    authorized(conn, &wanted, before, &mut facts).await?;
    promises(conn, accounts, before, &mut facts).await?;
    disputes(conn, accounts, &mut facts).await?;
    obligation::load(conn, accounts, before, &mut facts).await?;
    parties_facts(conn, accounts, parties, &mut facts).await?;
    for task in task::open(conn, accounts).await? {
        facts.tasks.entry((task.account, task.opening)).or_default().push(task);
    }
    credits(conn, accounts, &mut facts).await?;
    Ok(facts)
}

/// What was permitted, and what came with the answers.
async fn authorized(
    conn: &mut PgConnection,
    treatments: &[Uuid],
    before: Instant,
    facts: &mut Facts,
) -> Result<()> {
    let rows = sqlx::query!(
        "SELECT treatment_id, valid_until FROM treatment_authorized
         WHERE treatment_id = ANY ($1) AND authorized_at < $2",
        treatments,
        before
    )
    .fetch_all(&mut *conn)
    .await?;
    facts.authorized = rows.into_iter().map(|row| (row.treatment_id, row.valid_until)).collect();
    let details = sqlx::query!(
        "SELECT treatment_id, answer, detail FROM treatment_answer
         WHERE treatment_id = ANY ($1) AND detail <> ''",
        treatments
    )
    .fetch_all(conn)
    .await?;
    for row in details {
        let answer = code("treatment_answer", row.treatment_id, &row.answer)?;
        facts.details.insert((row.treatment_id, answer), row.detail);
    }
    Ok(())
}

async fn promises(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    before: Instant,
    facts: &mut Facts,
) -> Result<()> {
    let rows = sqlx::query!(
        r#"SELECT promise_id, account_id, opening, party_id, due_on AS "due_on!",
                  ended IS NOT TRUE AS "open!", broken_on IS NOT NULL AND ended AS "broken!"
           FROM (SELECT *, ended_at < $2 AS ended FROM promise) AS promise
           WHERE account_id = ANY ($1) AND made AND due_on IS NOT NULL
             AND (ended IS NOT TRUE OR broken_on IS NOT NULL AND NOT cancelled AND NOT used)
           ORDER BY due_on, promise_id"#,
        accounts,
        before
    )
    .fetch_all(conn)
    .await?;
    for row in rows {
        facts.promises.entry((row.account_id, row.opening)).or_default().push(Promise {
            id: PromiseId::from_uuid(row.promise_id),
            party: row.party_id,
            due_on: row.due_on,
            open: row.open,
            broken: row.broken,
        });
    }
    Ok(())
}

async fn disputes(conn: &mut PgConnection, accounts: &[Uuid], facts: &mut Facts) -> Result<()> {
    let rows = sqlx::query!(
        r#"SELECT dispute_id, account_id, opening, reason, pauses, outcome, tasked,
                  resolved_on IS NOT NULL AS "resolved!"
           FROM dispute WHERE account_id = ANY ($1) AND opened ORDER BY reason, dispute_id"#,
        accounts
    )
    .fetch_all(conn)
    .await?;
    for row in rows {
        facts.disputes.entry((row.account_id, row.opening)).or_default().push(Dispute {
            id: row.dispute_id,
            reason: row.reason,
            pauses: row.pauses,
            outcome: row.resolved.then_some(row.outcome),
            tasked: row.tasked,
        });
    }
    Ok(())
}

/// What is known of parties: stops, findings, validation notices.
async fn parties_facts(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    parties: &[Uuid],
    facts: &mut Facts,
) -> Result<()> {
    let stops = sqlx::query!(
        "SELECT stop_id, party_id, account_id, kind FROM stop
         WHERE party_id = ANY ($1) AND placed AND NOT lifted AND whole",
        parties
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in stops {
        let kind = code("stop", row.stop_id, &row.kind)?;
        facts.stops.push(Stop { party: row.party_id, account: row.account_id, kind });
    }
    let findings = sqlx::query!(
        "SELECT party_id, kind, chapter FROM finding WHERE party_id = ANY ($1)",
        parties
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in findings {
        let found = facts.found.entry(row.party_id).or_default();
        match row.kind.as_str() {
            "phone" => found.points.phone = true,
            "email" => found.points.email = true,
            "address" => found.points.address = true,
            "bankruptcy" => found.chapter = row.chapter,
            // A death or a service is a stop's to tell.
            _ => {}
        }
    }
    let notices = sqlx::query!(
        r#"SELECT account_id, opening, party_id, max(period_end) AS "period_end!"
           FROM validation_notice WHERE account_id = ANY ($1)
           GROUP BY account_id, opening, party_id"#,
        accounts
    )
    .fetch_all(conn)
    .await?;
    facts.validation_ends = notices
        .into_iter()
        .map(|row| ((row.account_id, row.opening, row.party_id), row.period_end))
        .collect();
    Ok(())
}

/// What would be owed had nobody paid anything.
async fn credits(conn: &mut PgConnection, accounts: &[Uuid], facts: &mut Facts) -> Result<()> {
    let rows = sqlx::query!(
        r#"SELECT a.account_id, a.opening,
                  (a.listed_minor + coalesce(sum(m.minor), 0))::bigint AS "minor!"
           FROM account AS a
           LEFT JOIN account_money AS m
             ON m.account_id = a.account_id AND m.opening = a.opening AND m.kind = 'adjusted'
           WHERE a.account_id = ANY ($1)
           GROUP BY a.account_id, a.opening, a.listed_minor"#,
        accounts
    )
    .fetch_all(conn)
    .await?;
    facts.unpaid_minor =
        rows.into_iter().map(|row| ((row.account_id, row.opening), row.minor)).collect();
    Ok(())
}

/// Notes that broken promises were acted on.
pub(crate) async fn note_promises(conn: &mut PgConnection, used: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!("UPDATE promise SET used = true WHERE promise_id = ANY ($1)", used)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that disputes have their task.
pub(crate) async fn note_disputes(conn: &mut PgConnection, tasked: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!("UPDATE dispute SET tasked = true WHERE dispute_id = ANY ($1)", tasked)
        .execute(conn)
        .await?;
    Ok(())
}
