//! Facts heard from intake, each kept once whatever the order and repetition of its delivery.

use duly_domain::Date;
use sqlx::{PgConnection, types::Uuid};

/// One version of a client.
pub(crate) struct PolicyFact {
    pub client: Uuid,
    pub version: i64,
    pub client_ref: String,
    pub client_name: String,
    pub parent: Option<Uuid>,
    pub effective_on: Date,
    pub policy: serde_json::Value,
    pub currency: String,
}

/// Keeps versions of clients and makes sure of their rows in the trust book.
pub(crate) async fn keep_policies(
    conn: &mut PgConnection,
    facts: &[PolicyFact],
) -> sqlx::Result<()> {
    let clients: Vec<Uuid> = facts.iter().map(|f| f.client).collect();
    let versions: Vec<i64> = facts.iter().map(|f| f.version).collect();
    let refs: Vec<String> = facts.iter().map(|f| f.client_ref.clone()).collect();
    let names: Vec<String> = facts.iter().map(|f| f.client_name.clone()).collect();
    let parents: Vec<Option<Uuid>> = facts.iter().map(|f| f.parent).collect();
    let from: Vec<Date> = facts.iter().map(|f| f.effective_on).collect();
    let policies: Vec<serde_json::Value> = facts.iter().map(|f| f.policy.clone()).collect();
    sqlx::query!(
        "INSERT INTO client_policy
             (client_id, version, client_ref, client_name, parent_client_id, effective_on, policy)
         SELECT client_id, version, client_ref, client_name, parent, effective_on, policy
         FROM UNNEST($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::date[], $7::jsonb[])
             AS f (client_id, version, client_ref, client_name, parent, effective_on, policy)
         ORDER BY client_id, version
         ON CONFLICT DO NOTHING",
        &clients,
        &versions,
        &refs,
        &names,
        &parents as &[Option<Uuid>],
        &from,
        &policies
    )
    .execute(&mut *conn)
    .await?;
    let currencies: Vec<String> = facts.iter().map(|f| f.currency.clone()).collect();
    sqlx::query!(
        "INSERT INTO client_trust (client_id, currency)
         SELECT DISTINCT client_id, currency FROM UNNEST($1::uuid[], $2::text[]) AS f (client_id, currency)
         ORDER BY client_id, currency
         ON CONFLICT DO NOTHING",
        &clients,
        &currencies
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One opening of an account.
pub(crate) struct AccountFact {
    pub account: Uuid,
    pub opening: i32,
    pub client: Uuid,
    pub client_ref: String,
    pub client_account_ref: String,
    pub currency: String,
    pub listed_minor: i64,
    pub listing_date: Date,
    pub debtor_name: String,
    /// In the order of the placement.
    pub parties: Vec<Uuid>,
}

/// Keeps openings of accounts with who owes them, each once.
pub(crate) async fn keep_accounts(
    conn: &mut PgConnection,
    facts: &[AccountFact],
) -> sqlx::Result<()> {
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let openings: Vec<i32> = facts.iter().map(|f| f.opening).collect();
    let clients: Vec<Uuid> = facts.iter().map(|f| f.client).collect();
    let client_refs: Vec<String> = facts.iter().map(|f| f.client_ref.clone()).collect();
    let refs: Vec<String> = facts.iter().map(|f| f.client_account_ref.clone()).collect();
    let currencies: Vec<String> = facts.iter().map(|f| f.currency.clone()).collect();
    let listed: Vec<i64> = facts.iter().map(|f| f.listed_minor).collect();
    let dates: Vec<Date> = facts.iter().map(|f| f.listing_date).collect();
    let debtors: Vec<String> = facts.iter().map(|f| f.debtor_name.clone()).collect();
    sqlx::query!(
        "INSERT INTO account (account_id, opening, client_id, client_ref, client_account_ref, currency,
                              listed_minor, listing_date, debtor_name)
         SELECT account_id, opening, client_id, client_ref, client_account_ref, currency,
                listed_minor, listing_date, debtor_name
         FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[],
                     $8::date[], $9::text[])
             AS f (account_id, opening, client_id, client_ref, client_account_ref, currency,
                   listed_minor, listing_date, debtor_name)
         ORDER BY account_id, opening
         ON CONFLICT DO NOTHING",
        &accounts,
        &openings,
        &clients,
        &client_refs,
        &refs,
        &currencies,
        &listed,
        &dates,
        &debtors
    )
    .execute(&mut *conn)
    .await?;
    keep_parties(conn, facts).await
}

