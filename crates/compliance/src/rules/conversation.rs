//! 12 CFR 1006.14(b)(2)(i)(B), (ii)(B): no call to a person about a debt within seven consecutive days
//! after a telephone conversation with that person about it. The date of the conversation is the first of
//! the seven days, whoever began it (comment 14(b)(2)(i)-1).

use super::local_time::{date, plus, start_of_day};
use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground};
use crate::medium::Medium;
use crate::span::Span;

/// "Within a period of seven consecutive days", the day of the conversation being the first.
const DAYS: u64 = 7;

static LAW: Ground = Ground::law("conversation", "12 CFR 1006.14(b)(2)(i)(B)");
static COMMERCIAL: Ground = Ground::policy("conversation", "policy commercial.conversation");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    conversation(case, Regime::Consumer, &LAW, out);
}

/// Natural persons on commercial debts.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    conversation(case, Regime::NaturalPerson, &COMMERCIAL, out);
}

fn conversation(case: &Case<'_>, regime: Regime, ground: &'static Ground, out: &mut Findings) {
    if !case.is_call() {
        return;
    }
    for account in case.debts(regime) {
        let counter = case.facts.counter(account);
        let talks = case.facts.attempts.iter().filter(|attempt| {
            attempt.medium == Medium::Call
                && attempt.conversation
                && case.same_person(attempt)
                && case.facts.counter(attempt.account) == counter
        });
        for talk in talks {
            let reopens = |tz| {
                let on = date(tz, talk.at);
                (start_of_day(tz, plus(on, DAYS)), on)
            };
            if let Some((until, on)) = case.dating_zones().map(reopens).max() {
                let evidence = Evidence::Conversation { account, on };
                // What is said on a call that the person placed is no call placed to the person.
                out.deny_except(Span::new(talk.at, until), case.answering(), ground, evidence);
            }
        }
    }
}

#[cfg(test)]
mod tests;
