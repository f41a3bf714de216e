//! One living owner for each data directory, and the end of servers whose owner died.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::daemon::POLL;

/// Takes the lock on `dir`, which the kernel lets go of when we end in any way; its text says who holds it.
pub(crate) fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("lock");
    let mut file = OpenOptions::new()
        .create(true)
        .read(true)
        .write(true)
        .truncate(false)
        .open(&path)
        .with_context(|| format!("opening {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            let _ = file.read_to_string(&mut owner);
            bail!(
                "the data directory {} is in use by process {}: stop that one first, or choose another \
                 data directory",
                dir.display(),
                owner.trim()
            );
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("locking {}", path.display()));
        }
    }
    let written = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    written.with_context(|| format!("writing {} (is its disk full?)", path.display()))?;
    Ok(file)
}

/// Ends the server that a killed owner left running on `data`, going by the first line of its pid file.
/// Only to be called under the [`lock`]: then no living owner has it.
pub(crate) fn end_leftover(pid_file: &Path, data: &Path, signal: Signal) -> Result<()> {
    /// A clean stop may write a checkpoint.
    const PATIENCE: Duration = Duration::from_secs(60);

    let Ok(text) = fs::read_to_string(pid_file) else { return Ok(()) };
    let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
    if let Some(pid) = pid.and_then(Pid::from_raw) {
        let started = Instant::now();
        if serves(pid, data) {
            let _ = kill_process(pid, signal);
        }
        while serves(pid, data) {
            if started.elapsed() > PATIENCE {
                bail!(
                    "process {}, left over from an earlier run on {}, does not stop: end it by hand",
                    pid.as_raw_nonzero(),
                    data.display()
                );
            }
            thread::sleep(POLL);
        }
    }
    // The number may belong to another program by now, which Postgres would take for itself.
    match fs::remove_file(pid_file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", pid_file.display()))
        }
        _ => Ok(()),
    }
}

/// Whether `pid` is a live process whose command line names `data`.
fn serves(pid: Pid, data: &Path) -> bool {
    if test_kill_process(pid) == Err(rustix::io::Errno::SRCH) {
        return false;
    }
    let number = pid.as_raw_nonzero().to_string();
    let line = fs::read(format!("/proc/{number}/cmdline")).or_else(|_| {
        Command::new("ps").args(["-o", "command=", "-p", &number]).output().map(|o| o.stdout)
    });
    line.is_ok_and(|line| String::from_utf8_lossy(&line).contains(&*data.to_string_lossy()))
}
