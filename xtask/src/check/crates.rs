//! What crates may depend on: ARCHITECTURE.md's directions, the purity of the rule crates, one TLS stack.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::cargo::{cargo, output};
use crate::project::Project;

/// Crates of rules: no input or output, no clock, no chance.
const PURE: [&str; 7] = [
    "duly-compliance",
    "duly-domain",
    "duly-ledger",
    "duly-placement",
    "duly-scenario",
    "duly-simulation",
    "duly-strategy",
];

/// What each crate of ours may depend on. A new crate needs a line here; a service has the lines below.
const MAY_USE: [(&str, &[&str]); 15] = [
    ("duly-domain", &[]),
    ("duly-ledger", &["duly-domain"]),
    ("duly-placement", &["duly-domain"]),
    ("duly-compliance", &["duly-domain"]),
    ("duly-scenario", &["duly-compliance", "duly-domain"]),
    ("duly-simulation", &["duly-domain"]),
    ("duly-strategy", &["duly-domain"]),
    // The only one with typst.
    ("duly-typeset", &["duly-domain"]),
    ("duly-embedded", &[]),
    ("duly-standing", &["duly-domain", "duly-platform", "duly-proto"]),
    ("duly-proto", &["duly-domain"]),
    ("duly-platform", &["duly-domain", "duly-proto"]),
    ("duly-testkit", &["duly-domain", "duly-embedded", "duly-platform", "duly-proto"]),
    // The composition root: the only crate that may use services. See `may_use`.
    ("duly", &[]),
    // Builds first and counts on its own.
    ("xtask", &["duly-embedded"]),
];

/// What every service may depend on: no other service is among it.
const SERVICES_MAY_USE: [&str; 8] = [
    "duly-compliance",
    "duly-domain",
    "duly-ledger",
    "duly-placement",
    "duly-platform",
    "duly-proto",
    "duly-standing",
    "duly-strategy",
];

/// The composition root, which may use everything but xtask.
const ROOT: &str = "duly";

/// The edge: it calls services, and its tests run those that it calls.
const EDGE: &str = "duly-gateway";

/// Allowed beside these in tests.
const TESTS_MAY_USE: [&str; 2] = ["duly-testkit", "duly-embedded"];

/// Crates that reach the world, by the start of their name.
const IMPURE: [&str; 19] = [
    "async-nats",
    "async-std",
    "axum",
    "fastrand",
    "getrandom",
    "hyper",
    "indicatif",
    "libsqlite",
    "mio",
    "rand",
    "reqwest",
    "ring",
    "rustix",
    "rustls",
    "socket2",
    "sqlx",
    "tokio",
    "tonic",
    "tower",
];

/// Features by which an otherwise pure crate reads the clock or draws lots.
const IMPURE_FEATURES: [&str; 8] = [
    "chrono feature \"clock\"",
    "chrono feature \"now\"",
    "chrono feature \"default\"",
    "uuid feature \"rng\"",
    "uuid feature \"fast-rng\"",
    "uuid feature \"v1\"",
    "uuid feature \"v4\"",
    "uuid feature \"v7\"",
];

/// What the standard library offers of the same; the dependency tree cannot show it.
const IMPURE_STD: [&str; 9] = [
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "Instant::now",
    "SystemTime",
    "std::io::stdin",
];

/// TLS stacks other than rustls on ring: two in one process panic at the first connection.
const OTHER_TLS: [&str; 4] = ["aws-lc-rs", "aws-lc-sys", "native-tls", "openssl-sys"];

/// A member of the workspace and the members it names as dependencies.
struct Member {
    name: String,
    dir: PathBuf,
    uses: BTreeSet<String>,
    tests_use: BTreeSet<String>,
}

/// Checks every dependency between our crates against the tables above.
pub fn direction(project: &Project) -> Result<()> {
    let members = members(project)?;
    let services: BTreeSet<&str> = members
        .iter()
        .filter(|member| member.dir.starts_with(project.root.join("services")))
        .map(|member| member.name.as_str())
        .collect();
    let mut wrong = Vec::new();
    for member in &members {
        let Some(allowed) = may_use(member, &members, &services) else {
            wrong.push(format!("{} has no line in {}", member.name, file!()));
            continue;
        };
        for used in member.uses.iter().filter(|used| !allowed.contains(used.as_str())) {
            wrong.push(format!("{} must not depend on {used}", member.name));
        }
        let may_be_tested_with = |used: &&String| {
            allowed.contains(used.as_str())
                || TESTS_MAY_USE.contains(&used.as_str())
                || (member.name == EDGE && services.contains(used.as_str()))
        };
        for used in member.tests_use.iter().filter(|used| !may_be_tested_with(used)) {
            wrong.push(format!("the tests of {} must not depend on {used}", member.name));
        }
    }
    ensure!(wrong.is_empty(), "dependencies in a forbidden direction:\n  {}", wrong.join("\n  "));
    Ok(())
}

