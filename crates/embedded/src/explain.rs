//! Turns the last lines of a server's log into an error that names the remedy.

use std::fs;
use std::path::Path;

/// Lines of the log that an error carries.
const LINES: usize = 12;

/// The end of `log`, with the remedy first where the cause is a known one.
pub(crate) fn from_log(log: &Path, dir: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    match text {
        Ok(text) if !text.trim().is_empty() => from_text(&text, dir),
        Ok(_) => format!("its log {} is empty", log.display()),
        Err(error) => format!("its log {} cannot be read ({error})", log.display()),
    }
}

/// The same for a text already in hand.
pub(crate) fn from_text(text: &str, dir: &Path) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let tail = lines[lines.len().saturating_sub(LINES)..].join("\n  ");
    match remedy(&tail, dir) {
        Some(remedy) => format!("{remedy}\n  {tail}"),
        None => format!("it said:\n  {tail}"),
    }
}

/// Whether the log's end says that the port was taken, so that another one is worth a try.
pub(crate) fn port_taken(log: &Path) -> bool {
    fs::read(log).is_ok_and(|bytes| {
        let text = String::from_utf8_lossy(&bytes);
        text.contains("could not bind") || text.contains("address already in use")
    })
}

fn remedy(tail: &str, dir: &Path) -> Option<String> {
    let dir = dir.display();
    if tail.contains("No space left on device") || tail.contains("no space left on device") {
        Some(format!("the disk that holds {dir} is full: free some space there or choose another"))
    } else if tail.contains("could not bind") || tail.contains("address already in use") {
        Some("its port is taken: stop the program that listens there or choose another".to_owned())
    } else if tail.contains("Permission denied") || tail.contains("permission denied") {
        Some(format!("{dir} holds files of another account: run as that account or choose another"))
    } else if tail.contains("could not map anonymous shared memory")
        || tail.contains("Cannot allocate memory")
    {
        Some("this machine has too little free memory for it (it asks for 256 MB)".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_with_its_remedy() {
        let log = "LOG: starting\nFATAL: could not write lock file: No space left on device\n";
        let said = from_text(log, Path::new("/data/x"));
        assert!(said.starts_with("the disk that holds /data/x is full"), "{said}");
        assert!(said.contains("could not write lock file"), "{said}");
    }

    #[test]
    fn an_unknown_fault_keeps_the_last_lines_only() {
        let log: String = (0..40).map(|n| format!("line {n}\n")).collect();
        let said = from_text(&log, Path::new("/d"));
        assert!(said.starts_with("it said:") && said.contains("line 39"), "{said}");
        assert!(!said.contains("line 20"), "{said}");
    }
}
