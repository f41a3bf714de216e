//! Policy: an attempt needs a number or address of its medium that is not known to be bad.

use super::{Case, Findings};
use crate::blocked::{Evidence, Ground};
use crate::facts::{PointKind, PointState};
use crate::medium::Medium;
use crate::span::Span;

static GROUND: Ground = Ground::policy("usable_point", "policy agency.usable_point");

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    let wanted = match case.proposed.medium {
        Medium::Call | Medium::Text => PointKind::Phone,
        Medium::Email => PointKind::Email,
        Medium::Mail | Medium::Visit => PointKind::Address,
        // Whoever has an account in the portal or on the network is found there.
        Medium::Portal | Medium::Social | Medium::SocialPublic => return,
    };
    let point = case.proposed.point.and_then(|id| case.facts.point(id));
    match point.filter(|point| point.kind == wanted).map(|point| point.state) {
        None => out.hold(Span::ALWAYS, &GROUND, Evidence::NoPoint),
        Some(PointState::Usable) => {}
        Some(PointState::Wrong | PointState::Undeliverable) => {
            out.deny(Span::ALWAYS, &GROUND, Evidence::BadPoint);
        }
    }
}

#[cfg(test)]
mod tests;
