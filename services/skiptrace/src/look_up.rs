//! Looking up searches, findings and spending. A client's principal sees its own tree: the rows that the
//! database shows it.

use duly_domain::{AccountId, ClientId, Id, PartyId, SearchId, id};
use duly_platform::{Page, PageError, Tx};
use duly_proto::{
    convert::{self, date_to_wire, money_to_wire, timestamp},
    skiptrace::v1::{self as wire, finding::Found, found_point::Point},
};
use sqlx::types::Uuid;

use crate::{
    Config,
    error::{Result, SkiptraceError},
    model::{PURPOSE, Search},
    store::{
        finding::{self, Kept, What},
        search::{self, Filter},
        spend,
    },
    tell,
};

/// A search on the wire.
pub(crate) fn to_wire(search: &Search) -> wire::Search {
    let mut told = wire::Search {
        search_id: SearchId::from_uuid(search.id).to_string(),
        reference: search.reference.clone().unwrap_or_default(),
        account_id: AccountId::from_uuid(search.account).to_string(),
        client_id: ClientId::from_uuid(search.client).to_string(),
        party_id: PartyId::from_uuid(search.party).to_string(),
        provider: search.provider.clone(),
        purpose: PURPOSE.to_owned(),
        cost: Some(money_to_wire(search.cost)),
        asked_at: search.asked_at.map(timestamp),
        answered_at: search.answered_at.map(timestamp),
        refusal: search.refusal.clone().unwrap_or_default(),
        ..wire::Search::default()
    };
    told.set_kind(search.kind.into());
    told.set_state(search.state.into());
    told
}

/// A list of searches to give.
pub(crate) struct ListSearches {
    filter: Filter,
    page: Page,
}

impl TryFrom<wire::ListSearchesRequest> for ListSearches {
    type Error = SkiptraceError;

    fn try_from(request: wire::ListSearchesRequest) -> Result<Self> {
        let state = match request.state() {
            wire::SearchState::Unspecified => None,
            state => Some(state.try_into()?),
        };
        let account = convert::id_opt::<id::Account>("account_id", &request.account_id)?;
        let provider = convert::text("provider", &request.provider)?;
        let filter = Filter {
            account: account.map(Id::uuid),
            provider: (!provider.is_empty()).then_some(provider),
            state,
        };
        Ok(Self { filter, page: Page::of(request.page.as_ref())? })
    }
}

/// A page of searches, first asked for first.
pub(crate) async fn list_searches(
    tx: &mut Tx,
    query: &ListSearches,
) -> Result<wire::ListSearchesResponse> {
    let after = match query.page.after.as_slice() {
        [] => Uuid::nil(),
        key => Uuid::from_slice(key).map_err(|_| PageError::Token)?,
    };
    let mut rows = search::page(tx.conn(), &query.filter, after, query.page.limit()).await?;
    let page = query.page.cut(&mut rows, |search| search.id.as_bytes().to_vec());
    Ok(wire::ListSearchesResponse {
        searches: rows.iter().map(to_wire).collect(),
        page: Some(page),
    })
}

/// A list of findings to give.
pub(crate) struct ListFindings {
    account: AccountId,
    page: Page,
}

impl TryFrom<wire::ListFindingsRequest> for ListFindings {
    type Error = SkiptraceError;

    fn try_from(request: wire::ListFindingsRequest) -> Result<Self> {
        Ok(Self {
            account: convert::id("account_id", &request.account_id)?,
            page: Page::of(request.page.as_ref())?,
        })
    }
}

/// A page of findings, first asked for first.
pub(crate) async fn list_findings(
    tx: &mut Tx,
    query: &ListFindings,
) -> Result<wire::ListFindingsResponse> {
    let account = query.account.uuid();
    let today = tx.today();
    if duly_standing::find(tx.conn(), account, today).await?.is_none() {
        return Err(SkiptraceError::unknown("account", query.account));
    }
    let after = match query.page.after.as_slice() {
        [] => (Uuid::nil(), 0),
        key => after(key).ok_or(PageError::Token)?,
    };
    let mut rows = finding::page(tx.conn(), account, after, query.page.limit()).await?;
    let page = query.page.cut(&mut rows, |kept| {
        [kept.search.as_bytes().as_slice(), &kept.no.to_be_bytes()].concat()
    });
    Ok(wire::ListFindingsResponse {
        findings: rows.into_iter().map(finding).collect(),
        page: Some(page),
    })
}

fn after(key: &[u8]) -> Option<(Uuid, i32)> {
    let (search, no) = key.split_at_checked(16)?;
    Some((Uuid::from_slice(search).ok()?, i32::from_be_bytes(no.try_into().ok()?)))
}

fn finding(kept: Kept) -> wire::Finding {
    let point =
        |point, confidence| Found::Point(wire::FoundPoint { point: Some(point), confidence });
    let found = match kept.what {
        What::Hit { kind, since, detail, chapter } => {
            let mut hit = wire::Hit {
                since: since.map(date_to_wire),
                detail: detail.unwrap_or_default(),
                chapter: chapter.unwrap_or_default(),
                ..wire::Hit::default()
            };
            hit.set_kind(kind.into());
            Found::Hit(hit)
        }
        What::Phone(phone, sure) => point(Point::Phone(phone), sure),
        What::Email(email, sure) => point(Point::Email(email), sure),
        What::Address(parts, sure) => point(Point::Address(tell::address(parts)), sure),
    };
    wire::Finding {
        search_id: SearchId::from_uuid(kept.search).to_string(),
        party_id: PartyId::from_uuid(kept.party).to_string(),
        provider: kept.provider,
        found_at: Some(timestamp(kept.found_at)),
        found: Some(found),
    }
}

/// What was spent, newest month first, against today's cap.
pub(crate) async fn get_spend(tx: &mut Tx) -> Result<wire::GetSpendResponse> {
    let cap = tx.host().state::<Config>().monthly_cap.0;
    let months = spend::list(tx.conn()).await?;
    let spend = months.into_iter().map(|month| wire::Spend {
        provider: month.provider,
        month: Some(date_to_wire(month.month)),
        spent: Some(money_to_wire(month.spent)),
        cap: Some(money_to_wire(cap)),
    });
    Ok(wire::GetSpendResponse { spend: spend.collect() })
}
