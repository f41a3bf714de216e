//! As much of JSON Schema as the document uses, to hold real answers against it. Stricter in one
//! point: an object has no key that its schema does not name.

use serde_json::Value;

/// The whole document; references lead into it.
pub struct Document(pub Value);

impl Document {
    /// What `$ref` names.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> Result<&'a Value, String> {
        match schema["$ref"].as_str() {
            None => Ok(schema),
            Some(path) => {
                let pointer = path.strip_prefix('#').ok_or(format!("{path} leads elsewhere"))?;
                self.0.pointer(pointer).ok_or(format!("{path} leads nowhere"))
            }
        }
    }

    /// Where and why a value does not fit.
    pub fn check(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let schema = self.resolve(schema)?;
        if let Some(any) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let errors: Vec<String> =
                any.iter().filter_map(|one| self.check(one, value, at).err()).collect();
            return if errors.len() < any.len() { Ok(()) } else { Err(errors.join("; or ")) };
        }
        if schema.as_object().is_some_and(serde_json::Map::is_empty) {
            return Ok(());
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        };
        let found = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !types.is_empty() && !types.contains(&found) {
            return Err(format!("{at} is {found} and not {types:?}"));
        }
        if let Some(codes) = schema["enum"].as_array()
            && !codes.contains(value)
        {
            return Err(format!("{at} is {value} and none of {codes:?}"));
        }
        match value {
            Value::Object(object) => {
                for required in schema["required"].as_array().into_iter().flatten() {
                    if !object.contains_key(required.as_str().unwrap_or_default()) {
                        return Err(format!("{at} lacks {required}"));
                    }
                }
                for (key, value) in object {
                    let of_key = &schema["properties"][key];
                    if of_key.is_null() {
                        return Err(format!("{at} has {key}, which its schema does not name"));
                    }
                    self.check(of_key, value, &format!("{at}.{key}"))?;
                }
                Ok(())
            }
            Value::Array(all) => all.iter().enumerate().try_for_each(|(i, value)| {
                self.check(&schema["items"], value, &format!("{at}[{i}]"))
            }),
            Value::String(text) => match schema["format"].as_str() {
                Some("date") if text.parse::<chrono::NaiveDate>().is_err() => {
                    Err(format!("{at} is no date"))
                }
                Some("date-time") if chrono::DateTime::parse_from_rfc3339(text).is_err() => {
                    Err(format!("{at} is no instant"))
                }
                _ => Ok(()),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    /// The schema of an operation's answer.
    pub fn answer(&self, method: &str, path: &str, status: u16) -> Result<&Value, String> {
        let operation = &self.0["paths"][path][method.to_ascii_lowercase()];
        let response = &operation["responses"][status.to_string()];
        let content = response["content"].as_object();
        let media = content.and_then(|content| content.values().next());
        media.map(|media| &media["schema"]).ok_or(format!("{method} {path} {status} is not there"))
    }
}
