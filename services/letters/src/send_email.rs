//! Sending a letter by e-mail, at most once: a row says `sending` before the mail server is called. Found
//! so again after a crash, the message may have left: it is recorded as unknown, counted as sent, and
//! never sent again.

use std::collections::BTreeMap;

use duly_domain::{Certainty, Id, LetterState, id};
use duly_platform::{BoxFuture, DueItem, Host, OutsideWork, Tx};
use uuid::Uuid;

use crate::{
    carrier::{Carrier as _, Consignment, HandOver, TRY_AGAIN_AFTER},
    conclude_letters, hand_over_print,
    seal_batches::why_not,
    settings::Settings,
    store::{
        batch,
        dispatch::{self, State},
        letter::{self, Letter},
    },
};

/// Keys: letters.
pub(crate) const QUEUE: &str = "send_email";

/// Messages sent together.
const SET: u16 = 8;

/// One message to send.
struct Job {
    letter: Uuid,
    consignment: Consignment,
}

/// The queue's worker.
pub(crate) fn work() -> OutsideWork {
    OutsideWork::new(QUEUE, begin, perform, finish).in_sets_of(SET)
}

fn begin<'a>(tx: &'a mut Tx, due: &'a [DueItem]) -> BoxFuture<'a, anyhow::Result<Vec<Job>>> {
    Box::pin(async move {
        let keys: Vec<Uuid> = due.iter().map(|item| item.key).collect();
        let mut letters = letter::lock(tx.conn(), &keys).await?;
        letters.retain(|letter| letter.state == LetterState::Sending);
        letters.sort_by(|a, b| (&a.reference, &a.recipient).cmp(&(&b.reference, &b.recipient)));
        let states = dispatch::states(tx.conn(), &keys).await?;
        let host = tx.host().clone();
        let smtp = Settings::of(&host).smtp(&host);
        let repeats = smtp.as_ref().is_some_and(|smtp| smtp.promise().bears_repetition());
        let is_cut_off =
            |letter: &&Letter| states.get(&letter.letter_id) == Some(&State::Sending) && !repeats;
        let (cut_off, fresh): (Vec<&Letter>, Vec<&Letter>) = letters.iter().partition(is_cut_off);
        for letter in &cut_off {
            unknown(tx, letter, "its sending was cut off").await?;
        }
        let waited = waited(tx, &fresh, &states).await?;
        let why = why_not(tx, &waited).await?;
        let stays: Vec<(&Letter, String)> = waited
            .iter()
            .filter_map(|letter| Some((*letter, why.get(&letter.letter_id)?.clone())))
            .collect();
        conclude_letters::expired(tx, &stays).await?;
        let leaving: Vec<&Letter> =
            fresh.iter().copied().filter(|letter| !why.contains_key(&letter.letter_id)).collect();
        close_batches(tx, &letters).await?;
        if smtp.is_none() {
            return wait_for_server(tx, &leaving).await;
        }
        let ids: Vec<Uuid> = leaving.iter().map(|letter| letter.letter_id).collect();
        let clients: Vec<Uuid> = leaving.iter().map(|letter| letter.client_id).collect();
        dispatch::begin(tx.conn(), &ids, &clients).await?;
        let mut jobs = Vec::with_capacity(leaving.len());
        for letter in leaving {
            let piece = hand_over_print::piece(tx, letter).await?;
            let attempt = letter.attempt_id.map(Id::<id::Attempt>::from_uuid);
            let name = attempt.map_or_else(|| piece.letter_id.clone(), |id| id.to_string());
            let consignment = Consignment { name, at: tx.now(), pieces: vec![piece] };
            jobs.push(Job { letter: letter.letter_id, consignment });
        }
        Ok(jobs)
    })
}

