//! A scenario file, read piece by piece: one case without its questions, then each of its questions. A
//! file of a hundred thousand questions never stands in memory as a whole.
//!
//! Splits by lines alone and leaves the YAML of each piece to the YAML library. Lists that are written in
//! one bracket are one piece. A file whose first character is `{` is JSON, one object per line.

use std::collections::VecDeque;
use std::io::{self, BufRead};

/// One piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Keys at the top of the file, as YAML; `facts` and `timeline` among them make a case of their own.
    Top(String),
    /// The head of one case, as YAML.
    Case(String),
    /// One question of the case before, as YAML or JSON.
    Check(String),
    /// One line of JSON: a case or a question, by its keys.
    Line(String),
}

/// A piece and the line on which it begins, counted from 1.
pub type Placed = (usize, Piece);

/// Reads pieces from lines.
pub struct Pieces<R> {
    lines: Lines<R>,
    ready: VecDeque<Placed>,
    json: Option<bool>,
    /// Text gathered of the piece at hand: where it begins, and whether it is a case.
    text: String,
    begins: usize,
    of: Of,
    /// The columns of the dashes of the lists of cases and of questions.
    cases: Option<usize>,
    checks: Option<usize>,
    done: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Top,
    Case,
    Check,
    /// Keys of a case that follow its questions.
    After,
}

impl<R: BufRead> Pieces<R> {
    /// Pieces of what this reads.
    pub fn new(reader: R) -> Self {
        Self {
            lines: Lines { reader, number: 0 },
            ready: VecDeque::new(),
            json: None,
            text: String::new(),
            begins: 1,
            of: Of::Top,
            cases: None,
            checks: None,
            done: false,
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let empty = text.lines().all(|line| {
            let line = line.trim();
            line.is_empty() || line.starts_with('#') || line == "---"
        });
        if empty {
            return;
        }
        let piece = match self.of {
            Of::Top => Piece::Top(text),
            Of::Case => Piece::Case(text),
            Of::Check => Piece::Check(text),
            Of::After => Piece::Top(text),
        };
        self.ready.push_back((self.begins, piece));
    }

    fn begin(&mut self, of: Of, number: usize) {
        self.flush();
        self.of = of;
        self.begins = number;
    }

    fn yaml(&mut self, number: usize, line: &str) {
        let body = line.trim_start_matches(' ');
        let column = line.len() - body.len();
        let content = !body.trim().is_empty() && !body.starts_with('#');
        let dash = body.starts_with("- ") || body.trim_end() == "-";
        if content {
            // A list ends where something stands left of its dashes, or beside them without a dash.
            let ended = |list: usize| column < list || (column == list && !dash);
            if self.checks.is_some_and(ended) {
                self.checks = None;
                let of = if self.cases.is_some() { Of::After } else { Of::Top };
                self.begin(of, number);
            }
            if self.cases.is_some_and(ended) {
                self.cases = None;
                self.begin(Of::Top, number);
            }
            if dash && self.checks == Some(column) {
                self.begin(Of::Check, number);
            } else if dash && self.checks.is_none() && self.cases == Some(column) {
                self.begin(Of::Case, number);
            } else if dash && self.waits_for(column) {
                match self.of {
                    Of::Top if !self.opens_checks() => {
                        self.cases = Some(column);
                        self.begin(Of::Case, number);
                    }
                    Of::Top | Of::Case | Of::Check | Of::After => {
                        self.drop_last_key();
                        self.checks = Some(column);
                        self.begin(Of::Check, number);
                    }
                }
            }
        }
        // The pieces of a list are read without its dash.
        let dashed =
            content && dash && self.text.is_empty() && matches!(self.of, Of::Case | Of::Check);
        if dashed {
            self.text.push_str(&" ".repeat(column));
            self.text.push(' ');
            self.text.push_str(&body[1..]);
        } else {
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// Whether the last key gathered opens a list of cases or of questions.
    fn waits_for(&self, column: usize) -> bool {
        if self.cases.is_some() && self.of == Of::Top {
            return false;
        }
        let last = self.last_line();
        let Some(last) = last else {
            // A bare list at the top of a file.
            return self.of == Of::Top && column == 0;
        };
        let body = last.trim_start_matches(' ');
        let key = strip_comment(body);
        let at = last.len() - body.len();
        match self.of {
            Of::Top => matches!(key, "cases:" | "checks:" | "questions:") && at == 0,
            Of::Case => matches!(key, "checks:" | "questions:") && self.key_column() == Some(at),
            Of::Check | Of::After => false,
        }
    }

    fn last_line(&self) -> Option<&str> {
        self.text.lines().rev().find(|line| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#') && line != "---"
        })
    }

    /// The column of the keys of the case at hand.
    fn key_column(&self) -> Option<usize> {
        let first = self.text.lines().find(|line| !line.trim().is_empty())?;
        Some(first.len() - first.trim_start_matches(' ').len())
    }

    fn opens_checks(&self) -> bool {
        self.last_line().is_some_and(|line| {
            matches!(strip_comment(line.trim_start_matches(' ')), "checks:" | "questions:")
        })
    }

    /// Takes the key whose list begins out of what was gathered.
    fn drop_last_key(&mut self) {
        if let Some(last) = self.last_line() {
            let at = self.text.rfind(last).unwrap_or(self.text.len());
            self.text.truncate(at);
        }
    }
}

/// The key without what is said after it.
fn strip_comment(key: &str) -> &str {
    key.split(" #").next().unwrap_or(key).trim_end()
}

impl<R: BufRead> Iterator for Pieces<R> {
    type Item = io::Result<Placed>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(Ok(ready));
            }
            if self.done {
                return None;
            }
            match self.lines.next() {
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
                Ok(None) => {
                    self.done = true;
                    self.flush();
                }
                Ok(Some((number, line))) => {
                    if self.json.is_none() && !line.trim().is_empty() {
                        self.json = Some(line.trim_start().starts_with('{'));
                    }
                    if self.json == Some(true) {
                        if !line.trim().is_empty() {
                            return Some(Ok((number, Piece::Line(line))));
                        }
                    } else {
                        self.yaml(number, &line);
                    }
                }
            }
        }
    }
}

