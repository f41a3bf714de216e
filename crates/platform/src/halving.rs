//! Poison: a set that fails for a reason in its data is halved under savepoints until the failing
//! members stand alone; those are parked, the rest goes on. Everything else aborts and is retried.

use std::{io, panic::AssertUnwindSafe};

use futures::{FutureExt as _, future::BoxFuture};

use crate::{
    error::{Refusal, chain},
    fault, parked,
    tx::Tx,
};

/// SQLSTATE classes that are the data's fault: data exceptions, integrity violations, transaction
/// rollbacks by assertion and errors raised in PL/pgSQL.
const DATA_CLASSES: [&str; 4] = ["22", "23", "54", "P0"];

/// Whose fault a failure is.
pub(crate) enum Blame {
    /// The data's: it would fail again.
    Data(String),
    /// The surroundings': another time it may work.
    Surroundings(anyhow::Error),
}

/// Whose fault it is; the data's comes in words that may be kept.
pub(crate) fn blame(error: anyhow::Error) -> Blame {
    // A refusal is no link of its own in the chain: what it carries is asked for.
    let database = error.chain().find_map(|cause| {
        let refusal = cause.downcast_ref::<Refusal>().and_then(Refusal::database);
        refusal.or_else(|| cause.downcast_ref::<sqlx::Error>())
    });
    let surroundings = match database {
        // A full disk, a closed socket; what only reads as if it did not fit is the data's.
        None => find_io(&error).is_some_and(|kind| {
            !matches!(kind, io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
        }),
        Some(sqlx::Error::Database(e)) => {
            let code = e.code().unwrap_or_default();
            !DATA_CLASSES.iter().any(|class| code.starts_with(class))
        }
        Some(
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::Encode(_)
            | sqlx::Error::RowNotFound,
        ) => false,
        Some(_) => true,
    };
    if surroundings { Blame::Surroundings(error) } else { Blame::Data(redacted(&error)) }
}

fn find_io(error: &anyhow::Error) -> Option<io::ErrorKind> {
    error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind)
}

/// The failure in words, without the values that a database quotes in its details.
fn redacted(error: &anyhow::Error) -> String {
    chain(error.as_ref())
}

/// Where what stands alone is parked, and as what.
pub(crate) struct ParkAs<'k, T> {
    /// `frame` or `due`.
    pub source: &'static str,
    /// Kind of the event, or queue of the due work.
    pub kind: &'k str,
    /// What a replay needs.
    pub payload: fn(&T) -> Vec<u8>,
}

/// Runs `handle` over all of `items`, halving on data errors; what stands alone is parked.
///
/// # Errors
/// Only those of the surroundings: the caller drops the transaction and tries again.
pub(crate) async fn halved<T: Sync>(
    tx: &mut Tx,
    items: &[T],
    handle: impl for<'a> Fn(&'a mut Tx, &'a [T]) -> BoxFuture<'a, anyhow::Result<()>>,
    park: &ParkAs<'_, T>,
) -> anyhow::Result<()> {
    for (set, error) in kept_of(tx, items, handle).await? {
        for item in set {
            parked::park(tx, park.source, park.kind, &(park.payload)(item), &error).await?;
        }
    }
    Ok(())
}

/// The same without parking. Answers what stands alone, with the reason.
///
/// # Errors
/// Those of the surroundings.
pub(crate) async fn kept_of<'t, T: Sync>(
    tx: &mut Tx,
    items: &'t [T],
    handle: impl for<'a> Fn(&'a mut Tx, &'a [T]) -> BoxFuture<'a, anyhow::Result<()>>,
) -> anyhow::Result<Vec<(&'t [T], String)>> {
    let (mut waiting, mut alone) = (vec![items], Vec::new());
    while let Some(set) = waiting.pop() {
        if set.is_empty() {
            continue;
        }
        let savepoint = tx.savepoint().await?;
        let handled = caught(handle(tx, set)).await;
        let error = match handled.and_then(|()| Ok(tx.told_fits()?)) {
            Ok(()) => {
                tx.keep(savepoint).await?;
                continue;
            }
            Err(error) => match blame(error) {
                Blame::Surroundings(error) => return Err(error),
                Blame::Data(error) => error,
            },
        };
        tx.drop_since(savepoint).await?;
        if set.len() > 1 && !fault::planted("no_halving") {
            let (first, second) = set.split_at(set.len() / 2);
            waiting.push(second);
            waiting.push(first);
            continue;
        }
        alone.push((set, error));
    }
    Ok(alone)
}

/// What a handler answers; a panic is an error of its own.
pub(crate) async fn caught(
    handling: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    AssertUnwindSafe(handling)
        .catch_unwind()
        .await
        .unwrap_or_else(|panic| Err(anyhow::anyhow!("panicked: {}", panic_text(panic.as_ref()))))
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
