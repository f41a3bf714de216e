//! Answers to treatments, by whoever carries them out: letters by letters, calls by contact, searches by
//! skiptrace; a refusal of the guard by contact for both of its channels.

use duly_domain::{Channel, Disposition, HitKind, Instant};
use duly_platform::{BoxFuture, Tx};
use duly_proto::{
    Event as _,
    common::v1::EventMeta,
    contact::v1::{self as contact, event::Fact as Contact},
    convert::{self, Misfit},
    letters::v1::{self as letters, event::Fact as Letters},
    skiptrace::v1::{self as skiptrace, event::Fact as Skiptrace, found_point::Point},
};
use duly_strategy::Answer;
use uuid::Uuid;

use super::{
    account, client, mark_accounts, mark_parties, opening, party, read, treatment_opt, wrong_kind,
};
use crate::store::fact::{self, AnswerFact, AuthorizedFact, FindingFact, NoticeFact};

type Handled<'a> = BoxFuture<'a, anyhow::Result<()>>;

/// Longest text that is kept of what came with an answer, in characters.
const DETAIL_MAX: usize = 500;

/// Keeps answers and marks their accounts.
async fn keep(tx: &mut Tx, answers: Vec<Option<AnswerFact>>) -> anyhow::Result<()> {
    let answers: Vec<AnswerFact> = answers.into_iter().flatten().collect();
    fact::keep_answers(tx.conn(), &answers).await?;
    let accounts: Vec<Uuid> = answers.iter().map(|answer| answer.account).collect();
    mark_accounts(tx, &accounts).await
}

/// An answer as its event tells it; none where nobody's treatment is answered.
fn answered(
    meta: &EventMeta,
    treatment: &str,
    account_id: &str,
    answer: Answer,
    detail: &str,
) -> Result<Option<AnswerFact>, Misfit> {
    let account = account(account_id)?;
    let Some(treatment) = treatment_opt(treatment)? else { return Ok(None) };
    Ok(Some(AnswerFact {
        treatment,
        answer: answer.as_str(),
        account,
        client: client(meta)?,
        at: occurred_at(meta)?,
        detail: detail.chars().take(DETAIL_MAX).collect(),
    }))
}

pub(super) fn occurred_at(meta: &EventMeta) -> Result<Instant, Misfit> {
    convert::instant("meta.occurred_at", meta.occurred_at.as_ref())
}

pub(super) fn attempt_authorized<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let permitted = read(events, |event| {
            let Some(Contact::AttemptAuthorized(fact)) = &event.fact else {
                return Err(wrong_kind());
            };
            let account = account(&fact.account_id)?;
            let Some(treatment) = treatment_opt(&fact.treatment_id)? else { return Ok(None) };
            Ok(Some(AuthorizedFact {
                treatment,
                account,
                client: client(event.meta())?,
                authorized_at: convert::instant("authorized_at", fact.authorized_at.as_ref())?,
                valid_until: convert::instant("valid_until", fact.valid_until.as_ref())?,
            }))
        })?;
        let permitted: Vec<AuthorizedFact> = permitted.into_iter().flatten().collect();
        fact::keep_authorized(tx.conn(), &permitted).await?;
        let accounts: Vec<Uuid> = permitted.iter().map(|fact| fact.account).collect();
        mark_accounts(tx, &accounts).await
    })
}

pub(super) fn attempt_concluded<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let answers = read(events, |event| {
            let Some(Contact::AttemptConcluded(fact)) = &event.fact else {
                return Err(wrong_kind());
            };
            let disposition = Disposition::try_from(fact.disposition())?;
            match Channel::try_from(fact.channel())? {
                // What became of a letter, letters tells.
                Channel::Mail | Channel::Email | Channel::Text => return Ok(None),
                Channel::Call => {}
            }
            let answer = match disposition {
                Disposition::Reached | Disposition::Sent => Answer::Reached,
                Disposition::ThirdParty
                | Disposition::NoAnswer
                | Disposition::Busy
                | Disposition::Voicemail
                | Disposition::NotInService
                | Disposition::WrongNumber => Answer::NotReached,
                Disposition::NotMade => Answer::NotMade,
                Disposition::Unknown => Answer::Unknown,
            };
            let detail = disposition.as_str();
            answered(event.meta(), &fact.treatment_id, &fact.account_id, answer, detail)
        })?;
        keep(tx, answers).await
    })
}

