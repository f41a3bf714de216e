//! Parts of ARCHITECTURE.md that are generated from the registered services, and tested.

use std::{fs, path::Path};

/// Fails unless the part between `<!-- NAME:begin .. -->` and `<!-- NAME:end -->` is this table;
/// writes it with `DULY_TEST_BLESS=1`.
pub fn assert_shown(name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ARCHITECTURE.md");
    let text = fs::read_to_string(&path).expect("ARCHITECTURE.md is readable");
    let begin =
        format!("<!-- {name}:begin (generated: DULY_TEST_BLESS=1 cargo xtask test the_) -->\n");
    let end = format!("<!-- {name}:end -->");
    let (head, rest) = text.split_once(&begin).expect("ARCHITECTURE.md has the mark of the table");
    let (shown, tail) = rest.split_once(&end).expect("ARCHITECTURE.md has the table's end");
    if std::env::var_os("DULY_TEST_BLESS").is_some() {
        let blessed = format!("{head}{begin}{table}{end}{tail}");
        fs::write(&path, blessed).expect("ARCHITECTURE.md is writable");
    } else {
        assert_eq!(shown, table, "run DULY_TEST_BLESS=1 cargo xtask test the_");
    }
}
