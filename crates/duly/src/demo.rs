//! `duly demo`: the whole walk, from a file over searches, letters and calls to remittances and the
//! proof of the trust account, on private servers under a simulated clock.
//!
//! Everything goes through the front door of the services, as any caller's would: gRPC with signed
//! tokens. Only the clock is moved from behind.

mod clients;
mod figures;
mod largest;
mod life;
mod mailbox;
mod remit;
mod report;
mod sandbox;
mod table;
mod work;

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use duly_domain::Date;
use duly_platform::{Config, config::TelemetryConfig, telemetry};
use duly_proto::{
    common::v1::PageRequest,
    intake::v1::{Account, Lifecycle, ListAccountsRequest},
};
use duly_simulation::MoneyModel;

use self::{
    clients::Kind,
    life::{Cast, Plan},
    report::Story,
    sandbox::{Sandbox, ground},
};
use crate::{
    cli,
    door::Door,
    files, generate,
    home::Common,
    out,
    phases::{Phase, Phases},
    placing::{self, Counted, Listed, Outcome, Portfolio, Tally},
    serve::stop_signal,
};

/// Show the whole walk: a portfolio is placed, worked for ninety days, remitted and proved
///
/// Shows the whole walk on private servers in a temporary folder: makes or reads a portfolio, places
/// it, and lives through ninety days under a simulated clock. Strategies ask for searches, letters and
/// calls, the guard permits, defers or refuses each, and made-up debtors answer, pay, promise, dispute
/// or stay silent; clients answer questions; each month is closed with statements, and the trust
/// account is proved. It leaves nothing behind but its files: letters as PDFs, e-mails, statements,
/// figures.
///
/// It needs PostgreSQL 15 or newer and nats-server 2.10 or newer on this machine.
#[derive(clap::Args)]
pub struct Args {
    /// CSV file of a portfolio; without it one is made up
    #[arg(long, value_name = "FILE", requires = "mapping", requires = "as_of")]
    portfolio: Option<PathBuf>,
    /// YAML file that says what the portfolio's columns are
    #[arg(long, value_name = "FILE", requires = "portfolio")]
    mapping: Option<PathBuf>,
    /// The day of the placement, YYYY-MM-DD; 2026-01-15 for a made portfolio
    #[arg(long, value_name = "DATE", value_parser = cli::day)]
    as_of: Option<Date>,
    /// How many accounts to make up
    #[arg(long, value_name = "N", default_value_t = 300, conflicts_with = "portfolio",
        value_parser = clap::value_parser!(u64).range(1..))]
    accounts: u64,
    /// How many days to live through [default: 90; 30 of a file, and in any case until its recorded
    /// payments are released]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=730))]
    days: Option<u32>,
    /// Decides what is made up: the portfolio, and what debtors and clients do. Where a file says who
    /// paid, nobody else does
    #[arg(long, value_name = "S", default_value_t = generate::SEED)]
    seed: u64,
    /// Folder for letters, e-mails, statements and figures [default: ./duly-demo-AS_OF]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Go on serving at the end, until Ctrl-C, and say how to look around
    #[arg(long)]
    keep: bool,
    /// SQL file that proves the trust account from the entries alone; run through psql, its rows go
    /// to trust-proof-sql.csv
    #[arg(long, value_name = "FILE")]
    proof_sql: Option<PathBuf>,
}

pub async fn run(common: &Common, args: Args) -> Result<()> {
    if common.data_dir.is_some() {
        bail!(
            "a demo has a temporary data directory of its own: leave --data-dir out (TMPDIR says where)"
        );
    }
    let mut config = Config::load(common.config.as_deref())?;
    if config.telemetry.log == TelemetryConfig::default().log {
        // The story is told by the phases; a log line is for what goes wrong.
        "warn".clone_into(&mut config.telemetry.log);
    }
    let _telemetry = telemetry::init(&config.telemetry)?;
    let keep = args.keep;
    let (sandbox, tale) = tokio::select! {
        prepared = prepare(config, &args) => prepared?,
        name = stop_signal() => bail!("{}: stopped before anything was placed", name?),
    };
    let shown = tokio::select! {
        shown = tale.show(&sandbox, &args) => shown,
        name = stop_signal() => name.and_then(|name| bail!("{name}: stopped half-way")),
    };
    let shown = match shown {
        Ok(example) if keep => look_around(&sandbox, &example).await,
        shown => shown.map(drop),
    };
    // After a failure too, services before servers: what is cut off would only complain.
    let stopped = sandbox.stop().await;
    shown.and(stopped)
}

async fn look_around(sandbox: &Sandbox, example: &str) -> Result<()> {
    report::tell_how_to_look_around(sandbox, example)?;
    let name = stop_signal().await?;
    out::note(format!("{name}: stopping"));
    Ok(())
}

