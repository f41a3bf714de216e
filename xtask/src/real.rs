//! The demo on two real files, its figures compared with a count of our own.
//!
//! The count shares nothing with Duly's mapping, dates or money on purpose: two readings of a file that
//! agree are worth more than one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};

use crate::cargo::{Targets, build};
use crate::demo;
use crate::install::{self, Servers};
use crate::project::Project;
use crate::proof::{Report, major};

/// What the demo must report, in demo.json's keys.
type Figures = BTreeMap<&'static str, i128>;

/// What a file says.
struct Counted {
    figures: Figures,
    largest: Claim,
}

struct Case {
    name: &'static str,
    file: &'static str,
    mapping: &'static str,
    as_of: &'static str,
    /// Days to live through.
    days: &'static str,
    count: fn(&Path, i64) -> Result<Counted>,
    /// The figures that the owner of the project counted once; ours must give them too.
    known: &'static [(&'static str, i128)],
}

const CASES: [Case; 2] = [
    Case {
        name: "ar-highradius",
        file: "ar-highradius/open_invoices.csv",
        mapping: "demo/ar-highradius.yaml",
        as_of: "2020-06-30",
        // Until the largest claim is paid: a demand of the first day is with its debtor after two to five
        // days by post. The next round is as many letters again.
        days: "7",
        count: count_highradius,
        known: &[
            ("placed", 571),
            ("items", 9_526),
            ("listed_minor", 30_551_337_601),
            ("clients", 5),
            ("largest_claim_items", 2_459),
        ],
    },
    Case {
        name: "ar-ibm",
        file: "ar-ibm/visible.csv",
        mapping: "demo/ar-ibm.yaml",
        as_of: "2012-09-04",
        days: "30",
        count: count_ibm,
        known: &[("placed", 19), ("items", 35), ("listed_minor", 202_466)],
    },
];

/// An invoice counts as overdue enough from so many days after its due date.
const HIGHRADIUS_OVERDUE_DAYS: i64 = 60;
const IBM_OVERDUE_DAYS: i64 = 1;

