//! Rule packs: dated, versioned sets of rules. An event is judged under the rules of its day.
//!
//! A pack that was in a release is frozen with its rule functions: a change is a new version with the
//! day from which it holds. `golden/README.md` says how; the decisions beside it replay byte for byte.

use std::fmt;

use duly_domain::{Date, Effect, Force, Instant, UsState};
use smallvec::SmallVec;

use crate::blocked::{Blocked, Evidence, Ground};
use crate::evaluation::Evaluation;
use crate::facts::{City, Facts};
use crate::proposed::Proposed;
use crate::rules::local_time::{minus, plus, start_of_day};
use crate::rules::{self, Case, Findings, Rule};
use crate::span::{Span, utc_day};

mod book;

pub use book::BOOK;
use book::GENERAL;

/// A version of a rule pack. Reads `federal@1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackId {
    /// Which pack.
    pub name: &'static str,
    /// Counts its versions, from 1; 0 is what is written of the time before.
    pub version: u16,
}

impl fmt::Display for PackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

/// Whom a pack judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every person.
    Everyone,
    /// Whoever may be in a state, by any number or address.
    State(UsState),
    /// Whoever may be in a city, by any number or address.
    City(City),
    /// Every person, where the agency keeps the table of its licences here.
    LicencesKept,
}

impl Reach {
    pub(crate) fn reaches(self, case: &Case<'_>) -> bool {
        match self {
            Self::Everyone => true,
            Self::State(state) => case.may_be_in(state),
            Self::City(city) => case.may_be_in_city(city),
            Self::LicencesKept => rules::licences::kept(case.facts),
        }
    }
}

/// A version of a set of rules, with the days on which it holds.
#[derive(Debug, Clone, Copy)]
pub struct Pack {
    /// Its name and version.
    pub id: PackId,
    /// The first day, in the agency's zone; `None`: always.
    pub from: Option<Date>,
    /// The last day; `None`: until further notice.
    pub to: Option<Date>,
    /// Whom it judges.
    pub reach: Reach,
    /// The rules, the weightiest first.
    pub rules: &'static [Rule],
}

impl Pack {
    /// When it holds, in the agency's zone.
    pub(crate) fn in_force(&self, facts: &Facts) -> Span {
        let start = |day| start_of_day(facts.agency.hours.zone.tz(), day);
        Span {
            from: self.from.map_or(Instant::MIN_UTC, start),
            until: self.to.map_or(Instant::MAX_UTC, |day| start(plus(day, 1))),
        }
    }

    /// The same where only some days are asked about: what lies days away from them is told as the end of
    /// all time on its side, without asking a clock.
    fn in_force_about(&self, facts: &Facts, asked: &Days) -> Span {
        if self.from.is_some_and(|from| from > asked.last) {
            return Span::new(Instant::MAX_UTC, Instant::MAX_UTC);
        }
        if self.to.is_some_and(|to| to < asked.first) {
            return Span::new(Instant::MIN_UTC, Instant::MIN_UTC);
        }
        let start = |day| start_of_day(facts.agency.hours.zone.tz(), day);
        let from = self.from.filter(|from| *from > asked.first).map(start);
        let to = self.to.map(|day| start(plus(day, 1)));
        Span { from: from.unwrap_or(Instant::MIN_UTC), until: to.unwrap_or(Instant::MAX_UTC) }
    }
}

/// Days of a span, and some before and after it, so that they hold it in any zone.
struct Days {
    first: Date,
    last: Date,
}

impl Days {
    fn of(span: Span) -> Self {
        let (first, last) = (utc_day(span.from), utc_day(span.until));
        Self { first: minus(first, 2), last: plus(last, 2) }
    }
}

/// A book of packs that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// Two versions of one pack hold on one day.
    #[error("{before} and {after} overlap")]
    Overlap {
        /// The earlier version.
        before: PackId,
        /// The later one.
        after: PackId,
    },
    /// Two versions of one pack do not stand together, or do not count up by one.
    #[error("{after} does not follow {before}")]
    Order {
        /// The earlier in the book.
        before: PackId,
        /// The later one.
        after: PackId,
    },
    /// Two versions of one pack judge different persons.
    #[error("{before} and {after} do not reach the same persons")]
    Reach {
        /// The earlier version.
        before: PackId,
        /// The later one.
        after: PackId,
    },
    /// No version of a pack holds on some day between two.
    #[error("no rules between {before} and {after}")]
    Gap {
        /// The earlier version.
        before: PackId,
        /// The later one.
        after: PackId,
    },
}

