//! Each crate's `.sqlx`: what the SQL macros of a build know without a database. Made here from the
//! crate's migrations and queries, by one build that asks a private Postgres.
//!
//! The build writes into folders of its own below the target directory, never into the checkout: a build
//! that fails half-way spoils nothing, and comparing two folders tells a check what `git` would.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::SystemTime;

use anyhow::{Context, Result, bail, ensure};
use duly_embedded::{Postgres, PostgresOptions, Scratch};
use serde_json::Value;

use crate::cargo::{self, Built, Targets, cargo, output};
use crate::install::{self, Servers};
use crate::project::Project;

/// The crate whose tables every service's schema holds beside its own.
const SHARED: &str = "platform";

/// A crate with SQL macros: its folder's name is its schema's.
struct SqlCrate {
    name: String,
    dir: PathBuf,
    /// The root file of each of its targets.
    roots: Vec<PathBuf>,
    /// Folders of our packages that it depends on: its schema holds the tables of those that have some.
    uses: Vec<String>,
}

/// A build whose macros asked a database, and what they were told.
pub struct LiveBuild {
    pub built: Built,
    crates: Vec<SqlCrate>,
    told: PathBuf,
}

/// `cargo xtask sqlx`.
pub fn run(project: &Project) -> Result<ExitCode> {
    let servers = install::all(project)?;
    let live = build(project, &servers)?;
    let changed = live.write()?;
    if changed.is_empty() {
        println!("sqlx: every .sqlx is as it was");
    }
    for line in changed {
        println!("sqlx: {line}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the workspace with every SQL macro asking a private Postgres that has each crate's schema.
pub fn build(project: &Project, servers: &Servers) -> Result<LiveBuild> {
    let crates = sql_crates(project)?;
    let scratch = Scratch::new("duly-sqlx")?;
    let mut postgres = Postgres::start(&PostgresOptions {
        dir: scratch.path().to_path_buf(),
        bin_dir: Some(servers.postgres.dir.clone()),
        ..PostgresOptions::default()
    })?;
    postgres.create_database("check")?;
    let told = project.tools("sqlx")?;
    for one in &crates {
        make_schema(&postgres, project, one, &crates)?;
        let dir = told.join(&one.name);
        if dir.exists() {
            fs::remove_dir_all(&dir).with_context(|| format!("clearing {}", dir.display()))?;
        }
        fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
        // cargo does not know that a macro asks a database: only a newer file makes it run again.
        for root in &one.roots {
            touch(root)?;
        }
    }
    let built = cargo::build(project, Targets::All, |command| {
        command.env("DULY_SQLX_CHECK", postgres.url("check"));
        command.env("DULY_SQLX_CHECK_DIR", &told);
    })?;
    postgres.stop()?;
    Ok(LiveBuild { built, crates, told })
}

impl LiveBuild {
    /// Each difference between what the macros were told and the `.sqlx` in the checkout.
    pub fn differences(&self) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        for one in &self.crates {
            let (told, kept) = (queries(&self.told.join(&one.name))?, queries(&one.dot_sqlx())?);
            for name in told.keys().chain(kept.keys()).collect::<BTreeSet<_>>() {
                let what = match (told.get(name), kept.get(name)) {
                    (Some(told), Some(kept)) if told == kept => continue,
                    (Some(_), Some(_)) => "differs",
                    (Some(_), None) => "is new",
                    _ => "is of no query any more",
                };
                lines.push(format!("{}/.sqlx/{name} {what}", one.name));
            }
        }
        Ok(lines)
    }

    /// Brings every `.sqlx` in the checkout up to date, touching only what differs.
    fn write(&self) -> Result<Vec<String>> {
        let lines = self.differences()?;
        for one in &self.crates {
            let dir = one.dot_sqlx();
            fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
            let (told, kept) = (queries(&self.told.join(&one.name))?, queries(&dir)?);
            for name in kept.keys().filter(|name| !told.contains_key(*name)) {
                fs::remove_file(dir.join(name)).with_context(|| format!("removing {name}"))?;
            }
            for (name, text) in told.iter().filter(|(name, text)| kept.get(*name) != Some(text)) {
                fs::write(dir.join(name), text).with_context(|| format!("writing {name}"))?;
            }
            // git keeps no empty folder, and the macros want one.
            let keep = dir.join(".gitkeep");
            if !keep.exists() {
                fs::write(&keep, "").with_context(|| format!("writing {}", keep.display()))?;
            }
        }
        Ok(lines)
    }
}

impl SqlCrate {
    fn dot_sqlx(&self) -> PathBuf {
        self.dir.join(".sqlx")
    }
}

/// The members with a `sqlx.toml`: those whose build script lets the macros read `.sqlx`.
fn sql_crates(project: &Project) -> Result<Vec<SqlCrate>> {
    let mut command = cargo(project);
    command.args(["metadata", "--no-deps", "--format-version=1"]);
    let metadata: Value = serde_json::from_str(&output(&mut command, "cargo metadata")?)
        .context("reading cargo metadata")?;
    let mut crates = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
        let Some(dir) = manifest.parent() else { continue };
        let Some(name) = dir.file_name().and_then(|name| name.to_str()) else { continue };
        if !dir.join("sqlx.toml").exists() {
            continue;
        }
        // Not the build script, which all of them share: it would count as changed for each.
        let roots = package["targets"].as_array().into_iter().flatten().filter(|target| {
            !target["kind"].as_array().is_some_and(|kinds| kinds.contains(&"custom-build".into()))
        });
        let roots = roots.filter_map(|target| target["src_path"].as_str().map(PathBuf::from));
        let uses = package["dependencies"].as_array().into_iter().flatten();
        let uses = uses.filter(|used| used["kind"].is_null() && !used["path"].is_null());
        crates.push(SqlCrate {
            name: name.to_owned(),
            dir: dir.to_path_buf(),
            roots: roots.collect(),
            uses: uses.filter_map(|used| used["path"].as_str().map(str::to_owned)).collect(),
        });
    }
    ensure!(!crates.is_empty(), "no member of the workspace has a sqlx.toml");
    Ok(crates)
}

/// One schema with platform's tables, those that it shares with other services, and the crate's own, as a
/// migrated service has it.
fn make_schema(
    postgres: &Postgres,
    project: &Project,
    one: &SqlCrate,
    all: &[SqlCrate],
) -> Result<()> {
    let schema = format!("\"{}\"", one.name);
    let mut files = migrations(&project.root.join("crates").join(SHARED))?;
    let shared = all.iter().filter(|other| {
        other.name != SHARED && one.uses.iter().any(|used| Path::new(used) == other.dir)
    });
    for other in shared {
        files.extend(migrations(&other.dir)?);
    }
    if one.name != SHARED {
        files.extend(migrations(&one.dir)?);
    }
    let mut command: Command = postgres.psql("check");
    command.args(["-1", "-c", "SET client_min_messages = warning"]);
    command.args(["-c", &format!("CREATE SCHEMA {schema}")]);
    command.args(["-c", &format!("SET search_path = {schema}, public")]);
    for file in files {
        command.arg("-f").arg(file);
    }
    output(&mut command, &format!("migrating schema {schema} of the check database"))?;
    Ok(())
}

/// The migrations of a crate in the order in which they run.
fn migrations(dir: &Path) -> Result<Vec<PathBuf>> {
    let dir = dir.join("migrations");
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(&dir).with_context(|| format!("reading {}", dir.display()))? {
        let path = entry.with_context(|| format!("reading {}", dir.display()))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.ends_with(".sql") {
            continue;
        }
        let Some(version) = name.split('_').next().and_then(|v| v.parse::<u64>().ok()) else {
            bail!("{} does not begin with a number", path.display());
        };
        files.push((version, path));
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// The query files of a folder by name; none where there is no folder.
fn queries(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let Ok(entries) = fs::read_dir(dir) else { return Ok(files) };
    for entry in entries {
        let path = entry.with_context(|| format!("reading {}", dir.display()))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name.ends_with(".json") {
            let text = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            files.insert(name, text);
        }
    }
    Ok(files)
}

fn touch(path: &Path) -> Result<()> {
    let file = File::options().append(true).open(path);
    file.and_then(|file| file.set_modified(SystemTime::now()))
        .with_context(|| format!("touching {}", path.display()))
}
