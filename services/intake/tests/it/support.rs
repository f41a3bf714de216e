//! One running intake, and a placement stream that is driven message by message.

use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context as _;
use chrono::TimeDelta;
use duly_domain::{EventId, IdSource as _};
use duly_platform::{Role, SystemIds, apply_frames, error::reason_of};
use duly_proto::{
    Event as _,
    common::v1::{EventMeta, Frame},
    convert::timestamp,
    intake::v1::{
        Account, BatchOpened, ChunkPlaced, Client, Event, GetAccountRequest, PlaceChunk, PlaceEnd,
        PlaceOpen, PlaceRequest, PlaceResponse, Placement, PlacementRecord, event::Fact,
        get_account_request, place_request, place_response, placement_record,
    },
};
use duly_testkit::{
    ClientBuilder, Clients, IntakeClient, Placed, Run, Set, client, numbered_frames, place,
};
use prost::Message as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

/// A set with intake running on it, and a manager's clients.
pub struct World {
    pub set: Set,
    pub run: Run,
    pub api: Clients,
    next_no: AtomicI64,
}

impl World {
    pub async fn new() -> anyhow::Result<Self> {
        let set = Set::create(&[duly_intake::service()]).await?;
        let run = set.start(vec![duly_intake::service()]).await?;
        let api = run.clients(Role::Manager)?;
        Ok(Self { set, run, api, next_no: AtomicI64::new(1) })
    }

    /// With the client ACME.
    pub async fn with_acme() -> anyhow::Result<Self> {
        let mut world = Self::new().await?;
        world.put(client("ACME")).await?;
        Ok(world)
    }

    pub async fn put(&mut self, client: ClientBuilder) -> anyhow::Result<Client> {
        let put = self.api.intake.put_client(client.build()).await?.into_inner();
        put.client.context("a put client is answered")
    }

    /// Places a batch of ACME's.
    pub async fn place(&mut self, key: &str, records: Vec<Placement>) -> anyhow::Result<Placed> {
        place(&mut self.api.intake, open("ACME", key), records, 500).await
    }

    pub async fn account(&mut self, id: &str) -> anyhow::Result<Account> {
        let key = Some(get_account_request::Key::AccountId(id.to_owned()));
        let found = self.api.intake.get_account(GetAccountRequest { key }).await?.into_inner();
        found.account.context("a found account is answered")
    }

    /// Every event told so far, in the order of its kind.
    pub async fn events(&self) -> anyhow::Result<Vec<Event>> {
        self.run.settle().await?;
        let frames = numbered_frames(&self.set, "intake").await?;
        let bodies = frames.iter().flat_map(|frame| &frame.events);
        Ok(bodies.map(|body| Event::decode(body.as_slice())).collect::<Result<_, _>>()?)
    }

    /// The facts of one kind told so far.
    pub async fn facts<T>(&self, of: impl Fn(Fact) -> Option<T>) -> anyhow::Result<Vec<T>> {
        Ok(self.events().await?.into_iter().filter_map(|event| of(event.fact?)).collect())
    }

    /// How many events of each kind were told.
    pub async fn told(&self, kind: &str) -> anyhow::Result<usize> {
        Ok(self.events().await?.iter().filter(|event| event.kind() == Some(kind)).count())
    }

    /// Hands facts of another service's over, as one frame of one kind.
    pub async fn hear<E: duly_proto::Event>(&self, events: &[E]) -> anyhow::Result<()> {
        let kind = events.first().and_then(E::kind).context("a frame holds an event")?;
        let frame = Frame {
            kind: format!("{}.{kind}", E::SERVICE),
            no: self.next_no.fetch_add(1, Ordering::SeqCst),
            epoch: 1,
            events: events.iter().map(E::encode_to_vec).collect(),
            ..Frame::default()
        };
        let listeners = self.run.listeners("intake")?;
        let listener = listeners.iter().find(|l| l.kind == frame.kind).context("it is heard")?;
        apply_frames(self.run.host("intake")?, listener, &[frame]).await
    }

