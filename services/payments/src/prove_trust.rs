//! The trust proof, from the entries alone.

use duly_ledger::TrustProof;
use duly_platform::Tx;
use duly_proto::payments::v1 as wire;

use crate::{error::Result, store::journal};

/// Trust money against what it is owed to, per currency.
pub(crate) async fn prove_trust(tx: &mut Tx) -> Result<wire::ProveTrustResponse> {
    let mut proofs = Vec::new();
    for (currency, balances) in journal::balances(tx.conn()).await? {
        let proof = TrustProof::new(currency, balances)?;
        proofs.push(wire::TrustProof {
            currency: currency.code().to_owned(),
            assets_minor: proof.assets()?.minor(),
            liabilities_minor: proof.liabilities()?.minor(),
            trust_bank_minor: proof.trust_bank.minor(),
            deficiency_agency_minor: proof.deficiency_agency.minor(),
            deficiency_client_minor: proof.deficiency_client.minor(),
            client_trust_minor: proof.client_trust.minor(),
            unapplied_minor: proof.unapplied.minor(),
            refunds_due_minor: proof.refunds_due.minor(),
            held_minor: proof.held.minor(),
            commission_unswept_minor: proof.commission_unswept.minor(),
        });
    }
    Ok(wire::ProveTrustResponse { proofs })
}
