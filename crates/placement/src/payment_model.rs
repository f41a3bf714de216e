//! Payments by a seed: what debtors of a portfolio do in the weeks after it is placed.
//!
//! Made for demonstrations and tests, not a forecast. What an account does depends on the seed and
//! on its own references only, never on its place in the list.

use duly_domain::{Date, Money, PaymentMethod};

use crate::rng::Rng;

/// What is owed on one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed<'a> {
    /// The client's short name.
    pub client_ref: &'a str,
    /// The client's reference of the account.
    pub account_ref: &'a str,
    /// What is owed; nothing or less is never paid.
    pub amount: Money,
}

/// What a debtor does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Behaviour {
    /// Pays everything at once.
    InFull,
    /// Pays one to three parts.
    InPart,
    /// Pays the client instead of the agency.
    Direct,
    /// Pays, and the bank takes it back; half of them pay again.
    Bounces,
    /// Pays more than is owed.
    TooMuch,
    /// Names a reference that no account has.
    UnknownAccount,
}

/// One payment to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPayment {
    /// The client's short name.
    pub client_ref: String,
    /// The account's reference as the payer states it; of no account for
    /// [`Behaviour::UnknownAccount`].
    pub account_ref: String,
    /// The day on which it is received.
    pub on: Date,
    /// Above zero.
    pub amount: Money,
    /// By what means it comes.
    pub method: PaymentMethod,
    /// Of this payment alone.
    pub received_reference: String,
    /// Whether the client received it.
    pub direct: bool,
    /// The day on which it is taken back.
    pub reversed_on: Option<Date>,
    /// Why it is as it is.
    pub behaviour: Behaviour,
}

/// Of a hundred accounts, how many do what; the others pay nothing.
const MIX: [(u64, Behaviour); 6] = [
    (16, Behaviour::InFull),
    (14, Behaviour::InPart),
    (8, Behaviour::Direct),
    (5, Behaviour::Bounces),
    (4, Behaviour::TooMuch),
    (3, Behaviour::UnknownAccount),
];

/// Days from a payment to its return at most.
const RETURN_DAYS_MAX: u64 = 5;

/// Payments of the accounts in the `days` after `as_of`, ordered by day and reference.
pub fn plan_payments<'a>(
    owed: impl IntoIterator<Item = Owed<'a>>,
    seed: u64,
    as_of: Date,
    days: u32,
) -> Vec<PlannedPayment> {
    let days = u64::from(days);
    let mut payments = Vec::new();
    if days == 0 {
        return payments;
    }
    for owed in owed.into_iter().filter(|owed| owed.amount.is_positive()) {
        Payer::of(owed, seed, as_of, days).pay(&mut payments);
    }
    payments.sort_by(|a, b| (a.on, &a.received_reference).cmp(&(b.on, &b.received_reference)));
    payments
}

struct Payer<'a> {
    owed: Owed<'a>,
    rng: Rng,
    as_of: Date,
    days: u64,
}

impl<'a> Payer<'a> {
    fn of(owed: Owed<'a>, seed: u64, as_of: Date, days: u64) -> Self {
        let names =
            [b"payments".as_slice(), owed.client_ref.as_bytes(), owed.account_ref.as_bytes()];
        Self { owed, rng: Rng::of(seed, &names), as_of, days }
    }

    fn pay(&mut self, payments: &mut Vec<PlannedPayment>) {
        let mut drawn = self.rng.below(100);
        let behaviour = MIX.iter().find_map(|(share, behaviour)| {
            if drawn < *share {
                return Some(*behaviour);
            }
            drawn -= share;
            None
        });
        match behaviour {
            None => {}
            Some(Behaviour::InPart) => self.in_part(payments),
            Some(Behaviour::Bounces) => self.bounce(payments),
            Some(Behaviour::TooMuch) => {
                let percent = self.rng.between(101, 115);
                let amount = self.share(percent).max(self.owed.amount.minor().saturating_add(1));
                payments.push(self.payment(Behaviour::TooMuch, amount));
            }
            Some(Behaviour::Direct) => {
                let percent = *self.rng.pick(&[100, 100, 60, 30]);
                let amount = self.share(percent);
                payments.push(self.payment(Behaviour::Direct, amount));
            }
            Some(behaviour @ (Behaviour::InFull | Behaviour::UnknownAccount)) => {
                payments.push(self.payment(behaviour, self.owed.amount.minor()));
            }
        }
    }

    fn in_part(&mut self, payments: &mut Vec<PlannedPayment>) {
        let parts = self.rng.between(1, 3);
        let percent = self.rng.between(10, 30);
        let mut left = self.owed.amount.minor();
        for _ in 0..parts {
            let amount = self.share(percent).min(left);
            if amount > 0 {
                payments.push(self.payment(Behaviour::InPart, amount));
            }
            left -= amount;
        }
    }

    /// A cheque or debit that comes back within the period, where the period is long enough.
    fn bounce(&mut self, payments: &mut Vec<PlannedPayment>) {
        let amount = self.owed.amount.minor();
        let mut payment = self.payment(Behaviour::Bounces, amount);
        payment.method = *self.rng.pick(&[PaymentMethod::Cheque, PaymentMethod::Ach]);
        let last_return = RETURN_DAYS_MAX.min(self.days.saturating_sub(1)).max(1);
        let paid = self.rng.between(1, self.days.saturating_sub(last_return).max(1));
        let back = paid + self.rng.between(1, last_return);
        payment.on = self.day(paid);
        payment.reversed_on = Some(self.day(back)).filter(|_| back <= self.days);
        let again = back < self.days && self.rng.percent(50);
        payments.push(payment);
        if again {
            let mut payment = self.payment(Behaviour::Bounces, amount);
            let day = self.rng.between(back + 1, self.days);
            payment.on = self.day(day);
            payments.push(payment);
        }
    }

