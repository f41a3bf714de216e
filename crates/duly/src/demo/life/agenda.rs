//! What is going to happen, by day, in an order that does not depend on who was asked first.

use std::collections::BTreeMap;

use duly_domain::{Channel, Date, DisputeReason, HitKind, Money, ReturnReason};
use duly_simulation::{CreditorAct, Payment, Promise, Reply, Scope};

use super::money::Recorded;

/// A liable party by its place in the cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who {
    /// The account.
    pub actor: usize,
    /// The party of it.
    pub party: usize,
}

/// One thing that somebody does.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// Who, or for whom.
    pub who: Who,
    /// Counts what was put on the agenda: earlier is earlier.
    seq: u64,
    /// What.
    pub what: What,
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A payment of the file comes in.
    PostRecorded(Recorded),
    /// A payment comes in: what it is of what is owed is seen then.
    Pay(Payment),
    /// Promised money comes in, or a payment once more.
    PayAmount(Money, Payment),
    /// The bank takes a payment back.
    TakeBack {
        /// The payment.
        payment_id: String,
        /// How much it was.
        amount: Money,
        /// What it was.
        payment: Payment,
    },
    /// The client answers a question.
    Answer {
        /// The question.
        request_id: String,
        /// The party whose dispute it is about.
        reply: Reply,
        /// Which question of the account it is, from 1.
        number: u32,
        /// What is disputed.
        disputed: Option<Money>,
    },
    /// The client does something by itself.
    Creditor(CreditorAct),
    /// A promise is made.
    Promise(Promise),
    /// All or a part is contested.
    Dispute(DisputeReason, Scope),
    /// An attorney writes.
    Attorney,
    /// It is asked in writing to end contact.
    Cease,
    /// It comes out that the party is bankrupt, dead or in service.
    TurnsOut(HitKind),
    /// A medium is not wanted any more.
    OptOut(Channel),
    /// A letter comes back.
    SendBack {
        /// The letter.
        letter_id: String,
        /// What the post says.
        reason: ReturnReason,
    },
}

/// What one of them does may be seen by another of a later stage, and never by one of the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Receipts are booked.
    Receipts,
    /// Receipts are taken back.
    Returns,
    /// Clients act.
    Clients,
    /// Debtors promise and dispute.
    Words,
    /// Stops are placed.
    Stops,
    /// Mail comes back.
    Mail,
}

impl What {
    /// When it is done among what is done at one instant.
    pub fn stage(&self) -> Stage {
        match self {
            Self::PostRecorded(_) | Self::Pay(_) | Self::PayAmount(..) => Stage::Receipts,
            Self::TakeBack { .. } => Stage::Returns,
            Self::Answer { .. } | Self::Creditor(_) => Stage::Clients,
            Self::Promise(_) | Self::Dispute(..) => Stage::Words,
            Self::Attorney | Self::Cease | Self::TurnsOut(_) | Self::OptOut(_) => Stage::Stops,
            Self::SendBack { .. } => Stage::Mail,
        }
    }
}

impl Deed {
    /// In what order deeds of one stage are done and counted.
    pub fn place(&self) -> (Who, u64) {
        (self.who, self.seq)
    }
}

/// Deeds by the day on which they fall.
#[derive(Debug, Default)]
pub struct Agenda {
    days: BTreeMap<Date, Vec<Deed>>,
    next: u64,
}

impl Agenda {
    /// A deed that follows all before it.
    pub fn deed(&mut self, who: Who, what: What) -> Deed {
        self.next += 1;
        Deed { who, seq: self.next, what }
    }

    /// Puts a deed on a day.
    pub fn push(&mut self, on: Date, deed: Deed) {
        self.days.entry(on).or_default().push(deed);
    }

    /// The same of a new one.
    pub fn put(&mut self, on: Date, who: Who, what: What) {
        let deed = self.deed(who, what);
        self.push(on, deed);
    }

    /// Everything up to and on this day.
    pub fn take(&mut self, day: Date) -> Vec<Deed> {
        let later = self.days.split_off(&super::after_days(day, 1));
        std::mem::replace(&mut self.days, later).into_values().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_gives_what_fell_on_it_or_before_and_keeps_the_rest() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let who = Who { actor: 0, party: 0 };
        let mut agenda = Agenda::default();
        agenda.put(day("2026-01-20"), who, What::Cease);
        agenda.put(day("2026-01-18"), who, What::Attorney);
        agenda.put(day("2026-01-19"), who, What::OptOut(Channel::Call));
        let whats = |deeds: Vec<Deed>| deeds.into_iter().map(|d| d.what).collect::<Vec<_>>();
        let first = whats(agenda.take(day("2026-01-19")));
        assert_eq!(first, [What::Attorney, What::OptOut(Channel::Call)]);
        assert_eq!(whats(agenda.take(day("2026-01-20"))), [What::Cease]);
        assert!(agenda.take(day("2026-12-31")).is_empty());
    }

    #[test]
    fn money_comes_before_words_and_words_before_stops() {
        assert!(What::Creditor(CreditorAct::Recalls).stage() < What::Cease.stage());
        assert!(Stage::Receipts < Stage::Words && Stage::Words < Stage::Stops);
    }
}
