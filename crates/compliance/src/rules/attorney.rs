//! 12 CFR 1006.6(b)(2): while an attorney represents the person about a debt, contact about that debt
//! goes to the attorney. A contact that the person began may be answered once (comment 6(b)(2)-1); the
//! knowledge of representation stays.

use duly_domain::StopKind;

use super::{Case, Findings, Regime, debt_stops};
use crate::blocked::Ground;

static LAW: Ground = Ground::law("attorney", "12 CFR 1006.6(b)(2)");
static COMMERCIAL: Ground = Ground::policy("attorney", "policy commercial.attorney");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let consumer = |regime| regime == Regime::Consumer;
    debt_stops(case, StopKind::Attorney, &LAW, consumer, case.answering(), out);
}

/// Commercial debts: counsel is respected whoever retains it.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    let except = case.answering();
    debt_stops(case, StopKind::Attorney, &COMMERCIAL, Regime::is_commercial, except, out);
}

#[cfg(test)]
mod tests;
