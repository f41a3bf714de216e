//! A provider's answers come in.

use duly_domain::{SearchKind, SearchState};
use duly_platform::Tx;
use duly_proto::skiptrace::v1 as wire;
use sqlx::types::Uuid;

use crate::{
    Config,
    decide_searches::{give_back, refuse},
    error::{Result, SkiptraceError},
    model::{Refusal, Search},
    result_file::{self, Answer, BadLine, Found, ResultFile},
    store::{
        finding,
        search::{self, Cost},
    },
    tell,
};

/// Longest file name taken, in bytes.
const NAME_BYTES_MAX: usize = 255;

/// A file of answers.
pub(crate) struct ImportResults {
    provider: String,
    content: Vec<u8>,
}

impl TryFrom<wire::ImportResultsRequest> for ImportResults {
    type Error = SkiptraceError;

    fn try_from(request: wire::ImportResultsRequest) -> Result<Self> {
        if request.file_name.len() > NAME_BYTES_MAX {
            let reason = format!("is longer than {NAME_BYTES_MAX} bytes");
            return Err(SkiptraceError::field("file_name", reason));
        }
        Ok(Self { provider: request.provider, content: request.content })
    }
}

/// What one answer comes to.
enum Outcome<'a> {
    Answered(&'a [Found]),
    Failed,
    Repeated,
    Bad(&'static str),
}

/// Records the answers that can be read, and lists the lines that cannot.
pub(crate) async fn import_results(
    tx: &mut Tx,
    command: &ImportResults,
) -> Result<wire::ImportResultsResponse> {
    let known = &tx.host().state::<Config>().provider;
    if command.provider != *known {
        let reason = format!("is none that we ask; this agency asks {known}");
        return Err(SkiptraceError::field("provider", reason));
    }
    let file = result_file::read(&command.content, tx.today());
    let ResultFile { lines, answers, mut bad } =
        file.map_err(|reason| SkiptraceError::field("content", reason))?;
    let references: Vec<String> = answers.keys().cloned().collect();
    let searches = search::by_reference(tx.conn(), &command.provider, &references).await?;
    let (mut answered, mut failed, mut repeated) = (Vec::new(), Vec::new(), 0);
    for (reference, (answer, numbers)) in &answers {
        let search = searches.iter().find(|s| s.reference.as_ref() == Some(reference));
        match outcome(search, answer) {
            (Some(search), Outcome::Answered(found)) => answered.push((search, found)),
            (Some(search), Outcome::Failed) => failed.push((search, Refusal::ProviderFailed)),
            (_, Outcome::Repeated) => repeated += numbers.len(),
            (_, Outcome::Bad(reason)) => bad.extend(numbers.iter().map(|line| BadLine {
                line: *line,
                field: "reference".to_owned(),
                reason: reason.to_owned(),
            })),
            (None, Outcome::Answered(_) | Outcome::Failed) => {
                unreachable!("an answer is taken only of a search that is known")
            }
        }
    }
    record(tx, &answered, &failed).await?;
    bad.sort_by_key(|bad| bad.line);
    Ok(wire::ImportResultsResponse {
        lines,
        answered: i64::try_from(answered.len() + failed.len()).unwrap_or(i64::MAX),
        repeated_lines: i64::try_from(repeated).unwrap_or(i64::MAX),
        bad_lines: bad.into_iter().map(bad_line).collect(),
    })
}

fn outcome<'s, 'a>(
    search: Option<&'s Search>,
    answer: &'a Answer,
) -> (Option<&'s Search>, Outcome<'a>) {
    let Some(found) = search else { return (None, Outcome::Bad("names no search of ours")) };
    let expired = found.refusal.as_deref() == Some(Refusal::Expired.code());
    let is_open = match found.state {
        SearchState::Queued | SearchState::Asked => true,
        // Late, and still what the agency must know.
        SearchState::Refused => expired && found.asked_at.is_some(),
        SearchState::Answered => false,
    };
    let outcome = match answer {
        _ if !is_open && found.asked_at.is_none() => {
            Outcome::Bad("names a search that was never asked")
        }
        _ if !is_open => Outcome::Repeated,
        Answer::Failed => Outcome::Failed,
        Answer::Found(all) if all.iter().any(|one| one.of() != found.kind) => match found.kind {
            SearchKind::Scrub => {
                Outcome::Bad("names a scrub, which finds no phone, email or address")
            }
            SearchKind::Trace => {
                Outcome::Bad("names a trace, which finds no bankruptcy, death or service")
            }
        },
        Answer::Found(all) => Outcome::Answered(all),
    };
    (search, outcome)
}

async fn record(
    tx: &mut Tx,
    answered: &[(&Search, &[Found])],
    failed: &[(&Search, Refusal)],
) -> Result<()> {
    let now = tx.now();
    let ids: Vec<Uuid> = answered.iter().map(|(search, _)| search.id).collect();
    search::answered(tx.conn(), &ids, now).await?;
    finding::insert(tx.conn(), answered, now).await?;
    for (search, found) in answered {
        tell::completed(tx, search, found);
    }
    give_back(tx, failed.iter().map(|(search, _)| *search)).await?;
    Ok(refuse(tx, failed, Cost::GivenBack).await?)
}

fn bad_line(BadLine { line, field, reason }: BadLine) -> wire::BadLine {
    wire::BadLine { line: i64::try_from(line).unwrap_or(i64::MAX), field, reason }
}
