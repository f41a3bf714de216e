//! Files in which each row is a claim, and everything that can be wrong with a row.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use duly_domain::{ClaimItemKind, Currency, DebtorKind, KnownFactKind, Money, PartyRole};
use duly_placement::{Mapping, Scan};

use crate::{day, open, read, records, scan, told};

const MAPPING: &str = "
date_format: M/D/YYYY
csv: {delimiter: ';'}
client: creditor
account_ref: ref
debt_class: {constant: consumer}
currency: currency
balance: {column: balance, thousands: true}
debtor:
  name: name
  kind: {constant: person}
  address: {lines: [street, flat], city: city, region: st, postal_code: zip}
  phones: [home, cell]
  emails: [mail]
  national_id: ssn
  birth_date: {column: born, format: YYYYMMDD}
guarantors:
  - {name: cosigner, kind: {constant: person}, role: {constant: co_debtor}}
known_facts:
  - {kind: {constant: attorney}, detail: lawyer, party: debtor,
     when: [{column: lawyer, op: not_empty}]}
  - {kind: fact, since: fact_on}
";

const HEADER: &str = "creditor;ref;currency;balance;name;street;flat;city;st;zip;home;cell;mail;\
                      ssn;born;cosigner;lawyer;fact;fact_on";

fn row(changes: &[(&str, &str)]) -> String {
    let sound = "NORTH;A-1;USD;1,234.50; Ada Lovelace ;1 Oak St;;Boston;MA;02108;617-555-0123;\
                 (617) 555-0199;ada@example.com;219-09-9999;19151210;;;;";
    let cells = HEADER.split(';').zip(sound.split(';')).map(|(column, cell)| {
        let change = changes.iter().find(|(changed, _)| *changed == column);
        change.map_or(cell, |(_, value)| value)
    });
    cells.collect::<Vec<_>>().join(";")
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[test]
fn a_row_becomes_a_placement_with_texts_as_written() {
    let (placements, errors) = read(&file(&[row(&[])]), MAPPING, "2026-01-31");
    assert!(errors.is_empty(), "{errors:?}");
    let placement = &placements[0];
    assert_eq!((placement.line, placement.client_ref.as_str()), (2, "NORTH"));
    assert_eq!(placement.account_ref, "A-1");
    assert_eq!(placement.amount, Money::new(123_450, Currency::USD));
    assert!(placement.items.is_empty() && placement.known_facts.is_empty());
    let [debtor] = placement.parties.as_slice() else { panic!("one party") };
    assert_eq!((debtor.role, debtor.kind), (PartyRole::Principal, DebtorKind::Person));
    assert_eq!(debtor.name.expose(), "Ada Lovelace");
    let address = debtor.address.as_ref().unwrap().expose();
    assert_eq!(
        (address.lines.as_slice(), address.country.as_str()),
        (&["1 Oak St".to_owned()][..], "US")
    );
    let phones: Vec<_> = debtor.phones.iter().map(|phone| phone.expose().as_str()).collect();
    assert_eq!(phones, ["617-555-0123", "(617) 555-0199"]);
    assert_eq!(debtor.national_id.as_ref().unwrap().expose(), "219-09-9999");
    assert_eq!(*debtor.birth_date.as_ref().unwrap().expose(), day("1915-12-10"));
}

#[test]
fn guarantors_and_known_facts_are_there_where_their_cells_are() {
    let changes = [
        ("cosigner", "Mary Somerville"),
        ("lawyer", "Osei, Esq."),
        ("fact", "language"),
        ("fact_on", "1/5/2026"),
        ("street", ""),
        ("city", ""),
        ("st", ""),
        ("zip", ""),
    ];
    let (placements, _) = read(&file(&[row(&changes)]), MAPPING, "2026-01-31");
    let placement = &placements[0];
    assert_eq!(placement.parties[1].role, PartyRole::CoDebtor);
    assert_eq!(placement.parties[0].address, None);
    let facts: Vec<_> =
        placement.known_facts.iter().map(|fact| (fact.kind, fact.party, fact.since)).collect();
    assert_eq!(
        facts,
        [
            (KnownFactKind::Attorney, Some(0), None),
            (KnownFactKind::Language, None, Some(day("2026-01-05"))),
        ]
    );
}

/// What no error may repeat.
const SECRET: &str = "219099999secret";

#[test]
fn every_bad_row_has_its_line_field_and_code_and_the_good_rows_are_placed() {
    let long = "x".repeat(5_000);
    let cases = [
        (vec![("balance", "12O.50")], "balance", "invalid_amount"),
        (vec![("balance", SECRET)], "balance", "invalid_amount"),
        (vec![("balance", "12.345")], "balance", "amount_too_precise"),
        (vec![("balance", "99999999999999999999")], "balance", "amount_too_large"),
        (vec![("balance", "")], "balance", "missing_value"),
        (vec![("balance", "0.00")], "balance", "amount_not_positive"),
        (vec![("balance", "-5")], "balance", "amount_not_positive"),
        (vec![("born", "19990230")], "born", "no_such_date"),
        (vec![("born", SECRET)], "born", "invalid_date"),
        (vec![("fact", "cease"), ("fact_on", "2/30/2026")], "fact_on", "no_such_date"),
        (vec![("currency", "XQZ")], "currency", "unknown_currency"),
        (vec![("currency", SECRET)], "currency", "unknown_currency"),
        (vec![("fact", SECRET)], "fact", "unknown_term"),
        (vec![("name", "  ")], "name", "missing_value"),
        (vec![("creditor", "")], "creditor", "missing_value"),
        (vec![("ref", "")], "ref", "missing_value"),
        (vec![("name", long.as_str())], "name", "field_too_long"),
        (vec![("name", "Ada;Lovelace")], "", "wrong_field_count"),
        (vec![("name", "\"Ada\" Lovelace")], "name", "invalid_quote"),
    ];
    let mut rows = Vec::new();
    for (changes, _, _) in &cases {
        rows.push(row(changes));
        rows.push(row(&[]));
    }
    let (placements, errors) = read(&file(&rows), MAPPING, "2026-01-31");
    assert_eq!(placements.len(), cases.len());
    let wanted: Vec<_> = (2..)
        .step_by(2)
        .zip(&cases)
        .map(|(line, (_, field, code))| (line, *field, *code))
        .collect();
    assert_eq!(told(&errors), wanted);
    for error in &errors {
        let said = error.to_string();
        assert!(!said.contains(SECRET) && !said.contains("12O"), "{said}");
        assert!(said.starts_with(&format!("line {}", error.line)), "{said}");
    }
}

#[test]
fn text_that_is_not_utf8_costs_its_row_only() {
    let mut bytes = file(&[row(&[]), row(&[("cosigner", "Zo?")]), row(&[])]).into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'?').unwrap();
    bytes[at] = 0xEB;
    let mut scan = open(&bytes, MAPPING, "2026-01-31").unwrap();
    let records = records(&mut scan);
    assert_eq!(records.len(), 3);
    let error = records[1].outcome.as_ref().unwrap_err();
    assert_eq!(
        (error.line, error.field.as_str(), error.code.as_str()),
        (3, "cosigner", "invalid_utf8")
    );
    assert_eq!(records[1].account_ref.as_deref(), Some("A-1"));
    assert_eq!((scan.totals().all.placements, scan.totals().all.unreadable), (2, 1));
}

