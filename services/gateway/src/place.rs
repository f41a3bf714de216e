//! Placing a whole batch: every record read and every total checked before the first chunk is sent.

mod record;

use duly_domain::{self as domain, Currency};
use duly_proto::{
    common::v1 as common,
    intake::v1::{
        Acknowledgement, Batch, PlaceChunk, PlaceEnd, PlaceOpen, PlaceRequest, PlaceResponse,
        PlacementRecord, place_request::Message as Ask, place_response::Message as Say,
        placement_record::Record,
    },
};
use http::StatusCode;
use prost::Message as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

pub use record::Placement;

use crate::{
    caller::Caller,
    fault::{Fault, Unreadable, read_json},
    problem::{Problem, from},
    shape::unshowable,
    upstream::Api,
};

/// Records of one chunk.
const CHUNK_RECORDS_MAX: usize = 500;

/// Bytes of one chunk: below the 4 MiB that a chunk may have.
const CHUNK_BYTES_MAX: usize = 3 * 1024 * 1024;

/// Chunks without an answer, at most.
const OUTSTANDING_MAX: usize = 4;

/// What the client declared of the whole.
pub struct Totals {
    pub count: Option<i64>,
    pub sum: Option<common::Money>,
}

impl Totals {
    /// Compares with what was read; unreadable records count, and their amounts do not.
    pub fn check(&self, records: &[PlacementRecord]) -> Result<(), Problem> {
        let mut faults = Vec::new();
        let found = i64::try_from(records.len()).unwrap_or(i64::MAX);
        if let Some(count) = self.count.filter(|count| *count != found) {
            let reason = format!("is {count}, but the body has {found} records");
            faults.push(Fault { field: "declared_count".to_owned(), reason });
        }
        if let Some(declared) = &self.sum {
            let found = sum(records, &declared.currency);
            if found != i128::from(declared.minor) {
                let reason = match shown(found, &declared.currency) {
                    Some(found) => format!("differs: the readable records sum to {found}"),
                    None => "differs from what the readable records sum to".to_owned(),
                };
                faults.push(Fault { field: "declared_sum".to_owned(), reason });
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        let detail = "the body is not what was declared, and nothing was placed";
        Err(Problem::new(StatusCode::BAD_REQUEST, "totals_differ", detail).with(faults))
    }
}

/// The sum of the readable records' amounts in this currency.
fn sum(records: &[PlacementRecord], currency: &str) -> i128 {
    let amounts = records.iter().filter_map(|record| match &record.record {
        Some(Record::Placement(placement)) => placement.amount.as_ref(),
        Some(Record::Unreadable(_)) | None => None,
    });
    amounts.filter(|m| m.currency == currency).map(|m| i128::from(m.minor)).sum()
}

fn shown(minor: i128, currency: &str) -> Option<String> {
    let currency: Currency = currency.parse().ok()?;
    Some(domain::Money::new(i64::try_from(minor).ok()?, currency).to_string())
}

/// The records of a JSON array, numbered from 1.
pub fn read_array(bytes: &[u8]) -> Result<Vec<PlacementRecord>, Problem> {
    let placements: Vec<Placement> = read_json(bytes).map_err(Problem::unreadable)?;
    filled(placements.into_iter().zip(1..).map(|(p, line)| p.read(line)).collect())
}

/// The records of a text with one JSON object a line, each with the number of its line. Empty lines are
/// nothing.
pub fn read_lines(bytes: &[u8]) -> Result<Vec<PlacementRecord>, Problem> {
    let mut records = Vec::new();
    for (text, line) in bytes.split(|byte| *byte == b'\n').zip(1i64..) {
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let placement: Placement = read_json(text).map_err(|unreadable| match unreadable {
            Unreadable::Syntax(words) => {
                let words = words.strip_suffix(", in line 1").unwrap_or(&words);
                let detail = format!("line {line} is not JSON: {words}");
                Problem::new(StatusCode::BAD_REQUEST, "malformed_json", detail)
            }
            Unreadable::Shape(fault) => {
                let dot = if fault.field.is_empty() { "" } else { "." };
                let field = format!("[line {line}]{dot}{}", fault.field);
                Problem::invalid(vec![Fault { field, ..fault }])
            }
        })?;
        records.push(placement.read(line));
    }
    filled(records)
}

fn filled(records: Vec<PlacementRecord>) -> Result<Vec<PlacementRecord>, Problem> {
    if records.is_empty() {
        let detail = "the body has no placement; a batch has at least one";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "batch_empty", detail));
    }
    Ok(records)
}

/// Chunks in the order of the records. The same records always make the same chunks, so that a batch
/// that is sent again gets the answers of its first chunks.
fn chunks(records: Vec<PlacementRecord>) -> impl Iterator<Item = PlaceChunk> {
    let mut records = records.into_iter().peekable();
    (1..).map_while(move |chunk_no| {
        let mut chunk = PlaceChunk { chunk_no, records: vec![records.next()?] };
        let mut bytes = chunk.records[0].encoded_len();
        while let Some(next) = records.peek() {
            bytes += next.encoded_len();
            if chunk.records.len() == CHUNK_RECORDS_MAX || bytes > CHUNK_BYTES_MAX {
                break;
            }
            chunk.records.extend(records.next());
        }
        Some(chunk)
    })
}

/// A batch that has ended, with the answers to all its records.
pub struct Placed {
    pub batch: Batch,
    pub acknowledgements: Vec<Acknowledgement>,
}

