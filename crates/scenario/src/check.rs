//! A file of scenarios, answered question by question as it is read.

use std::io::{self, BufRead, Write};

use crate::answer::{ANSWERS, Answer, Family, Outcome, Question, answer};
use crate::question;
use crate::scene::Scene;
use crate::split::{Piece, Pieces};
use crate::vectors;
use crate::when::When;
use crate::words::{Bad, Obj, listed, plain};
use serde::Serialize;
use serde_json::{Map, Value};

/// The schema of a scenario file, and the schema of the regulator's examples, which it contains.
pub const SCHEMAS: &str = "duly-scenario/1 regf-examples/1";

/// How a file is checked.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What the file is called in the answers.
    pub file: String,
}

/// How many questions were asked, and what came of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Cases with a question.
    pub cases: u64,
    /// Questions.
    pub questions: u64,
    /// As expected.
    pub passed: u64,
    /// Not as expected.
    pub failed: u64,
    /// Answered, with nothing expected.
    pub open: u64,
    /// Without a formal question in them.
    pub not_expressible: u64,
    /// With a word or a form that is wrong.
    pub errors: u64,
}

impl Summary {
    /// 0 where all expectations hold, 1 where one fails, 2 where something could not be read.
    pub fn exit_code(&self) -> u8 {
        match (self.errors, self.failed) {
            (0, 0) => 0,
            (0, _) => 1,
            _ => 2,
        }
    }

    /// What came after an earlier count.
    #[must_use]
    pub fn without(self, before: Self) -> Self {
        Self {
            cases: self.cases - before.cases,
            questions: self.questions - before.questions,
            passed: self.passed - before.passed,
            failed: self.failed - before.failed,
            open: self.open - before.open,
            not_expressible: self.not_expressible - before.not_expressible,
            errors: self.errors - before.errors,
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            cases: self.cases + other.cases,
            questions: self.questions + other.questions,
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            open: self.open + other.open,
            not_expressible: self.not_expressible + other.not_expressible,
            errors: self.errors + other.errors,
        }
    }
}

/// One line of the answer.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    pub(crate) file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) case: Option<&'a str>,
    /// Counts the questions of the case.
    pub(crate) n: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) question: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) citation: Option<&'a str>,
    #[serde(flatten)]
    pub(crate) answer: Option<Answer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected_value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected_rebuttal: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) derived: bool,
    pub(crate) pass: Option<bool>,
    /// `answered`, `not_expressible` or `error`.
    pub(crate) result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// Events as they stand, and where.
pub(crate) type Timeline = Vec<(String, Map<String, Value>)>;

/// The case whose questions are read: its facts, or why they could not be read.
pub(crate) struct Case {
    pub(crate) name: Option<String>,
    pub(crate) citation: Option<String>,
    pub(crate) facts: Map<String, Value>,
    pub(crate) timeline: Timeline,
    pub(crate) scene: Result<Scene, Bad>,
    pub(crate) asked: u64,
}

/// Answers files of scenarios one after the other. In a batch the last case of one file stands for the
/// questions of the next.
#[derive(Default)]
pub struct Checker {
    case: Option<Case>,
    summary: Summary,
}

/// Answers every question of a file: one JSON line each.
///
/// # Errors
/// The reader or the writer failed. What is wrong with a scenario is a line.
pub fn check(reader: impl BufRead, options: &Options, out: &mut dyn Write) -> io::Result<Summary> {
    let mut checker = Checker::default();
    checker.file(reader, options, out)?;
    Ok(checker.summary())
}

impl Checker {
    /// What came of the questions so far.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Answers the questions of one more file.
    ///
    /// # Errors
    /// The reader or the writer failed.
    pub fn file(
        &mut self,
        reader: impl BufRead,
        options: &Options,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for piece in Pieces::new(reader) {
            let (line, piece) = piece?;
            let (text, json, kind) = match piece {
                Piece::Top(text) => (text, false, Kind::Top),
                Piece::Case(text) => (text, false, Kind::Case),
                Piece::Check(text) => (text, false, Kind::Check),
                Piece::Line(text) => (text, true, Kind::Case),
            };
            match parse(&text, json) {
                Ok(map) => self.piece(&map, kind, options, out)?,
                Err(error) => self.trouble(options, out, line, error)?,
            }
        }
        Ok(())
    }