#[test]
fn a_megabyte_in_one_field_costs_its_row_only() {
    let huge = "x".repeat(1 << 20);
    let csv = file(&[row(&[]), row(&[("street", &huge)]), row(&[])]);
    let (placements, errors) = read(&csv, MAPPING, "2026-01-31");
    assert_eq!(placements.len(), 2);
    assert_eq!(told(&errors), [(3, "street", "row_too_long")]);
}

#[test]
fn filters_compare_dates_numbers_texts_and_emptiness() {
    let yaml = "
client: {constant: C}
account_ref: ref
debt_class: {constant: commercial}
currency: {constant: USD}
balance: amount
debtor: {name: ref, kind: {constant: business}}
open_filter:
  - {column: billed, op: '<=', value: as_of, format: M/D/YYYY}
  - {column: settled, op: '>', value: as_of, when_empty: true}
  - {column: amount, op: '>=', value: '10'}
  - {column: state, op: '!=', value: void}
  - {column: hold, op: empty}
";
    let csv = "ref,amount,billed,settled,state,hold\n\
        open,10.00,1/31/2026,2026-02-01,ok,\n\
        unsettled,9000,1/3/2026,,ok,\n\
        later,10.00,2/1/2026,,ok,\n\
        settled,10.00,1/1/2026,2026-01-31,ok,\n\
        small,9.99,1/1/2026,,ok,\n\
        void,10.00,1/1/2026,,void,\n\
        held,10.00,1/1/2026,,ok,yes\n\
        undated,10.00,,,ok,\n\
        unclear,10.00,1/1/2026,soon,ok,\n";
    let mut scan = scan(csv, yaml, "2026-01-31");
    assert_eq!((scan.totals().rows, scan.totals().rows_not_open), (9, 5));
    let records = records(&mut scan);
    let placed: Vec<_> = records
        .iter()
        .filter_map(|r| r.outcome.as_ref().ok())
        .map(|p| p.account_ref.as_str())
        .collect();
    assert_eq!(placed, ["open", "unsettled"]);
    let errors: Vec<_> = records.into_iter().filter_map(|r| r.outcome.err()).collect();
    assert_eq!(told(&errors), [(9, "billed", "missing_value"), (10, "settled", "invalid_date")]);
}

