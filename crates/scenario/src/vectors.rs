//! A table of dates: when a notice was provided, and the dates that follow from it.

use serde_json::{Map, Value, json};

/// The name, the event and the question of a row.
pub type Case = (String, Map<String, Value>, Map<String, Value>);

/// The cases of a table: the name, the event and the question of each row.
pub fn cases(table: &Value) -> Vec<Case> {
    const WANTED: &str =
        "assumed_receipt_earliest end_date_earliest end_date_if_observed_days_also_excluded";
    let rows = table.get("validation_period").and_then(Value::as_array);
    let mut out = Vec::new();
    for row in rows.into_iter().flatten().filter_map(Value::as_object) {
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut event = Map::new();
        event.insert("at".to_owned(), json!(text("provided")));
        event.insert("event".to_owned(), json!("validation_notice_mailed"));
        let value: Map<String, Value> = WANTED
            .split_whitespace()
            .filter_map(|key| row.get(key).map(|value| (key.to_owned(), value.clone())))
            .collect();
        let mut question = Map::new();
        question.insert(
            "question".to_owned(),
            json!(format!("Notice provided on {}: {}", text("provided"), text("why"))),
        );
        question.insert("expected".to_owned(), json!("classification"));
        question.insert("value".to_owned(), Value::Object(value));
        question.insert("derived".to_owned(), json!(true));
        out.push((text("id"), event, question));
    }
    out
}
