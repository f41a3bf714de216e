//! Files that others read: each appears under its name only once all of it is on the disk, so that a
//! hand-over that was cut off can be done again. Blocking: for `spawn_blocking`.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use duly_domain::IdSource as _;

use crate::ids::SystemIds;

/// Writes a file beside its place and renames it into it. A file of the name is replaced.
///
/// # Errors
/// The disk's; nothing is left behind then.
pub fn place(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    // Another worker may write the same file: each has a part of its own, and either is whole.
    let part = folder.join(format!(".{name}.{}.part", SystemIds.uuid().simple()));
    let written = (|| {
        let mut file = File::create(&part)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&part, folder.join(name))
    })();
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}

/// Makes the names in a folder outlive a power cut.
///
/// # Errors
/// The disk's.
pub fn sync_dir(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
