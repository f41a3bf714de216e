//! A client's file on its way to intake: read, counted, cut into chunks and streamed, one batch per
//! client, in bounded memory whatever the size of the file.

mod tally;
mod upload;
mod wire;

use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Read as _},
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use duly_domain::Date;
use duly_placement::{Counts, Mapping, Record, Scan};
use duly_proto::{
    convert::{date_to_wire, money_to_wire},
    intake::v1::{
        Batch, PlaceOpen, PlacementRecord, UnreadableRecord, placement_record::Record as Kind,
    },
};
use futures::{StreamExt as _, stream::FuturesUnordered};
use prost::Message as _;
use sha2::{Digest as _, Sha256};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc},
};

use crate::{door::Door, files};

pub use tally::{Counted, Listed, Tally};
use upload::{Chunk, upload};

/// Records of one chunk, at most. Intake's own limit.
const CHUNK_RECORDS_MAX: usize = 500;

/// Bytes of a chunk of several records, at most.
const CHUNK_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Bytes of one record, at most: intake takes no larger chunk.
const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024 - 1024;

/// Clients whose batches are placed at the same time.
const CLIENTS_AT_ONCE: usize = 8;

/// Kibibytes of chunks that are under way at the same time, all clients together.
const ROOM_KIB: usize = 16 * 1024;

/// A file that was read once and counted.
pub struct Portfolio {
    /// To be read again, record by record.
    pub scan: Scan<BufReader<File>>,
    /// Names the file and its content, the mapping and the date included: what was placed once is
    /// answered as at first.
    pub key: String,
    /// Whether it says when its items were paid later.
    pub has_payments: bool,
}

impl Portfolio {
    /// Reads and counts a file.
    ///
    /// # Errors
    /// A file or mapping that cannot be read, or a mapping that does not suit the file.
    pub fn open(file: &Path, mapping: &Path, as_of: Date) -> Result<Self> {
        let text = std::fs::read_to_string(mapping)
            .map_err(|error| files::trouble("reading the mapping", mapping, error))?;
        let parsed = Mapping::parse(&text).with_context(|| mapping.display().to_string())?;
        let opened = File::open(file).map_err(|error| files::trouble("opening", file, error))?;
        let metadata = opened.metadata().map_err(|error| files::trouble("opening", file, error))?;
        if !metadata.is_file() {
            bail!(
                "{} is no regular file, and it is read twice: save it to a file first",
                file.display()
            );
        }
        let key = key(file, &text, as_of)?;
        let scan = Scan::open(BufReader::new(opened), &parsed, as_of)
            .with_context(|| format!("{} by the mapping {}", file.display(), mapping.display()))?;
        Ok(Self { scan, key, has_payments: parsed.payments.is_some() })
    }
}

fn key(file: &Path, mapping: &str, as_of: Date) -> Result<String> {
    let mut input = File::open(file).map_err(|error| files::trouble("opening", file, error))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match input.read(&mut buffer).map_err(|error| files::trouble("reading", file, error))? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    hash.update([0]);
    hash.update(mapping);
    hash.update([0]);
    hash.update(as_of.to_string());
    let hex: String = hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect();
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    Ok(format!("{name}:{hex}"))
}

/// What one client's batch came to.
pub struct Outcome {
    /// The client's short name.
    pub client_ref: String,
    /// The closed batch, or why there is none.
    pub batch: Result<Batch>,
}

/// Places the records of these clients, several batches at a time; a client that is refused does not
/// keep the others from being placed. Gives the portfolio back, to be read once more.
///
/// # Errors
/// The file cannot be read on.
pub async fn place(
    door: &Door,
    mut portfolio: Portfolio,
    clients: &[String],
    tally: &Tally,
) -> Result<(Portfolio, Vec<Outcome>)> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    let room = Arc::new(Semaphore::new(ROOM_KIB));
    for clients in clients.chunks(CLIENTS_AT_ONCE) {
        let mut senders = HashMap::new();
        let mut uploads = FuturesUnordered::new();
        for client_ref in clients {
            let (sender, chunks) = mpsc::channel(1);
            senders.insert(client_ref.clone(), sender);
            let counts = portfolio.scan.totals().by_client.get(client_ref);
            let open = open(&portfolio, client_ref, counts);
            uploads.push(async move {
                let answers = tally.of_client(client_ref);
                let batch = upload(door, open, chunks, &answers).await;
                Outcome { client_ref: client_ref.clone(), batch }
            });
        }
        let room = room.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let read = cut(&mut portfolio.scan, &senders, &room);
            (read, portfolio, senders)
        });
        let uploading = async {
            let mut done = Vec::new();
            while let Some(outcome) = uploads.next().await {
                done.push(outcome);
            }
            done
        };
        tokio::pin!(uploading, reading);
        let mut refused = None;
        let read = tokio::select! {
            read = &mut reading => read,
            // While the file is read no batch ends but by a refusal.
            done = &mut uploading => {
                refused = Some(done);
                reading.await
            }
        };
        let (read, back, senders) = read.context("reading the file")?;
        // A file that breaks off leaves its batches open: half of it must not look whole.
        read?;
        drop(senders);
        portfolio = back;
        outcomes.extend(match refused {
            Some(done) => done,
            None => uploading.await,
        });
    }
    outcomes.sort_by(|a, b| a.client_ref.cmp(&b.client_ref));
    Ok((portfolio, outcomes))
}

