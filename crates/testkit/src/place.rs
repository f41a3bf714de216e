//! Placing by the stream, one chunk at a time: enough for tests and small files.

use anyhow::{Context as _, bail};
pub use duly_proto::intake::v1::PlaceOpen;
use duly_proto::intake::v1::{
    Acknowledgement, Batch, PlaceChunk, PlaceEnd, PlaceRequest, Placement, PlacementRecord,
    place_request, place_response, placement_record,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::client::IntakeClient;

/// What became of a batch.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The answers to the records, in their order.
    pub acknowledgements: Vec<Acknowledgement>,
    /// The closed batch.
    pub batch: Batch,
}

impl Placed {
    /// The account that was made of the record with this reference.
    ///
    /// # Errors
    /// There is none: the record was rejected, or was not in the batch.
    pub fn account_id(&self, client_account_ref: &str) -> anyhow::Result<String> {
        self.acknowledgements
            .iter()
            .find(|a| a.client_account_ref == client_account_ref && !a.account_id.is_empty())
            .map(|a| a.account_id.clone())
            .with_context(|| format!("no account came of {client_account_ref}"))
    }
}

/// Places a batch in chunks of `chunk` records.
///
/// # Errors
/// The service's refusal, or a stream that ends early.
pub async fn place(
    intake: &mut IntakeClient,
    open: PlaceOpen,
    placements: Vec<Placement>,
    chunk: usize,
) -> anyhow::Result<Placed> {
    let (requests, outbound) = mpsc::channel(1);
    let send = async |message| {
        requests
            .send(PlaceRequest { message: Some(message) })
            .await
            .context("the stream of placements was closed by the service")
    };
    send(place_request::Message::Open(open)).await?;
    let mut answers = intake.place(ReceiverStream::new(outbound)).await?.into_inner();
    let mut next = async || {
        let answer = answers.message().await?.and_then(|answer| answer.message);
        answer.context("the stream of placements ended early")
    };
    let place_response::Message::Opened(opened) = next().await? else {
        bail!("a batch is opened before anything else");
    };
    let records: Vec<PlacementRecord> = placements
        .into_iter()
        .zip(1..)
        .map(|(placement, line)| PlacementRecord {
            line,
            record: Some(placement_record::Record::Placement(placement)),
        })
        .collect();
    let mut acknowledgements = Vec::new();
    for (records, chunk_no) in records.chunks(chunk.max(1)).zip(1..) {
        if chunk_no < opened.next_chunk_no && !opened.closed {
            continue;
        }
        let chunk = PlaceChunk { chunk_no, records: records.to_vec() };
        send(place_request::Message::Chunk(chunk)).await?;
        match next().await? {
            place_response::Message::Chunk(answer) => {
                acknowledgements.extend(answer.acknowledgements);
            }
            other => bail!("a chunk was answered with {other:?}"),
        }
    }
    send(place_request::Message::End(PlaceEnd {})).await?;
    match next().await? {
        place_response::Message::Closed(batch) => Ok(Placed { acknowledgements, batch }),
        other => bail!("the end of a batch was answered with {other:?}"),
    }
}
