//! Oregon: ORS 646.639(2), as the state's department of justice tells it. At work at most once a week, only
//! where the person cannot be reached at home between 8:00 and 21:00, and never after a request to stop.
//!
//! A week is any seven consecutive days by policy, and by law within one calendar week.

use crate::blocked::{Evidence, Ground};
use crate::facts::{DesignationKind, Place};
use crate::medium::Medium;
use crate::rules::{Case, Findings, standing};
use crate::span::Span;

use super::{Cap, at_work, consumer, counted, once, outside, shut};

static WORK: Ground = Ground::law("state_work", "ORS 646.639(2)");
static WEEK: Ground = Ground::policy("state_work", "policy state.or.week");
/// How it is shown that the person cannot be reached at home is not said.
static HOME_FIRST: Ground = Ground::policy("state_work", "policy state.or.home_first");

const ONCE_A_WEEK: Cap =
    Cap { most: 1, days: 7, what: "contacts with this person at work in a week", ground: &WORK };

/// An unanswered call home shows for so many days that the person cannot be reached there. Policy.
const UNREACHED_DAYS: u16 = 7;

/// Contact at work.
pub fn work(case: &Case<'_>, out: &mut Findings) {
    let here = at_work(case, case.proposed.point);
    if !consumer(case) || here == Some(false) || case.proposed.medium == Medium::Mail {
        return;
    }
    let at_work_attempts = once(counted(case).filter(|attempt| {
        attempt.medium != Medium::Mail && at_work(case, attempt.point) != Some(false)
    }));
    if here == Some(true) {
        ONCE_A_WEEK.shut_week(case, &at_work_attempts, out);
    }
    Cap { ground: &WEEK, ..ONCE_A_WEEK }.shut(case, &at_work_attempts, out);
    for told in &case.facts.designations {
        let asked = match told.kind {
            DesignationKind::NotAtPlace(place) => place == Place::Work,
            DesignationKind::EmployerForbids => true,
            DesignationKind::NotAt(_) | DesignationKind::Please(_) => false,
        };
        if asked && told.reaches(case.proposed) {
            let since = Some(case.agency_date(told.from));
            let fact = "the person asked not to be reached at work";
            let span = standing(told.from, told.until);
            out.deny(span, &WORK, Evidence::Known { fact, since });
        }
    }
    let unreached = counted(case).filter(|attempt| {
        attempt.medium == Medium::Call
            && !attempt.conversation
            && attempt.point.is_some()
            && at_work(case, attempt.point) == Some(false)
    });
    for gap in outside(unreached.map(|attempt| Span::days(attempt.at, UNREACHED_DAYS))) {
        let evidence = Evidence::Missing(
            "that the person cannot be reached at home: no call there rang unanswered",
        );
        shut(case, gap, &HOME_FIRST, evidence, out);
    }
}

#[cfg(test)]
mod tests;
