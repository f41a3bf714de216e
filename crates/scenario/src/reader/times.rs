//! Days, times of day and the days from and through which they hold.

use chrono::{Datelike as _, Months, NaiveTime, Weekday};
use duly_compliance::{Times, Weekdays};
use duly_domain::Date;

use super::tokens::Token;
use crate::when::plus;

/// Times that a clause names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Days of the week; `None`: none named.
    pub days: Option<Weekdays>,
    from: Option<NaiveTime>,
    until: Option<NaiveTime>,
    first: Option<Date>,
    last: Option<Date>,
}

impl Found {
    /// As times on these days.
    pub fn times(&self, days: Weekdays) -> Times {
        Times {
            days,
            from: self.from,
            until: self.until,
            first_day: self.first,
            last_day: self.last,
        }
    }
}

/// The times of a clause: one per stretch of the day that it names.
pub fn of(part: &[Token], on: Date) -> Vec<Found> {
    let mut reading = Reading { part, on, at: 0, now: Found::default(), all: Vec::new() };
    while reading.at < part.len() {
        reading.step();
    }
    reading.flush();
    // "Through the end of the year" holds for every stretch of its clause.
    let (first, last) = reading
        .all
        .iter()
        .fold((None, None), |(first, last), found| (first.or(found.first), last.or(found.last)));
    for found in &mut reading.all {
        found.first = found.first.or(first);
        found.last = found.last.or(last);
    }
    let timed =
        |found: &Found| found.days.is_some() || found.from.is_some() || found.until.is_some();
    if reading.all.iter().any(timed) {
        reading.all.retain(timed);
    }
    reading.all
}

struct Reading<'a> {
    part: &'a [Token],
    on: Date,
    at: usize,
    now: Found,
    all: Vec<Found>,
}