    fn piece(
        &mut self,
        map: &Map<String, Value>,
        kind: Kind,
        options: &Options,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match kind {
            Kind::Check => self.question(map, options, out),
            Kind::Top => match self.top(map, options, out)? {
                Ok(()) => Ok(()),
                Err(bad) => self.trouble(options, out, 1, bad.to_string()),
            },
            Kind::Case => {
                let has = |keys: &str| keys.split_whitespace().any(|key| map.contains_key(key));
                let asks = has("action value expected ask at duty");
                if has("facts checks questions") || (has("timeline id") && !asks) {
                    self.begin(map);
                    self.listed(map, options, out)
                } else {
                    self.question(map, options, out)
                }
            }
        }
    }

    /// Keys at the top: the schema, vectors, and a case of its own.
    fn top(
        &mut self,
        map: &Map<String, Value>,
        options: &Options,
        out: &mut dyn Write,
    ) -> io::Result<Result<(), Bad>> {
        const KEYS: &str = "schema cases checks questions facts timeline id citation rule topic title wording \
    derived_vectors note quote dates source about";
        let obj = Obj::new("", map);
        if let Err(bad) = obj.only(&[KEYS]) {
            return Ok(Err(bad));
        }
        match obj.text("schema") {
            Ok(Some(schema)) if !listed(SCHEMAS, &schema) => {
                return Ok(Err(Bad::unknown("schema", schema, SCHEMAS.split_whitespace())));
            }
            Err(bad) => return Ok(Err(bad)),
            Ok(_) => {}
        }
        if let Some(Value::Array(cases)) = map.get("cases") {
            for case in cases {
                match case {
                    Value::Object(case) => self.piece(case, Kind::Case, options, out)?,
                    other => return Ok(Err(Bad::form("cases", other, "a mapping"))),
                }
            }
        }
        if map.contains_key("facts") || map.contains_key("timeline") {
            self.begin(map);
        }
        if let Some(vectors) = map.get("derived_vectors") {
            self.vectors(vectors, options, out)?;
        }
        self.listed(map, options, out)?;
        Ok(Ok(()))
    }

