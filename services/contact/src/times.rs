//! Times of day on some days: as requests tell them, as they are kept, and as clients write them in their
//! files.

use std::str::FromStr as _;

use chrono::{NaiveTime, Weekday};
use duly_compliance::{Times, Weekdays, facts::designation::WEEK};
use duly_proto::{
    contact::v1 as wire,
    convert::{date_opt, date_to_wire},
};

use crate::error::{ContactError, Result};

/// The times of a request's field.
pub(crate) fn of_wire(field: &str, times: &wire::Times) -> Result<Times> {
    let within = |part: &str| format!("{field}.{part}");
    let days: Vec<Weekday> = times
        .weekdays
        .iter()
        .map(|day| {
            let day = usize::try_from(*day).ok().and_then(|day| day.checked_sub(1));
            day.and_then(|day| WEEK.get(day)).copied().ok_or_else(|| {
                let reason = "holds a day that is none of 1 (Monday) to 7 (Sunday)";
                ContactError::field(&within("weekdays"), reason)
            })
        })
        .collect::<Result<_>>()?;
    let time = |part: &str, text: &str| match text {
        "" => Ok(None),
        text => NaiveTime::parse_from_str(text, "%H:%M")
            .map(Some)
            .map_err(|_| ContactError::field(&within(part), "is no time of day such as 17:00")),
    };
    let (from, until) = (time("from", &times.from)?, time("until", &times.until)?);
    if from.is_some() && from == until {
        let reason = "is the time at which it begins; leave both empty for the whole day";
        return Err(ContactError::field(&within("until"), reason));
    }
    let first_day = date_opt(&within("first_day"), times.first_day.as_ref())?;
    let last_day = date_opt(&within("last_day"), times.last_day.as_ref())?;
    if first_day.zip(last_day).is_some_and(|(first, last)| last < first) {
        return Err(ContactError::field(&within("last_day"), "is before first_day"));
    }
    let days = if days.is_empty() { Weekdays::ALL } else { days.into_iter().collect() };
    Ok(Times { days, from, until, first_day, last_day })
}

/// On the wire.
pub(crate) fn to_wire(times: &Times) -> wire::Times {
    let time = |time: Option<NaiveTime>| {
        time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default()
    };
    let weekdays = Vec::<Weekday>::from(times.days);
    wire::Times {
        weekdays: match weekdays.len() {
            7 => Vec::new(),
            _ => (1..)
                .zip(WEEK)
                .filter(|(_, day)| weekdays.contains(day))
                .map(|(no, _)| no)
                .collect(),
        },
        from: time(times.from),
        until: time(times.until),
        first_day: times.first_day.map(date_to_wire),
        last_day: times.last_day.map(date_to_wire),
    }
}

/// The inconvenient times of a client's note, where it says nothing else: `weekdays 9:00-17:00`,
/// `before 10am`, `Mon, Wed after 8 pm; Sunday`. `None` where any word of it is not understood, or an
/// hour could be of the morning or of the evening: then a person reads it, and contact is held.
pub(crate) fn read_note(text: &str) -> Option<Vec<Times>> {
    let text = text.trim().to_lowercase().replace(['\u{2013}', '\u{2014}'], "-");
    if text.is_empty() {
        return None;
    }
    text.split(';').map(part).collect()
}

fn part(text: &str) -> Option<Times> {
    let spaced = text.replace(',', " ").replace('-', " - ");
    let mut words: Vec<&str> = spaced.split_whitespace().collect();
    let mut days = Vec::new();
    while let Some(word) = words.first() {
        if *word == "and" && words.get(1).is_some_and(|word| days_of(word).is_some()) {
            words.remove(0);
            continue;
        }
        let Some(first) = days_of(word) else { break };
        words.remove(0);
        let range = words.first() == Some(&"-");
        match words.get(1).and_then(|word| day(word)).filter(|_| range) {
            Some(last) => {
                let [first] = *first.as_slice() else { return None };
                days.extend(days_between(first, last));
                words.drain(..2);
            }
            None => days.extend(first),
        }
    }
    let whole = words.is_empty() && !days.is_empty();
    let (from, until) = if whole { (None, None) } else { hours(&words)? };
    let days = if days.is_empty() { Weekdays::ALL } else { days.into_iter().collect() };
    Some(Times { days, from, until, first_day: None, last_day: None })
}

fn days_of(word: &str) -> Option<Vec<Weekday>> {
    match word {
        "daily" => Some(WEEK.to_vec()),
        "weekdays" => Some(WEEK[..5].to_vec()),
        "weekends" => Some(WEEK[5..].to_vec()),
        word => day(word).map(|day| vec![day]),
    }
}

fn day(word: &str) -> Option<Weekday> {
    let singular = word.strip_suffix('s').filter(|word| word.ends_with("day")).unwrap_or(word);
    // chrono reads English short and long names.
    Weekday::from_str(singular).ok()
}

