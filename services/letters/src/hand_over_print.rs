//! Handing a sealed batch to the mail house. The folder names a letter by its content and a batch by its
//! day and number, so that a hand-over that was cut off is made again and is the same batch.

use duly_domain::{Certainty, Id, id};
use duly_platform::{BoxFuture, DueItem, Host, OutsideWork, Tx};
use uuid::Uuid;

use crate::{
    carrier::{Carrier as _, Consignment, HandOver, Piece, TRY_AGAIN_AFTER},
    conclude_letters,
    seal_batches::why_not,
    settings::Settings,
    store::{
        batch::{self, Batch},
        letter::{self, Letter},
    },
    wire as to_wire,
};

/// Keys: batches.
pub(crate) const QUEUE: &str = "hand_over_print";

/// Batches handed over together: each may hold a thousand documents.
const SET: u16 = 2;

/// One batch to hand over.
struct Job {
    batch: Batch,
    consignment: Consignment,
}

/// The queue's worker.
pub(crate) fn work() -> OutsideWork {
    OutsideWork::new(QUEUE, begin, perform, finish).in_sets_of(SET)
}

fn begin<'a>(tx: &'a mut Tx, due: &'a [DueItem]) -> BoxFuture<'a, anyhow::Result<Vec<Job>>> {
    Box::pin(async move {
        let keys: Vec<Uuid> = due.iter().map(|item| item.key).collect();
        let host = tx.host().clone();
        let folder = Settings::of(&host).print_folder();
        let mut jobs = Vec::new();
        for batch in batch::lock(tx.conn(), &keys).await? {
            let begun = match batch.state.as_str() {
                "sealed" => false,
                "begun" => true,
                _ => continue,
            };
            let letters = letter::lock_of_batches(tx.conn(), &[batch.batch_id]).await?;
            // What was begun may have left: it is finished, whatever came in between.
            let letters = if begun { letters } else { still_leaving(tx, &batch, letters).await? };
            if letters.is_empty() {
                batch::set_dropped(tx.conn(), batch.batch_id).await?;
                continue;
            }
            if folder.is_none() {
                tracing::warn!(
                    letters = letters.len(),
                    "a print batch waits: set services.letters.print_dir"
                );
                let at = tx.next_tick();
                tx.mark_due(QUEUE, &[batch.batch_id], at).await?;
                continue;
            }
            let consignment = consign(tx, &batch, &letters).await?;
            let count = i32::try_from(letters.len()).unwrap_or(i32::MAX);
            let pages = letters.iter().map(|letter| letter.pages).sum();
            let (id, name) = (batch.batch_id, consignment.name.as_str());
            batch::set_begun(tx.conn(), id, name, (count, pages)).await?;
            jobs.push(Job { batch, consignment });
        }
        Ok(jobs)
    })
}

/// Those of a batch that waited which may still leave; the others expire. A batch that was sealed at
/// this very instant was looked at then.
async fn still_leaving(
    tx: &mut Tx,
    batch: &Batch,
    letters: Vec<Letter>,
) -> anyhow::Result<Vec<Letter>> {
    if tx.now() == batch.sealed_at {
        return Ok(letters);
    }
    let all: Vec<&Letter> = letters.iter().collect();
    let mut why = why_not(tx, &all).await?;
    let no_folder = Settings::of(&tx.host().clone()).print_folder().is_none();
    if no_folder {
        let reason = "no print folder is set (services.letters.print_dir)";
        why.values_mut().for_each(|why| *why = format!("{why}; {reason}"));
    }
    let stays: Vec<(&Letter, String)> = letters
        .iter()
        .filter_map(|letter| Some((letter, why.get(&letter.letter_id)?.clone())))
        .collect();
    conclude_letters::expired(tx, &stays).await?;
    Ok(letters.into_iter().filter(|letter| !why.contains_key(&letter.letter_id)).collect())
}

