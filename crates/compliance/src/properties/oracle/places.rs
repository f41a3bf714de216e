//! Places: 12 CFR 1006.6(b)(1)(ii) and (b)(3).

use super::lifted::{Bar, lifted};
use super::{Now, Said};
use crate::*;

pub fn judge(now: &Now<'_>, said: &mut Said) {
    if !now.human() || now.professional() || lifted(now, Bar::Place, &now.proposed.accounts) {
        return;
    }
    for told in &now.facts.designations {
        if !now.stands(told.from, told.until) || !now.names(told.medium, told.point) {
            continue;
        }
        let (rule, place) = match told.kind {
            // Comment 6(b)(1)-2: answered once from the same place.
            DesignationKind::NotAtPlace(place) if !now.answers() => ("inconvenient_place", place),
            // Nobody is answered at work where the employer forbids it.
            DesignationKind::EmployerForbids => ("employer_forbids", Place::Work),
            _ => continue,
        };
        match there(now, told, place) {
            Some(true) => said.deny(rule),
            None => said.hold(rule),
            Some(false) => {}
        }
    }
}

/// Comment 6(b)(1)(ii)-1: post and landlines are tied to a place, e-mail and mobile numbers are not. What may
/// be, and of which it is not known, is held.
fn there(now: &Now<'_>, told: &Designation, place: Place) -> Option<bool> {
    let Some(point) = now.used() else { return Some(false) };
    if told.point.is_some() {
        return Some(true);
    }
    let landline = point.line == LineType::Landline;
    let mobile = point.line == LineType::Wireless;
    let tied = match now.proposed.medium {
        Medium::Mail | Medium::Visit => Some(true),
        Medium::Call if landline => Some(true),
        Medium::Call if mobile => Some(false),
        Medium::Call => None,
        Medium::Text => Some(landline),
        Medium::Email | Medium::Portal | Medium::Social | Medium::SocialPublic => Some(false),
    };
    if tied == Some(false) || point.place.is_some_and(|at| at != place) {
        return Some(false);
    }
    if point.place.is_none() { None } else { tied }
}
