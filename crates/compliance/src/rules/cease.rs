//! 12 CFR 1006.6(c): after a written refusal to pay or request to cease, no further contact about that
//! debt, by any medium. Complete on receipt. What the exceptions of 1006.6(c)(2) allow may still be sent,
//! and so may what the law demands in writing of a mortgage servicer, such as the early intervention notice
//! of 12 CFR 1024.39(d)(3) (comments 6(c)(2)-1, -2).
//!
//! A request by word of mouth is no such notice: it is kept as an opt-out of the medium (1006.14(h)).

use duly_domain::{Effect, StopKind};

use super::{Case, Findings, Regime, debt_stops, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{Account, DebtKind};
use crate::medium::Medium;
use crate::proposed::Purpose;

static LAW: Ground = Ground::law("cease", "12 CFR 1006.6(c)(1)");
static COMMERCIAL: Ground = Ground::policy("cease", "policy commercial.cease");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    cease(case, &LAW, |regime| regime == Regime::Consumer, out);
}

/// Commercial debts: a request to cease is honoured whoever makes it.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    cease(case, &COMMERCIAL, Regime::is_commercial, out);
}

fn cease(
    case: &Case<'_>,
    ground: &'static Ground,
    reach: impl Fn(Regime) -> bool,
    out: &mut Findings,
) {
    // 1006.6(c)(1) protects the consumer; counsel and creditor are not contacted "with" it.
    let professional = case.proposed.recipient.is_professional();
    if case.proposed.purpose == Purpose::CeaseNotice || professional {
        return;
    }
    debt_stops(case, StopKind::Cease, reach, |stop, row, evidence| {
        let (effect, evidence) = match servicer_must(case, row) {
            Some(true) => return,
            Some(false) => (Effect::Deny, evidence),
            None => {
                let what = "whether the agency services this mortgage";
                (Effect::Hold, Evidence::Missing(what))
            }
        };
        out.block(Blocked { span: standing(stop.from, stop.until), effect, ground, evidence });
    });
}

/// Whether it is what the law demands in writing of the servicer of this mortgage; `None`: not known.
fn servicer_must(case: &Case<'_>, row: &Account) -> Option<bool> {
    let demanded = case.proposed.purpose == Purpose::RequiredByLaw;
    let written = match case.proposed.medium {
        Medium::Mail | Medium::Email | Medium::Portal => true,
        Medium::Call | Medium::Text | Medium::Social | Medium::SocialPublic | Medium::Visit => {
            false
        }
    };
    if !demanded || !written || row.claim.kind != DebtKind::Mortgage {
        return Some(false);
    }
    row.claim.agency_services_mortgage
}

#[cfg(test)]
mod tests;
