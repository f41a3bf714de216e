//! Files that the user named: what is wrong with one of them, and what to do about it.

use std::{
    env,
    io::{self, ErrorKind},
    path::Path,
};

use anyhow::Error;

/// The error of doing something with a file (`reading the mapping`), with the remedy where the cause is
/// a known one.
pub fn trouble(doing: &str, path: &Path, error: io::Error) -> Error {
    let named = format!("{doing} {}", path.display());
    match in_words(kind_of(&error), path) {
        Some(words) => anyhow::anyhow!("{named}: {words}"),
        None => Error::new(error).context(named),
    }
}

/// The same of standard output.
pub fn trouble_of_output(error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => anyhow::anyhow!(
            "writing to standard output: its disk is full; free some space there, or write it elsewhere"
        ),
        _ => Error::new(error).context("writing to standard output"),
    }
}

/// What the file itself said: the writer of CSV wraps it.
fn kind_of(error: &io::Error) -> ErrorKind {
    let wrapping = error.get_ref().and_then(|inner| inner.downcast_ref::<csv::Error>());
    match wrapping.map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(file)) => file.kind(),
        _ => error.kind(),
    }
}

fn in_words(kind: ErrorKind, path: &Path) -> Option<String> {
    let words = match kind {
        ErrorKind::NotFound if path.is_relative() => match env::current_dir() {
            Ok(dir) => {
                return Some(format!(
                    "it does not exist; correct the path, which begins in {}",
                    dir.display()
                ));
            }
            Err(_) => "it does not exist; write the path from / on",
        },
        ErrorKind::NotFound => "it does not exist; correct the path",
        ErrorKind::PermissionDenied => {
            "this account may not do that; change the file's permissions, or run this as its owner"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "its disk is full; free some space there, or name a place on another disk"
        }
        ErrorKind::ReadOnlyFilesystem => "its disk is read-only; name a place on another disk",
        ErrorKind::IsADirectory => "it is a folder; name a file",
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "a file stands where a folder should; correct the path"
        }
        ErrorKind::InvalidData => "it is not UTF-8 text; save it as UTF-8",
        _ => return None,
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_trouble_names_file_and_remedy_and_another_its_cause() {
        let said = |path: &str, error| format!("{:#}", trouble("reading", Path::new(path), error));
        assert_eq!(
            said("/a/b.csv", io::Error::from(ErrorKind::NotFound)),
            "reading /a/b.csv: it does not exist; correct the path"
        );
        let relative = said("b.csv", io::Error::from(ErrorKind::NotFound));
        assert!(relative.contains("correct the path, which begins in /"), "{relative}");
        let full = io::Error::from_raw_os_error(28);
        assert!(said("/a", full).contains("its disk is full; free some space there"));
        let wrapped = io::Error::from(csv::Error::from(io::Error::from_raw_os_error(28)));
        assert!(said("/a", wrapped).contains("its disk is full; free some space there"));
        assert_eq!(said("/a", io::Error::other("on fire")), "reading /a: on fire");
    }
}
