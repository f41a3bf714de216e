//! What placements say of their claims. Only ever inserted.

use duly_domain::{ClaimKind, CreditorKind, Date};
use sqlx::{PgConnection, types::Uuid};

use super::code_opt;
use crate::error::Result;

/// A claim.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    pub account: Uuid,
    pub opening: i32,
    pub client: Uuid,
    /// What it arose from.
    pub kind: Option<ClaimKind>,
    /// What the current creditor is.
    pub creditor: Option<CreditorKind>,
    /// The oldest due date among its items.
    pub accrued_on: Option<Date>,
}

/// Keeps claims, each opening of an account once.
pub(crate) async fn keep(conn: &mut PgConnection, claims: &[Claim]) -> sqlx::Result<()> {
    let accounts: Vec<Uuid> = claims.iter().map(|claim| claim.account).collect();
    let openings: Vec<i32> = claims.iter().map(|claim| claim.opening).collect();
    let clients: Vec<Uuid> = claims.iter().map(|claim| claim.client).collect();
    let kinds: Vec<Option<&str>> =
        claims.iter().map(|claim| claim.kind.map(ClaimKind::as_str)).collect();
    let creditors: Vec<Option<&str>> =
        claims.iter().map(|claim| claim.creditor.map(CreditorKind::as_str)).collect();
    let accrued: Vec<Option<Date>> = claims.iter().map(|claim| claim.accrued_on).collect();
    sqlx::query!(
        "INSERT INTO claim (account_id, opening, client_id, kind, creditor_kind, accrued_on)
         SELECT account_id, opening, client_id, kind, creditor_kind, accrued_on
         FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::date[])
             AS c (account_id, opening, client_id, kind, creditor_kind, accrued_on)
         ORDER BY account_id, opening
         ON CONFLICT DO NOTHING",
        &accounts,
        &openings,
        &clients,
        &kinds as &[Option<&str>],
        &creditors as &[Option<&str>],
        &accrued as &[Option<Date>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The claims of these accounts, in every opening.
pub(crate) async fn of_accounts(conn: &mut PgConnection, accounts: &[Uuid]) -> Result<Vec<Claim>> {
    let rows = sqlx::query!(
        "SELECT account_id, opening, client_id, kind, creditor_kind, accrued_on
         FROM claim WHERE account_id = ANY ($1)",
        accounts
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Claim {
                account: row.account_id,
                opening: row.opening,
                client: row.client_id,
                kind: code_opt("claim", row.account_id, row.kind.as_deref())?,
                creditor: code_opt("claim", row.account_id, row.creditor_kind.as_deref())?,
                accrued_on: row.accrued_on,
            })
        })
        .collect()
}
