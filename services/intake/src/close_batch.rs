//! Ends a batch: its control counts and sums stand, and are compared with what was declared.

use duly_domain::{BatchId, Money};
use duly_platform::{Refusal, Tx};
use duly_proto::{
    common::v1::EventMeta,
    convert::{money_to_wire, timestamp},
    intake::v1::{self as wire, event::Fact},
};

use crate::{
    list_batches::to_wire,
    store::batch::{self, Batch},
};

/// Closes it, once; a repeated end is answered as the first.
///
/// Where the totals differ the batch is closed as such. What was accepted stays.
pub async fn close_batch(tx: &mut Tx, id: &BatchId) -> Result<wire::Batch, Refusal> {
    let mut batch = batch::lock(tx.conn(), *id).await?;
    if batch.closed_at.is_some() {
        return Ok(to_wire(&batch));
    }
    let agree = totals_agree(&batch);
    let now = tx.now();
    batch::close(tx.conn(), *id, now, agree).await?;
    (batch.closed_at, batch.totals_agree) = (Some(now), Some(agree));
    tx.audit("Place.end", &id.to_string()).await?;
    let meta =
        EventMeta { client_id: batch.client.to_string(), version: 1, ..EventMeta::default() };
    let fact = wire::BatchClosed {
        batch_id: id.to_string(),
        batch_key: batch.key.clone(),
        accepted: batch.counts.accepted,
        accepted_with_warning: batch.counts.accepted_with_warning,
        rejected: batch.counts.rejected,
        accepted_sum: Some(money_to_wire(Money::new(
            batch.counts.accepted_sum_minor,
            batch.currency,
        ))),
        totals_agree: agree,
        closed_at: Some(timestamp(now)),
    };
    tx.tell::<wire::Event>(meta, Fact::BatchClosed(fact));
    Ok(to_wire(&batch))
}

/// Declared are all records, and the amounts of all that were readable, placed or not.
fn totals_agree(batch: &Batch) -> bool {
    let counts = &batch.counts;
    let sum = counts.accepted_sum_minor.checked_add(counts.rejected_sum_minor);
    batch.declared_count.is_none_or(|declared| declared == counts.received())
        && batch.declared_sum.is_none_or(|declared| Some(declared.minor()) == sum)
}