fn may_use<'a>(
    member: &Member,
    members: &'a [Member],
    services: &BTreeSet<&str>,
) -> Option<BTreeSet<&'a str>> {
    if member.name == ROOT {
        return Some(members.iter().map(|m| m.name.as_str()).filter(|n| *n != "xtask").collect());
    }
    if services.contains(member.name.as_str()) {
        return Some(SERVICES_MAY_USE.into());
    }
    let (_, uses) = MAY_USE.iter().find(|(name, _)| *name == member.name)?;
    Some(uses.iter().copied().collect())
}

fn members(project: &Project) -> Result<Vec<Member>> {
    let mut command = cargo(project);
    command.args(["metadata", "--no-deps", "--format-version=1"]);
    let metadata: Value = serde_json::from_str(&output(&mut command, "cargo metadata")?)
        .context("reading cargo metadata")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let mut members = Vec::new();
    for package in packages {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let mut member = Member {
            name: text("name").to_owned(),
            dir: Path::new(text("manifest_path")).parent().unwrap_or(Path::new("")).to_path_buf(),
            uses: BTreeSet::new(),
            tests_use: BTreeSet::new(),
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            if dependency["path"].is_null() {
                continue;
            }
            let name = dependency["name"].as_str().unwrap_or_default().to_owned();
            if dependency["kind"] == "dev" {
                member.tests_use.insert(name);
            } else {
                member.uses.insert(name);
            }
        }
        members.push(member);
    }
    Ok(members)
}

/// Checks that the crates of rules cannot reach a file, a socket, a clock or a source of chance.
pub fn purity(project: &Project) -> Result<()> {
    let members = members(project)?;
    let mut wrong = Vec::new();
    for name in PURE {
        let mut command = cargo(project);
        command.args(["tree", "--locked", "--package", name, "--prefix", "none"]);
        command.args(["--edges", "normal,features"]);
        for line in output(&mut command, "cargo tree")?.lines() {
            let line = line.trim_end_matches(" (*)");
            let package = line.split_whitespace().next().unwrap_or_default();
            let feature = IMPURE_FEATURES.iter().any(|feature| line.starts_with(feature));
            if feature || IMPURE.iter().any(|impure| package.starts_with(impure)) {
                wrong.push(format!("{name} depends on {line}"));
            }
        }
        let member = members.iter().find(|member| member.name == name);
        let member = member.with_context(|| format!("there is no crate {name}"))?;
        let sources = member.dir.join("src");
        impure_sources(&sources, &tests_of(&sources)?, &mut wrong)?;
    }
    wrong.sort();
    wrong.dedup();
    ensure!(wrong.is_empty(), "crates of rules that reach the world:\n  {}", wrong.join("\n  "));
    Ok(())
}

/// Whole modules of tests, which may read kept decisions, the sources, and how many cases to try: those that
/// `lib.rs` names under `#[cfg(test)]`, without their ending.
fn tests_of(sources: &Path) -> Result<Vec<PathBuf>> {
    let path = sources.join("lib.rs");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let lines = text.lines().zip(text.lines().skip(1));
    let modules = lines.filter_map(|(before, line)| {
        let module = line.strip_prefix("mod ")?.strip_suffix(';')?;
        (before == "#[cfg(test)]").then(|| sources.join(module))
    });
    Ok(modules.collect())
}

/// Lines of code that name what only the standard library offers. Tests beside the code count too, but for
/// these modules.
fn impure_sources(dir: &Path, tests: &[PathBuf], wrong: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))? {
        let path = entry.with_context(|| format!("reading {}", dir.display()))?.path();
        if tests.contains(&path.with_extension("")) {
            continue;
        }
        if path.is_dir() {
            impure_sources(&path, tests, wrong)?;
            continue;
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        for (at, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(found) = IMPURE_STD.iter().find(|found| code.contains(**found)) {
                wrong.push(format!("{}:{} uses {found}", path.display(), at + 1));
            }
        }
    }
    Ok(())
}

/// Checks that no second TLS stack came in by somebody's default features.
pub fn one_tls_stack(project: &Project) -> Result<()> {
    let mut command = cargo(project);
    command.args(["tree", "--locked", "--workspace", "--prefix", "none", "--target", "all"]);
    let tree = output(&mut command, "cargo tree")?;
    let found: BTreeSet<&str> =
        tree.lines().filter(|line| OTHER_TLS.iter().any(|tls| line.starts_with(tls))).collect();
    ensure!(
        found.is_empty(),
        "a TLS stack beside rustls on ring ({}): find who brings it with `cargo tree -i NAME`",
        found.into_iter().collect::<Vec<_>>().join(", ")
    );
    Ok(())
}
