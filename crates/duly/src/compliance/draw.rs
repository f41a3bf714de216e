//! A calendar as a terminal of 100 columns shows it: a line per day, half an hour per column.

use std::fmt::Write as _;

use anyhow::Result;
use duly_domain::Date;
use duly_proto::{
    common::v1::Reason,
    contact::v1::{CalendarDay, CalendarResponse, ChannelDay, Obligation, Stretch},
    convert,
};

use super::{
    due::what,
    wrap::{COLUMNS, wrap},
};
use crate::explain::words;

/// Columns of a day, and the minutes that each stands for.
const CELLS: usize = 48;
const CELL_MINUTES: usize = 30;

/// A half hour in which an attempt is.
const PERMITTED: char = '█';

/// What stands above the columns.
const RULER: &str = "0     3     6     9     12    15    18    21    24";

/// What stands before the columns: `Mon 01-05`.
const MARGIN: usize = 11;

/// All of it.
///
/// # Errors
/// An answer that is no answer.
pub fn calendar(head: &str, calendar: &CalendarResponse) -> Result<String> {
    let days = calendar.days.iter().map(|day| Ok((date(day)?, day))).collect::<Result<Vec<_>>>()?;
    let mut said = format!("{head}: {} days, {}", days.len(), calendar.zone);
    if calendar.zones.len() > 1 {
        let _ = write!(said, "\n{}", wrap(&format!("may be in {}", calendar.zones.join(", ")), 2));
    }
    said.push('\n');
    let mut why = Why::default();
    let channels = days.first().map_or(0, |(_, day)| day.channels.len());
    for at in 0..channels {
        let of_days: Vec<(Date, &ChannelDay)> =
            days.iter().filter_map(|(on, day)| Some((*on, day.channels.get(at)?))).collect();
        let Some((_, first)) = of_days.first() else { continue };
        let name = words::channel(first.channel());
        let stretches: Vec<&Stretch> = of_days.iter().flat_map(|(_, day)| &day.stretches).collect();
        if stretches.iter().all(|stretch| stretch.permitted) {
            let _ = writeln!(said, "\n{name}: at any time in these days");
            continue;
        }
        let throughout = common(&stretches);
        if !throughout.is_empty() {
            let letter = why.letter(&throughout);
            let _ = writeln!(said, "\n{name}: at no time in these days ({letter})");
            continue;
        }
        let _ = writeln!(said, "\n{name:MARGIN$}{RULER}");
        for (on, day) in of_days {
            let line = format!("{}  {}  {}", on.format("%a %m-%d"), bar(day, &mut why), hours(day));
            let _ = writeln!(said, "{}", line.trim_end());
        }
    }
    said += &why.legend();
    let owed: Vec<String> = calendar.owed.iter().map(what).collect();
    section(&mut said, "Owed from before, or without a day", &owed, 2);
    section(&mut said, "Falls due", &dated(&days, |day| &day.due), 14);
    section(&mut said, "Timers that end", &dated(&days, |day| &day.ends), 14);
    Ok(said.trim_end().to_owned())
}

fn date(day: &CalendarDay) -> Result<Date> {
    let on = convert::date_opt("on", day.on.as_ref())?;
    on.ok_or_else(|| anyhow::anyhow!("an answer with a day without its date"))
}

fn dated(
    days: &[(Date, &CalendarDay)],
    of_day: impl Fn(&CalendarDay) -> &Vec<Obligation>,
) -> Vec<String> {
    let lines = days
        .iter()
        .flat_map(|(on, day)| of_day(day).iter().map(move |owed| format!("{on}: {}", what(owed))));
    lines.collect()
}

/// A title and its lines; nothing where there is no line. What goes on is indented by so much.
fn section(said: &mut String, title: &str, lines: &[String], indent: usize) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(said, "\n{title}");
    for line in lines {
        // The first line begins two columns in, whatever goes on deeper.
        let wrapped = wrap(line, indent);
        let _ = writeln!(said, "  {}", wrapped.trim_start());
    }
}

/// The reasons that stand all the time.
fn common(stretches: &[&Stretch]) -> Vec<Reason> {
    let Some((first, others)) = stretches.split_first() else { return Vec::new() };
    let stands = |reason: &&Reason| {
        others.iter().all(|other| other.reasons.iter().any(|one| name(one) == name(reason)))
    };
    first.reasons.iter().filter(stands).cloned().collect()
}

