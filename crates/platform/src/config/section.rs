//! Settings of single services: tables `[services.<name>]` of the file, variables
//! `DULY_SERVICES__<NAME>__<KEY>`. Each service has a type of its own for them, which only it knows.

use std::{collections::BTreeMap, fmt};

use figment::{
    Figment,
    providers::Serialized,
    value::{Dict, Value},
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::{
    Config, ConfigError, Problem,
    load::{problems, variable},
};

/// Settings of services as they were found, not yet of any type.
#[derive(Clone, Default, PartialEq)]
pub struct Sections {
    tables: BTreeMap<String, Dict>,
    /// Where each key was set, where that is not its variable.
    sources: BTreeMap<String, String>,
}

impl fmt::Debug for Sections {
    /// Names only: values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.tables.keys()).finish()
    }
}

impl<'de> Deserialize<'de> for Sections {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tables = BTreeMap::deserialize(deserializer)?;
        Ok(Self { tables, sources: BTreeMap::new() })
    }
}

impl Sections {
    /// Asks for every key where it was set.
    pub(super) fn sourced(&mut self, source: impl Fn(&str) -> Option<String>) {
        for (name, table) in &self.tables {
            let section = format!("services.{name}");
            self.sources.extend(source(&section).map(|source| (section.clone(), source)));
            keys(&section, table, &mut |key| {
                self.sources.extend(source(key).map(|source| (key.to_owned(), source)));
            });
        }
    }
}

fn keys(above: &str, table: &Dict, each: &mut impl FnMut(&str)) {
    for (name, value) in table {
        let key = format!("{above}.{name}");
        each(&key);
        if let Value::Dict(_, table) = value {
            keys(&key, table, each);
        }
    }
}

impl Config {
    /// The settings of one service, of the service's own type; its defaults where nothing is set. The
    /// type says `#[serde(default, deny_unknown_fields)]`.
    ///
    /// # Errors
    /// Every unknown key and every value that its key does not take, with the place where it was set.
    pub fn section<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, ConfigError> {
        let Some(table) = self.services.tables.get(name) else { return Ok(T::default()) };
        let found = Figment::from(Serialized::defaults(table)).extract_lossy();
        found.map_err(|error| {
            let section = format!("services.{name}");
            ConfigError(problems(error, &section, |_, key| {
                self.services.sources.get(key).cloned().unwrap_or_else(|| variable(key))
            }))
        })
    }

    /// The services that have settings of their own.
    pub fn section_names(&self) -> impl Iterator<Item = &str> {
        self.services.tables.keys().map(String::as_str)
    }

    /// Refuses settings of services that are none of these: the composition root knows them all.
    ///
    /// # Errors
    /// Each section of no service.
    pub fn check_sections(&self, services: &[&str]) -> Result<(), ConfigError> {
        let unknown = self.section_names().filter(|name| !services.contains(name));
        let problems: Vec<Problem> = unknown
            .map(|name| {
                let key = format!("services.{name}");
                let mut below = None;
                keys(&key, &self.services.tables[name], &mut |key| {
                    below.get_or_insert_with(|| key.to_owned());
                });
                let first = below.as_ref().unwrap_or(&key);
                let from = [&key, first].iter().find_map(|key| self.services.sources.get(*key));
                Problem {
                    from: from.cloned().unwrap_or_else(|| variable(first)),
                    key,
                    problem: "there is no such service".to_owned(),
                    remedy: format!("the services are {}", services.join(", ")),
                }
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(ConfigError(problems)) }
    }
}
