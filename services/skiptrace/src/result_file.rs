//! The file in which a provider answers.
//!
//! UTF-8, comma separated, quoted where needed (RFC 4180), with a header. Columns in any order; only
//! `reference` and `result` must be there:
//!
//! | column | holds |
//! |---|---|
//! | `reference` | what our request called the search |
//! | `result` | `nothing`; of a scrub `bankruptcy`, `deceased`, `military`; of a trace `phone`, `email`, `address`; `failed` where the provider cannot answer |
//! | `since` | filing date, date of death, begin of service: `2026-01-31` |
//! | `detail` | case number and court, or what else identifies a hit |
//! | `chapter` | of a bankruptcy: 7, 11, 12 or 13 |
//! | `phone`, `email` | the point found |
//! | `address`, `city`, `region`, `postal_code`, `country` | the address found; lines joined by `;` |
//! | `confidence` | of a point, 0 to 100 as the provider states it; 0 where empty |
//!
//! All lines of one reference are one answer and stand in one file. A line that cannot be read is told
//! with field and reason, never with its value, and holds back its whole reference: half an answer
//! would be taken for all of it.

use std::{
    collections::{BTreeMap, HashMap},
    str::FromStr as _,
};

use csv::{ReaderBuilder, StringRecord, Trim};
use duly_domain::{
    Address, AddressParts, Date, DateFormat, Email, HitKind, Phone, SearchKind, parse_date,
};

/// Largest file taken, in bytes.
pub(crate) const BYTES_MAX: usize = 4 * 1024 * 1024;

/// Longest field taken, in bytes: an unclosed quote makes one field of all that follows.
const FIELD_BYTES_MAX: usize = 4 * 1024;

const REQUIRED: [&str; 2] = ["reference", "result"];
const COLUMNS: [&str; 13] = [
    "reference",
    "result",
    "since",
    "detail",
    "chapter",
    "phone",
    "email",
    "address",
    "city",
    "region",
    "postal_code",
    "country",
    "confidence",
];

/// A line that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadLine {
    pub line: u64,
    pub field: String,
    /// In words; never the value.
    pub reason: String,
}

/// A hit of a scrub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub kind: HitKind,
    pub since: Option<Date>,
    pub detail: Option<String>,
    pub chapter: Option<i32>,
}

/// Where a party can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Point {
    Phone(Phone),
    Email(Email),
    Address(Address),
}

/// One thing that a provider found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    Hit(Hit),
    Point { point: Point, confidence: i32 },
}

impl Found {
    /// The kind of search that can find it.
    pub(crate) fn of(&self) -> SearchKind {
        match self {
            Self::Hit(_) => SearchKind::Scrub,
            Self::Point { .. } => SearchKind::Trace,
        }
    }
}

/// What a provider says of one search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It cannot answer.
    Failed,
    /// What it found; empty: nothing.
    Found(Vec<Found>),
}

/// A file as it was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ResultFile {
    /// Lines after the header.
    pub lines: i64,
    /// The answers, by reference, with the lines that give them.
    pub answers: BTreeMap<String, (Answer, Vec<u64>)>,
    pub bad: Vec<BadLine>,
}

/// What one line says.
#[derive(Clone)]
enum Line {
    Nothing,
    Failed,
    Found(Found),
}

