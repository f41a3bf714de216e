//! Reading what letters state, for sets of accounts and parties.

use std::collections::{BTreeMap, BTreeSet};

use duly_domain::{AddressParts, Currency, Money};
use sqlx::{
    PgConnection,
    types::{Json, Uuid},
};

use super::code;
use crate::compose::{Claim, Item};

/// The claims of these accounts, by account and opening.
pub(crate) async fn claims(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> sqlx::Result<BTreeMap<(Uuid, i32), Claim>> {
    let rows = sqlx::query!(
        "SELECT account_id, opening, original_creditor, current_creditor, creditor_kind, claim_items
         FROM claim WHERE account_id = ANY($1)",
        accounts
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let kind = (!row.creditor_kind.is_empty()).then_some(row.creditor_kind.as_str());
            let claim = Claim {
                original_creditor: row.original_creditor,
                current_creditor: row.current_creditor,
                creditor_kind: kind.map(|kind| code("claim", kind)).transpose()?,
                claim_items: usize::try_from(row.claim_items).unwrap_or(0),
            };
            Ok(((row.account_id, row.opening), claim))
        })
        .collect()
}

/// The items of these accounts, by account and opening.
pub(crate) async fn items(
    conn: &mut PgConnection,
    accounts: &[Uuid],
) -> sqlx::Result<BTreeMap<(Uuid, i32), Vec<Item>>> {
    let rows = sqlx::query!(
        "SELECT account_id, opening, kind, number, purchase_order, item_date, due_date, currency,
                open_minor, original_minor
         FROM claim_item WHERE account_id = ANY($1)
         ORDER BY account_id, opening, part, line",
        accounts
    )
    .fetch_all(conn)
    .await?;
    let mut items: BTreeMap<(Uuid, i32), Vec<Item>> = BTreeMap::new();
    for row in rows {
        let currency: Currency = code("claim_item", &row.currency)?;
        items.entry((row.account_id, row.opening)).or_default().push(Item {
            kind: code("claim_item", &row.kind)?,
            number: row.number,
            purchase_order: row.purchase_order,
            item_date: row.item_date,
            due_date: row.due_date,
            open: Money::new(row.open_minor, currency),
            original: row.original_minor.map(|minor| Money::new(minor, currency)),
        });
    }
    Ok(items)
}

/// Those of these clients that were heard of.
pub(crate) async fn known_clients(
    conn: &mut PgConnection,
    clients: &[Uuid],
) -> sqlx::Result<BTreeSet<Uuid>> {
    let known =
        sqlx::query_scalar!("SELECT client_id FROM client WHERE client_id = ANY($1)", clients)
            .fetch_all(conn)
            .await?;
    Ok(known.into_iter().collect())
}

/// Addresses of one party that are not in its placement, or that are no good.
#[derive(Default)]
pub(crate) struct Reach {
    /// Found by searches, the latest and surest first.
    pub found_addresses: Vec<AddressParts>,
    pub found_emails: Vec<String>,
    /// From which a letter came back.
    pub bad_addresses: Vec<AddressParts>,
    /// From which one came back, or which are refused.
    pub bad_emails: BTreeSet<String>,
    /// It wants no e-mail at all.
    pub no_email: bool,
}

/// What is known of where these parties are reached, beside their placements.
pub(crate) async fn reach(
    conn: &mut PgConnection,
    parties: &[Uuid],
) -> sqlx::Result<BTreeMap<Uuid, Reach>> {
    let mut reach: BTreeMap<Uuid, Reach> = BTreeMap::new();
    let found = sqlx::query!(
        r#"SELECT party_id, address AS "address: Json<AddressParts>", email
           FROM found_point WHERE party_id = ANY($1)
           ORDER BY found_at DESC, confidence DESC, address::text, email"#,
        parties
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in found {
        let reach = reach.entry(row.party_id).or_default();
        reach.found_addresses.extend(row.address.map(|address| address.0));
        reach.found_emails.extend(row.email);
    }
    let returned = sqlx::query!(
        r#"SELECT party_id, channel, address AS "address: Json<AddressParts>", email
           FROM letter WHERE party_id = ANY($1) AND state = 'returned'"#,
        parties
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in returned {
        let reach = reach.entry(row.party_id).or_default();
        if row.channel == "email" {
            reach.bad_emails.extend(row.email.map(|email| email.to_lowercase()));
        } else {
            reach.bad_addresses.extend(row.address.map(|address| address.0));
        }
    }
    let refused = sqlx::query!(
        "SELECT party_id, address FROM stop LEFT JOIN stop_lifted AS gone USING (stop_id)
         WHERE party_id = ANY($1) AND gone.stop_id IS NULL AND kind = 'opt_out'
           AND (channel IS NULL OR channel = 'email')",
        parties
    )
    .fetch_all(conn)
    .await?;
    for row in refused {
        let reach = reach.entry(row.party_id).or_default();
        if row.address.is_empty() {
            reach.no_email = true;
        } else {
            reach.bad_emails.insert(row.address.to_lowercase());
        }
    }
    Ok(reach)
}
