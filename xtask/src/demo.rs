//! The demo: install, build, run `duly demo`, then compare its trust proof with psql's.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitCode, ExitStatus};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cargo::{Targets, build, clean};
use crate::install::{self, Servers};
use crate::project::Project;
use crate::proof::Report;

/// `cargo xtask demo ARGS`.
pub fn run(project: &Project, args: &[String]) -> Result<ExitCode> {
    let servers = install::all(project)?;
    eprintln!("build: the programs (the first time takes minutes)");
    build(project, Targets::Programs, |_| ())?;
    let out = out_dir(args).unwrap_or_else(|| project.target.join("demo"));
    let mut child = start(project, &servers, &out, args)?;
    let keep = args.iter().any(|arg| arg == "--keep");
    let mut proof = None;
    let status = loop {
        if let Some(status) = child.try_wait().context("looking at the demo")? {
            break status;
        }
        // It serves until it is stopped, so the proof is told as soon as it is there. (demo.json is what
        // the demo writes last.)
        if keep
            && proof.is_none()
            && let Ok(report) = Report::read(&out)
        {
            let line = report.prove();
            if line.is_err() {
                child.kill().context("ending the demo")?;
            }
            println!("{}", proof.insert(line?));
        }
        thread::sleep(Duration::from_millis(100));
    };
    if status.success() && proof.is_none() {
        println!("{}", Report::read(&out)?.prove()?);
    }
    Ok(exit_code(status))
}

/// Starts `duly demo` from the build's output; old reports in `out` are removed first.
pub fn start(project: &Project, servers: &Servers, out: &Path, args: &[String]) -> Result<Child> {
    fs::create_dir_all(out).with_context(|| format!("making {}", out.display()))?;
    for name in ["demo.json", "trust-proof-sql.csv"] {
        let path = out.join(name);
        if path.exists() {
            fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    let mut command = clean(project.target.join("debug/duly"), project);
    // Where the user is: the paths among the arguments are meant from there.
    command.current_dir(env::current_dir().context("finding the current folder")?).arg("demo");
    if out_dir(args).is_none() {
        command.arg("--out").arg(out);
    }
    command.arg("--proof-sql").arg(project.root.join("xtask/sql/trust_proof.sql"));
    servers.tell(&mut command);
    command.args(args).spawn().context("starting duly demo")
}

/// The folder given by `--out DIR` or `--out=DIR`.
fn out_dir(args: &[String]) -> Option<PathBuf> {
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--out" {
            return args.next().map(PathBuf::from);
        }
        if let Some(dir) = arg.strip_prefix("--out=") {
            return Some(PathBuf::from(dir));
        }
    }
    None
}

fn exit_code(status: ExitStatus) -> ExitCode {
    // Ended by a signal: no code, and no success.
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_folder_is_found_in_both_spellings() {
        let args = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        assert_eq!(out_dir(&args("--keep --out there")), Some("there".into()));
        assert_eq!(out_dir(&args("--out=there --keep")), Some("there".into()));
        assert_eq!(out_dir(&args("--accounts 10")), None);
    }
}