/// The files of rejected rows, of the figures, and of psql's proof.
const REJECTED: &str = "rejected.csv";
const FIGURES: &str = "demo.json";
const PROOF: &str = "trust-proof-sql.csv";

/// Says that the letters and e-mails beside it are a demo's.
const MARKER: &str = ".duly-demo";

/// What is to be shown, and how far it is.
struct Tale {
    as_of: Date,
    out: PathBuf,
    kind: Kind,
    portfolio: Portfolio,
    phases: Phases,
}

/// Reads the portfolio and starts what it is shown on: a bad file is told before any server runs.
async fn prepare(config: Config, args: &Args) -> Result<(Sandbox, Tale)> {
    let as_of = match args.as_of {
        Some(as_of) => as_of,
        None => generate::AS_OF.parse().context("the day of a made portfolio is a day")?,
    };
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("duly-demo-{as_of}")));
    fs::create_dir_all(&out).map_err(|error| files::trouble("making the folder", &out, error))?;
    // Figures of an earlier run must not outlive a failure of this one.
    for name in [FIGURES, PROOF] {
        let _ = fs::remove_file(out.join(name));
    }
    clear_of_earlier_mail(&out)?;
    if let Some(sql) = args.proof_sql.as_ref().filter(|sql| !sql.is_file()) {
        bail!("--proof-sql {}: there is no such file", sql.display());
    }

    let mut phases = Phases::new();
    let phase = phases.begin("reading", None);
    let (portfolio, kind) = portfolio(args, &out, as_of)?;
    let totals = portfolio.scan.totals();
    let (records, rows) = (out::count(totals.all.records()), out::count(totals.rows));
    phases.end(phase, format!("{records} records in {rows} rows"));

    let phase = phases.begin("starting servers", None);
    let sandbox = ground(config, &out).await?.start(as_of).await?;
    phases.end(phase, "a private Postgres and nats-server, all services, a simulated clock");
    Ok((sandbox, Tale { as_of, out, kind, portfolio, phases }))
}

/// Letters and e-mails of an earlier demo go; those of anybody else stay, and nothing is mixed.
fn clear_of_earlier_mail(out: &Path) -> Result<()> {
    let marker = out.join(MARKER);
    let is_ours = marker.exists();
    for name in [sandbox::LETTERS, sandbox::MAIL] {
        let dir = out.join(name);
        if !dir.exists() {
            continue;
        }
        if !is_ours {
            bail!(
                "{} is there already, and no demo made it: name another folder with --out",
                dir.display()
            );
        }
        fs::remove_dir_all(&dir)
            .map_err(|error| files::trouble("removing the folder", &dir, error))?;
    }
    fs::write(
        &marker,
        "letters and mail beside this file are a demo's; the next one removes them\n",
    )
    .map_err(|error| files::trouble("writing", &marker, error))
}

impl Tale {
    /// Everything from the clients to the report. Gives an account to look at.
    async fn show(self, sandbox: &Sandbox, args: &Args) -> Result<String> {
        let Self { as_of, out, kind, portfolio, mut phases } = self;
        let wanted = clients::wanted(kind, portfolio.scan.clients(), portfolio.scan.totals());
        let phase = phases.begin("putting clients", Some(len(wanted.len())));
        let client_ids = clients::put(sandbox, kind, &wanted, as_of, &phase).await?;
        phases.end(phase, format!("{}: {}", wanted.len(), kind.policy()));

        let phase = phases.begin("placing", Some(portfolio.scan.totals().all.records()));
        let (mut portfolio, tally) = place(sandbox, portfolio, &out, &phase).await?;
        settle(sandbox).await?;
        let accepted = out::count(tally.accepted + tally.with_warning);
        phases.end(phase, format!("{accepted} accepted, {} rejected", out::count(tally.rejected)));

        let accounts = accounts(&sandbox.door).await?;
        let client_refs: HashMap<String, String> =
            client_ids.into_iter().map(|(client_ref, id)| (id, client_ref)).collect();

        let recorded =
            if portfolio.has_payments { life::recorded(&mut portfolio)? } else { Vec::new() };
        let money =
            if portfolio.has_payments { MoneyModel::Recorded } else { MoneyModel::Invented };
        let phase = phases.begin("meeting the debtors", Some(len(accounts.len())));
        let door = &sandbox.door;
        let cast = Cast::meet(door, &accounts, &client_refs, args.seed, money, &phase).await?;
        phases.end(phase, "each account's liable parties, as a seed makes them behave");

        let days = args.days.unwrap_or(match kind {
            Kind::Made => DAYS_OF_MADE,
            Kind::Given => DAYS_OF_GIVEN,
        });
        let until = as_of
            .checked_add_days(chrono::Days::new(u64::from(days)))
            .context("the calendar ends")?;
        let until = recorded.iter().map(|payment| payment.on).fold(until, Date::max);
        let plan = Plan {
            as_of,
            until,
            clients: placing_clients(&accounts, &client_refs),
            recorded,
            out: out.clone(),
            provider_dir: sandbox.provider_dir(),
        };
        let span = u64::try_from((until - as_of).num_days() + 1).unwrap_or(0);
        let phase = phases.begin("living", Some(span));
        let lived = life::live(sandbox, plan, cast, &phase).await?;
        phases.end(phase, lived.in_words());

        let phase = phases.begin("proving the trust", None);
        let trust = remit::prove(sandbox).await?;
        if let Some(sql) = &args.proof_sql {
            remit::prove_by_sql(sandbox, sql, &out).await?;
        }
        phases.end(phase, "what is held is what is owed, to the cent");

        // As they stand now.
        let accounts = self::accounts(&sandbox.door).await?;
        let work = work::count(&sandbox.door, &accounts).await?;
        let mails = sandbox.mailbox.taken();
        let largest = largest::follow(door, &accounts, &client_refs).await?;
        let example = example(&accounts, &client_refs);
        Story { kind, out, tally, accounts, lived, work, mails, trust, largest }.tell(&phases)?;
        Ok(example)
    }
}

