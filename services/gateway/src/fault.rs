//! What a reader of JSON or of a query says is wrong, without the value: it may be personal.

use serde::de::DeserializeOwned;

/// One field at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path from the body's root, `items[3].open_amount.currency`; empty for the body as a whole.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// Why a text could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not JSON.
    Syntax(String),
    /// It is JSON of another shape.
    Shape(Fault),
}

/// Reads one JSON value and nothing after it.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read: Result<T, _> = serde_path_to_error::deserialize(&mut reader);
    let value = read.map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { String::new() } else { path };
        let inner = error.into_inner();
        let words = bare(&inner.to_string()).to_owned();
        match inner.classify() {
            serde_json::error::Category::Data => {
                Unreadable::Shape(Fault { field: at(field, &words), reason: in_words(&words) })
            }
            _ => Unreadable::Syntax(format!("{words}, in line {}", inner.line())),
        }
    })?;
    reader.end().map_err(|error| {
        Unreadable::Syntax(format!("more stands after the JSON, in line {}", error.line()))
    })?;
    Ok(value)
}

/// A key that is missing is named by its own path, an unknown one already is.
fn at(field: String, words: &str) -> String {
    match quoted(words, "missing field `") {
        Some(key) if field.is_empty() => key.to_owned(),
        Some(key) => format!("{field}.{key}"),
        None => field,
    }
}

fn quoted<'a>(words: &'a str, before: &str) -> Option<&'a str> {
    words.strip_prefix(before)?.split_once('`').map(|(key, _)| key)
}

/// Without serde_json's ` at line 1 column 2`.
fn bare(words: &str) -> &str {
    words.rsplit_once(" at line ").map_or(words, |(words, _)| words)
}

/// serde's words without the value that it found.
pub fn in_words(words: &str) -> String {
    if words.starts_with("missing field") {
        return "is missing".to_owned();
    }
    if let Some(key) = quoted(words, "unknown field `") {
        let known = words.split_once("expected ").map_or("", |(_, known)| known);
        let known = known.trim_start_matches("one of ").replace('`', "");
        return if known.is_empty() {
            format!("{key} is no key here")
        } else {
            format!("{key} is no key here; the keys are {known}")
        };
    }
    if let Some(key) = quoted(words, "duplicate field `") {
        return format!("{key} stands here twice");
    }
    for found in ["invalid type: ", "invalid value: ", "invalid length "] {
        if words.starts_with(found) {
            let wanted = words.rsplit_once(", expected ").map_or("another type", |(_, w)| w);
            return match wanted {
                "a string" => "is not a string; numbers are written in quotes here".to_owned(),
                wanted if wanted.starts_with("struct ") => "is not an object".to_owned(),
                wanted => format!("is not {wanted}"),
            };
        }
    }
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Amount {
        #[expect(dead_code, reason = "only read")]
        amount: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only read")]
        amounts: Vec<Amount>,
    }

    fn shape(json: &str) -> (String, String) {
        match read_json::<Sample>(json.as_bytes()).unwrap_err() {
            Unreadable::Shape(fault) => (fault.field, fault.reason),
            Unreadable::Syntax(words) => panic!("{words}"),
        }
    }

    #[test]
    fn a_key_at_fault_is_named_by_its_path() {
        let (field, reason) = shape(r#"{"amounts": [{"amount": "1"}, {"amuont": "2"}]}"#);
        assert_eq!(field, "amounts[1].amuont");
        assert_eq!(reason, "amuont is no key here; the keys are amount");
        let missing = shape(r#"{"amounts": [{}]}"#);
        assert_eq!(missing, ("amounts[0].amount".to_owned(), "is missing".to_owned()));
        assert_eq!(shape("{}"), ("amounts".to_owned(), "is missing".to_owned()));
    }

    #[test]
    fn a_value_of_another_type_is_never_repeated() {
        let (field, reason) = shape(r#"{"amounts": [{"amount": 12.5}]}"#);
        assert_eq!(field, "amounts[0].amount");
        assert_eq!(reason, "is not a string; numbers are written in quotes here");
        let (field, reason) = shape(r#"{"amounts": "Jane Doe, expected"}"#);
        assert_eq!((field.as_str(), reason.as_str()), ("amounts", "is not a sequence"));
        assert_eq!(shape(r#"{"amounts": ["Jane"]}"#).1, "is not an object");
    }

    #[test]
    fn what_is_not_json_is_told_by_its_line() {
        for (text, line) in [("{\n\"amounts\": ]", "line 2"), ("{\"amounts\": []} x", "line 1")] {
            match read_json::<Sample>(text.as_bytes()).unwrap_err() {
                Unreadable::Syntax(words) => assert!(words.ends_with(line), "{words}"),
                Unreadable::Shape(fault) => panic!("{fault:?}"),
            }
        }
    }
}
