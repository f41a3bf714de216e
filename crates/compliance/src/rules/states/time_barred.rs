//! Wisconsin (Wis. Stat. 893.05) and Mississippi (Miss. Code 15-1-3): the end of the limitation period
//! extinguishes the debt itself, so that any attempt to collect it is suspect. Neither text was read: from
//! the day on which the period has run it holds, until a compliance user rules it in or out. Where it is not
//! known when the claim accrued nothing says that it has run, and this rule is silent.

use crate::blocked::{Evidence, Ground};
use crate::facts::Region;
use crate::limitation;
use crate::proposed::Purpose;
use crate::rules::{Case, Findings};
use crate::span::Span;

use super::{agency_day, shut, state};

static WI: Ground = Ground::unverified("state_time_barred", "unverified state.wi.extinguished");
static MS: Ground = Ground::unverified("state_time_barred", "unverified state.ms.extinguished");

/// Wisconsin.
pub fn wi(case: &Case<'_>, out: &mut Findings) {
    extinguished(case, Region { state: state("WI"), city: None }, &WI, out);
}

/// Mississippi.
pub fn ms(case: &Case<'_>, out: &mut Findings) {
    extinguished(case, Region { state: state("MS"), city: None }, &MS, out);
}

fn extinguished(case: &Case<'_>, region: Region, ground: &'static Ground, out: &mut Findings) {
    if !collects(case) {
        return;
    }
    for (_, row) in &case.rows {
        let Some(accrued_on) = row.claim.accrued_on else { continue };
        let barred = limitation::barred_on(region, row.class, row.claim.kind, accrued_on);
        if let Some((on, _)) = barred {
            let fact = "the limitation period has run, which may have extinguished the debt";
            let evidence = Evidence::Known { fact, since: Some(on) };
            shut(case, Span::since(agency_day(case, on)), ground, evidence, out);
        }
    }
}

/// Whether the attempt is one to collect: not a notice that the law asks for.
pub(super) fn collects(case: &Case<'_>) -> bool {
    match case.proposed.purpose {
        Purpose::Verification
        | Purpose::CeaseNotice
        | Purpose::OptOutConfirmation
        | Purpose::OriginalCreditor
        | Purpose::RequiredByLaw => false,
        Purpose::Collect
        | Purpose::ValidationNotice
        | Purpose::Location
        | Purpose::ActiveLitigation
        | Purpose::FinishConversation
        | Purpose::AsRequested
        | Purpose::AvoidHarm
        | Purpose::PostjudgmentRemedy
        | Purpose::AskConsent => true,
    }
}

#[cfg(test)]
mod tests;
