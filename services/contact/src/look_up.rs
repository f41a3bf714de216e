//! Lists, and what commands check of the ids that they are given. A client's principal sees its own tree:
//! the rows that the database shows it.

use duly_domain::{AccountId, AttemptState, PartyId};
use duly_platform::{Page, Principal, Role, Tx};
use duly_proto::{contact::v1 as wire, convert};
use duly_standing::Standing;
use uuid::Uuid;

use crate::{
    error::{ContactError, Result},
    store::{
        attempt::{self, Filter},
        decision, dispute, note, stop,
    },
    wire as to_wire,
};

/// Where a row stands in a list.
pub(crate) fn key(id: Uuid) -> Vec<u8> {
    id.into_bytes().to_vec()
}

/// The account that a request names.
pub(crate) fn account_id(id: &str) -> Result<AccountId> {
    Ok(convert::id("account_id", id)?)
}

/// An account as it stands, where the caller may see it.
pub(crate) async fn account(tx: &mut Tx, id: AccountId) -> Result<Standing> {
    let today = tx.today();
    let found = duly_standing::find(tx.conn(), id.uuid(), today).await?;
    found.ok_or_else(|| ContactError::unknown("account", id))
}

/// A party that must be liable on the account.
pub(crate) fn liable(standing: &Standing, party: PartyId) -> Result<()> {
    if standing.party(party.uuid()).is_some() {
        return Ok(());
    }
    Err(ContactError::field("party_id", "is none of the account's liable parties"))
}

/// Attempts to list.
pub(crate) struct ListAttempts {
    filter: Filter,
    page: Page,
}

impl TryFrom<wire::ListAttemptsRequest> for ListAttempts {
    type Error = ContactError;

    fn try_from(request: wire::ListAttemptsRequest) -> Result<Self> {
        let state = match request.state() {
            wire::AttemptState::Unspecified => None,
            state => Some(AttemptState::try_from(state)?),
        };
        let account = account_opt(&request.account_id)?;
        let filter = Filter { account, state, crossed_only: request.crossed_only };
        Ok(Self { filter, page: Page::of(request.page.as_ref())? })
    }
}

/// A page of attempts.
pub(crate) async fn list_attempts(
    tx: &mut Tx,
    query: &ListAttempts,
) -> Result<wire::ListAttemptsResponse> {
    let (after, limit) = (query.page.after_id()?, query.page.limit());
    let mut rows = attempt::page(tx.conn(), &query.filter, after, limit).await?;
    let page = query.page.cut(&mut rows, |row| key(row.id));
    Ok(wire::ListAttemptsResponse {
        attempts: rows.iter().map(to_wire::attempt).collect(),
        page: Some(page),
    })
}

/// The account that a request may name.
pub(crate) fn account_opt(id: &str) -> Result<Option<Uuid>> {
    Ok(convert::id_opt::<duly_domain::id::Account>("account_id", id)?.map(AccountId::uuid))
}

/// Stops or disputes to list.
pub(crate) struct ListEnding {
    account: Option<Uuid>,
    with_ended: bool,
    page: Page,
}

impl TryFrom<wire::ListStopsRequest> for ListEnding {
    type Error = ContactError;

    fn try_from(request: wire::ListStopsRequest) -> Result<Self> {
        Ok(Self {
            account: account_opt(&request.account_id)?,
            with_ended: request.with_lifted,
            page: Page::of(request.page.as_ref())?,
        })
    }
}

impl TryFrom<wire::ListDisputesRequest> for ListEnding {
    type Error = ContactError;

    fn try_from(request: wire::ListDisputesRequest) -> Result<Self> {
        Ok(Self {
            account: account_opt(&request.account_id)?,
            with_ended: request.with_resolved,
            page: Page::of(request.page.as_ref())?,
        })
    }
}

/// A page of stops.
pub(crate) async fn list_stops(tx: &mut Tx, query: &ListEnding) -> Result<wire::ListStopsResponse> {
    let (after, limit) = (query.page.after_id()?, query.page.limit());
    let mut rows = stop::page(tx.conn(), query.account, query.with_ended, after, limit).await?;
    let page = query.page.cut(&mut rows, |row| key(row.id));
    Ok(wire::ListStopsResponse {
        stops: rows.iter().map(to_wire::stop).collect(),
        page: Some(page),
    })
}

/// A page of disputes.
pub(crate) async fn list_disputes(
    tx: &mut Tx,
    query: &ListEnding,
) -> Result<wire::ListDisputesResponse> {
    let (after, limit) = (query.page.after_id()?, query.page.limit());
    let mut rows = dispute::page(tx.conn(), query.account, query.with_ended, after, limit).await?;
    let page = query.page.cut(&mut rows, |row| key(row.id));
    Ok(wire::ListDisputesResponse {
        disputes: rows.iter().map(to_wire::dispute).collect(),
        page: Some(page),
    })
}

/// Notes to list.
pub(crate) struct ListNotes {
    account: AccountId,
    for_client: bool,
    page: Page,
}

impl ListNotes {
    /// A query by this principal: a client sees what is written for it.
    pub(crate) fn parse(who: &Principal, request: &wire::ListNotesRequest) -> Result<Self> {
        Ok(Self {
            account: account_id(&request.account_id)?,
            for_client: who.role == Role::Client,
            page: Page::of(request.page.as_ref())?,
        })
    }
}

/// A page of notes.
pub(crate) async fn list_notes(tx: &mut Tx, query: &ListNotes) -> Result<wire::ListNotesResponse> {
    let (after, limit) = (query.page.after_id()?, query.page.limit());
    let account = query.account.uuid();
    let mut rows = note::page(tx.conn(), account, query.for_client, after, limit).await?;
    let page = query.page.cut(&mut rows, |row| key(row.id));
    Ok(wire::ListNotesResponse {
        notes: rows.iter().map(to_wire::note).collect(),
        page: Some(page),
    })
}

/// Decisions by verdict, channel and first reason.
pub(crate) async fn count_decisions(
    tx: &mut Tx,
    _all: &(),
) -> Result<wire::CountDecisionsResponse> {
    use duly_proto::common::v1::{Channel, Force};
    let counts = decision::count(tx.conn()).await?.into_iter().map(|row| wire::DecisionCount {
        verdict: wire::Verdict::from(row.verdict).into(),
        channel: Channel::from(row.channel).into(),
        rule: row.rule,
        authority: row.authority,
        force: row.force.map_or(Force::Unspecified, Force::from).into(),
        count: row.count,
    });
    Ok(wire::CountDecisionsResponse { counts: counts.collect() })
}
