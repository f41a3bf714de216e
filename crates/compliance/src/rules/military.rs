//! Policy: a person on active duty is held. 50 USC 3937 and 3931 limit interest and judgments and bar no
//! demand, so the citation is background and no reason.

use duly_domain::StopKind;

use super::{Case, Findings, person_stops};
use crate::blocked::Ground;

static GROUND: Ground = Ground::policy("military", "policy scra.hold");

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    person_stops(case, StopKind::Military, |span, evidence| out.hold(span, &GROUND, evidence));
}

#[cfg(test)]
mod tests;
