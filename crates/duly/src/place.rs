//! `duly place`: a client's file, from a dry look at its totals to an answer for each record.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use duly_domain::{Currency, Date, Money};
use duly_placement::{Counts, Totals};
use duly_proto::intake::v1::Batch;

use crate::{
    cli,
    door::Reach,
    home::{Common, Home},
    out,
    phases::Phases,
    placing::{self, Counted, Listed, Outcome, Portfolio, Tally},
};

/// Place the claims of a CSV file
///
/// Places the claims of a CSV file, one batch per client, and answers each record.
///
/// The file is read once and counted before anything is sent. It is then streamed in chunks, in little
/// memory at any size; a stream that is cut goes on where it was. The same file, mapping and date are
/// the same batch: placed again, they get the answers that they got at first.
#[derive(clap::Args)]
pub struct Args {
    /// CSV file, UTF-8 with a header line
    file: PathBuf,
    /// YAML file that says what the file's columns are
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// The date of the placement, YYYY-MM-DD: what is open and overdue is judged by it
    #[arg(long, value_name = "DATE", value_parser = cli::day)]
    as_of: Date,
    /// Place only this client's records
    #[arg(long, value_name = "REF")]
    client: Option<String>,
    /// Name of the batch; else the file's name with a hash of file, mapping and date
    #[arg(long, value_name = "KEY")]
    batch_key: Option<String>,
    /// How many placements the client says the file holds; others are refused before anything is sent
    #[arg(long, value_name = "N")]
    declared_count: Option<u64>,
    /// Their sum as the client states it, such as "1234.56 USD"; another is refused likewise
    #[arg(long, value_name = "AMOUNT")]
    declared_sum: Option<String>,
    /// Read and count the file, list its bad rows, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Write every rejected record and every warning to this CSV file
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// How many of them to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    show: usize,
    #[command(flatten)]
    reach: Reach,
}

pub async fn run(common: &Common, args: Args) -> Result<()> {
    let declared_sum = args.declared_sum.as_deref().map(sum).transpose()?;
    let home = Home::load(common)?;
    let door = if args.dry_run { None } else { Some(args.reach.door(&home)?) };

    let mut phases = Phases::new();
    let phase = phases.begin("reading", None);
    let mut portfolio = Portfolio::open(&args.file, &args.mapping, args.as_of)?;
    let totals = portfolio.scan.totals().clone();
    phases.end(
        phase,
        format!("{} records in {} rows", out::count(totals.all.records()), out::count(totals.rows)),
    );
    let clients = clients(&args, portfolio.scan.clients())?;
    let chosen = match &args.client {
        Some(client) => totals.by_client.get(client).cloned().unwrap_or_default(),
        None => totals.all.clone(),
    };
    check_declared(&chosen, args.declared_count, declared_sum)?;
    if chosen.records() == 0 {
        bail!(
            "{} holds no claim to place as of {}: {} rows are not open and {} claims not overdue enough \
             by the mapping; correct its open_filter and days_overdue, or --as-of",
            args.file.display(),
            args.as_of,
            out::count(totals.rows_not_open),
            out::count(totals.claims_not_overdue)
        );
    }
    if let Some(key) = &args.batch_key {
        portfolio.key.clone_from(key);
    }

    let list = args.rejects.as_deref().map(|path| (path, Listed::All));
    let name = if door.is_some() { "placing" } else { "checking" };
    let phase = phases.begin(name, Some(chosen.records()));
    let counter = phase.counter();
    let tally = Tally::new(args.show, list, move |answered| counter.inc(answered))?;
    let outcomes = match &door {
        Some(door) => {
            let (back, outcomes) = placing::place(door, portfolio, &clients, &tally).await?;
            portfolio = back;
            outcomes
        }
        None => {
            placing::check(&mut portfolio, &clients, &tally)?;
            Vec::new()
        }
    };
    if args.client.is_none() {
        placing::without_client(&mut portfolio, &tally)?;
    }
    let listed = tally.finish();
    let counted = tally.counted();
    phases.end(phase, answered(&counted));
    tell(&args, &totals, &counted, &outcomes)?;
    // Last, for it takes nothing back: the records have their answers.
    listed.context(
        "the records were answered as shown above, but their list is not whole; run the same command \
         again: it gives the same answers",
    )
}

fn sum(text: &str) -> Result<Money> {
    let (amount, currency) = text.trim().rsplit_once(' ').with_context(|| {
        format!(
            "--declared-sum `{text}`: write an amount and its currency, such as \"1234.56 USD\""
        )
    })?;
    let currency: Currency = currency.parse().context("--declared-sum")?;
    Money::parse_grouped(amount.trim(), currency).context("--declared-sum")
}

fn clients(args: &Args, found: &[String]) -> Result<Vec<String>> {
    match &args.client {
        None => Ok(found.to_vec()),
        Some(client) if found.contains(client) => Ok(vec![client.clone()]),
        Some(client) => bail!(
            "{} holds no record of the client {client}; it holds those of {}",
            args.file.display(),
            if found.is_empty() { "nobody".to_owned() } else { found.join(", ") }
        ),
    }
}

/// The whole file is judged before its first chunk.
fn check_declared(counts: &Counts, count: Option<u64>, sum: Option<Money>) -> Result<()> {
    if let Some(declared) = count
        && declared != counts.records()
    {
        bail!(
            "the file holds {} records and not the {declared} that were declared: nothing was placed; ask \
             the client for the right file",
            counts.records()
        );
    }
    if let Some(declared) = sum {
        let found = counts.sums.get(&declared.currency()).copied();
        let found = found.unwrap_or(Money::zero(declared.currency()));
        if found != declared {
            bail!(
                "the file's {} placements sum to {found} and not to the {declared} that were declared: \
                 nothing was placed; ask the client for the right file",
                counts.placements
            );
        }
    }
    Ok(())
}

