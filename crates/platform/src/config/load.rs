//! Reading the file and the environment, and saying what is wrong with them.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
};

use figment::{
    Figment, Metadata, Profile, Provider,
    error::Kind as FigmentKind,
    providers::{Format as _, Toml},
    value::{Dict, Map, Value},
};

use super::Config;

const PREFIX: &str = "DULY_";

/// Variables with our prefix that are no settings: those of tools, tests and fault injection. A name
/// that ends in `_` stands for all that begin so.
pub const NOT_SETTINGS: &[&str] = &[
    "DULY_CONFIG",
    "DULY_DATA_DIR",
    "DULY_FAULT",
    "DULY_FAULT_",
    "DULY_NATS_SERVER",
    "DULY_PG_BIN",
    "DULY_SQLX_LIVE",
    "DULY_TEST_",
    "DULY_TOKEN",
];

/// Each key, what it takes, and whether its value may be shown.
const KEYS: &[(&str, &str, Shown)] = &[
    ("database_url", "postgres://user:password@host:5432/database", Shown::No),
    ("nats_url", "nats://host:4222 or tls://host:4222", Shown::Yes),
    (
        "schema_prefix",
        "nothing, or up to 20 lower-case letters, digits and `_` after a letter, such as t7f_",
        Shown::Yes,
    ),
    ("stream_bytes_max", "a number of bytes from 1048576 on such as 134217728", Shown::Yes),
    ("grpc_addr", "an address and a port such as 127.0.0.1:7070", Shown::Yes),
    ("admin_addr", "an address and a port such as 127.0.0.1:7071", Shown::Yes),
    ("http_addr", "an address and a port such as 127.0.0.1:7072", Shown::Yes),
    ("message_bytes_max", "a number of bytes from 65536 to 67108864", Shown::Yes),
    ("agency", "the agency's name, such as \"South East Client Services\"", Shown::Yes),
    ("agency_licence", "a licence number", Shown::Yes),
    ("zone", "an IANA time zone such as America/New_York", Shown::Yes),
    ("tick", "whole seconds from 1s to 1day such as 15m", Shown::Yes),
    ("clock", "system or sim", Shown::Yes),
    ("pool_connections_max", "a number from 2 to 500", Shown::Yes),
    ("seal_key", "32 bytes in hex or base64; openssl rand -hex 32 makes one", Shown::No),
    ("seal_key_id", "1 to 32 letters, digits, `-` or `_`, such as k1", Shown::Yes),
    (
        "token_public_key",
        "an Ed25519 public key in PEM; duly token --new-keys makes a pair",
        Shown::Yes,
    ),
    (
        "token_private_key",
        "an Ed25519 private key in PEM (PKCS #8); duly token --new-keys makes a pair",
        Shown::No,
    ),
    (
        "services",
        "a table for each service with settings of its own, [services.letters]",
        Shown::Yes,
    ),
    ("telemetry", "a table with log, format and otlp_endpoint", Shown::Yes),
    ("telemetry.log", "filter directives such as info,sqlx=warn", Shown::Yes),
    ("telemetry.format", "pretty or json", Shown::Yes),
    (
        "telemetry.otlp_endpoint",
        "http://host:4317 of a collector beside us (no https: it forwards)",
        Shown::Yes,
    ),
    ("intervals", "a table of durations", Shown::Yes),
    ("intervals.relay_poll", "a duration from 1ms to 1h such as 250ms", Shown::Yes),
    ("intervals.heads", "a duration from 1ms to 1h such as 3s", Shown::Yes),
    ("intervals.behind_grace", "a duration from 1ms to 1h such as 2s", Shown::Yes),
    ("intervals.due_poll", "a duration from 1ms to 1h such as 500ms", Shown::Yes),
    ("intervals.lease", "a duration from 1s to 1h such as 30s", Shown::Yes),
    ("intervals.retry_max", "a duration from 1ms to 1h such as 10s", Shown::Yes),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Yes,
    No,
}

