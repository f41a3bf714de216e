//! Files in which several rows are one claim.

use duly_domain::{ClaimItemKind, Currency, Money};

use crate::{day, read, records, scan, told};

const MAPPING: &str = "
group_by: [seller, customer]
client: seller
debt_class: {constant: commercial}
currency: currency
debtor:
  name: name
  kind: {constant: business}
  address: {lines: [street], city: city}
item: {number: invoice, amount: amount, due_date: due}
";

const HEADER: &str = "seller,customer,name,street,city,invoice,amount,due,currency";

fn file(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

#[test]
fn rows_with_one_key_are_one_claim_in_the_order_of_its_first_row() {
    let csv = file(&[
        "N,1,Acme,,,i1,10.00,2026-01-01,USD",
        "S,1,Beta,,,i1,5.00,2026-01-01,USD",
        "N,1,Acme Inc,,,i2,2.50,2026-01-02,USD",
        "N,2,Gamma,,,i1,1.00,2026-01-01,USD",
        "N,1,Acme Inc,,,c1,-3.00,2026-01-03,USD",
    ]);
    let (placements, errors) = read(&csv, MAPPING, "2026-01-31");
    assert!(errors.is_empty(), "{errors:?}");
    let seen: Vec<_> =
        placements.iter().map(|p| (p.line, p.account_ref.as_str(), p.amount)).collect();
    assert_eq!(seen, [(2, "N/1", usd(950)), (3, "S/1", usd(500)), (5, "N/2", usd(100))]);
    let items: Vec<_> =
        placements[0].items.iter().map(|item| (item.line, item.kind, item.open_amount)).collect();
    assert_eq!(
        items,
        [
            (2, ClaimItemKind::Invoice, usd(1_000)),
            (4, ClaimItemKind::Invoice, usd(250)),
            (6, ClaimItemKind::CreditMemo, usd(-300)),
        ]
    );
    // The most frequent spelling.
    assert_eq!(placements[0].parties[0].name.expose(), "Acme Inc");
}

#[test]
fn an_address_is_believed_as_a_whole_and_ties_go_to_the_first_in_byte_order() {
    let csv = file(&[
        "N,1,beta,2 Elm St,Boston,i1,1,,USD",
        "N,1,Alpha,1 Oak St,Salem,i2,1,,USD",
        "N,1,,,,i3,1,,USD",
        "N,1,,,,i4,1,,USD",
    ]);
    let (placements, _) = read(&csv, MAPPING, "2026-01-31");
    let debtor = &placements[0].parties[0];
    assert_eq!(debtor.name.expose(), "Alpha");
    let address = debtor.address.as_ref().unwrap().expose();
    assert_eq!((address.lines[0].as_str(), address.city.as_str()), ("1 Oak St", "Salem"));
}

#[test]
fn one_unreadable_row_refuses_its_claim_and_no_other() {
    let csv = file(&[
        "N,1,Acme,,,i1,10.00,2026-01-01,USD",
        "N,2,Beta,,,i1,10.00,2026-01-01,USD",
        "N,1,Acme,,,i2,ten,2026-01-01,USD",
        "N,1,Acme,,,i3,10.00,2026-02-30,USD",
        "N,,Acme,,,i3,10.00,2026-02-01,USD",
        "N,2,Beta,,,i2,10.00",
    ]);
    let mut scan = scan(&csv, MAPPING, "2026-01-31");
    let records = records(&mut scan);
    let refs: Vec<_> = records.iter().map(|r| (r.line, r.account_ref.as_deref())).collect();
    // A row that does not say whose it is answers for itself.
    assert_eq!(refs, [(2, Some("N/1")), (3, Some("N/2")), (6, None), (7, None)]);
    assert!(records[1].outcome.is_ok());
    let errors: Vec<_> = records.into_iter().filter_map(|r| r.outcome.err()).collect();
    assert_eq!(
        told(&errors),
        [
            (4, "amount", "invalid_amount"),
            (6, "customer", "missing_value"),
            (7, "", "wrong_field_count"),
        ]
    );
    assert_eq!(scan.totals().all.unreadable, 3);
    assert_eq!(scan.totals().by_client["N"].unreadable, 2);
}

#[test]
fn a_claim_that_contradicts_itself_is_refused() {
    let cases = [
        (["N,1,A,,,i1,1,,USD", "N,1,A,,,i2,1,,EUR"], (3, "currency", "conflicting_values")),
        (["N,1,A,,,i1,1,,USD", "N,1,A,,,i1,1,,USD"], (3, "invoice", "duplicate_item")),
        (["N,1,A,,,i1,1,,USD", "N,1,A,,,i2,-1,,USD"], (2, "amount", "amount_not_positive")),
        (["N,1,A,,,i1,1,,USD", "N,1,A,,,i2,-4,,USD"], (2, "amount", "amount_not_positive")),
        (
            ["N,1,A,,,i1,92233720368547758.07,,USD", "N,1,A,,,i2,0.01,,USD"],
            (2, "amount", "amount_too_large"),
        ),
        (["N,1,,,,i1,1,,USD", "N,1,,,,i2,1,,USD"], (2, "name", "missing_value")),
    ];
    for (rows, wanted) in cases {
        let (placements, errors) = read(&file(&rows), MAPPING, "2026-01-31");
        assert!(placements.is_empty(), "{rows:?}");
        assert_eq!(told(&errors), [wanted]);
    }
    // A credit may have the number of the invoice that it is for.
    let rows = ["N,1,A,,,i1,3,,USD", "N,1,A,,,i1,-1,,USD"];
    assert_eq!(read(&file(&rows), MAPPING, "2026-01-31").0[0].amount, usd(200));
}

#[test]
fn two_clients_in_one_claim_are_a_contradiction() {
    let yaml = MAPPING.replace("[seller, customer]", "[customer]");
    let rows = ["N,1,A,,,i1,1,,USD", "S,1,A,,,i2,1,,USD"];
    let (_, errors) = read(&file(&rows), &yaml, "2026-01-31");
    assert_eq!(told(&errors), [(3, "seller", "conflicting_values")]);
}

#[test]
fn a_stated_balance_is_taken_as_it_is_and_must_be_the_same_on_each_row() {
    let yaml = format!("{MAPPING}balance: city\n");
    let rows = ["N,1,A,,7.00,i1,1,,USD", "N,1,A,,7,i2,1,,USD"];
    let (placements, _) = read(&file(&rows), &yaml, "2026-01-31");
    assert_eq!(placements[0].amount, usd(700));
    let rows = ["N,1,A,,7.00,i1,1,,USD", "N,1,A,,7.01,i2,1,,USD"];
    let (_, errors) = read(&file(&rows), &yaml, "2026-01-31");
    assert_eq!(told(&errors), [(3, "city", "conflicting_values")]);
}

#[test]
fn one_overdue_item_brings_all_of_the_claim_or_all_must_be() {
    let rows = [
        "N,1,A,,,i1,1,2025-12-02,USD",
        "N,1,A,,,i2,2,2026-01-30,USD",
        "N,2,B,,,i1,4,2025-12-03,USD",
        "N,3,C,,,i1,8,2025-12-02,USD",
        "N,4,D,,,i1,16,unclear,USD",
    ];
    let placed = |yaml: &str| -> Vec<(String, usize)> {
        let (placements, errors) = read(&file(&rows), yaml, "2026-01-31");
        assert_eq!(told(&errors), [(6, "due", "invalid_date")]);
        placements.into_iter().map(|p| (p.account_ref, p.items.len())).collect()
    };
    let any = placed(&format!("{MAPPING}days_overdue: {{at_least: 60}}\n"));
    assert_eq!(any, [("N/1".to_owned(), 2), ("N/3".to_owned(), 1)]);
    let every = placed(&format!("{MAPPING}days_overdue: {{at_least: 60, scope: every_item}}\n"));
    assert_eq!(every, [("N/3".to_owned(), 1)]);
}

#[test]
fn settlements_after_the_date_of_the_placement_are_payments_of_their_items() {
    let yaml = format!(
        "{MAPPING}payments: {{on: city}}\nopen_filter: [{{column: city, op: '>', value: as_of, when_empty: true}}]\n"
    );
    let rows = [
        "N,1,A,,2026-02-03,i1,1.00,,USD",
        "N,1,A,,2026-01-31,i2,2.00,,USD",
        "N,1,A,,,i3,4.00,,USD",
        "N,1,A,,2026-02-04,c1,-0.50,,USD",
        "N,2,A,,2026-02-04,i1,8.00,,XQZ",
    ];
    let mut scan = scan(&file(&rows), &yaml, "2026-01-31");
    assert_eq!(scan.totals().all.payments, 1);
    let payments: Vec<_> = scan.payments().unwrap().map(Result::unwrap).collect();
    let [payment] = payments.as_slice() else { panic!("{payments:?}") };
    assert_eq!((payment.client_ref.as_str(), payment.account_ref.as_str()), ("N", "N/1"));
    assert_eq!(payment.item_number.as_deref(), Some("i1"));
    assert_eq!((payment.on, payment.amount), (day("2026-02-03"), usd(100)));
}
