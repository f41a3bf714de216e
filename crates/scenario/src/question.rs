//! One question as it stands in a file: its keys, the facts that it replaces, and whether its answer is as
//! expected.

use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::check::{Case, Line};
use crate::classify;
use crate::scene::Scene;
use crate::words::{Bad, Obj, plain};

/// The keys of a question, with those of its formal `ask`.
pub(crate) fn with_ask(map: &Map<String, Value>) -> Map<String, Value> {
    let mut merged = map.clone();
    for key in ["date", "when", "on"] {
        if !merged.contains_key("at")
            && let Some(at) = merged.remove(key)
        {
            merged.insert("at".to_owned(), at);
        }
    }
    crate::synonym::rename(&mut merged, &[KEYS]);
    if let Some(Value::Object(ask)) = map.get("ask") {
        for (key, value) in ask {
            merged.insert(key.clone(), value.clone());
        }
    }
    merged
}

/// The keys of a question.
pub(crate) const KEYS: &str = "question at action expected value facts_override debts debt number address email to \
    recipient rebuttal derived dow qualifier ask requires check_date id note citation role path \
    notice_deadline act judge duty medium timeline rule";

/// The case with the facts that one question replaces. What is no fact of the case replaces the key of that
/// name in its events; `null` takes it away.
pub(crate) fn overridden(case: &Case, obj: Obj<'_>) -> Result<Option<Scene>, Bad> {
    let more = obj.maps("timeline")?;
    let replaces = obj.map("facts_override")?;
    if replaces.is_none() && more.is_empty() {
        return Ok(None);
    }
    let mut facts = case.facts.clone();
    let mut timeline = case.timeline.clone();
    let mut replaces = replaces.cloned().unwrap_or_default();
    crate::facts::rename_keys(&mut replaces);
    for (key, value) in &replaces {
        let in_events = timeline.iter().any(|(_, event)| event.contains_key(key));
        if !facts.contains_key(key) && in_events {
            for (_, event) in timeline.iter_mut().filter(|(_, event)| event.contains_key(key)) {
                event.insert(key.clone(), value.clone());
            }
        } else {
            facts.insert(key.clone(), value.clone());
        }
    }
    timeline.extend(more.into_iter().map(|(path, map)| (path, map.clone())));
    Scene::new(&facts, &timeline).map(Some)
}

/// Whether the answer is as expected; `None`: nothing was.
pub(crate) fn passes(line: &Line<'_>, answer: &Answer) -> Option<bool> {
    let value = match (&line.expected_value, &answer.value) {
        (Some(Value::Object(expected)), Some(found)) => Some(classify::same(expected, found)),
        _ => None,
    };
    let rebuttal =
        line.expected_rebuttal.as_ref().map(|expected| answer.rebuttal == Some(expected.as_str()));
    let word = line.expected.as_ref().map(|expected| {
        let expected = plain(expected).replace('_', "-");
        // A value that is asked for beside a word settles it.
        value.is_some() || answer.answer == Some(expected.as_str())
    });
    let parts = [value, rebuttal, word];
    if parts.iter().all(Option::is_none) {
        return None;
    }
    Some(parts.into_iter().flatten().all(|holds| holds))
}
