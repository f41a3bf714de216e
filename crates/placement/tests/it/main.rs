//! Files and mappings as clients write them, through the public door. All data is made up.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up is to fail")]

use std::io::Cursor;

use duly_domain::Date;
use duly_placement::{Mapping, OpenError, Placement, Record, RowError, Scan};

mod demo_mappings;
mod grouping;
mod mapping;
mod properties;
mod rows;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn open(csv: &[u8], yaml: &str, as_of: &str) -> Result<Scan<Cursor<Vec<u8>>>, OpenError> {
    let mapping = Mapping::parse(yaml).unwrap_or_else(|error| panic!("{error}"));
    Scan::open(Cursor::new(csv.to_vec()), &mapping, day(as_of))
}

fn scan(csv: &str, yaml: &str, as_of: &str) -> Scan<Cursor<Vec<u8>>> {
    open(csv.as_bytes(), yaml, as_of).unwrap_or_else(|error| panic!("{error}"))
}

fn records(scan: &mut Scan<Cursor<Vec<u8>>>) -> Vec<Record> {
    scan.records().unwrap().map(Result::unwrap).collect()
}

/// The placements and the errors of a file.
fn read(csv: &str, yaml: &str, as_of: &str) -> (Vec<Placement>, Vec<RowError>) {
    let mut placements = Vec::new();
    let mut errors = Vec::new();
    for record in records(&mut scan(csv, yaml, as_of)) {
        match record.outcome {
            Ok(placement) => placements.push(placement),
            Err(error) => errors.push(error),
        }
    }
    (placements, errors)
}

/// Line, field and code of each error.
fn told(errors: &[RowError]) -> Vec<(u64, &str, &'static str)> {
    errors.iter().map(|error| (error.line, error.field.as_str(), error.code.as_str())).collect()
}