/// Days that are lived through where nobody says.
const DAYS_OF_MADE: u32 = 90;
/// See [`DAYS_OF_MADE`].
const DAYS_OF_GIVEN: u32 = 30;

fn len(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

fn portfolio(args: &Args, out: &Path, as_of: Date) -> Result<(Portfolio, Kind)> {
    if let (Some(file), Some(mapping)) = (&args.portfolio, &args.mapping) {
        let portfolio = Portfolio::open(file, mapping, as_of)?;
        if portfolio.scan.totals().all.placements == 0 {
            bail!(
                "{} holds no claim to place as of {as_of}: check the mapping's open_filter and \
                 days_overdue, and the date",
                file.display()
            );
        }
        return Ok((portfolio, Kind::Given));
    }
    let made = generate::write(out, args.accounts, args.seed, as_of)?;
    Ok((Portfolio::open(&made.portfolio, &made.mapping, as_of)?, Kind::Made))
}

async fn place(
    sandbox: &Sandbox,
    portfolio: Portfolio,
    out: &Path,
    phase: &Phase,
) -> Result<(Portfolio, Counted)> {
    let counter = phase.counter();
    let rejected = out.join(REJECTED);
    let tally = Tally::new(0, Some((&rejected, Listed::Rejected)), move |answered| {
        counter.inc(answered);
    })?;
    let clients = portfolio.scan.clients().to_vec();
    let (mut portfolio, outcomes) =
        placing::place(&sandbox.door, portfolio, &clients, &tally).await?;
    for Outcome { client_ref, batch } in outcomes {
        let batch = batch.with_context(|| format!("placing the claims of {client_ref}"))?;
        if !batch.totals_agree {
            bail!("{client_ref}: intake counted other totals than the file's reader");
        }
    }
    placing::without_client(&mut portfolio, &tally)?;
    tally.finish()?;
    Ok((portfolio, tally.counted()))
}

/// Waits for everything that is under way, however much it is, as long as it becomes less.
async fn settle(sandbox: &Sandbox) -> Result<()> {
    let mut left = String::new();
    loop {
        match sandbox.driver.settle().await {
            Ok(()) => return Ok(()),
            Err(error) if format!("{error:#}") == left => return Err(error),
            Err(error) => left = format!("{error:#}"),
        }
    }
}

/// Every account as intake has it.
async fn accounts(door: &Door) -> Result<Vec<Account>> {
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = Some(PageRequest { page_size: 1000, page_token });
        let request = ListAccountsRequest { page, ..ListAccountsRequest::default() };
        let answer = door.intake()?.list_accounts(request).await;
        let answer = answer
            .map_err(|status| door.explain(&status))
            .context("listing accounts")?
            .into_inner();
        found.extend(answer.accounts);
        page_token = answer.page.unwrap_or_default().next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

/// The first open account by its references, else the first.
fn example(accounts: &[Account], client_refs: &HashMap<String, String>) -> String {
    let name = |account: &Account| {
        let client_ref = client_refs.get(&account.client_id).map_or("CLIENT_REF", String::as_str);
        format!("{client_ref}/{}", account.client_account_ref)
    };
    let first = |open: bool| {
        let of = accounts.iter().filter(|a| !open || a.lifecycle() == Lifecycle::Open);
        of.map(name).min()
    };
    first(true).or_else(|| first(false)).unwrap_or_else(|| "CLIENT_REF/ACCOUNT_REF".to_owned())
}

/// Ids of the clients that have accounts, by reference.
fn placing_clients(
    accounts: &[Account],
    client_refs: &HashMap<String, String>,
) -> BTreeMap<String, String> {
    let of = |account: &Account| {
        let client_ref = client_refs.get(&account.client_id)?;
        Some((client_ref.clone(), account.client_id.clone()))
    };
    accounts.iter().filter_map(of).collect()
}
