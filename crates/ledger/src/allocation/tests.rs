//! Cases and properties of allocation.

use duly_domain::{IdSource, SeededIds};
use proptest::prelude::*;

use super::*;

const USD: Currency = Currency::USD;

const ORDER: [BalanceBucket; 6] = [
    BalanceBucket::CourtCosts,
    BalanceBucket::AttorneyFees,
    BalanceBucket::Interest,
    BalanceBucket::Fees,
    BalanceBucket::Principal,
    BalanceBucket::Other,
];

fn usd(minor: i64) -> Money {
    Money::new(minor, USD)
}

fn item(number: &str, due_on: Option<&str>, open: i64) -> OpenItem {
    let seed = number.bytes().fold(7u64, |seed, byte| seed * 31 + u64::from(byte));
    OpenItem {
        id: SeededIds::new(seed).next(),
        number: number.to_owned(),
        bucket: BalanceBucket::Principal,
        item_on: None,
        due_on: due_on.map(|on| on.parse().unwrap()),
        open: usd(open),
        disputed: usd(0),
    }
}

fn balance(items: Vec<OpenItem>) -> Balance {
    let principal = Money::sum(USD, items.iter().map(|item| item.open)).unwrap();
    let buckets = BTreeMap::from([(BalanceBucket::Principal, principal)]);
    Balance { currency: USD, buckets, items }
}

/// Numbers of the items paid, with what each got.
fn paid(balance: &Balance, allocation: &Allocation) -> Vec<(String, i64)> {
    let number = |id| balance.items.iter().find(|item| item.id == id).unwrap().number.clone();
    allocation.items.iter().map(|(id, money)| (number(*id), money.minor())).collect()
}

#[test]
fn the_oldest_item_is_paid_first() {
    let mut dated = item("D", Some("2026-02-01"), 100);
    dated.item_on = Some("2026-01-02".parse().unwrap());
    let mut earlier = item("E", Some("2026-02-01"), 100);
    earlier.item_on = Some("2026-01-01".parse().unwrap());
    let balance = balance(vec![
        item("undated", None, 100),
        dated,
        item("B", Some("2026-01-01"), 100),
        item("A", Some("2026-01-01"), 100),
        earlier,
    ]);
    let all = allocate(usd(450), &ORDER, &balance, &[]).unwrap();
    let order: Vec<_> = paid(&balance, &all).into_iter().map(|(number, _)| number).collect();
    assert_eq!(order, ["A", "B", "E", "D", "undated"]);
    assert_eq!(all.items[4].1, usd(50));
    assert_eq!(all.overpayment, usd(0));
}

