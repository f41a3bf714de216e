//! Everything that happened to one account, oldest first.

use chrono::{DateTime, Utc};
use duly_domain::{AccountId, id};
use duly_platform::{Page, PageError, Refusal, Tx};
use duly_proto::{
    common::v1::Money,
    convert,
    reporting::v1::{GetTimelineRequest, GetTimelineResponse, TimelineEntry},
};
use sqlx::types::Uuid;

use crate::{store::timeline, unknown::unknown};

/// The query, parsed.
pub struct TimelineQuery {
    account_id: AccountId,
    after: Option<(DateTime<Utc>, Uuid)>,
    page: Page,
}

impl TimelineQuery {
    /// Parses the request.
    pub fn parse(request: &GetTimelineRequest) -> Result<Self, Refusal> {
        let account_id = convert::id::<id::Account>("account_id", &request.account_id)?;
        let page = Page::of(request.page.as_ref())?;
        Ok(Self { account_id, after: key(&page.after)?, page })
    }
}

/// A token is the microseconds of the last instant and the last event's id.
fn key(bytes: &[u8]) -> Result<Option<(DateTime<Utc>, Uuid)>, Refusal> {
    if bytes.is_empty() {
        return Ok(None);
    }
    bytes
        .split_first_chunk::<8>()
        .and_then(|(at, event)| {
            let at = DateTime::from_timestamp_micros(i64::from_be_bytes(*at))?;
            Some(Some((at, Uuid::from_slice(event).ok()?)))
        })
        .ok_or_else(|| PageError::Token.into())
}

/// Reads one page.
pub async fn get_timeline(
    tx: &mut Tx,
    query: &TimelineQuery,
) -> Result<GetTimelineResponse, Refusal> {
    let account = query.account_id.uuid();
    let mut rows =
        timeline::of_account(tx.conn(), account, query.after, query.page.limit()).await?;
    if rows.is_empty() && !timeline::knows_account(tx.conn(), account).await? {
        return Err(unknown(query.account_id, "account").into());
    }
    let page = query.page.cut(&mut rows, |last| {
        let at = last.occurred_at.timestamp_micros().to_be_bytes();
        [at.as_slice(), last.event_id.as_bytes()].concat()
    });
    let entries = rows
        .into_iter()
        .map(|row| TimelineEntry {
            occurred_at: Some(convert::timestamp(row.occurred_at)),
            kind: row.kind,
            actor: row.actor,
            summary: row.summary,
            amount: row
                .amount_minor
                .zip(row.currency)
                .map(|(minor, currency)| Money { minor, currency }),
        })
        .collect();
    Ok(GetTimelineResponse { entries, page: Some(page) })
}
