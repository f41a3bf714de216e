//! Where things are: the checkout, the target directory and the tools kept in it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout that this program was built from.
pub struct Project {
    /// The folder of the workspace's Cargo.toml.
    pub root: PathBuf,
    /// cargo's target directory.
    pub target: PathBuf,
}

impl Project {
    pub fn find() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().unwrap_or(own).to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
        Self { target: root.join(target), root }
    }

    /// The Python environment that holds nats-server where PATH has none.
    pub fn nats_venv(&self) -> PathBuf {
        self.target.join("tools/venv")
    }

    /// A folder of ours below the target directory, made if missing.
    pub fn tools(&self, name: &str) -> Result<PathBuf> {
        let dir = self.target.join("tools").join(name);
        fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
        Ok(dir)
    }

    /// `path` as the user would write it from the checkout.
    pub fn short<'p>(&self, path: &'p Path) -> std::path::Display<'p> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
