//! A batch with its control sums, and the answers to its records.

use duly_domain::{AckStatus, BatchId, Money};
use duly_platform::{Page, PageError, Refusal, Tx};
use duly_proto::{convert::money_to_wire, intake::v1 as wire};

use crate::{
    error::PlaceError,
    input,
    store::{
        acknowledgement::{self, Answer},
        batch::{self, Batch},
    },
};

/// The batch.
pub async fn get_batch(tx: &mut Tx, id: &BatchId) -> Result<wire::GetBatchResponse, Refusal> {
    let batch = batch::by_id(tx.conn(), *id).await?.ok_or(PlaceError::UnknownBatch)?;
    Ok(wire::GetBatchResponse { batch: Some(to_wire(&batch)) })
}

/// Which answers of which batch.
pub struct ListAcknowledgements {
    batch: BatchId,
    status: Option<AckStatus>,
    page: Page,
    after: (i32, i32),
}

impl ListAcknowledgements {
    /// What a request asks for.
    pub fn parse(request: &wire::ListAcknowledgementsRequest) -> Result<Self, Refusal> {
        let page = Page::of(request.page.as_ref())?;
        Ok(Self {
            batch: input::id("batch_id", &request.batch_id)?,
            status: AckStatus::try_from(request.status()).ok(),
            after: place_from(&page.after)?,
            page,
        })
    }
}

/// A page of the answers, in the order of the batch.
pub async fn list_acknowledgements(
    tx: &mut Tx,
    list: &ListAcknowledgements,
) -> Result<wire::ListAcknowledgementsResponse, Refusal> {
    batch::by_id(tx.conn(), list.batch).await?.ok_or(PlaceError::UnknownBatch)?;
    let limit = list.page.limit();
    let mut rows =
        acknowledgement::after(tx.conn(), list.batch, list.status, list.after, limit).await?;
    let info = list.page.cut(&mut rows, |row| place_bytes((row.chunk_no, row.position)));
    Ok(wire::ListAcknowledgementsResponse {
        acknowledgements: rows.into_iter().map(|row| answer_to_wire(row.answer)).collect(),
        page: Some(info),
    })
}

/// A place in a batch as a page token holds it.
pub fn place_bytes((chunk_no, position): (i32, i32)) -> Vec<u8> {
    [chunk_no.to_be_bytes(), position.to_be_bytes()].concat()
}

/// The place in a page token; an empty one stands before the first chunk.
pub fn place_from(token: &[u8]) -> Result<(i32, i32), Refusal> {
    if token.is_empty() {
        return Ok((0, 0));
    }
    let bytes: [u8; 8] = token.try_into().map_err(|_| PageError::Token)?;
    let [a, b, c, d, e, f, g, h] = bytes;
    Ok((i32::from_be_bytes([a, b, c, d]), i32::from_be_bytes([e, f, g, h])))
}

/// An answer on the wire.
pub fn answer_to_wire(answer: Answer) -> wire::Acknowledgement {
    wire::Acknowledgement {
        line: answer.line,
        client_account_ref: answer.reference,
        status: wire::AckStatus::from(answer.status).into(),
        code: answer.code,
        field: answer.field,
        reason: answer.reason,
        account_id: answer.placed.map(|(id, _)| id.to_string()).unwrap_or_default(),
    }
}

/// A batch on the wire.
pub fn to_wire(batch: &Batch) -> wire::Batch {
    let money = |minor| Some(money_to_wire(Money::new(minor, batch.currency)));
    wire::Batch {
        batch_id: batch.id.to_string(),
        client_id: batch.client.to_string(),
        batch_key: batch.key.clone(),
        closed: batch.closed_at.is_some(),
        received: batch.counts.received(),
        accepted: batch.counts.accepted,
        accepted_with_warning: batch.counts.accepted_with_warning,
        rejected: batch.counts.rejected,
        accepted_sum: money(batch.counts.accepted_sum_minor),
        rejected_sum: money(batch.counts.rejected_sum_minor),
        declared_count: batch.declared_count,
        declared_sum: batch.declared_sum.map(money_to_wire),
        totals_agree: batch.totals_agree.unwrap_or(false),
    }
}