/// Places the records under the caller's token.
pub async fn place(
    api: &Api,
    caller: &Caller,
    open: PlaceOpen,
    records: Vec<PlacementRecord>,
) -> Result<Placed, Problem> {
    let (requests, outbound) = mpsc::channel(OUTSTANDING_MAX);
    let ask = caller.ask(ReceiverStream::new(outbound));
    let mut stream = Stream { requests, answers: None, acknowledgements: Vec::new() };
    stream.send(Ask::Open(open)).await;
    let mut intake = api.intake.clone();
    stream.answers = Some(intake.place(ask).await.map_err(from("intake"))?.into_inner());
    let Say::Opened(_) = stream.next().await? else {
        return Err(unshowable("a batch was not opened first"));
    };
    let mut outstanding = 0;
    for chunk in chunks(records) {
        if outstanding == OUTSTANDING_MAX {
            stream.chunk_answered().await?;
            outstanding -= 1;
        }
        stream.send(Ask::Chunk(chunk)).await;
        outstanding += 1;
    }
    for _ in 0..outstanding {
        stream.chunk_answered().await?;
    }
    stream.send(Ask::End(PlaceEnd {})).await;
    match stream.next().await? {
        Say::Closed(batch) => Ok(Placed { batch, acknowledgements: stream.acknowledgements }),
        Say::Opened(_) | Say::Chunk(_) => Err(unshowable("the end of a batch was not answered")),
    }
}

struct Stream {
    requests: mpsc::Sender<PlaceRequest>,
    answers: Option<Streaming<PlaceResponse>>,
    acknowledgements: Vec<Acknowledgement>,
}

impl Stream {
    /// A stream that intake has ended takes nothing more, and [`Stream::next`] says why.
    async fn send(&self, message: Ask) {
        let _ = self.requests.send(PlaceRequest { message: Some(message) }).await;
    }

    async fn next(&mut self) -> Result<Say, Problem> {
        let answers = self.answers.as_mut().ok_or_else(|| unshowable("no stream"))?;
        let answer = answers.message().await.map_err(from("intake"))?;
        answer
            .and_then(|answer| answer.message)
            .ok_or_else(|| unshowable("the stream of answers ended before its batch"))
    }

    async fn chunk_answered(&mut self) -> Result<(), Problem> {
        match self.next().await? {
            Say::Chunk(placed) => {
                self.acknowledgements.extend(placed.acknowledgements);
                Ok(())
            }
            Say::Opened(_) | Say::Closed(_) => Err(unshowable("a chunk was not answered")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ProblemJson;

    fn records(count: i64, name_bytes: usize) -> Vec<PlacementRecord> {
        let name = "n".repeat(name_bytes);
        let line = |line| {
            format!(
                r#"{{"client_account_ref": "A-{line}", "debt_class": "commercial",
                     "amount": {{"amount": "1.50", "currency": "USD"}}, "original_creditor": "{name}",
                     "liable_parties": []}}"#
            )
        };
        let all: Vec<String> = (1..=count).map(line).collect();
        read_array(format!("[{}]", all.join(",")).as_bytes()).expect("they are placements")
    }

    fn shown_as(problem: Problem) -> serde_json::Value {
        serde_json::to_value(ProblemJson::from(problem)).unwrap()
    }

    #[test]
    fn chunks_hold_500_records_or_three_mebibytes() {
        let sizes = |records| -> Vec<(i32, usize)> {
            chunks(records).map(|c| (c.chunk_no, c.records.len())).collect()
        };
        assert_eq!(sizes(records(1_001, 1)), [(1, 500), (2, 500), (3, 1)]);
        let long = sizes(records(7, 1024 * 1024));
        assert_eq!(long, [(1, 2), (2, 2), (3, 2), (4, 1)]);
        let largest = sizes(records(2, 4 * 1024 * 1024));
        assert_eq!(largest, [(1, 1), (2, 1)]);
    }

    #[test]
    fn declared_totals_are_compared_with_what_was_read() {
        let records = records(3, 1);
        let money = |minor| Some(common::Money { minor, currency: "USD".into() });
        assert!(Totals { count: Some(3), sum: money(450) }.check(&records).is_ok());
        assert!(Totals { count: None, sum: None }.check(&records).is_ok());
        let differs = Totals { count: Some(4), sum: money(451) }.check(&records).unwrap_err();
        let json = shown_as(differs);
        assert_eq!(json["reason"], "totals_differ");
        assert_eq!(json["violations"][0]["reason"], "is 4, but the body has 3 records");
        assert_eq!(
            json["violations"][1]["reason"],
            "differs: the readable records sum to 4.50 USD"
        );
    }

    #[test]
    fn a_line_is_known_by_its_number_in_the_text() {
        let line = r#"{"client_account_ref": "A", "debt_class": "consumer", "liable_parties": [],
            "amount": {"amount": "1", "currency": "USD"}}"#
            .replace('\n', " ");
        let text = format!("\n{line}\r\n\n{line}");
        let lines: Vec<i64> =
            read_lines(text.as_bytes()).unwrap().into_iter().map(|record| record.line).collect();
        assert_eq!(lines, [2, 4]);
        let broken = read_lines(format!("{line}\n{{").as_bytes()).unwrap_err();
        let json = shown_as(broken);
        assert_eq!(json["reason"], "malformed_json");
        assert!(json["detail"].as_str().unwrap().starts_with("line 2 is not JSON"), "{json}");
        let unknown = line.replacen("debt_class", "dept_class", 1);
        let json = shown_as(read_lines(unknown.as_bytes()).unwrap_err());
        assert_eq!(json["violations"][0]["field"], "[line 1].dept_class");
    }

    #[test]
    fn a_batch_without_a_record_is_refused() {
        for outcome in [read_array(b"[]"), read_lines(b"\n \n")] {
            let json = shown_as(outcome.unwrap_err());
            assert_eq!(json["reason"], "batch_empty");
        }
    }
}
