//! The end of the period: each client's books are closed, its statement is written, and the trust
//! account is proved.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use duly_domain::Date;
use duly_proto::{
    convert,
    payments::v1::{
        ClosePeriodRequest, GetStatementRequest, ProveTrustRequest, Remittance, StatementFormat,
    },
};

use super::{
    figures::{Sums, Trust},
    sandbox::Sandbox,
};
use crate::{door::Door, files};

/// What the clients' periods came to.
#[derive(Default)]
pub struct Remitted {
    /// What the agency earned.
    pub commission: Sums,
    /// What the clients were paid.
    pub remitted: Sums,
    /// What is carried into the next period.
    pub carried_forward: Sums,
    /// The statements' files.
    pub statements: Vec<PathBuf>,
}

/// Closes the period of each of these clients, by reference, through its last day, and writes its
/// statements into `out`.
///
/// # Errors
/// A period that cannot be closed, or a file that cannot be written.
pub async fn close_periods(
    door: &Door,
    clients: &BTreeMap<String, String>,
    through: Date,
    out: &Path,
) -> Result<Remitted> {
    let mut done = Remitted::default();
    for (client_ref, client_id) in clients {
        let remittance = close(door, client_id, through)
            .await
            .with_context(|| format!("closing the period of {client_ref}"))?;
        done.count(&remittance)?;
        let formats = [(StatementFormat::Csv, "csv"), (StatementFormat::Json, "json")];
        for (format, extension) in formats {
            let content = statement(door, &remittance, format)
                .await
                .with_context(|| format!("getting the statement of {client_ref}"))?;
            let path = out.join(file_name(client_ref, &remittance, extension)?);
            fs::write(&path, content).map_err(|error| files::trouble("writing", &path, error))?;
            done.statements.push(path);
        }
    }
    Ok(done)
}

impl Remitted {
    /// The periods after these.
    pub fn add(&mut self, next: Self) {
        self.commission.add_all(&next.commission);
        self.remitted.add_all(&next.remitted);
        // What was carried forward is settled in them.
        self.carried_forward = next.carried_forward;
        self.statements.extend(next.statements);
    }

    fn count(&mut self, remittance: &Remittance) -> Result<()> {
        let sums = [
            (&mut self.commission, "commission", &remittance.commission),
            (&mut self.remitted, "remitted", &remittance.remitted),
            (&mut self.carried_forward, "carry_forward", &remittance.carry_forward),
        ];
        for (sum, field, money) in sums {
            if let Some(money) = convert::money_opt(field, money.as_ref())? {
                sum.add(money);
            }
        }
        Ok(())
    }
}

async fn close(door: &Door, client_id: &str, through: Date) -> Result<Remittance> {
    let request = ClosePeriodRequest {
        request_id: format!("demo close {client_id} {through}"),
        client_id: client_id.to_owned(),
        period_to: Some(convert::date_to_wire(through)),
    };
    let answer = door.payments()?.close_period(request).await;
    let answer = answer.map_err(|status| door.explain(&status))?.into_inner();
    answer.remittance.context("an answer without the remittance")
}

/// A remittance's statement, its exact bytes.
///
/// # Errors
/// The service's refusal.
pub async fn statement(
    door: &Door,
    remittance: &Remittance,
    format: StatementFormat,
) -> Result<Vec<u8>> {
    let mut request = GetStatementRequest {
        remittance_id: remittance.remittance_id.clone(),
        ..GetStatementRequest::default()
    };
    request.set_format(format);
    let answer = door.payments()?.get_statement(request).await;
    Ok(answer.map_err(|status| door.explain(&status))?.into_inner().content)
}

/// `statement-ACME-2026-01-15-to-2026-02-20.csv`.
fn file_name(client_ref: &str, remittance: &Remittance, extension: &str) -> Result<String> {
    let from = convert::date("period_from", remittance.period_from.as_ref())?;
    let to = convert::date("period_to", remittance.period_to.as_ref())?;
    let mut client = String::new();
    for byte in client_ref.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            client.push(char::from(byte));
        } else {
            // Told apart still: two clients never share a file.
            client += &format!("%{byte:02X}");
        }
    }
    Ok(format!("statement-{client}-{from}-to-{to}.{extension}"))
}

/// The trust proof as payments states it.
///
/// # Errors
/// The service's refusal, or a currency in which the two sides differ.
pub async fn prove(sandbox: &Sandbox) -> Result<Vec<Trust>> {
    let answer = sandbox.door.payments()?.prove_trust(ProveTrustRequest {}).await;
    let answer = answer
        .map_err(|status| sandbox.door.explain(&status))
        .context("proving the trust account")?
        .into_inner();
    let mut proofs = Vec::new();
    for proof in answer.proofs {
        if proof.assets_minor != proof.liabilities_minor {
            bail!(
                "the trust account is out of balance in {}: {} held, {} owed (minor units)",
                proof.currency,
                proof.assets_minor,
                proof.liabilities_minor
            );
        }
        proofs.push(Trust {
            currency: proof.currency,
            assets_minor: proof.assets_minor,
            liabilities_minor: proof.liabilities_minor,
            trust_bank: proof.trust_bank_minor,
            deficiency_agency: proof.deficiency_agency_minor,
            deficiency_client: proof.deficiency_client_minor,
            client_trust: proof.client_trust_minor,
            unapplied: proof.unapplied_minor,
            refunds_due: proof.refunds_due_minor,
            held: proof.held_minor,
            commission_unswept: proof.commission_unswept_minor,
        });
    }
    Ok(proofs)
}

/// Has psql prove it again from the entries alone; its rows go to `trust-proof-sql.csv`.
///
/// # Errors
/// A file that is not there, or SQL that fails.
pub async fn prove_by_sql(sandbox: &Sandbox, sql: &Path, out: &Path) -> Result<()> {
    let mut psql = sandbox.servers().postgres.psql(crate::home::DATABASE);
    psql.args(["-v", "schema=payments", "-f"]).arg(sql);
    let output = tokio::task::spawn_blocking(move || psql.output())
        .await
        .context("running psql")?
        .context("running psql")?;
    if !output.status.success() {
        bail!(
            "psql -f {} failed: {}",
            sql.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let path = out.join(super::PROOF);
    fs::write(&path, &output.stdout).map_err(|error| files::trouble("writing", &path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statements_file_is_named_by_client_and_period() {
        let day = |text: &str| Some(convert::date_to_wire(text.parse().unwrap()));
        let remittance = Remittance {
            period_from: day("2026-01-15"),
            period_to: day("2026-02-20"),
            ..Remittance::default()
        };
        let name = file_name("../ACME & Sons", &remittance, "csv").unwrap();
        assert_eq!(name, "statement-..%2FACME%20%26%20Sons-2026-01-15-to-2026-02-20.csv");
    }
}
