//! 12 CFR 1006.14(b)(2)(i)(B), (ii)(B): no call to a person about a debt within seven consecutive days
//! after a telephone conversation with that person about it. The date of the conversation is the first of
//! the seven days, whoever began it (comment 14(b)(2)(i)-1). A call with consent is no such call
//! ([`super::more_calls`]), nor is one to counsel, creditor or a reporting agency (1006.14(b)(3)(iii)).

use super::local_time::{date, plus, start_of_day};
use super::more_calls::MoreCalls;
use super::presumption::Presumed;
use super::{Case, Findings, Regime};
use crate::blocked::{Evidence, Ground};
use crate::span::Span;

/// "Within a period of seven consecutive days", the day of the conversation being the first.
const DAYS: u64 = 7;

static LAW: Ground = Ground::law("conversation", "12 CFR 1006.14(b)(2)(i)(B)");
static COMMERCIAL: Ground = Ground::policy("conversation", "policy commercial.conversation");
static FACTOR: Ground = Ground::policy("conversation", "policy calls.rebuttal_factor");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    conversation(case, Regime::Consumer, &LAW, out);
}

/// Natural persons on commercial debts.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    conversation(case, Regime::NaturalPerson, &COMMERCIAL, out);
}

fn conversation(case: &Case<'_>, regime: Regime, ground: &'static Ground, out: &mut Findings) {
    let calls = case.is_call() && case.has_conversation();
    if !calls || case.proposed.recipient.is_professional() {
        return;
    }
    for account in case.debts(regime) {
        let counter = case.facts.counter(account);
        let consents = MoreCalls::about(case, account);
        let presumed = Presumed { account, consents: &consents, ground, factor: &FACTOR };
        let about = |account| case.facts.counter(account) == counter;
        let attempts = case.facts.attempts.iter();
        let talks = attempts.filter(|attempt| {
            attempt.is_talk() && case.same_person(attempt) && about(attempt.account)
        });
        for talk in talks {
            let reopens = |tz| {
                let on = date(tz, talk.at);
                (start_of_day(tz, plus(on, DAYS)), on)
            };
            if let Some((until, on)) = case.dating_zones().map(reopens).max() {
                let evidence = Evidence::Conversation { account, on };
                presumed.block(case, Span::new(talk.at, until), evidence, out);
            }
        }
    }
}

#[cfg(test)]
mod tests;
