//! All tests on one private Postgres and one private nats-server, then the planted faults: a test that
//! stays green while its fault is armed proves nothing, and the run fails.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use duly_embedded::{Scratch, ServersOptions};

use crate::cargo::{Built, Targets, TestProgram, build, cargo, clean, output, run as run_command};
use crate::install;
use crate::project::Project;

/// Each fault that `DULY_FAULT` can arm in a debug build, and the test in `crates/duly/tests/journeys` that
/// must turn red under it, and under it alone.
const PLANTED: [(&str, &str); 6] = [
    ("no_inbox", "planted_no_inbox"),
    ("ack_first", "planted_ack_first"),
    ("publish_before_commit", "planted_publish_before_commit"),
    ("lost_timer", "planted_lost_timer"),
    ("no_halving", "planted_no_halving"),
    ("no_person_lock", "planted_no_person_lock"),
];

/// The test target that holds them, and its package's folder.
const PLANTED_IN: (&str, &str) = ("crates/duly", "journeys");

/// A fault may show as work that never ends; the tests bound that themselves, well below this.
const PLANTED_LIMIT: Duration = Duration::from_secs(300);

/// `cargo xtask test ARGS`.
pub fn run(project: &Project, args: &[String]) -> Result<ExitCode> {
    let found = install::all(project)?;
    let mail_python = install::mail_server(project)?;
    let built = build(project, Targets::All, |_| ())?;

    let scratch = Scratch::new("duly-test")?;
    let servers = duly_embedded::Servers::start(&ServersOptions {
        dir: scratch.path().to_path_buf(),
        postgres_bin: Some(found.postgres.dir.clone()),
        nats_server: Some(found.nats.path.clone()),
        durable: false,
        ..ServersOptions::default()
    })?;
    servers.postgres.create_database("test")?;
    let tell = |command: &mut Command| {
        command.env("DULY_TEST_DATABASE_URL", servers.postgres.url("test"));
        command.env("DULY_TEST_NATS_URL", servers.nats.url());
        command.env("DULY_TEST_MAIL_PYTHON", &mail_python);
        found.tell(command);
    };
    eprintln!("test: Postgres at {}, NATS at {}", servers.postgres.url("test"), servers.nats.url());

    let tested = run_tests(project, args, &built, &tell);
    servers.stop()?;
    tested.map(|()| ExitCode::SUCCESS)
}

fn run_tests(
    project: &Project,
    args: &[String],
    built: &Built,
    tell: &dyn Fn(&mut Command),
) -> Result<()> {
    let nextest =
        output(cargo(project).args(["nextest", "--version"]), "cargo nextest --version").is_ok();
    let mut command = cargo(project);
    if nextest {
        command.args(["nextest", "run", "--workspace"]);
    } else {
        eprintln!("test: cargo-nextest is not installed, so cargo test runs them");
        command.args(["test", "--workspace"]);
        if args.is_empty() {
            command.args(["--lib", "--bins", "--tests"]);
        }
    }
    tell(&mut command);
    run_command(command.args(args), "the test run")?;
    if !args.is_empty() {
        eprintln!("test: doc tests and planted faults are left out of a run with arguments");
        return Ok(());
    }
    let mut docs = cargo(project);
    tell(docs.args(["test", "--workspace", "--doc", "--quiet"]));
    run_command(&mut docs, "the doc tests")?;
    planted(project, built, tell)
}

