//! The end of a demo: its figures as a table and as `demo.json`, and how to look around.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result};
use duly_domain::Currency;
use duly_platform::{Principal, Role, auth::Signer};
use duly_proto::{convert, intake::v1::Account};

use super::{
    FIGURES,
    clients::Kind,
    figures::{CurrencyFigures, Figures, Sums, Timings, Trust},
    largest::Largest,
    life::Lived,
    sandbox::{LETTERS, MAIL, Sandbox},
    table,
    work::Work,
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
    /// The days after.
    pub lived: Lived,
    /// What the services count.
    pub work: Work,
    /// E-mails that came.
    pub mails: u64,
    /// The proof.
    pub trust: Vec<Trust>,
    /// The claim that is followed from end to end.
    pub largest: Option<Largest>,
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
        out::say(table::of(self, &figures, &listed))?;
        out::say(format!("policy of every client: {}", self.kind.policy()))?;
        if let Some(largest) = &self.largest {
            out::say(largest.in_words())?;
        }
        for trust in &self.trust {
            out::say(trust_in_words(trust))?;
        }
        out::say(format!(
            "letters: {} (PDFs by batch, each batch with its manifest.csv); e-mails: {}",
            figures.letters_dir, figures.mail_dir
        ))?;
        out::say(format!("statements and figures: {} (figures in demo.json)", shown(&self.out)))?;
        let times: Vec<String> = phases
            .times()
            .iter()
            .map(|(name, time)| format!("{name} {}", seconds(*time)))
            .collect();
        out::say(format!("time: {} ({})", seconds(phases.elapsed()), times.join(", ")))?;
        let Timings { settles, settle_ms_tenths, instants, acting_ms, .. } = figures.timings;
        out::say(format!(
            "of the days: the clock stood at {} instants; everything came to rest {} times, in {}.{} \
             ms each; debtors, clients and desks were at work for {}",
            out::count(instants),
            out::count(settles),
            settle_ms_tenths / 10,
            settle_ms_tenths % 10,
            seconds(Duration::from_millis(acting_ms))
        ))
    }

    fn listed(&self) -> Result<Sums> {
        let mut listed = Sums::default();
        for account in &self.accounts {
            listed.add(convert::money("listed_amount", account.listed_amount.as_ref())?);
        }
        Ok(listed)
    }

    fn figures(&self, listed: &Sums, elapsed: Duration) -> Figures {
        let Self { tally, accounts, lived, work, .. } = self;
        let (log, remitted) = (&lived.log, &lived.remitted);
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
            largest_claim: self.largest.clone(),
            payments: log.posted.count(),
            payments_minor: log.posted.minor(main),
            direct_minor: log.direct.minor(main),
            reversed: log.reversed.count(),
            reversed_minor: log.reversed.minor(main),
            commission_minor: remitted.commission.minor(main),
            remitted_minor: remitted.remitted.minor(main),
            carried_forward_minor: remitted.carried_forward.minor(main),
            currency: main.code().to_owned(),
            by_currency: self.by_currency(listed),
            trust: self.trust.clone(),
            days: lived.days,
            work: work.clone(),
            calls: log.calls.clone(),
            debtors: log.words.clone(),
            client_acts: log.clients.clone(),
            too_late: log.too_late.clone(),
            searches: log.searches.0,
            searches_found: log.searches.1,
            promised_minor: log.promised.minor(main),
            emails_taken: self.mails,
            letters_dir: shown(&self.out.join(LETTERS)),
            mail_dir: shown(&self.out.join(MAIL)),
            timings: Timings::of(&lived.clockwork),
            elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            statements: remitted.statements.iter().map(|path| shown(path)).collect(),
        }
    }

    fn by_currency(&self, listed: &Sums) -> BTreeMap<String, CurrencyFigures> {
        let (weeks, remitted) = (&self.lived.log, &self.lived.remitted);
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
pub fn tell_how_to_look_around(sandbox: &Sandbox, example: &str) -> Result<()> {
    const LIFE: Duration = Duration::from_secs(60 * 60);
    let key = sandbox.home.config.token_private_key.as_ref().context("a sandbox has keys")?;
    let who = Principal { subject: "demo".to_owned(), role: Role::Manager, tree: Vec::new() };
    let token = Signer::from_pem(key)?.sign(&who, LIFE)?;
    let (grpc, admin) = (sandbox.running().grpc_addr, sandbox.running().admin_addr);
    let dir = sandbox.home.dir.display();
    let http = sandbox.running().http_addr;
    let http = http.map_or_else(|| "none".to_owned(), |at| format!("http://{at}"));
    out::say(format!(
        "\nserving until Ctrl-C; its clock stands still\n  \
         gRPC      {grpc}\n  \
         HTTP      {http}\n  \
         health    http://{admin}/readyz and http://{admin}/metrics\n  \
         database  {}\n  \
         broker    {}\n\
         \ntry, from another terminal:\n  \
         duly explain {example} --data-dir {dir}\n  \
         duly clients list --data-dir {dir}\n  \
         duly digest --data-dir {dir}\n  \
         TOKEN={token}\n  \
         grpcurl -plaintext -H \"authorization: Bearer $TOKEN\" {grpc} \
         duly.intake.v1.IntakeService/ListAccounts",
        sandbox.servers().postgres.url(crate::home::DATABASE),
        sandbox.servers().nats.url(),
    ))
}
