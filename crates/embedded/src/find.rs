//! Finding the server programs on this machine, and refusing those that are too old.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};

/// The oldest PostgreSQL that Duly runs on.
pub const POSTGRES_MIN: u32 = 15;

/// The oldest nats-server that Duly runs on: major and minor version.
pub const NATS_MIN: (u32, u32) = (2, 10);

/// Where Debian and Ubuntu put each major version of PostgreSQL.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";

const WHY_NOT_OLDER_NATS: &str = "servers before 2.10 silently drop newer settings, such as a \
                                  consumer's list of subjects, and answer success";

/// A folder with the programs of one PostgreSQL version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresBinaries {
    /// The folder that holds `postgres` and `initdb`.
    pub dir: PathBuf,
    /// The major version, e.g. 15.
    pub major: u32,
}

impl PostgresBinaries {
    /// The `psql` that belongs to these programs, else the one on PATH.
    pub fn psql(&self) -> PathBuf {
        let own = self.dir.join("psql");
        if own.exists() { own } else { PathBuf::from("psql") }
    }
}

/// A nats-server program that is new enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatsServer {
    /// The program.
    pub path: PathBuf,
    /// Its version, e.g. `2.15.1`.
    pub version: String,
}

/// Finds PostgreSQL: in `given` alone, else in `DULY_PG_BIN` alone, else by `pg_config --bindir`, Debian's
/// folders (newest first) and PATH. `major` asks for one version, that of an existing data directory.
pub fn find_postgres(given: Option<&Path>, major: Option<u32>) -> Result<PostgresBinaries> {
    let told = given.map(Path::to_path_buf).or_else(|| env::var_os("DULY_PG_BIN").map(Into::into));
    if let Some(dir) = told {
        let found = postgres_in(&dir).with_context(|| {
            format!(
                "{} holds no `postgres` and `initdb` that run: correct DULY_PG_BIN, or unset it to \
                 have them looked for",
                dir.display()
            )
        })?;
        return choose_postgres(vec![found], major);
    }
    let mut folders = Vec::new();
    if let Some(dir) = pg_config_bindir() {
        folders.push(dir);
    }
    folders.extend(debian_postgres());
    folders.extend(path_folders(env::var_os("PATH")));
    choose_postgres(folders.iter().filter_map(|dir| postgres_in(dir)).collect(), major)
}

fn choose_postgres(found: Vec<PostgresBinaries>, major: Option<u32>) -> Result<PostgresBinaries> {
    let seen: Vec<String> =
        found.iter().map(|one| format!("{} in {}", one.major, one.dir.display())).collect();
    let fits = |one: &PostgresBinaries| {
        one.major >= POSTGRES_MIN && major.is_none_or(|major| one.major == major)
    };
    if let Some(one) = found.into_iter().find(fits) {
        return Ok(one);
    }
    let seen = if seen.is_empty() { "none was found".to_owned() } else { seen.join(", ") };
    match major {
        Some(major) => bail!(
            "the data directory was made by PostgreSQL {major}, whose programs are not here ({seen}): \
             install that version (`apt-get install postgresql-{major}`), or name its folder in \
             DULY_PG_BIN, or start with an empty data directory"
        ),
        None => bail!(
            "no PostgreSQL {POSTGRES_MIN} or newer ({seen}): install it (`apt-get install \
             postgresql`), or name the folder of `postgres` and `initdb` in DULY_PG_BIN"
        ),
    }
}

/// The programs in `dir`, if both are there and run.
fn postgres_in(dir: &Path) -> Option<PostgresBinaries> {
    if !dir.join("initdb").exists() {
        return None;
    }
    // e.g. "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", or 19beta1 for the version
    let said = first_line(Command::new(dir.join("postgres")).arg("--version"))?;
    let version = said.split_whitespace().nth(2)?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    Some(PostgresBinaries { dir: dir.to_path_buf(), major: digits.parse().ok()? })
}

fn pg_config_bindir() -> Option<PathBuf> {
    first_line(Command::new("pg_config").arg("--bindir")).map(PathBuf::from)
}

fn debian_postgres() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(DEBIAN_POSTGRES) else { return Vec::new() };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let major = entry.file_name().to_str()?.parse().ok()?;
            Some((major, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    versions.into_iter().map(|(_, dir)| dir).collect()
}

/// Finds nats-server: `given` alone, else `DULY_NATS_SERVER` alone, else the first on PATH that is new
/// enough, else `<tools>/bin/nats-server`, where `tools` is the Python environment that `cargo xtask
/// install` makes: the one given, else `tools/venv` in the target directory that we were built in.
pub fn find_nats(given: Option<&Path>, tools: Option<&Path>) -> Result<NatsServer> {
    let told =
        given.map(Path::to_path_buf).or_else(|| env::var_os("DULY_NATS_SERVER").map(Into::into));
    let built = if tools.is_none() { built_tools() } else { None };
    find_nats_in(told, env::var_os("PATH"), tools.or(built.as_deref()))
}

/// `target/tools/venv`, seen from `target/debug/duly` or `target/debug/deps/it-0123`.
fn built_tools() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let mut folders = program.ancestors().skip(2).take(2).map(|dir| dir.join("tools/venv"));
    folders.find(|dir| dir.is_dir())
}

fn find_nats_in(
    told: Option<PathBuf>,
    path: Option<OsString>,
    tools: Option<&Path>,
) -> Result<NatsServer> {
    if let Some(told) = told {
        return nats_version(&told).map_err(|error| {
            anyhow!("{error}: correct DULY_NATS_SERVER, or unset it to have one looked for")
        });
    }
    let mut candidates: Vec<PathBuf> =
        path_folders(path).into_iter().map(|dir| dir.join("nats-server")).collect();
    candidates.extend(tools.map(|dir| dir.join("bin/nats-server")));
    let mut refused = Vec::new();
    for candidate in candidates.iter().filter(|candidate| candidate.is_file()) {
        match nats_version(candidate) {
            Ok(server) => return Ok(server),
            Err(error) => refused.push(error.to_string()),
        }
    }
    let (major, minor) = NATS_MIN;
    let refused = if refused.is_empty() { "none was found".to_owned() } else { refused.join("; ") };
    bail!(
        "no nats-server {major}.{minor} or newer ({refused}): `cargo xtask install` in Duly's source \
         installs one, or name the program in DULY_NATS_SERVER"
    )
}

/// The version of the nats-server at `path`; an error that says why when it is too old or does not run.
pub fn nats_version(path: &Path) -> Result<NatsServer> {
    // e.g. "nats-server: v2.15.1"
    let said = first_line(Command::new(path).arg("--version"))
        .with_context(|| format!("{} does not run as a nats-server", path.display()))?;
    let version = said.rsplit(['v', ' ']).next().unwrap_or_default();
    let mut parts = version.split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (parts.next(), parts.next()) else {
        bail!("{} answers `{said}` where a nats-server says its version", path.display());
    };
    if (major, minor) < NATS_MIN {
        bail!(
            "{} is version {version}, and {}.{} is the oldest that will do: {WHY_NOT_OLDER_NATS}",
            path.display(),
            NATS_MIN.0,
            NATS_MIN.1,
        );
    }
    Ok(NatsServer { path: path.to_path_buf(), version: version.to_owned() })
}

fn path_folders(path: Option<OsString>) -> Vec<PathBuf> {
    path.map(|path| env::split_paths(&path).filter(|dir| dir.is_absolute()).collect())
        .unwrap_or_default()
}

/// The first line a program prints, or `None` when it does not run or fails.
fn first_line(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(|line| line.trim().to_owned())
}

#[cfg(test)]
mod tests;
