//! `duly compliance`: what a compliance officer asks of the guard: of running services, what may be done and
//! what must be; of files alone, without an installation, scenarios and exported decisions.

mod ask;
mod calendar;
mod draw;
mod due;
mod kept;
mod named;
mod wrap;

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, StdoutLock, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Error, Result};
use clap::ArgGroup;
use duly_scenario::{Checker, Options, Replayed, Summary, replay};

use crate::{
    door::Reach,
    explain::words::Times,
    files,
    home::{Common, Home},
    out,
};

/// Ask the guard: what may be done and why not, what must be done, whether its decisions stand
///
/// `check`, and `replay` of a file, work on files alone: no installation is needed.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    Explain(ask::Args),
    Calendar(calendar::Args),
    Due(due::Args),
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

/// Take decisions again, from the facts that they kept and under the rules that judged then
///
/// Those of running services, by --decision, --since or --all: what the guard says now must be the bytes
/// that it said then. Or exported ones: a file holds one JSON object per line, a snapshot, or `snapshot`
/// and, last, `explanation`, which is compared byte for byte. What differs is printed.
///
/// Ends with 0 where all are the same, 1 where one differs, 2 where a line could not be read.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
#[command(group(ArgGroup::new("which").required(true).args(["file", "decision", "since", "all"])))]
struct Replay {
    /// Exported decisions; `-` is standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The kept decision of this id, dcsn_..
    #[arg(long, value_name = "ID")]
    decision: Option<String>,
    /// Every decision kept since this time: YYYY-MM-DDTHH:MM or YYYY-MM-DD in the agency's zone
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Every decision that is kept
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    reach: Reach,
}

/// The program ends with this code: what it found was printed.
#[derive(Debug, thiserror::Error)]
#[error("the answers are printed")]
pub struct Ends(pub u8);

pub async fn run(common: &Common, args: &Args) -> Result<()> {
    let code = match &args.verb {
        Verb::Explain(args) => return ask::run(&Home::load(common)?, args).await,
        Verb::Calendar(args) => return calendar::run(&Home::load(common)?, args).await,
        Verb::Due(args) => return due::run(&Home::load(common)?, args).await,
        Verb::Check(args) => check(args)?,
        Verb::Replay(args) => match &args.file {
            Some(file) => replayed(file)?,
            None => kept(common, args).await?,
        },
    };
    if code == 0 { Ok(()) } else { Err(Ends(code).into()) }
}

async fn kept(common: &Common, args: &Replay) -> Result<u8> {
    let home = Home::load(common)?;
    let zone = home.config.zone;
    let times = Times::of(zone);
    let since =
        args.since.as_ref().map(|at| named::time(at, zone)).transpose().context("--since")?;
    let door = args.reach.door(&home)?;
    match &args.decision {
        Some(id) => kept::one(&door, id, times).await,
        None => kept::all(&door, since, times).await,
    }
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

fn replayed(file: &Path) -> Result<u8> {
    let mut out = BufWriter::new(io::stdout().lock());
    let done = if file.as_os_str() == "-" {
        replay(io::stdin().lock(), &mut out)
    } else {
        open(file).and_then(|opened| replay(opened, &mut out))
    };
    let done = match done {
        Ok(done) => done,
        Err(error) => return unread(file, error),
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
