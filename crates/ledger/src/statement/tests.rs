//! The statement's bytes, its order, and what it refuses.

use duly_domain::Currency;
use proptest::prelude::*;

use super::*;

const USD: Currency = Currency::USD;

fn usd(text: &str) -> Money {
    Money::parse_grouped(text, USD).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn header() -> Header {
    Header {
        agency: "Duly Collections".into(),
        licence: Some("MA-DC-1".into()),
        client: "Acme \"Best\" Supply, Inc.".into(),
        client_reference: "ACME".into(),
        period_from: day("2026-10-01"),
        period_to: day("2026-10-31"),
        number: "1".into(),
        method: RemitMethod::Net,
        offset_consent_on: Some(day("2026-01-01")),
        currency: USD,
    }
}

fn subject(account: &str) -> Subject {
    Subject {
        client_account: account.into(),
        agency_account: format!("D-{account}"),
        debtor: Pii::new("=cmd|'/c calc'!A1".into()),
    }
}

fn line(account: &str, on: &str, reference: &str, gross: &str, commission: &str) -> Line {
    let rate = "0.25".parse().unwrap();
    Line {
        kind: LineKind::Payment,
        subject: subject(account),
        paid_on: day(on),
        posted_on: day(on),
        received_by: ReceivedBy::Agency,
        reference: reference.into(),
        buckets: BTreeMap::from([(BalanceBucket::Principal, usd(gross))]),
        gross: usd(gross),
        withheld: usd("0"),
        overpayment: usd("0"),
        portions: vec![Portion { money: usd(gross), rate, factor: Factor::Full }],
        schedule_version: 1,
        commission: usd(commission),
        balance_left: Some(usd("0")),
        status: "open".into(),
        reversal_of: None,
    }
}

fn held(account: &str, outcome: HeldOutcome, money: &str, held_before: bool) -> HeldLine {
    HeldLine {
        outcome,
        subject: subject(account),
        paid_on: day("2026-10-05"),
        posted_on: day("2026-10-05"),
        received_by: ReceivedBy::Agency,
        reference: "H".into(),
        money: usd(money),
        held_before,
        release_on: None,
    }
}

fn sealed() -> Sealed {
    let reversal = Line {
        kind: LineKind::Reversal,
        reversal_of: Some("R0".into()),
        ..line("C", "2026-09-09", "R0", "-400.00", "-100.00")
    };
    let direct =
        Line { received_by: ReceivedBy::Client, ..line("B", "2026-10-06", "R2", "1,200", "300") };
    let repriced = Line {
        kind: LineKind::Repriced,
        buckets: BTreeMap::new(),
        gross: usd("0"),
        ..line("C", "2026-09-10", "R1", "500", "20.00")
    };
    Sealed {
        header: header(),
        lines: vec![
            line("A", "2026-10-05", "R3", "5,000.00", "1,110.00"),
            direct,
            reversal,
            repriced,
        ],
        held: vec![
            held("H", HeldOutcome::Held, "640.00", false),
            held("K", HeldOutcome::Reversed, "700.00", true),
            held("A", HeldOutcome::Released, "5,000.00", false),
        ],
        held_opening: usd("700.00"),
        other_charges: usd("0"),
        prior_balance: usd("0"),
        closing: Closing {
            entries: None,
            paid: usd("3,270.00"),
            held: usd("0"),
            set_aside: usd("1,330.00"),
            operating_carry: usd("0"),
        },
        deficiency: Deficiency::none(USD),
    }
}

#[test]
fn totals_are_folded_from_the_lines() {
    let statement = Statement::new(sealed()).unwrap();
    let totals = statement.totals();
    assert_eq!((totals.a, totals.d), (usd("4,600.00"), usd("1,200.00")));
    assert_eq!((totals.fa, totals.fd), (usd("1,030.00"), usd("300.00")));
    assert_eq!(statement.settlement().remit, usd("3,270.00"));
    let funds = statement.held_funds();
    assert_eq!(funds.closing, usd("640.00"));
    let roll = funds.opening.add(funds.received).unwrap();
    let roll = roll.sub(funds.reversed).unwrap().sub(funds.released).unwrap();
    assert_eq!(roll, funds.closing);
}

#[test]
fn lines_stand_by_payment_date_reference_and_amount() {
    let statement = Statement::new(sealed()).unwrap();
    let order: Vec<_> = statement.lines().iter().map(|line| line.reference.as_str()).collect();
    assert_eq!(order, ["R0", "R1", "R3", "R2"]);
}

#[test]
fn the_csv_is_one_table_and_runs_no_formula() {
    let statement = Statement::new(sealed()).unwrap();
    let bytes = statement.to_csv();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.starts_with("record,kind,client_account,"));
    assert!(text.contains("\"Acme \"\"Best\"\" Supply, Inc.\""));
    assert!(text.contains(",'=cmd|") && !text.contains(",=cmd|"));
    let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let of = |record: &str| rows.iter().filter(|row| &row[0] == record).count();
    assert_eq!((of("header"), of("line"), of("held"), of("total")), (10, 4, 3, 27));
    let total = |name: &str| rows.iter().find(|row| &row[1] == name).unwrap()[15].to_owned();
    assert_eq!(total("due_to_client"), "3270.00");
    assert_eq!(total("commission_repriced"), "20.00");
}

