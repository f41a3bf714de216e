//! Sending texts through the agency's gateway. A row says `sending` before the gateway is called, under
//! the lock on the person and only if the guard permits it at that instant. Found so again after a crash,
//! the text may have left: where the gateway takes an idempotency key once it is posted again under the
//! same key, else it is recorded as unknown, counted, and never posted again.

use chrono::TimeDelta;
use duly_domain::{AttemptId, AttemptState, DecisionId, Disposition, Verdict};
use duly_platform::{BoxFuture, DueItem, Host, OutsideWork, Tx};
use uuid::Uuid;

use crate::{
    conclude_attempt::ended,
    config::Config,
    error::Result,
    guard::{self, People},
    propose_text::NO_PORT,
    release,
    store::{
        attempt::{self, Attempt},
        decision, person,
        text_message::{self, Open, Progress},
    },
    text_gateway::{HandOver, Post},
    text_words::compose,
    wire as to_wire,
};

/// Keys: attempts.
pub(crate) const QUEUE: &str = "send_text";

/// Texts posted together.
const SET: u16 = 16;

/// How long a gateway that could not take a text is left alone, in business time. No tick: handing over what
/// is authorised is no decision.
const TRY_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

/// One text to post.
struct Job {
    attempt: Uuid,
    decision: Uuid,
    to: String,
    body: String,
    requires: Vec<String>,
    /// A posting before this one was cut off or not answered: it may have left then.
    again: bool,
}

/// What came of one posting.
struct Outcome {
    attempt: Uuid,
    hand_over: HandOver,
    again: bool,
}

/// What becomes of a text that is due.
enum Gate {
    Leaves(Job),
    Stays(String),
    /// It is not posted again, and may have left.
    Unknown(String),
}

/// The queue's worker.
pub(crate) fn work() -> OutsideWork {
    OutsideWork::new(QUEUE, begin, perform, finish).in_sets_of(SET)
}

/// Why a text is not written.
pub(crate) fn no_line_for(code: &str) -> String {
    format!("a text would have to carry {code}, for which there is no line of words")
}

fn begin<'a>(tx: &'a mut Tx, due: &'a [DueItem]) -> BoxFuture<'a, anyhow::Result<Vec<Job>>> {
    Box::pin(async move {
        let keys: Vec<Uuid> = due.iter().map(|item| item.key).collect();
        let attempts = locked(tx, &keys).await?;
        let open = text_message::open(tx.conn(), &keys).await?;
        let parties: Vec<Uuid> = attempts.iter().map(|attempt| attempt.party).collect();
        let people = guard::load(tx, &parties).await?;
        let mut jobs = Vec::new();
        for text in open {
            let found = attempts.iter().find(|attempt| attempt.id == text.attempt);
            let Some(attempt) = found.filter(|found| found.state == AttemptState::Authorized)
            else {
                continue;
            };
            match gate(tx, &people, attempt, &text).await? {
                Gate::Leaves(job) => {
                    let now = tx.now();
                    text_message::begin(tx.conn(), job.attempt, &job.body, now).await?;
                    jobs.push(job);
                }
                Gate::Stays(why) => {
                    conclude(tx, attempt, Disposition::NotMade, &why, "").await?;
                }
                Gate::Unknown(why) => {
                    conclude(tx, attempt, Disposition::Unknown, &why, "").await?;
                }
            }
        }
        Ok(jobs)
    })
}