/// One thing that is wrong: which key, where it was set, what is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `telemetry.log`; empty where the whole file is meant.
    pub key: String,
    /// The variable or the file.
    pub from: String,
    /// What is wrong.
    pub problem: String,
    /// What it takes, or what to do.
    pub remedy: String,
}

impl Problem {
    /// A problem with a value that has the right type.
    pub(super) fn with_value(key: &str, problem: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            from: variable(key),
            problem: problem.into(),
            remedy: takes(key),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, from, problem, remedy } = self;
        if key.is_empty() {
            write!(f, "{from}: {problem}; {remedy}")
        } else {
            write!(f, "{key} ({from}): {problem}; {remedy}")
        }
    }
}

/// All that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("settings: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nsettings: "))]
pub struct ConfigError(pub Vec<Problem>);

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl Config {
    /// The settings of this process: defaults, then `file` (else the one that `DULY_CONFIG` names),
    /// then the environment.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key, or a value that a key does not take.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let file = file.map(Path::to_owned).or_else(|| {
            std::env::var_os("DULY_CONFIG").filter(|f| !f.is_empty()).map(PathBuf::from)
        });
        let text = match &file {
            None => None,
            Some(path) => Some((path.display().to_string(), read(path)?)),
        };
        Self::assemble(text, std::env::vars_os())
    }

    /// As [`Config::load`], of a file's name and text and of variables that are given.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn assemble(
        file: Option<(String, String)>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let mut figment = Figment::new();
        if let Some((name, text)) = file {
            // The text is parsed here first: figment's own error would not name the file.
            Toml::from_str::<Dict>(&text).map_err(|error| Problem {
                key: String::new(),
                from: name.clone(),
                problem: format!("not TOML: {}", error.to_string().trim_end()),
                remedy: "mend the line".to_owned(),
            })?;
            figment = figment.merge(Named(name, Toml::string(&text)));
        }
        let environment = Environment(settings(variables)?);
        let figment = figment.merge(environment);
        let mut config: Self = figment.extract_lossy().map_err(explain)?;
        config.services.sourced(|key| {
            let source = figment.find_metadata(key).filter(|source| source.name != ENVIRONMENT);
            source.map(|source| source.name.to_string())
        });
        config.check().map_err(|mut error| {
            for problem in &mut error.0 {
                if let Some(source) = figment.find_metadata(&problem.key)
                    && source.name != ENVIRONMENT
                {
                    problem.from = source.name.to_string();
                }
            }
            error
        })?;
        Ok(config)
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| {
        ConfigError::from(Problem {
            key: String::new(),
            from: path.display().to_string(),
            problem: format!("cannot read this settings file: {error}"),
            remedy: "give --config or DULY_CONFIG the path of a readable TOML file, or neither"
                .to_owned(),
        })
    })
}

/// The variables that are settings, as one tree. Values stay text: a key that looks like a number is
/// not one until its field says so.
fn settings(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Dict, ConfigError> {
    let mut tree = Dict::new();
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|n| is_setting(n)) else { continue };
        if value == OsStr::new("") {
            continue;
        }
        let key = name[PREFIX.len()..].to_lowercase().replace("__", ".");
        let Some(value) = value.to_str() else {
            return Err(Problem {
                key,
                from: name.to_owned(),
                problem: "not UTF-8".to_owned(),
                remedy: "set it to text".to_owned(),
            }
            .into());
        };
        insert(&mut tree, &key, Value::from(value));
    }
    Ok(tree)
}

/// Puts a value where a key with dots says, in tables in tables.
fn insert(tree: &mut Dict, key: &str, value: Value) {
    let Some((table, rest)) = key.split_once('.') else {
        tree.insert(key.to_owned(), value);
        return;
    };
    let entry = tree.entry(table.to_owned()).or_insert_with(|| Dict::new().into());
    if let Value::Dict(_, table) = entry {
        insert(table, rest, value);
    }
}

