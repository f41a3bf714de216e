//! Places one chunk of a batch: every record gets its answer, every good one its account, in one
//! transaction. What is placed is written in sets, one statement a table.

use std::collections::{HashMap, HashSet};

use duly_domain::{AckStatus, Lifecycle};
use duly_platform::{Refusal, Tx};
use duly_proto::intake::v1 as wire;
use sqlx::types::Uuid;

use crate::{
    claim::{Claim, Problem, Record},
    error::PlaceError,
    facts::tell_placed,
    list_batches::answer_to_wire,
    open_batch::Opened,
    store::{
        account::{self, Placing, Standing},
        acknowledgement::{self, Answer},
        batch::{self, Batch, Counts},
        parts,
    },
};

/// Fields at fault that a reason lists beside the first.
const ALSO_MAX: usize = 5;

/// One chunk, read.
pub struct Chunk {
    pub opened: Opened,
    pub chunk_no: i32,
    /// Keyed hash of its content.
    pub hash: [u8; 32],
    pub records: Vec<Record>,
}

/// Places it. A chunk that was placed before gets its first answer.
pub async fn place_chunk(tx: &mut Tx, chunk: &Chunk) -> Result<wire::ChunkPlaced, Refusal> {
    // The batch's row lock lets one chunk in after another: a twin waits here for the first.
    let batch = batch::lock(tx.conn(), chunk.opened.batch).await?;
    let answers = if chunk.chunk_no < batch.next_chunk_no {
        repeat(tx, chunk).await?
    } else if batch.closed_at.is_some() {
        return Err(PlaceError::Closed(batch.next_chunk_no - 1).into());
    } else if chunk.chunk_no > batch.next_chunk_no {
        let (expected, found) = (batch.next_chunk_no, chunk.chunk_no);
        return Err(PlaceError::Gap { expected, found }.into());
    } else {
        place(tx, chunk, &batch).await?
    };
    Ok(wire::ChunkPlaced {
        chunk_no: chunk.chunk_no,
        acknowledgements: answers.into_iter().map(answer_to_wire).collect(),
    })
}

async fn repeat(tx: &mut Tx, chunk: &Chunk) -> Result<Vec<Answer>, Refusal> {
    let first = batch::chunk_hash(tx.conn(), chunk.opened.batch, chunk.chunk_no).await?;
    if first.as_deref() != Some(chunk.hash.as_slice()) {
        return Err(PlaceError::ChunkDiffers(chunk.chunk_no).into());
    }
    Ok(acknowledgement::of_chunk(tx.conn(), chunk.opened.batch, chunk.chunk_no).await?)
}

async fn place(tx: &mut Tx, chunk: &Chunk, batch: &Batch) -> Result<Vec<Answer>, Refusal> {
    batch::insert_chunk(tx.conn(), batch, chunk.chunk_no, &chunk.hash).await?;
    let mut refused = HashMap::new();
    let placed = take_references(tx, chunk, batch, &mut refused).await?;
    let elsewhere = write_parts(tx, chunk, batch, &placed).await?;
    let answers = answers(chunk, &placed, &refused, &elsewhere);
    let client = batch.client;
    acknowledgement::insert(tx.conn(), client, batch.id, chunk.chunk_no, &answers).await?;
    batch::add(tx.conn(), batch.id, &count(&answers)).await?;
    tx.audit("Place.chunk", &batch.id.to_string()).await?;
    Ok(answers)
}

/// Gives each good record its account: a new one, or the closed one that it opens again. A reference
/// that is taken is refused.
async fn take_references<'c>(
    tx: &mut Tx,
    chunk: &'c Chunk,
    batch: &Batch,
    refused: &mut HashMap<usize, Problem>,
) -> Result<Vec<Placing<'c>>, Refusal> {
    let mut wanted = Vec::with_capacity(chunk.records.len());
    let mut seen: HashSet<&str> = HashSet::with_capacity(chunk.records.len());
    for (position, record) in chunk.records.iter().enumerate() {
        let Ok(claim) = &record.claim else { continue };
        let reference = record.reference.as_str();
        if seen.insert(reference) {
            let id = tx.id();
            wanted.push(Placing { id, opening: 1, version: 1, position, reference, claim });
        } else {
            refused.insert(position, duplicate_in_batch());
        }
    }
    wanted.sort_unstable_by_key(|placing| placing.reference);
    let inserted = account::insert(tx.conn(), batch.client, batch, &wanted).await?;
    if inserted < wanted.len() {
        // Only now, and seldom: some references stand already.
        let references: Vec<&str> = wanted.iter().map(|placing| placing.reference).collect();
        let standing = account::standing(tx.conn(), batch.client, &references).await?;
        let standing: HashMap<&str, &Standing> =
            standing.iter().map(|account| (account.reference.as_str(), account)).collect();
        let mut reopened = Vec::new();
        wanted.retain_mut(|placing| {
            let account = standing.get(placing.reference).filter(|a| a.id != placing.id);
            let Some(account) = account else { return true };
            match refuse(account, batch) {
                Some(problem) => {
                    refused.insert(placing.position, problem);
                    false
                }
                None => {
                    placing.id = account.id;
                    placing.opening = account.opening + 1;
                    placing.version = account.version + 1;
                    reopened.push(*placing);
                    true
                }
            }
        });
        if !reopened.is_empty() {
            account::reopen(tx.conn(), batch, &reopened).await?;
        }
    }
    // Back to the order of the chunk: events and answers follow it.
    wanted.sort_unstable_by_key(|placing| placing.position);
    Ok(wanted)
}