/// These attempts, under the locks on their persons.
async fn locked(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Attempt>> {
    let seen = attempt::of_ids(tx.conn(), ids).await?;
    let parties: Vec<Uuid> = seen.iter().map(|attempt| attempt.party).collect();
    person::lock(tx.conn(), &parties).await?;
    attempt::of_ids(tx.conn(), ids).await
}

/// Whether it leaves now: in its time, through a gateway, by the guard, with all that it must carry.
async fn gate(tx: &mut Tx, people: &People, attempt: &Attempt, text: &Open) -> Result<Gate> {
    let host = tx.host().clone();
    let config: &Config = host.state();
    let stays = |why: String| if text.sending { Gate::Unknown(why) } else { Gate::Stays(why) };
    if text.sending && !config.text_keyed() {
        return Ok(Gate::Unknown("its sending was cut off".to_owned()));
    }
    let now = tx.now();
    if attempt.valid_until.is_none_or(|until| until <= now) {
        return Ok(stays("it could not be sent in its time".to_owned()));
    }
    if config.text_gateway().is_none() {
        return Ok(stays(NO_PORT.to_owned()));
    }
    let (Some(person), Some(to), Some(decided)) =
        (people.person(attempt.party), attempt.target.clone(), attempt.decision)
    else {
        return Ok(stays("nobody is known at this number any more".to_owned()));
    };
    let judged = person.judge_leaving(attempt, now);
    let said = judged.explain(now);
    if said.verdict != Verdict::Allow {
        let why = said.reasons.first().map(|reason| reason.sentence.clone()).unwrap_or_default();
        let refused = release::keep(tx, attempt, person, &judged, said)?;
        decision::insert(tx.conn(), &[refused]).await?;
        return Ok(stays(why));
    }
    let requires: Vec<String> = said.requires.iter().map(ToString::to_string).collect();
    let body = compose(host.agency(), &text.words, requires.iter().map(String::as_str));
    Ok(match body {
        Err(code) => stays(no_line_for(code)),
        Ok(body) => Gate::Leaves(Job {
            attempt: attempt.id,
            decision: decided,
            to,
            body,
            requires,
            again: text.sending,
        }),
    })
}

fn perform(host: Host, job: Job) -> BoxFuture<'static, Outcome> {
    Box::pin(async move {
        let hand_over = match host.state::<Config>().text_gateway() {
            None => HandOver::NotNow(NO_PORT.to_owned()),
            Some(gateway) => {
                let post = Post {
                    attempt_id: &AttemptId::from_uuid(job.attempt).to_string(),
                    decision_id: &DecisionId::from_uuid(job.decision).to_string(),
                    to: &job.to,
                    text: &job.body,
                    requires: &job.requires,
                };
                gateway.hand_over(&post).await
            }
        };
        Outcome { attempt: job.attempt, hand_over, again: job.again }
    })
}

fn finish<'a>(tx: &'a mut Tx, outcomes: &'a [Outcome]) -> BoxFuture<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let ids: Vec<Uuid> = outcomes.iter().map(|outcome| outcome.attempt).collect();
        let attempts = locked(tx, &ids).await?;
        let keyed = tx.host().state::<Config>().text_keyed();
        let later = tx.now() + TRY_AGAIN_AFTER;
        // In the order in which they were begun.
        for Outcome { attempt: id, hand_over, again } in outcomes {
            let attempt = attempts.iter().find(|attempt| attempt.id == *id);
            let Some(attempt) = attempt.filter(|found| found.state == AttemptState::Authorized)
            else {
                continue;
            };
            match hand_over {
                HandOver::Taken(name) => {
                    conclude(tx, attempt, Disposition::Sent, "", name).await?;
                }
                HandOver::Refused(why) if *again => {
                    conclude(tx, attempt, Disposition::Unknown, why, "").await?;
                }
                HandOver::Refused(why) => {
                    conclude(tx, attempt, Disposition::NotMade, why, "").await?;
                }
                HandOver::NotNow(why) => {
                    tracing::warn!(why, "a text was not taken; trying again");
                    if !*again {
                        text_message::advance(tx.conn(), *id, Progress::Waiting, "").await?;
                    }
                    tx.mark_due(QUEUE, &[*id], later).await?;
                }
                HandOver::Unknown(why) if keyed => {
                    tracing::warn!(why, "it is not known whether a text left; posting it again");
                    tx.mark_due(QUEUE, &[*id], later).await?;
                }
                HandOver::Unknown(why) => {
                    conclude(tx, attempt, Disposition::Unknown, why, "").await?;
                }
            }
        }
        Ok(())
    })
}

/// Records what came of it.
async fn conclude(
    tx: &mut Tx,
    attempt: &Attempt,
    disposition: Disposition,
    why: &str,
    gateway_ref: &str,
) -> Result<()> {
    let progress = match disposition {
        Disposition::Sent => Progress::Sent,
        Disposition::Unknown => Progress::Unknown,
        _ => Progress::Refused,
    };
    let mut ended = ended(attempt.clone(), disposition, tx.now());
    if ended.why.is_empty() {
        why.clone_into(&mut ended.why);
    }
    attempt::concluded(tx.conn(), std::slice::from_ref(&ended)).await?;
    text_message::advance(tx.conn(), attempt.id, progress, gateway_ref).await?;
    to_wire::tell_concluded(tx, &ended);
    Ok(())
}
