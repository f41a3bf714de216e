//! The account that Postgres runs as: `initdb` and `postgres` refuse root, so root lends them the
//! account `postgres`, which must then be able to reach the data directory.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Whoever is to run a server that refuses root.
#[derive(Debug, Clone)]
pub(crate) enum Account {
    /// We are not root: the server runs as we do.
    Ours,
    /// We are root: it runs as the account `postgres`.
    Postgres {
        /// Its user number.
        uid: u32,
        /// The number of its main group.
        gid: u32,
    },
}

impl Account {
    /// `Ours`, unless we are root.
    pub(crate) fn for_postgres() -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Ours);
        }
        Ok(Self::Postgres { uid: id("-u")?, gid: id("-g")? })
    }

    /// Lets `command` run as this account.
    pub(crate) fn lend<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        if let Self::Postgres { uid, gid } = *self {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Gives `path` to this account.
    pub(crate) fn own(&self, path: &Path) -> Result<()> {
        if let Self::Postgres { uid, gid } = *self {
            chown(path, Some(uid), Some(gid))
                .with_context(|| format!("giving {} to the account postgres", path.display()))?;
        }
        Ok(())
    }

    /// Fails when this account cannot reach `dir` (absolute), naming the first folder in its way.
    pub(crate) fn ensure_reaches(&self, dir: &Path) -> Result<()> {
        let Self::Postgres { .. } = self else { return Ok(()) };
        if self.reaches(dir)? {
            return Ok(());
        }
        let mut folders: Vec<PathBuf> = dir.ancestors().map(Path::to_path_buf).collect();
        folders.reverse();
        for folder in folders {
            if !self.reaches(&folder)? {
                let mode = folder.metadata().map_or(0, |data| data.mode() & 0o7777);
                bail!(
                    "the account postgres cannot enter {folder} (mode {mode:04o}), and as root only \
                     that account can run Postgres in {dir}: run `chmod o+x {folder}`, or choose a \
                     data directory elsewhere, for instance below /var/tmp",
                    folder = folder.display(),
                    dir = dir.display(),
                );
            }
        }
        Ok(())
    }

    /// Asks the kernel, as the account, rather than reading mode bits: access lists count too.
    fn reaches(&self, dir: &Path) -> Result<bool> {
        let mut command = Command::new("test");
        command.arg("-x").arg(dir).current_dir("/").stdin(Stdio::null());
        let status = self.lend(&mut command).status().context("running `test -x`")?;
        Ok(status.success())
    }
}

/// `id -u postgres` or `id -g postgres`: asks the system's own directory, wherever it keeps accounts.
fn id(what: &str) -> Result<u32> {
    let output = Command::new("id").args([what, "postgres"]).output().context("running `id`")?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().ok().with_context(|| {
        "there is no account `postgres`, and as root only that account can run Postgres: install the \
         system's package (`apt-get install postgresql`), or run this as another user than root"
    })
}