    /// What another service's event about an account of ACME's says of itself.
    pub async fn meta(&self, account: &Account) -> anyhow::Result<EventMeta> {
        let id: EventId = SystemIds.next();
        Ok(EventMeta {
            event_id: id.to_string(),
            account_id: account.account_id.clone(),
            client_id: account.client_id.clone(),
            version: 1,
            occurred_at: Some(timestamp(self.run.driver().now().await?)),
            ..EventMeta::default()
        })
    }

    /// Moves the clock this many ticks on.
    pub async fn ticks(&self, ticks: i32) -> anyhow::Result<()> {
        self.run.settle().await?;
        self.run.driver().advance(TimeDelta::minutes(15) * ticks).await
    }

    pub async fn end(self) -> anyhow::Result<()> {
        self.run.stop().await;
        self.set.drop().await
    }
}

pub fn open(client_ref: &str, batch_key: &str) -> PlaceOpen {
    PlaceOpen { client_ref: client_ref.into(), batch_key: batch_key.into(), ..PlaceOpen::default() }
}

pub fn chunk(chunk_no: i32, placements: Vec<Placement>) -> PlaceChunk {
    let records = placements.into_iter().zip(1..).map(|(placement, line)| PlacementRecord {
        line,
        record: Some(placement_record::Record::Placement(placement)),
    });
    PlaceChunk { chunk_no, records: records.collect() }
}

/// A placement stream by hand.
pub struct Wire {
    requests: mpsc::Sender<PlaceRequest>,
    answers: Streaming<PlaceResponse>,
}

impl Wire {
    pub async fn begin(intake: &mut IntakeClient) -> Result<Self, Status> {
        let (requests, outbound) = mpsc::channel(16);
        let answers = intake.place(ReceiverStream::new(outbound)).await?.into_inner();
        Ok(Self { requests, answers })
    }

    pub async fn open(
        intake: &mut IntakeClient,
        open: PlaceOpen,
    ) -> Result<(Self, BatchOpened), Status> {
        let mut wire = Self::begin(intake).await?;
        wire.send(place_request::Message::Open(open)).await;
        match wire.next().await? {
            Some(place_response::Message::Opened(opened)) => Ok((wire, opened)),
            other => panic!("an opened batch is answered first, not {other:?}"),
        }
    }

    /// Sends a message; a stream that the service has ended takes none, and `next` says why.
    pub async fn send(&mut self, message: place_request::Message) {
        let _ = self.requests.send(PlaceRequest { message: Some(message) }).await;
    }

    pub async fn next(&mut self) -> Result<Option<place_response::Message>, Status> {
        Ok(self.answers.message().await?.and_then(|answer| answer.message))
    }

    pub async fn chunk(&mut self, chunk: PlaceChunk) -> Result<ChunkPlaced, Status> {
        self.send(place_request::Message::Chunk(chunk)).await;
        match self.next().await? {
            Some(place_response::Message::Chunk(placed)) => Ok(placed),
            other => panic!("a chunk is answered, not {other:?}"),
        }
    }

    pub async fn end(&mut self) -> Result<duly_proto::intake::v1::Batch, Status> {
        self.send(place_request::Message::End(PlaceEnd {})).await;
        match self.next().await? {
            Some(place_response::Message::Closed(batch)) => Ok(batch),
            other => panic!("the end is answered, not {other:?}"),
        }
    }

    /// The client sends no more, without an end.
    pub async fn hang_up(self) -> Result<Option<place_response::Message>, Status> {
        let Self { requests, mut answers } = self;
        drop(requests);
        Ok(answers.message().await?.and_then(|answer| answer.message))
    }
}

/// Asserts a refusal, and gives its words.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Status>, code: Code, reason: &str) -> String {
    let status = outcome.expect_err("it is refused");
    assert_eq!((status.code(), reason_of(&status).as_deref()), (code, Some(reason)), "{status}");
    status.message().to_owned()
}
