//! A stretch of time.

use duly_domain::{Date, Instant};
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

/// The day of an instant in UTC.
pub(crate) fn utc_day(at: Instant) -> Date {
    at.naive_utc().date()
}

/// Some stretches, few as a rule.
pub type Spans = SmallVec<[Span; 4]>;

/// From an instant, itself included, until another, itself excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first instant.
    pub from: Instant,
    /// The first instant after it.
    pub until: Instant,
}

impl Span {
    /// All time.
    pub const ALWAYS: Self = Self { from: Instant::MIN_UTC, until: Instant::MAX_UTC };

    /// What the guard judges at all: the years 1900 to 2199. What lies outside is held.
    pub const JUDGED: Self = Self {
        from: Instant::from_timestamp(-2_208_988_800, 0).expect("1900 is a year"),
        until: Instant::from_timestamp(7_258_118_400, 0).expect("2200 is a year"),
    };

    /// The span; empty where `until` is not after `from`.
    pub const fn new(from: Instant, until: Instant) -> Self {
        Self { from, until }
    }

    /// The span that begins here and lasts so many days of 24 hours.
    pub fn days(from: Instant, days: u16) -> Self {
        let day = utc_day(from).checked_add_days(chrono::Days::new(u64::from(days)));
        let until = day.map(|day| day.and_time(from.naive_utc().time()).and_utc());
        Self { from, until: until.unwrap_or(Instant::MAX_UTC) }
    }

    /// From this instant on.
    pub const fn since(from: Instant) -> Self {
        Self { from, until: Instant::MAX_UTC }
    }

    /// Whether the instant lies in it.
    pub fn contains(self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether it holds no instant.
    pub fn is_empty(self) -> bool {
        self.until <= self.from
    }

    /// Whether both hold some instant.
    pub fn touches(self, other: Self) -> bool {
        let both = self.intersect(other);
        !both.is_empty()
    }

    /// What both hold; may be empty.
    pub fn intersect(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// What is left of it outside these.
    #[inline]
    pub fn outside(self, holes: &[Self]) -> Spans {
        if holes.is_empty() {
            return Spans::from_slice(&[self]);
        }
        self.cut(holes)
    }

    fn cut(self, holes: &[Self]) -> Spans {
        let mut left: Spans = smallvec![self];
        for hole in holes {
            if !hole.touches(self) {
                continue;
            }
            let mut pieces = Spans::new();
            for piece in left {
                let before = Self::new(piece.from, piece.until.min(hole.from));
                let after = Self::new(piece.from.max(hole.until), piece.until);
                pieces.extend([before, after].into_iter().filter(|piece| !piece.is_empty()));
            }
            left = pieces;
        }
        left
    }
}
