//! Words of a scenario, read once and strictly: what is not a word here is an error that names it.

use serde_json::{Map, Value};

/// What is wrong with a scenario, by its key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Bad {
    /// A word that nobody knows.
    #[error("{key}: {word:?} is not a word here; the words are: {known}")]
    Unknown {
        /// Where it stands: `timeline[2].result`.
        key: String,
        /// The word.
        word: String,
        /// What could stand there.
        known: String,
    },
    /// Something of another form.
    #[error("{key}: {found} is not {wanted}")]
    Form {
        /// Where it stands.
        key: String,
        /// What stands there.
        found: String,
        /// What should.
        wanted: &'static str,
    },
    /// Something that is needed is not there.
    #[error("{key}: {wanted} is missing")]
    Missing {
        /// Where it should stand.
        key: String,
        /// What.
        wanted: &'static str,
    },
}

impl Bad {
    /// A word that is not in a list.
    pub fn unknown<'a>(
        key: impl Into<String>,
        word: impl Into<String>,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        Self::Unknown { key: key.into(), word: word.into(), known: known.join(", ") }
    }

    /// Something of another form.
    pub fn form(key: impl Into<String>, found: &Value, wanted: &'static str) -> Self {
        Self::Form { key: key.into(), found: found.to_string(), wanted }
    }
}

/// A mapping of a list, and where it stands.
pub type Placed<'a> = (String, &'a Map<String, Value>);

/// A mapping of the scenario and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Obj<'a> {
    /// Where it stands: `timeline[2]`.
    pub path: &'a str,
    /// Its keys.
    pub map: &'a Map<String, Value>,
}

impl<'a> Obj<'a> {
    /// This mapping, at this place.
    pub fn new(path: &'a str, map: &'a Map<String, Value>) -> Self {
        Self { path, map }
    }

    /// The place of a key.
    pub fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// What stands there; `null` is nothing.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Whether something stands there, `null` too.
    pub fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// Refuses keys outside the lists of words.
    pub fn only(&self, lists: &[&'a str]) -> Result<(), Bad> {
        match self.map.keys().find(|key| !lists.iter().any(|list| listed(list, key))) {
            None => Ok(()),
            Some(key) => {
                let all = lists.iter().flat_map(|list| list.split_whitespace());
                Err(Bad::unknown(self.at(key), key.as_str(), all))
            }
        }
    }

    /// A text; numbers are read as their digits.
    pub fn text(&self, key: &str) -> Result<Option<String>, Bad> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(other) => Err(Bad::form(self.at(key), other, "a text")),
        }
    }

    /// A text in the form in which words are compared.
    pub fn word(&self, key: &str) -> Result<Option<String>, Bad> {
        Ok(self.text(key)?.map(|text| plain(&text)))
    }

    /// True or false.
    pub fn flag(&self, key: &str) -> Result<Option<bool>, Bad> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text == "yes" || text == "no" => Ok(Some(text == "yes")),
            Some(other) => Err(Bad::form(self.at(key), other, "true or false")),
        }
    }

    /// A whole number, none below zero.
    pub fn count(&self, key: &str) -> Result<Option<u32>, Bad> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => {
                let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
                number.map(Some).ok_or_else(|| Bad::form(self.at(key), value, "a whole number"))
            }
        }
    }

    /// Texts: a list of them, or one alone.
    pub fn texts(&self, key: &str) -> Result<Option<Vec<String>>, Bad> {
        let one = |value: &Value| match value {
            Value::String(text) => Ok(text.trim().to_owned()),
            Value::Number(number) => Ok(number.to_string()),
            other => Err(Bad::form(self.at(key), other, "a text")),
        };
        match self.get(key) {
            None => Ok(None),
            Some(Value::Array(all)) => all.iter().map(one).collect::<Result<_, _>>().map(Some),
            Some(value) => one(value).map(|text| Some(vec![text])),
        }
    }

    /// Mappings in a list.
    pub fn maps(&self, key: &str) -> Result<Vec<Placed<'a>>, Bad> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let Value::Array(all) = value else {
            return Err(Bad::form(self.at(key), value, "a list"));
        };
        let one = |(n, value): (usize, &'a Value)| {
            let path = format!("{}[{n}]", self.at(key));
            match value {
                Value::Object(map) => Ok((path, map)),
                other => Err(Bad::form(path, other, "a mapping")),
            }
        };
        all.iter().enumerate().map(one).collect()
    }

    /// A mapping.
    pub fn map(&self, key: &str) -> Result<Option<&'a Map<String, Value>>, Bad> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map)),
            Some(other) => Err(Bad::form(self.at(key), other, "a mapping")),
        }
    }

    /// A word of a table.
    pub fn one_of<T: Copy>(&self, key: &str, table: &[(&str, T)]) -> Result<Option<T>, Bad> {
        let Some(word) = self.word(key)? else { return Ok(None) };
        let same = crate::synonym::of(&word, &table.iter().map(|(name, _)| *name));
        match table.iter().find(|(name, _)| Some(*name) == same) {
            Some((_, value)) => Ok(Some(*value)),
            None => Err(Bad::unknown(self.at(key), word, table.iter().map(|(name, _)| *name))),
        }
    }
}

/// Lower case, with `_` for spaces and hyphens.
pub fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Whether a word stands in a list of words.
pub fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}
