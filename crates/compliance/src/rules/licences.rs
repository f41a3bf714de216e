//! Licences: no contact, by any medium, where a licence or registration is needed and none of the agency's is
//! valid on that day; where it is not known whether one is needed, a hold until a compliance user knows.
//!
//! An agency that keeps no table of its licences here was not asked and nothing is said of it: it says that
//! it keeps one by [`crate::Limits::licences_checked`], or by a licence in the facts. An exemption, for
//! reciprocity or interstate work, is a row of the same table. A person of whom no region is known is held
//! then, unless every zone that is known lies outside of the United States.

use duly_domain::{DebtClass, Effect};

use super::states::{agency_day, outside};
use super::{Case, Findings, Regime};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{Facts, Licence, Region};
use crate::rules::local_time::plus;
use crate::span::Span;
use crate::zones;

mod table;

use table::{Needed, Row};

static NO_REGION: Ground = Ground::policy("licence", "policy licence.region_unknown");
/// Of a territory that was not researched.
static NO_ROW: Ground = Ground::unverified("licence", "unverified licence.other");

/// Whether the agency keeps the table of its licences here.
pub(crate) fn kept(facts: &Facts) -> bool {
    let says = |limits: &crate::facts::Limits| limits.licences_checked == Some(true);
    !facts.licences.is_empty() || facts.limits.iter().any(says)
}

/// Every debt.
pub fn agency(case: &Case<'_>, out: &mut Findings) {
    if case.regions.is_empty() && may_be_american(case) {
        out.hold(Span::ALWAYS, &NO_REGION, Evidence::Missing("in which state the person is"));
    }
    for class in [DebtClass::Consumer, DebtClass::Commercial] {
        let of_class =
            |(regime, _): &(Regime, _)| regime.is_commercial() == (class == DebtClass::Commercial);
        if !case.rows.iter().any(of_class) {
            continue;
        }
        for region in &case.regions {
            let state = Region { city: None, ..*region };
            judge(case, state, class, out);
            // A city's licence comes on top of the state's.
            if region.city.is_some() {
                judge(case, *region, class, out);
            }
        }
    }
}

fn judge(case: &Case<'_>, region: Region, class: DebtClass, out: &mut Findings) {
    let row = table::row(region);
    let needed = row.map(|Row { consumer, commercial, .. }| match class {
        DebtClass::Consumer => consumer,
        DebtClass::Commercial => commercial,
    });
    let (ground, evidence) = match needed {
        Some(Needed::No) => return,
        Some(Needed::Yes(ground)) => {
            let fact = "no licence of the agency is valid where the person may be";
            (ground, Evidence::Known { fact, since: None })
        }
        Some(Needed::Unknown(ground)) => (ground, unknown()),
        None => (&NO_ROW, unknown()),
    };
    let licences = case.facts.licences.iter().filter(|licence| {
        licence.region == region && licence.class.is_none_or(|valid_for| valid_for == class)
    });
    if licences.clone().any(|licence| case.asked_within(licence.from, licence.to)) {
        return;
    }
    for gap in outside(licences.map(|licence| valid(case, licence))) {
        let effect = match (ground.effect(), evidence) {
            (Effect::Deny, Evidence::Known { .. }) => Effect::Deny,
            _ => Effect::Hold,
        };
        out.block(Blocked { span: gap, effect, ground, evidence });
    }
}

const fn unknown() -> Evidence {
    Evidence::Missing("whether a licence is needed where the person may be")
}

fn valid(case: &Case<'_>, licence: &Licence) -> Span {
    let until = licence.to.map_or(Span::ALWAYS.until, |to| agency_day(case, plus(to, 1)));
    Span::new(agency_day(case, licence.from), until)
}

/// Whether some zone of the person is one of the United States, or none is known.
fn may_be_american(case: &Case<'_>) -> bool {
    case.zone_unknown
        || case.zones.is_empty()
        || case.zones.iter().any(|(zone, _)| zones::is_american(*zone))
}

#[cfg(test)]
mod tests;