/// Reads a file.
///
/// # Errors
/// What is wrong with it as a whole, in words.
pub(crate) fn read(content: &[u8], today: Date) -> Result<ResultFile, String> {
    if content.is_empty() {
        return Err("is empty; it takes a header and a line per answer".to_owned());
    }
    if content.len() > BYTES_MAX {
        return Err(format!("is larger than {BYTES_MAX} bytes; send it in parts"));
    }
    let content = std::str::from_utf8(content).map_err(|error| {
        let line = content[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("is not UTF-8 in line {line}; write it so")
    })?;
    let content = content.strip_prefix('\u{feff}').unwrap_or(content);
    let mut reader =
        ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(content.as_bytes());
    let header = reader.headers().map_err(|_| "has no header".to_owned())?;
    let columns = columns(header)?;
    let mut file = ResultFile::default();
    let mut by_reference: BTreeMap<String, Vec<(u64, Option<Line>)>> = BTreeMap::new();
    for record in reader.records() {
        file.lines += 1;
        let Ok(record) = record else {
            return Err("is no CSV".to_owned());
        };
        let no = record.position().map_or(0, csv::Position::line);
        let row = Row { columns: &columns, record: &record };
        match row.read(today) {
            Ok((reference, line)) => {
                by_reference.entry(reference).or_default().push((no, Some(line)));
            }
            Err((reference, field, reason)) => {
                file.bad.push(BadLine { line: no, field: field.to_owned(), reason });
                if let Some(reference) = reference {
                    by_reference.entry(reference).or_default().push((no, None));
                }
            }
        }
    }
    for (reference, lines) in by_reference {
        match answer(&lines) {
            Ok(answer) => {
                let numbers = lines.iter().map(|(no, _)| *no).collect();
                file.answers.insert(reference, (answer, numbers));
            }
            Err(bad) => file.bad.extend(bad),
        }
    }
    file.bad.sort_by_key(|bad| bad.line);
    Ok(file)
}

fn columns(header: &StringRecord) -> Result<HashMap<&'static str, usize>, String> {
    let mut columns = HashMap::new();
    for (at, name) in header.iter().enumerate() {
        let known = COLUMNS.iter().find(|known| name.eq_ignore_ascii_case(known));
        let Some(known) = known else {
            return Err(format!(
                "has an unknown column at place {}; the columns are {}",
                at + 1,
                COLUMNS.join(", ")
            ));
        };
        if columns.insert(*known, at).is_some() {
            return Err(format!("has the column {known} twice"));
        }
    }
    match REQUIRED.iter().find(|required| !columns.contains_key(*required)) {
        Some(missing) => Err(format!("has no column {missing}; its header is missing or broken")),
        None => Ok(columns),
    }
}

/// The answer of all lines of one reference.
fn answer(lines: &[(u64, Option<Line>)]) -> Result<Answer, Vec<BadLine>> {
    let bad = |reason: &str, of: &dyn Fn(&Option<Line>) -> bool| -> Vec<BadLine> {
        let lines = lines.iter().filter(|(_, line)| of(line));
        lines
            .map(|(no, _)| BadLine {
                line: *no,
                field: "reference".to_owned(),
                reason: reason.to_owned(),
            })
            .collect()
    };
    if lines.iter().any(|(_, line)| line.is_none()) {
        let reason =
            "another line of this reference cannot be read; mend it and send all of them again";
        return Err(bad(reason, &Option::is_some));
    }
    let (mut found, mut nothing, mut failed) = (Vec::new(), false, false);
    for line in lines.iter().filter_map(|(_, line)| line.clone()) {
        match line {
            Line::Nothing => nothing = true,
            Line::Failed => failed = true,
            Line::Found(one) => found.push(one),
        }
    }
    match (found.is_empty(), nothing, failed) {
        (true, true, false) => Ok(Answer::Found(Vec::new())),
        (true, false, true) => Ok(Answer::Failed),
        (false, false, false) => {
            let mut once = Vec::new();
            found.into_iter().for_each(|one| {
                if !once.contains(&one) {
                    once.push(one);
                }
            });
            Ok(Answer::Found(once))
        }
        _ => Err(bad("the lines of this reference contradict one another", &|_| true)),
    }
}