impl Reading<'_> {
    fn flush(&mut self) {
        let found = std::mem::take(&mut self.now);
        if found != Found::default() {
            self.all.push(found);
        }
    }

    fn look(&self, ahead: usize) -> Option<&Token> {
        self.part.get(self.at + ahead)
    }

    fn is(&self, ahead: usize, word: &str) -> bool {
        self.look(ahead).is_some_and(|token| token.is(word))
    }

    fn day(&mut self, days: &[Weekday]) {
        // A day after a stretch of the day begins another: "Mondays from 9 to 10, Fridays from 3 to 5".
        if self.now.from.is_some() || self.now.until.is_some() {
            self.flush();
        }
        let old: Vec<Weekday> = self.now.days.map(Vec::from).unwrap_or_default();
        self.now.days = Some(old.into_iter().chain(days.iter().copied()).collect());
    }

    fn step(&mut self) {
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let Some(token) = self.look(0).cloned() else { return };
        match token {
            Token::Day(day) => self.day(&[day]),
            Token::Weekdays => self.day(&[Mon, Tue, Wed, Thu, Fri]),
            Token::Weekend => self.day(&[Sat, Sun]),
            Token::Date(date) => (self.now.first, self.now.last) = (Some(date), Some(date)),
            Token::Word(word) => match word.as_str() {
                "from" | "between" | "after" | "before" | "until" | "till" | "through" | "to"
                | "since" | "past" | "by" | "starting" => return self.bound(&word),
                "end" => return self.end(),
                "mornings" | "morning" => self.stretch(None, Some(12)),
                "afternoons" | "afternoon" => self.stretch(Some(12), Some(18)),
                "evenings" | "evening" => self.stretch(Some(18), None),
                "nights" | "night" | "overnight" => self.stretch(Some(20), Some(8)),
                "daytime" => self.stretch(Some(8), Some(18)),
                "today" => (self.now.first, self.now.last) = (Some(self.on), Some(self.on)),
                "tomorrow" => {
                    let day = plus(self.on, 1);
                    (self.now.first, self.now.last) = (Some(day), Some(day));
                }
                "for" => self.lasting(),
                "daily" => self.day(&[Mon, Tue, Wed, Thu, Fri, Sat, Sun]),
                "every" | "any" if self.is(1, "day") => {
                    self.day(&[Mon, Tue, Wed, Thu, Fri, Sat, Sun]);
                }
                _ => {}
            },
            // "At 3 pm": that hour.
            Token::Time(time, _) if self.now.from.is_none() && self.now.until.is_none() => {
                self.now.from = Some(time);
                self.now.until = Some(time + chrono::Duration::hours(1));
            }
            Token::Time(..)
            | Token::Number(_)
            | Token::Month(_)
            | Token::Point(_)
            | Token::Stop => {}
        }
        self.at += 1;
    }

    fn stretch(&mut self, from: Option<u32>, until: Option<u32>) {
        let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
        (self.now.from, self.now.until) = (from.and_then(clock), until.and_then(clock));
    }

    /// A word that opens a bound: of the day where a time follows, of days where a date does.
    fn bound(&mut self, word: &str) {
        self.at += 1;
        if self.is(0, "the") {
            self.at += 1;
        }
        if self.is(0, "end") {
            return self.end();
        }
        if let Some(day) = self.date() {
            match word {
                "from" | "since" | "after" | "starting" => self.now.first = Some(day),
                "before" => self.now.last = Some(plus(day, -1)),
                _ => self.now.last = Some(day),
            }
            return;
        }
        let Some((time, said)) = self.clock() else { return };
        let joins = ["to", "and", "until", "till", "through"].iter().any(|word| self.is(0, word));
        let opens = matches!(word, "from" | "between");
        if opens && joins {
            self.at += 1;
            if let Some((until, until_said)) = self.clock() {
                if self.now.from.is_some() {
                    let days = self.now.days;
                    self.flush();
                    self.now.days = days;
                }
                let (from, until) = sensible((time, said), (until, until_said));
                (self.now.from, self.now.until) = (Some(from), Some(until));
            }
            return;
        }
        let waking = NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default();
        match word {
            // "After 5": nobody is called before morning.
            "from" | "after" | "since" | "past" | "starting" if !said && time < waking => {
                self.now.from = Some(time + chrono::Duration::hours(12));
            }
            "from" | "after" | "since" | "past" | "starting" => self.now.from = Some(time),
            _ => self.now.until = Some(time),
        }
    }

    /// "End of the calendar year", "end of the month".
    fn end(&mut self) {
        self.at += 1;
        while ["of", "the", "this", "calendar"].iter().any(|word| self.is(0, word)) {
            self.at += 1;
        }
        if self.is(0, "year") {
            self.now.last = Date::from_ymd_opt(self.on.year(), 12, 31);
        } else if self.is(0, "month") {
            self.now.last = end_of_month(self.on);
        } else if let Some(Token::Month(month)) = self.look(0) {
            let number = month.number_from_month();
            let year = self.on.year() + i32::from(number < self.on.month());
            self.now.last = Date::from_ymd_opt(year, number, 1).and_then(end_of_month);
        } else {
            return;
        }
        self.at += 1;
    }

    /// "For two weeks", "for the next 30 days".
    fn lasting(&mut self) {
        let mut at = self.at + 1;
        while self.part.get(at).is_some_and(|t| t.is("the") || t.is("next") || t.is("another")) {
            at += 1;
        }
        let many = match self.part.get(at) {
            Some(Token::Number(number)) => i64::from(*number),
            Some(Token::Word(word)) => match word.as_str() {
                "a" | "one" => 1,
                "two" => 2,
                "three" => 3,
                "four" => 4,
                _ => return,
            },
            _ => return,
        };
        let days = match self.part.get(at + 1) {
            Some(Token::Word(word)) => match word.as_str() {
                "day" | "days" => many,
                "week" | "weeks" => many.saturating_mul(7),
                "month" | "months" => many.saturating_mul(31),
                _ => return,
            },
            _ => return,
        };
        self.now.last = Some(plus(self.on, days));
    }

    fn date(&mut self) -> Option<Date> {
        match self.look(0).cloned() {
            Some(Token::Date(date)) => {
                self.at += 1;
                Some(date)
            }
            Some(Token::Month(month)) => {
                let number = month.number_from_month();
                let year = self.on.year() + i32::from(number < self.on.month());
                let (day, used) = match self.look(1) {
                    Some(Token::Number(day)) => (Date::from_ymd_opt(year, number, *day), 2),
                    _ => (Date::from_ymd_opt(year, number, 1).and_then(end_of_month), 1),
                };
                self.at += used;
                day
            }
            _ => None,
        }
    }

    fn clock(&mut self) -> Option<(NaiveTime, bool)> {
        let read = match self.look(0)? {
            Token::Time(time, said) => (*time, *said),
            Token::Number(hour) => (NaiveTime::from_hms_opt(*hour, 0, 0)?, false),
            _ => return None,
        };
        self.at += 1;
        Some(read)
    }
}

/// "From 3 to 5 pm" means the afternoon for both, "9 to 5" a working day.
fn sensible(from: (NaiveTime, bool), until: (NaiveTime, bool)) -> (NaiveTime, NaiveTime) {
    let later = |time: NaiveTime| time + chrono::Duration::hours(12);
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    let waking = NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default();
    match (from, until) {
        // "Between 3 and 5": nobody is called at night.
        ((from, false), (until, false)) if from < waking && from < until && until <= waking => {
            (later(from), later(until))
        }
        ((from, false), (until, true)) if from < noon && later(from) < until => {
            (later(from), until)
        }
        ((from, _), (until, false)) if until <= from && until < noon => (from, later(until)),
        ((from, _), (until, _)) => (from, until),
    }
}

fn end_of_month(day: Date) -> Option<Date> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// The times outside these, on every day.
pub fn outside(times: Times) -> Vec<Times> {
    let named: Vec<Weekday> = times.days.into();
    let week = Vec::from(Weekdays::ALL);
    let others: Weekdays = week.into_iter().filter(|day| !named.contains(day)).collect();
    let mut out = Vec::new();
    if !Vec::from(others).is_empty() {
        out.push(Times { days: others, from: None, until: None, ..times });
    }
    if let Some(from) = times.from {
        out.push(Times { from: None, until: Some(from), ..times });
    }
    if let Some(until) = times.until {
        out.push(Times { from: Some(until), until: None, ..times });
    }
    out
}
