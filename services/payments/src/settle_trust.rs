//! Making good: later receipts of a client cure its deficiency first, then pay the remittances that
//! waited, and once nothing is missing from the trust account the commission set aside is swept.

use duly_domain::{ClientId, Currency};
use duly_ledger::{PostingError, SetKind, posting};
use duly_platform::{DueItem, Tx};

use crate::{
    error::Result,
    store::{
        journal::{self, Posting, Stamp},
        trust::{self, Trust},
    },
};

/// Queue of clients whose deficiency, waiting remittance or unswept commission may be settled now.
pub(crate) const QUEUE: &str = "trust";

/// Due work: settles each client's balances in the order of their keys.
pub(crate) async fn settle_due(tx: &mut Tx, due: &[DueItem]) -> Result<()> {
    let clients: Vec<_> = due.iter().map(|item| item.key).collect();
    for (client, currency) in trust::of_clients(tx.conn(), &clients).await? {
        let mut balances = trust::lock(tx.conn(), client, currency).await?;
        trust::fold(tx.conn(), &mut balances).await?;
        make_good(tx, &mut balances).await?;
        sweep(tx, &mut balances).await?;
        trust::write(tx.conn(), &balances).await?;
    }
    Ok(())
}

/// Settles those of these clients that want it, at once: their receipts cure first.
pub(crate) async fn settle_wanting(tx: &mut Tx, clients: &[ClientId]) -> Result<()> {
    let clients: Vec<_> = clients.iter().map(|client| client.uuid()).collect();
    for (client, currency) in trust::wanting(tx.conn(), &clients).await? {
        let mut balances = trust::lock(tx.conn(), client, currency).await?;
        trust::fold(tx.conn(), &mut balances).await?;
        make_good(tx, &mut balances).await?;
        trust::write(tx.conn(), &balances).await?;
    }
    Ok(())
}

/// Cures from locked and folded balances, then pays what waited. Does not write the balances.
pub(crate) async fn make_good(tx: &mut Tx, balances: &mut Trust) -> Result<()> {
    let free = balances.free()?;
    if let Some(set) = posting::cure(balances.client, free, &balances.deficiency)? {
        debug_assert_eq!(set.kind(), SetKind::Cured);
        post(tx, balances, set, None).await?;
        if balances.deficiency.total()?.is_zero() {
            mark_unswept(tx, balances.currency).await?;
        }
    }
    if balances.claimed.is_positive() && balances.deficiency.total()?.is_zero() {
        for (remittance, held) in trust::held_remittances(tx.conn(), balances).await? {
            let set = posting::pay_held(balances.client, held, &balances.deficiency)?;
            balances.claimed = balances.claimed.sub(held)?;
            post(tx, balances, set, Some(remittance)).await?;
            let today = tx.today();
            trust::note_paid(tx.conn(), balances, remittance, today).await?;
        }
    }
    Ok(())
}

/// Sweeps what locked balances have set aside, unless money is missing from the trust account, whoever's.
pub(crate) async fn sweep(tx: &mut Tx, balances: &mut Trust) -> Result<()> {
    if balances.unswept.is_zero() {
        return Ok(());
    }
    // The row may not be written yet: its own deficiency counts as it is here.
    trust::write(tx.conn(), balances).await?;
    let missing = trust::missing(tx.conn(), balances.currency).await?;
    match posting::sweep(balances.client, balances.unswept, missing) {
        Ok(Some(set)) => post(tx, balances, set, None).await,
        // It waits: whoever cures the deficiency marks this client due.
        Ok(None) | Err(PostingError::DeficiencyOpen(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Posts a set of one client and takes it into its balances.
pub(crate) async fn post(
    tx: &mut Tx,
    balances: &mut Trust,
    set: duly_ledger::EntrySet,
    remittance: Option<duly_domain::RemittanceId>,
) -> Result<()> {
    balances.post(&set)?;
    let posting =
        Posting { id: tx.uuid(), set, client: Some(balances.client), payment: None, remittance };
    journal_post(tx, &[posting]).await
}

/// Posts sets, today, in the name of whoever runs.
pub(crate) async fn journal_post(tx: &mut Tx, postings: &[Posting]) -> Result<()> {
    let (on, at, actor) = (tx.today(), tx.now(), tx.actor().to_owned());
    Ok(journal::post(tx.conn(), postings, &Stamp { on, at, actor: &actor }).await?)
}

async fn mark_unswept(tx: &mut Tx, currency: Currency) -> Result<()> {
    let clients = trust::unswept(tx.conn(), currency).await?;
    if !clients.is_empty() {
        let at = tx.next_tick();
        tx.mark_due(QUEUE, &clients, at).await?;
    }
    Ok(())
}