/// Checks that the versions of each pack stand together, count up by one, judge the same persons and follow
/// one another day by day.
pub fn check(book: &[&Pack]) -> Result<(), BookError> {
    for (at, after) in book.iter().enumerate() {
        let Some(earlier) = book[..at].iter().rposition(|pack| pack.id.name == after.id.name)
        else {
            continue;
        };
        let before = book[earlier];
        let (ids, next) = ((before.id, after.id), before.to.and_then(|day| day.succ_opt()));
        if earlier + 1 != at || before.id.version.checked_add(1) != Some(after.id.version) {
            return Err(BookError::Order { before: ids.0, after: ids.1 });
        }
        if before.reach != after.reach {
            return Err(BookError::Reach { before: ids.0, after: ids.1 });
        }
        match (next, after.from) {
            (Some(next), Some(from)) if next == from => {}
            (Some(next), Some(from)) if next < from => {
                return Err(BookError::Gap { before: ids.0, after: ids.1 });
            }
            _ => return Err(BookError::Overlap { before: ids.0, after: ids.1 }),
        }
    }
    Ok(())
}

/// No version of a pack holds on this day.
const NO_RULES: Ground = Ground::policy("no_rules", "policy guard.no_rules");

/// Evaluates under these packs, in the order of the book. A stretch of the span for which a pack for everyone
/// has no version is held. Before the first version of any other pack its law did not exist, or was not
/// researched, and it says nothing; after its last one it holds.
pub(crate) fn evaluate_with(
    book: &[&Pack],
    facts: &Facts,
    proposed: &Proposed,
    span: Span,
) -> Evaluation {
    let span = span.intersect(Span::JUDGED);
    let case = Case::new(facts, proposed, span);
    let mut evaluation = Evaluation::new(span, Findings::over(span), SmallVec::new());
    let (findings, packs) = evaluation.parts();
    let days = Days::of(span);
    let mut general = 0;
    let mut series = "";
    let mut covered_until = span.until;
    for pack in book.iter().filter(|pack| pack.reach.reaches(&case)) {
        let in_force = pack.in_force_about(facts, &days);
        if pack.id.name != series {
            no_rules_within(Span::new(covered_until, span.until), findings);
            series = pack.id.name;
            covered_until = match pack.reach {
                Reach::Everyone => {
                    general += 1;
                    span.from
                }
                Reach::State(_) | Reach::City(_) | Reach::LicencesKept => {
                    span.from.max(in_force.from)
                }
            };
        }
        if in_force.intersect(span).is_empty() {
            covered_until = covered_until.max(in_force.until.min(span.from));
            continue;
        }
        no_rules_within(Span::new(covered_until, in_force.from), findings);
        findings.within(in_force);
        for rule in pack.rules {
            rule(&case, findings);
        }
        covered_until = in_force.until;
        packs.push(pack.id);
    }
    no_rules_within(Span::new(covered_until, span.until), findings);
    if general < GENERAL {
        no_rules_within(span, findings);
    }
    rule_out(facts, findings);
    evaluation
}

fn no_rules_within(span: Span, findings: &mut Findings) {
    if span.is_empty() {
        return;
    }
    findings.within(span);
    no_rules(findings);
}

/// Takes out what a compliance user ruled out of the rules of states and cities. Never law.
fn rule_out(facts: &Facts, findings: &mut Findings) {
    let of_agency = facts.limits.iter().filter(|limits| limits.accounts.is_empty());
    for ruled_out in of_agency.flat_map(|limits| &limits.ruled_out) {
        let loose = ["unverified state.", "unverified city.", "policy state.", "policy city."];
        let licence = ["unverified licence.", "policy licence."];
        if loose.iter().chain(&licence).any(|of| ruled_out.starts_with(of)) {
            findings.fixed.retain(|blocked| {
                blocked.ground.force == Force::Law || blocked.ground.authority != ruled_out
            });
        }
    }
}

/// Holds for as long as the findings are within.
pub(crate) fn no_rules(findings: &mut Findings) {
    findings.block(Blocked {
        span: Span::ALWAYS,
        effect: Effect::Hold,
        ground: &NO_RULES,
        evidence: Evidence::NotEvaluated,
    });
}

#[cfg(test)]
mod tests;
