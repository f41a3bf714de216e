//! Massachusetts, for third-party collectors: 209 CMR 18.16(1), and 940 CMR 7.05 for members of the
//! household.
//!
//! Calls and texts count together, per debt. A call that rings unanswered counts, as a message could have
//! been left: *Armata v. Target*, Mass. SJC, 2019; one that did not connect does not. The creditors' rule, 940
//! CMR 7.04(1)(f), has the same numbers for the creditor's own calls, which are no facts here.

use crate::blocked::{Evidence, Ground};
use crate::facts::{Attempt, DesignationKind, LineType, Place};
use crate::medium::Medium;
use crate::proposed::Recipient;
use crate::rules::place_hours::{Clock, Consent, shut_outside};
use crate::rules::window::Attempts;
use crate::rules::{Case, Findings, Regime, standing};
use crate::span::Span;

use super::{Cap, at_work, consumer, counted, eastern, is_about, once};

static FREQUENCY: Ground = Ground::law("state_frequency", "209 CMR 18.16(1)(d)");
/// A landline of which it is not known whether it is a residence's is counted as both.
static PLACE_UNKNOWN: Ground = Ground::policy("state_frequency", "policy state.ma.place_unknown");
static HOURS: Ground = Ground::law("state_hours", "209 CMR 18.16(1)(a)");
static WORK: Ground = Ground::law("state_work", "209 CMR 18.16(1)(c)");
static HOUSEHOLD: Ground = Ground::law("state_household", "940 CMR 7.05(3)(d)");
static HOUSEHOLD_HOURS: Ground = Ground::law("state_household", "940 CMR 7.05(3)(e)");
static EDGE: Ground = Ground::policy("state_household", "policy time.edge");

/// "Two such communications in each seven-day period to a consumer's residence or cellular telephone".
/// 209 CMR 18.16(1)(d).
const HOME: Cap = Cap {
    most: 2,
    days: 7,
    what: "calls and texts about this debt to a residence or mobile number in seven days",
    ground: &FREQUENCY,
};
/// "Two such communications in each 30-day period other than at a consumer's residence, or cellular
/// telephone". 209 CMR 18.16(1)(d).
const ELSEWHERE: Cap = Cap {
    most: 2,
    days: 30,
    what: "calls and texts about this debt to other numbers in thirty days",
    ground: &FREQUENCY,
};
const PERHAPS_ELSEWHERE: Cap = Cap { ground: &PLACE_UNKNOWN, ..ELSEWHERE };
/// "Two calls in each seven-day period at a debtor's residence". 940 CMR 7.05(3)(d).
const HOUSEHOLD_HOME: Cap = Cap {
    what: "calls about this debt to a residence or mobile number in seven days",
    ground: &HOUSEHOLD,
    ..HOME
};
/// "Two calls in each 30-day period other than at a debtor's residence". 940 CMR 7.05(3)(d).
const HOUSEHOLD_ELSEWHERE: Cap = Cap {
    what: "calls about this debt to other numbers in thirty days",
    ground: &HOUSEHOLD,
    ..ELSEWHERE
};

/// An oral request not to call at work "shall be valid for only ten days". 209 CMR 18.16(1)(c).
const ORAL_DAYS: u16 = 10;

/// "After 8:00 A.M. and before 9:00 P.M. at the consumer's location". 209 CMR 18.16(1)(a).
static CLOCK: Clock = Clock::after_and_before(
    (8, 0),
    (21, 0),
    &HOURS,
    "after 8:00 in the morning and before 9:00 in the evening where the person may be",
);
/// "Between 8:00 A.M. and 9:00 P.M. eastern time". 940 CMR 7.05(3)(e).
static HOUSEHOLD_CLOCK: Clock = Clock::not_before_or_after(
    (8, 0),
    (21, 0),
    &HOUSEHOLD_HOURS,
    &EDGE,
    "between 8:00 in the morning and 9:00 in the evening, Eastern time",
);

/// Where a number rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rings {
    /// At the residence, or a mobile number, or one given as personal.
    Home,
    /// Anywhere else.
    Elsewhere,
    /// A landline of which nobody knows.
    Unknown,
}

