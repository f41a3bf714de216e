//! 11 USC 362(a): from the filing of a petition, under any chapter, every act to collect from the debtor
//! who filed is stayed, on every channel, post included. Whoever learns of a filing from anyone stops at
//! once. Per liable party, so per person; consumer and commercial debts alike.

use duly_domain::StopKind;

use super::{Case, Findings, person_stops};
use crate::blocked::Ground;

static LAW: Ground = Ground::law("bankruptcy", "11 USC 362(a)");

/// Every debt.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    person_stops(case, StopKind::Bankruptcy, |span, evidence| out.deny(span, &LAW, evidence));
}

#[cfg(test)]
mod tests;