fn open(portfolio: &Portfolio, client_ref: &str, counts: Option<&Counts>) -> PlaceOpen {
    let mut open = PlaceOpen {
        client_ref: client_ref.to_owned(),
        batch_key: portfolio.key.clone(),
        listing_date: Some(date_to_wire(portfolio.scan.as_of())),
        ..PlaceOpen::default()
    };
    if let Some(counts) = counts {
        open.declared_count = i64::try_from(counts.records()).ok();
        // One sum only where there is one currency: cents and yen do not add up.
        let mut sums = counts.sums.values();
        if let (Some(sum), None) = (sums.next(), sums.next()) {
            open.declared_sum = Some(money_to_wire(*sum));
        }
    }
    open
}

/// What of one client is read and not yet handed over.
#[derive(Default)]
struct Buffer {
    records: Vec<PlacementRecord>,
    bytes: usize,
}

/// Reads the file once and hands its records over in chunks. Where a chunk ends follows from the file
/// alone: a second run makes the same chunks.
fn cut(
    scan: &mut Scan<BufReader<File>>,
    senders: &HashMap<String, mpsc::Sender<Chunk>>,
    room: &Arc<Semaphore>,
) -> Result<()> {
    let mut buffers: HashMap<&str, Buffer> =
        senders.keys().map(|client| (client.as_str(), Buffer::default())).collect();
    for record in scan.records().context("reading the file")? {
        let record = record.context("reading the file")?;
        let Some(client) = record.client_ref.clone() else { continue };
        let (Some(buffer), Some(sender)) = (buffers.get_mut(client.as_str()), senders.get(&client))
        else {
            continue;
        };
        let (record, bytes) = sized(record);
        let is_full = buffer.records.len() == CHUNK_RECORDS_MAX
            || (!buffer.records.is_empty() && buffer.bytes + bytes > CHUNK_BYTES_MAX);
        if is_full {
            hand_over(std::mem::take(buffer), sender, room)?;
            if senders.values().all(mpsc::Sender::is_closed) {
                return Ok(());
            }
        }
        buffer.records.push(record);
        buffer.bytes += bytes;
    }
    for (client, buffer) in buffers {
        if !buffer.records.is_empty() {
            hand_over(buffer, &senders[client], room)?;
        }
    }
    Ok(())
}

/// Waits for room and for the client's upload. One that failed has dropped its end: its records are
/// not placed, and its error says so.
fn hand_over(buffer: Buffer, sender: &mpsc::Sender<Chunk>, room: &Arc<Semaphore>) -> Result<()> {
    let kib = u32::try_from((buffer.bytes / 1024 + 1).min(ROOM_KIB / 2))?;
    let room = Handle::current().block_on(room.clone().acquire_many_owned(kib))?;
    let _ = sender.blocking_send(Chunk { records: buffer.records, room });
    Ok(())
}

/// The record on the wire and its bytes. One that no chunk could carry is told as unreadable.
fn sized(record: Record) -> (PlacementRecord, usize) {
    let account_ref = record.account_ref.clone().unwrap_or_default();
    let wire = wire::record(record);
    let bytes = wire.encoded_len();
    if bytes <= RECORD_BYTES_MAX {
        return (wire, bytes);
    }
    let too_large = PlacementRecord {
        line: wire.line,
        record: Some(Kind::Unreadable(UnreadableRecord {
            client_account_ref: account_ref,
            code: "claim_too_large".to_owned(),
            field: String::new(),
            reason: "the claim with all its items is larger than 4 MiB; split it into several"
                .to_owned(),
        })),
    };
    let bytes = too_large.encoded_len();
    (too_large, bytes)
}

/// Lines of records whose client could not be read: no batch can answer for them.
///
/// # Errors
/// The file cannot be read.
pub fn without_client(portfolio: &mut Portfolio, tally: &Tally) -> Result<u64> {
    let mut found = 0;
    for record in portfolio.scan.records_of(None).context("reading the file")? {
        let record = record.context("reading the file")?;
        found += 1;
        tally.take_read(record);
    }
    Ok(found)
}

/// Takes what the file's reader alone finds wrong with these clients' records; nothing is sent.
///
/// # Errors
/// The file cannot be read.
pub fn check(portfolio: &mut Portfolio, clients: &[String], tally: &Tally) -> Result<()> {
    for record in portfolio.scan.records().context("reading the file")? {
        let record = record.context("reading the file")?;
        if record.client_ref.as_ref().is_some_and(|client| clients.contains(client)) {
            tally.take_read(record);
        }
    }
    Ok(())
}
