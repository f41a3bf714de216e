//! 12 CFR 1006.42(a)(1): a required disclosure is sent so that it may be expected to arrive. It is not where
//! the number or address is known to be somebody else's, where something came back from it (comments
//! 42(a)(1)-2, -3), and where the person opted out of it (comment 42(a)(1)-4), not even as an answer.

use duly_domain::{Effect, Instant, StopKind};

use super::{Case, Findings, Regime, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{EventKind, PointState};
use crate::span::Span;

static LAW: Ground = Ground::law("disclosure_address", "12 CFR 1006.42(a)(1)");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let proposed = case.proposed;
    if !case.any(Regime::Consumer) || !proposed.purpose.is_disclosure() {
        return;
    }
    let deny = |span, evidence| Blocked { span, effect: Effect::Deny, ground: &LAW, evidence };
    if let Some(point) = proposed.point.and_then(|id| case.facts.point(id)) {
        if point.state != PointState::Usable {
            out.block(deny(Span::ALWAYS, Evidence::BadPoint));
        }
        let bad = |kind| matches!(kind, EventKind::Undeliverable | EventKind::LearnedWrong);
        let events = case.facts.events.iter();
        for event in events.filter(|event| bad(event.kind) && event.point == Some(point.id)) {
            out.block(deny(standing(event.at, None), Evidence::BadPoint));
        }
    }
    if proposed.medium.is_electronic() {
        opted_out(case, |span, evidence| out.block(deny(span, evidence)));
    }
}

fn opted_out(case: &Case<'_>, mut found: impl FnMut(Span, Evidence)) {
    let proposed = case.proposed;
    for stop in case.facts.stops.iter().filter(|stop| stop.kind == StopKind::OptOut) {
        let medium = stop.medium.is_none_or(|medium| medium == proposed.medium);
        if medium && (stop.point.is_none() || stop.point == proposed.point) {
            let evidence = Evidence::OptOut {
                medium: stop.medium,
                one_point: stop.point.is_some(),
                since: case.agency_date(stop.from),
            };
            found(Span::new(stop.from, stop.until.unwrap_or(Instant::MAX_UTC)), evidence);
        }
    }
}

#[cfg(test)]
mod tests;
