//! 12 CFR 1006.6(b)(2): while an attorney represents the person about a debt, contact about that debt
//! goes to the attorney. A contact that the person began may be answered once (comment 6(b)(2)-1); the
//! knowledge of representation stays.
//!
//! Open again: where the attorney consents, or does not answer within a reasonable time; where the person
//! consents, or a court permits it (1006.6(b)(4)).

use duly_domain::{AccountId, Effect, Instant, StopKind};

use super::lifted::{self, Bar};
use super::{Case, Findings, Regime, debt_stops, standing};
use crate::blocked::{Blocked, Ground};
use crate::facts::{EventKind, Stop};
use crate::span::{Span, Spans};

/// "A reasonable period of time" in which the attorney must answer, 12 CFR 1006.6(b)(2)(i), names no
/// number: policy.
const ATTORNEY_ANSWERS_WITHIN_DAYS: u16 = 30;

static LAW: Ground = Ground::law("attorney", "12 CFR 1006.6(b)(2)");
static COMMERCIAL: Ground = Ground::policy("attorney", "policy commercial.attorney");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    attorney(case, &LAW, |regime| regime == Regime::Consumer, out);
}

/// Commercial debts: counsel is respected whoever retains it.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    attorney(case, &COMMERCIAL, Regime::is_commercial, out);
}

fn attorney(
    case: &Case<'_>,
    ground: &'static Ground,
    reach: impl Fn(Regime) -> bool,
    out: &mut Findings,
) {
    if case.proposed.recipient.is_professional() {
        return;
    }
    debt_stops(case, StopKind::Attorney, reach, |stop, row, evidence| {
        let mut holes = lifted::spans(case, Bar::Attorney, &[row.id]);
        holes.extend(lifted::permissions(case, EventKind::AttorneyConsented, &[row.id]));
        silent(case, stop, row.id, &mut holes);
        // The person's own contact consents to the answer to it, and to nothing about another debt.
        let about = |named: Option<AccountId>| named.is_none_or(|named| named == row.id);
        if case.answers.is_some_and(|inbound| about(inbound.account)) {
            holes.extend(case.answering());
        }
        let span = standing(stop.from, stop.until);
        out.block_outside(Blocked { span, effect: Effect::Deny, ground, evidence }, &holes);
    });
}

/// The time in which the attorney has left a letter without an answer for too long.
pub(super) fn silent(case: &Case<'_>, stop: &Stop, debt: AccountId, holes: &mut Spans) {
    let written = case.events(EventKind::AttorneyWritten, debt);
    for letter in written.filter(|letter| letter.at >= stop.from) {
        let answered = case.events(EventKind::AttorneyAnswered, debt);
        let answered = answered.map(|answer| answer.at).filter(|at| *at >= letter.at).min();
        let due = Span::days(letter.at, ATTORNEY_ANSWERS_WITHIN_DAYS).until;
        holes.push(Span::new(due, answered.unwrap_or(Instant::MAX_UTC)));
    }
}

#[cfg(test)]
mod tests;
