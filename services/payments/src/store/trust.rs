//! Each client's part of the trust account. Credits are appended without a lock; debits lock the row,
//! fold the credits and subtract. The row's CHECKs are the last line.

use duly_domain::{ClientId, Currency, Money, MoneyError, RemittanceId};
use duly_ledger::{Deficiency, EntrySet, Ledger};
use sqlx::{PgConnection, types::Uuid};

use super::code;
use crate::error::Result;

/// One client's balances in one currency, locked.
#[derive(Debug, Clone)]
pub(crate) struct Trust {
    pub client: ClientId,
    pub currency: Currency,
    /// Released money of the client.
    pub available: Money,
    /// The part of it that held remittances claim.
    pub claimed: Money,
    pub deficiency: Deficiency,
    /// Set aside and not yet swept.
    pub unswept: Money,
    /// What the next closing starts with.
    pub operating_carry: Money,
}

impl Trust {
    /// Released money that nothing claims.
    pub(crate) fn free(&self) -> std::result::Result<Money, MoneyError> {
        self.available.sub(self.claimed)
    }

    /// Takes the entries of a set into the balances.
    pub(crate) fn post(&mut self, set: &EntrySet) -> std::result::Result<(), MoneyError> {
        for entry in set.entries() {
            match entry.ledger {
                Ledger::ClientTrust => self.available = self.available.sub(entry.money)?,
                Ledger::DeficiencyAgency => {
                    self.deficiency.agency = self.deficiency.agency.add(entry.money)?;
                }
                Ledger::DeficiencyClient => {
                    self.deficiency.client = self.deficiency.client.add(entry.money)?;
                }
                Ledger::CommissionUnswept => self.unswept = self.unswept.sub(entry.money)?,
                Ledger::TrustBank
                | Ledger::Unapplied
                | Ledger::RefundsDue
                | Ledger::Held
                | Ledger::OperatingBank
                | Ledger::CommissionIncome
                | Ledger::ClientReceivable
                | Ledger::Losses => {}
            }
        }
        Ok(())
    }
}

/// Locks a client's balances against other debits, making the row where it is new.
pub(crate) async fn lock(
    conn: &mut PgConnection,
    client: ClientId,
    currency: Currency,
) -> sqlx::Result<Trust> {
    let row = sqlx::query!(
        "INSERT INTO client_trust (client_id, currency) VALUES ($1, $2)
         ON CONFLICT (client_id, currency) DO UPDATE SET available = client_trust.available
         RETURNING available, claimed_minor, deficiency_agency_minor, deficiency_client_minor, unswept_minor,
                   operating_carry_minor",
        client.uuid(),
        currency.code()
    )
    .fetch_one(conn)
    .await?;
    let money = |minor| Money::new(minor, currency);
    Ok(Trust {
        client,
        currency,
        available: money(row.available),
        claimed: money(row.claimed_minor),
        deficiency: Deficiency {
            agency: money(row.deficiency_agency_minor),
            client: money(row.deficiency_client_minor),
        },
        unswept: money(row.unswept_minor),
        operating_carry: money(row.operating_carry_minor),
    })
}

/// Takes the credits appended so far into locked balances.
pub(crate) async fn fold(conn: &mut PgConnection, trust: &mut Trust) -> Result<()> {
    let folded = sqlx::query_scalar!(
        r#"WITH folded AS (
               DELETE FROM trust_credit WHERE client_id = $1 AND currency = $2 RETURNING amount_minor)
           SELECT coalesce(sum(amount_minor), 0)::bigint AS "folded!" FROM folded"#,
        trust.client.uuid(),
        trust.currency.code()
    )
    .fetch_one(conn)
    .await?;
    trust.available = trust.available.add(Money::new(folded, trust.currency))?;
    Ok(())
}

/// Writes locked balances back.
pub(crate) async fn write(conn: &mut PgConnection, trust: &Trust) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE client_trust SET available = $3, claimed_minor = $4, deficiency_agency_minor = $5,
             deficiency_client_minor = $6, unswept_minor = $7, operating_carry_minor = $8
         WHERE client_id = $1 AND currency = $2",
        trust.client.uuid(),
        trust.currency.code(),
        trust.available.minor(),
        trust.claimed.minor(),
        trust.deficiency.agency.minor(),
        trust.deficiency.client.minor(),
        trust.unswept.minor(),
        trust.operating_carry.minor()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Appends credits; the ids are the caller's.