impl Rings {
    fn of(case: &Case<'_>, point: Option<duly_domain::PointId>) -> Self {
        let Some(point) = point.and_then(|id| case.facts.point(id)) else { return Self::Unknown };
        match (point.place, point.line) {
            (Some(Place::Home), _) => Self::Home,
            (Some(Place::Work | Place::Other), _) => Self::Elsewhere,
            (None, LineType::Landline) => Self::Unknown,
            (None, LineType::Wireless | LineType::Voip | LineType::Unknown) => Self::Home,
        }
    }
}

/// Two calls and texts in seven days, elsewhere in thirty.
pub fn frequency(case: &Case<'_>, out: &mut Findings) {
    if !matches!(case.proposed.medium, Medium::Call | Medium::Text) {
        return;
    }
    caps(case, &[Medium::Call, Medium::Text], [&HOME, &ELSEWHERE, &PERHAPS_ELSEWHERE], out);
}

fn caps(
    case: &Case<'_>,
    media: &[Medium],
    [home, elsewhere, perhaps]: [&Cap; 3],
    out: &mut Findings,
) {
    let here = Rings::of(case, case.proposed.point);
    for account in case.debts(Regime::Consumer) {
        let told = |rings: &[Rings]| -> Attempts<'_> {
            let by = |attempt: &&Attempt| media.contains(&attempt.medium);
            let there = |attempt: &&Attempt| rings.contains(&Rings::of(case, attempt.point));
            let about = |attempt: &&Attempt| is_about(case, attempt, account);
            once(counted(case).filter(by).filter(about).filter(there))
        };
        if here != Rings::Elsewhere {
            home.shut(case, &told(&[Rings::Home, Rings::Unknown]), out);
        }
        if here == Rings::Elsewhere {
            elsewhere.shut(case, &told(&[Rings::Elsewhere]), out);
        }
        if here != Rings::Home {
            perhaps.shut(case, &told(&[Rings::Elsewhere, Rings::Unknown]), out);
        }
    }
}

/// The hours at the consumer's location, their edges shut by the text itself.
pub fn hours(case: &Case<'_>, out: &mut Findings) {
    if consumer(case) && case.proposed.medium.has_hours() {
        shut_outside(case, &case.zones, &CLOCK, Consent::Opens, out);
    }
}

/// A request, by word of mouth too, not to be called at work.
pub fn work(case: &Case<'_>, out: &mut Findings) {
    let at_work = at_work(case, case.proposed.point) == Some(true);
    if !consumer(case) || !case.is_call() || !at_work {
        return;
    }
    for told in &case.facts.designations {
        let asked = match told.kind {
            DesignationKind::NotAtPlace(place) => place == Place::Work,
            DesignationKind::EmployerForbids => true,
            DesignationKind::NotAt(_) | DesignationKind::Please(_) => false,
        };
        if asked && told.reaches(case.proposed) {
            let valid = match told.kind {
                DesignationKind::NotAtPlace(_) if told.oral => Span::days(told.from, ORAL_DAYS),
                _ => Span::ALWAYS,
            };
            let since = Some(case.agency_date(told.from));
            let fact = "the person asked not to be called at work, or the employer forbids it";
            let span = standing(told.from, told.until).intersect(valid);
            out.deny(span, &WORK, Evidence::Known { fact, since });
        }
    }
}

/// Members of the household: the same numbers, and Eastern time as their waking hours are not known.
pub fn household(case: &Case<'_>, out: &mut Findings) {
    let member = matches!(case.proposed.recipient, Recipient::Spouse | Recipient::ThirdParty);
    if !member || !consumer(case) || !case.is_call() {
        return;
    }
    let of_household = [&HOUSEHOLD_HOME, &HOUSEHOLD_ELSEWHERE, &PERHAPS_ELSEWHERE];
    caps(case, &[Medium::Call], of_household, out);
    shut_outside(case, &[eastern()], &HOUSEHOLD_CLOCK, Consent::OpensNothing, out);
}

#[cfg(test)]
mod tests;
