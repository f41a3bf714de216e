//! Searches whose provider did not answer in time: the treatment goes on without. An answer that comes
//! later still counts.

use duly_domain::Instant;
use duly_platform::{DueItem, Tx};
use sqlx::types::Uuid;

use crate::{
    decide_searches::{give_back, keys, refuse},
    error::Result,
    model::{Refusal, Search},
    store::search::{self, Cost},
};

/// The queue of ends; its keys are searches.
pub(crate) const QUEUE: &str = "expire_search";

/// Marks the end of these searches.
pub(crate) async fn mark<'a>(
    tx: &mut Tx,
    searches: impl Iterator<Item = &'a Search>,
) -> sqlx::Result<()> {
    let mut by_time: std::collections::BTreeMap<Instant, Vec<Uuid>> = Default::default();
    for search in searches {
        let at = tx.tick_at_or_after(search.expires_at).max(tx.next_tick());
        by_time.entry(at).or_default().push(search.id);
    }
    for (at, ids) in by_time {
        tx.mark_due(QUEUE, &ids, at).await?;
    }
    Ok(())
}

/// Ends what is open still.
pub(crate) async fn expire_searches(tx: &mut Tx, items: &[DueItem]) -> Result<()> {
    let now = tx.now();
    let searches = search::expired(tx.conn(), &keys(items), now).await?;
    let (asked, waited): (Vec<&Search>, Vec<&Search>) =
        searches.iter().partition(|search| search.asked_at.is_some());
    give_back(tx, waited.iter().copied()).await?;
    for (searches, cost) in [(asked, Cost::Stays), (waited, Cost::GivenBack)] {
        let refused: Vec<_> = searches.into_iter().map(|s| (s, Refusal::Expired)).collect();
        refuse(tx, &refused, cost).await?;
    }
    Ok(())
}