/// What makes two reasons the same.
fn name(reason: &Reason) -> (&str, &str) {
    (&reason.rule, &reason.authority)
}

/// The half hours of a day. What is past is blank; where part of one is blocked, the block shows. What lasts
/// seconds is told by the hours beside them.
fn bar(day: &ChannelDay, why: &mut Why) -> String {
    let mut cells = [' '; CELLS];
    let mut fill = |stretch: &Stretch, with: char| {
        let (from, until) = clock(stretch);
        let last = until.div_ceil(CELL_MINUTES).min(CELLS);
        cells.iter_mut().take(last).skip(from / CELL_MINUTES).for_each(|cell| *cell = with);
    };
    day.stretches.iter().filter(|s| s.permitted).for_each(|stretch| fill(stretch, PERMITTED));
    for stretch in day.stretches.iter().filter(|s| !s.permitted && clock(s).0 < clock(s).1) {
        fill(stretch, why.letter(&stretch.reasons));
    }
    cells.iter().collect()
}

/// The minutes since midnight from and until which a stretch lasts. In the hour that comes twice one may
/// end before it begins, by the clock.
fn clock(stretch: &Stretch) -> (usize, usize) {
    let (from, until) = (minutes(&stretch.local_from), minutes(&stretch.local_until));
    (from.min(until), from.max(until))
}

/// Minutes since midnight of `08:30`, `24:00` or `08:00:01`.
fn minutes(clock: &str) -> usize {
    let mut parts = clock.split(':').map(|part| part.parse::<usize>().unwrap_or(0));
    let (hours, minutes) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    hours * 60 + minutes
}

/// The permitted times in words, as many as the line has room for.
fn hours(day: &ChannelDay) -> String {
    let all: Vec<String> = day
        .stretches
        .iter()
        .filter(|stretch| stretch.permitted)
        .map(|stretch| format!("{}-{}", stretch.local_from, stretch.local_until))
        .collect();
    let room = COLUMNS - MARGIN - CELLS - 2;
    let whole = all.join(" ");
    if whole.len() <= room {
        return whole;
    }
    let mut said = String::new();
    for (at, one) in all.iter().enumerate() {
        let more = format!("and {} more", all.len() - at);
        if said.len() + one.len() + 1 + more.len() > room {
            return said + &more;
        }
        said += one;
        said.push(' ');
    }
    said
}

/// Which reasons stand together, a letter for each such set.
#[derive(Default)]
struct Why {
    /// The rules and authorities of each set.
    sets: Vec<Vec<(String, String)>>,
    /// Each reason once, with the sets that it is in.
    reasons: Vec<(Reason, Vec<usize>)>,
}

impl Why {
    fn letter(&mut self, reasons: &[Reason]) -> char {
        let owned = |reason: &Reason| (reason.rule.clone(), reason.authority.clone());
        let mut set: Vec<_> = reasons.iter().map(owned).collect();
        set.sort();
        set.dedup();
        let at = match self.sets.iter().position(|known| *known == set) {
            Some(at) => at,
            None => {
                self.sets.push(set);
                self.sets.len() - 1
            }
        };
        for reason in reasons {
            match self.reasons.iter_mut().find(|(known, _)| name(known) == name(reason)) {
                Some((_, sets)) if sets.contains(&at) => {}
                Some((_, sets)) => sets.push(at),
                None => self.reasons.push((reason.clone(), vec![at])),
            }
        }
        letter(at)
    }

    /// Each reason after the letters that it stands behind.
    fn legend(&self) -> String {
        if self.reasons.is_empty() {
            return String::new();
        }
        let mut said = format!("\n{PERMITTED} permitted; not permitted, because\n");
        let width = self.reasons.iter().map(|(_, sets)| sets.len()).max().unwrap_or(0);
        for (reason, sets) in &self.reasons {
            let letters: String = sets.iter().map(|at| letter(*at)).collect();
            let wrapped = wrap(&words::reason(reason), width + 4);
            let _ = writeln!(said, "  {letters:width$}  {}", wrapped.trim_start());
        }
        said
    }
}

/// `a` to `z`, then `A` to `Z`; what comes after shares a sign.
fn letter(at: usize) -> char {
    ('a'..='z').chain('A'..='Z').nth(at).unwrap_or('?')
}

#[cfg(test)]
mod tests;
