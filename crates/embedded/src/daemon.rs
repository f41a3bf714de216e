//! A server as a child process that cannot outlive us.
//!
//! Beside each server runs a watcher: a shell that waits for the end of a pipe we hold open. When we
//! die, however suddenly, the kernel closes the pipe and the watcher signals the server. (Linux' own
//! parent-death signal needs `unsafe` code between fork and exec.)

use std::fs::{self, File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// Waits between two looks at a process or a port.
pub(crate) const POLL: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(crate) struct Daemon {
    name: &'static str,
    child: Child,
    watcher: Child,
}

impl Daemon {
    /// Starts `command` in a process group of its own, so that a terminal's Ctrl-C reaches us alone and
    /// we stop the servers in order. Its output goes to `log`; a watcher sends it `orphaned` (as `kill`
    /// spells it) should we die.
    pub(crate) fn spawn(
        name: &'static str,
        command: &mut Command,
        log: &Path,
        orphaned: &str,
    ) -> Result<Self> {
        let out = open_log(log)?;
        let err = out.try_clone().with_context(|| format!("opening {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {:?}", command.get_program()))?;
        let pid = child.id().to_string();
        let watcher = Command::new("sh")
            .args(["-c", "read -r _; kill -s \"$1\" \"$2\"", "sh", orphaned, &pid])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        match watcher {
            Ok(watcher) => Ok(Self { name, child, watcher }),
            Err(error) => {
                signal(&child, Signal::KILL);
                Err(error).with_context(|| format!("starting the watcher of {name} (`sh`)"))
            }
        }
    }

    /// The process number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, or `None` while it runs.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().with_context(|| format!("looking at {}", self.name))
    }

    /// Asks it to end by `gentle`, kills it when it has not after `patience`, and waits until it is gone.
    pub(crate) fn end(&mut self, gentle: Signal, patience: Duration) -> Result<()> {
        let started = Instant::now();
        if self.ended()?.is_none() {
            signal(&self.child, gentle);
        }
        while self.ended()?.is_none() {
            if started.elapsed() > patience {
                signal(&self.child, Signal::KILL);
                self.child.wait().with_context(|| format!("waiting for {}", self.name))?;
                self.dismiss_watcher();
                bail!("{} did not stop within {} s and was killed", self.name, patience.as_secs());
            }
            thread::sleep(POLL);
        }
        self.dismiss_watcher();
        Ok(())
    }

    /// Only once the server is reaped: until then its number cannot belong to anybody else.
    fn dismiss_watcher(&mut self) {
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
    }
}

fn signal(child: &Child, signal: Signal) {
    // A process that is gone already has what we want.
    let _ = kill_process(Pid::from_child(child), signal);
}

/// Begun anew at each start, for an error quotes it; the one before is kept as `.old`.
fn open_log(path: &Path) -> Result<File> {
    if path.exists() {
        let _ = fs::rename(path, path.with_extension("log.old"));
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("opening the log {}", path.display()))
}
