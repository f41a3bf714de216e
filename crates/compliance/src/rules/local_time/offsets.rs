//! The offsets of a zone from UTC as a table: what `chrono-tz` answers, without its search. Derived from it
//! once per zone and process, for the years in which decisions are taken; outside them it is asked itself.

use std::sync::OnceLock;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

/// 2016-01-01T00:00:00Z.
const FROM: i64 = 1_451_606_400;
/// 2056-01-01T00:00:00Z.
const UNTIL: i64 = 2_713_910_400;
/// The clocks of no zone change there and back within one day.
const DAY: i64 = 86_400;
/// Seconds of a bucket, as a power of two: 48 days and a half, in which the clocks change twice at most.
const BUCKET: u32 = 22;
const BUCKETS: usize = 1 + ((UNTIL - FROM) >> BUCKET) as usize;

/// A stretch in which the clocks do not change, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    /// Its first second.
    from: i64,
    /// What is added to UTC.
    offset: i32,
}

/// The offsets of one zone.
#[derive(Debug)]
pub(super) struct Offsets {
    /// In order; the first begins with the table, and one without end closes it.
    stretches: Vec<Stretch>,
    /// For each bucket the stretch in which it begins.
    first: [u16; BUCKETS],
}

impl Offsets {
    /// The table of a zone.
    #[inline]
    pub(super) fn of(tz: Tz) -> &'static Self {
        static TABLES: [OnceLock<Box<Offsets>>; TZ_VARIANTS.len()] =
            [const { OnceLock::new() }; TZ_VARIANTS.len()];
        TABLES[tz as usize].get_or_init(|| Box::new(Self::read(tz)))
    }

    fn read(tz: Tz) -> Self {
        let mut stretches = vec![Stretch { from: FROM, offset: asked(tz, FROM) }];
        let mut first = [0; BUCKETS];
        let mut next_bucket = 0;
        for day in (FROM..=UNTIL).step_by(DAY as usize) {
            let (last, end) = (stretches[stretches.len() - 1].offset, day + DAY);
            if asked(tz, end) != last {
                let (mut before, mut after) = (day, end);
                while after - before > 1 {
                    let middle = before.midpoint(after);
                    if asked(tz, middle) == last { before = middle } else { after = middle }
                }
                stretches.push(Stretch { from: after, offset: asked(tz, after) });
            }
            while next_bucket < BUCKETS && FROM + ((next_bucket as i64) << BUCKET) < end {
                let begins = FROM + ((next_bucket as i64) << BUCKET);
                let holds = stretches.iter().rposition(|s| s.from <= begins).unwrap_or(0);
                first[next_bucket] = u16::try_from(holds).unwrap_or(0);
                next_bucket += 1;
            }
        }
        stretches.push(Stretch { from: i64::MAX, offset: 0 });
        Self { stretches, first }
    }

    /// The stretch that holds a second; none outside the table.
    #[inline]
    fn stretch(&self, second: i64) -> Option<usize> {
        if !(FROM..UNTIL).contains(&second) {
            return None;
        }
        let mut at = usize::from(self.first[((second - FROM) >> BUCKET) as usize]);
        while self.stretches[at + 1].from <= second {
            at += 1;
        }
        Some(at)
    }

    /// What is added to UTC at a second; none outside the table.
    #[inline]
    pub(super) fn at(&self, second: i64) -> Option<i32> {
        self.stretch(second).map(|at| self.stretches[at].offset)
    }

    /// What was added to UTC at the first and at the last second whose local time is this, in seconds since
    /// 1970 as local clocks tell it. None where the clocks skip it, and near the ends of the table.
    #[inline]
    pub(super) fn of_local(&self, local: i64) -> Option<(i32, i32)> {
        let near = self.stretch(local)?;
        if local - FROM < 2 * DAY || UNTIL - local < 2 * DAY {
            return None;
        }
        let found = |at: usize| {
            let Stretch { from, offset } = self.stretches[at];
            let second = local - i64::from(offset);
            (from <= second && second < self.stretches[at + 1].from).then_some(offset)
        };
        // Local clocks are less than a day from UTC, so the stretch is this one or next to it.
        let before = near.checked_sub(1).and_then(found);
        let here = found(near);
        let after = if near + 2 < self.stretches.len() { found(near + 1) } else { None };
        Some((before.or(here).or(after)?, after.or(here).or(before)?))
    }
}

/// What `chrono-tz` says.
fn asked(tz: Tz, second: i64) -> i32 {
    let at = DateTime::from_timestamp(second, 0).unwrap_or_default();
    tz.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every zone of the United States, and zones that change at midnight, by half an hour, twice within
    /// five weeks, or once left a day out.
    const ZONES: [Tz; 14] = [
        chrono_tz::America::New_York,
        chrono_tz::America::Chicago,
        chrono_tz::America::Denver,
        chrono_tz::America::Phoenix,
        chrono_tz::America::Los_Angeles,
        chrono_tz::America::Anchorage,
        chrono_tz::America::Adak,
        chrono_tz::Pacific::Honolulu,
        chrono_tz::America::Puerto_Rico,
        chrono_tz::Pacific::Guam,
        chrono_tz::America::Santiago,
        chrono_tz::Australia::Lord_Howe,
        chrono_tz::Africa::Casablanca,
        chrono_tz::Pacific::Apia,
    ];

    fn agree(tz: Tz, seconds: impl Iterator<Item = i64>) {
        let table = Offsets::of(tz);
        for second in seconds {
            assert_eq!(table.at(second), Some(asked(tz, second)), "{tz} {second}");
            let local = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
            let found = tz.from_local_datetime(&local);
            let found = found.earliest().zip(found.latest());
            let offset = |at: DateTime<Tz>| at.offset().fix().local_minus_utc();
            let found = found.map(|(one, other)| (offset(one), offset(other)));
            if second - FROM >= 2 * DAY && UNTIL - second >= 2 * DAY {
                assert_eq!(table.of_local(second), found, "{tz} local {local}");
            }
        }
    }

    #[test]
    fn the_table_says_what_the_database_says() {
        for tz in ZONES {
            agree(tz, (FROM..UNTIL).step_by(9 * 86_400 + 4_321));
        }
    }

    #[test]
    fn around_every_change_it_agrees_to_the_second() {
        for tz in ZONES {
            let changes: Vec<i64> = Offsets::of(tz).stretches.iter().map(|s| s.from).collect();
            for change in changes.into_iter().skip(1).filter(|at| *at < UNTIL - DAY).step_by(5) {
                let offset = i64::from(asked(tz, change));
                agree(tz, (-1..=1).flat_map(|s| [change + s, change + offset + s]));
                agree(tz, (-14..=14).map(|q| change + offset + q * 900));
            }
        }
    }

    #[test]
    #[ignore = "asks for every hour of forty years in every zone: by hand, in a release build"]
    fn no_zone_changes_there_and_back_within_a_day() {
        for tz in TZ_VARIANTS {
            agree(tz, (FROM..UNTIL).step_by(3600));
        }
    }
}