/// `cargo xtask demo-real`.
pub fn run(project: &Project, data: &Path) -> Result<ExitCode> {
    let data = project.root.join(data);
    for case in &CASES {
        let path = data.join(case.file);
        ensure!(
            path.exists(),
            "{} is not there: the real files are kept beside the checkout, not in it; name their folder \
             with --data DIR",
            path.display()
        );
    }
    let servers = install::all(project)?;
    build(project, Targets::Programs, |_| ())?;
    for case in &CASES {
        run_case(project, &servers, &data, case).with_context(|| case.name)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn run_case(project: &Project, servers: &Servers, data: &Path, case: &Case) -> Result<()> {
    let file = data.join(case.file);
    let Counted { figures: counted, largest } = (case.count)(&file, day(case.as_of)?)?;
    for (key, known) in case.known {
        let ours = counted[key];
        ensure!(
            ours == *known,
            "our own count of `{key}` is {ours}, and {known} is known to be right"
        );
    }
    println!("\n{}: counted {} placements as of {}", case.name, counted["placed"], case.as_of);

    let out = project.target.join("demo").join(case.name);
    let mapping = project.root.join(case.mapping);
    let (file, mapping) = (file.to_string_lossy(), mapping.to_string_lossy());
    let args = ["--portfolio", &file, "--mapping", &mapping, "--as-of", case.as_of];
    let args = [args.as_slice(), &["--days", case.days]].concat();
    let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
    let status =
        demo::start(project, servers, &out, &args)?.wait().context("waiting for the demo")?;
    ensure!(status.success(), "the demo failed ({status})");

    let report = Report::read(&out)?;
    let mut wrong = Vec::new();
    for (key, counted) in &counted {
        let told = report.number(key)?;
        if told != *counted {
            wrong.push(format!("{key}: the demo says {told}, the file {counted}"));
        }
    }
    ensure!(wrong.is_empty(), "the demo's figures are not the file's:\n  {}", wrong.join("\n  "));
    println!("{}", report.prove()?);
    println!("{}: {}", case.name, largest_claim(&out, &largest, &report)?);
    println!(
        "{}: {} placements, {} items, {} in all, as counted from the file",
        case.name,
        counted["placed"],
        counted["items"],
        major(counted["listed_minor"])
    );
    Ok(())
}

/// Rows of a schedule that one page of a demand holds, at most.
const SCHEDULE_ROWS_MAX: i128 = 60;

/// The largest claim went the whole walk: demanded on as many pages as its items need, paid to the cent and
/// remitted less commission. Read from what clients and the mail house get, and compared with what the demo
/// tells of it.
fn largest_claim(out: &Path, claim: &Claim, report: &Report) -> Result<String> {
    let told = |key: &str| report.number_in("largest_claim", key);
    let pages = demanded(out, claim)?;
    let Remitted { paid, commission, net } = remitted(out, claim)?;
    ensure!(paid == claim.minor, "{} of {} was paid and stated", major(paid), major(claim.minor));
    // A quarter, rounded to the cent in whichever way.
    ensure!(
        (commission * 4 - paid).abs() <= 2,
        "{} is no quarter of {}",
        major(commission),
        major(paid)
    );
    ensure!(net == paid - commission, "{} was remitted for it", major(net));
    for (key, counted) in [
        ("items", claim.items),
        ("listed_minor", claim.minor),
        ("pages", pages),
        ("paid_minor", paid),
        ("commission_minor", commission),
        ("remitted_minor", net),
    ] {
        let told = told(key)?;
        ensure!(
            told == counted,
            "`{key}` of the largest claim: the demo says {told}, we {counted}"
        );
    }
    Ok(format!(
        "the largest claim, {} / {}: {} items on a demand of {pages} pages, {} paid, {} remitted, by the \
         manifest and the statements alone",
        claim.client,
        claim.account,
        claim.items,
        major(paid),
        major(net)
    ))
}

/// The pages of the longest letter about a claim, by the manifests of the batches: they have room for every
/// item, and the file lies there.
fn demanded(out: &Path, claim: &Claim) -> Result<i128> {
    let letters = out.join("letters");
    let reference = format!("{} / {}", claim.client, claim.account);
    let mut longest: Option<(i128, PathBuf)> = None;
    for batch in fs::read_dir(&letters).with_context(|| format!("reading {}", letters.display()))? {
        let dir = batch.with_context(|| format!("reading {}", letters.display()))?.path();
        let manifest = dir.join("manifest.csv");
        if !manifest.exists() {
            continue;
        }
        each_row(&manifest, |row| {
            let pages = row.text("pages")?.parse().context("reading pages")?;
            let of_claim = row.text("reference")? == reference;
            if of_claim && longest.as_ref().is_none_or(|(most, _)| pages > *most) {
                longest = Some((pages, dir.join(row.text("file")?)));
            }
            Ok(())
        })?;
    }
    let (pages, file) = longest.with_context(|| format!("no letter about {reference} left"))?;
    ensure!(file.exists(), "{} is in a manifest and not in its folder", file.display());
    ensure!(
        pages * SCHEDULE_ROWS_MAX >= claim.items,
        "the demand has {pages} pages, too few for {} items",
        claim.items
    );
    Ok(pages)
}

/// What a client's statements say of one claim.
struct Remitted {
    paid: i128,
    commission: i128,
    net: i128,
}

/// Sums the payments on a claim over its client's statements; each that has one paid out what all its lines
/// come to.
fn remitted(out: &Path, claim: &Claim) -> Result<Remitted> {
    let mut of_claim = Remitted { paid: 0, commission: 0, net: 0 };
    for file in fs::read_dir(out).with_context(|| format!("reading {}", out.display()))? {
        let path = file.with_context(|| format!("reading {}", out.display()))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with("statement-") || !name.ends_with(".csv") {
            continue;
        }
        let (mut client, mut nets) = (String::new(), 0);
        let mut totals = BTreeMap::new();
        let mut lines = Vec::new();
        each_row(&path, |row| {
            let kind = row.text("kind")?;
            match row.text("record")?.as_str() {
                "header" if kind == "client_reference" => client = row.text("reference")?,
                "line" => {
                    nets += minor(&row.text("net")?)?;
                    if kind == "payment" && row.text("client_account")? == claim.account {
                        let cents = |column| minor(&row.text(column)?);
                        lines.push((cents("gross")?, cents("commission")?, cents("net")?));
                    }
                }
                "total" => {
                    totals.insert(kind, row.text("gross")?);
                }
                _ => {}
            }
            Ok(())
        })?;
        if client != claim.client || lines.is_empty() {
            continue;
        }
        for (gross, commission, net) in lines {
            of_claim.paid += gross;
            of_claim.commission += commission;
            of_claim.net += net;
        }
        let total = |name: &str| {
            let text = totals.get(name).with_context(|| format!("{name} is not stated"))?;
            minor(text)
        };
        ensure!(
            total("remitted")? == nets && total("remittance_held")? == 0,
            "{} states lines of {} and pays {}",
            path.display(),
            major(nets),
            major(total("remitted")?)
        );
    }
    Ok(of_claim)
}

/// One claim as the file states it.
#[derive(Default)]
struct Claim {
    client: String,
    account: String,
    items: i128,
    minor: i128,
    overdue: bool,
    paid_items: i128,
    paid_minor: i128,
}

/// Each (business_code, cust_number) with an invoice 60 days overdue is one claim of all its open invoices;
/// the whole file is open invoices.
fn count_highradius(path: &Path, as_of: i64) -> Result<Counted> {
    let mut claims: BTreeMap<(String, String), Claim> = BTreeMap::new();
    each_row(path, |row| {
        let key = (row.text("business_code")?, row.text("cust_number")?);
        let overdue = as_of - day(&row.text("due_in_date")?)? >= HIGHRADIUS_OVERDUE_DAYS;
        let minor = minor(&row.text("converted_usd")?)?;
        let claim = claims.entry(key.clone()).or_default();
        (claim.client, claim.account) = key;
        claim.items += 1;
        claim.minor += minor;
        claim.overdue |= overdue;
        Ok(())
    })?;
    let claims: Vec<Claim> = claims.into_values().filter(|claim| claim.overdue).collect();
    let clients: BTreeSet<&str> = claims.iter().map(|claim| claim.client.as_str()).collect();
    let clients = i128::try_from(clients.len()).context("counting clients")?;
    let mut figures = figures(&claims)?;
    figures.insert("clients", clients);
    Ok(Counted { figures, largest: largest(claims)? })
}

/// Each customer with an invoice open on the day (InvoiceDate <= as-of < SettledDate) and overdue is one
/// claim of all its open invoices; each is paid in full on its SettledDate.
fn count_ibm(path: &Path, as_of: i64) -> Result<Counted> {
    let mut claims: BTreeMap<String, Claim> = BTreeMap::new();
    each_row(path, |row| {
        let settled = american_day(&row.text("SettledDate")?)?;
        if american_day(&row.text("InvoiceDate")?)? > as_of || settled <= as_of {
            return Ok(());
        }
        let overdue = as_of - american_day(&row.text("DueDate")?)? >= IBM_OVERDUE_DAYS;
        let minor = minor(&row.text("InvoiceAmount")?)?;
        let account = row.text("customerID")?;
        let claim = claims.entry(account.clone()).or_default();
        // The file names no seller; the mapping gives it this name.
        (claim.client, claim.account) = ("SAMPLE-SELLER".to_owned(), account);
        claim.items += 1;
        claim.minor += minor;
        claim.paid_items += 1;
        claim.paid_minor += minor;
        claim.overdue |= overdue;
        Ok(())
    })?;
    let claims: Vec<Claim> = claims.into_values().filter(|claim| claim.overdue).collect();
    let mut figures = figures(&claims)?;
    figures.insert("payments", claims.iter().map(|claim| claim.paid_items).sum());
    figures.insert("payments_minor", claims.iter().map(|claim| claim.paid_minor).sum());
    Ok(Counted { figures, largest: largest(claims)? })
}

/// The claim with the most items; of several the one with the largest sum, then the first by its names.
fn largest(claims: Vec<Claim>) -> Result<Claim> {
    let order = |one: &Claim| (-one.items, -one.minor, one.client.clone(), one.account.clone());
    claims.into_iter().min_by_key(order).context("the file has no claim")
}

fn figures(claims: &[Claim]) -> Result<Figures> {
    Ok(BTreeMap::from([
        ("placed", i128::try_from(claims.len()).context("counting claims")?),
        ("rejected", 0),
        ("items", claims.iter().map(|claim| claim.items).sum()),
        ("listed_minor", claims.iter().map(|claim| claim.minor).sum()),
        ("largest_claim_items", claims.iter().map(|claim| claim.items).max().unwrap_or(0)),
    ]))
}

/// A row with the header's names.
struct Row<'r> {
    header: &'r csv::StringRecord,
    fields: &'r csv::StringRecord,
}

impl Row<'_> {
    fn text(&self, column: &str) -> Result<String> {
        let at = self.header.iter().position(|name| name == column);
        let field = at.and_then(|at| self.fields.get(at));
        Ok(field.with_context(|| format!("there is no column `{column}`"))?.trim().to_owned())
    }
}

