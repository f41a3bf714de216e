//! Answers scenario files without the rest of Duly: `cargo run -p duly-scenario --example check FILE..`.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write as _, stdout};

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    let mut checker = duly_scenario::Checker::default();
    for file in std::env::args().skip(1) {
        let read = BufReader::new(File::open(&file)?);
        checker.file(read, &duly_scenario::Options { file }, &mut out)?;
    }
    out.flush()?;
    eprintln!("{:?}", checker.summary());
    Ok(())
}
