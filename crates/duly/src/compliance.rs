//! `duly compliance`: what a compliance officer asks of the guard, from files alone: scenarios and exported
//! decisions. Needs no installation.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, StdoutLock, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Error, Result};
use duly_scenario::{Checker, Options, Replayed, Summary, replay};

use crate::{files, out};

/// Ask the guard about scenarios, and replay its decisions
///
/// Works on files alone: no installation is needed.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    Check(Check),
    Replay(Replay),
}

/// What `duly compliance check --help` shows of a file.
const SCENARIO: &str = "\
A file:
  schema: duly-scenario/1
  cases:
  - id: stop calling
    citation: 12 CFR 1006, comment 14(h)(1)-3.i
    timeline:
    - {at: '2026-06-01T10:00', event: call_placed, result: conversation, consumer_says: stop calling}
    questions:
    - {at: '2026-07-02T11:00', action: call, expected: prohibited}";

/// Answer every question of scenario files: facts, a timeline, questions
///
/// Prints one JSON line per question: the decision, its reasons with what they rest on, the next
/// permitted time, what the content must carry, and whether it is as expected. A summary goes to
/// standard error.
///
/// Ends with 0 where all expectations hold, 1 where one fails, 2 where something could not be read.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = SCENARIO)]
struct Check {
    /// Scenario files: YAML, or JSON lines; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Ask the questions of every file of the last case of the files before it: one file of facts, others
    /// of questions, one JSON object per line or a YAML list
    #[arg(long)]
    batch: bool,
}

/// Take exported decisions again, under the rules that judged then
///
/// A file holds one JSON object per line: a snapshot, or `snapshot` and, last, `explanation`, which is
/// compared byte for byte. What differs is printed.
///
/// Ends with 0 where all are the same, 1 where one differs, 2 where one could not be read.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
struct Replay {
    /// Exported decisions; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// The program ends with this code: what it found was printed.
#[derive(Debug, thiserror::Error)]
#[error("the answers are printed")]
pub struct Ends(pub u8);

pub fn run(args: &Args) -> Result<()> {
    let code = match &args.verb {
        Verb::Check(args) => check(args)?,
        Verb::Replay(args) => replayed(args)?,
    };
    if code == 0 { Ok(()) } else { Err(Ends(code).into()) }
}

fn check(args: &Check) -> Result<u8> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut all = Summary::default();
    let mut checker = Checker::default();
    for file in &args.files {
        if !args.batch {
            checker = Checker::default();
        }
        let before = checker.summary();
        let options = Options { file: file.display().to_string() };
        let read = if file.as_os_str() == "-" {
            checker.file(io::stdin().lock(), &options, &mut out)
        } else {
            open(file).and_then(|opened| checker.file(opened, &options, &mut out))
        };
        if let Err(error) = read {
            return unread(file, error);
        }
        let after = checker.summary();
        out::note(format!("{}: {}", options.file, words(&after.without(before))));
        all = if args.batch { after } else { all.and(after) };
    }
    ended(out)?;
    if args.files.len() > 1 {
        out::note(format!("all: {}", words(&all)));
    }
    Ok(all.exit_code())
}

fn replayed(args: &Replay) -> Result<u8> {
    let mut out = BufWriter::new(io::stdout().lock());
    let done = if args.file.as_os_str() == "-" {
        replay(io::stdin().lock(), &mut out)
    } else {
        open(&args.file).and_then(|opened| replay(opened, &mut out))
    };
    let done = match done {
        Ok(done) => done,
        Err(error) => return unread(&args.file, error),
    };
    ended(out)?;
    let Replayed { same, different, alone, errors } = done;
    out::note(format!(
        "{} the same, {} different, {} with nothing to compare, {} errors",
        out::count(same),
        out::count(different),
        out::count(alone),
        out::count(errors)
    ));
    Ok(done.exit_code())
}

/// What could not be read.
const UNREAD: u8 = 2;

fn open(file: &Path) -> io::Result<BufReader<File>> {
    File::open(file).map(BufReader::new)
}

fn ended(mut out: BufWriter<StdoutLock<'_>>) -> Result<()> {
    out.flush().map_err(|error| {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Error::new(out::Closed)
        } else {
            files::trouble_of_output(error)
        }
    })
}

fn unread(file: &Path, error: io::Error) -> Result<u8> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Err(Error::new(out::Closed));
    }
    out::note(format!("error: {:#}", files::trouble("reading", file, error)));
    Ok(UNREAD)
}

fn words(summary: &Summary) -> String {
    let Summary { cases, questions, passed, failed, open, not_expressible, errors } = *summary;
    format!(
        "{} questions in {} cases: {} as expected, {} not, {} without expectation, {} not expressible, {} \
         errors",
        out::count(questions),
        out::count(cases),
        out::count(passed),
        out::count(failed),
        out::count(open),
        out::count(not_expressible),
        out::count(errors)
    )
}
