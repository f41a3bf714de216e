//! The composition root: the only place that knows every service.
//!
//! A service is a value; [`services`] gives those that are asked for and the command line runs them,
//! alone or together. Everything else here is a client of the running services, by gRPC with a signed
//! token like any other caller, or a tool on an installation's own database. No rule of the trade is
//! decided here.

mod admin;
pub mod cli;
mod clients;
mod compliance;
mod demo;
mod digest;
mod door;
mod explain;
mod files;
mod frames;
mod generate;
mod home;
mod keys;
mod migrate;
mod out;
mod phases;
mod place;
mod placing;
mod rebuild;
mod serve;
mod token;
mod typesetter;

use std::{path::PathBuf, sync::Arc};

use anyhow::{Result, bail};
use duly_contact::Policy;
use duly_platform::{Config, Service};

use typesetter::Typst;

/// Every service of this version.
pub const SERVICES: [&str; 8] =
    ["intake", "skiptrace", "contact", "letters", "payments", "workflow", "reporting", "gateway"];

/// What lies around an installation, for services whose settings do not say.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Where letters are put for the mail house.
    pub print_dir: Option<PathBuf>,
    /// Where the provider of searches finds its questions.
    pub provider_dir: Option<PathBuf>,
    /// The agency's limits and licences.
    pub policy: Option<Policy>,
}

/// The services of these names, in the order of [`SERVICES`], with their settings; no name means all.
///
/// # Errors
/// A name that is none, or settings that are wrong.
pub fn services<S: AsRef<str>>(config: &Config, names: &[S]) -> Result<Vec<Service>> {
    services_in(config, &Surroundings::default(), names)
}

/// The same where something lies around.
///
/// # Errors
/// As [`services`].
pub fn services_in<S: AsRef<str>>(
    config: &Config,
    around: &Surroundings,
    names: &[S],
) -> Result<Vec<Service>> {
    if let Some(unknown) = names.iter().map(AsRef::as_ref).find(|name| !SERVICES.contains(name)) {
        bail!("there is no service `{unknown}`; the services are {}", SERVICES.join(", "));
    }
    config.check_sections(&SERVICES)?;
    // All of them, so that wrong settings of a service are told wherever it runs.
    let mut skiptrace: duly_skiptrace::Config = config.section("skiptrace")?;
    skiptrace.provider_dir = skiptrace.provider_dir.or_else(|| around.provider_dir.clone());
    let mut letters: duly_letters::Config = config.section("letters")?;
    letters.print_dir = letters.print_dir.or_else(|| around.print_dir.clone());
    let mut contact: duly_contact::Config = config.section("contact")?;
    if let Some(policy) = &around.policy {
        contact = contact.or_policy(policy.clone());
    }
    let all = [
        duly_intake::service(),
        duly_skiptrace::service(skiptrace),
        duly_contact::service(contact),
        duly_letters::service(letters, Arc::new(Typst)),
        duly_payments::service(),
        duly_workflow::service(),
        duly_reporting::service(),
        duly_gateway::service(config.section("gateway")?),
    ];
    let wanted = |service: &Service| {
        names.is_empty() || names.iter().any(|asked| asked.as_ref() == service.name)
    };
    Ok(all.into_iter().filter(wanted).collect())
}

/// What these services do not check because nothing says how, one sentence each with its remedy.
///
/// # Errors
/// Settings that are wrong.
pub fn unchecked(config: &Config, services: &[Service]) -> Result<Vec<&'static str>> {
    let contact: duly_contact::Config = config.section("contact")?;
    let runs = services.iter().any(|service| service.name == "contact");
    Ok(if runs && !contact.checks_licences() { vec![NO_LICENCES] } else { Vec::new() })
}

const NO_LICENCES: &str = "the agency's licences are not checked: no policy file lists them, so nobody is \
    left alone where one is missing; list them as demo/agency.yaml does and set services.contact.policy \
    (DULY_SERVICES__CONTACT__POLICY)";

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked: &[&str]) -> Vec<&'static str> {
        services(&Config::default(), asked).unwrap().iter().map(|service| service.name).collect()
    }

    #[test]
    fn no_name_means_every_service() {
        assert_eq!(names(&[]), SERVICES);
    }

    #[test]
    fn a_service_named_twice_runs_once() {
        assert_eq!(names(&["reporting", "intake", "reporting"]), ["intake", "reporting"]);
    }

    #[test]
    fn settings_of_a_service_that_is_none_are_refused() {
        let set = |key: &str| vec![(key.into(), "x".into())];
        let config = Config::assemble(None, set("DULY_SERVICES__MAIL__DIR")).unwrap();
        let said = services::<&str>(&config, &[]).err().unwrap().to_string();
        assert!(said.contains("services.mail") && said.contains("no such service"), "{said}");
        let config = Config::assemble(None, set("DULY_SERVICES__LETTERS__PRINT_DIRR")).unwrap();
        // Whichever is asked for: it would be wrong where letters runs.
        let said = services(&config, &["intake"]).err().unwrap().to_string();
        assert!(said.contains("letters.print_dirr") && said.contains("unknown key"), "{said}");
    }

    #[test]
    fn an_unknown_service_is_named_with_those_that_are() {
        let said = services(&Config::default(), &["intake", "mail"]).err().unwrap().to_string();
        assert_eq!(
            said,
            "there is no service `mail`; the services are intake, skiptrace, contact, letters, payments, \
             workflow, reporting, gateway"
        );
    }
}
