//! A data directory for one run, removed with it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use rustix::process::{Pid, test_kill_process};

/// Tells the folders of one process apart: tests that run as its threads may use one name.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// A new folder in the system's temporary folder, named after this process, removed on drop.
///
/// The temporary folder and not the checkout: as root the servers run as another account, which can
/// seldom enter a checkout, and socket paths must stay short.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// Makes `<temp>/<name>-<pid>-<n>` and removes those that killed runs of the same name left behind.
    pub fn new(name: &str) -> Result<Self> {
        let temp = env::temp_dir();
        sweep(&temp, name);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = temp.join(format!("{name}-{}-{n}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self { path })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Whatever stays behind is swept by the next run.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes `<name>-<pid>-<n>` folders whose process is gone.
fn sweep(temp: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(temp) else { return };
    for entry in entries.flatten() {
        let file_name = entry.file_name();
        let pid = file_name
            .to_str()
            .and_then(|text| text.strip_prefix(name)?.strip_prefix('-')?.split_once('-'))
            .and_then(|(pid, _)| pid.parse::<i32>().ok())
            .and_then(Pid::from_raw);
        let Some(pid) = pid else { continue };
        if test_kill_process(pid) == Err(rustix::io::Errno::SRCH) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_process_left_is_swept_and_what_lives_is_kept() {
        let first = Scratch::new("duly-swept").unwrap();
        // No process has the highest number that the type can hold.
        let left = env::temp_dir().join(format!("duly-swept-{}-1", i32::MAX));
        fs::create_dir_all(left.join("data")).unwrap();
        let second = Scratch::new("duly-swept").unwrap();
        assert!(!left.exists());
        assert!(first.path().exists() && first.path() != second.path());
        let path = second.path().to_path_buf();
        drop(second);
        assert!(!path.exists());
    }
}
