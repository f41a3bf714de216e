//! How a debtor pays and promises, and what goes wrong with it.

use duly_domain::PaymentMethod;

use crate::{
    dice::Dice,
    rates::{BROKEN_IN_PART, MISNAMES_ACCOUNT, PAYMENT_RETURNED, PAYS_AGAIN, PAYS_TOO_MUCH},
};

/// Who gets the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// The agency, which is told the account's reference.
    Agency,
    /// The agency, with a reference that no account has.
    AgencyUnnamed,
    /// The creditor itself.
    Creditor,
}

/// One payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Payment {
    /// Hundredths of what is owed on the account when it is paid; above 100 it is too much.
    pub percent: u32,
    /// By what means.
    pub method: PaymentMethod,
    /// Who gets it.
    pub via: Via,
    /// Days until the bank takes it back.
    pub returned_after: Option<u32>,
    /// Days until it is paid again after that.
    pub again_after: Option<u32>,
}

/// What becomes of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kept {
    /// The money comes so many days after the promise, in time.
    After(u32),
    /// So many hundredths of it come in time, after so many days.
    Part {
        /// Hundredths of what was promised.
        percent: u32,
        /// Days after the promise.
        after: u32,
    },
    /// Nothing comes.
    Not,
}

/// A promise to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Promise {
    /// Hundredths of what is owed on the account when it is promised, at most 100.
    pub percent: u32,
    /// Days until the money is due.
    pub due_in: u32,
    /// By what means it would come.
    pub method: PaymentMethod,
    /// What becomes of it.
    pub kept: Kept,
}

const TO_AGENCY: [PaymentMethod; 5] = [
    PaymentMethod::Cheque,
    PaymentMethod::Ach,
    PaymentMethod::Ach,
    PaymentMethod::Card,
    PaymentMethod::Wire,
];

const TO_CREDITOR: [PaymentMethod; 2] = [PaymentMethod::Cheque, PaymentMethod::Wire];

/// Days from a payment to its return: banks have two banking days for a debit, cheques take longer.
const RETURN_DAYS: (u32, u32) = (2, 6);

/// A payment of so many hundredths of what is owed, with the ways in which payments go wrong.
pub(crate) fn to_agency(dice: &mut Dice, percent: u32) -> Payment {
    let mut payment = Payment {
        percent,
        method: *dice.pick(&TO_AGENCY),
        via: Via::Agency,
        returned_after: None,
        again_after: None,
    };
    if dice.per_mille(PAYMENT_RETURNED) {
        payment.method = *dice.pick(&[PaymentMethod::Cheque, PaymentMethod::Ach]);
        payment.returned_after = Some(dice.between(RETURN_DAYS.0, RETURN_DAYS.1));
        payment.again_after = dice.per_mille(PAYS_AGAIN).then(|| dice.between(3, 15));
    } else if dice.per_mille(PAYS_TOO_MUCH) {
        payment.percent = payment.percent.max(100) + dice.between(1, 15);
    } else if dice.per_mille(MISNAMES_ACCOUNT) {
        payment.via = Via::AgencyUnnamed;
    }
    payment
}

/// All of it by wire, with which nothing goes wrong: good funds on the same day.
pub(crate) fn by_wire() -> Payment {
    Payment {
        percent: 100,
        method: PaymentMethod::Wire,
        via: Via::Agency,
        returned_after: None,
        again_after: None,
    }
}

/// A payment that the creditor gets.
pub(crate) fn to_creditor(dice: &mut Dice) -> Payment {
    Payment {
        percent: *dice.pick(&[100, 100, 60, 30]),
        method: *dice.pick(&TO_CREDITOR),
        via: Via::Creditor,
        returned_after: None,
        again_after: None,
    }
}

/// A promise of one who keeps it, or breaks it.
pub(crate) fn promise(dice: &mut Dice, keeps: bool) -> Promise {
    let percent = *dice.pick(&[100, 100, 50, 40, 25]);
    let due_in = dice.between(3, 14);
    let kept = if keeps {
        Kept::After(dice.between(1, due_in))
    } else if dice.per_mille(BROKEN_IN_PART) {
        Kept::Part { percent: dice.between(20, 60), after: dice.between(1, due_in) }
    } else {
        Kept::Not
    };
    // Of what a promise is kept by, nothing comes back: that would break it.
    let method = *dice.pick(&[PaymentMethod::Ach, PaymentMethod::Card, PaymentMethod::Wire]);
    Promise { percent, due_in, method, kept }
}
