//! Random histories: whatever happens in whatever order, the books prove themselves after every step
//! (the world asserts it), every period closes, and undoing everything ends at nothing.

use duly_domain::{Money, RemitMethod};
use proptest::prelude::*;

use super::world::*;
use crate::chart::Ledger;

#[derive(Debug, Clone)]
enum Step {
    Receive { account: usize, minor: i64, over: i64, day: u32 },
    Direct { account: usize, minor: i64, day: u32 },
    Release(usize),
    Reverse(usize),
    Refund(usize),
    Transfer,
    Close,
    Sweep,
}

const ACCOUNTS: [&str; 3] = ["A", "B", "C"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let money = 1i64..500_000;
    let step = prop_oneof![
        4 => (0..3usize, money.clone(), prop_oneof![3 => Just(0), 1 => 1i64..5_000], 1u32..28)
            .prop_map(|(account, minor, over, day)| Step::Receive { account, minor, over, day }),
        1 => (0..3usize, money, 1u32..28)
            .prop_map(|(account, minor, day)| Step::Direct { account, minor, day }),
        4 => any::<usize>().prop_map(Step::Release),
        3 => any::<usize>().prop_map(Step::Reverse),
        1 => any::<usize>().prop_map(Step::Refund),
        1 => Just(Step::Transfer),
        2 => Just(Step::Close),
        1 => Just(Step::Sweep),
    ];
    prop::collection::vec(step, 1..60)
}

/// Plays the steps; those that fit nothing are passed over.
fn play(world: &mut World, steps: &[Step]) {
    let (mut held, mut released, mut over) = (Vec::new(), Vec::new(), Vec::new());
    for (at, step) in steps.iter().enumerate() {
        let reference = format!("R{at:03}");
        let pick = |from: &mut Vec<String>, at: usize| {
            (!from.is_empty()).then(|| from.remove(at % from.len()))
        };
        let of = |account: usize, minor: i64, day: u32| {
            let amount = Money::new(minor, USD).amount();
            paid(ACCOUNTS[account], &reference, &format!("2026-10-{day:02}"), &amount)
        };
        match *step {
            Step::Receive { account, minor, over, day } => {
                world.take(of(account, minor, day).over(&Money::new(over, USD).amount()));
                held.push(reference);
            }
            Step::Direct { account, minor, day } => {
                world.take(of(account, minor, day).direct());
                released.push(reference);
            }
            Step::Release(at) => {
                if let Some(reference) = pick(&mut held, at) {
                    world.release(&reference);
                    if world.refundable(&reference) {
                        over.push(reference.clone());
                    }
                    released.push(reference);
                }
            }
            Step::Reverse(at) => {
                let from = if at % 2 == 0 { &mut held } else { &mut released };
                if let Some(reference) = pick(from, at) {
                    over.retain(|other| *other != reference);
                    world.reverse(&reference);
                }
            }
            Step::Refund(at) => {
                if let Some(reference) = pick(&mut over, at) {
                    world.refund(&reference);
                }
            }
            Step::Transfer => world.transfer(),
            Step::Close => {
                let closed = world.close();
                assert!(!closed.closing.paid.is_negative());
            }
            Step::Sweep => {
                world.sweep();
            }
        }
    }
    for reference in held.into_iter().chain(released) {
        world.reverse(&reference);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn undoing_everything_ends_at_nothing(steps in steps(), method in prop::sample::select(RemitMethod::ALL)) {
        let mut world = World::new(method);
        play(&mut world, &steps);
        for account in ACCOUNTS {
            prop_assert!(world.price(account).total.is_zero());
        }
        world.close();
        world.transfer();
        world.sweep();
        let proof = world.proof();
        prop_assert!(proof.held.is_zero() && proof.refunds_due.is_zero());
        prop_assert!(world.operating(Ledger::CommissionIncome).is_zero(), "nothing was earned");
        prop_assert!(world.missing().is_zero() && proof.trust_bank.is_zero());
    }
}