#[test]
fn a_row_may_carry_one_item_with_its_dispute_and_be_left_out_while_it_is_young() {
    let yaml = "
client: {constant: C}
account_ref: ref
debt_class: {constant: commercial}
currency: {constant: USD}
debtor: {name: ref, kind: {constant: business}}
item:
  number: ref
  amount: amount
  original_amount: billed
  due_date: due
  purchase_order: po
  disputed_when: [{column: contested, op: '=', value: 'Yes'}]
days_overdue: {at_least: 30}
";
    let csv = "ref,amount,billed,due,po,contested\n\
        old,10.00,25.00,2026-01-01,PO-7,Yes\n\
        young,10.00,10.00,2026-01-02,,No\n\
        undated,10.00,10.00,,,No\n";
    let mut scan = scan(csv, yaml, "2026-01-31");
    assert_eq!(scan.totals().claims_not_overdue, 2);
    let placement = records(&mut scan).remove(0).outcome.unwrap();
    let item = &placement.items[0];
    assert_eq!(item.kind, ClaimItemKind::Invoice);
    assert_eq!(item.original_amount, Some(Money::new(2_500, Currency::USD)));
    assert_eq!(item.disputed_amount, Some(Money::new(1_000, Currency::USD)));
    assert_eq!(item.purchase_order.as_deref(), Some("PO-7"));
}

#[test]
fn the_records_can_be_read_again_and_by_client() {
    let rows = [row(&[]), row(&[("creditor", "SOUTH")]), row(&[("creditor", "")]), row(&[])];
    let mut scan = scan(&file(&rows), MAPPING, "2026-01-31");
    assert_eq!(scan.clients(), ["NORTH", "SOUTH"]);
    assert_eq!(records(&mut scan), records(&mut scan));
    let mut lines = |client| -> Vec<u64> {
        scan.records_of(client).unwrap().map(|record| record.unwrap().line).collect()
    };
    assert_eq!(lines(Some("NORTH")), [2, 5]);
    assert_eq!(lines(Some("SOUTH")), [3]);
    assert_eq!(lines(None), [4]);
    assert_eq!(lines(Some("EAST")), Vec::<u64>::new());
    assert_eq!(scan.totals().by_client["NORTH"].records(), 2);
}

/// A disk that fails from a byte on, once it is broken.
struct Failing {
    inner: Cursor<Vec<u8>>,
    from: u64,
}

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.inner.position() >= self.from {
            return Err(io::Error::other("the disk is gone"));
        }
        self.inner.read(buffer)
    }
}

impl Seek for Failing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[test]
fn a_file_that_cannot_be_read_on_is_an_error_and_never_a_shorter_file() {
    let rows: Vec<String> = (0..500).map(|_| row(&[])).collect();
    let mapping = Mapping::parse(MAPPING).unwrap();
    let input = Failing { inner: Cursor::new(file(&rows).into_bytes()), from: 30_000 };
    let error = Scan::open(input, &mapping, day("2026-01-31")).err().unwrap();
    assert_eq!(error.to_string(), "reading the file");
}
