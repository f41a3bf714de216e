//! 12 CFR 1006.14(b)(3)(i): calls with the person's consent, given directly to the agency, neither count nor
//! are counted too many, within seven consecutive days of its receipt. The day of receipt is the first of
//! them. It ends earlier by its own terms, when it is taken back, and with a telephone conversation about
//! that debt (comment 14(b)(3)(i)-2). It lifts nothing else: neither 1006.6(b) nor 1006.14(h).

use chrono::Duration;
use duly_domain::{AccountId, Instant, PointId};

use super::Case;
use super::local_time::{date, plus, start_of_day};
use crate::facts::{Attempt, Consent, ConsentFor, GivenTo};
use crate::medium::Medium;
use crate::span::Span;

/// Within seven consecutive days of its receipt. 12 CFR 1006.14(b)(3)(i).
const DAYS: u64 = 7;

/// Consent to more calls about one debt, to one number or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MoreCalls {
    point: Option<PointId>,
    span: Span,
}

impl MoreCalls {
    /// The consents about a debt.
    pub(crate) fn about(case: &Case<'_>, account: AccountId) -> Vec<Self> {
        if !case.has_consent(ConsentFor::MoreCalls) {
            return Vec::new();
        }
        let counter = case.facts.counter(account);
        let given = |consent: &&Consent| {
            consent.what == ConsentFor::MoreCalls
                && consent.given_to == GivenTo::Agency
                && consent.account.is_none_or(|named| case.facts.counter(named) == counter)
                && consent.medium.is_none_or(|medium| medium == Medium::Call)
        };
        let until = |consent: &Consent| {
            // The shortest of the calendars of the places in which the person may be.
            let days =
                case.dating_zones().map(|tz| start_of_day(tz, plus(date(tz, consent.from), DAYS)));
            let talk = |attempt: &&Attempt| {
                attempt.is_talk()
                    && attempt.at > consent.from
                    && case.facts.counter(attempt.account) == counter
            };
            // The call that became the conversation was placed under the consent itself.
            let talks = case.facts.attempts.iter().filter(talk).map(|talk| {
                let after = talk.at.checked_add_signed(Duration::nanoseconds(1));
                after.unwrap_or(Instant::MAX_UTC)
            });
            days.chain(consent.ends()).chain(talks).min().unwrap_or(consent.from)
        };
        let consents = case.facts.consents.iter().filter(given);
        consents
            .map(|consent| Self {
                point: consent.point,
                span: Span::new(consent.from, until(consent)),
            })
            .collect()
    }

    /// Whether a call was placed under it.
    pub(crate) fn covers(&self, call: &Attempt) -> bool {
        (self.point.is_none() || self.point == call.point) && self.span.contains(call.at)
    }

    /// The time in which it lets the attempt be made.
    pub(crate) fn lets(&self, case: &Case<'_>) -> Option<Span> {
        (self.point.is_none() || self.point == case.proposed.point).then_some(self.span)
    }
}

#[cfg(test)]
mod tests;