#[test]
fn buckets_are_filled_in_the_clients_order() {
    let mut owed = balance(vec![item("A", None, 1_000)]);
    owed.buckets.insert(BalanceBucket::CourtCosts, usd(250));
    owed.buckets.insert(BalanceBucket::Interest, usd(100));
    let part = allocate(usd(400), &ORDER, &owed, &[]).unwrap();
    let expected = [
        (BalanceBucket::Principal, usd(50)),
        (BalanceBucket::Interest, usd(100)),
        (BalanceBucket::CourtCosts, usd(250)),
    ];
    assert_eq!(part.buckets.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(part.on_account, usd(350), "costs and interest have no items");
    let principal_first = [BalanceBucket::Principal, BalanceBucket::CourtCosts];
    let part = allocate(usd(400), &principal_first, &owed, &[]).unwrap();
    assert_eq!(part.buckets, BTreeMap::from([(BalanceBucket::Principal, usd(400))]));
}

#[test]
fn the_debtor_directs_inside_a_bucket() {
    let owed = balance(vec![item("old", Some("2026-01-01"), 300), item("new", None, 200)]);
    let to = Directed { item: owed.items[1].id, money: usd(150) };
    let allocation = allocate(usd(250), &ORDER, &owed, &[to]).unwrap();
    assert_eq!(paid(&owed, &allocation), [("new".into(), 150), ("old".into(), 100)]);
}

#[test]
fn a_direction_past_what_is_open_falls_back_to_the_oldest() {
    let owed = balance(vec![item("old", Some("2026-01-01"), 300), item("new", None, 200)]);
    let nowhere = Directed { item: SeededIds::new(99).next(), money: usd(50) };
    let twice = Directed { item: owed.items[1].id, money: usd(500) };
    let allocation = allocate(usd(250), &ORDER, &owed, &[nowhere, twice, twice]).unwrap();
    assert_eq!(paid(&owed, &allocation), [("new".into(), 200), ("old".into(), 50)]);
}

#[test]
fn a_disputed_item_is_paid_only_when_directed() {
    let mut disputed = item("disputed", Some("2026-01-01"), 300);
    disputed.disputed = usd(300);
    let owed = balance(vec![disputed, item("clear", None, 200)]);
    let allocation = allocate(usd(250), &ORDER, &owed, &[]).unwrap();
    assert_eq!(paid(&owed, &allocation), [("clear".into(), 200)]);
    assert_eq!(allocation.on_account, usd(50), "still owed, so no overpayment");
    assert_eq!(allocation.overpayment, usd(0));
    let to = Directed { item: owed.items[0].id, money: usd(250) };
    let allocation = allocate(usd(250), &ORDER, &owed, &[to]).unwrap();
    assert_eq!(paid(&owed, &allocation), [("disputed".into(), 250)]);
}

#[test]
fn the_undisputed_part_of_an_item_is_paid() {
    let mut part = item("part", None, 300);
    part.disputed = usd(100);
    let owed = balance(vec![part]);
    let allocation = allocate(usd(300), &ORDER, &owed, &[]).unwrap();
    assert_eq!(paid(&owed, &allocation), [("part".into(), 200)]);
    assert_eq!(allocation.on_account, usd(100));
}

#[test]
fn what_exceeds_the_balance_is_an_overpayment() {
    let owed = balance(vec![item("A", None, 1_150)]);
    let allocation = allocate(usd(1_250), &ORDER, &owed, &[]).unwrap();
    assert_eq!(allocation.overpayment, usd(100));
    assert_eq!(allocation.applied(), Ok(usd(1_150)));
    let nothing = Balance { currency: USD, buckets: BTreeMap::new(), items: Vec::new() };
    let allocation = allocate(usd(10), &ORDER, &nothing, &[]).unwrap();
    assert_eq!(allocation.overpayment, usd(10));
}

#[test]
fn a_credit_memo_lowers_what_may_be_paid_and_is_never_paid() {
    let owed = balance(vec![item("invoice", None, 300), item("credit", None, -100)]);
    let allocation = allocate(usd(300), &ORDER, &owed, &[]).unwrap();
    assert_eq!(paid(&owed, &allocation), [("invoice".into(), 200)]);
    assert_eq!(allocation.overpayment, usd(100));
}

#[test]
fn another_currency_is_an_error() {
    let owed = balance(vec![item("A", None, 100)]);
    assert!(allocate(Money::new(5, Currency::EUR), &ORDER, &owed, &[]).is_err());
}

proptest! {
    #[test]
    fn no_cent_is_lost_and_nothing_is_overfilled(
        payment in 0i64..5_000,
        opens in prop::collection::vec((-200i64..1_000, 0i64..1_000), 0..8),
        costs in 0i64..500,
        directions in prop::collection::vec((0usize..10, 0i64..2_000), 0..4),
    ) {
        let items: Vec<OpenItem> = opens
            .iter()
            .enumerate()
            .map(|(n, (open, disputed))| OpenItem {
                disputed: usd((*disputed).min((*open).max(0))),
                ..item(&format!("I{n}"), None, *open)
            })
            .collect();
        let mut owed = balance(items);
        owed.buckets.insert(BalanceBucket::CourtCosts, usd(costs));
        let directed: Vec<Directed> = directions
            .iter()
            .filter_map(|(at, money)| {
                owed.items.get(*at).map(|item| Directed { item: item.id, money: usd(*money) })
            })
            .collect();
        let got = allocate(usd(payment), &ORDER, &owed, &directed).unwrap();
        let applied = got.applied().unwrap();
        prop_assert_eq!(applied.add(got.overpayment).unwrap(), usd(payment));
        let to_items = Money::sum(USD, got.items.iter().map(|(_, money)| *money)).unwrap();
        prop_assert_eq!(to_items.add(got.on_account).unwrap(), applied);
        for (bucket, money) in &got.buckets {
            prop_assert!(money.is_positive() && money.minor() <= owed.buckets[bucket].minor());
        }
        for (id, money) in &got.items {
            let open = owed.items.iter().find(|item| item.id == *id).unwrap().open;
            prop_assert!(money.is_positive() && money.minor() <= open.minor());
        }
        let open: i64 = owed.buckets.values().map(|money| money.minor().max(0)).sum();
        prop_assert_eq!(got.overpayment.minor(), (payment - open).max(0));
    }
}
