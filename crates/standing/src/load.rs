//! Reading where accounts stand.

use std::{collections::BTreeMap, str::FromStr};

use chrono::{DateTime, Utc};
use duly_domain::{Currency, Date, Money, Pii};
use sqlx::{PgConnection, types::Uuid};

use crate::{
    End, EndKind, Held, Party, Standing,
    store::{self, Row, StoredParty},
};

/// What stands in a row is none of ours: written by another version, or by hand.
#[derive(Debug, thiserror::Error)]
#[error("{table} {id}: {what} is none that this version knows")]
struct Corrupt {
    table: &'static str,
    id: Uuid,
    what: &'static str,
}

/// These accounts as they stand today, by id. An account that nobody has told us of is absent.
///
/// # Errors
/// The database's, or a row that does not fit.
pub async fn load(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    today: Date,
) -> sqlx::Result<BTreeMap<Uuid, Standing>> {
    load_of(conn, accounts, today, None).await
}

/// The same from what was told before this instant alone. For ticks that must not depend on how much of
/// what other services tell in their own instant has come in.
///
/// # Errors
/// The database's, or a row that does not fit.
pub async fn load_before(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    today: Date,
    before: DateTime<Utc>,
) -> sqlx::Result<BTreeMap<Uuid, Standing>> {
    load_of(conn, accounts, today, Some(before)).await
}

async fn load_of(
    conn: &mut PgConnection,
    accounts: &[Uuid],
    today: Date,
    before: Option<DateTime<Utc>>,
) -> sqlx::Result<BTreeMap<Uuid, Standing>> {
    let rows = store::accounts(&mut *conn, accounts, today, before).await?;
    let mut standings = BTreeMap::new();
    for row in rows {
        standings.insert(row.account_id, standing(row)?);
    }
    for row in store::parties(conn, accounts).await? {
        if let Some(standing) = standings.get_mut(&row.account_id) {
            standing.parties.push(party(row)?);
        }
    }
    Ok(standings)
}

/// One account as it stands today, where it is known.
///
/// # Errors
/// The database's, or a row that does not fit.
pub async fn find(
    conn: &mut PgConnection,
    account: Uuid,
    today: Date,
) -> sqlx::Result<Option<Standing>> {
    Ok(load(conn, &[account], today).await?.remove(&account))
}

/// Each of these parties with each account on which it is liable.
///
/// # Errors
/// The database's.
pub async fn load_for_parties(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    store::accounts_of_parties(conn, parties).await
}

fn standing(row: Row) -> sqlx::Result<Standing> {
    let id = row.account_id;
    let corrupt = |what| Corrupt { table: "account", id, what };
    let currency: Currency = known(&row.currency).ok_or_else(|| decode(corrupt("currency")))?;
    let balance = row
        .listed_minor
        .checked_add(row.moved_minor)
        .ok_or_else(|| decode(corrupt("the sum of its money")))?;
    let ended = match (row.end_kind.as_deref(), row.ended_on, row.close_code.as_deref()) {
        (Some(kind), Some(on), Some(code)) => Some(End {
            kind: if kind == "recalled" { EndKind::Recalled } else { EndKind::Closed },
            on,
            close_code: known(code).ok_or_else(|| decode(corrupt("close_code")))?,
        }),
        _ => None,
    };
    Ok(Standing {
        account: id,
        opening: row.opening,
        client: row.client_id,
        client_ref: row.client_ref,
        client_name: row.client_name,
        client_account_ref: row.client_account_ref,
        debt_class: known(&row.debt_class).ok_or_else(|| decode(corrupt("debt_class")))?,
        service_kind: known(&row.service_kind).ok_or_else(|| decode(corrupt("service_kind")))?,
        listed: Money::new(row.listed_minor, currency),
        listed_on: row.listed_on,
        balance: Money::new(balance, currency),
        ended,
        settled: row.settled && balance <= 0,
        held: row.hold_reason.map(|reason| Held { reason, until: row.hold_until }),
        parties: Vec::new(),
    })
}

fn party(row: StoredParty) -> sqlx::Result<Party> {
    let id = row.party_id;
    let corrupt = |what| Corrupt { table: "account_party", id, what };
    Ok(Party {
        id,
        position: row.position,
        role: known(&row.role).ok_or_else(|| decode(corrupt("role")))?,
        kind: known(&row.debtor_kind).ok_or_else(|| decode(corrupt("debtor_kind")))?,
        name: Pii::new(row.name),
        address: row.address.map(|address| Pii::new(address.0)),
        phones: row.phones.into_iter().map(Pii::new).collect(),
        emails: row.emails.into_iter().map(Pii::new).collect(),
        national_id_lookup: row.national_id_lookup,
    })
}

fn known<T: FromStr>(code: &str) -> Option<T> {
    code.parse().ok()
}

fn decode(corrupt: Corrupt) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(corrupt))
}