/// Why a reference under which an account stands cannot be placed; `None` where it can be reopened.
fn refuse(account: &Standing, batch: &Batch) -> Option<Problem> {
    if account.batch == batch.id {
        return Some(duplicate_in_batch());
    }
    match account.lifecycle {
        Lifecycle::Received | Lifecycle::Rejected | Lifecycle::Open | Lifecycle::PendingRecall => {
            Some(problem(
                "duplicate_open",
                "client_account_ref",
                format!(
                    "{} is open under this reference; adjust it, or recall it before placing again",
                    account.id
                ),
            ))
        }
        Lifecycle::Closed if account.currency != batch.currency => Some(problem(
            "currency_changed",
            "amount",
            format!(
                "{} was placed in another currency; place this under a new reference",
                account.id
            ),
        )),
        Lifecycle::Closed => None,
    }
}

/// Writes what hangs on the accounts and tells them. Answers which records list an invoice that
/// another client listed against the same debtor.
async fn write_parts(
    tx: &mut Tx,
    chunk: &Chunk,
    batch: &Batch,
    placed: &[Placing<'_>],
) -> Result<HashSet<usize>, Refusal> {
    if placed.is_empty() {
        return Ok(HashSet::new());
    }
    let client = batch.client;
    let elsewhere = parts::listed_elsewhere(tx.conn(), client, placed).await?;
    let party_ids = ids(tx, placed, |claim| claim.parties.len());
    let person_ids = ids(tx, placed, |claim| claim.persons.len());
    parts::insert_items(tx.conn(), client, placed).await?;
    parts::insert_parties(tx.conn(), client, placed, &party_ids).await?;
    parts::insert_persons(tx.conn(), client, placed, &person_ids).await?;
    parts::insert_facts(tx.conn(), client, placed).await?;
    let (mut parties, mut persons) = (party_ids.as_slice(), person_ids.as_slice());
    for placing in placed {
        let (own_parties, other_parties) = parties.split_at(placing.claim.parties.len());
        let (own_persons, other_persons) = persons.split_at(placing.claim.persons.len());
        tell_placed(tx, &chunk.opened, batch, placing, own_parties, own_persons);
        (parties, persons) = (other_parties, other_persons);
    }
    Ok(elsewhere.into_iter().collect())
}

/// An id for each element of a list of each claim.
fn ids(tx: &mut Tx, placed: &[Placing<'_>], len: fn(&Claim) -> usize) -> Vec<Uuid> {
    let all: usize = placed.iter().map(|placing| len(placing.claim)).sum();
    (0..all).map(|_| tx.uuid()).collect()
}

fn answers(
    chunk: &Chunk,
    placed: &[Placing<'_>],
    refused: &HashMap<usize, Problem>,
    elsewhere: &HashSet<usize>,
) -> Vec<Answer> {
    let placed: HashMap<usize, &Placing<'_>> = placed.iter().map(|p| (p.position, p)).collect();
    let answer = |(position, record): (usize, &Record)| {
        let mut problems = match &record.claim {
            Err(problems) => problems.clone(),
            Ok(claim) => claim.warnings.clone(),
        };
        if elsewhere.contains(&position) {
            problems.push(same_invoice_elsewhere());
        }
        problems.splice(0..0, refused.get(&position).cloned());
        let placing = placed.get(&position);
        let status = match (placing, problems.is_empty()) {
            (None, _) => AckStatus::Rejected,
            (Some(_), true) => AckStatus::Accepted,
            (Some(_), false) => AckStatus::AcceptedWithWarning,
        };
        let reason = in_words(&problems);
        let (code, field) =
            problems.into_iter().next().map(|p| (p.code.into_owned(), p.field)).unwrap_or_default();
        Answer {
            line: record.line,
            reference: record.reference.clone(),
            status,
            code,
            field,
            reason,
            placed: placing.map(|placing| (placing.id, placing.opening)),
            amount_minor: record.amount_minor,
        }
    };
    chunk.records.iter().enumerate().map(answer).collect()
}

/// The first reason, and which other fields are at fault.
fn in_words(problems: &[Problem]) -> String {
    let Some((first, others)) = problems.split_first() else { return String::new() };
    if others.is_empty() {
        return first.reason.clone();
    }
    let named: Vec<&str> = others.iter().take(ALSO_MAX).map(|p| p.field.as_str()).collect();
    let more = if others.len() > ALSO_MAX { " and more" } else { "" };
    format!("{}; also at fault: {}{more}", first.reason, named.join(", "))
}

fn count(answers: &[Answer]) -> Counts {
    let mut counts = Counts::default();
    for answer in answers {
        let amount = answer.amount_minor.unwrap_or(0);
        match answer.status {
            AckStatus::Accepted => counts.accepted += 1,
            AckStatus::AcceptedWithWarning => counts.accepted_with_warning += 1,
            AckStatus::Rejected => counts.rejected += 1,
        }
        match answer.status {
            AckStatus::Accepted | AckStatus::AcceptedWithWarning => {
                counts.accepted_sum_minor += amount;
            }
            AckStatus::Rejected => counts.rejected_sum_minor += amount,
        }
    }
    counts
}

fn problem(code: &'static str, field: &str, reason: impl Into<String>) -> Problem {
    Problem { code: code.into(), field: field.to_owned(), reason: reason.into() }
}

fn duplicate_in_batch() -> Problem {
    problem(
        "duplicate_in_batch",
        "client_account_ref",
        "was placed by an earlier record of this batch; give each account a reference of its own",
    )
}

/// Said to clients too: it does not tell who placed the other, nor that it was somebody else.
fn same_invoice_elsewhere() -> Problem {
    problem(
        "same_invoice_elsewhere",
        "items",
        "an invoice of this number is on file for this debtor; check that it is not placed twice",
    )
}
