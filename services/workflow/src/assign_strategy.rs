//! Giving an account another strategy: it begins at the first step, on the next tick.

use duly_domain::{AccountId, TaskKind};
use duly_platform::Tx;
use duly_proto::{convert, workflow::v1 as wire};

use crate::{
    documents::{latest, names, parse},
    error::{Result, WorkflowError},
    evaluate::fits,
    model::StrategyKey,
    store::{case, task, track},
    tick_cases, wire as to_wire,
};

/// Longest name that is looked for.
const NAME_MAX: usize = 100;

/// An account and the strategy that it shall run.
#[derive(Debug)]
pub(crate) struct AssignStrategy {
    account: AccountId,
    strategy: String,
    reason: String,
}

impl TryFrom<wire::AssignStrategyRequest> for AssignStrategy {
    type Error = WorkflowError;

    fn try_from(request: wire::AssignStrategyRequest) -> Result<Self> {
        let strategy = convert::text("strategy", &request.strategy)?;
        if strategy.is_empty() || strategy.len() > NAME_MAX {
            let reason = "is missing or too long; give the name of a strategy";
            return Err(WorkflowError::field("strategy", reason));
        }
        let reason = convert::text("reason", &request.reason)?;
        if reason.is_empty() {
            return Err(WorkflowError::field(
                "reason",
                "is missing; say why, for whoever asks later",
            ));
        }
        Ok(Self { account: convert::id("account_id", &request.account_id)?, strategy, reason })
    }
}

/// Assigns it.
pub(crate) async fn assign_strategy(
    tx: &mut Tx,
    command: &AssignStrategy,
) -> Result<wire::AssignStrategyResponse> {
    tx.about(command.account);
    let unknown = || WorkflowError::unknown_account(command.account);
    let (now, today) = (tx.now(), tx.today());
    let standing = duly_standing::find(tx.conn(), command.account.uuid(), today).await?;
    let opening = standing.as_ref().map(|standing| standing.opening).ok_or_else(unknown)?;
    let found = case::account(tx.conn(), command.account.uuid(), opening).await?;
    let case_id = found.ok_or_else(unknown)?.case;
    // From here on no tick decides about the case; what was read before is read again.
    case::lock(tx.conn(), &[case_id]).await?;
    let standing = duly_standing::find(tx.conn(), command.account.uuid(), today).await?;
    let standing = standing.filter(|standing| standing.opening == opening).ok_or_else(unknown)?;
    let found = case::account(tx.conn(), command.account.uuid(), opening).await?;
    let mut account = found.ok_or_else(unknown)?;
    if let Some(end) = standing.ended {
        return Err(WorkflowError::Ended(end.close_code.to_string()));
    }
    if standing.settled {
        return Err(WorkflowError::Ended("settled".to_owned()));
    }
    let Some(published) = latest(tx, &command.strategy).await? else {
        return Err(WorkflowError::UnknownStrategy(names(tx).await?.join(", ")));
    };
    fits(&parse(&published)?, &standing).map_err(WorkflowError::DoesNotFit)?;
    let is_new = account.begun_at.is_none();
    account.strategy = Some(StrategyKey { name: published.name, version: published.version });
    account.run += 1;
    account.proposed = None;
    if !is_new {
        account.begun_at = Some(now);
    }
    case::update(tx.conn(), std::slice::from_ref(&account)).await?;
    track::forget(tx.conn(), account.account, account.opening).await?;
    let open = task::open(tx.conn(), &[account.account]).await?;
    let resolution = format!("{} was assigned: {}", command.strategy, command.reason);
    let closed: Vec<_> = open
        .into_iter()
        .filter(|task| task.kind == TaskKind::NoStrategy && task.opening == account.opening)
        .map(|task| (task.id, resolution.clone()))
        .collect();
    task::close(tx.conn(), &closed, now).await?;
    let at = tx.next_tick();
    tx.mark_due(tick_cases::QUEUE, &[account.case], at).await?;
    let account = to_wire::case_account(&account, &standing, &[]);
    Ok(wire::AssignStrategyResponse { account: Some(account) })
}
