//! Handing files of searches to the provider: the work with an effect outside. A file is named by its
//! content; a hand-over that was cut off writes the same file again.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use duly_platform::{BoxFuture, DueItem, Host, Tx, files};
use sqlx::types::Uuid;

use crate::{
    Config,
    decide_searches::{Facts, give_back, keys, refuse},
    error::{Result, SkiptraceError},
    judge::Judged,
    request_file::{Asked, render},
    store::{
        file::{self, File},
        search::{self, Cost},
    },
};

/// The queue of hand-overs; its keys are files.
pub(crate) const QUEUE: &str = "ask_provider";

/// Folder of our files in the provider's.
const REQUESTS: &str = "requests";

/// A file to be written.
pub(crate) struct Job {
    file: Uuid,
    folder: PathBuf,
    name: String,
    content: Vec<u8>,
}

/// What came of it.
pub(crate) struct Written {
    file: Uuid,
    done: io::Result<()>,
}

/// Fixes the bytes of each file that has none yet; a search that became pointless since it was decided
/// is taken out.
pub(crate) async fn begin(tx: &mut Tx, items: &[DueItem]) -> Result<Vec<Job>> {
    let files = file::open(tx.conn(), &keys(items)).await?;
    let Some(dir) = tx.host().state::<Config>().provider_dir.clone() else {
        let waiting: Vec<Uuid> = files
            .iter()
            .map(|file| match file {
                File::Planned(id) | File::Begun { id, .. } => *id,
            })
            .collect();
        if !waiting.is_empty() {
            tracing::warn!(
                files = waiting.len(),
                "searches wait: set services.skiptrace.provider_dir to the provider's folder"
            );
            let tomorrow = tx.tick_at_or_after(tx.now() + TimeDelta::days(1));
            tx.mark_due(QUEUE, &waiting, tomorrow).await?;
        }
        return Ok(Vec::new());
    };
    let folder = dir.join(REQUESTS);
    let mut jobs = Vec::with_capacity(files.len());
    for file in files {
        let job = match file {
            File::Begun { id, name, content } => Some((id, name, content)),
            File::Planned(id) => fix(tx, id).await?.map(|(name, content)| (id, name, content)),
        };
        jobs.extend(job.map(|(file, name, content)| Job {
            file,
            folder: folder.clone(),
            name,
            content,
        }));
    }
    Ok(jobs)
}

async fn fix(tx: &mut Tx, file: Uuid) -> Result<Option<(String, Vec<u8>)>> {
    let now = tx.now();
    let searches = search::queued_of_file(tx.conn(), file).await?;
    let facts = Facts::load(tx, &searches).await?;
    let (mut asked, mut refused) = (Vec::new(), Vec::new());
    for search in &searches {
        match (facts.judge(search, now), &search.reference) {
            (Judged::Allowed(party), Some(reference)) => {
                asked.push(Asked { reference, kind: search.kind, party });
            }
            (Judged::Refused(why), _) => refused.push((search, why)),
            // Decided on an account that is known, and named then: neither is undone.
            (Judged::Waits | Judged::Allowed(_), _) => {
                return Err(SkiptraceError::Corrupt { table: "search", id: search.id });
            }
        }
    }
    give_back(tx, refused.iter().map(|(search, _)| *search)).await?;
    refuse(tx, &refused, Cost::GivenBack).await?;
    if asked.is_empty() {
        file::drop(tx.conn(), file).await?;
        return Ok(None);
    }
    let (name, content) = render(&asked).expect("writing into memory does not fail");
    file::begin(tx.conn(), file, &name, &content).await?;
    Ok(Some((name, content)))
}

/// Writes one file beside its place and renames it into it.
pub(crate) fn perform(_: Host, job: Job) -> BoxFuture<'static, Written> {
    Box::pin(async move {
        let file = job.file;
        let done = tokio::task::spawn_blocking(move || put(&job.folder, &job.name, &job.content));
        let done = done.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        Written { file, done }
    })
}

fn put(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    files::place(folder, name, content)?;
    files::sync_dir(folder)
}

/// Records what the provider has. What could not be written is tried again at the next tick.
pub(crate) async fn finish(tx: &mut Tx, written: &[Written]) -> Result<()> {
    let now = tx.now();
    let (mut done, mut again) = (Vec::new(), Vec::new());
    for Written { file, done: outcome } in written {
        match outcome {
            Ok(()) => done.push(*file),
            Err(error) => {
                tracing::error!(
                    %error,
                    "a file of searches cannot be written to services.skiptrace.provider_dir; it \
                     is tried again at the next tick"
                );
                again.push(*file);
            }
        }
    }
    search::asked(tx.conn(), &done, now).await?;
    file::handed_over(tx.conn(), &done, now).await?;
    let next = tx.next_tick();
    tx.mark_due(QUEUE, &again, next).await?;
    Ok(())
}
