use duly_domain::{AccountId, ClientId, Currency};
use uuid::Uuid;

use super::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// 500.00 by 2026-01-20, made on 2026-01-05.
fn promise(state: PromiseState, paid: i64) -> Promise {
    Promise {
        id: PromiseId::from_uuid(Uuid::from_u128(1)),
        whose: Whose {
            account: AccountId::from_uuid(Uuid::from_u128(2)),
            client: ClientId::from_uuid(Uuid::from_u128(3)),
        },
        opening: 1,
        party: None,
        amount: usd(50_000),
        due_on: day("2026-01-20"),
        method: PaymentMethod::Ach,
        state,
        made_on: day("2026-01-05"),
        earlier: Vec::new(),
        counted: Vec::new(),
        paid: usd(paid),
        ended_on: None,
        cancel_reason: None,
    }
}

#[test]
fn an_open_promise_is_decided_by_money_then_end_then_time() {
    use Outcome::{Broken, Ended, Idle, Kept, Stands};
    let in_time = "2026-01-23";
    let late = "2026-01-24";
    for (received, owed, ended, today, outcome) in [
        (0, 90_000, false, "2026-01-05", Stands),
        (49_999, 40_001, false, in_time, Stands),
        (50_000, 40_000, false, "2026-01-06", Kept),
        (60_000, 30_000, false, late, Kept),
        // A credit made the rest less than what was promised, and the rest came.
        (20_000, 0, false, "2026-01-06", Kept),
        (20_000, -1, false, late, Kept),
        // The money came before the end was known.
        (50_000, 40_000, true, "2026-01-06", Kept),
        (10_000, 80_000, true, "2026-01-06", Ended),
        (10_000, 80_000, true, late, Ended),
        (0, 0, true, "2026-01-06", Ended),
        // All of it was credited.
        (0, 0, false, "2026-01-06", Idle),
        (0, 90_000, false, late, Broken),
        (49_999, 40_001, false, late, Broken),
    ] {
        let facts = Facts { received: usd(received), owed: usd(owed), ended, today: day(today) };
        assert_eq!(promise(PromiseState::Open, 0).judge(&facts), outcome, "{facts:?}");
    }
}

#[test]
fn a_kept_promise_is_broken_only_by_the_loss_of_its_money() {
    use Outcome::{Broken, Stands};
    for (paid, received, outcome) in [
        (50_000, 50_000, Stands),
        (70_000, 50_000, Stands),
        (70_000, 49_999, Broken),
        (50_000, 0, Broken),
        // Kept by the last of a balance that a credit had lowered.
        (20_000, 20_000, Stands),
        (20_000, 0, Broken),
    ] {
        for today in ["2026-01-10", "2026-06-01"] {
            let (received, owed) = (usd(received), usd(1));
            let facts = Facts { received, owed, ended: true, today: day(today) };
            assert_eq!(promise(PromiseState::Kept, paid).judge(&facts), outcome, "{facts:?}");
        }
    }
}

#[test]
fn what_is_decided_against_the_debtor_stays_so() {
    for state in [PromiseState::Partial, PromiseState::Broken, PromiseState::Cancelled] {
        let facts =
            Facts { received: usd(50_000), owed: usd(0), ended: false, today: day("2026-01-24") };
        assert_eq!(promise(state, 0).judge(&facts), Outcome::Stands, "{state}");
    }
}

#[test]
fn the_grace_is_three_days() {
    assert_eq!(promise(PromiseState::Open, 0).last_day(), day("2026-01-23"));
}
