//! What happened in a life, counted.

use std::collections::BTreeMap;

use duly_domain::{Date, Disposition, Money};

use crate::demo::figures::Sums;

/// Counts and sums.
#[derive(Debug, Default)]
pub struct Log {
    /// Everything posted, returned payments included.
    pub posted: Sums,
    /// Of these, what the clients received themselves.
    pub direct: Sums,
    /// Of these, what was taken back.
    pub reversed: Sums,
    /// Of these, what names no known account.
    pub unapplied: Sums,
    /// What debtors promised.
    pub promised: Sums,
    /// The last day on which money moves: a payment, a return or a release.
    pub last_on: Option<Date>,
    /// Calls by their result.
    pub calls: BTreeMap<&'static str, u64>,
    /// What debtors said and wrote, by what it was.
    pub words: BTreeMap<&'static str, u64>,
    /// What clients did.
    pub clients: BTreeMap<&'static str, u64>,
    /// What came too late and was refused, by the reason of the refusal.
    pub too_late: BTreeMap<String, u64>,
    /// Searches that the provider answered, and of these those that found something.
    pub searches: (u64, u64),
}

impl Log {
    /// A call was made.
    pub fn call(&mut self, disposition: Disposition) {
        *self.calls.entry(disposition.as_str()).or_default() += 1;
    }

    /// Something was said or written.
    pub fn word(&mut self, what: &'static str) {
        *self.words.entry(what).or_default() += 1;
    }

    /// A client did something.
    pub fn client(&mut self, what: &'static str) {
        *self.clients.entry(what).or_default() += 1;
    }

    /// A payment was posted.
    pub fn posted(&mut self, amount: Money, direct: bool, unapplied: bool) {
        self.posted.add(amount);
        if direct {
            self.direct.add(amount);
        }
        if unapplied {
            self.unapplied.add(amount);
        }
    }

    /// Money moves on this day.
    pub fn moves_on(&mut self, day: Option<Date>) {
        self.last_on = self.last_on.max(day);
    }
}
