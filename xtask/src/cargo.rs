//! cargo as a child of `cargo run`: same wrapper and features in every build, so that nothing is built
//! twice, and compiler messages read as data.

use std::collections::HashSet;
use std::env;
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::project::Project;

/// What `cargo run` tells the program it runs. Left in, ring's build script sees a change and it, rustls
/// and sqlx are built again each time.
const SET_BY_CARGO_RUN: [&str; 7] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_PKG_",
];

/// A program started as the user would have, without what `cargo run` added.
pub fn clean(program: impl AsRef<std::ffi::OsStr>, project: &Project) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&project.root);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if SET_BY_CARGO_RUN
            .iter()
            .any(|ours| text == *ours || (ours.ends_with('_') && text.starts_with(ours)))
        {
            command.env_remove(&name);
        }
    }
    // Meant for a build by hand; here it would point the SQL macros at somebody's database.
    command.env_remove("DULY_SQLX_LIVE").env_remove("DULY_FAULT");
    command
}

/// cargo, with clippy inside the build; see rustc.sh.
pub fn cargo(project: &Project) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = clean(program, project);
    command.env("RUSTC_WORKSPACE_WRAPPER", project.root.join("xtask/rustc.sh"));
    command
}

/// What a build made and what it complained about.
#[derive(Default)]
pub struct Built {
    /// The executables of test targets: package folder, target name, path.
    pub tests: Vec<TestProgram>,
    /// How many warnings our crates gave, those of crates that were up to date included.
    pub warnings: usize,
}

/// One compiled `tests/` target.
pub struct TestProgram {
    /// The folder of its package, where it expects to run.
    pub package_dir: PathBuf,
    /// The target's name, e.g. `journeys`.
    pub name: String,
    /// The executable.
    pub path: PathBuf,
}

/// Which targets a build makes. Either way of the whole workspace: a smaller selection could unite the
/// features of fewer crates, and cargo would build the shared dependencies once more.
#[derive(Clone, Copy)]
pub enum Targets {
    /// Libraries, programs and tests: check and test.
    All,
    /// What the demo runs. Measured: after `All` nothing is built, and alone it spares a new user the
    /// tests. Should a dev-dependency ever add a feature to a shared crate, CI's seconds will show it.
    Programs,
}

/// Builds the workspace, printing what the compiler says.
pub fn build(
    project: &Project,
    targets: Targets,
    change: impl FnOnce(&mut Command),
) -> Result<Built> {
    let mut command = cargo(project);
    command.args(["build", "--workspace"]);
    command.arg(match targets {
        Targets::All => "--all-targets",
        Targets::Programs => "--bins",
    });
    let rendered = if std::io::stderr().is_terminal() {
        "--message-format=json-diagnostic-rendered-ansi"
    } else {
        "--message-format=json"
    };
    command.arg(rendered).stdout(Stdio::piped());
    change(&mut command);
    let mut child = command.spawn().context("starting cargo build")?;
    let out = child.stdout.take().context("the build's messages")?;
    let mut built = Built::default();
    let mut told = HashSet::new();
    for line in BufReader::new(out).lines() {
        let line = line.context("reading the build's messages")?;
        if let Ok(message) = serde_json::from_str(&line) {
            note(&message, &mut built, &mut told);
        }
    }
    let status = child.wait().context("waiting for cargo build")?;
    if !status.success() {
        bail!("the build failed");
    }
    Ok(built)
}

/// A library is compiled with and without its tests: what both are told is printed once.
fn note(message: &Value, built: &mut Built, told: &mut HashSet<String>) {
    match message["reason"].as_str() {
        Some("compiler-message") => {
            let diagnostic = &message["message"];
            let text = diagnostic["rendered"].as_str().unwrap_or_default();
            if !told.insert(text.to_owned()) {
                return;
            }
            eprint!("{text}");
            // "2 warnings emitted" and the like have no span and name no lint.
            let counts = diagnostic["spans"].as_array().is_some_and(|spans| !spans.is_empty());
            if diagnostic["level"] == "warning" && (counts || !diagnostic["code"].is_null()) {
                built.warnings += 1;
            }
        }
        Some("compiler-artifact") => {
            let test =
                message["target"]["kind"].as_array().is_some_and(|k| k.contains(&"test".into()));
            let path = message["executable"].as_str();
            let manifest = message["manifest_path"].as_str().map(PathBuf::from);
            if let (true, Some(path), Some(manifest)) = (test, path, manifest) {
                built.tests.push(TestProgram {
                    package_dir: manifest.parent().map(PathBuf::from).unwrap_or_default(),
                    name: message["target"]["name"].as_str().unwrap_or_default().to_owned(),
                    path: path.into(),
                });
            }
        }
        _ => {}
    }
}

/// Runs `command` and fails with `what` when it does.
pub fn run(command: &mut Command, what: &str) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {what}"))?;
    if !status.success() {
        bail!("{what} failed ({status})");
    }
    Ok(())
}

/// Runs `command` and gives what it prints; fails with its last words.
pub fn output(command: &mut Command, what: &str) -> Result<String> {
    let output = command.output().with_context(|| format!("starting {what}"))?;
    if !output.status.success() {
        bail!("{what} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("reading what {what} says"))
}