/// Numbered lines.
struct Lines<R> {
    reader: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> io::Result<Option<(usize, String)>> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let kept = line.trim_end_matches(['\n', '\r']).len();
        line.truncate(kept);
        if self.number == 1 && line.starts_with('\u{feff}') {
            line.drain(..'\u{feff}'.len_utf8());
        }
        Ok(Some((self.number, line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<Piece> {
        Pieces::new(text.as_bytes()).map(|piece| piece.unwrap().1).collect()
    }

    fn kinds(text: &str) -> String {
        pieces(text)
            .iter()
            .map(|piece| match piece {
                Piece::Top(_) => 't',
                Piece::Case(_) => 'c',
                Piece::Check(_) => 'q',
                Piece::Line(_) => 'l',
            })
            .collect()
    }

    #[test]
    fn a_file_of_cases_is_a_head_cases_and_their_questions() {
        let text = "schema: duly-scenario/1\ncases:\n\n- id: A\n  timeline:\n  - {at: x}\n  checks:\n  \
                    - {at: 1}\n  - at: 2\n    action: call\n  quote: q\n- id: B\n  checks: []\nwording:\n- w\n";
        assert_eq!(kinds(text), "tcqqtct");
        let all = pieces(text);
        assert_eq!(all[1], Piece::Case("  id: A\n  timeline:\n  - {at: x}\n".to_owned()));
        assert_eq!(all[3], Piece::Check("    at: 2\n    action: call\n".to_owned()));
        assert_eq!(all[5], Piece::Case("  id: B\n  checks: []\n".to_owned()));
    }

    #[test]
    fn deeper_lists_top_questions_bare_lists_and_json_lines() {
        assert_eq!(kinds("cases:\n  - id: A\n    checks:\n      - at: 1\n      - at: 2\n"), "tcqq");
        assert_eq!(
            kinds("facts: {}\ntimeline:\n- {at: 1}\nquestions:\n- {at: 1}\n- {at: 2}\n"),
            "tqq"
        );
        assert_eq!(kinds("- {facts: {}}\n- {at: 1}\n"), "cc");
        assert_eq!(kinds("{\"facts\":{}}\n\n{\"at\":1}\n"), "ll");
        assert_eq!(kinds("# nothing\n\n"), "");
    }

    #[test]
    fn each_piece_knows_its_line() {
        let text = "cases:\n- id: A\n  checks:\n  - at: 1\n";
        let lines: Vec<usize> = Pieces::new(text.as_bytes()).map(|p| p.unwrap().0).collect();
        assert_eq!(lines, [1, 2, 4]);
    }
}
