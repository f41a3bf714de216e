//! What the tables hold, as types: payments, openings of accounts, and what is known of one account.

use std::{collections::BTreeMap, str::FromStr};

use duly_domain::{
    AccountId, BalanceBucket, ClientId, CloseCode, Currency, Date, Money, MoneyError, PaymentId,
    PaymentMethod, ReceivedBy,
};
use duly_ledger::{Allocation, Balance, allocate, commission::Portion, posting::Owner};

use crate::error::{PaymentsError, Result};

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// In the bank, account unknown.
    Unapplied,
    /// In the bank, not yet good funds.
    Held,
    /// Good funds, or reported as paid to the client.
    Released,
    /// Taken back.
    Reversed,
}

impl State {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Unapplied => "unapplied",
            Self::Held => "held",
            Self::Released => "released",
            Self::Reversed => "reversed",
        }
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(code: &str) -> std::result::Result<Self, ()> {
        [Self::Unapplied, Self::Held, Self::Released, Self::Reversed]
            .into_iter()
            .find(|state| state.as_str() == code)
            .ok_or(())
    }
}

/// What the sender of a payment named as its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    /// Our id.
    Id(AccountId),
    /// The client's references.
    Reference {
        /// The client's own.
        client: String,
        /// The account's with the client.
        account: String,
    },
    /// Nothing: a direct payment is found by its account before it is kept.
    Nothing,
}

/// Whose payment it is, once that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whose {
    pub account: AccountId,
    pub client: ClientId,
}

impl From<Whose> for Owner {
    fn from(whose: Whose) -> Self {
        Self { client: whose.client, account: whose.account }
    }
}

/// One payment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Payment {
    pub id: PaymentId,
    pub whose: Option<Whose>,
    /// Fixed when it is first held for a known account.
    pub opening: Option<i32>,
    pub received_by: ReceivedBy,
    pub state: State,
    pub amount: Money,
    pub payment_on: Date,
    pub reference: String,
    pub method: PaymentMethod,
    pub item_numbers: Vec<String>,
    pub named: Named,
    pub posted_on: Date,
    pub held_on: Option<Date>,
    pub release_on: Option<Date>,
    pub released_on: Option<Date>,
    pub collected: Money,
    pub overpayment: Money,
    /// Posted so far.
    pub commission: Money,
    pub schedule_version: Option<u32>,
    pub portions: Vec<Portion>,
    pub reversed_on: Option<Date>,
}

impl Payment {
    /// Whether the money lies in our trust account.
    pub(crate) fn in_trust(&self) -> bool {
        match self.received_by {
            ReceivedBy::Agency | ReceivedBy::Forwarder => true,
            ReceivedBy::Client => false,
        }
    }

    /// What orders payments of one account wherever order matters.
    pub(crate) fn order(&self) -> (Date, &str, i64) {
        (self.payment_on, &self.reference, self.amount.minor())
    }

    pub(crate) fn whose(&self) -> Result<Whose> {
        self.whose.ok_or(PaymentsError::Corrupt { table: "payment", id: self.id.uuid() })
    }
}

/// One opening of an account.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Opening {
    pub account: AccountId,
    pub opening: i32,
    pub client: ClientId,
    pub client_ref: String,
    pub client_account_ref: String,
    pub listed: Money,
    pub listed_on: Date,
    pub debtor_name: String,
    pub settled_on: Option<Date>,
}

impl Opening {
    pub(crate) fn currency(&self) -> Currency {
        self.listed.currency()
    }

    /// The agency's own number of the account, without an id: the client's references together, with
    /// the opening where it was reopened.
    pub(crate) fn number(&self) -> String {
        let number = format!("{}/{}", self.client_ref, self.client_account_ref);
        if self.opening > 1 { format!("{number}#{}", self.opening) } else { number }
    }
}

/// How an opening ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub opening: i32,
    pub on: Date,
    /// Absent for a recall that is not closed yet.
    pub code: Option<CloseCode>,
}

/// A correction of a balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Adjustment {
    pub money: Money,
    pub on: Date,
    /// As intake told it; versions that did not left it to the day.
    pub opening: Option<i32>,
}