/// The batch as the mail house gets it, by reference and recipient.
async fn consign(tx: &mut Tx, batch: &Batch, letters: &[Letter]) -> anyhow::Result<Consignment> {
    let mut pieces = Vec::with_capacity(letters.len());
    for letter in letters {
        pieces.push(piece(tx, letter).await?);
    }
    pieces.sort_by(|a, b| {
        (&a.reference, &a.recipient, &a.file_name).cmp(&(&b.reference, &b.recipient, &b.file_name))
    });
    let name = format!("{}-{:02}", batch.mailing_on, batch.no);
    Ok(Consignment { name, at: tx.now(), pieces })
}

/// A letter with its document.
pub(crate) async fn piece(tx: &mut Tx, letter: &Letter) -> anyhow::Result<Piece> {
    let pdf = letter::pdf(tx.conn(), letter.client_id, &letter.content_sha256).await?;
    let pdf = pdf.ok_or_else(|| anyhow::anyhow!("a prepared letter has no document"))?;
    Ok(Piece {
        letter_id: Id::<id::Letter>::from_uuid(letter.letter_id).to_string(),
        template: letter.template.clone(),
        reference: letter.reference.clone(),
        creditor: letter.creditor.clone(),
        recipient: letter.recipient.clone(),
        address: letter.address.clone(),
        email: letter.email.as_ref().and_then(|email| email.parse().ok()),
        file_name: file_name(letter),
        pages: letter.pages,
        pdf,
    })
}

/// Named by its content.
fn file_name(letter: &Letter) -> String {
    format!("{}.pdf", to_wire::hex(&letter.content_sha256))
}

/// What came of one batch.
struct Outcome {
    batch: Batch,
    hand_over: HandOver,
}

fn perform(host: Host, job: Job) -> BoxFuture<'static, Outcome> {
    Box::pin(async move {
        let hand_over = match Settings::of(&host).print_folder() {
            Some(folder) => folder.hand_over(&job.consignment).await,
            None => HandOver::NotNow("no print folder is set".to_owned()),
        };
        Outcome { batch: job.batch, hand_over }
    })
}

fn finish<'a>(tx: &'a mut Tx, outcomes: &'a [Outcome]) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let again = tx.now() + TRY_AGAIN_AFTER;
        for Outcome { batch, hand_over } in outcomes {
            let id = batch.batch_id;
            match hand_over {
                HandOver::Taken => taken(tx, batch).await?,
                HandOver::Refused(reason) | HandOver::NotNow(reason) => {
                    tracing::warn!(reason, "a print batch is not handed over; trying again");
                    // What an earlier try may have left there stays begun and is finished.
                    if batch.state == "sealed" {
                        batch::set_not_begun(tx.conn(), id).await?;
                    }
                    tx.mark_due(QUEUE, &[id], again).await?;
                }
                // The folder bears repetition: again, until it is there for certain.
                HandOver::Unknown(reason) => {
                    tracing::warn!(
                        reason,
                        "a print batch may be incomplete; handing it over again"
                    );
                    tx.mark_due(QUEUE, &[id], again).await?;
                }
            }
        }
        Ok(())
    })
}

async fn taken(tx: &mut Tx, batch: &Batch) -> anyhow::Result<()> {
    let mut letters = letter::lock_of_batches(tx.conn(), &[batch.batch_id]).await?;
    letters.retain(|letter| letter.state == duly_domain::LetterState::Sending);
    letters.sort_by(|a, b| (&a.reference, &a.recipient).cmp(&(&b.reference, &b.recipient)));
    let left: Vec<(&Letter, String)> =
        letters.iter().map(|letter| (letter, file_name(letter))).collect();
    conclude_letters::left(tx, &left, batch.mailing_on, Certainty::Known, "").await?;
    let at = tx.now();
    batch::set_handed_over(tx.conn(), batch.batch_id, at).await?;
    tracing::info!(letters = left.len(), "a print batch was handed over");
    Ok(())
}
