//! `duly admin`: rare acts of whoever runs the installation.

use anyhow::{Context as _, Result};
use duly_platform::{db, epoch};

use crate::{
    home::{Common, Home},
    out, services,
};

/// Rare acts of whoever runs the installation
///
/// Works on an installation's own database: DULY_DATABASE_URL, else the private one.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Numbers of frames, after a database was restored
    Epoch(Epoch),
}

#[derive(clap::Args)]
struct Epoch {
    #[command(subcommand)]
    verb: EpochVerb,
}

#[derive(clap::Subcommand)]
enum EpochVerb {
    /// Begin a new epoch, once, after a database was restored from a backup
    ///
    /// A restored database would give numbers that its listeners have seen. A service that finds
    /// itself on one refuses to start until this was done. It is never needed otherwise.
    #[command(verbatim_doc_comment)]
    Raise {
        /// Services whose schema was restored, such as intake and payments; all where none is named
        #[arg(value_name = "SERVICE")]
        services: Vec<String>,
    },
}

pub async fn run(common: &Common, args: Args) -> Result<()> {
    let Verb::Epoch(Epoch { verb: EpochVerb::Raise { services: names } }) = args.verb;
    let home = Home::load(common)?;
    let services = services(&home.config, &names)?;
    let opened = home.open().await?;
    for service in services {
        let schema = format!("{}{}", opened.config.schema_prefix, service.name);
        let mut conn = db::connect_one(opened.database_url(), &schema).await?;
        let raised = epoch::raise(&mut conn).await.with_context(|| {
            format!("raising the epoch of {schema}: if it is missing, run `duly migrate` first")
        })?;
        out::say(format!("{schema} is in epoch {raised} now"))?;
    }
    opened.close().await
}
