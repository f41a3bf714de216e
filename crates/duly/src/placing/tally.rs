//! The answers to a file's records: counted by code, the first of them kept to be shown, all that
//! were not simply accepted written to a file where one is asked for.

use std::{
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::Result;
use duly_placement::Record;
use duly_proto::intake::v1::{AckStatus, Acknowledgement};

use super::upload::Answers;
use crate::files;

const REJECTED: &str = "rejected";

/// One record that was rejected or accepted with a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The client; empty where it could not be read.
    pub client_ref: String,
    /// Line of the file on which the record begins.
    pub line: i64,
    /// The client's reference of the account, where it could be read.
    pub account_ref: String,
    /// `rejected` or `warning`.
    pub status: &'static str,
    /// Stable code.
    pub code: String,
    /// The field at fault.
    pub field: String,
    /// In words.
    pub reason: String,
}

/// Counts answers as they come.
pub struct Tally {
    inner: Mutex<Inner>,
    on_answers: Box<dyn Fn(u64) + Send + Sync>,
}

#[derive(Default)]
struct Inner {
    accepted: u64,
    with_warning: u64,
    rejected: u64,
    rejected_by_code: BTreeMap<String, u64>,
    warned_by_code: BTreeMap<String, u64>,
    kept: Vec<Row>,
    keep_max: usize,
    file: Option<RowsFile>,
}

/// Rows as they are answered. What cannot be written is told at the end: it keeps nothing from being
/// placed.
struct RowsFile {
    path: PathBuf,
    listed: Listed,
    writer: csv::Writer<File>,
    failed: Option<csv::Error>,
}

/// Which rows a file lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Rejected ones and warnings.
    All,
    /// Rejected ones.
    Rejected,
}

/// The counts so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Without a remark.
    pub accepted: u64,
    /// Accepted, with a remark.
    pub with_warning: u64,
    /// Not accepted.
    pub rejected: u64,
    /// Rejected records by code.
    pub rejected_by_code: BTreeMap<String, u64>,
    /// Warnings by code.
    pub warned_by_code: BTreeMap<String, u64>,
    /// The first rows answered, as many as are kept, by line.
    pub kept: Vec<Row>,
}

impl Tally {
    /// Keeps the first `keep_max` rows, writes those that are listed to a file where one is given, and
    /// tells how many records were answered each time some are.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn new(
        keep_max: usize,
        file: Option<(&Path, Listed)>,
        on_answers: impl Fn(u64) + Send + Sync + 'static,
    ) -> Result<Self> {
        let file = file.map(|(path, listed)| rows_file(path, listed)).transpose()?;
        let inner = Inner { keep_max, file, ..Inner::default() };
        Ok(Self { inner: Mutex::new(inner), on_answers: Box::new(on_answers) })
    }

    /// Takes the answers to one client's records.
    pub fn of_client<'a>(&'a self, client_ref: &'a str) -> impl Answers + 'a {
        OfClient { tally: self, client_ref }
    }

    /// Takes a record as the file's reader judges it, which no batch carried.
    ///
    pub fn take_read(&self, record: Record) {
        let Err(error) = record.outcome else {
            self.lock().accepted += 1;
            (self.on_answers)(1);
            return;
        };
        let row = Row {
            client_ref: record.client_ref.unwrap_or_default(),
            line: i64::try_from(error.line).unwrap_or(i64::MAX),
            account_ref: record.account_ref.unwrap_or_default(),
            status: REJECTED,
            code: error.code.to_string(),
            field: error.field,
            reason: error.reason,
        };
        let mut inner = self.lock();
        inner.rejected += 1;
        *inner.rejected_by_code.entry(row.code.clone()).or_default() += 1;
        inner.keep(row);
        drop(inner);
        (self.on_answers)(1);
    }

    /// The counts so far.
    pub fn counted(&self) -> Counted {
        let inner = self.lock();
        let mut kept = inner.kept.clone();
        kept.sort_by_key(|row| row.line);
        Counted {
            accepted: inner.accepted,
            with_warning: inner.with_warning,
            rejected: inner.rejected,
            rejected_by_code: inner.rejected_by_code.clone(),
            warned_by_code: inner.warned_by_code.clone(),
            kept,
        }
    }

    /// Writes what is still to be written to the file of rows.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(&self) -> Result<()> {
        let mut inner = self.lock();
        let Some(file) = &mut inner.file else { return Ok(()) };
        let written = match file.failed.take() {
            Some(error) => Err(error.into()),
            None => file.writer.flush(),
        };
        written.map_err(|error| files::trouble("writing", &file.path, error))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rows_file(path: &Path, listed: Listed) -> Result<RowsFile> {
    let file = File::create(path).map_err(|error| files::trouble("making", path, error))?;
    let mut writer = csv::Writer::from_writer(file);
    writer
        .write_record(["client", "line", "account_ref", "status", "code", "field", "reason"])
        .map_err(|error| files::trouble("writing", path, error.into()))?;
    Ok(RowsFile { path: path.to_owned(), listed, writer, failed: None })
}

