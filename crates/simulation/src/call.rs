//! What happens on a call.

use chrono::Weekday;
use duly_domain::{Channel, Disposition, HitKind};

use crate::{
    debtor::{Act, Debtor, Line, Reaction},
    rates::{ANSWERS_IN_BEST_HOURS, ANSWERS_OTHERWISE, BUSY, MONDAY_MISSED, THIRD_PARTY_ANSWERS},
};

/// A call as it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// The number called, E.164.
    pub phone: &'a str,
    /// Where the debtor is.
    pub weekday: Weekday,
    /// Likewise, 0 to 23.
    pub hour: u32,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallAnswer {
    /// Its coded result.
    pub disposition: Disposition,
    /// What the debtor does upon it.
    pub reactions: Vec<Reaction>,
}

impl Debtor {
    /// It is called.
    pub fn on_call(&mut self, call: Call<'_>) -> CallAnswer {
        self.calls += 1;
        let mut dice = self.dice("call", self.calls);
        let line = if call.phone == self.phone_found() { Line::Own } else { self.traits.line };
        let of = |disposition| CallAnswer { disposition, reactions: Vec::new() };
        let (from, to) = self.traits.best_hours;
        let best = (from..=to).contains(&call.hour);
        let answers = dice.per_mille(if best { ANSWERS_IN_BEST_HOURS } else { ANSWERS_OTHERWISE })
            && !(call.weekday == Weekday::Mon && dice.per_mille(MONDAY_MISSED));
        match line {
            Line::Dead => return of(Disposition::NotInService),
            Line::SomebodyElses if answers => return of(Disposition::WrongNumber),
            Line::SomebodyElses => return of(Disposition::NoAnswer),
            Line::Own => {}
        }
        if !answers {
            return of(if self.traits.has_voicemail {
                Disposition::Voicemail
            } else if dice.per_mille(BUSY) {
                Disposition::Busy
            } else {
                Disposition::NoAnswer
            });
        }
        if self.traits.blocked_by == Some(HitKind::Deceased) {
            // The family says so.
            return CallAnswer {
                disposition: Disposition::ThirdParty,
                reactions: vec![Reaction::at_once(Act::TurnsOut(HitKind::Deceased))],
            };
        }
        if dice.per_mille(THIRD_PARTY_ANSWERS) {
            return of(Disposition::ThirdParty);
        }
        let mut reactions = self.hears();
        if self.traits.opts_out_of_calls && !self.opted_out {
            self.opted_out = true;
            reactions.push(Reaction::at_once(Act::OptsOut(Channel::Call)));
        }
        CallAnswer { disposition: Disposition::Reached, reactions }
    }
}
