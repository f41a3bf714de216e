//! Time as the business sees it: instants, legal dates, zones and the agency's time grid.
//!
//! `_at` names an [`Instant`] in UTC, `_on` a legal [`Date`] without zone. Nothing here reads a
//! clock: the time is always an argument.

use std::fmt;
use std::str::FromStr;

pub use chrono::NaiveDate as Date;
use chrono::{DateTime, Duration, NaiveTime, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time, in UTC.
pub type Instant = DateTime<Utc>;

/// A time zone of the IANA database, e.g. `America/New_York`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(chrono_tz::Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(chrono_tz::UTC);

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Its rules of time.
    pub const fn tz(self) -> chrono_tz::Tz {
        self.0
    }

    /// The legal date at this instant in this zone.
    pub fn local_date(self, at: Instant) -> Date {
        at.with_timezone(&self.0).date_naive()
    }

    /// The hour of the local day (0 to 23) at this instant in this zone.
    pub fn local_hour(self, at: Instant) -> u32 {
        use chrono::Timelike;
        at.with_timezone(&self.0).hour()
    }

    /// The first instant of a local day. Where the clocks skip midnight it is the first instant
    /// after the gap; where they repeat it, the earlier one. A day that a zone left out
    /// altogether (Samoa, 30 December 2011) starts with the day after it.
    pub fn start_of_day(self, day: Date) -> Instant {
        let midnight = day.and_time(NaiveTime::MIN);
        // Gaps are whole minutes in every zone since 1972 and at most a day long.
        let first = (0..=2 * 24 * 60).find_map(|minute| {
            let local = midnight.checked_add_signed(Duration::minutes(minute))?;
            self.0.from_local_datetime(&local).earliest()
        });
        first.map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
    }
}

