//! What the content must say. 12 CFR 1006.18(e): in the initial communication, and where that was oral
//! again in the initial written one, that it attempts to collect a debt and that information obtained
//! will be used for that purpose; in each later one that it is from a debt collector. 12 CFR 1006.6(e):
//! in every electronic message a simple way to opt out of messages to that address.

use super::{Case, Findings, Regime};
use crate::blocked::{Ground, Required};
use crate::medium::Medium;
use crate::proposed::Purpose;

static INITIAL: Ground = Ground::law("mini_miranda", "12 CFR 1006.18(e)(1)");
static LATER: Ground = Ground::law("from_debt_collector", "12 CFR 1006.18(e)(2)");
static OPT_OUT: Ground = Ground::law("opt_out_line", "12 CFR 1006.6(e)");
static OPT_OUT_COMMERCIAL: Ground = Ground::policy("opt_out_line", "policy commercial.opt_out");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    if !case.any(Regime::Consumer) {
        return;
    }
    // Both are owed to the consumer; to somebody else they would disclose the debt (1006.10(b)(2)).
    if !case.proposed.recipient.is_consumer() {
        return;
    }
    // A confirmation of an opt-out says nothing else (1006.14(h)(2)(i)).
    if case.proposed.purpose == Purpose::OptOutConfirmation {
        return;
    }
    let spoken = case.proposed.medium == Medium::Call;
    let mut consumer = case.rows.iter().filter(|(of, _)| *of == Regime::Consumer);
    let initial = consumer.any(|(_, row)| match (row.first_written_at, row.first_spoken_at) {
        (None, None) => true,
        (None, Some(_)) => !spoken,
        (Some(_), _) => false,
    });
    if initial {
        out.require(Required::MiniMiranda, &INITIAL);
    } else {
        out.require(Required::FromDebtCollector, &LATER);
    }
    if case.proposed.medium.is_electronic() {
        out.require(Required::OptOutLine, &OPT_OUT);
    }
}

/// Commercial debts: the opt-out line, whose answer the agency honours.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    let commercial = case.any(Regime::NaturalPerson) || case.any(Regime::Business);
    let confirmation = case.proposed.purpose == Purpose::OptOutConfirmation;
    if commercial && !confirmation && case.proposed.medium.is_electronic() {
        out.require(Required::OptOutLine, &OPT_OUT_COMMERCIAL);
    }
}

#[cfg(test)]
mod tests;
