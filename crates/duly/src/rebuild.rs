//! `duly rebuild`: empties a read model, which then asks for every frame again.

use anyhow::{Context as _, Result};
use duly_platform::db;

use crate::{
    home::{Common, Home},
    out,
};

/// Empty a read model and make it again from the frames
///
/// Empties the tables of a service that only listens, and sets its floors to 0. It asks for what it
/// misses as it always does, from the tellers' own outboxes, whether it runs now or is started later.
#[derive(clap::Args)]
pub struct Args {
    /// The service
    service: Rebuilt,
}

/// The services that can be rebuilt: what others tell brings everything back.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Rebuilt {
    /// Timelines, summaries, liquidation
    Reporting,
}

pub async fn run(common: &Common, args: &Args) -> Result<()> {
    let Rebuilt::Reporting = args.service;
    let opened = Home::load(common)?.open().await?;
    let schema = format!("{}reporting", opened.config.schema_prefix);
    let mut conn = db::connect_one(opened.database_url(), &schema).await?;
    duly_reporting::rebuild(&mut conn).await.with_context(|| {
        format!("emptying {schema}: if it is missing, run `duly migrate` first")
    })?;
    drop(conn);
    opened.close().await?;
    out::say(format!(
        "{schema} is empty and its floors are 0; a running reporting fills it again, and `duly frames lag \
         reporting` shows how far it is"
    ))
}