fn each_row(path: &Path, mut take: impl FnMut(Row<'_>) -> Result<()>) -> Result<()> {
    let mut reader =
        csv::Reader::from_path(path).with_context(|| format!("opening {}", path.display()))?;
    let header = reader.headers().with_context(|| format!("reading {}", path.display()))?.clone();
    for fields in reader.records() {
        let fields = fields.with_context(|| format!("reading {}", path.display()))?;
        let line = fields.position().map_or(0, csv::Position::line);
        take(Row { header: &header, fields: &fields })
            .with_context(|| format!("line {line} of {}", path.display()))?;
    }
    Ok(())
}

/// `2309.79`, `50.4`, `50` or `-16769.67` in cents.
fn minor(text: &str) -> Result<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (units, cents) = digits.split_once('.').unwrap_or((digits, ""));
    ensure!(cents.len() <= 2, "`{text}` has more than two decimals");
    let all_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    ensure!(!units.is_empty() && all_digits(units) && all_digits(cents), "`{text}` is no amount");
    let minor: i128 = format!("{units}{cents:0<2}")
        .parse()
        .with_context(|| format!("reading the amount `{text}`"))?;
    Ok(sign * minor)
}

/// `2020-06-30` as a count of days.
fn day(text: &str) -> Result<i64> {
    match numbers(text, '-')?[..] {
        [year, month, day] => Ok(days(year, month, day)),
        _ => bail!("`{text}` is no date"),
    }
}

