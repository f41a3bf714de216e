//! What becomes of promises: judged by ticks, in sets, from all facts then known.

use duly_domain::{Date, Money, PromiseState};
use duly_platform::{DueItem, Tx};
use uuid::Uuid;

use crate::{
    error::Result,
    model::File,
    promise::{Facts, Outcome, Promise},
    store::{account, promise},
    wire as to_wire,
};

/// Queue of accounts with a promise that money, an end or its last day may have decided.
pub(crate) const QUEUE: &str = "promises";

/// Marks accounts, to be looked at on the next tick.
pub(crate) async fn mark(tx: &mut Tx, accounts: &[Uuid]) -> Result<()> {
    if !accounts.is_empty() {
        let at = tx.next_tick();
        tx.mark_due(QUEUE, accounts, at).await?;
    }
    Ok(())
}

/// Due work: judges the open and the kept promises of each account.
pub(crate) async fn judge_due(tx: &mut Tx, due: &[DueItem]) -> Result<()> {
    let accounts: Vec<Uuid> = due.iter().map(|item| item.key).collect();
    let accounts = promise::accounts_with_live(tx.conn(), &accounts).await?;
    if accounts.is_empty() {
        return Ok(());
    }
    account::lock(tx.conn(), &accounts).await?;
    let promises = promise::live(tx.conn(), &accounts).await?;
    let files = account::load(tx.conn(), &accounts).await?;
    let today = tx.today();
    let mut changed = Vec::new();
    for promise in promises {
        let Some(file) = files.get(&promise.whose.account) else { continue };
        let (judged, outcome) = judge(&promise, file, today)?;
        match outcome {
            Outcome::Kept => to_wire::tell_promise_kept(tx, &judged),
            Outcome::Broken | Outcome::Idle => to_wire::tell_promise_broken(tx, &judged),
            // The end itself is told by whoever made it.
            Outcome::Ended | Outcome::Stands => {}
        }
        if judged != promise {
            changed.push(judged);
        }
    }
    promise::update(tx.conn(), &changed).await?;
    Ok(())
}

/// The promise as it is from today on, and why.
fn judge(promise: &Promise, file: &File, today: Date) -> Result<(Promise, Outcome)> {
    let counted = promise.counts(file);
    let received =
        Money::sum(promise.amount.currency(), counted.iter().map(|payment| payment.amount))?;
    let ended = file.ends.iter().any(|end| end.opening == promise.opening);
    let facts = Facts { received, owed: promise.owed(file)?, ended, today };
    let outcome = promise.judge(&facts);
    let mut judged = promise.clone();
    if promise.state == PromiseState::Kept && outcome == Outcome::Stands {
        // What kept it stays on record, so that a later reversal is seen against it.
        return Ok((judged, outcome));
    }
    judged.counted = counted.iter().map(|payment| payment.id).collect();
    judged.counted.sort_unstable();
    judged.paid = received;
    let (state, reason) = match outcome {
        Outcome::Stands => return Ok((judged, outcome)),
        Outcome::Kept => (PromiseState::Kept, None),
        Outcome::Broken if received.is_zero() => (PromiseState::Broken, None),
        Outcome::Broken => (PromiseState::Partial, None),
        Outcome::Ended => (PromiseState::Cancelled, Some("the account ended")),
        Outcome::Idle => (PromiseState::Cancelled, Some("nothing is owed any more")),
    };
    judged.state = state;
    judged.ended_on = Some(today);
    judged.cancel_reason = reason.map(str::to_owned);
    Ok((judged, outcome))
}
