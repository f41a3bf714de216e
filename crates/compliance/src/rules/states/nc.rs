//! North Carolina: G.S. 58-70-115(4). Who buys debts, and an agency that acts for one, may not sue or
//! otherwise attempt to collect a debt that is time-barred. A "consumer" is a corporation, association or
//! partnership too (G.S. 58-70-90(2)): commercial debts are covered.

use duly_domain::{Effect, Force};

use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{CreditorKind, Region};
use crate::limitation;
use crate::rules::{Case, Findings};
use crate::span::Span;

use super::{agency_day, state, time_barred};

static LAW: Ground = Ground::law("state_time_barred", "G.S. 58-70-115(4)");
/// The number of years is that of a compilation.
static POLICY: Ground = Ground::policy("state_time_barred", "policy state.nc.time_barred");

const NC: Region = Region { state: state("NC"), city: None };

/// Every debt that a debt buyer owns.
pub fn time_barred(case: &Case<'_>, out: &mut Findings) {
    if !time_barred::collects(case) {
        return;
    }
    for (_, row) in &case.rows {
        let claim = row.claim;
        let buyer = match claim.creditor {
            CreditorKind::DebtBuyer => true,
            CreditorKind::Unknown => false,
            CreditorKind::Seller | CreditorKind::Lender | CreditorKind::CommercialFinancer => {
                continue;
            }
        };
        let Some(accrued_on) = claim.accrued_on else {
            // Of a debt of which neither is known nothing says that it is bought and old.
            if buyer {
                let evidence = Evidence::Missing("when the bought debt fell due");
                out.hold(Span::ALWAYS, &POLICY, evidence);
            }
            continue;
        };
        let Some((barred_on, force)) = limitation::barred_on(NC, row.class, claim.kind, accrued_on)
        else {
            continue;
        };
        let ground = if force == Force::Law { &LAW } else { &POLICY };
        let span = Span::since(agency_day(case, barred_on));
        let (effect, evidence) = if buyer {
            let fact = "the limitation period of the bought debt has run";
            (Effect::Deny, Evidence::Known { fact, since: Some(barred_on) })
        } else {
            (Effect::Hold, Evidence::Missing("whether a debt buyer owns this time-barred debt"))
        };
        out.block(Blocked { span, effect, ground, evidence });
    }
}

#[cfg(test)]
mod tests;
