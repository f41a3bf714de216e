//! Letters' typesetter: typst, which nothing else links.

use std::sync::OnceLock;

use duly_letters::{Template, Typeset, TypesetError, Typesetter};
use duly_typeset::Engine;
use serde_json::Value;

/// One engine for the whole process, made when the first letter is: its fonts take memory that a
/// process without letters does not need.
static ENGINE: OnceLock<Engine> = OnceLock::new();

/// Typst as letters asks for it.
pub struct Typst;

impl Typesetter for Typst {
    fn typeset(&self, template: Template, data: &Value) -> Result<Typeset, TypesetError> {
        let engine = ENGINE.get_or_init(Engine::new);
        let made = engine
            .typeset(template.name(), data)
            .map_err(|error| TypesetError(error.to_string()))?;
        let duly_typeset::Typeset { pdf, pages, template_version } = made;
        Ok(Typeset { pdf, pages, template_version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_that_letters_knows_is_one_that_is_typeset() {
        let set: Vec<&str> = duly_typeset::TEMPLATES.iter().map(|template| template.name).collect();
        for template in Template::ALL {
            assert!(set.contains(&template.name()), "{} is not in {set:?}", template.name());
        }
    }
}
