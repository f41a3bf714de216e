//! A model of the people whom an agency writes and calls, and of the creditors who placed their debts:
//! who answers, pays, promises and breaks it, disputes, opts out, hires an attorney, moved, went
//! bankrupt or died. Made to show and to test, not a forecast.
//!
//! Everything follows from a seed and from the creditor's own references, never from the order of
//! questions about different debtors: the same seed gives the same ninety days. The model says what a
//! debtor does; whoever runs it carries that out by the commands that any caller has. No input or
//! output, no clock.

mod call;
mod creditor;
mod debtor;
mod dice;
mod letter;
mod pay;
pub mod rates;
mod search;

pub use call::{Call, CallAnswer};
pub use creditor::{Creditor, CreditorAct, Reply};
pub use debtor::{Act, Attitude, Debtor, Key, Line, MoneyModel, Reaction, Scope, Traits};
pub use letter::Piece;
pub use pay::{Kept, Payment, Promise, Via};
pub use search::{Found, Hit, Place};

#[cfg(test)]
mod tests;