fn days_between(first: Weekday, last: Weekday) -> Vec<Weekday> {
    let mut days = vec![first];
    while days.last() != Some(&last) {
        days.extend(days.last().map(Weekday::succ));
    }
    days
}

type Hours = (Option<NaiveTime>, Option<NaiveTime>);

fn hours(words: &[&str]) -> Option<Hours> {
    let (first, rest) = words.split_first()?;
    match *first {
        "before" | "until" => whole(rest).map(|until| (None, Some(until))),
        "after" | "from" if !rest.contains(&"-") && !rest.contains(&"until") => {
            whole(rest).map(|from| (Some(from), None))
        }
        "from" => between(rest, &["-", "until", "to"]),
        "between" => between(rest, &["-", "to", "and"]),
        "not" if rest.first() == Some(&"before") => {
            whole(&rest[1..]).map(|until| (None, Some(until)))
        }
        "not" if rest.first() == Some(&"after") => whole(&rest[1..]).map(|from| (Some(from), None)),
        _ => between(words, &["-", "to", "until"]),
    }
}

fn between(words: &[&str], by: &[&str]) -> Option<Hours> {
    let at = words.iter().position(|word| by.contains(word))?;
    let (from, until) = (whole(&words[..at])?, whole(&words[at + 1..])?);
    (from != until).then_some((Some(from), Some(until)))
}

/// All of these words as one time of day.
fn whole(words: &[&str]) -> Option<NaiveTime> {
    let text = words.concat().replace('.', "");
    if text == "noon" {
        return NaiveTime::from_hms_opt(12, 0, 0);
    }
    let half = |text: &str, afternoon: bool| {
        let (hour, minute) = text.split_once(':').unwrap_or((text, "0"));
        let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
        let hour =
            (1..=12).contains(&hour).then_some(hour % 12 + if afternoon { 12 } else { 0 })?;
        NaiveTime::from_hms_opt(hour, minute, 0)
    };
    if let Some(text) = text.strip_suffix("am") {
        return half(text, false);
    }
    if let Some(text) = text.strip_suffix("pm") {
        return half(text, true);
    }
    // Of twenty-four hours: with its minutes, or it could be of the morning or the evening.
    NaiveTime::parse_from_str(&text, "%H:%M").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `1,2 09:00-17:00`.
    fn read(text: &str) -> Option<Vec<String>> {
        let words = |times: Times| {
            let wire = to_wire(&times);
            let days: Vec<String> = wire.weekdays.iter().map(ToString::to_string).collect();
            format!("{} {}-{}", days.join(","), wire.from, wire.until)
        };
        read_note(text).map(|all| all.into_iter().map(words).collect())
    }

    #[test]
    fn a_note_that_says_days_and_times_is_read() {
        for (text, told) in [
            ("weekdays 9:00-17:00", &["1,2,3,4,5 09:00-17:00"][..]),
            ("Mon\u{2013}Fri 9am to 5 p.m.", &["1,2,3,4,5 09:00-17:00"]),
            ("before 10am", &[" -10:00"]),
            ("not before 10:30", &[" -10:30"]),
            ("after 8 pm; Sundays", &[" 20:00-", "7 -"]),
            ("Tue, Thursday and Sat after noon", &["2,4,6 12:00-"]),
            ("fri-mon between 22:00 and 6:00", &["1,5,6,7 22:00-06:00"]),
            ("from 13:00 until 14:00", &[" 13:00-14:00"]),
            ("weekends", &["6,7 -"]),
        ] {
            let told: Vec<String> = told.iter().map(ToString::to_string).collect();
            assert_eq!(read(text), Some(told), "{text}");
        }
    }

    #[test]
    fn a_note_with_any_word_that_is_not_understood_is_not_read() {
        for text in [
            "",
            "works nights",
            "only after 17:00",
            "call after 17:00",
            "9-5",
            "after 5",
            "before 25:00",
            "13pm-14pm",
            "before 10am or so",
            "weekdays 9:00-9:00",
            "; ",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_a_request_come_back_as_they_were() {
        let times =
            wire::Times { weekdays: vec![4], from: "17:00".to_owned(), ..wire::Times::default() };
        assert_eq!(to_wire(&of_wire("please", &times).unwrap()), times);
        let wrong = |times: wire::Times| of_wire("please", &times).unwrap_err().to_string();
        let of = |times: &wire::Times| wire::Times { ..times.clone() };
        assert!(wrong(wire::Times { weekdays: vec![8], ..of(&times) }).contains("please.weekdays"));
        assert!(wrong(wire::Times { from: "5pm".into(), ..of(&times) }).contains("please.from"));
        assert!(
            wrong(wire::Times { until: "17:00".into(), ..of(&times) }).contains("please.until")
        );
    }
}
