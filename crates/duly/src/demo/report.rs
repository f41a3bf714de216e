//! The end of a demo: its figures as a table and as `demo.json`, and how to look around.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result};
use comfy_table::Table;
use duly_domain::Currency;
use duly_platform::{Principal, Role, auth::Signer};
use duly_proto::{convert, intake::v1::Account};

use super::{
    FIGURES, REJECTED,
    clients::Kind,
    figures::{CurrencyFigures, Figures, Sums, Trust},
    payments::Weeks,
    remit::Remitted,
    sandbox::Sandbox,
};
use crate::{
    files, out,
    phases::{Phases, seconds},
    placing::Counted,
};

/// Everything that happened.
pub struct Story {
    /// Whose portfolio it was.
    pub kind: Kind,
    /// Where the files are.
    pub out: PathBuf,
    /// The answers to the records.
    pub tally: Counted,
    /// The accounts that came of them.
    pub accounts: Vec<Account>,
    /// The payments.
    pub weeks: Weeks,
    /// The remittances.
    pub remitted: Remitted,
    /// The proof.
    pub trust: Vec<Trust>,
}

impl Story {
    /// Writes `demo.json` and prints the table.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn tell(&self, phases: &Phases) -> Result<()> {
        let listed = self.listed()?;
        let figures = self.figures(&listed, phases.elapsed());
        let path = self.out.join(FIGURES);
        // Renamed into place: whoever waits for it finds it whole.
        let new = self.out.join("demo.json.new");
        fs::write(&new, serde_json::to_vec_pretty(&figures)?)
            .and_then(|()| fs::rename(&new, &path))
            .map_err(|error| files::trouble("writing", &path, error))?;
        out::say(self.table(&figures, &listed))?;
        out::say(format!("policy of every client: {}", self.kind.policy()))?;
        for trust in &self.trust {
            out::say(trust_in_words(trust))?;
        }
        out::say(format!("files: {} (figures in demo.json)", shown(&self.out)))?;
        let times: Vec<String> = phases
            .times()
            .iter()
            .map(|(name, time)| format!("{name} {}", seconds(*time)))
            .collect();
        out::say(format!("time: {} ({})", seconds(phases.elapsed()), times.join(", ")))
    }

    fn listed(&self) -> Result<Sums> {
        let mut listed = Sums::default();
        for account in &self.accounts {
            listed.add(convert::money("listed_amount", account.listed_amount.as_ref())?);
        }
        Ok(listed)
    }

    fn figures(&self, listed: &Sums, elapsed: Duration) -> Figures {
        let Self { tally, accounts, weeks, remitted, .. } = self;
        let main = listed.largest().unwrap_or(Currency::USD);
        let clients: BTreeSet<&str> = accounts.iter().map(|a| a.client_id.as_str()).collect();
        Figures {
            out: shown(&self.out),
            placed: tally.accepted + tally.with_warning + tally.rejected,
            accepted: tally.accepted,
            accepted_with_warning: tally.with_warning,
            rejected: tally.rejected,
            rejected_by_reason: tally.rejected_by_code.clone(),
            items: accounts.iter().map(|a| i64::from(a.claim_items)).sum(),
            listed_minor: listed.minor(main),
            clients: clients.len(),
            largest_claim_items: accounts.iter().map(|a| a.claim_items).max().unwrap_or(0),
            payments: weeks.posted.count(),
            payments_minor: weeks.posted.minor(main),
            direct_minor: weeks.direct.minor(main),
            reversed: weeks.reversed.count(),
            reversed_minor: weeks.reversed.minor(main),
            commission_minor: remitted.commission.minor(main),
            remitted_minor: remitted.remitted.minor(main),
            carried_forward_minor: remitted.carried_forward.minor(main),
            currency: main.code().to_owned(),
            by_currency: self.by_currency(listed),
            trust: self.trust.clone(),
            elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            statements: remitted.statements.iter().map(|path| shown(path)).collect(),
        }
    }

    fn by_currency(&self, listed: &Sums) -> BTreeMap<String, CurrencyFigures> {
        let Self { weeks, remitted, .. } = self;
        let currencies: BTreeSet<Currency> =
            listed.currencies().chain(weeks.posted.currencies()).collect();
        currencies
            .into_iter()
            .map(|currency| {
                let figures = CurrencyFigures {
                    accounts: listed.count_of(currency),
                    listed_minor: listed.minor(currency),
                    payments: weeks.posted.count_of(currency),
                    payments_minor: weeks.posted.minor(currency),
                    direct_minor: weeks.direct.minor(currency),
                    reversed_minor: weeks.reversed.minor(currency),
                    unapplied_minor: weeks.unapplied.minor(currency),
                    commission_minor: remitted.commission.minor(currency),
                    remitted_minor: remitted.remitted.minor(currency),
                    carried_forward_minor: remitted.carried_forward.minor(currency),
                };
                (currency.code().to_owned(), figures)
            })
            .collect()
    }

    fn table(&self, figures: &Figures, listed: &Sums) -> Table {
        let Self { weeks, remitted, .. } = self;
        let mut table = out::table(["", "count", "amount"]);
        let mut row = |what: &str, count: Option<u64>, amount: String| {
            table.add_row([what.to_owned(), count.map(out::count).unwrap_or_default(), amount]);
        };
        row("accounts placed", Some(figures.placed), String::new());
        row("  accepted", Some(figures.accepted), String::new());
        row("  accepted with a warning", Some(figures.accepted_with_warning), String::new());
        for (code, count) in &self.tally.warned_by_code {
            row(&format!("    {code}"), Some(*count), String::new());
        }
        row(&format!("  rejected ({REJECTED})"), Some(figures.rejected), String::new());
        for (code, count) in &self.tally.rejected_by_code {
            row(&format!("    {code}"), Some(*count), String::new());
        }
        let items = u64::try_from(figures.items).unwrap_or_default();
        row("claim items", Some(items), amounts(listed));
        row("payments", Some(weeks.posted.count()), amounts(&weeks.posted));
        row("  direct to the client", Some(weeks.direct.count()), amounts(&weeks.direct));
        row("  taken back", Some(weeks.reversed.count()), amounts(&weeks.reversed));
        row("  for no known account", Some(weeks.unapplied.count()), amounts(&weeks.unapplied));
        row("commission", None, amounts(&remitted.commission));
        let statements = u64::try_from(remitted.statements.len() / 2).unwrap_or_default();
        row("remitted", Some(statements), amounts(&remitted.remitted));
        row("carried forward", None, amounts(&remitted.carried_forward));
        out::right(&mut table, 1..=2);
        table
    }
}

