//! 12 CFR 1006.6(b)(1)(ii): no contact at a place that is known, or should be, to be inconvenient to the
//! person. Post and landlines are tied to a place; e-mail addresses and mobile numbers are not (comment
//! 6(b)(1)(ii)-1). A contact that the person began from that place is answered once in the same medium
//! (comment 6(b)(1)-2).
//!
//! Policy: what may be tied to the place, and of which it is not known, is held.

use duly_domain::Effect;

use super::lifted::{self, Bar};
use super::{Case, Findings, Regime, standing};
use crate::blocked::{Blocked, Evidence, Ground};
use crate::facts::{Designation, DesignationKind, LineType, Place};
use crate::medium::Medium;
use crate::span::Span;

const RULE: &str = "inconvenient_place";
static LAW: Ground = Ground::law(RULE, "12 CFR 1006.6(b)(1)(ii)");
static COMMERCIAL: Ground = Ground::policy(RULE, "policy commercial.inconvenient_place");
static UNKNOWN: Ground = Ground::policy(RULE, "policy place.unknown");

/// Consumer debts.
pub fn federal(case: &Case<'_>, out: &mut Findings) {
    inconvenient(case, Regime::Consumer, &LAW, out);
}

/// Natural persons on commercial debts.
pub fn commercial(case: &Case<'_>, out: &mut Findings) {
    inconvenient(case, Regime::NaturalPerson, &COMMERCIAL, out);
}

fn inconvenient(case: &Case<'_>, regime: Regime, law: &'static Ground, out: &mut Findings) {
    for designation in &case.facts.designations {
        let DesignationKind::NotAtPlace(place) = designation.kind else { continue };
        let fact = "the person is known to find contact at this place inconvenient";
        let bar = PlaceBar { designation, place, fact, law, unknown: &UNKNOWN };
        bar.judge(case, regime, case.answering(), out);
    }
}

/// A place that is barred, and on what grounds.
pub(crate) struct PlaceBar<'a> {
    pub(crate) designation: &'a Designation,
    pub(crate) place: Place,
    pub(crate) fact: &'static str,
    pub(crate) law: &'static Ground,
    pub(crate) unknown: &'static Ground,
}

impl PlaceBar<'_> {
    /// Bars what is tied to the place, and holds what may be.
    pub(crate) fn judge(
        &self,
        case: &Case<'_>,
        regime: Regime,
        except: Option<Span>,
        out: &mut Findings,
    ) {
        let Self { designation, fact, law, unknown, .. } = *self;
        let bound = case.any(regime) && !case.proposed.recipient.is_professional();
        if !bound || !designation.reaches(case.proposed) {
            return;
        }
        let since = Some(case.agency_date(designation.from));
        let (effect, ground, evidence) = match self.tie(case) {
            Tie::Elsewhere => return,
            Tie::There => (Effect::Deny, law, Evidence::Known { fact, since }),
            Tie::Perhaps => {
                let what = "whether this number or address belongs to a place that is barred";
                (Effect::Hold, unknown, Evidence::Missing(what))
            }
        };
        let mut holes = lifted::spans(case, Bar::Place, &case.proposed.accounts);
        holes.extend(except);
        let span = standing(designation.from, designation.until);
        out.block_outside(Blocked { span, effect, ground, evidence }, &holes);
    }

    /// Whether the attempt would reach the person there.
    fn tie(&self, case: &Case<'_>) -> Tie {
        let Some(point) = case.proposed.point.and_then(|id| case.facts.point(id)) else {
            return Tie::Elsewhere;
        };
        if self.designation.point.is_some() {
            // The number or address itself was named.
            return Tie::There;
        }
        let sure = match (case.proposed.medium, point.line) {
            (Medium::Mail | Medium::Visit, _)
            | (Medium::Call | Medium::Text, LineType::Landline) => true,
            // What is no mobile line for sure may ring at a place.
            (Medium::Call, LineType::Voip | LineType::Unknown) => false,
            (Medium::Call, LineType::Wireless)
            | (Medium::Text, LineType::Wireless | LineType::Voip | LineType::Unknown)
            | (Medium::Email | Medium::Portal | Medium::Social | Medium::SocialPublic, _) => {
                return Tie::Elsewhere;
            }
        };
        match point.place {
            Some(place) if place != self.place => Tie::Elsewhere,
            Some(_) if sure => Tie::There,
            Some(_) | None => Tie::Perhaps,
        }
    }
}

/// Whether a number or address is at a place.
enum Tie {
    There,
    Elsewhere,
    Perhaps,
}

#[cfg(test)]
mod tests;
