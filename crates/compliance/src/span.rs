//! A stretch of time.

use duly_domain::Instant;
use serde::{Deserialize, Serialize};

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
        let until = from.checked_add_signed(chrono::Duration::days(i64::from(days)));
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

    /// What both hold; may be empty.
    pub fn intersect(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// What is left of it outside these.
    pub fn outside(self, holes: &[Self]) -> Vec<Self> {
        let mut left = vec![self];
        for hole in holes.iter().filter(|hole| !hole.is_empty()) {
            let cut = |piece: Self| {
                let before = Self::new(piece.from, piece.until.min(hole.from));
                let after = Self::new(piece.from.max(hole.until), piece.until);
                [before, after].into_iter().filter(|piece| !piece.is_empty())
            };
            left = left.into_iter().flat_map(cut).collect();
        }
        left
    }
}
