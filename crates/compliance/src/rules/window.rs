//! So many in a row: what limits of number look at.

use duly_domain::Instant;
use smallvec::SmallVec;

use super::local_time::minus;
use crate::facts::Attempt;
use crate::span::{Span, utc_day};

/// Some attempts, oldest first.
pub(crate) type Attempts<'a> = SmallVec<[&'a Attempt; 24]>;

/// The oldest and the newest of each `most` in a row that stand within some days, as far as they matter to
/// what is asked about: of those that stood when it begins only the latest, which lasts longest.
pub(crate) fn full<T: Copy>(
    made: &[T],
    at: impl Fn(T) -> Instant + Copy,
    most: usize,
    days: u64,
    asked: Span,
) -> impl Iterator<Item = (T, T)> {
    // A day more for each end of the calendar's days.
    let gone = minus(utc_day(asked.from), days.saturating_add(2));
    let stood = made.partition_point(|one| at(*one) <= asked.from);
    let first = (stood + 1).saturating_sub(most).saturating_sub(1);
    let rows = made.windows(most.max(1)).skip(first);
    rows.filter_map(move |row| Some((*row.first()?, *row.last()?)))
        .filter(move |(oldest, _)| utc_day(at(*oldest)) >= gone)
}
