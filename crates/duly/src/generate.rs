//! `duly generate`: a portfolio of invented debtors, with the mapping and the clients to place it.

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Result;
use duly_domain::Date;
use duly_placement::{GENERATED_MAPPING, generate, generate::CLIENTS};

use crate::{cli, files, out};

/// Make a portfolio of invented debtors, some of its rows bad
///
/// Makes a portfolio of businesses and consumers over several states and clients, with guarantors and
/// known facts; two of a hundred rows are bad in one way or another. The same numbers give the same
/// file, byte for byte.
///
/// Place it with:
///
///   duly clients put DIR/clients.yaml
///   duly place DIR/portfolio.csv --mapping DIR/mapping.yaml --as-of DATE
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// How many accounts
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    accounts: u64,
    /// Decides everything that is drawn
    #[arg(long, value_name = "S", default_value_t = SEED)]
    seed: u64,
    /// The day of the placement, to which ages and due dates refer
    #[arg(long, value_name = "DATE", default_value = AS_OF, value_parser = cli::day)]
    as_of: Date,
    /// Folder for portfolio.csv, mapping.yaml and clients.yaml; made if missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// The day of a made portfolio where none is named: a Thursday.
pub const AS_OF: &str = "2026-01-15";

/// The seed where none is named.
pub const SEED: u64 = 42;

pub fn run(args: &Args) -> Result<()> {
    let made = write(&args.out, args.accounts, args.seed, args.as_of)?;
    let clients = args.out.join("clients.yaml");
    fs::write(&clients, clients_yaml(args.as_of))
        .map_err(|error| files::trouble("writing", &clients, error))?;
    out::say(format!("{} accounts: {}", out::count(args.accounts), made.portfolio.display()))?;
    out::say(format!("their mapping: {}", made.mapping.display()))?;
    out::say(format!("their clients: {}", clients.display()))
}

/// The files of a made portfolio.
pub struct Made {
    /// The accounts.
    pub portfolio: PathBuf,
    /// What its columns are.
    pub mapping: PathBuf,
}

/// Makes `portfolio.csv` and `mapping.yaml` in a folder, which is made if missing.
///
/// # Errors
/// They cannot be written.
pub fn write(out: &Path, accounts: u64, seed: u64, as_of: Date) -> Result<Made> {
    fs::create_dir_all(out).map_err(|error| files::trouble("making the folder", out, error))?;
    let made = Made { portfolio: out.join("portfolio.csv"), mapping: out.join("mapping.yaml") };
    let writing = |error| files::trouble("writing", &made.portfolio, error);
    let mut file = BufWriter::new(File::create(&made.portfolio).map_err(writing)?);
    generate(accounts, seed, as_of).write_csv(&mut file).map_err(writing)?;
    file.flush().map_err(writing)?;
    fs::write(&made.mapping, GENERATED_MAPPING)
        .map_err(|error| files::trouble("writing", &made.mapping, error))?;
    Ok(made)
}

/// The clients of every made portfolio, under the policy that the demo gives them.
fn clients_yaml(as_of: Date) -> String {
    let mut yaml =
        String::from("# For `duly clients put`. Parents stand before those under them.\n");
    for client in CLIENTS {
        yaml += &format!("- client_ref: {}\n  name: {}\n", client.client_ref, client.name);
        if let Some(parent) = client.parent_ref {
            yaml += &format!("  parent_ref: {parent}\n");
        }
        yaml += &format!(
            "  effective_on: {as_of}\n  policy:\n    currency: USD\n    remit_method: net\n    \
             offset_consent_on: {as_of}\n    fee_schedule:\n      rates:\n        tiered:\n          \
             tier_mode: marginal\n          tier_base: collected_to_date\n          \
             brackets: [{{up_to: 300000, rate: \"0.25\"}}, {{rate: \"0.18\"}}]\n"
        );
    }
    yaml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_of_a_made_portfolio_can_be_put() {
        let as_of = AS_OF.parse().unwrap();
        let refs = crate::clients::references(&clients_yaml(as_of)).unwrap();
        assert_eq!(refs, CLIENTS.map(|client| client.client_ref));
    }
}
