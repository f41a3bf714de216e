//! 12 CFR 1006.38(d)(2): after a written dispute in the validation period collection of the debt ceases
//! until verification, a copy of the judgment or the notice that it is duplicative is sent. One that comes
//! again pauses again, until it is answered: that it is duplicative is for the notice to say. Where a part is
//! disputed the law pauses that part.
//!
//! Policy goes further: any dispute of a consumer pauses the whole account, but for what is confined to the
//! part that is not disputed; so does the dispute of a whole commercial account. A dispute of some invoices
//! of a commercial account does not.

use duly_domain::{Effect, Instant};

use super::{Case, Findings, Regime};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{Dispute, DisputeExtent, DisputeForm, EventKind};
use crate::span::Span;

static LAW: Ground = Ground::law("dispute", "12 CFR 1006.38(d)(2)");
static ANY_FORM: Ground = Ground::policy("dispute", "policy agency.dispute");
static COMMERCIAL: Ground = Ground::policy("dispute", "policy commercial.dispute");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    disputes(case, out, |regime, _, form| match (regime, form) {
        (Regime::NaturalPerson | Regime::Business, _) => None,
        // What is about the account is about the disputed part of it, unless it says that it is not.
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
    if case.proposed.purpose.is_answer() || case.proposed.recipient.is_professional() {
        return;
    }
    for dispute in &case.facts.disputes {
        if case.proposed.undisputed_only && dispute.extent == DisputeExtent::Part {
            continue;
        }
        let disputed = case.rows.iter().filter(|(_, row)| row.id == dispute.account);
        for (regime, _) in disputed {
            if let Some((effect, ground)) = judge(*regime, dispute.extent, dispute.form) {
                let form_known = dispute.form != DisputeForm::Unknown;
                let evidence =
                    Evidence::Dispute { since: case.agency_date(dispute.from), form_known };
                // The answers of 1006.38 are owed on consumer debts; another dispute ends by its own end.
                let answered = match regime {
                    Regime::Consumer => answered(case, dispute),
                    Regime::NaturalPerson | Regime::Business => None,
                };
                let until = answered.into_iter().chain(dispute.until).min();
                let until = until.unwrap_or(Instant::MAX_UTC);
                let span = Span::new(dispute.from, until);
                out.block(Blocked { span, effect, ground, evidence });
            }
        }
    }
}

/// When a dispute was answered as 1006.38(d)(2)(i) or (ii) ask.
fn answered(case: &Case<'_>, dispute: &Dispute) -> Option<Instant> {
    let kinds = [EventKind::VerificationSent, EventKind::DuplicativeNoticeSent];
    let events = case.facts.events.iter().filter(|event| {
        kinds.contains(&event.kind)
            && event.account == Some(dispute.account)
            && event.at >= dispute.from
    });
    events.map(|event| event.at).min()
}

#[cfg(test)]
mod tests;
