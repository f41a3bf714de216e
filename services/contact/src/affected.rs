//! What a new fact means for what is planned and permitted, in the transaction that writes the fact and
//! under the locks on the persons: plans are looked at again by the next tick, and what is permitted is
//! marked as crossing where the fact stands against it. What is owed is looked at by the next tick too.

use std::collections::BTreeMap;

use duly_platform::Tx;
use uuid::Uuid;

use crate::{
    error::Result,
    guard, note_obligations, release,
    store::{attempt, person},
};

/// Facts about these parties are written. Their persons are locked.
pub(crate) async fn parties(tx: &mut Tx, parties: &[Uuid]) -> Result<()> {
    let kin = person::with_kin(tx.conn(), parties).await?;
    let planned = attempt::review_parties(tx.conn(), &kin).await?;
    review(tx, planned).await?;
    cross(tx, &kin).await
}

/// Facts about these accounts are written, after [`lock_accounts`].
pub(crate) async fn accounts(tx: &mut Tx, accounts: &[Uuid]) -> Result<()> {
    let planned = attempt::review_accounts(tx.conn(), accounts).await?;
    review(tx, planned).await?;
    let owing = person::of_accounts(tx.conn(), accounts).await?;
    cross(tx, &owing).await
}

/// Locks who owes these accounts, before or after a fact about them is written, always before what it
/// means is looked at: shared with whoever is placing them, and the persons in their order.
pub(crate) async fn lock_accounts(tx: &mut Tx, accounts: &[Uuid]) -> Result<()> {
    let schema = tx.host().schema().to_owned();
    person::lock_accounts(tx.conn(), &schema, accounts).await?;
    let owing = person::of_accounts(tx.conn(), accounts).await?;
    lock_parties(tx, &owing).await
}

/// Locks the persons of these parties before a fact about them is written.
///
/// Ticks hold their due rows before they lock persons. So what will be marked due is marked
/// before the persons are locked here too: the other way round, a command and a tick that meet would
/// wait for one another.
pub(crate) async fn lock_parties(tx: &mut Tx, parties: &[Uuid]) -> Result<()> {
    let kin = person::with_kin(tx.conn(), parties).await?;
    let planned = attempt::planned_for(tx.conn(), &kin).await?;
    review(tx, planned).await?;
    note_obligations::look_again(tx, parties).await?;
    person::lock(tx.conn(), parties).await?;
    Ok(())
}

async fn review(tx: &mut Tx, planned: Vec<Uuid>) -> Result<()> {
    if planned.is_empty() {
        return Ok(());
    }
    let at = tx.next_tick();
    tx.mark_due(release::QUEUE, &planned, at).await?;
    Ok(())
}

async fn cross(tx: &mut Tx, parties: &[Uuid]) -> Result<()> {
    let permitted = attempt::authorized_to(tx.conn(), parties).await?;
    if permitted.is_empty() {
        return Ok(());
    }
    let addressed: Vec<Uuid> = permitted.iter().map(|attempt| attempt.party).collect();
    let people = guard::load(tx, &addressed).await?;
    let now = tx.now();
    let mut crossing: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::new();
    for attempt in &permitted {
        let person = people.person(attempt.party);
        if let Some(by) = person.and_then(|person| person.against(attempt, now)) {
            crossing.entry(by).or_default().push(attempt.id);
        }
    }
    for (by, ids) in crossing {
        attempt::cross(tx.conn(), &ids, by).await?;
    }
    Ok(())
}