    /// Questions that stand inside a case in one piece with it.
    fn listed(
        &mut self,
        map: &Map<String, Value>,
        options: &Options,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for key in ["checks", "questions"] {
            for question in map.get(key).and_then(Value::as_array).into_iter().flatten() {
                match question {
                    Value::Object(question) => self.question(question, options, out)?,
                    other => {
                        let bad = Bad::form(key, other, "a mapping");
                        self.trouble(options, out, 0, bad.to_string())?;
                    }
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, map: &Map<String, Value>) {
        const KEYS: &str = "id citation rule topic dates facts timeline quote checks questions title note schema wording \
    derived_vectors about source cases";
        let obj = Obj::new("", map);
        let text = |key: &str| obj.text(key).ok().flatten();
        let mut case = Case {
            name: text("id"),
            citation: text("citation"),
            facts: Map::new(),
            timeline: Vec::new(),
            scene: Err(Bad::Missing { key: "facts".to_owned(), wanted: "a case" }),
            asked: 0,
        };
        let read = || -> Result<(Map<String, Value>, Timeline), Bad> {
            obj.only(&[KEYS])?;
            let facts = obj.map("facts")?.cloned().unwrap_or_default();
            let timeline = obj.maps("timeline")?;
            Ok((facts, timeline.into_iter().map(|(path, map)| (path, map.clone())).collect()))
        };
        case.scene = read().and_then(|(facts, timeline)| {
            (case.facts, case.timeline) = (facts, timeline);
            Scene::new(&case.facts, &case.timeline)
        });
        self.case = Some(case);
    }

    fn question(
        &mut self,
        map: &Map<String, Value>,
        options: &Options,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.case.is_none() {
            self.begin(&Map::new());
        }
        let Some(case) = self.case.as_mut() else { return Ok(()) };
        case.asked += 1;
        self.summary.cases += u64::from(case.asked == 1);
        self.summary.questions += 1;
        let merged = question::with_ask(map);
        let path = format!("checks[{}]", case.asked - 1);
        let obj = Obj::new(&path, &merged);
        let outcome = put(case, obj);
        let text = |key: &str| obj.text(key).ok().flatten();
        let mut line = Line {
            file: &options.file,
            case: case.name.as_deref(),
            n: case.asked,
            question: text("question"),
            citation: case.citation.as_deref(),
            answer: None,
            expected: text("expected"),
            expected_value: merged.get("value").cloned(),
            expected_rebuttal: text("rebuttal"),
            derived: merged.get("derived") == Some(&Value::Bool(true)),
            pass: None,
            result: "answered",
            error: None,
        };
        match outcome {
            Ok(Outcome::Answered(answer)) => {
                line.pass = question::passes(&line, &answer);
                line.answer = Some(*answer);
                match line.pass {
                    Some(true) => self.summary.passed += 1,
                    Some(false) => self.summary.failed += 1,
                    None => self.summary.open += 1,
                }
            }
            Ok(Outcome::NotExpressible) => {
                self.summary.not_expressible += 1;
                line.result = "not_expressible";
            }
            Err(bad) => {
                self.summary.errors += 1;
                line.result = "error";
                line.error = Some(bad.to_string());
            }
        }
        write(out, &line)
    }

    /// Dates of validation periods, as a table.
    fn vectors(&mut self, table: &Value, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        for (id, map, question) in vectors::cases(table) {
            let mut head = Map::new();
            head.insert("id".to_owned(), Value::String(id));
            head.insert("timeline".to_owned(), Value::Array(vec![Value::Object(map)]));
            self.begin(&head);
            self.question(&question, options, out)?;
        }
        Ok(())
    }

    /// A piece that cannot be read.
    fn trouble(
        &mut self,
        options: &Options,
        out: &mut dyn Write,
        line: usize,
        error: String,
    ) -> io::Result<()> {
        self.summary.errors += 1;
        let place = if line > 0 { format!("line {line}: {error}") } else { error };
        let line = Line {
            file: &options.file,
            case: self.case.as_ref().and_then(|case| case.name.as_deref()),
            n: 0,
            question: None,
            citation: None,
            answer: None,
            expected: None,
            expected_value: None,
            expected_rebuttal: None,
            derived: false,
            pass: None,
            result: "error",
            error: Some(place),
        };
        write(out, &line)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Top,
    Case,
    Check,
}

fn write(out: &mut dyn Write, line: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

fn parse(text: &str, json: bool) -> Result<Map<String, Value>, String> {
    if json {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    let mut options = serde_saphyr::Options::default();
    options.budget = None;
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let said = error.to_string();
        said.lines().next().unwrap_or_default().to_owned()
    })
}

fn put(case: &Case, obj: Obj<'_>) -> Result<Outcome, Bad> {
    let scene = case.scene.as_ref().map_err(Clone::clone)?;
    obj.only(&[question::KEYS])?;
    let expected = match obj.text("expected")? {
        None => None,
        Some(word) => {
            let word = plain(&word).replace('_', "-");
            let known = ANSWERS.iter().find(|(known, _)| *known == word);
            let Some((_, family)) = known else {
                let words = ANSWERS.iter().map(|(word, _)| *word);
                return Err(Bad::unknown(obj.at("expected"), word, words));
            };
            Some(*family)
        }
    };
    let overridden = question::overridden(case, obj)?;
    let scene = overridden.as_ref().unwrap_or(scene);
    let when = When::of(obj, "at", scene.tz)?;
    if let (Some(when), Some(dow)) = (when, obj.text("dow")?)
        && dow.parse() != Ok(chrono::Datelike::weekday(&when.day))
    {
        let found = Value::String(format!("{dow} for {}", when.day));
        return Err(Bad::form(obj.at("dow"), &found, "that day's day of the week"));
    }
    let family = expected.or(obj.has("value").then_some(Family::Value));
    crate::ask::answer(scene, &Question { obj, when, family })?
        .map_or_else(|| answer(scene, &Question { obj, when, family }), Ok)
}
