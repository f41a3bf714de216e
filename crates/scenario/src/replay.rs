//! Decisions that were exported, taken again under the rules that judged then.

use std::io::{self, BufRead, Write};

use duly_compliance::{Snapshot, replay as again};
use serde::{Deserialize, Serialize};

/// One exported decision: what it was taken from. What it was then stands behind it, and is compared byte
/// for byte.
#[derive(Deserialize)]
struct Exported {
    snapshot: Snapshot,
}

/// The key behind which the decision of then stands, last in its line.
const THEN: &str = "\"explanation\":";

/// One line of the answer.
#[derive(Serialize)]
struct Line {
    line: usize,
    /// Whether it is the same, byte for byte; `None`: nothing to compare with.
    same: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<duly_compliance::Explanation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// How many decisions were replayed, and what came of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// The same as then.
    pub same: u64,
    /// Not the same.
    pub different: u64,
    /// Without an answer to compare with.
    pub alone: u64,
    /// That could not be read or replayed.
    pub errors: u64,
}

impl Replayed {
    /// 0 where all are the same, 1 where one differs, 2 where one could not be read.
    pub fn exit_code(&self) -> u8 {
        match (self.errors, self.different) {
            (0, 0) => 0,
            (0, _) => 1,
            _ => 2,
        }
    }
}

/// Replays decisions, one JSON object per line: a snapshot, or `{"snapshot": .., "explanation": ..}`. A
/// decision that is not the same, or stands alone, is written out.
///
/// # Errors
/// The reader or the writer failed. What is wrong with a line is a line.
pub fn replay(mut reader: impl BufRead, out: &mut dyn Write) -> io::Result<Replayed> {
    let mut done = Replayed::default();
    let mut text = String::new();
    let mut number = 0;
    loop {
        text.clear();
        if reader.read_line(&mut text)? == 0 {
            return Ok(done);
        }
        number += 1;
        if text.trim().is_empty() {
            continue;
        }
        let line = match one(text.trim()) {
            Ok((explanation, None)) => {
                done.alone += 1;
                Line { line: number, same: None, explanation: Some(explanation), error: None }
            }
            Ok((explanation, Some(then))) => {
                let now = serde_json::to_string(&explanation)?;
                let same = now == then;
                let counter = if same { &mut done.same } else { &mut done.different };
                *counter += 1;
                let explanation = (!same).then_some(explanation);
                Line { line: number, same: Some(same), explanation, error: None }
            }
            Err(error) => {
                done.errors += 1;
                Line { line: number, same: None, explanation: None, error: Some(error) }
            }
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
}

fn one(text: &str) -> Result<(duly_compliance::Explanation, Option<String>), String> {
    let said = |error: serde_json::Error| error.to_string();
    let (snapshot, then) = match text.rfind(THEN) {
        Some(at) => {
            let exported: Exported = serde_json::from_str(text).map_err(said)?;
            let then = text[at + THEN.len()..].trim_end();
            let then = then.strip_suffix('}').unwrap_or(then).trim();
            (exported.snapshot, Some(then.to_owned()))
        }
        None if text.contains("\"snapshot\"") => {
            (serde_json::from_str::<Exported>(text).map_err(said)?.snapshot, None)
        }
        None => (serde_json::from_str(text).map_err(said)?, None),
    };
    let now = again(&snapshot).map_err(|error| error.to_string())?;
    Ok((now, then))
}
