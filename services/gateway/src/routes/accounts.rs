//! Accounts as they stand, and what happened to them.

use axum::{Json, extract::State};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use duly_domain::{DebtClass, DebtorKind, Lifecycle, PartyRole, ServiceKind};
use duly_proto::{
    convert,
    intake::v1::{self as wire, get_account_request::Key},
    reporting::v1 as reporting,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Answer;
use crate::{
    body::{Filter, Segment},
    caller::Caller,
    problem::{Problem, Problems, from},
    shape::{
        self, Money, PageKeys, codes, date, date_opt, instant, money, money_opt, next_cursor, page,
        some, unshowable,
    },
    upstream::Api,
};

/// An account as it was placed and corrected. What was paid stands in its balance.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    #[schema(example = "acct_0199c5f2a1b27c3d8e4f5a6b7c8d9e0f")]
    account_id: String,
    client_id: String,
    client_account_ref: String,
    batch_id: String,
    /// 1 at first placement, one more each time it is placed again.
    opening: i32,
    #[schema(schema_with = codes::debt_class)]
    debt_class: DebtClass,
    #[schema(schema_with = codes::service_kind)]
    service_kind: ServiceKind,
    #[schema(schema_with = codes::lifecycle)]
    lifecycle: Lifecycle,
    listed_amount: Money,
    /// Sum of the client's corrections since the last placement.
    adjusted_amount: Money,
    listing_date: NaiveDate,
    /// Left out while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "PIF")]
    close_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_on: Option<NaiveDate>,
    /// Counts the changes of the account.
    version: i64,
    claim_items: i32,
    /// Left out in the answers to changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    liable_parties: Option<Vec<LiableParty>>,
}

/// Who owes an account; without national ids and birth dates.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiableParty {
    party_id: String,
    #[schema(schema_with = codes::party_role)]
    role: PartyRole,
    #[schema(schema_with = codes::debtor_kind)]
    debtor_kind: DebtorKind,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
    /// E.164.
    phones: Vec<String>,
    emails: Vec<String>,
}

/// A postal address.
#[derive(Debug, Serialize, ToSchema)]
pub struct Address {
    lines: Vec<String>,
    city: String,
    region: String,
    postal_code: String,
    country: String,
}

/// An account with what stands about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountSummary {
    account_id: String,
    client_id: String,
    client_account_ref: String,
    /// For people: `active`, `disputed`, `promise`, `closed` ...
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    close_code: Option<String>,
    listed: Money,
    balance: Money,
    collected: Money,
    letters_mailed: i32,
    calls_made: i32,
    changed_at: DateTime<Utc>,
}

/// A page of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountSummaries {
    accounts: Vec<AccountSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Which accounts, and which page of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct AccountKeys {
    /// Only this client's.
    client_id: Option<String>,
    /// Only what changed at this instant or later.
    #[param(format = DateTime, example = "2026-01-05T15:00:00Z")]
    changed_since: Option<String>,
    /// Rows of the page: 1 to 1000. 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    page_size: Option<i32>,
    /// `next_cursor` of the page before; leave it out for the first one.
    cursor: Option<String>,
}

/// Accounts in the order in which they last changed.
///
/// To follow them, ask again with `changed_since` set to the last `changed_at` that you saw.
#[utoipa::path(
    get,
    path = "/v1/accounts",
    tag = "accounts",
    params(AccountKeys),
    responses((status = 200, description = "A page of accounts", body = AccountSummaries), Problems)
)]
pub async fn list_accounts(
    State(api): State<Api>,
    caller: Caller,
    Filter(keys): Filter<AccountKeys>,
) -> Answer<AccountSummaries> {
    let since = keys.changed_since.as_deref().map(parse_instant).transpose()?;
    let ask = caller.ask(reporting::ListAccountsRequest {
        client_id: keys.client_id.unwrap_or_default(),
        changed_since: since.map(convert::timestamp),
        page: Some(page(keys.page_size, keys.cursor)?),
    });
    let found = api.reporting.clone().list_accounts(ask).await.map_err(from("reporting"))?;
    let found = found.into_inner();
    Ok(Json(AccountSummaries {
        accounts: found.accounts.into_iter().map(summary).collect::<Result<_, _>>()?,
        next_cursor: next_cursor(found.page),
    }))
}

/// RFC 3339, in any zone. A `+` that nobody encoded arrives as a space.
fn parse_instant(text: &str) -> Result<DateTime<Utc>, Problem> {
    let at = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
    at.map(|at| at.to_utc()).map_err(|_| {
        let example = DateTime::UNIX_EPOCH.to_rfc3339_opts(SecondsFormat::Secs, true);
        let reason = format!("is not an instant of RFC 3339 with its zone, such as {example}");
        Problem::field("changed_since", reason)
    })
}

/// One account with its liable parties.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account_id}",
    tag = "accounts",
    params(("account_id" = String, Path)),
    responses((status = 200, description = "The account", body = Account), Problems)
)]
pub async fn get_account(
    State(api): State<Api>,
    caller: Caller,
    Segment(account_id): Segment<String>,
) -> Answer<Account> {
    found(&api, &caller, Key::AccountId(account_id)).await
}

