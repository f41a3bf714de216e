//! Rule packs: dated, versioned sets of rules. An event is judged under the rules of its day.
//!
//! A pack that was in a release is frozen with its rule functions: a change is a new version with the
//! day from which it holds.

use std::fmt;

use chrono::Days;
use duly_domain::{Date, Effect, Instant};

use crate::blocked::{Blocked, Evidence, Ground};
use crate::evaluation::Evaluation;
use crate::facts::Facts;
use crate::proposed::Proposed;
use crate::rules::{self, Case, Findings, Rule};
use crate::span::Span;

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

/// A version of a set of rules, with the days on which it holds.
#[derive(Debug)]
pub struct Pack {
    /// Its name and version.
    pub id: PackId,
    /// The first day, in the agency's zone; `None`: always.
    pub from: Option<Date>,
    /// The last day; `None`: until further notice.
    pub to: Option<Date>,
    /// The rules, the weightiest first.
    pub rules: &'static [Rule],
}

impl Pack {
    /// When it holds, in the agency's zone.
    pub(crate) fn in_force(&self, facts: &Facts) -> Span {
        let zone = facts.agency.hours.zone;
        Span {
            from: self.from.map_or(Instant::MIN_UTC, |day| zone.start_of_day(day)),
            until: self
                .to
                .and_then(|day| day.checked_add_days(Days::new(1)))
                .map_or(Instant::MAX_UTC, |day| zone.start_of_day(day)),
        }
    }
}

/// The first day of Regulation F. 85 FR 76734, 86 FR 48918: 30 November 2021.
const REGULATION_F_FROM: Option<Date> = Date::from_ymd_opt(2021, 11, 30);

/// The last day before it.
const BEFORE_REGULATION_F: Option<Date> = Date::from_ymd_opt(2021, 11, 29);

/// The first day of the Bankruptcy Code. Pub. L. 95-598, section 402(a): 1 October 1979.
const BANKRUPTCY_CODE_FROM: Option<Date> = Date::from_ymd_opt(1979, 10, 1);

/// The packs that judge every attempt, the weightiest first.
const NAMES: &[&str] = &["federal", "commercial", "agency"];

/// Every released version of every pack; versions of one pack follow one another.
pub const BOOK: &[&Pack] = &[
    &Pack {
        id: PackId { name: "federal", version: 0 },
        from: BANKRUPTCY_CODE_FROM,
        to: BEFORE_REGULATION_F,
        rules: rules::FEDERAL_0,
    },
    &Pack {
        id: PackId { name: "federal", version: 1 },
        from: REGULATION_F_FROM,
        to: None,
        rules: rules::FEDERAL_1,
    },
    &Pack {
        id: PackId { name: "commercial", version: 1 },
        from: None,
        to: None,
        rules: rules::COMMERCIAL_1,
    },
    &Pack {
        id: PackId { name: "agency", version: 1 },
        from: None,
        to: None,
        rules: rules::AGENCY_1,
    },
];

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
    /// No version of a pack holds on some day between two.
    #[error("no rules between {before} and {after}")]
    Gap {
        /// The earlier version.
        before: PackId,
        /// The later one.
        after: PackId,
    },
}

/// Checks that the versions of each pack follow one another day by day.
pub fn check(book: &[&Pack]) -> Result<(), BookError> {
    for (at, after) in book.iter().enumerate() {
        let Some(before) = book[..at].iter().rfind(|pack| pack.id.name == after.id.name) else {
            continue;
        };
        let (ids, next) =
            ((before.id, after.id), before.to.and_then(|day| day.checked_add_days(Days::new(1))));
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

/// Evaluates under these packs, in the order of the book. A stretch of the span for which a pack has no
/// version is held.
pub(crate) fn evaluate_with(
    book: &[&Pack],
    facts: &Facts,
    proposed: &Proposed,
    span: Span,
) -> Evaluation {
    let span = span.intersect(Span::JUDGED);
    let case = Case::new(facts, proposed);
    let mut findings = Findings::default();
    let mut packs = Vec::with_capacity(NAMES.len());
    for name in NAMES {
        let mut covered_until = span.from;
        for pack in book.iter().filter(|pack| pack.id.name == *name) {
            let in_force = pack.in_force(facts);
            if in_force.intersect(span).is_empty() {
                continue;
            }
            findings.within(Span::new(covered_until, in_force.from));
            no_rules(&mut findings);
            findings.within(in_force);
            for rule in pack.rules {
                rule(&case, &mut findings);
            }
            covered_until = in_force.until;
            packs.push(pack.id);
        }
        findings.within(Span::new(covered_until, span.until));
        no_rules(&mut findings);
    }
    let Findings { fixed, daily, requires, .. } = findings;
    Evaluation::new(span, fixed, daily, requires, packs)
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
