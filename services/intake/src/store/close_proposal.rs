//! Proposals to close, kept once each whatever the order and repetition of their delivery.

use chrono::{DateTime, Utc};
use duly_domain::{AccountId, CloseCode};
use sqlx::{PgConnection, types::Uuid};

use super::code;

/// One proposal.
pub struct Proposal {
    pub event: Uuid,
    pub account: Uuid,
    pub client: Uuid,
    pub opening: i32,
    pub code: CloseCode,
    pub reason: String,
    pub proposed_at: DateTime<Utc>,
}

/// A proposal for an account as it stands, open and in the proposed opening.
pub struct Standing {
    pub account: AccountId,
    pub code: CloseCode,
    pub reason: String,
    /// The client charged more since it was proposed: it was not known then.
    pub is_outdated: bool,
}

pub async fn keep(conn: &mut PgConnection, proposals: &[Proposal]) -> sqlx::Result<()> {
    let events: Vec<Uuid> = proposals.iter().map(|p| p.event).collect();
    let accounts: Vec<Uuid> = proposals.iter().map(|p| p.account).collect();
    let clients: Vec<Uuid> = proposals.iter().map(|p| p.client).collect();
    let openings: Vec<i32> = proposals.iter().map(|p| p.opening).collect();
    let codes: Vec<&str> = proposals.iter().map(|p| p.code.as_str()).collect();
    let reasons: Vec<&str> = proposals.iter().map(|p| p.reason.as_str()).collect();
    let times: Vec<DateTime<Utc>> = proposals.iter().map(|p| p.proposed_at).collect();
    sqlx::query!(
        "INSERT INTO close_proposal
             (event_id, account_id, client_id, opening, close_code, reason, proposed_at)
         SELECT event_id, account_id, client_id, opening, close_code, reason, proposed_at
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[],
                     $7::timestamptz[])
              AS t (event_id, account_id, client_id, opening, close_code, reason, proposed_at)
         ON CONFLICT DO NOTHING",
        &events,
        &accounts,
        &clients,
        &openings,
        &codes as &[&str],
        &reasons as &[&str],
        &times
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The proposals for these accounts that fit their opening, in an order of business: by instant, then
/// code. The accounts are locked before.
pub async fn standing(conn: &mut PgConnection, accounts: &[Uuid]) -> sqlx::Result<Vec<Standing>> {
    let rows = sqlx::query!(
        r#"SELECT a.account_id, p.close_code, p.reason,
                  EXISTS (SELECT 1 FROM adjustment AS j
                          WHERE j.account_id = a.account_id AND j.opening = a.opening
                            AND j.amount_minor > 0 AND j.adjusted_at >= p.proposed_at)
                      AS "is_outdated!"
           FROM account AS a
           JOIN close_proposal AS p ON p.account_id = a.account_id AND p.opening = a.opening
           WHERE a.account_id = ANY ($1) AND a.lifecycle <> 'closed'
           ORDER BY a.account_id, p.proposed_at, p.close_code, p.reason"#,
        accounts
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Standing {
                account: AccountId::from_uuid(row.account_id),
                code: code("close_proposal", "close_code", &row.close_code)?,
                reason: row.reason,
                is_outdated: row.is_outdated,
            })
        })
        .collect()
}