/// Runs each planted fault's test with its fault armed and insists that it fails.
fn planted(project: &Project, built: &Built, tell: &dyn Fn(&mut Command)) -> Result<()> {
    let (package, target) = PLANTED_IN;
    let package_dir = project.root.join(package);
    let program = built
        .tests
        .iter()
        .find(|test| test.package_dir == package_dir && test.name == target)
        .with_context(|| format!("the build made no test target `{target}` in {package}"))?;
    let listed = output(
        clean(&program.path, project)
            .current_dir(&program.package_dir)
            .args(["--list", "--format=terse"]),
        target,
    )?;
    let mut unseen = Vec::new();
    for (fault, test) in PLANTED {
        match full_name(&listed, test) {
            None => unseen.push(format!("{fault}: `{target}` has no test `{test}`")),
            Some(name) => match turns_red(project, program, fault, name, tell)? {
                Verdict::Red => eprintln!("planted fault {fault}: {name} turned red, as it must"),
                Verdict::Other(why) => unseen.push(format!("{fault}: {why}")),
            },
        }
    }
    ensure!(
        unseen.is_empty(),
        "planted faults not shown by their tests:\n  {}",
        unseen.join("\n  ")
    );
    println!("planted: {} passed, 0 failed", PLANTED.len());
    Ok(())
}

/// A test's name with its modules, from a terse list such as `faults::planted_no_inbox: test`.
fn full_name<'l>(listed: &'l str, test: &str) -> Option<&'l str> {
    listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .find(|name| name.rsplit("::").next() == Some(test))
}

enum Verdict {
    Red,
    Other(String),
}

fn turns_red(
    project: &Project,
    program: &TestProgram,
    fault: &str,
    name: &str,
    tell: &dyn Fn(&mut Command),
) -> Result<Verdict> {
    let log: PathBuf = project.tools("planted")?.join(format!("{fault}.log"));
    let out = File::create(&log).with_context(|| format!("making {}", log.display()))?;
    let err = out.try_clone().context("sharing the log")?;
    let mut command = clean(&program.path, project);
    command.current_dir(&program.package_dir).args(["--exact", name, "--test-threads=1"]);
    tell(command.env("DULY_FAULT", fault));
    command.stdin(Stdio::null()).stdout(out).stderr(err);
    let mut child = command.spawn().with_context(|| format!("starting {name}"))?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().with_context(|| format!("looking at {name}"))? {
            break status;
        }
        if started.elapsed() > PLANTED_LIMIT {
            child.kill().with_context(|| format!("ending {name}"))?;
            child.wait().with_context(|| format!("waiting for {name}"))?;
            bail!("{name} did not end within {} s; see {}", PLANTED_LIMIT.as_secs(), log.display());
        }
        thread::sleep(Duration::from_millis(50));
    };
    let said = fs::read(&log).with_context(|| format!("reading {}", log.display()))?;
    let said = String::from_utf8_lossy(&said);
    if status.success() {
        return Ok(Verdict::Other(format!("{name} stays green, so it proves nothing")));
    }
    if !shows_failure(&said, name) {
        let why =
            format!("{name} ended with {status}, but not as a failed test; see {}", log.display());
        return Ok(Verdict::Other(why));
    }
    Ok(Verdict::Red)
}

/// Whether a test program's output closes with exactly this one test failed: a program that did not
/// start, or ran something else, must not count as red.
fn shows_failure(said: &str, name: &str) -> bool {
    let Some((_, closing)) = said.rsplit_once("\nfailures:\n") else { return false };
    closing.lines().any(|line| line.trim() == name)
        && closing.lines().any(|line| line.starts_with("test result: FAILED. 0 passed; 1 failed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: &str = "running 1 test\ntest faults::planted_x ... FAILED\n\nfailures:\n\n---- \
                       faults::planted_x stdout ----\npanicked\n\n\nfailures:\n    faults::planted_x\n\n\
                       test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 3 filtered out\n";

    #[test]
    fn only_the_named_test_failing_counts_as_red() {
        assert!(shows_failure(RED, "faults::planted_x"));
        assert!(!shows_failure(RED, "faults::planted_y"));
        assert!(!shows_failure("error: could not compile `duly`\n", "faults::planted_x"));
        let none = "running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored\n";
        assert!(!shows_failure(none, "faults::planted_x"));
    }

    #[test]
    fn a_test_is_found_by_its_last_name() {
        let listed = "faults::planted_x: test\nroad: test\nplanted_xy: test\n";
        assert_eq!(full_name(listed, "planted_x"), Some("faults::planted_x"));
        assert_eq!(full_name(listed, "planted"), None);
    }
}
