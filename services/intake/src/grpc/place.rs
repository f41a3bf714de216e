//! The placement stream: messages in, one answer per committed chunk out.
//!
//! No task runs beside the call: while one chunk is being placed its stream reads and checks the next
//! ones, at most [`AHEAD_MAX`] of them, so that a batch of any size needs the memory of four chunks.
//! Whoever drops the stream drops the transaction in flight with it; a chunk is placed whole or not.

use std::{collections::VecDeque, pin::pin};

use duly_platform::{Host, Principal, Refusal, error::from_transport};
use duly_proto::intake::v1::{
    self as wire, place_request::Message as Ask, place_response::Message as Say,
};
use futures::{
    StreamExt as _,
    future::Either,
    stream::{BoxStream, try_unfold},
};
use prost::Message as _;
use tonic::{Status, Streaming};

use crate::{
    close_batch::close_batch,
    error::PlaceError,
    open_batch::{OpenBatch, Opened, open_batch},
    place_chunk::{Chunk, place_chunk},
    read_claim::read_record,
};

/// Chunks read beside the one that is being placed: four are outstanding at most.
const AHEAD_MAX: usize = 3;

/// Records of one chunk.
const RECORDS_MAX: usize = 500;

/// The answers to a stream of placements.
pub fn place(
    host: Host,
    who: Principal,
    inbound: Streaming<wire::PlaceRequest>,
) -> BoxStream<'static, Result<wire::PlaceResponse, Status>> {
    let session = Session { host, who, inbound, ahead: VecDeque::new(), stage: Stage::Unopened };
    try_unfold(session, Session::step).boxed()
}

struct Session {
    host: Host,
    who: Principal,
    inbound: Streaming<wire::PlaceRequest>,
    ahead: VecDeque<Result<Asked, Refused>>,
    stage: Stage,
}

enum Stage {
    Unopened,
    Open(Opened),
    Done,
}

/// What the client sent next, checked.
enum Asked {
    Chunk(Box<Chunk>),
    End,
    /// The client sends no more; without an end the batch stays open.
    Nothing,
}

/// A stream ends with the first error, ours or the transport's.
enum Refused {
    Ours(Refusal),
    Transport(Box<Status>),
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Ours(refusal)
    }
}

impl From<PlaceError> for Refused {
    fn from(error: PlaceError) -> Self {
        Self::Ours(error.into())
    }
}

impl From<Refused> for Status {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Ours(refusal) => refusal.into(),
            Refused::Transport(status) => from_transport(*status),
        }
    }
}

impl Session {
    async fn step(mut self) -> Result<Option<(wire::PlaceResponse, Self)>, Status> {
        let message = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Done => return Ok(None),
            Stage::Unopened => {
                let opened = self.open().await?;
                let answer = wire::BatchOpened {
                    batch_id: opened.batch.to_string(),
                    next_chunk_no: opened.next_chunk_no,
                    closed: opened.closed,
                };
                self.stage = Stage::Open(opened);
                Say::Opened(answer)
            }
            Stage::Open(opened) => match self.next(&opened).await? {
                Asked::Nothing => return Ok(None),
                Asked::End => Say::Closed(self.close(&opened).await?),
                Asked::Chunk(chunk) => {
                    let placed = self.place(&opened, &chunk).await?;
                    self.stage = Stage::Open(opened);
                    Say::Chunk(placed)
                }
            },
        };
        Ok(Some((wire::PlaceResponse { message: Some(message) }, self)))
    }

    async fn open(&mut self) -> Result<Opened, Refused> {
        const FIRST: &str = "the first message must be open; send open, then chunks, then end";
        let message = self.inbound.message().await.map_err(|s| Refused::Transport(Box::new(s)))?;
        let Some(wire::PlaceRequest { message: Some(Ask::Open(open)) }) = message else {
            return Err(PlaceError::Order(FIRST).into());
        };
        let open = OpenBatch::parse(self.who.clone(), &open)?;
        let actor = self.who.actor();
        Ok(self.host.write(&actor, &open, |tx, c| Box::pin(open_batch(tx, c))).await?)
    }

    async fn next(&mut self, opened: &Opened) -> Result<Asked, Refused> {
        match self.ahead.pop_front() {
            Some(asked) => asked,
            None => read(&self.host, opened, self.inbound.next().await),
        }
    }

    /// Places a chunk, and reads ahead while the database works.
    async fn place(
        &mut self,
        opened: &Opened,
        chunk: &Chunk,
    ) -> Result<wire::ChunkPlaced, Refused> {
        let (host, actor) = (self.host.clone(), self.who.actor());
        let mut placed = pin!(host.write(&actor, chunk, |tx, c| Box::pin(place_chunk(tx, c))));
        while self.ahead.len() < AHEAD_MAX && !self.ended() {
            let next = pin!(self.inbound.next());
            match futures::future::select(placed.as_mut(), next).await {
                Either::Left((placed, _)) => return Ok(placed?),
                Either::Right((message, _)) => {
                    self.ahead.push_back(read(&self.host, opened, message));
                }
            }
        }
        Ok(placed.await?)
    }

    /// Whether nothing after what was read ahead will be looked at.
    fn ended(&self) -> bool {
        self.ahead.back().is_some_and(|last| !matches!(last, Ok(Asked::Chunk(_))))
    }

    async fn close(&self, opened: &Opened) -> Result<wire::Batch, Refused> {
        let actor = self.who.actor();
        let closed = self.host.write(&actor, &opened.batch, |tx, id| Box::pin(close_batch(tx, id)));
        let batch = closed.await?;
        tracing::info!(
            batch.id = %opened.batch,
            client.id = %opened.client,
            accepted = batch.accepted + batch.accepted_with_warning,
            rejected = batch.rejected,
            totals_agree = batch.totals_agree,
            "batch {} closed",
            opened.batch
        );
        Ok(batch)
    }
}

/// One message, checked. National ids and birth dates do not leave this function in plain.
fn read(
    host: &Host,
    opened: &Opened,
    message: Option<Result<wire::PlaceRequest, Status>>,
) -> Result<Asked, Refused> {
    let Some(message) = message else { return Ok(Asked::Nothing) };
    let message = message.map_err(|status| Refused::Transport(Box::new(status)))?;
    match message.message {
        Some(Ask::Chunk(chunk)) => {
            let records = chunk.records.len();
            if !(1..=RECORDS_MAX).contains(&records) {
                let found = chunk.chunk_no;
                return Err(PlaceError::ChunkSize { found, records, max: RECORDS_MAX }.into());
            }
            let hash = host.sealer().digest(&chunk.encode_to_vec());
            let read = |record| read_record(record, &opened.terms, host.sealer());
            Ok(Asked::Chunk(Box::new(Chunk {
                opened: opened.clone(),
                chunk_no: chunk.chunk_no,
                hash,
                records: chunk.records.iter().map(read).collect(),
            })))
        }
        Some(Ask::End(_)) => Ok(Asked::End),
        Some(Ask::Open(_)) => {
            Err(PlaceError::Order("a stream has one open; for another batch begin another").into())
        }
        None => Err(PlaceError::Order("a message holds open, chunk or end").into()),
    }
}