    fn payment(&mut self, behaviour: Behaviour, minor: i64) -> PlannedPayment {
        let direct = behaviour == Behaviour::Direct;
        let day = self.rng.between(1, self.days);
        let method = *self.rng.pick(if direct {
            &[PaymentMethod::Cheque, PaymentMethod::Wire]
        } else {
            &[
                PaymentMethod::Cheque,
                PaymentMethod::Ach,
                PaymentMethod::Ach,
                PaymentMethod::Card,
                PaymentMethod::Wire,
            ]
        });
        let own = self.rng.next();
        let account_ref = match behaviour {
            Behaviour::UnknownAccount => format!("UNKNOWN-{own:016X}"),
            _ => self.owed.account_ref.to_owned(),
        };
        PlannedPayment {
            client_ref: self.owed.client_ref.to_owned(),
            account_ref,
            on: self.day(day),
            amount: Money::new(minor, self.owed.amount.currency()),
            method,
            received_reference: format!("RCV-{own:016X}"),
            direct,
            reversed_on: None,
            behaviour,
        }
    }

    /// So many hundredths of what is owed, at least one minor unit.
    fn share(&self, percent: u64) -> i64 {
        let minor = i128::from(self.owed.amount.minor()) * i128::from(percent) / 100;
        i64::try_from(minor).unwrap_or(i64::MAX).max(1)
    }

    /// The last day that the calendar has, past its end.
    fn day(&self, after: u64) -> Date {
        self.as_of.checked_add_days(chrono::Days::new(after)).unwrap_or(Date::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use duly_domain::Currency;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn accounts() -> Vec<(String, Money)> {
        (1..=600).map(|n| (format!("A-{n}"), Money::new(n * 37, Currency::USD))).collect()
    }

    fn plan(accounts: &[(String, Money)]) -> Vec<PlannedPayment> {
        let owed = accounts.iter().map(|(account_ref, amount)| Owed {
            client_ref: "NORTH",
            account_ref,
            amount: *amount,
        });
        plan_payments(owed, 42, day("2026-03-01"), 30)
    }

    #[test]
    fn every_behaviour_happens_and_keeps_its_promise() {
        let accounts = accounts();
        let owed: BTreeMap<&str, Money> = accounts.iter().map(|(a, m)| (a.as_str(), *m)).collect();
        let payments = plan(&accounts);
        let mut seen = BTreeSet::new();
        for payment in &payments {
            seen.insert(payment.behaviour);
            assert!(payment.amount.is_positive());
            assert!(payment.on > day("2026-03-01") && payment.on <= day("2026-03-31"));
            assert_eq!(payment.direct, payment.behaviour == Behaviour::Direct);
            let owed = owed.get(payment.account_ref.as_str());
            match payment.behaviour {
                Behaviour::UnknownAccount => assert_eq!(owed, None),
                Behaviour::TooMuch => assert!(payment.amount.minor() > owed.unwrap().minor()),
                Behaviour::InFull => assert_eq!(Some(&payment.amount), owed),
                Behaviour::InPart | Behaviour::Direct | Behaviour::Bounces => {
                    assert!(payment.amount.minor() <= owed.unwrap().minor());
                }
            }
            if let Some(back) = payment.reversed_on {
                assert_eq!(payment.behaviour, Behaviour::Bounces);
                assert!(back > payment.on && back <= day("2026-03-31"));
                assert!(!payment.method.guaranteed_funds());
            }
        }
        assert_eq!(seen.len(), 6);
        assert!(payments.iter().any(|payment| payment.reversed_on.is_some()));
        let references: BTreeSet<_> = payments.iter().map(|p| &p.received_reference).collect();
        assert_eq!(references.len(), payments.len());
    }

    #[test]
    fn an_account_pays_the_same_whatever_stands_beside_it() {
        let mut accounts = accounts();
        let all = plan(&accounts);
        accounts.reverse();
        assert_eq!(plan(&accounts), all);
        let half: Vec<_> = accounts.into_iter().step_by(2).collect();
        let kept: BTreeSet<_> = half.iter().map(|(account, _)| account.as_str()).collect();
        let some = plan(&half).into_iter().filter(|p| p.behaviour != Behaviour::UnknownAccount);
        let expected: Vec<_> =
            all.into_iter().filter(|payment| kept.contains(payment.account_ref.as_str())).collect();
        assert_eq!(some.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn no_days_no_debt_and_single_cents_are_no_trouble() {
        let owed = |minor| Owed {
            client_ref: "C",
            account_ref: "A",
            amount: Money::new(minor, Currency::USD),
        };
        assert!(plan_payments([owed(100)], 1, day("2026-03-01"), 0).is_empty());
        for seed in 0..300 {
            assert!(plan_payments([owed(0), owed(-5)], seed, day("2026-03-01"), 9).is_empty());
            for payment in plan_payments([owed(1)], seed, day("2026-03-01"), 1) {
                assert!(payment.amount.is_positive());
                assert_eq!(payment.on, day("2026-03-02"));
            }
        }
    }
}
