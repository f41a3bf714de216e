//! Golden bytes per event, kept for ever: what a version told years ago must still decode to the same
//! event, and today's version must tell the same bytes. `DULY_TEST_BLESS=1` writes the file of a kind
//! that has none; it never rewrites one.

use std::{fmt::Debug, fs, path::Path};

use duly_proto::{Event, contact, intake, letters, payments, skiptrace, workflow};
use samples::meta;

mod samples;

/// Every kind has a sample, told and read with the bytes of its file.
fn assert_golden<E: Event + PartialEq + Debug>(facts: Vec<E::Fact>) {
    let kinds: Vec<_> = facts.into_iter().map(|fact| assert_bytes::<E>(fact, "")).collect();
    assert_eq!(kinds, E::KINDS, "every kind has a sample");
}

/// The sample is told and read with the bytes of the file of its kind and this suffix.
fn assert_bytes<E: Event + PartialEq + Debug>(fact: E::Fact, suffix: &str) -> &'static str {
    let event = E::new(meta(), fact);
    let kind = event.kind().expect("a sample carries a fact");
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let path = dir.join(format!("{}.{kind}{suffix}.hex", E::SERVICE));
    let bytes = event.encode_to_vec();
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect::<String>() + "\n";
    if std::env::var_os("DULY_TEST_BLESS").is_some() && !path.exists() {
        fs::write(&path, &hex).expect("the golden file is writable");
    }
    let golden = fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{kind} has no golden bytes; run with DULY_TEST_BLESS=1"));
    assert_eq!(golden, hex, "{kind} is no longer told with the bytes that it was told with");
    let then: Vec<u8> = (0..golden.trim().len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&golden[at..at + 2], 16).expect("hex"))
        .collect();
    assert_eq!(E::decode(then.as_slice()).expect("old bytes decode"), event, "{kind}");
    kind
}

#[test]
fn intakes_events_keep_their_bytes() {
    assert_golden::<intake::v1::Event>(samples::intake::facts());
}

#[test]
fn skiptraces_events_keep_their_bytes() {
    assert_golden::<skiptrace::v1::Event>(samples::skiptrace::facts());
}

#[test]
fn contacts_events_keep_their_bytes() {
    assert_golden::<contact::v1::Event>(samples::contact::facts());
}

#[test]
fn letters_events_keep_their_bytes() {
    assert_golden::<letters::v1::Event>(samples::letters::facts());
}

#[test]
fn payments_events_keep_their_bytes() {
    assert_golden::<payments::v1::Event>(samples::payments::facts());
}

#[test]
fn workflows_events_keep_their_bytes() {
    assert_golden::<workflow::v1::Event>(samples::workflow::facts());
}

#[test]
fn what_was_added_to_a_kind_keeps_its_bytes_too() {
    for fact in samples::intake::added() {
        assert_bytes::<intake::v1::Event>(fact, ".2");
    }
    for fact in samples::payments::added() {
        assert_bytes::<payments::v1::Event>(fact, ".2");
    }
}
