//! The tables as a whole.

use std::collections::BTreeSet;

use super::*;

fn every() -> impl Iterator<Item = &'static Duty> {
    BOOK.iter().chain([&agency::AGENCY]).flat_map(|table| table.iter())
}

#[test]
fn every_code_stands_once() {
    let codes: BTreeSet<_> = every().map(|duty| duty.code).collect();
    assert_eq!(codes.len(), every().count());
}

#[test]
fn every_duty_has_a_test_of_its_own() {
    let tests = [
        include_str!("part_1006.rs"),
        include_str!("federal.rs"),
        include_str!("states.rs"),
        include_str!("service.rs"),
        include_str!("timers.rs"),
        include_str!("agency_due.rs"),
    ];
    for duty in every() {
        let named = format!("\"{}\"", duty.code);
        assert!(tests.iter().any(|file| file.contains(&named)), "{} is not tested", duty.code);
    }
}

#[test]
fn every_duty_says_in_plain_words_what_is_owed_and_what_meets_it() {
    for duty in every() {
        assert!(duty.what.len() > 20 && !duty.what.ends_with('.'), "{}", duty.code);
        assert!(!duty.met.is_empty(), "{}", duty.code);
        assert!(!duty.opens.is_empty(), "{}", duty.code);
    }
}

#[test]
fn an_obligation_is_stored_and_read_again() {
    let mut facts = consumer();
    spoken()(&mut facts, ny("2026-07-01T10:00"));
    for owed in due(&facts, ny("2026-07-20T10:00")) {
        let stored = serde_json::to_string(&owed.shown()).unwrap();
        let read: Shown = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, owed.shown());
    }
}
