use duly_domain::{
    AccountId, ClientId, Currency, FeeSchedule, FeeTerms, PaymentId, PaymentMethod, PolicyTerms,
    RemitMethod,
};
use uuid::Uuid;

use super::*;
use crate::model::{End, Named};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn policy(version: u32, from: &str, rate: &str) -> ClientPolicy {
    let schedule = FeeSchedule::new(FeeTerms::flat(rate.parse().unwrap())).unwrap();
    let mut terms = PolicyTerms::new(version, day(from), Currency::USD, RemitMethod::Net, schedule);
    terms.offset_consent_on = Some(day("2025-01-01"));
    ClientPolicy::new(terms).unwrap()
}

fn opening() -> Opening {
    Opening {
        account: AccountId::from_uuid(Uuid::from_u128(1)),
        opening: 1,
        client: ClientId::from_uuid(Uuid::from_u128(2)),
        client_ref: "ACME".to_owned(),
        client_account_ref: "A-1".to_owned(),
        listed: usd(100_000),
        listed_on: day("2026-01-02"),
        debtor_name: String::new(),
        settled_on: None,
    }
}

fn released(number: u128, minor: i64, on: &str) -> Payment {
    Payment {
        id: PaymentId::from_uuid(Uuid::from_u128(number)),
        whose: None,
        opening: Some(1),
        received_by: ReceivedBy::Agency,
        state: State::Released,
        amount: usd(minor),
        payment_on: day(on),
        reference: format!("R{number}"),
        method: PaymentMethod::Cash,
        item_numbers: Vec::new(),
        named: Named::Nothing,
        posted_on: day(on),
        held_on: Some(day(on)),
        release_on: Some(day(on)),
        released_on: Some(day(on)),
        collected: usd(minor),
        overpayment: usd(0),
        commission: usd(0),
        schedule_version: None,
        portions: Vec::new(),
        reversed_on: None,
    }
}

#[test]
fn a_version_without_a_new_schedule_goes_on_with_the_segment() {
    let same = schedules(&[
        policy(3, "2026-03-01", "0.30"),
        policy(1, "2026-01-01", "0.25"),
        policy(2, "2026-02-01", "0.25"),
    ]);
    let versions: Vec<u32> = same.iter().map(|schedule| schedule.version).collect();
    assert_eq!(versions, [1, 3]);
}

#[test]
fn pricing_again_posts_nothing_and_a_reversal_posts_its_difference() {
    let opening = opening();
    let policies = [policy(1, "2026-01-01", "0.25")];
    let mut file = File { openings: vec![opening.clone()], ..File::default() };
    file.payments = vec![released(1, 10_000, "2026-01-05"), released(2, 2_000, "2026-01-06")];
    let (changes, stands) = reprice(&mut file, &opening, &policies).unwrap();
    assert_eq!((changes.len(), stands), (2, usd(3_000)));
    assert_eq!(steps(&file.payments[0]).unwrap(), "100.00 x 0.25 = 25.00");
    let (none, _) = reprice(&mut file, &opening, &policies).unwrap();
    assert!(none.is_empty());
    file.payments[0].state = State::Reversed;
    let (back, stands) = reprice(&mut file, &opening, &policies).unwrap();
    assert_eq!(back.iter().map(|c| c.posted).collect::<Vec<_>>(), [usd(-2_500)]);
    assert_eq!(stands, usd(500));
    let (none, _) = reprice(&mut file, &opening, &policies).unwrap();
    assert!(none.is_empty());
}

#[test]
fn a_policy_heard_of_late_re_prices_from_what_was_posted() {
    let opening = opening();
    let mut file = File { openings: vec![opening.clone()], ..File::default() };
    file.payments = vec![released(1, 10_000, "2026-01-05")];
    let first = [policy(1, "2026-01-01", "0.25")];
    reprice(&mut file, &opening, &first).unwrap();
    let corrected = [first[0].clone(), policy(2, "2026-01-03", "0.20")];
    let (changes, stands) = reprice(&mut file, &opening, &corrected).unwrap();
    assert_eq!(changes.iter().map(|c| c.posted).collect::<Vec<_>>(), [usd(-500)]);
    assert_eq!(stands, usd(2_000));
}

#[test]
fn the_last_day_of_the_tail_earns_and_the_next_does_not() {
    let mut file = File { openings: vec![opening()], ..File::default() };
    file.ends.push(End { opening: 1, on: day("2026-01-05"), code: None });
    assert_eq!(factor(&file, file.latest(), day("2026-04-05")), Factor::Full);
    assert_eq!(factor(&file, file.latest(), day("2026-04-06")), Factor::Free);
    file.ends.push(End { opening: 1, on: day("2026-01-05"), code: Some(CloseCode::Pif) });
    assert_eq!(factor(&file, file.latest(), day("2026-01-05")), Factor::Full);
    assert_eq!(factor(&file, file.latest(), day("2026-01-06")), Factor::Free);
}
