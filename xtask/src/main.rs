//! `cargo xtask`: what the README's commands and CI run. It installs what is missing, starts private
//! servers, builds once and tells cargo, psql and the checkers what to do.
//!
//! It shares no code with the services, so that what it counts and proves is a second opinion.

mod bench;
mod cargo;
mod check;
mod demo;
mod install;
mod project;
mod proof;
mod real;
mod sqlx;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::project::Project;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Builds, tries and checks Duly")]
struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install what is missing: PostgreSQL and python3-venv by apt, nats-server by pip
    Install,
    /// Place a portfolio, post payments, close the period, and prove the trust account twice
    Demo {
        /// Passed on to `duly demo`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run the demo on the two real files and compare its figures with an own count
    DemoReal {
        /// The folder with `ar-highradius` and `ar-ibm`
        #[arg(long, default_value = "../shared/data")]
        data: PathBuf,
    },
    /// Run every test on private servers, then the planted faults, each of which must be seen
    Test {
        /// Passed on to nextest or `cargo test`; with any, doc tests and planted faults are left out
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Check all that CI checks beside the tests: format, lints, .sqlx, docs, protocols, directions
    Check,
    /// Write each crate's .sqlx anew, from its migrations and queries
    Sqlx,
    /// Measure, in a release build, on private servers; `bench guard` measures the guard alone
    Bench {
        /// Passed on to the benchmark
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let project = Project::find();
    let done = match Args::parse().verb {
        Verb::Install => install::all(&project).map(|_| ExitCode::SUCCESS),
        Verb::Demo { args } => demo::run(&project, &args),
        Verb::DemoReal { data } => real::run(&project, &data),
        Verb::Test { args } => test::run(&project, &args),
        Verb::Check => check::run(&project),
        Verb::Sqlx => sqlx::run(&project),
        Verb::Bench { args } => bench::run(&project, &args),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