/// Those that are not sent at the instant of their sealing: they are looked at once more.
async fn waited<'l>(
    tx: &mut Tx,
    fresh: &[&'l Letter],
    states: &BTreeMap<Uuid, State>,
) -> sqlx::Result<Vec<&'l Letter>> {
    let now = tx.now();
    let batches: Vec<Uuid> = fresh.iter().filter_map(|letter| letter.batch_id).collect();
    let sealed_now: Vec<Uuid> = batch::lock(tx.conn(), &batches)
        .await?
        .into_iter()
        .filter(|batch| batch.sealed_at == now)
        .map(|batch| batch.batch_id)
        .collect();
    let first = |letter: &Letter| {
        letter.batch_id.is_some_and(|batch| sealed_now.contains(&batch))
            && !states.contains_key(&letter.letter_id)
    };
    Ok(fresh.iter().copied().filter(|letter| !first(letter)).collect())
}

async fn wait_for_server(tx: &mut Tx, letters: &[&Letter]) -> anyhow::Result<Vec<Job>> {
    if !letters.is_empty() {
        let ids: Vec<Uuid> = letters.iter().map(|letter| letter.letter_id).collect();
        tracing::warn!(letters = ids.len(), "e-mail waits: set services.letters.smtp_url");
        let at = tx.next_tick();
        tx.mark_due(QUEUE, &ids, at).await?;
    }
    Ok(Vec::new())
}

/// What came of one message.
struct Outcome {
    letter: Uuid,
    hand_over: HandOver,
}

fn perform(host: Host, job: Job) -> BoxFuture<'static, Outcome> {
    Box::pin(async move {
        let hand_over = match Settings::of(&host).smtp(&host) {
            Some(smtp) => smtp.hand_over(&job.consignment).await,
            None => HandOver::NotNow("no mail server is set".to_owned()),
        };
        Outcome { letter: job.letter, hand_over }
    })
}

fn finish<'a>(tx: &'a mut Tx, outcomes: &'a [Outcome]) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let ids: Vec<Uuid> = outcomes.iter().map(|outcome| outcome.letter).collect();
        let letters = letter::lock(tx.conn(), &ids).await?;
        let (today, again) = (tx.today(), tx.now() + TRY_AGAIN_AFTER);
        // In the order in which they were begun.
        for Outcome { letter: id, hand_over } in outcomes {
            let letter = letters.iter().find(|letter| letter.letter_id == *id);
            let Some(letter) = letter.filter(|letter| letter.state == LetterState::Sending) else {
                continue;
            };
            match hand_over {
                HandOver::Taken => {
                    dispatch::conclude(tx.conn(), *id, State::Sent, "").await?;
                    let left = [(letter, String::new())];
                    conclude_letters::left(tx, &left, today, Certainty::Known, "").await?;
                }
                HandOver::Refused(reason) => {
                    dispatch::conclude(tx.conn(), *id, State::Refused, reason).await?;
                    conclude_letters::expired(tx, &[(letter, reason.clone())]).await?;
                }
                HandOver::NotNow(reason) => {
                    tracing::warn!(reason, "a message was not taken; trying again");
                    dispatch::conclude(tx.conn(), *id, State::Again, reason).await?;
                    tx.mark_due(QUEUE, &[*id], again).await?;
                }
                HandOver::Unknown(reason) => unknown(tx, letter, reason).await?,
            }
        }
        close_batches(tx, &letters).await
    })
}

/// It may have left: it counts, and is listed.
async fn unknown(tx: &mut Tx, letter: &Letter, reason: &str) -> anyhow::Result<()> {
    let (today, id) = (tx.today(), letter.letter_id);
    tracing::warn!(
        letter.id = %Id::<id::Letter>::from_uuid(id),
        reason,
        "it is not known whether a message left"
    );
    dispatch::conclude(tx.conn(), id, State::Unknown, reason).await?;
    let left = [(letter, String::new())];
    conclude_letters::left(tx, &left, today, Certainty::Unknown, reason).await?;
    Ok(())
}

async fn close_batches(tx: &mut Tx, letters: &[Letter]) -> anyhow::Result<()> {
    let now = tx.now();
    let mut batches: Vec<Uuid> = letters.iter().filter_map(|letter| letter.batch_id).collect();
    batches.sort_unstable();
    batches.dedup();
    Ok(batch::close_done(tx.conn(), &batches, now).await?)
}
