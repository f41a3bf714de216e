//! `duly migrate`: makes or upgrades the tables, before a rollout or a first start.

use anyhow::{Context as _, Result};

use crate::{
    home::{Common, Home},
    out, services,
};

/// Make or upgrade the tables of the services in your own database
///
/// Makes schema, roles and tables of each service, as far as they are missing. Safe to repeat, and
/// beside the version that still runs.
///
/// It works on the database in DULY_DATABASE_URL, else on the private one in the data directory.
#[derive(clap::Args)]
pub struct Args {
    /// Services to migrate: intake, skiptrace, contact, letters, payments, workflow, reporting, gateway;
    /// all where none is named
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

pub async fn run(common: &Common, args: &Args) -> Result<()> {
    let home = Home::load(common)?;
    let services = services(&home.config, &args.services)?;
    let opened = home.open().await?;
    duly_platform::migrate(&opened.config, &services).await.context("migrating")?;
    for service in &services {
        out::say(format!("{}{} is up to date", opened.config.schema_prefix, service.name))?;
    }
    opened.close().await
}