fn answered(counted: &Counted) -> String {
    format!(
        "{} accepted, {} with a warning, {} rejected",
        out::count(counted.accepted),
        out::count(counted.with_warning),
        out::count(counted.rejected)
    )
}

fn tell(args: &Args, totals: &Totals, counted: &Counted, outcomes: &[Outcome]) -> Result<()> {
    if !counted.kept.is_empty() {
        let mut table = out::table(["line", "client", "account", "", "code", "field", "reason"]);
        for row in &counted.kept {
            table.add_row([
                row.line.to_string(),
                row.client_ref.clone(),
                row.account_ref.clone(),
                row.status.to_owned(),
                row.code.clone(),
                row.field.clone(),
                row.reason.clone(),
            ]);
        }
        out::right(&mut table, [0]);
        out::say(table)?;
        let all = counted.rejected + counted.with_warning;
        let shown = u64::try_from(counted.kept.len()).unwrap_or(u64::MAX);
        if all > shown {
            let where_all = match &args.rejects {
                Some(path) => format!("{} has all", path.display()),
                None => "--rejects FILE writes all, --show N shows more".to_owned(),
            };
            out::say(format!("{} more are not shown; {where_all}", out::count(all - shown)))?;
        }
    }
    if args.dry_run {
        return tell_totals(args, totals);
    }
    let mut table = out::table([
        "client",
        "batch",
        "received",
        "accepted",
        "warning",
        "rejected",
        "accepted sum",
        "totals",
    ]);
    for Outcome { client_ref, batch } in outcomes {
        if let Ok(batch) = batch {
            table.add_row(control(client_ref, batch));
        }
    }
    out::right(&mut table, 2..=6);
    if table.row_count() > 0 {
        out::say(table)?;
    }
    failures(outcomes)
}

fn tell_totals(args: &Args, totals: &Totals) -> Result<()> {
    let mut table = out::table(["client", "placements", "unreadable", "items", "sum"]);
    for (client_ref, counts) in &totals.by_client {
        if args.client.as_ref().is_some_and(|only| only != client_ref) {
            continue;
        }
        let sums: Vec<String> = counts
            .sums
            .values()
            .map(|sum| out::amount(sum.minor(), sum.currency().code()))
            .collect();
        table.add_row([
            client_ref.clone(),
            out::count(counts.placements),
            out::count(counts.unreadable),
            out::count(counts.items),
            sums.join("\n"),
        ]);
    }
    out::right(&mut table, 1..=4);
    out::say(table)?;
    out::say("nothing was sent: what stands here was read from the file alone")
}

fn control(client_ref: &str, batch: &Batch) -> [String; 8] {
    let sum = batch.accepted_sum.clone().unwrap_or_default();
    [
        client_ref.to_owned(),
        batch.batch_id.clone(),
        out::count(batch.received),
        out::count(batch.accepted),
        out::count(batch.accepted_with_warning),
        out::count(batch.rejected),
        out::amount(sum.minor, &sum.currency),
        if batch.totals_agree { "agree" } else { "DIFFER" }.to_owned(),
    ]
}

/// A batch that was refused, or that closed with other totals than were declared, is a failure of
/// the command; the others stand. What several clients have in common is said once.
fn failures(outcomes: &[Outcome]) -> Result<()> {
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for Outcome { client_ref, batch } in outcomes {
        let wrong = match batch {
            Ok(batch) if batch.totals_agree => continue,
            Ok(_) => {
                "the batch was closed with other totals than the file's; what was accepted stands, \
                      and someone should look"
                    .to_owned()
            }
            Err(error) => format!("{error:#}"),
        };
        match said.iter_mut().find(|(known, _)| *known == wrong) {
            Some((_, clients)) => clients.push(client_ref),
            None => said.push((wrong, vec![client_ref])),
        }
    }
    if said.is_empty() {
        return Ok(());
    }
    let lines = said.iter().map(|(wrong, clients)| format!("{}: {wrong}", clients.join(", ")));
    bail!("{}", lines.collect::<Vec<_>>().join("\nerror: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_sum_names_its_currency() {
        assert_eq!(sum("1,234.56 USD").unwrap(), Money::new(123_456, Currency::USD));
        assert!(sum("1234.56").unwrap_err().to_string().contains("such as \"1234.56 USD\""));
        assert!(format!("{:#}", sum("1234.56 XXQ").unwrap_err()).contains("--declared-sum"));
    }

    #[test]
    fn a_file_with_other_totals_than_declared_is_refused() {
        let mut counts = Counts { placements: 2, unreadable: 1, ..Counts::default() };
        counts.sums.insert(Currency::USD, Money::new(500, Currency::USD));
        check_declared(&counts, Some(3), Some(Money::new(500, Currency::USD))).unwrap();
        let said = check_declared(&counts, Some(4), None).unwrap_err().to_string();
        assert!(said.contains("3 records and not the 4"), "{said}");
        let said = check_declared(&counts, None, Some(Money::new(501, Currency::USD)))
            .unwrap_err()
            .to_string();
        assert!(said.contains("5.00 USD and not to the 5.01 USD"), "{said}");
        assert!(check_declared(&counts, None, Some(Money::new(5, Currency::EUR))).is_err());
    }
}
