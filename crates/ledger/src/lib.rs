//! The arithmetic of money held in trust: chart, postings, allocation, commission, remittance,
//! statement and proof.
//!
//! Everything here is a function of its arguments. Four laws carry it:
//!
//! 1. **Money moves as balanced sets.** An [`EntrySet`] cannot be made unless it sums to zero in each
//!    book and currency ([`chart`], [`posting`]).
//! 2. **Commission is a function of what survives.** `C(account)` is computed from the surviving
//!    payments; what is posted is `round(C(after)) - round(C(before))`. Order, splits and reversals
//!    cannot drift a cent ([`commission`]).
//! 3. **A remittance is a function of a sealed set.** Its two invariants are asserted always, and its
//!    statement is the same bytes however its input was ordered ([`remittance`], [`statement`]).
//! 4. **The trust book proves itself.** Bank and deficiency equal what is owed to others
//!    ([`trust`]).
//!
//! Where the order inside a set matters it is (payment date, received reference, amount), never id
//! or arrival. Deliberately absent: storage, locks, clocks, and the decision when to do any of it.

pub mod allocation;
pub mod chart;
pub mod commission;
pub mod posting;
pub mod remittance;
pub mod statement;
pub mod trust;

pub use allocation::{Allocation, Balance, Directed, OpenItem, allocate};
pub use chart::{Book, Entry, EntrySet, Ledger, SetKind, Unbalanced};
pub use commission::{
    Change, CommissionError, Earning, Factor, Priced, PricedLine, Pricing, ScheduleVersion, Source,
};
pub use posting::{Deficiency, Owner, PostingError};
pub use remittance::{Settlement, Totals, settle};
pub use statement::{Statement, StatementError};
pub use trust::{Balances, TrustProof};

#[cfg(test)]
mod tests;