pub(crate) async fn credit(
    conn: &mut PgConnection,
    credits: &[(Uuid, ClientId, Money)],
) -> sqlx::Result<()> {
    if credits.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = credits.iter().map(|(id, ..)| *id).collect();
    let clients: Vec<Uuid> = credits.iter().map(|(_, client, _)| client.uuid()).collect();
    let currencies: Vec<String> =
        credits.iter().map(|(.., money)| money.currency().code().to_owned()).collect();
    let amounts: Vec<i64> = credits.iter().map(|(.., money)| money.minor()).collect();
    sqlx::query!(
        "INSERT INTO trust_credit (credit_id, client_id, currency, amount_minor)
         SELECT credit_id, client_id, currency, amount_minor
         FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::bigint[])
             AS c (credit_id, client_id, currency, amount_minor)",
        &ids,
        &clients,
        &currencies,
        &amounts
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which of these clients have a deficiency or a remittance that waits, in the order of their keys.
pub(crate) async fn wanting(
    conn: &mut PgConnection,
    clients: &[Uuid],
) -> Result<Vec<(ClientId, Currency)>> {
    let rows = sqlx::query!(
        "SELECT client_id, currency FROM client_trust
         WHERE client_id = ANY($1)
           AND (deficiency_agency_minor > 0 OR deficiency_client_minor > 0 OR claimed_minor > 0)
         ORDER BY client_id, currency",
        clients
    )
    .fetch_all(conn)
    .await?;
    keys(rows.into_iter().map(|row| (row.client_id, row.currency)))
}

/// Every balance of these clients, in the order of their keys.
pub(crate) async fn of_clients(
    conn: &mut PgConnection,
    clients: &[Uuid],
) -> Result<Vec<(ClientId, Currency)>> {
    let rows = sqlx::query!(
        "SELECT client_id, currency FROM client_trust WHERE client_id = ANY($1)
         ORDER BY client_id, currency",
        clients
    )
    .fetch_all(conn)
    .await?;
    keys(rows.into_iter().map(|row| (row.client_id, row.currency)))
}

fn keys(rows: impl Iterator<Item = (Uuid, String)>) -> Result<Vec<(ClientId, Currency)>> {
    rows.map(|(id, currency)| {
        Ok((ClientId::from_uuid(id), code::<Currency>("client_trust", id, &currency)?))
    })
    .collect()
}

/// What is missing from the whole trust account, whichever client's.
pub(crate) async fn missing(conn: &mut PgConnection, currency: Currency) -> sqlx::Result<Money> {
    let minor = sqlx::query_scalar!(
        r#"SELECT coalesce(sum(deficiency_agency_minor + deficiency_client_minor), 0)::bigint AS "minor!"
           FROM client_trust WHERE currency = $1"#,
        currency.code()
    )
    .fetch_one(conn)
    .await?;
    Ok(Money::new(minor, currency))
}

/// Clients with commission that waits for its sweep.
pub(crate) async fn unswept(
    conn: &mut PgConnection,
    currency: Currency,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "SELECT client_id FROM client_trust WHERE currency = $1 AND unswept_minor > 0",
        currency.code()
    )
    .fetch_all(conn)
    .await
}

/// Remittances of a client that wait for their money, the oldest first.
pub(crate) async fn held_remittances(
    conn: &mut PgConnection,
    trust: &Trust,
) -> sqlx::Result<Vec<(RemittanceId, Money)>> {
    let rows = sqlx::query!(
        "SELECT r.remittance_id, r.held_minor FROM remittance AS r
         WHERE r.client_id = $1 AND r.currency = $2 AND r.held_minor > 0
           AND NOT EXISTS (SELECT FROM remittance_held_paid AS p WHERE p.remittance_id = r.remittance_id)
         ORDER BY r.period_to",
        trust.client.uuid(),
        trust.currency.code()
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            (RemittanceId::from_uuid(row.remittance_id), Money::new(row.held_minor, trust.currency))
        })
        .collect())
}

/// Notes that a remittance that waited was paid.
pub(crate) async fn note_paid(
    conn: &mut PgConnection,
    trust: &Trust,
    remittance: RemittanceId,
    on: duly_domain::Date,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO remittance_held_paid (remittance_id, client_id, paid_on) VALUES ($1, $2, $3)",
        remittance.uuid(),
        trust.client.uuid(),
        on
    )
    .execute(conn)
    .await?;
    Ok(())
}
