//! One client's batch over the placement stream: numbered chunks up, at most four without an answer,
//! and on again where it was when the connection is lost.

use std::{collections::VecDeque, time::Duration};

use anyhow::{Context as _, Error, Result, bail};
use duly_platform::error::reason_of;
use duly_proto::intake::v1::{
    Acknowledgement, Batch, PlaceChunk, PlaceEnd, PlaceOpen, PlaceRequest, PlaceResponse,
    PlacementRecord, place_request::Message as Up, place_response::Message as Down,
};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

use crate::{door::Door, out};

/// Chunks sent and not yet answered, at most: intake's own limit.
const OUTSTANDING_MAX: usize = 4;

/// Tries to connect again without one more answer in between.
const TRIES: u32 = 8;

/// Pause before the first of them; it doubles up to the longest.
const PAUSE: Duration = Duration::from_millis(250);
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Records that go up together, and the memory that they were allowed.
pub struct Chunk {
    /// In the order of the file.
    pub records: Vec<PlacementRecord>,
    /// Given back once they are answered.
    pub room: OwnedSemaphorePermit,
}

/// Where the answers of one batch go.
pub trait Answers {
    /// Takes the answers to one chunk.
    ///
    /// # Errors
    /// They cannot be written down.
    fn take(&self, acknowledgements: Vec<Acknowledgement>) -> Result<()>;
}

/// Places everything that comes out of `chunks` as one batch, and closes it.
///
/// # Errors
/// The service's refusal, or a connection that is lost for good.
pub async fn upload(
    door: &Door,
    open: PlaceOpen,
    mut chunks: mpsc::Receiver<Chunk>,
    answers: &impl Answers,
) -> Result<Batch> {
    let mut upload =
        Upload { door, open, unanswered: VecDeque::new(), sent: 0, opened: false, ended: false };
    let mut failures = 0;
    loop {
        let answered_before = upload.answered();
        let lost = match upload.go_on(&mut chunks, answers).await? {
            Gone::Closed(batch) => return Ok(*batch),
            Gone::Lost(status) => status,
        };
        if upload.answered() > answered_before {
            failures = 0;
        }
        failures += 1;
        if !may_help(&lost) || failures > TRIES || !upload.opened {
            return Err(upload.failed(door.explain(&lost)));
        }
        if failures == 1 {
            out::note(format!(
                "{}: the stream was cut ({}); trying again from chunk {}",
                upload.open.client_ref,
                lost.message(),
                upload.answered() + 1
            ));
        }
        pause((PAUSE * 2_u32.pow(failures - 1)).min(PAUSE_MAX)).await;
    }
}

struct Upload<'a> {
    door: &'a Door,
    open: PlaceOpen,
    /// Sent, not answered: they go up again on a new stream, and are answered as at first.
    unanswered: VecDeque<(PlaceChunk, OwnedSemaphorePermit)>,
    /// The number of the last chunk.
    sent: i32,
    /// It was reached at least once: before that another try hides a wrong address.
    opened: bool,
    /// There is no further chunk.
    ended: bool,
}

enum Gone {
    Closed(Box<Batch>),
    Lost(Status),
}

impl Upload<'_> {
    fn answered(&self) -> i32 {
        self.sent - i32::try_from(self.unanswered.len()).unwrap_or(i32::MAX)
    }

    /// The error, with what stands in spite of it.
    fn failed(&self, error: Error) -> Error {
        match self.answered() {
            0 => error,
            chunks => error.context(format!(
                "{chunks} chunks were placed; run the same command again and it goes on behind them"
            )),
        }
    }

    /// One stream, from its opening to its end.
    async fn go_on(
        &mut self,
        chunks: &mut mpsc::Receiver<Chunk>,
        answers: &impl Answers,
    ) -> Result<Gone> {
        let (up, outbound) = mpsc::channel(OUTSTANDING_MAX + 3);
        let send = |message| up.try_send(PlaceRequest { message: Some(message) });
        let full = "the channel holds all that may be outstanding";
        send(Up::Open(self.open.clone())).context(full)?;
        let mut intake = self.door.intake()?;
        let mut down = match intake.place(ReceiverStream::new(outbound)).await {
            Ok(answer) => answer.into_inner(),
            Err(status) => return Ok(Gone::Lost(status)),
        };
        match next(&mut down).await {
            Ok(Down::Opened(_)) => self.opened = true,
            Ok(_) => bail!("the service answered before it opened the batch"),
            Err(status) => return Ok(Gone::Lost(status)),
        }
        for (chunk, _) in &self.unanswered {
            send(Up::Chunk(chunk.clone())).context(full)?;
        }
        if self.ended {
            send(Up::End(PlaceEnd {})).context(full)?;
        }
        loop {
            let may_send = !self.ended && self.unanswered.len() < OUTSTANDING_MAX;
            tokio::select! {
                chunk = chunks.recv(), if may_send => {
                    let message = match chunk {
                        Some(Chunk { records, room }) => {
                            self.sent = self.sent.checked_add(1).context("too many chunks")?;
                            let chunk = PlaceChunk { chunk_no: self.sent, records };
                            self.unanswered.push_back((chunk.clone(), room));
                            Up::Chunk(chunk)
                        }
                        None => {
                            self.ended = true;
                            Up::End(PlaceEnd {})
                        }
                    };
                    // Refused only where the stream has ended, which the next answer tells.
                    let _ = send(message);
                }
                answer = next(&mut down) => match answer {
                    Ok(Down::Chunk(placed)) => {
                        let first = self.unanswered.front().map(|(chunk, _)| chunk.chunk_no);
                        if first != Some(placed.chunk_no) {
                            bail!("the service answered chunk {} out of turn", placed.chunk_no);
                        }
                        self.unanswered.pop_front();
                        answers.take(placed.acknowledgements)?;
                    }
                    Ok(Down::Closed(batch)) => return Ok(Gone::Closed(Box::new(batch))),
                    Ok(Down::Opened(_)) => bail!("the service opened the batch twice"),
                    Err(status) => return Ok(Gone::Lost(status)),
                },
            }
        }
    }
}

async fn next(down: &mut Streaming<PlaceResponse>) -> Result<Down, Status> {
    match down.message().await? {
        Some(PlaceResponse { message: Some(message) }) => Ok(message),
        Some(PlaceResponse { message: None }) => Err(Status::internal("an answer without content")),
        None => Err(Status::unavailable("the service ended the stream")),
    }
}

/// Whether another try may succeed: what a service refuses stays refused.
fn may_help(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable => true,
        Code::Unknown | Code::Cancelled | Code::Aborted | Code::Internal => {
            reason_of(status).is_none()
        }
        _ => false,
    }
}

#[expect(clippy::disallowed_methods, reason = "machine time between tries to connect")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
