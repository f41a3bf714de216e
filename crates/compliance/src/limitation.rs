//! Limitation periods: when a claim is barred, for whoever sues, threatens to sue, or must say so.
//!
//! 12 CFR 1006.26(b) forbids to sue or to threaten to sue a consumer on a time-barred debt: that is law. The
//! number of years is law where the statute was read, else policy with the least number that any source
//! claims. A payment or an acknowledgment never revives here, and service in the armed forces (50 USC 3936)
//! never lengthens: both would only widen, and neither is decided without a person.

use chrono::{Days, Months};
use duly_domain::{Date, DebtClass, Force};

use crate::facts::{DebtKind, Region};

mod table;

use table::{Mark, Period, Row};

/// The first day on which a claim is barred by the law of a region, and whether law or policy counts the
/// years; `None`: no period is known for that region or that kind, which is no permission.
///
/// A claim for goods, on an open account or of a kind that is not known has the least of the periods for
/// goods, for writings and for open accounts, as each may be argued; loans that of writings; services the
/// least of writings and open accounts; a card its own too. Judgments have periods of their own.
pub fn barred_on(
    region: Region,
    class: DebtClass,
    kind: DebtKind,
    accrued_on: Date,
) -> Option<(Date, Force)> {
    let least = periods(row(region, class)?, kind).into_iter().flatten().min_by_key(|period| {
        // Of two equal numbers the one that was read in the statute speaks.
        (period.years, period.mark != Mark::Primary)
    })?;
    let last_day =
        accrued_on.checked_add_months(Months::new(12 * least.years)).unwrap_or(Date::MAX);
    let barred = last_day.checked_add_days(Days::new(1)).unwrap_or(Date::MAX);
    let force = if least.mark == Mark::Primary { Force::Law } else { Force::Policy };
    Some((barred, force))
}

/// The earliest of the days on which a claim is barred by the law of any of these regions.
pub fn barred_first(
    regions: &[Region],
    class: DebtClass,
    kind: DebtKind,
    accrued_on: Date,
) -> Option<(Date, Force)> {
    let barred = |region: &Region| barred_on(*region, class, kind, accrued_on);
    regions.iter().filter_map(barred).min_by_key(|(on, force)| (*on, *force != Force::Law))
}

/// The statutes behind the periods of a region, as the sources cite them.
pub fn authority(region: Region, class: DebtClass) -> Option<&'static str> {
    row(region, class).map(|row| row.authority)
}

fn row(region: Region, class: DebtClass) -> Option<&'static Row> {
    if class == DebtClass::Commercial && region.state == table::NEW_YORK_OTHER.state {
        return Some(&table::NEW_YORK_OTHER);
    }
    table::STATES.iter().find(|row| row.state == region.state)
}

fn periods(row: &Row, kind: DebtKind) -> [Option<Period>; 3] {
    let (written, open) = (Some(row.written), Some(row.open));
    let (state, notes) = table::LOUISIANA_NOTES;
    let notes = (row.state.code() == state).then_some(notes);
    match kind {
        DebtKind::Unknown | DebtKind::Goods | DebtKind::OpenAccount => [written, open, row.goods],
        DebtKind::Medical | DebtKind::Services => [written, open, None],
        DebtKind::Loan | DebtKind::StudentLoan | DebtKind::Mortgage => [written, notes, None],
        DebtKind::CreditCard => [written, open, row.card],
        DebtKind::Judgment => [None, None, None],
    }
}

#[cfg(test)]
mod tests;