async fn keep_parties(conn: &mut PgConnection, facts: &[AccountFact]) -> sqlx::Result<()> {
    let (mut accounts, mut openings, mut parties) = (Vec::new(), Vec::new(), Vec::new());
    let (mut clients, mut positions) = (Vec::new(), Vec::new());
    for fact in facts {
        for (position, party) in (0i32..).zip(&fact.parties) {
            accounts.push(fact.account);
            openings.push(fact.opening);
            parties.push(*party);
            clients.push(fact.client);
            positions.push(position);
        }
    }
    sqlx::query!(
        "INSERT INTO liable_party (account_id, opening, party_id, client_id, position)
         SELECT account_id, opening, party_id, client_id, position
         FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::int[])
             AS f (account_id, opening, party_id, client_id, position)
         ON CONFLICT DO NOTHING",
        &accounts,
        &openings,
        &parties,
        &clients,
        &positions
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One claim item, by its place among the parts in which items travel.
pub(crate) struct ItemFact {
    pub account: Uuid,
    pub opening: i32,
    pub part: i32,
    pub line: i32,
    pub client: Uuid,
    pub kind: &'static str,
    pub number: String,
    pub item_date: Option<Date>,
    pub due_date: Option<Date>,
    pub currency: String,
    pub open_minor: i64,
    pub disputed_minor: i64,
}

/// Keeps claim items, each once.
pub(crate) async fn keep_items(conn: &mut PgConnection, facts: &[ItemFact]) -> sqlx::Result<()> {
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let openings: Vec<i32> = facts.iter().map(|f| f.opening).collect();
    let parts: Vec<i32> = facts.iter().map(|f| f.part).collect();
    let lines: Vec<i32> = facts.iter().map(|f| f.line).collect();
    let clients: Vec<Uuid> = facts.iter().map(|f| f.client).collect();
    let kinds: Vec<String> = facts.iter().map(|f| f.kind.to_owned()).collect();
    let numbers: Vec<String> = facts.iter().map(|f| f.number.clone()).collect();
    let item_dates: Vec<Option<Date>> = facts.iter().map(|f| f.item_date).collect();
    let due_dates: Vec<Option<Date>> = facts.iter().map(|f| f.due_date).collect();
    let currencies: Vec<String> = facts.iter().map(|f| f.currency.clone()).collect();
    let open: Vec<i64> = facts.iter().map(|f| f.open_minor).collect();
    let disputed: Vec<i64> = facts.iter().map(|f| f.disputed_minor).collect();
    sqlx::query!(
        "INSERT INTO claim_item (account_id, opening, part, line, client_id, kind, number, item_date,
                                 due_date, currency, open_minor, disputed_minor)
         SELECT account_id, opening, part, line, client_id, kind, number, item_date,
                due_date, currency, open_minor, disputed_minor
         FROM UNNEST($1::uuid[], $2::int[], $3::int[], $4::int[], $5::uuid[], $6::text[], $7::text[],
                     $8::date[], $9::date[], $10::text[], $11::bigint[], $12::bigint[])
             AS f (account_id, opening, part, line, client_id, kind, number, item_date,
                   due_date, currency, open_minor, disputed_minor)
         ON CONFLICT DO NOTHING",
        &accounts,
        &openings,
        &parts,
        &lines,
        &clients,
        &kinds,
        &numbers,
        &item_dates as &[Option<Date>],
        &due_dates as &[Option<Date>],
        &currencies,
        &open,
        &disputed
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One correction of a balance.
pub(crate) struct AdjustmentFact {
    pub id: Uuid,
    pub account: Uuid,
    pub client: Uuid,
    pub currency: String,
    pub amount_minor: i64,
    pub adjusted_on: Date,
    pub item_number: String,
    /// 0 where intake did not tell it.
    pub opening: i32,
}

/// Keeps corrections, each once.
pub(crate) async fn keep_adjustments(
    conn: &mut PgConnection,
    facts: &[AdjustmentFact],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = facts.iter().map(|f| f.id).collect();
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let clients: Vec<Uuid> = facts.iter().map(|f| f.client).collect();
    let currencies: Vec<String> = facts.iter().map(|f| f.currency.clone()).collect();
    let amounts: Vec<i64> = facts.iter().map(|f| f.amount_minor).collect();
    let dates: Vec<Date> = facts.iter().map(|f| f.adjusted_on).collect();
    let items: Vec<String> = facts.iter().map(|f| f.item_number.clone()).collect();
    let openings: Vec<i32> = facts.iter().map(|f| f.opening).collect();
    sqlx::query!(
        "INSERT INTO adjustment (adjustment_id, account_id, client_id, currency, amount_minor, adjusted_on,
                                 item_number, opening)
         SELECT id, account_id, client_id, currency, amount_minor, adjusted_on, item_number, opening
         FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::date[], $7::text[],
                     $8::int[])
             AS f (id, account_id, client_id, currency, amount_minor, adjusted_on, item_number, opening)
         ON CONFLICT DO NOTHING",
        &ids,
        &accounts,
        &clients,
        &currencies,
        &amounts,
        &dates,
        &items,
        &openings
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One end of an opening.
pub(crate) struct EndFact {
    pub account: Uuid,
    pub opening: i32,
    pub client: Uuid,
    pub ended_on: Date,
    /// Absent for a recall.
    pub close_code: Option<&'static str>,
}

/// Keeps recalls and closes, each once per opening.
pub(crate) async fn keep_ends(conn: &mut PgConnection, facts: &[EndFact]) -> sqlx::Result<()> {
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let openings: Vec<i32> = facts.iter().map(|f| f.opening).collect();
    let clients: Vec<Uuid> = facts.iter().map(|f| f.client).collect();
    let dates: Vec<Date> = facts.iter().map(|f| f.ended_on).collect();
    let codes: Vec<Option<String>> =
        facts.iter().map(|f| f.close_code.map(str::to_owned)).collect();
    sqlx::query!(
        "INSERT INTO account_end (account_id, opening, kind, client_id, ended_on, close_code)
         SELECT account_id, opening, CASE WHEN code IS NULL THEN 'recalled' ELSE 'closed' END,
                client_id, ended_on, code
         FROM UNNEST($1::uuid[], $2::int[], $3::uuid[], $4::date[], $5::text[])
             AS f (account_id, opening, client_id, ended_on, code)
         ON CONFLICT DO NOTHING",
        &accounts,
        &openings,
        &clients,
        &dates,
        &codes as &[Option<String>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Unapplied payments that named one of these accounts.
pub(crate) async fn unapplied_naming_accounts(
    conn: &mut PgConnection,
    facts: &[AccountFact],
) -> sqlx::Result<Vec<Uuid>> {
    let accounts: Vec<Uuid> = facts.iter().map(|f| f.account).collect();
    let client_refs: Vec<String> = facts.iter().map(|f| f.client_ref.clone()).collect();
    let refs: Vec<String> = facts.iter().map(|f| f.client_account_ref.clone()).collect();
    sqlx::query_scalar!(
        r#"SELECT payment_id AS "payment_id!" FROM payment
           WHERE state = 'unapplied' AND named_account_id = ANY($1)
           UNION
           SELECT payment_id FROM payment
           JOIN UNNEST($2::text[], $3::text[]) AS f (client_ref, account_ref)
             ON named_client_ref = f.client_ref AND named_account_ref = f.account_ref
           WHERE state = 'unapplied'"#,
        &accounts,
        &client_refs,
        &refs
    )
    .fetch_all(conn)
    .await
}

/// Unapplied payments that named a known account of one of these clients.
pub(crate) async fn unapplied_naming_clients(
    conn: &mut PgConnection,
    clients: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT p.payment_id FROM payment AS p
           JOIN account AS a
             ON a.account_id = p.named_account_id
             OR (a.client_ref = p.named_client_ref AND a.client_account_ref = p.named_account_ref)
           WHERE p.state = 'unapplied' AND a.client_id = ANY($1)"#,
        clients
    )
    .fetch_all(conn)
    .await
}