/// The legal date at an instant in a zone.
pub fn local_date(at: Instant, zone: Zone) -> Date {
    zone.local_date(at)
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Text that is no zone name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an IANA time zone such as America/New_York")]
pub struct UnknownZone;

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(text: &str) -> Result<Self, UnknownZone> {
        text.parse().map(Self).map_err(|_| UnknownZone)
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// The agency's time grid, counted from 1970-01-01T00:00:00Z. Handlers store facts; only a tick
/// decides, so that all facts of one instant are in before anyone decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticks {
    every_seconds: i64,
}

/// A grid that cannot be: its step is not a whole number of seconds from 1 second to 1 day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the tick must be a whole number of seconds, from 1 second to 1 day")]
pub struct InvalidTick;

impl Default for Ticks {
    /// Fifteen minutes.
    fn default() -> Self {
        Self { every_seconds: 15 * 60 }
    }
}

impl Ticks {
    /// A grid of this step.
    pub fn new(every: Duration) -> Result<Self, InvalidTick> {
        let every_seconds = every.num_seconds();
        let whole = Duration::seconds(every_seconds) == every;
        if !whole || !(1..=86_400).contains(&every_seconds) {
            return Err(InvalidTick);
        }
        Ok(Self { every_seconds })
    }

    /// The step.
    pub fn every(self) -> Duration {
        Duration::seconds(self.every_seconds)
    }

    /// The first tick strictly after the instant: when a fact of that instant is decided upon.
    pub fn next_after(self, at: Instant) -> Instant {
        let index = at.timestamp().div_euclid(self.every_seconds);
        self.tick(index + 1)
    }

    /// The instant itself if it is a tick, else the next one: how a computed due time rounds up.
    pub fn at_or_after(self, at: Instant) -> Instant {
        let on_tick =
            at.timestamp().rem_euclid(self.every_seconds) == 0 && at.timestamp_subsec_nanos() == 0;
        if on_tick { at } else { self.next_after(at) }
    }

    /// Past the end of chrono's calendar (year 262142) there is only its last instant.
    fn tick(self, index: i64) -> Instant {
        DateTime::from_timestamp(index * self.every_seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// How a file writes its dates: `%Y-%m-%d`, `%m/%d/%Y`, `%d.%m.%Y`, `%Y%m%d`, `%d-%b-%Y` and the
/// like, or in letters: `YYYY-MM-DD`, `M/D/YYYY`, `YYYYMMDD`.
///
/// Months and days may have one digit or two, except where two numbers touch. Two-digit years
/// are refused: 45 is 1945 for a birth and 2045 for nothing that a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Year,
    Month { digits_min: usize },
    Day { digits_min: usize },
    MonthName,
    Literal(char),
}

impl Piece {
    fn is_number(self) -> bool {
        matches!(self, Self::Year | Self::Month { .. } | Self::Day { .. })
    }
}

/// A date format that Duly does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDateFormat {
    /// A letter or code that has no meaning here.
    #[error("a date format is written with %Y, %m, %d, %b, or YYYY, MM, DD and separators")]
    UnknownCode,
    /// `%y` or `YY`.
    #[error("a two-digit year is ambiguous: the file must write four digits")]
    TwoDigitYear,
    /// Year, month and day do not each stand exactly once.
    #[error("a date format names the year, the month and the day, each once")]
    Incomplete,
}

/// Text that is not a date of the expected format. The text is never repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDate {
    /// The text does not have the format.
    #[error("not a date of the form {format}")]
    Malformed {
        /// The expected format, as it was given.
        format: String,
    },
    /// The text has the format but names no day, e.g. 30 February.
    #[error("the calendar has no such day")]
    NoSuchDay,
}

impl DateFormat {
    /// `2026-11-21`.
    pub fn iso() -> Self {
        let pieces = vec![
            Piece::Year,
            Piece::Literal('-'),
            Piece::Month { digits_min: 2 },
            Piece::Literal('-'),
            Piece::Day { digits_min: 2 },
        ];
        Self { text: "%Y-%m-%d".to_owned(), pieces }
    }

    /// The date that the text writes in this format.
    pub fn parse(&self, text: &str) -> Result<Date, InvalidDate> {
        let (year, month, day) =
            self.read(text).ok_or_else(|| InvalidDate::Malformed { format: self.text.clone() })?;
        i32::try_from(year)
            .ok()
            .filter(|year| *year > 0)
            .and_then(|year| Date::from_ymd_opt(year, month, day))
            .ok_or(InvalidDate::NoSuchDay)
    }

    fn read(&self, text: &str) -> Option<(u32, u32, u32)> {
        let (mut year, mut month, mut day) = (0, 0, 0);
        let mut rest = text;
        for piece in &self.pieces {
            match *piece {
                Piece::Year => (year, rest) = number(rest, 4, 4)?,
                Piece::Month { digits_min } => (month, rest) = number(rest, digits_min, 2)?,
                Piece::Day { digits_min } => (day, rest) = number(rest, digits_min, 2)?,
                Piece::MonthName => (month, rest) = month_name(rest)?,
                Piece::Literal(literal) => rest = rest.strip_prefix(literal)?,
            }
        }
        rest.is_empty().then_some((year, month, day))
    }
}

fn number(text: &str, digits_min: usize, digits_max: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(digits_max).take_while(u8::is_ascii_digit).count();
    if digits < digits_min {
        return None;
    }
    let (head, rest) = text.split_at(digits);
    Some((head.parse().ok()?, rest))
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn month_name(text: &str) -> Option<(u32, &str)> {
    let name = text.get(..3)?.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| *month == name)?;
    Some((u32::try_from(at).ok()? + 1, &text[3..]))
}

impl FromStr for DateFormat {
    type Err = InvalidDateFormat;

    fn from_str(text: &str) -> Result<Self, InvalidDateFormat> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (piece, len) = if first == '%' { percent_code(rest)? } else { letters(rest)? };
            pieces.push(piece);
            rest = &rest[len..];
        }
        let count =
            |wanted: fn(Piece) -> bool| pieces.iter().filter(|piece| wanted(**piece)).count();
        let once = count(|piece| piece == Piece::Year) == 1
            && count(|piece| matches!(piece, Piece::Month { .. } | Piece::MonthName)) == 1
            && count(|piece| matches!(piece, Piece::Day { .. })) == 1;
        if !once {
            return Err(InvalidDateFormat::Incomplete);
        }
        // Where two numbers touch, only a fixed width tells them apart.
        for at in 0..pieces.len() {
            let before = at.checked_sub(1).is_some_and(|before| pieces[before].is_number());
            let after = pieces.get(at + 1).is_some_and(|after| after.is_number());
            if before || after {
                match &mut pieces[at] {
                    Piece::Month { digits_min } | Piece::Day { digits_min } => *digits_min = 2,
                    Piece::Year | Piece::MonthName | Piece::Literal(_) => {}
                }
            }
        }
        Ok(Self { text: text.to_owned(), pieces })
    }
}

fn percent_code(text: &str) -> Result<(Piece, usize), InvalidDateFormat> {
    let code = text[1..].trim_start_matches('-');
    let len = 2 + (text.len() - 1 - code.len());
    let piece = match code.chars().next() {
        Some('Y') => Piece::Year,
        Some('m') => Piece::Month { digits_min: 1 },
        Some('d' | 'e') => Piece::Day { digits_min: 1 },
        Some('b') => Piece::MonthName,
        Some('y') => return Err(InvalidDateFormat::TwoDigitYear),
        _ => return Err(InvalidDateFormat::UnknownCode),
    };
    Ok((piece, len))
}

fn letters(text: &str) -> Result<(Piece, usize), InvalidDateFormat> {
    let first = text.chars().next().unwrap_or_default();
    let run = text.chars().take_while(|c| *c == first).count();
    match (first, run) {
        ('Y', 4) => Ok((Piece::Year, 4)),
        ('Y', 2) => Err(InvalidDateFormat::TwoDigitYear),
        ('M', 1 | 2) => Ok((Piece::Month { digits_min: 1 }, run)),
        ('M', 3) => Ok((Piece::MonthName, 3)),
        ('D', 1 | 2) => Ok((Piece::Day { digits_min: 1 }, run)),
        _ if first.is_alphanumeric() => Err(InvalidDateFormat::UnknownCode),
        _ => Ok((Piece::Literal(first), first.len_utf8())),
    }
}

impl fmt::Display for DateFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for DateFormat {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for DateFormat {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// The date that the text writes in the format.
pub fn parse_date(text: &str, format: &DateFormat) -> Result<Date, InvalidDate> {
    format.parse(text)
}

#[cfg(test)]
mod tests;