#[test]
fn the_json_says_the_same_totals() {
    let statement = Statement::new(sealed()).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&statement.to_json()).unwrap();
    for (name, money) in statement.named_totals().unwrap() {
        assert_eq!(json["totals"][name], money.amount(), "{name}");
    }
    assert_eq!(json["header"]["method"], "net");
    assert_eq!(json["lines"][2]["client_account"], "A");
    assert_eq!(json["lines"][2]["buckets"]["principal"], "5000.00");
    assert_eq!(json["lines"][2]["portions"][0]["rate"], "0.25");
    assert_eq!(json["held"].as_array().unwrap().len(), 3);
}

#[test]
fn a_sealed_set_that_contradicts_itself_is_refused() {
    let with = |change: fn(&mut Sealed)| {
        let mut sealed = sealed();
        change(&mut sealed);
        Statement::new(sealed)
    };
    let buckets = with(|sealed| sealed.lines[0].gross = usd("1"));
    assert_eq!(buckets, Err(StatementError::Buckets("R3".into())));
    let repriced = with(|sealed| sealed.lines[0].kind = LineKind::Repriced);
    assert_eq!(repriced, Err(StatementError::RepricedGross("R3".into())));
    let opening = with(|sealed| sealed.held_opening = usd("0"));
    assert!(matches!(opening, Err(StatementError::HeldOpening { .. })));
    let remit = with(|sealed| sealed.closing.paid = usd("1"));
    assert!(matches!(remit, Err(StatementError::Remit { .. })));
    let currency = with(|sealed| sealed.header.currency = Currency::EUR);
    assert!(matches!(currency, Err(StatementError::Money(_))));
}

#[test]
fn a_credit_stands_beside_what_was_collected() {
    let credit = Line {
        kind: LineKind::Credit,
        received_by: ReceivedBy::Client,
        ..line("Q", "2026-10-20", "R9", "480.00", "60.00")
    };
    let totals = totals(USD, &[credit], usd("0"), usd("0")).unwrap();
    assert_eq!((totals.a, totals.d, totals.fd), (usd("0"), usd("0"), usd("60.00")));
}

/// Lines many of which share date, reference and amount.
fn many() -> impl Strategy<Value = Vec<Line>> {
    let one = (0usize..3, 0usize..3, 0usize..2, 0usize..2);
    prop::collection::vec(one, 0..24).prop_map(|all| {
        let of = |(account, on, reference, gross)| {
            line(
                ["A", "B", "C"][account],
                ["2026-10-01", "2026-10-02", "2026-10-03"][on],
                ["R1", "R2"][reference],
                ["100.00", "200.00"][gross],
                "0.00",
            )
        };
        all.into_iter().map(of).collect()
    })
}

proptest! {
    #[test]
    fn a_statement_is_the_same_bytes_however_its_set_is_ordered(
        (lines, shuffled) in many().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        held in Just(sealed().held).prop_shuffle(),
    ) {
        let collected = Money::sum(USD, lines.iter().map(|line| line.gross)).unwrap();
        let closing = Closing { paid: collected, ..sealed().closing };
        let one = Statement::new(Sealed { lines, closing: closing.clone(), ..sealed() }).unwrap();
        let other =
            Statement::new(Sealed { lines: shuffled, held, closing, ..sealed() }).unwrap();
        prop_assert_eq!(one.to_csv(), other.to_csv());
        prop_assert_eq!(one.to_json(), other.to_json());
    }
}
