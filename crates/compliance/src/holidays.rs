//! The legal public holidays of 5 USC 6103(a), which 12 CFR 1006.22(c)(1) and 1006.34(b)(5) name.
//!
//! 6103(b), by which a holiday on a weekend is kept on the Friday before or the Monday after, holds for pay
//! and leave of employees; Part 1006 cites (a) alone, so by its letter the observed day is an ordinary one.

use duly_domain::Date;
use duly_domain::business_day::{Skip, is_business_day, is_legal_holiday};

/// Which days are left out beside weekends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holidays {
    /// The dates of 6103(a).
    ByTheLetter,
    /// Those, and the days on which they are observed: never earlier than the letter, so lawful wherever
    /// the law says "at least" (policy).
    AndObserved,
}

impl Holidays {
    /// Whether a day is neither Saturday, Sunday nor one of these.
    pub fn is_counted(self, day: Date) -> bool {
        let skip = match self {
            Self::ByTheLetter => Skip::Stated,
            Self::AndObserved => Skip::ObservedToo,
        };
        is_business_day(day, skip)
    }
}

/// Whether a day is one of 5 USC 6103(a).
pub fn is_public_holiday(day: Date) -> bool {
    is_legal_holiday(day)
}

#[cfg(test)]
mod tests;