fn is_setting(name: &str) -> bool {
    name.starts_with(PREFIX)
        && !NOT_SETTINGS
            .iter()
            .any(|known| name == *known || (known.ends_with('_') && name.starts_with(known)))
}

const ENVIRONMENT: &str = "environment";

struct Environment(Dict);

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named(ENVIRONMENT)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.0.clone()))
    }
}

struct Named<P>(String, P);

impl<P: Provider> Provider for Named<P> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.0.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        self.1.data()
    }
}

/// The name of a key's variable.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

fn takes(key: &str) -> String {
    let shape = KEYS.iter().find(|(name, ..)| *name == key).map(|(_, shape, _)| *shape);
    shape.map_or_else(|| "remove it".to_owned(), |shape| format!("it takes {shape}"))
}

fn explain(error: figment::Error) -> ConfigError {
    ConfigError(problems(error, "", |source, key| match source {
        Some(source) if source.name != ENVIRONMENT => source.name.to_string(),
        _ => variable(key),
    }))
}

/// What is wrong, in words; `above` is the table that was read, `from` says where a key was set.
pub(super) fn problems(
    error: figment::Error,
    above: &str,
    from: impl Fn(Option<&Metadata>, &str) -> String,
) -> Vec<Problem> {
    let told = |error: figment::Error| {
        let mut path: Vec<&str> = error.path.iter().map(String::as_str).collect();
        if !above.is_empty() {
            path.insert(0, above);
        }
        if let FigmentKind::UnknownField(name, _) = &error.kind
            && path.last() != Some(&name.as_str())
        {
            path.push(name);
        }
        let key = path.join(".");
        let (problem, remedy) = words(&error.kind, &key);
        Problem { from: from(error.metadata.as_ref(), &key), key, problem, remedy }
    };
    error.into_iter().map(told).collect()
}

/// What is wrong with a key and what would be right. Values are shown only where [`KEYS`] says so.
fn words(kind: &FigmentKind, key: &str) -> (String, String) {
    let of_ours = KEYS.iter().find(|(name, ..)| *name == key).map(|(.., shown)| *shown);
    match (kind, of_ours) {
        (FigmentKind::UnknownField(_, known), _) => {
            let table = key.rsplit_once('.').map_or("", |(table, _)| table);
            let place = if table.is_empty() { String::new() } else { format!(" of {table}") };
            ("unknown key".to_owned(), format!("the keys{place} are {}", known.join(", ")))
        }
        (kind, Some(Shown::Yes)) => (kind.to_string(), takes(key)),
        (_, Some(Shown::No)) => ("not a text".to_owned(), takes(key)),
        (FigmentKind::InvalidType(_, expected) | FigmentKind::InvalidValue(_, expected), None) => {
            let expected = if expected == "a map" { "a table" } else { expected };
            ("does not fit".to_owned(), format!("it takes {expected}"))
        }
        (FigmentKind::UnknownVariant(_, known), None) => {
            ("none of its values".to_owned(), format!("it takes one of {}", known.join(", ")))
        }
        (FigmentKind::MissingField(name), None) => {
            (format!("has no {name}"), format!("set {key}.{name}"))
        }
        // The words of a type of ours, which never repeat a value.
        (FigmentKind::Message(words), None) => (words.clone(), "mend the value".to_owned()),
        (_, None) => ("does not fit".to_owned(), "mend the value".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_says_what_it_takes() {
        let shown = format!("{:#?}", Config::default());
        let fields = shown.lines().filter(|line| line.starts_with("    ") && line.contains(": "));
        for field in fields {
            let name = field.trim().split(':').next().unwrap();
            let known = |key: &&(&str, &str, Shown)| key.0.rsplit('.').next() == Some(name);
            assert!(KEYS.iter().find(known).is_some(), "{name} is not in KEYS");
        }
    }
}
