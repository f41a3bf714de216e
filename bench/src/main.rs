//! `cargo xtask bench`: speeds as ratios within one run, since machines are shared and noisy.

mod frames;
mod place;
mod release;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask bench", about = "Measures Duly in a release build")]
struct Args {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Accounts placed by stream against `psql \copy` of the same rows into the same indexed tables
    Place {
        /// How many accounts
        #[arg(long, default_value_t = 200_000)]
        accounts: usize,
    },
    /// Frames from commit to applied, against bare commits of one row each
    Frames {
        /// How many frames
        #[arg(long, default_value_t = 20_000)]
        count: usize,
    },
    /// Calls decided and permitted by the release tick, against a bare copy of the rows that it wrote; and
    /// how long a stop waits behind it
    Release {
        /// How many persons with a call each
        #[arg(long, default_value_t = 20_000)]
        calls: usize,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Args::parse().what {
        Some(What::Place { accounts }) => place::run(accounts).await,
        Some(What::Frames { count }) => frames::run(count).await,
        Some(What::Release { calls }) => release::run(calls).await,
        None => {
            place::run(200_000).await?;
            frames::run(20_000).await?;
            release::run(20_000).await
        }
    }
}
