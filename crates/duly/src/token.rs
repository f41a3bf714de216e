//! `duly token`: signs a token with the installation's private key, or makes a new pair.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, bail};
use duly_domain::ClientId;
use duly_platform::{Principal, Role, auth::Signer};
use uuid::Uuid;

use crate::{
    clients,
    door::Reach,
    home::{Common, Home},
    keys::Keys,
    out,
};

/// Print a token for a caller, or make a new pair of keys
///
/// Prints a token to send as `authorization: Bearer TOKEN`.
///
/// It is signed with DULY_TOKEN_PRIVATE_KEY, else with the key in the data directory, and holds for
/// minutes: whoever calls asks for a new one.
#[derive(clap::Args)]
pub struct Args {
    /// client, collector, compliance, accounting, manager, admin or service
    #[arg(long, required_unless_present = "new_keys")]
    role: Option<Role>,
    /// Who calls, as it stands in the audit; the role where it is not given
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
    /// For the role client: which one, by id or by reference; may be repeated. A reference brings in
    /// everything under that client and is asked from the running services
    #[arg(long = "client", value_name = "REF-or-ID")]
    clients: Vec<String>,
    /// For how long it holds, up to 60
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=60))]
    minutes: u64,
    /// Make a new pair of keys and a sealing key instead, and print them as settings
    #[arg(long, conflicts_with_all = ["role", "subject", "clients", "server", "token"])]
    new_keys: bool,
    /// With --new-keys: write them into this folder instead, readable by you alone
    #[arg(long, value_name = "DIR", requires = "new_keys")]
    out: Option<PathBuf>,
    #[command(flatten)]
    reach: Reach,
}

pub async fn run(common: &Common, args: Args) -> Result<()> {
    if args.new_keys {
        return new_keys(args.out);
    }
    let role = args.role.context("a token needs --role")?;
    let home = Home::load(common)?;
    let key = home.config.token_private_key.as_ref().with_context(|| {
        format!(
            "no private key to sign with: {} holds none; set DULY_TOKEN_PRIVATE_KEY, run `duly serve` \
             once on this data directory, or make a pair with `duly token --new-keys`",
            home.dir.display()
        )
    })?;
    let signer = Signer::from_pem(key)?;
    let tree = tree(&home, role, &args.clients, &args.reach).await?;
    let subject = args.subject.unwrap_or_else(|| role.to_string());
    let life = Duration::from_secs(args.minutes * 60);
    out::say(signer.sign(&Principal { subject, role, tree }, life)?)
}

async fn tree(home: &Home, role: Role, named: &[String], reach: &Reach) -> Result<Vec<Uuid>> {
    if role != Role::Client {
        if !named.is_empty() {
            bail!("--client goes with --role client: every other role sees all clients");
        }
        return Ok(Vec::new());
    }
    if named.is_empty() {
        bail!("--role client needs --client: whose accounts the token opens, by reference or id");
    }
    let mut tree = Vec::new();
    let mut refs = Vec::new();
    for name in named {
        match name.parse::<ClientId>() {
            Ok(id) => tree.push(id.uuid()),
            Err(_) => refs.push(name.as_str()),
        }
    }
    if !refs.is_empty() {
        let all = clients::all(&reach.door(home)?).await?;
        tree.extend(clients::subtree(&all, &refs)?.into_iter().map(ClientId::uuid));
    }
    tree.sort_unstable();
    tree.dedup();
    Ok(tree)
}

fn new_keys(dir: Option<PathBuf>) -> Result<()> {
    let keys = Keys::generate();
    match dir {
        Some(dir) => {
            for path in keys.write(&dir)? {
                out::say(format!("wrote {}", path.display()))?;
            }
            Ok(())
        }
        None => {
            // As an environment file takes them: one line each.
            let line = |pem: &str| pem.trim_end().replace('\n', "\\n");
            out::say(format!("DULY_TOKEN_PUBLIC_KEY=\"{}\"", line(&keys.token_public)))?;
            out::say(format!("DULY_TOKEN_PRIVATE_KEY=\"{}\"", line(keys.token_private.expose())))?;
            out::say(format!("DULY_SEAL_KEY={}", keys.seal.expose()))
        }
    }
}