impl Inner {
    fn keep(&mut self, row: Row) {
        if let Some(file) = &mut self.file
            && file.failed.is_none()
            && (file.listed == Listed::All || row.status == REJECTED)
        {
            let line = row.line.to_string();
            let fields = [
                row.client_ref.as_str(),
                &line,
                &row.account_ref,
                row.status,
                &row.code,
                &row.field,
                &row.reason,
            ];
            file.failed = file.writer.write_record(fields).err();
        }
        if self.kept.len() < self.keep_max {
            self.kept.push(row);
        }
    }
}

struct OfClient<'a> {
    tally: &'a Tally,
    client_ref: &'a str,
}

impl Answers for OfClient<'_> {
    fn take(&self, acknowledgements: Vec<Acknowledgement>) -> Result<()> {
        let answered = u64::try_from(acknowledgements.len())?;
        let mut inner = self.tally.lock();
        for answer in acknowledgements {
            let status = match answer.status() {
                AckStatus::Accepted => {
                    inner.accepted += 1;
                    continue;
                }
                AckStatus::AcceptedWithWarning => {
                    inner.with_warning += 1;
                    *inner.warned_by_code.entry(answer.code.clone()).or_default() += 1;
                    "warning"
                }
                AckStatus::Rejected | AckStatus::Unspecified => {
                    inner.rejected += 1;
                    *inner.rejected_by_code.entry(answer.code.clone()).or_default() += 1;
                    REJECTED
                }
            };
            inner.keep(Row {
                client_ref: self.client_ref.to_owned(),
                line: answer.line,
                account_ref: answer.client_account_ref,
                status,
                code: answer.code,
                field: answer.field,
                reason: answer.reason,
            });
        }
        drop(inner);
        (self.tally.on_answers)(answered);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    fn answer(line: i64, status: AckStatus, code: &str) -> Acknowledgement {
        let mut answer =
            Acknowledgement { line, code: code.to_owned(), ..Acknowledgement::default() };
        answer.set_status(status);
        answer
    }

    #[test]
    fn answers_are_counted_by_code_and_all_written_though_few_are_kept() {
        static ANSWERED: AtomicU64 = AtomicU64::new(0);
        let scratch = duly_embedded::Scratch::new("duly-tally").unwrap();
        let path = scratch.path().join("rejects.csv");
        let tally = Tally::new(1, Some((&path, Listed::All)), |n| {
            ANSWERED.fetch_add(n, Ordering::Relaxed);
        })
        .unwrap();
        let answers = vec![
            answer(2, AckStatus::Accepted, ""),
            answer(3, AckStatus::Rejected, "invalid_date"),
            answer(4, AckStatus::AcceptedWithWarning, "phone_unknown"),
            answer(5, AckStatus::Rejected, "invalid_date"),
        ];
        tally.of_client("ACME").take(answers).unwrap();
        tally.finish().unwrap();
        let counted = tally.counted();
        assert_eq!((counted.accepted, counted.with_warning, counted.rejected), (1, 1, 2));
        assert_eq!(counted.rejected_by_code["invalid_date"], 2);
        assert_eq!(counted.kept.iter().map(|row| row.line).collect::<Vec<_>>(), [3]);
        assert_eq!(ANSWERED.load(Ordering::Relaxed), 4);
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(written.lines().count(), 4, "{written}");
        assert!(written.contains("ACME,4,,warning,phone_unknown,,"), "{written}");
    }
}
