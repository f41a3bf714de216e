//! 12 CFR 1006.38(d)(2): after a written dispute in the validation period collection of the debt ceases
//! until verification, a copy of the judgment or the notice that it is duplicative is sent.
//!
//! Policy goes further: any dispute of a consumer pauses the whole account, and so does the dispute of a
//! whole commercial account. A dispute of some invoices of a commercial account does not.

use duly_domain::Effect;

use super::{Case, Findings, Regime, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{DisputeExtent, DisputeForm};
use crate::proposed::Purpose;

static LAW: Ground = Ground::law("dispute", "12 CFR 1006.38(d)(2)");
static ANY_FORM: Ground = Ground::policy("dispute", "policy agency.dispute");
static COMMERCIAL: Ground = Ground::policy("dispute", "policy commercial.dispute");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    disputes(case, out, |regime, _, form| match (regime, form) {
        (Regime::NaturalPerson | Regime::Business, _) => None,
        (Regime::Consumer, DisputeForm::TimelyWritten) => Some((Effect::Deny, &LAW)),
        // Whether the law ceases collection turns on a fact that is not known.
        (Regime::Consumer, DisputeForm::Unknown) => Some((Effect::Hold, &LAW)),
        (Regime::Consumer, DisputeForm::Other) => Some((Effect::Deny, &ANY_FORM)),
    });
}

/// Commercial debts.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    disputes(case, out, |regime, extent, _| match (regime, extent) {
        (Regime::Consumer, _) | (_, DisputeExtent::Part) => None,
        (Regime::NaturalPerson | Regime::Business, DisputeExtent::Whole) => {
            Some((Effect::Deny, &COMMERCIAL))
        }
    });
}

fn disputes(
    case: &Case<'_>,
    out: &mut Findings,
    judge: impl Fn(Regime, DisputeExtent, DisputeForm) -> Option<(Effect, &'static Ground)>,
) {
    if case.proposed.purpose == Purpose::Verification {
        return;
    }
    for dispute in &case.facts.disputes {
        let disputed = case.rows.iter().filter(|(_, row)| row.id == dispute.account);
        for (regime, _) in disputed {
            if let Some((effect, ground)) = judge(*regime, dispute.extent, dispute.form) {
                let form_known = dispute.form != DisputeForm::Unknown;
                let evidence =
                    Evidence::Dispute { since: case.agency_date(dispute.from), form_known };
                let span = standing(dispute.from, dispute.until);
                out.block(Blocked { span, effect, ground, evidence });
            }
        }
    }
}

#[cfg(test)]
mod tests;
