//! `cargo xtask check`: all that CI insists on beside the tests. Every step runs, so that one run names
//! everything that is wrong; each prints its seconds.

mod crates;
mod files;

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::cargo::{cargo, clean, run as run_command};
use crate::install;
use crate::project::Project;
use crate::sqlx;

/// `cargo xtask check`.
pub fn run(project: &Project) -> Result<ExitCode> {
    let mut steps = Steps::default();
    steps.run("format", || {
        run_command(cargo(project).args(["fmt", "--all", "--check"]), "cargo fmt")
    });
    steps.run("crate direction", || crates::direction(project));
    steps.run("purity", || crates::purity(project));
    steps.run("one TLS stack", || crates::one_tls_stack(project));
    steps.run("build, lints and .sqlx", || lints_and_sqlx(project));
    steps.run("docs", || docs(project));
    steps.run("buf lint", || files::buf_lint(project));
    steps.run("Dockerfile and compose file", || files::containers(project));
    if steps.failed.is_empty() {
        println!("check: all is well");
        return Ok(ExitCode::SUCCESS);
    }
    println!("check: failed: {}", steps.failed.join(", "));
    Ok(ExitCode::FAILURE)
}

#[derive(Default)]
struct Steps {
    failed: Vec<&'static str>,
}

impl Steps {
    fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) {
        eprintln!("check: {name}");
        let started = Instant::now();
        let done = step();
        let seconds = started.elapsed().as_secs();
        match done {
            Ok(()) => println!("check: {name}: fine ({seconds} s)"),
            Err(error) => {
                eprintln!("error: {error:#}");
                println!("check: {name}: FAILED ({seconds} s)");
                self.failed.push(name);
            }
        }
    }
}

/// One build does three things: clippy's lints, code for the tests that come after, and the SQL macros
/// asking a database, whose answers must be those in `.sqlx`.
fn lints_and_sqlx(project: &Project) -> Result<()> {
    let version = Command::new("clippy-driver").arg("--version").output();
    ensure!(
        version.is_ok_and(|output| output.status.success()),
        "clippy is not installed: run `rustup component add clippy`"
    );
    let servers = install::all(project)?;
    let live = sqlx::build(project, &servers)?;
    let mut wrong = Vec::new();
    // Counted here rather than denied to the compiler: `-D warnings` in RUSTFLAGS would build every
    // dependency again.
    if live.built.warnings > 0 {
        wrong.push(format!("{} warnings, and none is allowed", live.built.warnings));
    }
    let differences = live.differences()?;
    if !differences.is_empty() {
        wrong.push(format!(
            "the committed .sqlx is not what the queries and migrations give; run `cargo xtask sqlx` and \
             commit:\n  {}",
            differences.join("\n  ")
        ));
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

/// rustdoc of our own libraries, its warnings denied: by the road of the doc tests, which takes what the
/// build has made; see rustdoc.sh.
fn docs(project: &Project) -> Result<()> {
    let mut command = cargo(project);
    command.args(["test", "--workspace", "--doc", "--quiet"]);
    command.env("RUSTDOC", project.root.join("xtask/rustdoc.sh"));
    command.env("DULY_DOCS", project.root.join("target/doc"));
    run_command(&mut command, "rustdoc")
}

/// A checker that was fetched, run from the checkout.
fn checker(program: &std::path::Path, project: &Project) -> Command {
    clean(program, project)
}