/// All that is known of one account, and that decides what its money does.
#[derive(Debug, Clone, Default)]
pub(crate) struct File {
    /// Ascending; never empty once loaded.
    pub openings: Vec<Opening>,
    pub adjustments: Vec<Adjustment>,
    pub ends: Vec<End>,
    pub payments: Vec<Payment>,
}

impl File {
    /// The opening that something of this day belongs to: the last that had begun, else the first.
    pub(crate) fn opening_on(&self, on: Date) -> &Opening {
        begun_by(&self.openings, on, |opening| opening.listed_on)
            .expect("a file is loaded by its openings")
    }

    /// The opening that a payment pays.
    pub(crate) fn opening_of(&self, payment: &Payment) -> &Opening {
        self.openings
            .iter()
            .find(|opening| Some(opening.opening) == payment.opening)
            .unwrap_or_else(|| self.opening_on(payment.payment_on))
    }

    /// The latest opening.
    pub(crate) fn latest(&self) -> &Opening {
        self.openings.last().expect("a file is loaded by its openings")
    }

    /// Whether a correction of this day, told for this opening if any, is one of `opening`.
    pub(crate) fn adjusts(&self, told: Option<i32>, on: Date, opening: &Opening) -> bool {
        told.unwrap_or_else(|| self.opening_on(on).opening) == opening.opening
    }

    /// What the client corrected on an opening.
    pub(crate) fn adjusted(&self, opening: &Opening) -> std::result::Result<Money, MoneyError> {
        let of_it = self
            .adjustments
            .iter()
            .filter(|adjustment| self.adjusts(adjustment.opening, adjustment.on, opening));
        Money::sum(opening.currency(), of_it.map(|adjustment| adjustment.money))
    }

    /// The surviving released payments of an opening, in order.
    pub(crate) fn survivors(&self, opening: &Opening) -> Vec<&Payment> {
        self.of_state(opening, State::Released)
    }

    /// The payments of an opening in this state, in order.
    pub(crate) fn of_state(&self, opening: &Opening, state: State) -> Vec<&Payment> {
        let mut payments: Vec<&Payment> = self
            .payments
            .iter()
            .filter(|payment| {
                payment.state == state && self.opening_of(payment).opening == opening.opening
            })
            .collect();
        payments.sort_by(|left, right| left.order().cmp(&right.order()));
        payments
    }

    /// What released money has paid of an opening.
    pub(crate) fn collected(&self, opening: &Opening) -> std::result::Result<Money, MoneyError> {
        let survivors = self.survivors(opening);
        Money::sum(opening.currency(), survivors.iter().map(|payment| payment.collected))
    }

    /// What is still owed on an opening; below zero where corrections exceed it.
    pub(crate) fn balance(&self, opening: &Opening) -> std::result::Result<Money, MoneyError> {
        opening.listed.add(self.adjusted(opening)?)?.sub(self.collected(opening)?)
    }

    /// How an opening stands, as statements print it.
    pub(crate) fn status(&self, opening: &Opening) -> String {
        let ends = || self.ends.iter().filter(|end| end.opening == opening.opening);
        if let Some(code) = ends().find_map(|end| end.code) {
            return format!("closed {code}");
        }
        if ends().next().is_some() {
            return "recalled".to_owned();
        }
        if opening.settled_on.is_some() { "settled" } else { "open" }.to_owned()
    }
}

/// The opening, of these in ascending order, that something of this day belongs to: the last that had
/// begun, else the first.
pub(crate) fn begun_by<T>(openings: &[T], on: Date, listed_on: impl Fn(&T) -> Date) -> Option<&T> {
    openings.iter().rev().find(|opening| listed_on(opening) <= on).or(openings.first())
}

/// What a payment pays of a balance, as one bucket: a claim's items carry no other.
pub(crate) fn apply_to(
    balance: Money,
    payment: Money,
) -> std::result::Result<Allocation, MoneyError> {
    let open = balance.max(Money::zero(balance.currency()))?;
    let balance =
        Balance { currency: open.currency(), buckets: principal(open), items: Vec::new() };
    allocate(payment, &[BalanceBucket::Principal], &balance, &[])
}

/// So much principal.
pub(crate) fn principal(money: Money) -> BTreeMap<BalanceBucket, Money> {
    if money.is_zero() { BTreeMap::new() } else { [(BalanceBucket::Principal, money)].into() }
}

#[cfg(test)]
mod tests;
