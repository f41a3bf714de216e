//! The composition root: the only place that knows every service.
//!
//! A service is a value; [`services`] gives those that are asked for and the command line runs them,
//! alone or together. Everything else here is a client of the running services, by gRPC with a signed
//! token like any other caller, or a tool on an installation's own database. No rule of the trade is
//! decided here.

mod admin;
pub mod cli;
mod clients;
mod demo;
mod digest;
mod door;
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

use anyhow::{Result, bail};
use duly_platform::Service;

/// Every service of this version.
pub const SERVICES: [&str; 3] = ["intake", "payments", "reporting"];

/// The services of these names, in the order of [`SERVICES`]; no name means all.
///
/// # Errors
/// A name that is none.
pub fn services<S: AsRef<str>>(names: &[S]) -> Result<Vec<Service>> {
    if let Some(unknown) = names.iter().map(AsRef::as_ref).find(|name| !SERVICES.contains(name)) {
        bail!("there is no service `{unknown}`; the services are {}", SERVICES.join(", "));
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|asked| asked.as_ref() == name);
    let made = [duly_intake::service, duly_payments::service, duly_reporting::service];
    Ok(SERVICES.iter().zip(made).filter(|(name, _)| wanted(name)).map(|(_, make)| make()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked: &[&str]) -> Vec<&'static str> {
        services(asked).unwrap().iter().map(|service| service.name).collect()
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
    fn an_unknown_service_is_named_with_those_that_are() {
        let said = services(&["intake", "letters"]).err().unwrap().to_string();
        assert_eq!(
            said,
            "there is no service `letters`; the services are intake, payments, reporting"
        );
    }
}