/// The same account by your own references.
#[utoipa::path(
    get,
    path = "/v1/clients/{client_ref}/accounts/{client_account_ref}",
    tag = "accounts",
    params(("client_ref" = String, Path), ("client_account_ref" = String, Path)),
    responses((status = 200, description = "The account", body = Account), Problems)
)]
pub async fn find_account(
    State(api): State<Api>,
    caller: Caller,
    Segment((client_ref, client_account_ref)): Segment<(String, String)>,
) -> Answer<Account> {
    let key = Key::ClientKey(wire::AccountKey { client_ref, client_account_ref });
    found(&api, &caller, key).await
}

async fn found(api: &Api, caller: &Caller, key: Key) -> Answer<Account> {
    let ask = caller.ask(wire::GetAccountRequest { key: Some(key) });
    let found = api.intake.clone().get_account(ask).await.map_err(from("intake"))?.into_inner();
    let mut found = found.account.ok_or_else(|| unshowable("no account"))?;
    let parties = std::mem::take(&mut found.liable_parties);
    let mut shown = account(found)?;
    shown.liable_parties = Some(parties.into_iter().map(party).collect::<Result<_, _>>()?);
    Ok(Json(shown))
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    occurred_at: DateTime<Utc>,
    /// `<service>.<kind>`, stable.
    #[schema(example = "payments.payment_posted")]
    kind: String,
    /// Who did it: a role and a name, or a service.
    actor: String,
    /// In plain words.
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Money>,
}

/// A page of what happened to an account, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeline {
    entries: Vec<TimelineEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Everything that happened to an account, oldest first.
#[utoipa::path(
    get,
    path = "/v1/accounts/{account_id}/timeline",
    tag = "accounts",
    params(("account_id" = String, Path), PageKeys),
    responses((status = 200, description = "A page of what happened", body = Timeline), Problems)
)]
pub async fn get_timeline(
    State(api): State<Api>,
    caller: Caller,
    Segment(account_id): Segment<String>,
    Filter(keys): Filter<PageKeys>,
) -> Answer<Timeline> {
    let page = Some(page(keys.page_size, keys.cursor)?);
    let ask = caller.ask(reporting::GetTimelineRequest { account_id, page });
    let found = api.reporting.clone().get_timeline(ask).await.map_err(from("reporting"))?;
    let found = found.into_inner();
    Ok(Json(Timeline {
        entries: found.entries.into_iter().map(entry).collect::<Result<_, _>>()?,
        next_cursor: next_cursor(found.page),
    }))
}

fn entry(entry: reporting::TimelineEntry) -> Result<TimelineEntry, Problem> {
    Ok(TimelineEntry {
        occurred_at: instant(entry.occurred_at.as_ref())?,
        kind: entry.kind,
        actor: entry.actor,
        summary: entry.summary,
        amount: money_opt(entry.amount.as_ref())?,
    })
}

fn summary(summary: reporting::AccountSummary) -> Result<AccountSummary, Problem> {
    Ok(AccountSummary {
        account_id: summary.account_id,
        client_id: summary.client_id,
        client_account_ref: summary.client_account_ref,
        status: summary.status,
        close_code: some(summary.close_code),
        listed: money(summary.listed.as_ref())?,
        balance: money(summary.balance.as_ref())?,
        collected: money(summary.collected.as_ref())?,
        letters_mailed: summary.letters_mailed,
        calls_made: summary.calls_made,
        changed_at: instant(summary.changed_at.as_ref())?,
    })
}

/// An account without its parties.
pub fn account(account: wire::Account) -> Result<Account, Problem> {
    Ok(Account {
        opening: account.opening,
        debt_class: shape::code(account.debt_class())?,
        service_kind: shape::code(account.service_kind())?,
        lifecycle: shape::code(account.lifecycle())?,
        listed_amount: money(account.listed_amount.as_ref())?,
        adjusted_amount: money(account.adjusted_amount.as_ref())?,
        listing_date: date(account.listing_date.as_ref())?,
        closed_on: date_opt(account.closed_on.as_ref())?,
        version: account.version,
        claim_items: account.claim_items,
        account_id: account.account_id,
        client_id: account.client_id,
        client_account_ref: account.client_account_ref,
        batch_id: account.batch_id,
        close_code: some(account.close_code),
        liable_parties: None,
    })
}

fn party(party: wire::LiableParty) -> Result<LiableParty, Problem> {
    Ok(LiableParty {
        role: shape::code(party.role())?,
        debtor_kind: shape::code(party.debtor_kind())?,
        party_id: party.party_id,
        name: party.name,
        address: party.address.map(|address| Address {
            lines: address.lines,
            city: address.city,
            region: address.region,
            postal_code: address.postal_code,
            country: address.country,
        }),
        phones: party.phones,
        emails: party.emails,
    })
}
