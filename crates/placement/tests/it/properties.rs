//! Grouping loses nothing, and the order of rows decides nothing but order.

use std::collections::BTreeMap;
use std::io::Cursor;

use duly_domain::{Currency, Money};
use duly_placement::{Code, Counts, Mapping, Placement, Record, Scan};
use proptest::prelude::*;

use crate::{day, records};

const MAPPING: &str = "
group_by: [seller, customer]
client: seller
account_ref: customer
debt_class: {constant: commercial}
currency: {constant: USD}
debtor:
  name: name
  kind: {constant: business}
  phones: [phone]
item: {number: invoice, amount: amount}
";

/// One row: seller, customer, name, phone and cents. Few values, so that rows meet.
type Row = (u8, u8, u8, Option<u8>, i64);

/// Rows with their invoice numbers.
type Rows = Vec<(usize, Row)>;

fn any_row() -> impl Strategy<Value = Row> {
    (0..3u8, 0..4u8, 0..3u8, prop::option::of(0..2u8), -500..100_000i64)
}

/// The same rows in two orders.
fn any_rows() -> impl Strategy<Value = (Rows, Rows)> {
    prop::collection::vec(any_row(), 0..40).prop_flat_map(|rows| {
        let rows: Vec<_> = rows.into_iter().enumerate().collect();
        (Just(rows.clone()), Just(rows).prop_shuffle())
    })
}

fn scan(rows: &[(usize, Row)]) -> Scan<Cursor<Vec<u8>>> {
    let mut csv = "seller,customer,name,phone,invoice,amount\n".to_owned();
    for (invoice, (seller, customer, name, phone, minor)) in rows {
        let phone = phone.map_or_else(String::new, |phone| format!("617-555-010{phone}"));
        let amount = Money::new(*minor, Currency::USD).amount();
        csv.push_str(&format!(
            "S{seller},C{customer},\"Name, {name}\",{phone},{invoice},{amount}\n"
        ));
    }
    let mapping = Mapping::parse(MAPPING).unwrap();
    Scan::open(Cursor::new(csv.into_bytes()), &mapping, day("2026-01-31")).unwrap()
}

/// A record without its lines and its items in order, by client and account.
fn unordered(records: Vec<Record>) -> BTreeMap<(String, String), Result<Placement, Code>> {
    let key =
        |record: &Record| (record.client_ref.clone().unwrap(), record.account_ref.clone().unwrap());
    let bare = |mut placement: Placement| {
        placement.line = 0;
        for item in &mut placement.items {
            item.line = 0;
        }
        placement.items.sort_by(|a, b| a.number.cmp(&b.number));
        placement
    };
    let records = records.into_iter();
    records.map(|r| (key(&r), r.outcome.map(bare).map_err(|error| error.code))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn grouping_loses_no_row_and_no_cent((rows, _) in any_rows()) {
        let mut expected: BTreeMap<(String, String), (usize, i64)> = BTreeMap::new();
        for (_, (seller, customer, _, _, minor)) in &rows {
            let claim = expected.entry((format!("S{seller}"), format!("C{customer}"))).or_default();
            *claim = (claim.0 + 1, claim.1 + minor);
        }
        let mut scan = scan(&rows);
        let records = records(&mut scan);
        prop_assert_eq!(records.len(), expected.len());
        let mut counted: BTreeMap<String, Counts> = BTreeMap::new();
        for record in records {
            let key = (record.client_ref.unwrap(), record.account_ref.unwrap());
            let (items, minor) = expected.remove(&key).unwrap();
            let counts = counted.entry(key.0).or_default();
            match record.outcome {
                Ok(placement) => {
                    prop_assert_eq!(placement.amount, Money::new(minor, Currency::USD));
                    prop_assert_eq!(placement.items.len(), items);
                    let sum = Money::sum(Currency::USD, placement.items.iter().map(|i| i.open_amount));
                    prop_assert_eq!(sum, Ok(placement.amount));
                    counts.placements += 1;
                    counts.items += u64::try_from(items).unwrap();
                    counts.items_max = counts.items_max.max(u64::try_from(items).unwrap());
                    let sum = counts.sums.entry(Currency::USD).or_insert(Money::zero(Currency::USD));
                    *sum = sum.add(placement.amount).unwrap();
                }
                Err(error) => {
                    prop_assert_eq!(error.code, Code::AmountNotPositive);
                    prop_assert!(minor <= 0);
                    counts.unreadable += 1;
                }
            }
        }
        prop_assert_eq!(&scan.totals().by_client, &counted);
        prop_assert_eq!(scan.totals().rows, u64::try_from(rows.len()).unwrap());
    }

    #[test]
    fn any_order_of_rows_gives_the_same_placements((rows, shuffled) in any_rows()) {
        let records_of = |rows: &[(usize, Row)]| unordered(records(&mut scan(rows)));
        prop_assert_eq!(records_of(&rows), records_of(&shuffled));
    }

    #[test]
    fn no_bytes_make_it_fail_and_what_is_counted_is_what_comes(
        lines in prop::collection::vec("[A-Za-z0-9,\"\\-. \r]{0,40}", 0..20),
        noise in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut csv = b"seller,customer,name,phone,invoice,amount\n".to_vec();
        csv.extend_from_slice(lines.join("\n").as_bytes());
        csv.extend_from_slice(b"\nS1,C1,Acme,,1,10.00\n");
        csv.extend_from_slice(&noise);
        let mapping = Mapping::parse(MAPPING).unwrap();
        let mut scan = Scan::open(Cursor::new(csv), &mapping, day("2026-01-31")).unwrap();
        let counted = scan.totals().all.records();
        let lines: Vec<u64> = records(&mut scan).iter().map(|record| record.line).collect();
        prop_assert_eq!(counted, u64::try_from(lines.len()).unwrap());
        // The line names the record.
        prop_assert!(lines.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
