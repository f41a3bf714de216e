//! Mappings that are wrong say where and what to do.

use duly_placement::{Mapping, MappingError, OpenError};

use crate::open;

const SIMPLE: &str = "
client: {constant: NORTH}
account_ref: ref
debt_class: {constant: commercial}
currency: {constant: USD}
balance: amount
debtor: {name: name, kind: {constant: business}}
";

fn refused(yaml: &str) -> String {
    Mapping::parse(yaml).expect_err("the mapping was taken").to_string()
}

fn refused_with(line: &str) -> String {
    refused(&format!("{SIMPLE}{line}\n"))
}

#[test]
fn an_unknown_key_is_named_with_the_known_ones() {
    let error = refused_with("acount_ref: ref");
    assert!(error.contains("acount_ref") && error.contains("account_ref"), "{error}");
    let error = refused_with("item: {amount: amount, nummer: n}");
    assert!(error.contains("nummer") && error.contains("number"), "{error}");
    let error = refused("client: NORTH\n");
    assert!(error.contains("missing field"), "{error}");
    let error = refused_with("open_filter: [{column: a, op: '=<', value: b}]");
    assert!(error.contains("<="), "{error}");
    let error = refused_with("service_kind: {column: a, constant: b}");
    assert!(error.contains("either `column` or `constant`"), "{error}");
}

#[test]
fn a_key_that_cannot_be_used_says_which_and_the_remedy() {
    let cases = [
        ("service_kind: {constant: collect}", "`service_kind`", "contingency"),
        ("original_creditor: {constant: ' '}", "`original_creditor`", "leave the key out"),
        ("original_creditor: ''", "`original_creditor`", "name a column"),
        ("original_creditor: {column: a, format: YYYYMMDD}", "`original_creditor`", "`format`"),
        ("original_creditor: {column: a, thousands: true}", "`original_creditor`", "`thousands`"),
        ("item: {amount: {constant: '5'}}", "`item.amount`", "name its column"),
        ("item: {amount: a, due_date: {constant: soon}}", "`item.due_date`", "in that form"),
        ("group_by: [ref]", "`item`", "`item.amount`"),
        ("days_overdue: {at_least: 3}", "`days_overdue.due`", "`item.due_date`"),
        ("payments: {on: paid}", "`payments.amount`", "column of the paid amount"),
        ("known_facts: [{kind: {constant: cease}}]", "`known_facts[0].when`", "condition"),
        ("open_filter: [{column: a, op: '='}]", "`open_filter[0].value`", "as_of"),
        ("open_filter: [{column: a, op: empty, value: x}]", "`open_filter[0].value`", "leave"),
        ("open_filter: [{column: a, op: '<', value: x}]", "`open_filter[0].value`", "as: text"),
        (
            "open_filter: [{column: a, op: '<', as: date, value: x}]",
            "`open_filter[0].value`",
            "date",
        ),
        ("csv: {delimiter: '\"'}", "`csv.delimiter`", "ASCII"),
    ];
    for (line, key, remedy) in cases {
        let error = refused_with(line);
        assert!(error.contains(key) && error.contains(remedy), "{line}: {error}");
    }
    let error = refused(&SIMPLE.replace("account_ref: ref", ""));
    assert!(error.contains("`account_ref`") && error.contains("reference"), "{error}");
    let error = refused(&SIMPLE.replace("balance: amount", ""));
    assert!(error.contains("`balance`") && error.contains("item.amount"), "{error}");
    let error = refused(&SIMPLE.replace("constant: USD", "constant: Dollars"));
    assert!(error.contains("`currency`") && error.contains("ISO 4217"), "{error}");
}

#[test]
fn missing_columns_are_all_named_with_what_the_file_has() {
    let error = open(b"ref,sum,debtor\n", SIMPLE, "2026-01-31").err().unwrap();
    let OpenError::Mapping(MappingError::MissingColumns { missing, .. }) = &error else {
        panic!("{error}");
    };
    assert_eq!(missing.len(), 2);
    let error = error.to_string();
    assert!(error.contains("`amount` (mapping key `balance`)"), "{error}");
    assert!(error.contains("`name` (mapping key `debtor.name`)"), "{error}");
    assert!(error.contains("it has: ref, sum, debtor"), "{error}");
}

#[test]
fn a_file_without_a_header_is_refused_without_repeating_its_first_row() {
    let error = open(b"17,12.50,Ada Lovelace\n", SIMPLE, "2026-01-31").err().unwrap().to_string();
    assert!(error.contains("header line") && error.contains("3 fields"), "{error}");
    assert!(!error.contains("Lovelace"), "{error}");
}

#[test]
fn a_header_that_cannot_be_read_is_an_error_of_the_file() {
    let said = |csv: &[u8]| open(csv, SIMPLE, "2026-01-31").err().unwrap().to_string();
    assert!(said(b"").contains("the file is empty"));
    assert!(said(b"ref,amount,\"name\n1,2,3\n").contains("does not end"));
    assert!(said(b"ref,amount,n\xE9me\n").contains("not UTF-8"));
    assert!(said(b"ref,amount,name,ref\n").contains("`ref` stands more than once"));
}