pub(super) fn treatment_refused<'a>(tx: &'a mut Tx, events: &'a [contact::Event]) -> Handled<'a> {
    Box::pin(async move {
        let answers = read(events, |event| {
            let Some(Contact::TreatmentRefused(fact)) = &event.fact else {
                return Err(wrong_kind());
            };
            let reasons: Vec<&str> =
                fact.reasons.iter().map(|reason| reason.sentence.as_str()).collect();
            let detail = reasons.join("; ");
            answered(event.meta(), &fact.treatment_id, &fact.account_id, Answer::Refused, &detail)
        })?;
        keep(tx, answers).await
    })
}

pub(super) fn letter_refused<'a>(tx: &'a mut Tx, events: &'a [letters::Event]) -> Handled<'a> {
    Box::pin(async move {
        let answers = read(events, |event| {
            let Some(Letters::LetterRefused(fact)) = &event.fact else { return Err(wrong_kind()) };
            let detail = if fact.reason.is_empty() {
                format!("missing: {}", fact.missing.join(", "))
            } else {
                fact.reason.clone()
            };
            // Nothing is missing: what it was for has ended, as with a letter that expires.
            let answer =
                if fact.missing.is_empty() { Answer::Expired } else { Answer::LetterRefused };
            answered(event.meta(), &fact.treatment_id, &fact.account_id, answer, &detail)
        })?;
        keep(tx, answers).await
    })
}

pub(super) fn letter_mailed<'a>(tx: &'a mut Tx, events: &'a [letters::Event]) -> Handled<'a> {
    Box::pin(async move {
        let mailed = read(events, |event| {
            let Some(Letters::LetterMailed(fact)) = &event.fact else { return Err(wrong_kind()) };
            let answer = match duly_domain::Certainty::try_from(fact.certainty())? {
                duly_domain::Certainty::Known => Answer::Mailed,
                duly_domain::Certainty::Unknown => Answer::Unknown,
            };
            let period_end =
                convert::date_opt("validation_period_end", fact.validation_period_end.as_ref())?;
            let notice = match period_end {
                None => None,
                Some(period_end) => Some(NoticeFact {
                    letter: convert::id::<duly_domain::id::Letter>("letter_id", &fact.letter_id)?
                        .uuid(),
                    account: account(&fact.account_id)?,
                    opening: opening(fact.opening),
                    client: client(event.meta())?,
                    party: party(&fact.party_id)?,
                    period_end,
                }),
            };
            let answer = answered(event.meta(), &fact.treatment_id, &fact.account_id, answer, "")?;
            Ok((answer, notice))
        })?;
        let (answers, notices): (Vec<_>, Vec<_>) = mailed.into_iter().unzip();
        let notices: Vec<NoticeFact> = notices.into_iter().flatten().collect();
        fact::keep_notices(tx.conn(), &notices).await?;
        keep(tx, answers).await
    })
}

pub(super) fn letter_expired<'a>(tx: &'a mut Tx, events: &'a [letters::Event]) -> Handled<'a> {
    Box::pin(async move {
        let answers = read(events, |event| {
            let Some(Letters::LetterExpired(fact)) = &event.fact else { return Err(wrong_kind()) };
            let (treatment, account) = (&fact.treatment_id, &fact.account_id);
            answered(event.meta(), treatment, account, Answer::Expired, &fact.reason)
        })?;
        keep(tx, answers).await
    })
}

pub(super) fn letter_returned<'a>(tx: &'a mut Tx, events: &'a [letters::Event]) -> Handled<'a> {
    Box::pin(async move {
        let answers = read(events, |event| {
            let Some(Letters::LetterReturned(fact)) = &event.fact else { return Err(wrong_kind()) };
            let reason = duly_domain::ReturnReason::try_from(fact.reason())?;
            let (treatment, account) = (&fact.treatment_id, &fact.account_id);
            answered(event.meta(), treatment, account, Answer::Returned, reason.as_str())
        })?;
        keep(tx, answers).await
    })
}

