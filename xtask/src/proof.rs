//! The trust proof, twice: what `duly demo` reports against what psql summed from the entries alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// The figures of one currency, in the order of xtask/sql/trust_proof.sql.
const FIGURES: [&str; 10] = [
    "assets_minor",
    "liabilities_minor",
    "trust_bank",
    "deficiency_agency",
    "deficiency_client",
    "client_trust",
    "unapplied",
    "refunds_due",
    "held",
    "commission_unswept",
];

/// What the demo wrote: its own figures and, beside them, psql's.
pub struct Report {
    /// `demo.json`.
    pub told: Value,
    /// `trust-proof-sql.csv`.
    sql: String,
}

/// The figures of each currency.
type Balances = BTreeMap<String, [i128; FIGURES.len()]>;

impl Report {
    /// Reads both files from the demo's output directory.
    pub fn read(out: &Path) -> Result<Self> {
        let path = out.join("demo.json");
        let text = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let told = serde_json::from_slice(&text)
            .with_context(|| format!("reading {} as JSON", path.display()))?;
        let path = out.join("trust-proof-sql.csv");
        let sql =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok(Self { told, sql })
    }

    /// A figure of the demo that must be there.
    pub fn number(&self, key: &str) -> Result<i128> {
        number(&self.told[key]).with_context(|| format!("`{key}` is missing from demo.json"))
    }

    /// The same of a group of figures.
    pub fn number_in(&self, group: &str, key: &str) -> Result<i128> {
        number(&self.told[group][key])
            .with_context(|| format!("`{group}.{key}` is missing from demo.json"))
    }

    /// Compares both proofs figure by figure and each with itself; gives one line for the reader.
    pub fn prove(&self) -> Result<String> {
        let told = self.told_balances()?;
        let summed = self.summed_balances()?;
        let mut wrong = Vec::new();
        let nothing = [0; FIGURES.len()];
        for currency in told.keys().chain(summed.keys()) {
            let told = told.get(currency).unwrap_or(&nothing);
            let summed = summed.get(currency).unwrap_or(&nothing);
            for (at, figure) in FIGURES.iter().enumerate() {
                if told[at] != summed[at] {
                    wrong.push(format!(
                        "{currency} {figure}: the program says {}, the entries {}",
                        told[at], summed[at]
                    ));
                }
            }
            if summed[0] != summed[1] {
                wrong.push(format!(
                    "{currency}: {} held in trust, {} owed from it",
                    summed[0], summed[1]
                ));
            }
        }
        ensure!(wrong.is_empty(), "the trust proof fails:\n  {}", wrong.join("\n  "));
        ensure!(!summed.is_empty(), "the trust proof proves nothing: there is no entry in trust");
        let held: Vec<String> = summed
            .iter()
            .map(|(currency, figures)| format!("{} {currency}", major(figures[0])))
            .collect();
        Ok(format!(
            "trust proof: {} held and owed, by the program and again by SQL from the entries alone",
            held.join(", ")
        ))
    }

    fn told_balances(&self) -> Result<Balances> {
        let rows = self.told["trust"].as_array().context("`trust` is missing from demo.json")?;
        let mut balances = Balances::new();
        for row in rows {
            let currency = row["currency"].as_str().context("a `trust` row names no currency")?;
            let mut figures = [0; FIGURES.len()];
            for (figure, key) in figures.iter_mut().zip(FIGURES) {
                *figure = number(&row[key])
                    .with_context(|| format!("`{key}` of {currency} is missing from demo.json"))?;
            }
            keep(&mut balances, currency, figures)?;
        }
        Ok(balances)
    }

    fn summed_balances(&self) -> Result<Balances> {
        let mut balances = Balances::new();
        for line in self.sql.lines().filter(|line| !line.trim().is_empty()) {
            let mut fields = line.split(',').map(str::trim);
            let currency = fields.next().unwrap_or_default();
            let numbers: Vec<i128> = fields
                .map(str::parse)
                .collect::<Result<_, _>>()
                .with_context(|| format!("reading psql's row `{line}`"))?;
            let figures = numbers.try_into().ok();
            keep(
                &mut balances,
                currency,
                figures.with_context(|| format!("psql's row `{line}` has not eleven fields"))?,
            )?;
        }
        Ok(balances)
    }
}

fn keep(balances: &mut Balances, currency: &str, figures: [i128; FIGURES.len()]) -> Result<()> {
    if balances.insert(currency.to_owned(), figures).is_some() {
        bail!("{currency} occurs twice in the trust proof");
    }
    Ok(())
}

fn number(value: &Value) -> Option<i128> {
    value.as_i64().map(i128::from)
}

/// Cents as units, for the two-digit currencies of the demo: `305,513.01`.
pub fn major(minor: i128) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (units, cents) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
    let digits = units.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{cents:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(held: i64, sql: &str) -> Report {
        let told = serde_json::json!({ "trust": [{
            "currency": "USD", "assets_minor": held, "liabilities_minor": 1000, "trust_bank": held,
            "deficiency_agency": 0, "deficiency_client": 0, "client_trust": 700, "unapplied": 50,
            "refunds_due": 0, "held": 0, "commission_unswept": 250,
        }] });
        Report { told, sql: sql.to_owned() }
    }

    #[test]
    fn equal_proofs_are_told_in_one_line() {
        let report = report(1000, "USD,1000,1000,1000,0,0,700,50,0,0,250\n");
        assert!(report.prove().unwrap().starts_with("trust proof: 10.00 USD held and owed"));
    }

    #[test]
    fn one_cent_of_difference_fails_and_names_the_figure() {
        let report = report(1000, "USD,1000,1000,1000,0,0,700,49,0,0,251\n");
        let said = report.prove().unwrap_err().to_string();
        assert!(said.contains("USD unapplied: the program says 50, the entries 49"), "{said}");
        assert!(said.contains("USD commission_unswept"), "{said}");
    }

    #[test]
    fn a_shortage_fails_even_when_both_agree_on_it() {
        let report = report(999, "USD,999,1000,999,0,0,700,50,0,0,250\n");
        let said = report.prove().unwrap_err().to_string();
        assert!(said.contains("USD: 999 held in trust, 1000 owed from it"), "{said}");
    }

    #[test]
    fn a_currency_that_one_side_leaves_out_fails() {
        let sql = "USD,1000,1000,1000,0,0,700,50,0,0,250\nEUR,5,5,5,0,0,5,0,0,0,0\n";
        let said = report(1000, sql).prove().unwrap_err().to_string();
        assert!(said.contains("EUR trust_bank: the program says 0, the entries 5"), "{said}");
    }

    #[test]
    fn no_entry_at_all_proves_nothing() {
        let report = Report { told: serde_json::json!({ "trust": [] }), sql: String::new() };
        assert!(report.prove().is_err());
    }

    #[test]
    fn amounts_are_grouped_by_thousands() {
        assert_eq!(major(30_551_337_601), "305,513,376.01");
        assert_eq!(major(-5), "-0.05");
        assert_eq!(major(100_000), "1,000.00");
    }
}
