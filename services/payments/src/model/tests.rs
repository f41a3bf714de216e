use super::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn opening(number: i32, listed: i64, on: &str) -> Opening {
    Opening {
        account: AccountId::from_uuid(uuid::Uuid::from_u128(1)),
        opening: number,
        client: ClientId::from_uuid(uuid::Uuid::from_u128(2)),
        client_ref: "ACME".to_owned(),
        client_account_ref: "A-1".to_owned(),
        listed: usd(listed),
        listed_on: day(on),
        debtor_name: "Trading LLC".to_owned(),
        settled_on: None,
    }
}

#[test]
fn what_belongs_to_an_opening_follows_from_its_day() {
    let file = File {
        openings: vec![opening(1, 10_000, "2026-01-02"), opening(2, 4_000, "2026-03-01")],
        adjustments: vec![
            Adjustment { money: usd(-500), on: day("2026-02-28"), opening: None },
            Adjustment { money: usd(-300), on: day("2026-03-01"), opening: None },
        ],
        ..File::default()
    };
    assert_eq!(file.opening_on(day("2025-12-31")).opening, 1, "before the first it is the first's");
    assert_eq!(file.opening_on(day("2026-02-28")).opening, 1);
    assert_eq!(file.opening_on(day("2026-03-01")).opening, 2);
    assert_eq!(file.balance(&file.openings[0]), Ok(usd(9_500)));
    assert_eq!(file.balance(&file.openings[1]), Ok(usd(3_700)));
    assert_eq!(file.openings[1].number(), "ACME/A-1#2");
}

#[test]
fn a_payment_pays_what_is_owed_and_the_rest_is_above_it() {
    let allocation = apply_to(usd(700), usd(1_000)).unwrap();
    assert_eq!(allocation.applied(), Ok(usd(700)));
    assert_eq!(allocation.overpayment, usd(300));
    let credit = apply_to(usd(-50), usd(1_000)).unwrap();
    assert_eq!(credit.applied(), Ok(usd(0)), "a balance below zero takes nothing");
    assert_eq!(credit.overpayment, usd(1_000));
}

#[test]
fn a_close_code_says_more_than_a_recall() {
    let mut file = File { openings: vec![opening(1, 100, "2026-01-02")], ..File::default() };
    assert_eq!(file.status(file.latest()), "open");
    file.ends.push(End { opening: 1, on: day("2026-02-01"), code: None });
    assert_eq!(file.status(file.latest()), "recalled");
    file.ends.push(End { opening: 1, on: day("2026-02-01"), code: Some(CloseCode::Rcl) });
    assert_eq!(file.status(file.latest()), "closed RCL");
}