pub(super) fn scrub_completed<'a>(tx: &'a mut Tx, events: &'a [skiptrace::Event]) -> Handled<'a> {
    Box::pin(async move {
        let completed = read(events, |event| {
            let Some(Skiptrace::ScrubCompleted(fact)) = &event.fact else {
                return Err(wrong_kind());
            };
            let of = Of::read(event.meta(), &fact.account_id, &fact.party_id)?;
            let findings = fact.hits.iter().map(|hit| {
                let kind = HitKind::try_from(hit.kind())?;
                Ok(of.found(kind.as_str(), hit.chapter))
            });
            let findings: Vec<FindingFact> = findings.collect::<Result<_, Misfit>>()?;
            let answer = if findings.is_empty() { Answer::Clear } else { Answer::Hit };
            let detail = findings.iter().map(|found| found.kind).collect::<Vec<_>>().join(", ");
            let answer =
                answered(event.meta(), &fact.treatment_id, &fact.account_id, answer, &detail)?;
            Ok((answer, findings))
        })?;
        keep_searched(tx, completed).await
    })
}

pub(super) fn trace_completed<'a>(tx: &'a mut Tx, events: &'a [skiptrace::Event]) -> Handled<'a> {
    Box::pin(async move {
        let completed = read(events, |event| {
            let Some(Skiptrace::TraceCompleted(fact)) = &event.fact else {
                return Err(wrong_kind());
            };
            let of = Of::read(event.meta(), &fact.account_id, &fact.party_id)?;
            let kinds = fact.points.iter().filter_map(|found| {
                Some(match found.point.as_ref()? {
                    Point::Phone(_) => "phone",
                    Point::Email(_) => "email",
                    Point::Address(_) => "address",
                })
            });
            let findings: Vec<FindingFact> = kinds.map(|kind| of.found(kind, 0)).collect();
            let answer = if findings.is_empty() { Answer::NothingFound } else { Answer::Found };
            let answer = answered(event.meta(), &fact.treatment_id, &fact.account_id, answer, "")?;
            Ok((answer, findings))
        })?;
        keep_searched(tx, completed).await
    })
}

pub(super) fn trace_refused<'a>(tx: &'a mut Tx, events: &'a [skiptrace::Event]) -> Handled<'a> {
    Box::pin(async move {
        let answers = read(events, |event| {
            let Some(Skiptrace::TraceRefused(fact)) = &event.fact else { return Err(wrong_kind()) };
            let detail = if fact.reason.is_empty() { &fact.code } else { &fact.reason };
            let answer = Answer::SearchRefused;
            answered(event.meta(), &fact.treatment_id, &fact.account_id, answer, detail)
        })?;
        keep(tx, answers).await
    })
}

/// Whom a search was about.
struct Of {
    account: Uuid,
    party: Uuid,
    client: Option<Uuid>,
}

impl Of {
    fn read(meta: &EventMeta, account_id: &str, party_id: &str) -> Result<Self, Misfit> {
        Ok(Self { account: account(account_id)?, party: party(party_id)?, client: client(meta)? })
    }

    fn found(&self, kind: &'static str, chapter: i32) -> FindingFact {
        FindingFact { party: self.party, kind, account: self.account, client: self.client, chapter }
    }
}

async fn keep_searched(
    tx: &mut Tx,
    completed: Vec<(Option<AnswerFact>, Vec<FindingFact>)>,
) -> anyhow::Result<()> {
    let (answers, findings): (Vec<_>, Vec<_>) = completed.into_iter().unzip();
    let findings: Vec<FindingFact> = findings.into_iter().flatten().collect();
    fact::keep_findings(tx.conn(), &findings).await?;
    let parties: Vec<Uuid> = findings.iter().map(|found| found.party).collect();
    mark_parties(tx, &parties).await?;
    keep(tx, answers).await
}
