//! Measurements: the benchmark package in a release build, on private servers that keep what they commit; and
//! the guard, which needs none.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use duly_embedded::{Scratch, ServersOptions};

use crate::cargo::{clean, run as run_command};
use crate::install;
use crate::project::Project;

/// `cargo xtask bench ARGS`.
pub fn run(project: &Project, args: &[String]) -> Result<ExitCode> {
    match args.split_first() {
        Some((what, rest)) if what == "guard" => guard(project, rest),
        _ => on_servers(project, args),
    }
}

/// The guard decides in its process, on one core.
fn guard(project: &Project, args: &[String]) -> Result<ExitCode> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut bench = clean(&cargo, project);
    bench.args(["bench", "--quiet", "--package", "duly-compliance", "--bench", "guard", "--"]);
    bench.args(args);
    run_command(&mut bench, "bench guard").map(|()| ExitCode::SUCCESS)
}

fn on_servers(project: &Project, args: &[String]) -> Result<ExitCode> {
    let manifest = project.root.join("bench/Cargo.toml");
    ensure!(manifest.exists(), "{} is missing", manifest.display());
    let found = install::all(project)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());

    // Built before the servers start, so that nothing is measured beside a compiler.
    let mut build = clean(&cargo, project);
    build.args(["build", "--release", "--manifest-path"]).arg(&manifest);
    run_command(&mut build, "the release build of bench")?;

    let scratch = Scratch::new("duly-bench")?;
    let servers = duly_embedded::Servers::start(&ServersOptions {
        dir: scratch.path().to_path_buf(),
        postgres_bin: Some(found.postgres.dir.clone()),
        nats_server: Some(found.nats.path.clone()),
        durable: true,
        ..ServersOptions::default()
    })?;
    servers.postgres.create_database("test")?;
    let mut bench = clean(&cargo, project);
    bench
        .args(["run", "--quiet", "--release", "--manifest-path"])
        .arg(&manifest)
        .arg("--")
        .args(args);
    bench.env("DULY_TEST_DATABASE_URL", servers.postgres.url("test"));
    bench.env("DULY_TEST_NATS_URL", servers.nats.url());
    found.tell(&mut bench);
    let measured = run_command(&mut bench, "bench");
    servers.stop()?;
    measured.map(|()| ExitCode::SUCCESS)
}