type Bad = (Option<String>, &'static str, String);

struct Row<'a> {
    columns: &'a HashMap<&'static str, usize>,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn field(&self, name: &str) -> &str {
        self.columns.get(name).and_then(|at| self.record.get(*at)).unwrap_or_default()
    }

    fn read(&self, today: Date) -> Result<(String, Line), Bad> {
        let reference = self.field("reference");
        let whose = (!reference.is_empty() && reference.len() <= FIELD_BYTES_MAX)
            .then(|| reference.to_owned());
        let line = self.line(today).map_err(|(field, reason)| (whose.clone(), field, reason))?;
        match whose {
            Some(reference) => Ok((reference, line)),
            None => Err((None, "reference", "is missing".to_owned())),
        }
    }

    fn line(&self, today: Date) -> Result<Line, (&'static str, String)> {
        if self.record.len() != self.columns.len() {
            let (found, expected) = (self.record.len(), self.columns.len());
            return Err(("line", format!("has {found} fields, the header has {expected}")));
        }
        let long = COLUMNS.iter().find(|name| self.field(name).len() > FIELD_BYTES_MAX);
        if let Some(field) = long {
            let reason = format!("is longer than {FIELD_BYTES_MAX} bytes; a quote may be unclosed");
            return Err((field, reason));
        }
        if let Some(field) = COLUMNS.iter().find(|name| self.field(name).contains('\0')) {
            return Err((field, "contains a NUL character".to_owned()));
        }
        let result = self.field("result").to_ascii_lowercase();
        let takes: &[&str] = match result.as_str() {
            "nothing" => &[],
            "failed" => &["detail"],
            "bankruptcy" => &["since", "detail", "chapter"],
            "deceased" | "military" => &["since", "detail"],
            "phone" => &["phone", "confidence"],
            "email" => &["email", "confidence"],
            "address" => &["address", "city", "region", "postal_code", "country", "confidence"],
            "" => return Err(("result", "is missing".to_owned())),
            _ => {
                let reason = "is none of nothing, failed, bankruptcy, deceased, military, phone, email, \
                              address";
                return Err(("result", reason.to_owned()));
            }
        };
        let extra = COLUMNS[2..].iter().find(|c| !takes.contains(c) && !self.field(c).is_empty());
        if let Some(field) = extra {
            return Err((field, "does not belong to this result".to_owned()));
        }
        let found = match result.as_str() {
            "nothing" => return Ok(Line::Nothing),
            "failed" => return Ok(Line::Failed),
            "bankruptcy" => self.hit(HitKind::Bankruptcy, today)?,
            "deceased" => self.hit(HitKind::Deceased, today)?,
            "military" => self.hit(HitKind::Military, today)?,
            "phone" => self.point(Point::Phone(
                Phone::from_str(self.present("phone")?)
                    .map_err(|e| ("phone", format!("is {e}")))?,
            ))?,
            "email" => self.point(Point::Email(
                Email::from_str(self.present("email")?)
                    .map_err(|e| ("email", format!("is {e}")))?,
            ))?,
            _ => self.point(Point::Address(self.address()?))?,
        };
        Ok(Line::Found(found))
    }

    fn present(&self, field: &'static str) -> Result<&str, (&'static str, String)> {
        let value = self.field(field);
        if value.is_empty() { Err((field, "is missing".to_owned())) } else { Ok(value) }
    }

    fn hit(&self, kind: HitKind, today: Date) -> Result<Found, (&'static str, String)> {
        let since = match self.field("since") {
            "" => None,
            text => {
                let since = parse_date(text, &DateFormat::iso())
                    .map_err(|_| ("since", "is no date such as 2026-01-31".to_owned()))?;
                if since > today {
                    return Err(("since", "is in the future".to_owned()));
                }
                Some(since)
            }
        };
        let chapter = match self.field("chapter") {
            "" => None,
            "7" => Some(7),
            "11" => Some(11),
            "12" => Some(12),
            "13" => Some(13),
            _ => return Err(("chapter", "is none of 7, 11, 12, 13".to_owned())),
        };
        let detail = self.field("detail");
        let detail = (!detail.is_empty()).then(|| detail.to_owned());
        Ok(Found::Hit(Hit { kind, since, detail, chapter }))
    }

    fn point(&self, point: Point) -> Result<Found, (&'static str, String)> {
        let confidence = match self.field("confidence") {
            "" => 0,
            text => text
                .parse()
                .ok()
                .filter(|percent| (0..=100).contains(percent))
                .ok_or_else(|| ("confidence", "is no number from 0 to 100".to_owned()))?,
        };
        Ok(Found::Point { point, confidence })
    }

    fn address(&self) -> Result<Address, (&'static str, String)> {
        let lines = self.present("address")?.split(';').map(str::trim).filter(|l| !l.is_empty());
        let country = self.field("country");
        let parts = AddressParts {
            lines: lines.map(str::to_owned).collect(),
            city: self.field("city").to_owned(),
            region: self.field("region").to_owned(),
            postal_code: self.field("postal_code").to_owned(),
            country: if country.is_empty() { "US".to_owned() } else { country.to_owned() },
        };
        Address::try_from(parts).map_err(|error| ("address", error.to_string()))
    }
}

#[cfg(test)]
mod tests;
