//! Accounts with all that decides what their money does, loaded in sets.

use std::collections::BTreeMap;

use duly_domain::{AccountId, ClientId, ClientPolicy, Date};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use super::{code, money, payment};
use crate::{
    error::{PaymentsError, Result},
    model::{Adjustment, End, File, Named, Opening, Whose},
};

/// Locks the accounts against other writers, in the order of their keys.
pub(crate) async fn lock(conn: &mut PgConnection, accounts: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "SELECT account_id FROM account WHERE account_id = ANY($1)
         ORDER BY account_id, opening FOR NO KEY UPDATE",
        accounts
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// All that is known of these accounts. One that is not known is not in the answer.
pub(crate) async fn load(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> Result<BTreeMap<AccountId, File>> {
    let mut files: BTreeMap<AccountId, File> = BTreeMap::new();
    let openings = sqlx::query!(
        "SELECT account_id, opening, client_id, client_ref, client_account_ref, currency, listed_minor,
                listing_date, debtor_name, settled_on
         FROM account WHERE account_id = ANY($1) ORDER BY account_id, opening",
        accounts
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in openings {
        let account = AccountId::from_uuid(row.account_id);
        files.entry(account).or_default().openings.push(Opening {
            account,
            opening: row.opening,
            client: ClientId::from_uuid(row.client_id),
            client_ref: row.client_ref,
            client_account_ref: row.client_account_ref,
            listed: money("account", row.account_id, row.listed_minor, &row.currency)?,
            listed_on: row.listing_date,
            debtor_name: row.debtor_name,
            settled_on: row.settled_on,
        });
    }
    let adjustments = sqlx::query!(
        "SELECT account_id, opening, currency, amount_minor, adjusted_on FROM adjustment
         WHERE account_id = ANY($1)",
        accounts
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in adjustments {
        let Some(file) = files.get_mut(&AccountId::from_uuid(row.account_id)) else { continue };
        let money = money("adjustment", row.account_id, row.amount_minor, &row.currency)?;
        let opening = told(row.opening);
        file.adjustments.push(Adjustment { money, on: row.adjusted_on, opening });
    }
    let ends = sqlx::query!(
        "SELECT account_id, opening, ended_on, close_code FROM account_end WHERE account_id = ANY($1)",
        accounts
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in ends {
        let Some(file) = files.get_mut(&AccountId::from_uuid(row.account_id)) else { continue };
        let close = row.close_code.map(|c| code("account_end", row.account_id, &c)).transpose()?;
        file.ends.push(End { opening: row.opening, on: row.ended_on, code: close });
    }
    for payment in payment::of_accounts(conn, accounts).await? {
        if let Some(file) = files.get_mut(&payment.whose()?.account) {
            file.payments.push(payment);
        }
    }
    Ok(files)
}

/// The policies of these clients, every version.
pub(crate) async fn policies(
    conn: &mut PgConnection,
    clients: &[Uuid],
) -> sqlx::Result<BTreeMap<ClientId, Vec<ClientPolicy>>> {
    let rows = sqlx::query!(
        r#"SELECT client_id, policy AS "policy: Json<ClientPolicy>" FROM client_policy
           WHERE client_id = ANY($1) ORDER BY client_id, version"#,
        clients
    )
    .fetch_all(conn)
    .await?;
    let mut policies: BTreeMap<ClientId, Vec<ClientPolicy>> = BTreeMap::new();
    for row in rows {
        policies.entry(ClientId::from_uuid(row.client_id)).or_default().push(row.policy.0);
    }
    Ok(policies)
}

/// A known account as a receipt needs it.
pub(crate) struct Known {
    pub whose: Whose,
    pub currency: String,
    pub policies: Vec<ClientPolicy>,
    /// Each opening with its listing date, ascending.
    pub openings: Vec<(i32, Date)>,
}

/// The account that a payment names, once it and its client's policy have been heard of.
pub(crate) async fn find(conn: &mut PgConnection, named: &Named) -> sqlx::Result<Option<Known>> {
    let mut known = find_all(conn, std::slice::from_ref(named)).await?;
    Ok(known.pop().flatten())
}

/// The same for many, in their order.
pub(crate) async fn find_all(
    conn: &mut PgConnection,
    named: &[Named],
) -> sqlx::Result<Vec<Option<Known>>> {
    let places: Vec<i64> = (0..).take(named.len()).collect();
    let (mut ids, mut client_refs, mut account_refs) = (vec![], vec![], vec![]);
    for name in named {
        let (id, client, account) = match name {
            Named::Id(id) => (Some(id.uuid()), None, None),
            Named::Reference { client, account } => {
                (None, Some(client.clone()), Some(account.clone()))
            }
            Named::Nothing => (None, None, None),
        };
        ids.push(id);
        client_refs.push(client);
        account_refs.push(account);
    }
    let rows = sqlx::query!(
        r#"SELECT n.place AS "place!", a.account_id AS "account_id!", a.client_id AS "client_id!",
                  a.currency AS "currency!",
                  p.policies AS "policies!: Json<Vec<ClientPolicy>>",
                  o.openings AS "openings!: Json<Vec<(i32, Date)>>"
           FROM UNNEST($1::bigint[], $2::uuid[], $3::text[], $4::text[])
               AS n (place, account_id, client_ref, account_ref)
           CROSS JOIN LATERAL (
               SELECT account_id, client_id, currency FROM (
                   SELECT account_id, opening, client_id, currency FROM account
                   WHERE account_id = n.account_id
                   UNION ALL
                   SELECT account_id, opening, client_id, currency FROM account
                   WHERE client_ref = n.client_ref AND client_account_ref = n.account_ref) AS either
               ORDER BY opening DESC LIMIT 1) AS a
           CROSS JOIN LATERAL (
               SELECT jsonb_agg(policy ORDER BY version) AS policies FROM client_policy
               WHERE client_id = a.client_id) AS p
           CROSS JOIN LATERAL (
               SELECT jsonb_agg(jsonb_build_array(opening, listing_date) ORDER BY opening) AS openings
               FROM account WHERE account_id = a.account_id) AS o
           WHERE p.policies IS NOT NULL"#,
        &places,
        &ids as &[Option<Uuid>],
        &client_refs as &[Option<String>],
        &account_refs as &[Option<String>]
    )
    .fetch_all(conn)
    .await?;
    let mut known: Vec<Option<Known>> = named.iter().map(|_| None).collect();
    for row in rows {
        let place = usize::try_from(row.place).ok().and_then(|place| known.get_mut(place));
        if let Some(place) = place {
            *place = Some(Known {
                whose: Whose {
                    account: AccountId::from_uuid(row.account_id),
                    client: ClientId::from_uuid(row.client_id),
                },
                currency: row.currency,
                policies: row.policies.0,
                openings: row.openings.0,
            });
        }
    }
    Ok(known)
}

/// Whether the account can be seen: by a client's principal only one of its own tree.
pub(crate) async fn visible(conn: &mut PgConnection, account: AccountId) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        "SELECT account_id FROM account WHERE account_id = $1 LIMIT 1",
        account.uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// Notes when openings were settled, or that they no longer are.
pub(crate) async fn note_settled(
    conn: &mut PgConnection,
    settled: &[(AccountId, i32, Option<Date>)],
) -> sqlx::Result<()> {
    let accounts: Vec<Uuid> = settled.iter().map(|(account, ..)| account.uuid()).collect();
    let openings: Vec<i32> = settled.iter().map(|(_, opening, _)| *opening).collect();
    let dates: Vec<Option<Date>> = settled.iter().map(|(.., on)| *on).collect();
    sqlx::query!(
        "UPDATE account SET settled_on = s.settled_on
         FROM UNNEST($1::uuid[], $2::int[], $3::date[]) AS s (account_id, opening, settled_on)
         WHERE account.account_id = s.account_id AND account.opening = s.opening",
        &accounts,
        &openings,
        &dates as &[Option<Date>]
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One claim item as balances show it.
pub(crate) struct Item {
    pub number: String,
    pub item_date: Option<Date>,
    pub due_date: Option<Date>,
    pub open_minor: i64,
    pub disputed_minor: i64,
}

/// The claim items of one opening, corrections of single items included.
pub(crate) async fn items(conn: &mut PgConnection, opening: &Opening) -> Result<Vec<Item>> {
    Ok(sqlx::query_as!(
        Item,
        "SELECT number, item_date, due_date, open_minor, disputed_minor FROM claim_item
         WHERE account_id = $1 AND opening = $2 ORDER BY part, line",
        opening.account.uuid(),
        opening.opening
    )
    .fetch_all(conn)
    .await?)
}

/// The opening of a correction, where intake told it.
fn told(opening: i32) -> Option<i32> {
    (opening > 0).then_some(opening)
}

/// The correction of one item.
pub(crate) struct ItemAdjustment {
    pub number: String,
    pub on: Date,
    pub opening: Option<i32>,
    pub minor: i64,
}

/// The corrections of single items of an account.
pub(crate) async fn item_adjustments(
    conn: &mut PgConnection,
    account: AccountId,
) -> sqlx::Result<Vec<ItemAdjustment>> {
    let rows = sqlx::query!(
        "SELECT item_number, opening, adjusted_on, amount_minor FROM adjustment
         WHERE account_id = $1 AND item_number <> '' ORDER BY adjusted_on, item_number, amount_minor",
        account.uuid()
    )
    .fetch_all(conn)
    .await?;
    let adjustments = rows.into_iter().map(|row| ItemAdjustment {
        number: row.item_number,
        on: row.adjusted_on,
        opening: told(row.opening),
        minor: row.amount_minor,
    });
    Ok(adjustments.collect())
}

/// The file of one account.
pub(crate) async fn load_one(conn: &mut PgConnection, account: AccountId) -> Result<File> {
    load(conn, &[account.uuid()]).await?.remove(&account).ok_or(PaymentsError::NotFound("account"))
}
