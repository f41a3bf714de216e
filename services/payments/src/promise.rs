//! A debtor's promise to pay, and what the money that came makes of it.
//!
//! Only a tick judges, from all facts then known. A promise is kept once what came for it reaches its
//! amount, or pays the last of the balance; money still held counts as come. It is broken when its grace
//! is over, or when a bank takes back the money that kept it. Broken, partial and cancelled are final.

use duly_domain::{
    Date, Money, MoneyError, PartyId, PaymentId, PaymentMethod, PromiseId, PromiseState,
};

use crate::{
    error::Result,
    model::{File, Payment, State, Whose},
};

/// Days after the promised day in which its money still counts as in time: it travels and is booked.
/// The agency's own rule (default), no law's.
pub(crate) const GRACE_DAYS: u64 = 3;

/// One promise.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Promise {
    pub id: PromiseId,
    pub whose: Whose,
    pub opening: i32,
    pub party: Option<PartyId>,
    pub amount: Money,
    pub due_on: Date,
    pub method: PaymentMethod,
    pub state: PromiseState,
    pub made_on: Date,
    /// Payments of its days that stood before it was made.
    pub earlier: Vec<PaymentId>,
    /// Payments that had come for it when it was last judged.
    pub counted: Vec<PaymentId>,
    /// What they sum to.
    pub paid: Money,
    pub ended_on: Option<Date>,
    pub cancel_reason: Option<String>,
}

/// What a promise is judged by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// What came for it and was not taken back.
    pub received: Money,
    /// What is still owed, held money taken off.
    pub owed: Money,
    /// Whether its opening was recalled or closed.
    pub ended: bool,
    pub today: Date,
}

/// What becomes of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it was.
    Stands,
    Kept,
    /// The money did not come, or not all of it, or was taken back.
    Broken,
    /// Its account ended.
    Ended,
    /// Nothing is owed any more, and nothing came for it.
    Idle,
}

impl Promise {
    /// The last day whose payments count.
    pub(crate) fn last_day(&self) -> Date {
        self.due_on.checked_add_days(chrono::Days::new(GRACE_DAYS)).unwrap_or(Date::MAX)
    }

    /// The payments that came for it: of an open one those of its days, of a kept one those that kept it.
    pub(crate) fn counts<'a>(&self, file: &'a File) -> Vec<&'a Payment> {
        let last_day = self.last_day();
        let stands = |payment: &&Payment| match payment.state {
            State::Held | State::Released => true,
            State::Unapplied | State::Reversed => false,
        };
        let is_for = |payment: &&Payment| match self.state {
            PromiseState::Kept => self.counted.contains(&payment.id),
            PromiseState::Open
            | PromiseState::Partial
            | PromiseState::Broken
            | PromiseState::Cancelled => {
                file.opening_of(payment).opening == self.opening
                    && (self.made_on..=last_day).contains(&payment.payment_on)
                    && !self.earlier.contains(&payment.id)
            }
        };
        file.payments.iter().filter(stands).filter(is_for).collect()
    }

    /// What becomes of it.
    pub(crate) fn judge(&self, facts: &Facts) -> Outcome {
        let reached = facts.received.minor() >= self.amount.minor();
        match self.state {
            PromiseState::Open => {
                let settles = facts.received.is_positive() && !facts.owed.is_positive();
                if reached || settles {
                    Outcome::Kept
                } else if facts.ended {
                    Outcome::Ended
                } else if !facts.owed.is_positive() {
                    Outcome::Idle
                } else if facts.today > self.last_day() {
                    Outcome::Broken
                } else {
                    Outcome::Stands
                }
            }
            PromiseState::Kept => {
                let taken_back = facts.received.minor() < self.paid.minor();
                if taken_back && !reached { Outcome::Broken } else { Outcome::Stands }
            }
            PromiseState::Partial | PromiseState::Broken | PromiseState::Cancelled => {
                Outcome::Stands
            }
        }
    }

    /// What is still owed on its opening when all held money is good.
    pub(crate) fn owed(&self, file: &File) -> Result<Money> {
        let opening = file.openings.iter().find(|opening| opening.opening == self.opening);
        Ok(owed(file, opening.unwrap_or_else(|| file.latest()))?)
    }
}

/// What is owed on an opening, held money taken off. Below zero where more was credited or paid.
pub(crate) fn owed(
    file: &File,
    opening: &crate::model::Opening,
) -> std::result::Result<Money, MoneyError> {
    let held = file.of_state(opening, State::Held);
    let held = Money::sum(opening.currency(), held.iter().map(|payment| payment.amount))?;
    file.balance(opening)?.sub(held)
}

#[cfg(test)]
mod tests;