/// `6/30/2020` as a count of days.
fn american_day(text: &str) -> Result<i64> {
    match numbers(text, '/')?[..] {
        [month, day, year] => Ok(days(year, month, day)),
        _ => bail!("`{text}` is no date"),
    }
}

fn numbers(text: &str, between: char) -> Result<Vec<i64>> {
    let parts: Result<Vec<i64>, _> = text.split(between).map(str::parse).collect();
    parts.with_context(|| format!("`{text}` is no date"))
}

/// Days since 0000-03-01 of the Gregorian calendar: only differences mean anything.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is their last.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_leap_years_and_centuries() {
        let between = |from: &str, to: &str| day(to).unwrap() - day(from).unwrap();
        assert_eq!(between("2020-02-28", "2020-03-01"), 2);
        assert_eq!(between("2019-02-28", "2019-03-01"), 1);
        assert_eq!(between("1999-12-31", "2000-01-01"), 1);
        assert_eq!(between("1900-02-28", "1900-03-01"), 1);
        assert_eq!(between("2020-05-01", "2020-06-30"), 60);
        assert_eq!(american_day("9/4/2012").unwrap(), day("2012-09-04").unwrap());
    }

    #[test]
    fn amounts_become_cents() {
        assert_eq!(minor("2309.79").unwrap(), 230_979);
        assert_eq!(minor("50.4").unwrap(), 5_040);
        assert_eq!(minor("50").unwrap(), 5_000);
        assert_eq!(minor("-16769.67").unwrap(), -1_676_967);
        assert!(minor("50.123").is_err());
        assert!(minor("1,000.00").is_err());
    }
}
