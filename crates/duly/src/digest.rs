//! `duly digest`: one hash for each table of business state.

use anyhow::Result;
use duly_testkit::{Set, Shape};

use crate::{
    home::{Common, Home},
    out, services,
};

/// Print one hash for each table of business state
///
/// Prints SHA-256, name and number of rows of each table, over its business columns keyed by the
/// clients' own references: without ids and machine times, so that equal states have equal digests
/// whatever way they came about.
#[derive(clap::Args)]
pub struct Args {
    /// Services to look at: intake, skiptrace, contact, letters, payments, workflow, reporting, gateway;
    /// all where none is named
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

pub async fn run(common: &Common, args: Args) -> Result<()> {
    let home = Home::load(common)?;
    let services = services(&home.config, &args.services)?;
    let opened = home.open().await?;
    let set = Set::adopt(opened.config.clone());
    let digests = duly_testkit::digest(&set, &Shape::of(&services)).await?;
    out::say(digests)?;
    opened.close().await
}
