//! Where an account is, why, and what is next.

use duly_domain::AccountId;
use duly_platform::Tx;
use duly_proto::workflow::v1 as wire;

use crate::{
    error::{Result, WorkflowError},
    store::{case, task, track, treatment},
    wire as to_wire,
};

/// Treatments and tasks of an explanation, at most.
const ROWS_MAX: i64 = 100;

/// Explains the account's current opening, as of its last tick.
pub(crate) async fn explain_account(
    tx: &mut Tx,
    id: AccountId,
) -> Result<wire::ExplainAccountResponse> {
    let unknown = || WorkflowError::unknown_account(id);
    let today = tx.today();
    let standing = duly_standing::find(tx.conn(), id.uuid(), today).await?;
    let standing = standing.ok_or_else(unknown)?;
    let account = case::account(tx.conn(), id.uuid(), standing.opening).await?;
    let account = account.ok_or_else(unknown)?;
    let mut tracks = track::of_accounts(tx.conn(), &[id.uuid()]).await?;
    tracks.retain(|track| track.opening == account.opening);
    let treatments = treatment::of_account(tx.conn(), id.uuid(), account.opening, ROWS_MAX).await?;
    let tasks = task::of_account(tx.conn(), id.uuid(), account.opening, ROWS_MAX).await?;
    Ok(wire::ExplainAccountResponse {
        account: Some(to_wire::case_account(&account, &standing, &tracks)),
        treatments: treatments.iter().map(to_wire::treatment).collect(),
        tasks: tasks.iter().map(to_wire::task).collect(),
    })
}
