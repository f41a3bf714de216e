//! A person asks for a search.

use chrono::TimeDelta;
use duly_domain::{AccountId, PartyId, SearchKind, SearchState};
use duly_platform::Tx;
use duly_proto::{convert, skiptrace::v1 as wire};

use crate::{
    Config,
    error::{Result, SkiptraceError},
    events::keep_searches,
    look_up,
    model::Search,
    store::search,
};

/// How long the provider of a search that a person asked for has to answer. The agency's own rule
/// (default).
const DAYS_TO_ANSWER: i64 = 30;

/// A search to ask for.
pub(crate) struct RequestSearch {
    account: AccountId,
    party: PartyId,
    kind: SearchKind,
}

impl TryFrom<wire::RequestSearchRequest> for RequestSearch {
    type Error = SkiptraceError;

    fn try_from(request: wire::RequestSearchRequest) -> Result<Self> {
        Ok(Self {
            account: convert::id("account_id", &request.account_id)?,
            party: convert::id("party_id", &request.party_id)?,
            kind: request.kind().try_into()?,
        })
    }
}

/// Keeps it; the next tick decides whether it is made.
pub(crate) async fn request_search(
    tx: &mut Tx,
    command: &RequestSearch,
) -> Result<wire::RequestSearchResponse> {
    let (now, today, account) = (tx.now(), tx.today(), command.account.uuid());
    let standing = duly_standing::find(tx.conn(), account, today)
        .await?
        .ok_or_else(|| SkiptraceError::unknown("account", command.account))?;
    if standing.ended.is_some() || standing.settled {
        return Err(SkiptraceError::AccountEnded);
    }
    if standing.party(command.party.uuid()).is_none() {
        return Err(SkiptraceError::field("party_id", "is no liable party of the account"));
    }
    let (party, kind) = (command.party.uuid(), command.kind);
    if search::has_open(tx.conn(), account, party, kind.as_str()).await? {
        return Err(SkiptraceError::SearchOpen);
    }
    let config = tx.host().state::<Config>();
    let (provider, currency) = (config.provider.clone(), config.price(kind).currency());
    let search = Search {
        id: tx.uuid(),
        treatment: None,
        client: standing.client,
        account,
        opening: standing.opening,
        party,
        kind,
        step: String::new(),
        try_no: 1,
        requested_at: now,
        expires_at: now + TimeDelta::days(DAYS_TO_ANSWER),
        state: SearchState::Queued,
        provider,
        reference: None,
        cost: duly_domain::Money::zero(currency),
        spent_month: None,
        asked_at: None,
        answered_at: None,
        refusal: None,
    };
    tx.about(duly_domain::SearchId::from_uuid(search.id));
    keep_searches(tx, std::slice::from_ref(&search)).await?;
    Ok(wire::RequestSearchResponse { search: Some(look_up::to_wire(&search)) })
}
