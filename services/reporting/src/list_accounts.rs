//! Accounts as a client sees them, in the order in which they last changed: who asks again with the last
//! `changed_at` misses nothing.

use chrono::{DateTime, Utc};
use duly_domain::{AccountId, ClientId, id};
use duly_platform::{Page, PageError, Refusal, Tx};
use duly_proto::{
    common::v1::Money,
    convert,
    reporting::v1::{AccountSummary, ListAccountsRequest, ListAccountsResponse},
};
use sqlx::types::Uuid;

use crate::{
    display_status::{Facts, display_status},
    store::{
        accounts,
        list::{self, Filter, Row},
    },
    unknown::unknown,
};

/// The query, parsed.
pub struct AccountsQuery {
    client_id: Option<ClientId>,
    filter: Filter,
    page: Page,
}

impl AccountsQuery {
    /// Parses the request.
    pub fn parse(request: &ListAccountsRequest) -> Result<Self, Refusal> {
        let client_id = convert::id_opt::<id::Client>("client_id", &request.client_id)?;
        let since = request.changed_since.as_ref();
        let page = Page::of(request.page.as_ref())?;
        let filter = Filter {
            client_id: client_id.map(ClientId::uuid),
            changed_since: since
                .map(|at| convert::instant("changed_since", Some(at)))
                .transpose()?,
            after: key(&page.after)?,
        };
        Ok(Self { client_id, filter, page })
    }
}

/// A token is the microseconds of the last change and the last account's id.
fn key(bytes: &[u8]) -> Result<Option<(DateTime<Utc>, Uuid)>, Refusal> {
    if bytes.is_empty() {
        return Ok(None);
    }
    bytes
        .split_first_chunk::<8>()
        .and_then(|(at, account)| {
            let at = DateTime::from_timestamp_micros(i64::from_be_bytes(*at))?;
            Some(Some((at, Uuid::from_slice(account).ok()?)))
        })
        .ok_or_else(|| PageError::Token.into())
}

/// Reads one page.
pub async fn list_accounts(
    tx: &mut Tx,
    query: &AccountsQuery,
) -> Result<ListAccountsResponse, Refusal> {
    let today = tx.today();
    let mut rows = list::page(tx.conn(), &query.filter, today, query.page.limit()).await?;
    if let (true, Some(client)) = (rows.is_empty(), query.client_id)
        && !accounts::knows_client(tx.conn(), client.uuid()).await?
    {
        return Err(unknown(client, "client").into());
    }
    let page = query.page.cut(&mut rows, |last| {
        let at = last.changed_at.timestamp_micros().to_be_bytes();
        [at.as_slice(), last.account_id.as_bytes()].concat()
    });
    let accounts = rows.into_iter().map(|row| summary(row, today)).collect();
    Ok(ListAccountsResponse { accounts, page: Some(page) })
}

/// What is owed when all held money is good. Money above it never makes it negative; credits may.
fn balance(row: &Row) -> i64 {
    let owed = row.listed_minor.saturating_add(row.adjusted_minor);
    owed.saturating_sub(row.posted_minor).max(owed.min(0))
}

fn summary(row: Row, today: duly_domain::Date) -> AccountSummary {
    let balance_minor = balance(&row);
    let facts = Facts {
        closed: row.close_code.is_some(),
        ended: row.ended,
        parties: row.parties,
        protected_parties: row.protected_parties,
        ceased_parties: row.ceased_parties,
        balance_minor,
        disputes: row.disputes,
        whole_disputed: row.whole_disputed,
        disputed_minor: row.disputed_minor,
        held: row.held,
        promise_open: row.promise_open,
        promise_broken_on: row.promise_broken_on,
        nsf_on: row.nsf_on,
        validation_until: row.validation_until,
    };
    let money = |minor| Some(Money { minor, currency: row.currency.clone() });
    AccountSummary {
        account_id: AccountId::from_uuid(row.account_id).to_string(),
        client_id: ClientId::from_uuid(row.client_id).to_string(),
        status: display_status(&facts, today).to_owned(),
        listed: money(row.listed_minor),
        balance: money(balance_minor),
        collected: money(row.collected_minor),
        client_account_ref: row.client_account_ref,
        close_code: row.close_code.unwrap_or_default(),
        letters_mailed: row.letters_mailed,
        calls_made: row.calls_made,
        changed_at: Some(convert::timestamp(row.changed_at)),
    }
}
