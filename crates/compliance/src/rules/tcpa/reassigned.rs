//! Consent must be that of whoever has the number now (Soppet, 7th Cir. 2012; Breslow, 11th Cir. 2014), and the
//! safe harbour of 47 CFR 64.1200(m) needs a query of the reassigned numbers database that answered "no".
//!
//! Policy: an automated call or text rests on a query, or a consent, of the last thirty days, and a number of
//! which the database said otherwise, or could not tell, is shut until a newer consent. The harbour is a
//! defence and no permission, so the citation is background.

use duly_domain::Instant;
use smallvec::SmallVec;

use super::super::{Case, Findings, standing};
use super::{automated, line};
use crate::blocked::{Evidence, Ground};
use crate::facts::{ConsentFor, Event, EventKind, GivenTo, LineType};
use crate::medium::Medium;
use crate::span::{Span, Spans};

static GROUND: Ground = Ground::policy("tcpa_reassigned", "policy tcpa.reassigned");

/// For so many days a query tells who has the number. The law asks for the most recent update: choice.
const FRESH_DAYS: u16 = 30;

/// Every debt.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    let wireless = line(case) != LineType::Landline || case.proposed.medium == Medium::Text;
    let Some(point) = case.proposed.point.filter(|_| automated(case).is_some() && wireless) else {
        return;
    };
    let events = |kind| {
        let of = move |event: &&Event| event.kind == kind && event.point == Some(point);
        case.facts.events.iter().filter(of).map(|event| event.at)
    };
    let consents: SmallVec<[Instant; 6]> = case
        .facts
        .consents
        .iter()
        .filter(|consent| matches!(consent.what, ConsentFor::Automated | ConsentFor::Text))
        .filter(|consent| consent.given_to == GivenTo::Agency && consent.point == Some(point))
        .map(|consent| consent.from)
        .collect();
    let mut open: Spans = events(EventKind::NotReassigned)
        .chain(consents.iter().copied())
        .map(|at| Span::days(at, FRESH_DAYS))
        .collect();
    open.extend(case.answering());
    let shut = if out.all_in(&open) { Spans::new() } else { Span::ALWAYS.outside(&open) };
    for shut in shut {
        out.hold(shut, &GROUND, Evidence::Missing("whether the number is still the person's"));
    }
    if !case.has_event(EventKind::Reassigned) {
        return;
    }
    for lost in events(EventKind::Reassigned) {
        let renewed = consents.iter().copied().filter(|given| *given > lost).min();
        let fact = "the number was given to somebody else, or it could not be told whether it was";
        let since = Some(case.agency_date(lost));
        out.deny(standing(lost, renewed), &GROUND, Evidence::Known { fact, since });
    }
}

#[cfg(test)]
mod tests;
