//! 12 CFR 1006.6(c): after a written refusal to pay or request to cease, no further contact about that
//! debt, by any medium. Complete on receipt. What the exceptions of 1006.6(c)(2) allow may still be sent.

use duly_domain::StopKind;

use super::{Case, Findings, Regime, debt_stops};
use crate::blocked::Ground;
use crate::proposed::Purpose;

static LAW: Ground = Ground::law("cease", "12 CFR 1006.6(c)(1)");
static COMMERCIAL: Ground = Ground::policy("cease", "policy commercial.cease");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if case.proposed.purpose != Purpose::CeaseNotice {
        debt_stops(case, StopKind::Cease, &LAW, |regime| regime == Regime::Consumer, None, out);
    }
}

/// Commercial debts: a request to cease is honoured whoever makes it.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    if case.proposed.purpose != Purpose::CeaseNotice {
        debt_stops(case, StopKind::Cease, &COMMERCIAL, Regime::is_commercial, None, out);
    }
}

#[cfg(test)]
mod tests;
