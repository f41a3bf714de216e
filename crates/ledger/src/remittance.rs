//! What a period comes to: the formulae by which a client is paid, by each method.

use duly_domain::{Currency, Money, MoneyError, RemitMethod};
use serde::{Deserialize, Serialize};

/// The totals of one client, one currency and one period. Reversals of payments that were in an
/// earlier or this `a` lower it; a payment reversed before release is in no total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Released payments received by agency or forwarder, gross, without overpayment.
    pub a: Money,
    /// What forwarders withheld out of `a`. Trust received `a - w`.
    pub w: Money,
    /// Direct payments.
    pub d: Money,
    /// Commission on `a`, including all of `w`.
    pub fa: Money,
    /// Commission on direct payments and on credits that earn.
    pub fd: Money,
    /// Other charges.
    pub x: Money,
    /// What the client owed before: the last period's carry forward.
    pub p: Money,
}

impl Totals {
    /// Nothing happened, nothing was owed.
    pub const fn zero(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { a: zero, w: zero, d: zero, fa: zero, fd: zero, x: zero, p: zero }
    }

    /// Money that reached the trust account and was released: `a - w`.
    pub fn trust_in(&self) -> Result<Money, MoneyError> {
        self.a.sub(self.w)
    }
}

/// How a period is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// All commission of the period.
    pub f: Money,
    /// What the agency itself earned: `f - w + x`.
    pub earned: Money,
    /// What the client is due; below zero the client owes.
    pub due: Money,
    /// Paid to the client from trust. Never below zero.
    pub remit: Money,
    /// What the client owes after this period. Never below zero.
    pub carry_forward: Money,
    /// Billed to the client; below zero it is a credit memo.
    pub invoice: Money,
    /// From trust to the agency; below zero the agency owes trust.
    pub to_operating: Money,
}

/// Settles a period.
///
/// # Panics
///
/// If an invariant of the formulae does not hold, which would mean that the formulae here are wrong.
pub fn settle(method: RemitMethod, totals: &Totals) -> Result<Settlement, MoneyError> {
    let Totals { a, w, d, fa, fd, x, p } = *totals;
    let zero = Money::zero(a.currency());
    let f = fa.add(fd)?;
    let earned = f.sub(w)?.add(x)?;
    let due = match method {
        RemitMethod::Net => a.sub(f)?.sub(x)?.sub(p)?,
        RemitMethod::Gross => a.sub(w)?.sub(p)?,
        RemitMethod::GrossLessDirectFees => a.sub(w)?.sub(fd)?.sub(x)?.sub(p)?,
    };
    let remit = due.max(zero)?;
    let carry_forward = due.neg()?.max(zero)?;
    let (invoice, to_operating) = match method {
        RemitMethod::Net => (zero, earned.add(p)?.sub(carry_forward)?),
        RemitMethod::Gross => (earned, p.sub(carry_forward)?),
        RemitMethod::GrossLessDirectFees => (fa.sub(w)?, fd.add(x)?.add(p)?.sub(carry_forward)?),
    };
    let position = d.add(remit)?.sub(carry_forward)?.sub(invoice)?;
    let deserved = a.add(d)?.sub(f)?.sub(x)?.sub(p)?;
    assert_eq!(position, deserved, "the client's position is what was collected less what it cost");
    let left = totals.trust_in()?.sub(remit)?.sub(to_operating)?;
    assert!(left.is_zero(), "all trust money of the period is paid out or fixed for operating");
    Ok(Settlement { f, earned, due, remit, carry_forward, invoice, to_operating })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    #[test]
    fn a_shortfall_is_carried_to_the_next_period() {
        let totals = Totals { a: usd(50_000), fa: usd(70_000), ..Totals::zero(Currency::USD) };
        let settled = settle(RemitMethod::Net, &totals).unwrap();
        assert_eq!(settled.due, usd(-20_000));
        assert_eq!(settled.remit, usd(0));
        assert_eq!(settled.to_operating, usd(50_000));
        assert_eq!(settled.carry_forward, usd(20_000));
    }

    #[test]
    fn two_periods_of_gross_less_direct_fees() {
        let zero = Totals::zero(Currency::USD);
        let method = RemitMethod::GrossLessDirectFees;
        let first = settle(method, &Totals { a: usd(10_000), fd: usd(30_000), ..zero }).unwrap();
        assert_eq!((first.remit, first.carry_forward), (usd(0), usd(20_000)));
        let totals = Totals { a: usd(100_000), p: first.carry_forward, ..zero };
        let second = settle(method, &totals).unwrap();
        assert_eq!(second.due, usd(80_000));
        assert_eq!(second.remit, usd(80_000));
        assert_eq!(second.to_operating, usd(20_000));
    }

    proptest! {
        /// Both invariants are asserted inside; here the bounds of what may be paid.
        #[test]
        fn no_method_pays_more_than_there_is(
            a in -1_000_000i64..1_000_000,
            w_share in 0i64..=100,
            d in -1_000_000i64..1_000_000,
            fa in -300_000i64..300_000,
            fd in -300_000i64..300_000,
            x in 0i64..10_000,
            p in 0i64..100_000,
        ) {
            let w = a.max(0) * w_share / 1_000;
            let totals = Totals {
                a: usd(a), w: usd(w), d: usd(d), fa: usd(fa), fd: usd(fd), x: usd(x), p: usd(p),
            };
            for method in RemitMethod::ALL {
                let settled = settle(*method, &totals).unwrap();
                prop_assert!(!settled.remit.is_negative() && !settled.carry_forward.is_negative());
                prop_assert!(settled.remit.is_zero() || settled.carry_forward.is_zero());
                // Never more than trust received, but for commission that is given back.
                let given_back = (-(fa - w)).max(0) + (-fd).max(0);
                prop_assert!(settled.remit.minor() <= (a - w).max(0) + given_back);
            }
        }

        #[test]
        fn every_method_leaves_the_client_in_the_same_position(
            a in 0i64..1_000_000,
            d in 0i64..1_000_000,
            fa in 0i64..300_000,
            fd in 0i64..300_000,
        ) {
            let totals = Totals {
                a: usd(a), d: usd(d), fa: usd(fa), fd: usd(fd), ..Totals::zero(Currency::USD)
            };
            for method in RemitMethod::ALL {
                let settled = settle(*method, &totals).unwrap();
                let position = d + settled.remit.minor()
                    - settled.carry_forward.minor()
                    - settled.invoice.minor();
                prop_assert_eq!(position, a + d - fa - fd);
            }
        }
    }
}