/// One line per currency.
fn amounts(sums: &Sums) -> String {
    let lines =
        sums.currencies().map(|currency| out::amount(sums.minor(currency), currency.code()));
    lines.collect::<Vec<_>>().join("\n")
}

fn trust_in_words(trust: &Trust) -> String {
    let amount = |minor| out::amount(minor, &trust.currency);
    let short = trust.deficiency_agency + trust.deficiency_client;
    let shortage = if short == 0 {
        String::new()
    } else {
        format!(" and {} short, to be made good", amount(short))
    };
    format!(
        "trust proof: {} in the bank{shortage} = {} owed (clients {}, unapplied {}, refunds {}, not yet \
         good funds {}, our commission {})",
        amount(trust.trust_bank),
        amount(trust.liabilities_minor),
        amount(trust.client_trust),
        amount(trust.unapplied),
        amount(trust.refunds_due),
        amount(trust.held),
        amount(trust.commission_unswept),
    )
}

fn shown(path: &Path) -> String {
    path.canonicalize().unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// Says where a demo that goes on serving is, and what to try.
///
/// # Errors
/// A token that cannot be signed.
pub fn tell_how_to_look_around(sandbox: &Sandbox) -> Result<()> {
    const LIFE: Duration = Duration::from_secs(60 * 60);
    let key = sandbox.home.config.token_private_key.as_ref().context("a sandbox has keys")?;
    let who = Principal { subject: "demo".to_owned(), role: Role::Manager, tree: Vec::new() };
    let token = Signer::from_pem(key)?.sign(&who, LIFE)?;
    let (grpc, admin) = (sandbox.running().grpc_addr, sandbox.running().admin_addr);
    let dir = sandbox.home.dir.display();
    out::say(format!(
        "\nserving until Ctrl-C; its clock stands still\n  \
         gRPC      {grpc}\n  \
         health    http://{admin}/readyz and http://{admin}/metrics\n  \
         database  {}\n  \
         broker    {}\n\
         \ntry, from another terminal:\n  \
         duly clients list --data-dir {dir}\n  \
         duly digest --data-dir {dir}\n  \
         TOKEN={token}\n  \
         grpcurl -plaintext -H \"authorization: Bearer $TOKEN\" {grpc} \
         duly.intake.v1.IntakeService/ListAccounts",
        sandbox.servers().postgres.url(crate::home::DATABASE),
        sandbox.servers().nats.url(),
    ))
}
